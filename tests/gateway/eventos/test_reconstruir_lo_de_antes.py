"""A read model is rebuilt from bytes of every shape that its events ever had, of people remembered and forgotten."""

from dataclasses import dataclass
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from gateway.eventos.log import LogDeAplicacion
from projections.motor.conduccion import Taller
from projections.motor.generaciones import instalar
from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.motor.reconstruccion import reconstruir
from projections.motor.tabla import Tabla
from tests.gateway.eventos.inventado import Vale, Vales
from tests.gateway.eventos.test_pasado import BYTES_DE_ANTES, guardar


@dataclass(slots=True)
class FilaDeVale:
    id: str
    titular: str | None
    monto: Decimal
    moneda: str


VALES = Tabla("vales", FilaDeVale)
conmutador = Conmutador("campanias", VALES)
PROYECCION = Proyeccion("vales", version=1, conmutadores=(conmutador,))
conmutador.ignora(Vale.Usado, Vale.Cedido, Vale.Olvidado)


@conmutador.abre(Vale.Emitido)
def _(evento: Vale.Emitido) -> FilaDeVale:
    return FilaDeVale(evento.originator_id, evento.titular, evento.monto.valor, evento.monto.moneda)


@pytest.mark.parametrize("topic", BYTES_DE_ANTES)
def test_lo_guardado_con_formas_de_antes_se_reconstruye(
    vales: Vales, sql: psycopg.Connection, db_url: str, topic: str
) -> None:
    guardar(sql, topic, BYTES_DE_ANTES[topic])
    motor = create_engine(make_url(db_url).set(drivername="postgresql+psycopg"))
    taller = Taller((PROYECCION,), {"campanias": LogDeAplicacion(vales)}, motor)
    with motor.begin() as conexion:
        instalar(conexion, taller.proyecciones)
    for titular in ("Ana Pérez", "Ana Pérez", None):
        if titular is None:
            sql.execute("UPDATE claves SET clave = NULL, destruida = now()")
        assert reconstruir("vales", taller, aceptar_diferencias=titular is None).motivos == ()
        with motor.connect() as conexion:
            filas = [tuple(fila) for fila in conexion.execute(text("SELECT * FROM vales"))]
        assert filas == [("vale-1", titular, Decimal("12.50"), "USD")]
    motor.dispose()
