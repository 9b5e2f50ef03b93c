"""The log, or a part of it, folded again in a scratch schema: the proof that the tables are what the events say.

Nothing that anybody else reads or writes is touched: neither tables nor positions nor topics.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, Engine, text

from gateway.auditoria.generacion import activa
from gateway.auditoria.resultado import Aparcado, Atraso, Reproduccion, TablaReproducida
from gateway.composicion import Sistema
from gateway.eventos.log import logs_de
from projections.motor import generaciones
from projections.motor.comparacion import Informe, Suma, comparar
from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import PUBLICO, Generacion
from projections.motor.marcha import Avance, Aviso
from projections.motor.obra import deshacer, doblar_en, recoger_abandonados
from projections.motor.proyeccion import Proyeccion
from projections.motor.quietud import quieta
from projections.registro import PROYECCIONES

_APARCADOS = "SELECT proyeccion, aplicacion, stream, posicion, error FROM {}.aparcados ORDER BY 1, 2, 3"


@dataclass(frozen=True)
class Pedido:
    """Which part of the logs, by application: those not named in ``hasta`` are left out.

    ``hasta``: the last position to take in. ``desde``: the position after which the part begins; what comes before is
    folded too, so that the part changes rows that are there, and what it adds can be told. ``muestra`` bounds the
    differences that are shown, a table and kind.
    """

    hasta: Mapping[str, int]
    desde: Mapping[str, int] = field(default_factory=dict)
    completo: bool = True
    muestra: int = 1000


def reproducir(sistema: Sistema, pedido: Pedido, avance: Aviso) -> Reproduccion:
    """Fold ``pedido`` in a scratch schema, which is dropped in the end, whatever the end is.

    Raises the driver's errors. A process that is killed leaves its schema to the next one to drop.
    """
    recoger_abandonados(sistema.motor)
    with _borrador(sistema.motor) as esquema:
        obra = _Obra(sistema, esquema, avance)
        tablas: list[TablaReproducida] = []
        for proyeccion in generaciones.vigentes(PROYECCIONES):
            incluidas = set(proyeccion.aplicaciones) & pedido.hasta.keys()
            if not incluidas:
                continue
            entera = pedido.completo and incluidas == set(proyeccion.aplicaciones)
            informes = obra.comparar_con_lo_vivo(proyeccion, pedido) if entera else obra.tramo(proyeccion, pedido)
            tablas += [TablaReproducida(proyeccion.nombre, entera, informe) for informe in informes]
        return Reproduccion(tuple(tablas), obra.aparcados(), tuple(obra.atrasos), obra.hechos)


class _Obra:
    def __init__(self, sistema: Sistema, esquema: str, avance: Aviso) -> None:
        self._motor, self._esquema, self._avance = sistema.motor, esquema, avance
        self._logs = logs_de(sistema.aplicaciones)
        self._vivas: dict[str, int] = {}
        self.atrasos: list[Atraso] = []
        self.hechos = 0

    def tramo(self, proyeccion: Proyeccion, pedido: Pedido) -> list[Informe]:
        """Rows and sums after the part, beside those before it."""
        nada = dict.fromkeys(proyeccion.aplicaciones, 0)
        self._doblar(proyeccion, nada | dict(pedido.desde))
        antes = self._medir(proyeccion)
        self._doblar(proyeccion, nada | dict(pedido.hasta))
        return [_juntar(*par) for par in zip(antes, self._medir(proyeccion), strict=True)]

    def comparar_con_lo_vivo(self, proyeccion: Proyeccion, pedido: Pedido) -> list[Informe]:
        """The live tables beside what the same events make, both at the same positions."""
        with self._motor.connect() as conexion:
            viva = activa(conexion, proyeccion.nombre)
        informes = self._comparar(proyeccion, viva, pedido.muestra)
        if not all(informe.iguales for informe in informes):
            # A person forgotten a moment ago is so here already, and in the live tables with their next batch.
            informes = self._comparar(proyeccion, viva, pedido.muestra)
        self._seguir_hasta_el_final(proyeccion, pedido)
        return informes

    def aparcados(self) -> tuple[Aparcado, ...]:
        """What could not be folded."""
        with self._motor.connect() as conexion:
            if conexion.scalar(text("SELECT to_regclass(:tabla)"), {"tabla": f"{self._esquema}.aparcados"}) is None:
                return ()
            return tuple(Aparcado(*fila) for fila in conexion.execute(text(_APARCADOS.format(self._esquema))))

    def _comparar(self, proyeccion: Proyeccion, viva: Generacion, muestra: int) -> list[Informe]:
        with self._motor.connect() as conexion:
            cerca = generaciones.posiciones(conexion, viva)
        self._doblar(proyeccion, cerca)
        with _foto(self._motor) as foto:
            # The live tables stand still only for the few events that came meanwhile.
            with quieta(self._motor, viva, partial(self._doblar, proyeccion)) as self._vivas:
                # A switch waits for the comparison, so that names go on meaning what they mean now.
                tablas = ", ".join(generaciones.tablas_que_hay(foto, viva))
                if tablas:
                    foto.exec_driver_sql(f"LOCK TABLE {tablas} IN ACCESS SHARE MODE")
            return self._informes(foto, proyeccion, PUBLICO, muestra)

    def _seguir_hasta_el_final(self, proyeccion: Proyeccion, pedido: Pedido) -> None:
        """What the live tables have not taken in yet has to be readable too."""
        hasta = {una: max(pedido.hasta[una], posicion) for una, posicion in self._vivas.items()}
        self.atrasos += [
            Atraso(proyeccion.nombre, una, posicion, hasta[una])
            for una, posicion in self._vivas.items()
            if posicion < hasta[una]
        ]
        self._doblar(proyeccion, hasta)

    def _doblar(
        self, proyeccion: Proyeccion, hasta: Mapping[str, int], tras_lote: Callable[[], None] | None = None
    ) -> None:
        hechos = 0

        def avisar(avance: Avance) -> None:
            nonlocal hechos
            hechos = avance.hechos
            self._avance(avance)

        doblar_en(self._esquema, proyeccion, self._logs, self._motor, hasta, avance=avisar, freno=tras_lote)
        self.hechos += hechos

    def _medir(self, proyeccion: Proyeccion) -> list[Informe]:
        """Rows and sums of the scratch tables: a comparison of each with itself."""
        with _foto(self._motor) as foto:
            return self._informes(foto, proyeccion, self._esquema)

    def _informes(self, foto: Connection, proyeccion: Proyeccion, antes: str, muestra: int = 0) -> list[Informe]:
        cursor = foto.connection.cursor()
        return [comparar(cursor, tabla, antes, self._esquema, muestra) for tabla in proyeccion.tablas]


@contextmanager
def _borrador(motor: Engine) -> Iterator[str]:
    esquema = f"reproduccion_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        yield esquema
    finally:
        deshacer(motor, esquema)


@contextmanager
def _foto(motor: Engine) -> Iterator[Connection]:
    """One moment of all tables, for as long as a comparison takes; it begins with its first query."""
    with conexion_propia(motor, PUBLICO) as foto, foto.begin():
        foto.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        foto.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield foto


def _juntar(antes: Informe, despues: Informe) -> Informe:
    """Two looks at one table as one report of rows and sums."""
    de_antes = {(suma.columna, suma.moneda): suma.despues for suma in antes.sumas}
    de_despues = {(suma.columna, suma.moneda): suma.despues for suma in despues.sumas}
    sumas = tuple(Suma(*cual, de_antes.get(cual), de_despues.get(cual)) for cual in sorted({**de_antes, **de_despues}))
    return Informe(despues.tabla, antes.filas_despues, despues.filas_despues, sumas=sumas)
