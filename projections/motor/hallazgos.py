"""The events behind a row that is not what they make."""
# ruff: noqa: S608  # names of tables and columns come from the code's own declarations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from projections.motor.comparacion import Diferencia
from projections.motor.conteos import Cuentas
from projections.motor.generaciones import PUBLICO
from projections.motor.log import Log
from projections.motor.proyeccion import Proyeccion
from projections.motor.tabla import Tabla

MOSTRADOS = 20
"""Events told of one row."""
VECINOS = 200
"""Streams looked into for one row."""


@dataclass(frozen=True, slots=True)
class Detras:
    """An event that the row follows from."""

    aplicacion: str
    stream: str
    posicion: int
    tipo: str


@dataclass(frozen=True)
class Hallazgo:
    """A row that differs, and the first ``eventos`` it follows from, of ``cuantos``, in the order of each log.

    ``antes`` in the difference is what the table says, ``despues`` what the events make.
    """

    tabla: str
    diferencia: Diferencia
    eventos: tuple[Detras, ...]
    cuantos: int


@dataclass(frozen=True)
class Rastro:
    """Looks for them: ``cursor`` sees the live tables and those in ``esquema``, ``posiciones`` is where both stand."""

    cursor: Any
    proyeccion: Proyeccion
    esquema: str
    logs: Mapping[str, Log]
    posiciones: Mapping[str, int]

    def seguir(self, tabla: Tabla[Any], diferencia: Diferencia) -> Hallazgo:
        """What is behind one row."""
        eventos = [
            Detras(aplicacion, fila.originator_id, fila.posicion, fila.topic)
            for aplicacion, streams in self._streams(tabla, diferencia).items()
            if streams
            for fila in self.logs[aplicacion].de_streams(streams, 0, self.posiciones[aplicacion])
        ]
        return Hallazgo(tabla.nombre, diferencia, tuple(eventos[:MOSTRADOS]), len(eventos))

    def _streams(self, tabla: Tabla[Any], diferencia: Diferencia) -> Mapping[str, Collection[str]]:
        propios = [uno for uno in self.proyeccion.conmutadores if uno.tabla is tabla and not uno.solo_crece]
        for ajenas in self.proyeccion.ajenas:
            if ajenas.tabla is tabla and diferencia.campo in ajenas.columnas and ajenas.por is not None:
                return self._que_dicen({ajenas.por: diferencia.clave[0]})
        if propios:
            return {uno.aplicacion: [diferencia.clave[0]] for uno in propios}
        if tabla in self.proyeccion.derivadas:
            celda = dict(zip((tabla.clave, *tabla.resto_de_clave), diferencia.clave, strict=True))
            return self._que_dicen(celda, self._en_sql(tabla))
        textos = self._textos(tabla, diferencia)
        return dict.fromkeys(self.proyeccion.aplicaciones, textos)

    def _en_sql(self, tabla: Tabla[Any]) -> Mapping[str, str]:
        """What a counted table's cell says of the rows counted, where they have no such column."""
        derivacion = self.proyeccion.derivacion
        cuentas = derivacion.cuentas if isinstance(derivacion, Cuentas) else ()
        return next((cuenta.en_sql for cuenta in cuentas if cuenta.tabla is tabla), {})

    def _que_dicen(
        self, valores: Mapping[str, str], en_sql: Mapping[str, str] = MappingProxyType({})
    ) -> Mapping[str, Collection[str]]:
        """The streams whose rows have these values, in the tables that have all of these columns but ``en_sql``."""
        streams: dict[str, set[str]] = {}
        condicion = " AND ".join(f"{en_sql.get(columna, f'{columna}::text')} = %s" for columna in valores)
        for conmutador in self.proyeccion.conmutadores:
            tabla = conmutador.tabla
            if not valores.keys() - en_sql.keys() <= set(tabla.columnas) or conmutador.solo_crece:
                continue
            for nombre in self._de_los_dos_lados(tabla):
                consulta = f"SELECT {tabla.clave} FROM {nombre} WHERE {condicion} LIMIT {VECINOS}"
                hallados = self.cursor.execute(consulta, list(valores.values())).fetchall()
                streams.setdefault(conmutador.aplicacion, set()).update(clave for (clave,) in hallados)
        return streams

    def _textos(self, tabla: Tabla[Any], diferencia: Diferencia) -> Collection[str]:
        """Every text in the row: one of them names its stream."""
        clave = (tabla.clave, *tabla.resto_de_clave)
        condicion = " AND ".join(f"{columna}::text = %s" for columna in clave)
        columnas = [f"{una}" for una, tipo in zip(tabla.columnas, tabla.tipos, strict=True) if tipo == "text"]
        textos: set[str] = set()
        for nombre in self._de_los_dos_lados(tabla):
            consulta = f"SELECT {', '.join(columnas)} FROM {nombre} WHERE {condicion}"
            for fila in self.cursor.execute(consulta, diferencia.clave).fetchall():
                textos.update(valor for valor in fila if valor)
        return textos

    def _de_los_dos_lados(self, tabla: Tabla[Any]) -> list[str]:
        """The table as each side names it, unless somebody dropped it there by hand."""
        nombres = [f"{esquema}.{tabla.nombre}" for esquema in (self.esquema, PUBLICO)]
        consulta = "SELECT n FROM unnest(%s::text[]) AS n WHERE to_regclass(n) IS NOT NULL"
        return [nombre for (nombre,) in self.cursor.execute(consulta, (nombres,)).fetchall()]
