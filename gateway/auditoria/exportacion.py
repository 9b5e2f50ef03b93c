"""Events on their way out: one line each, in log order, with flat memory."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO

import msgspec

from domain.base.agregado import Evento
from domain.base.aplicacion import Aplicacion
from gateway.auditoria.historia import Contado, sabido
from gateway.auditoria.registro import de_un_stream, recorrer
from gateway.eventos.fabrica import Tienda
from projections.event_store.carga import carga

COLUMNAS = (
    "modulo",
    "posicion",
    "stream",
    "version",
    "tipo",
    "timestamp",
    "usuario",
    "correlation_id",
    "causation_id",
    "datos",
)
Linea = dict[str, Any]
_ESCRITOR = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Tramo:
    """Which events: of ``aplicaciones``, in their order; of one ``stream`` or of all.

    ``desde`` and ``hasta`` are positions or instants of recording, inclusive, None for no bound.
    """

    aplicaciones: Sequence[Aplicacion]
    stream: str | None = None
    desde: int | datetime | None = None
    hasta: int | datetime | None = None

    @property
    def alcance(self) -> dict[str, Any]:
        """The range in words, to be recorded."""
        limites = {"stream": self.stream, "desde": self.desde, "hasta": self.hasta}
        return {
            "modulos": [una.modulo for una in self.aplicaciones],
            **{nombre: str(valor) for nombre, valor in limites.items() if valor is not None},
        }

    def limites(self, aplicacion: Aplicacion) -> tuple[int, int]:
        """The positions of a log between which to look: after the first, up to the second, which stands in it."""
        cabeza = aplicacion.recorder.max_notification_id() or 0
        desde = self.desde - 1 if isinstance(self.desde, int) else 0
        return desde, min(self.hasta, cabeza) if isinstance(self.hasta, int) else cabeza

    def incluye(self, contado: Contado) -> bool:
        """Whether an event lies within the bounds."""
        evento = contado.evento
        return (
            not (isinstance(self.desde, int) and contado.posicion < self.desde)
            and not (isinstance(self.hasta, int) and contado.posicion > self.hasta)
            and not (isinstance(self.desde, datetime) and evento.timestamp < self.desde)
            and not (isinstance(self.hasta, datetime) and not sabido(evento, self.hasta))
        )


def elegir(tienda: Tienda, tramo: Tramo, avance: Callable[[str, int], None]) -> Iterator[tuple[str, Contado]]:
    """The events of ``tramo``, each with its module's outside name. ``avance`` is told positions reached.

    Raises EventoIlegible after all that stands before it, and RegistroDetenido.
    """
    for aplicacion in tramo.aplicaciones:
        modulo = aplicacion.modulo
        contados: Iterable[Contado]
        if tramo.stream is not None:
            contados = de_un_stream(tienda, aplicacion, tramo.stream, *tramo.limites(aplicacion))
        else:
            contados = recorrer(tienda, aplicacion, *tramo.limites(aplicacion), partial(avance, modulo))
        yield from ((modulo, contado) for contado in contados if tramo.incluye(contado))


def exportar(elegidos: Iterable[tuple[str, Contado]], formato: str, salida: BinaryIO, *, con_personales: bool) -> int:
    """Write events to ``salida``, in one of FORMATOS; return how many. Nothing but what is written is kept.

    Money and times are exact (``{"valor": "1250.50", "moneda": "USD"}``, microseconds). Without ``con_personales``
    the fields that hold a person's data are left out.
    """
    lineas = (_linea(modulo, contado, con_personales) for modulo, contado in elegidos)
    return FORMATOS[formato](lineas, salida)


def _linea(modulo: str, contado: Contado, con_personales: bool) -> Linea:
    evento: Evento = contado.evento
    return {
        "modulo": modulo,
        "posicion": contado.posicion,
        "stream": evento.originator_id,
        "version": evento.originator_version,
        "tipo": contado.tipo,
        "timestamp": evento.timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "usuario": evento.actor,
        "correlation_id": evento.correlation_id,
        "causation_id": evento.causation_id,
        "datos": carga(evento, con_personales=con_personales),
    }


def _en_jsonl(lineas: Iterable[Linea], salida: BinaryIO) -> int:
    cuantas = 0
    for linea in lineas:
        salida.write(_ESCRITOR.encode(linea) + b"\n")
        cuantas += 1
    return cuantas


def _en_csv(lineas: Iterable[Linea], salida: BinaryIO) -> int:
    texto = io.TextIOWrapper(salida, encoding="utf-8", newline="")
    escritor = csv.writer(texto, lineterminator="\n")
    escritor.writerow(COLUMNAS)
    cuantas = 0
    for linea in lineas:
        datos = _ESCRITOR.encode(linea["datos"]).decode()
        escritor.writerow([datos if columna == "datos" else linea[columna] for columna in COLUMNAS])
        cuantas += 1
    texto.flush()
    # What was handed in is the caller's to close.
    texto.detach()
    return cuantas


FORMATOS: dict[str, Callable[[Iterable[Linea], BinaryIO], int]] = {"jsonl": _en_jsonl, "csv": _en_csv}
