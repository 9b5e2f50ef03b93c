"""Which events made one cell of a query table: its own stream's, folded one by one by the read model's own code."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DataError

from gateway.auditoria.historia import Contado, contar
from gateway.auditoria.registro import pagina
from gateway.auditoria.totales import Efecto, efectos_en_totales
from gateway.composicion import Sistema
from projections.clientes.tabla import CLIENTES, DUENOS, TOTALES, VINCULOS
from projections.event_store.tabla import EVENT_STORE
from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.motor.tabla import Tabla


class SinExplicacion(LookupError):
    """A cell that follows from the rows of another table, not from a few events."""


def explicable(proyeccion: Proyeccion, tabla: Tabla[Any]) -> bool:
    """Whether the cells of a table can be explained: not those that count the rows of others."""
    return tabla is TOTALES or tabla not in proyeccion.derivadas


@dataclass(frozen=True)
class Celda:
    """A column of the row ``clave`` of a read model's table. ``hasta``: how far its tables have read each log."""

    sistema: Sistema
    proyeccion: Proyeccion
    tabla: Tabla[Any]
    clave: tuple[str, ...]
    columna: str
    hasta: Mapping[str, int]

    def viva(self) -> tuple[bool, Any]:
        """Whether the row is in the table that readers see, and what it says."""
        columnas = (self.tabla.clave, *self.tabla.resto_de_clave)
        condicion = " AND ".join(f"CAST({columna} AS text) = :{columna}" for columna in columnas)
        donde = f"FROM public.{self.tabla.nombre} WHERE {condicion}"
        valores = dict(zip(columnas, self.clave, strict=True))
        with self.sistema.motor.connect() as conexion:
            try:
                filas = conexion.execute(text(f"SELECT {self.columna} {donde}"), valores).all()
            except DataError:
                # A time that only the database can hold, as somebody may have written by hand.
                filas = conexion.execute(text(f"SELECT {self.columna}::text {donde}"), valores).all()
        return bool(filas), filas[0][0] if filas else None

    def efectos(self) -> tuple[Any, list[Efecto]]:
        """What the cell says before any event, and each event that changed it. Raises SinExplicacion."""
        if self.tabla is EVENT_STORE:
            return None, list(self._del_diario())
        if self.tabla is TOTALES:
            return efectos_en_totales(self.sistema, self.clave[0], self.columna, self.clave[1], self.hasta)
        if self.tabla is CLIENTES and any(self.columna in una.columnas for una in self.proyeccion.ajenas):
            return efectos_en_totales(self.sistema, self.clave[0], self.columna, None, self.hasta)
        if self.tabla in self.proyeccion.lineas:
            return None, list(self._de_una_linea())
        if not explicable(self.proyeccion, self.tabla):
            (de,) = (una for una in self.proyeccion.tablas if una.nombre == self.proyeccion.nombre)
            comunes = ", ".join(una for una in self.tabla.columnas if una in de.columnas)
            raise SinExplicacion(
                f"{self.tabla.nombre} se cuenta a partir de {de.nombre}: explique de una de sus filas"
                f" {comunes or de.clave}"
            )
        (conmutador,) = (uno for uno in self.proyeccion.conmutadores if uno.tabla is self.tabla)
        efectos = list(self._de_un_flujo(conmutador))
        if self.tabla is VINCULOS and self.columna == "cliente_id":
            efectos += self._de_su_campania(efectos)
        return None, efectos

    def _contar(self, aplicacion: str, stream: str) -> list[Contado]:
        contados = contar(self.sistema.tienda, self.sistema.aplicaciones[aplicacion], stream)
        return [uno for uno in contados if uno.posicion <= self.hasta.get(aplicacion, 0)]

    def _de_un_flujo(self, conmutador: Conmutador[Any]) -> Iterable[Efecto]:
        filas: dict[str, Any] = {}
        sobra: Callable[[Any], bool] = self.tabla.sobra or (lambda _: False)
        antes = None
        for contado in self._contar(conmutador.aplicacion, self.clave[0]):
            conmutador.aplicar(filas, contado.evento, contado.posicion)
            fila = filas.get(self.clave[0])
            despues = None if fila is None or sobra(fila) else getattr(fila, self.columna)
            if despues != antes:
                yield conmutador.aplicacion, contado, antes, despues
            antes = despues

    def _de_su_campania(self, efectos: list[Efecto]) -> Iterable[Efecto]:
        """A payment that nobody told a client of is its campaign's client's, once there is such a campaign."""
        vinculo: dict[str, Any] = {}
        (conmutador,) = (uno for uno in self.proyeccion.conmutadores if uno.tabla is VINCULOS)
        (duenos,) = (uno for uno in self.proyeccion.conmutadores if uno.tabla is DUENOS)
        for _, contado, _, _ in efectos:
            conmutador.aplicar(vinculo, contado.evento)
        for fila in vinculo.values():
            if not fila.cliente_dicho and fila.campania_id is not None:
                for contado in self._contar("campanias", fila.campania_id)[:1]:
                    campanias: dict[str, Any] = {}
                    duenos.aplicar(campanias, contado.evento)
                    yield "campanias", contado, fila.cliente_id, campanias[fila.campania_id].cliente_id

    def _de_una_linea(self) -> Iterable[Efecto]:
        # A line's key is its stream's id and the version of the event that left it.
        stream, _, _ = self.clave[0].rpartition("-")
        for conmutador in self.proyeccion.conmutadores:
            filas: dict[str, Any] = {}
            for contado in self._contar(conmutador.aplicacion, stream):
                linea: Any = conmutador.aplicar(filas, contado.evento, contado.posicion)
                if type(linea) is self.tabla.fila and self.tabla.clave_de(linea) == self.clave[0]:
                    yield conmutador.aplicacion, contado, None, getattr(linea, self.columna)

    def _del_diario(self) -> Iterable[Efecto]:
        modulo, _, posicion = self.clave[0].rpartition(":")
        for conmutador in self.proyeccion.conmutadores:
            aplicacion = self.sistema.aplicaciones[conmutador.aplicacion]
            if aplicacion.modulo != modulo or not posicion.isdecimal():
                continue
            contados, _ = pagina(self.sistema.tienda, aplicacion, int(posicion) - 1, 1)
            filas: dict[str, Any] = {}
            for contado in contados:
                conmutador.aplicar(filas, contado.evento, contado.posicion)
                if self.clave[0] in filas:
                    yield conmutador.aplicacion, contado, None, getattr(filas[self.clave[0]], self.columna)
