"""Which events made one cell of a query table: its own stream's, folded one by one by the read model's own code."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError

from gateway.auditoria.historia import Contado, contar, seguidos
from gateway.auditoria.registro import pagina
from gateway.auditoria.resultado import PERSONALES
from gateway.auditoria.totales import Efecto, efectos_en_totales
from gateway.auditoria.vinculos import doblar
from gateway.composicion import Sistema
from projections.clientes.tabla import CLIENTES, DUENOS, TOTALES, VINCULOS
from projections.event_store.carga import carga
from projections.event_store.tabla import EVENT_STORE
from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.motor.tabla import Tabla

OLVIDADO = "(dato olvidado)"


@dataclass(frozen=True)
class Celda:
    """A column of the row ``clave`` of a read model's table. ``hasta``: how far its tables have read each log."""

    sistema: Sistema
    proyeccion: Proyeccion
    tabla: Tabla[Any]
    clave: tuple[str, ...]
    columna: str
    hasta: Mapping[str, int]

    def viva(self, conexion: Connection) -> tuple[bool, Any]:
        """Whether the row is in the table that readers see, and what it says. The key must be one."""
        condicion = " AND ".join(f"{columna} = {dicho}" for columna, dicho in self.dichos.items())
        filas = leer(conexion, self.columna, f"FROM public.{self.tabla.nombre} WHERE {condicion}", self.textos)
        return bool(filas), filas[0] if filas else None

    @property
    def textos(self) -> dict[str, str]:
        """The key as it was asked for, by column."""
        return dict(zip((self.tabla.clave, *self.tabla.resto_de_clave), self.clave, strict=True))

    @property
    def dichos(self) -> dict[str, str]:
        """The parameters of ``textos`` in SQL: a day, an amount, however they are spelled."""
        tipos = dict(zip(self.tabla.columnas, self.tabla.tipos, strict=True))
        return {columna: f"CAST(:{columna} AS {tipos[columna]})" for columna in self.textos}

    def efectos(self) -> tuple[Any, list[Efecto]]:
        """What the cell says before any event, and each event that changed it. Raises HistoriaIncompleta."""
        if self.tabla is EVENT_STORE:
            return None, list(self._del_diario())
        if self.tabla is TOTALES:
            return efectos_en_totales(self.sistema, self.clave[0], self.columna, self.clave[1], self.hasta)
        if self.tabla is CLIENTES and any(self.columna in una.columnas for una in self.proyeccion.ajenas):
            return efectos_en_totales(self.sistema, self.clave[0], self.columna, None, self.hasta)
        if self.tabla in self.proyeccion.lineas:
            return None, list(self._de_una_linea())
        (conmutador,) = (uno for uno in self.proyeccion.conmutadores if uno.tabla is self.tabla)
        efectos = list(self.de_un_flujo(conmutador, self.clave[0], attrgetter(self.columna)))
        if self.tabla is VINCULOS and self.columna == "cliente_id":
            efectos += self._de_su_campania(efectos)
        if not efectos and self.columna in PERSONALES.get(self.tabla.nombre, ()):
            efectos = list(self._de_quien_fue_olvidado(conmutador))
        return None, efectos

    def _contar(self, aplicacion: str, stream: str) -> list[Contado]:
        contados = seguidos(contar(self.sistema.tienda, self.sistema.aplicaciones[aplicacion], stream))
        return [uno for uno in contados if uno.posicion <= self.hasta.get(aplicacion, 0)]

    def de_un_flujo(self, conmutador: Conmutador[Any], stream: str, mirar: Callable[[Any], Any]) -> Iterable[Efecto]:
        """The events of a stream that changed what ``mirar`` sees in its row; None stands for no row."""
        filas: dict[str, Any] = {}
        sobra: Callable[[Any], bool] = conmutador.tabla.sobra or (lambda _: False)
        antes = None
        for contado in self._contar(conmutador.aplicacion, stream):
            conmutador.aplicar(filas, contado.evento, contado.posicion)
            fila = filas.get(stream)
            despues = None if fila is None or sobra(fila) else mirar(fila)
            if despues != antes:
                yield conmutador.aplicacion, contado, antes, despues
            antes = despues

    def _de_quien_fue_olvidado(self, conmutador: Conmutador[Any]) -> Iterable[Efecto]:
        """The events that told the person's data, and the one that took them: what they were, nobody can know."""
        antes = None
        for contado in self._contar(conmutador.aplicacion, self.clave[0]):
            evento = contado.evento
            if evento.OLVIDA or carga(evento, con_personales=True) != carga(evento):
                despues = None if evento.OLVIDA else OLVIDADO
                yield conmutador.aplicacion, contado, antes, despues
                antes = despues

    def _de_su_campania(self, efectos: list[Efecto]) -> Iterable[Efecto]:
        """A payment that nobody told a client of is its campaign's client's, once there is such a campaign."""
        (conmutador,) = (uno for uno in self.proyeccion.conmutadores if uno.tabla is VINCULOS)
        (duenos,) = (uno for uno in self.proyeccion.conmutadores if uno.tabla is DUENOS)
        for fila in doblar(conmutador, (contado for _, contado, _, _ in efectos)).values():
            if not fila.cliente_dicho and fila.campania_id is not None:
                for contado in self._contar("campanias", fila.campania_id)[:1]:
                    dueno = doblar(duenos, [contado])[fila.campania_id]
                    yield "campanias", contado, fila.cliente_id, dueno.cliente_id

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
            for contado in contados:
                fila = doblar(conmutador, [contado]).get(self.clave[0])
                if fila is not None:
                    yield conmutador.aplicacion, contado, None, getattr(fila, self.columna)


def leer(conexion: Connection, que: str, donde: str, valores: Mapping[str, Any]) -> list[Any]:
    """One column of a query, ``donde`` being all from its FROM on."""
    try:
        return list(conexion.scalars(text(f"SELECT {que} {donde}"), valores))
    except DataError:
        # A time that only the database can hold, as somebody may have written by hand.
        return list(conexion.scalars(text(f"SELECT ({que})::text {donde}"), valores))
