"""What a replay found, as data."""

from dataclasses import asdict, dataclass
from typing import Any

from projections.motor.comparacion import Diferencia, Informe

PERSONALES = {
    "clientes": frozenset({"nombre", "email", "cedula", "fecha_nacimiento", "nombre_plegado", "busqueda"}),
}
"""Columns whose values are a person's, by table."""


def mostrables(tabla: str, una: Diferencia) -> tuple[Any, Any]:
    """What a cell was and is, for anybody to see: of a person's only that it is one."""
    return ("(dato personal)",) * 2 if una.campo in PERSONALES.get(tabla, ()) else (una.antes, una.despues)


@dataclass(frozen=True)
class TablaReproducida:
    """A table as the events make it. ``informe`` compares it with what it stood before (``antes``): the live one when
    ``comparada``, else the same table at the beginning of the part."""

    proyeccion: str
    comparada: bool
    informe: Informe


@dataclass(frozen=True)
class Aparcado:
    """A stream that could not be folded from a position on."""

    proyeccion: str
    aplicacion: str
    stream: str
    posicion: int
    error: str


@dataclass(frozen=True)
class Atraso:
    """Live tables that were compared at ``posicion`` of a log, and have not taken in yet what follows."""

    proyeccion: str
    aplicacion: str
    posicion: int
    hasta: int


@dataclass(frozen=True)
class Reproduccion:
    """``hechos`` counts the events that were folded, once for each read model that takes them in."""

    tablas: tuple[TablaReproducida, ...]
    aparcados: tuple[Aparcado, ...]
    atrasos: tuple[Atraso, ...]
    hechos: int

    @property
    def fiel(self) -> bool:
        """Whether every event could be folded, and no table that was compared with the live one differs."""
        return not self.aparcados and all(una.informe.iguales for una in self.tablas if una.comparada)

    @property
    def contado(self) -> dict[str, Any]:
        """All of it as data, in lines. Values that may be a person's are not told."""
        informes = [(una, una.informe) for una in self.tablas]
        return {
            "tablas": [_contar_tabla(una) for una in self.tablas],
            "sumas": [{"tabla": uno.tabla, **asdict(suma)} for _, uno in informes for suma in uno.sumas],
            "diferencias": [_contar_diferencia(uno.tabla, una) for _, uno in informes for una in uno.muestra],
            "aparcados": [asdict(uno) for uno in self.aparcados],
            "atrasos": [asdict(uno) for uno in self.atrasos],
            "fiel": self.fiel,
        }


def _contar_tabla(una: TablaReproducida) -> dict[str, Any]:
    informe = una.informe
    return {
        "tabla": informe.tabla,
        "proyeccion": una.proyeccion,
        "comparada": una.comparada,
        "filas_antes": informe.filas_antes,
        "filas_despues": informe.filas_despues,
        "agregadas": informe.agregadas,
        "quitadas": informe.quitadas,
        "cambiadas": informe.cambiadas,
    }


def _contar_diferencia(tabla: str, una: Diferencia) -> dict[str, Any]:
    antes, despues = mostrables(tabla, una)
    clave = " ".join(una.clave)
    return {"tabla": tabla, "clave": clave, "tipo": una.tipo, "campo": una.campo, "antes": antes, "despues": despues}
