"""A page is one moment, whatever is written or switched meanwhile, and reads the tables that its connection means."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from projections.motor.foto import foto
from projections.motor.reconstruccion import reconstruir
from projections.payouts.agregados import agregar
from projections.payouts.consultas import PaginaDePagos, listar
from projections.payouts.filtro import Filtro
from projections.payouts.proyeccion import PROYECCION as PAYOUTS
from tests.de_fondo import DeFondo
from tests.eventualmente import eventualmente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import payout
from tests.projections.escritor import escribir
from tests.projections.generaciones import taller, trabajando


def test_en_una_foto_no_se_escribe(lectura: Lectura) -> None:
    with foto(lectura.motor) as con, pytest.raises(DBAPIError, match="read-only"):
        con.execute(text("DELETE FROM payouts"))
    with lectura.motor.begin() as conexion:
        conexion.execute(text("DELETE FROM payouts"))


def test_una_lista_lee_las_tablas_a_las_que_apunta_su_conexion(lectura: Lectura) -> None:
    """The place of lists as of the past: a schema folded up to an earlier position."""
    lectura.ocurre("pagos", payout("payout-1"))
    with lectura.motor.begin() as conexion:
        conexion.execute(text("CREATE SCHEMA entonces"))
        for tabla in PAYOUTS.tablas:
            tabla.crear(conexion.connection.cursor(), "entonces")
            conexion.execute(text(f"INSERT INTO entonces.{tabla.nombre} SELECT * FROM {tabla.nombre}"))  # noqa: S608
    lectura.ocurre("pagos", payout("payout-2"))
    with foto(lectura.motor) as con:
        assert listar(con, Filtro()).agregados.total == 2
        con.execute(text("SET LOCAL search_path = entonces, public"))
        entonces = listar(con, Filtro())
    assert ([fila.id for fila in entonces.filas], entonces.agregados.total_monto) == (["payout-1"], Decimal("1250.50"))


class Paginas(DeFondo):
    """Somebody who asks for pages again and again, until the end of the block."""

    def __init__(self, lectura: Lectura) -> None:
        super().__init__(self._leer, lambda: escribir(lectura, self._fin))
        self._lectura = lectura
        self.fallas: list[object] = []
        self.vistas = 0

    def _leer(self) -> None:
        habia = 0
        while not self._fin.is_set():
            try:
                with foto(self._lectura.motor) as con:
                    pagina, total = listar(con, Filtro(), por_pagina=10_000), agregar(con, Filtro()).total
            except Exception as error:
                self.fallas.append(error)
                return
            if not _concuerda(pagina) or total != pagina.agregados.total or total < habia:
                self.fallas.append((pagina.agregados, len(pagina.filas), total, habia))
            habia = total
            self.vistas += 1


def _concuerda(pagina: PaginaDePagos) -> bool:
    suma = sum((fila.monto for fila in pagina.filas if fila.moneda == pagina.agregados.moneda), Decimal(0))
    return (len(pagina.filas), suma) == (pagina.agregados.total, pagina.agregados.total_monto)


def test_mientras_se_escribe_y_se_cambian_las_tablas_cada_pagina_concuerda(vivida: Lectura) -> None:
    with trabajando(vivida), Paginas(vivida) as paginas:
        for _ in range(2):
            assert reconstruir("payouts", taller(vivida, limite=50)).motivos == ()
        eventualmente(lambda: paginas.vistas, lambda vistas: vistas > 2)
    assert paginas.fallas == []
