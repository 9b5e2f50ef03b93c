"""Specifications of aggregates: given a history, when something is asked, then this happens (or is refused)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from eventsourcing.utils import get_topic

from domain.base.agregado import Agregado, Evento, EventoInicial
from domain.base.contexto import Contexto, en_contexto
from domain.base.errores import ErrorDeDominio
from tests.domain.memoria import MapeadorEnMemoria

A = TypeVar("A", bound=Agregado)
ID = "uno"
AHORA = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
DEL_REGISTRO = {"originator_id", "originator_version", "originator_topic", "timestamp"} | {
    "correlation_id",
    "causation_id",
    "actor_tipo",
    "actor_id",
}


@dataclass(frozen=True)
class Hecho:
    """An event by its class and content, without what the store and the circumstances add."""

    clase: type[Evento]
    datos: dict[str, Any]


def hecho(clase: type[Evento], **datos: Any) -> Hecho:
    return Hecho(clase, datos)


def hecho_de(evento: Evento) -> Hecho:
    return Hecho(type(evento), {campo: valor for campo, valor in vars(evento).items() if campo not in DEL_REGISTRO})


class Especificacion(Generic[A]):
    """``Especificacion(Payout).dado(…).cuando(lambda payout: payout.procesar(AHORA)).entonces(…)``.

    Without ``dado`` the action is given None and returns the new aggregate.
    """

    def __init__(self, clase: type[A]) -> None:
        self._clase = clase
        self._historia: list[Evento] = []
        self._error: ErrorDeDominio | None = None
        self._agregado: Any = None

    def dado(self, *hechos: Hecho) -> "Especificacion[A]":
        """What happened before, from the first event on."""
        self._historia = [self._evento(uno, version) for version, uno in enumerate(hechos, 1)]
        self._agregado = revivir(self._historia)
        return self

    def cuando(self, accion: Callable[[A], object]) -> "Especificacion[A]":
        """What is asked."""
        with en_contexto(Contexto(ahora=AHORA)):
            try:
                resultado = accion(self._agregado)
            except ErrorDeDominio as error:
                self._error = error
                return self
        self._agregado = self._agregado or resultado
        return self

    def entonces(self, *hechos: Hecho) -> None:
        """Exactly this happened, and the history read again gives the same aggregate."""
        assert self._error is None, f"Se rechazó: {self._error!r}"
        nuevos = list(self._agregado.pending_events)
        assert [hecho_de(evento) for evento in nuevos] == list(hechos)
        assert estado_de(revivir([*self._historia, *nuevos])) == estado_de(self._agregado)

    def entonces_nada(self) -> None:
        """It succeeded, and nothing is to be stored."""
        self.entonces()

    def falla(self, clase: type[ErrorDeDominio]) -> None:
        """It was refused for this very reason, and nothing is to be stored."""
        assert type(self._error) is clase, f"Se esperaba {clase.__name__} y hubo {self._error!r}"
        assert self._agregado is None or not self._agregado.pending_events

    def _evento(self, uno: Hecho, version: int) -> Evento:
        propios: dict[str, Any] = dict(uno.datos, originator_id=ID, originator_version=version, timestamp=AHORA)
        propios |= {"correlation_id": "", "causation_id": "", "actor_tipo": "system", "actor_id": "system"}
        if issubclass(uno.clase, EventoInicial):
            propios["originator_topic"] = get_topic(self._clase)
        return uno.clase(**propios)


def revivir(eventos: Sequence[Evento]) -> Any:
    """The aggregate that a fresh process would load from these events, or None without any."""
    mapeador, agregado = MapeadorEnMemoria(), None
    for guardado in [mapeador.to_stored_event(evento) for evento in eventos]:
        agregado = mapeador.to_domain_event(guardado).mutate(agregado)
    return agregado


def estado_de(agregado: Agregado) -> dict[str, Any]:
    """Everything an aggregate knows, but for what waits to be stored."""
    return {dato: valor for dato, valor in vars(agregado).items() if dato != "_pending_events"}


def exigir_rechazo_o_relectura(nacer: Callable[[], A], verbos: Sequence[Callable[[A], object]]) -> A:
    """Ask for everything in turn: each is refused and leaves no trace, or what happened reads back the same."""
    with en_contexto(Contexto(ahora=AHORA)):
        agregado = nacer()
        for verbo in verbos:
            antes = len(agregado.pending_events), estado_de(agregado)
            try:
                verbo(agregado)
            except ErrorDeDominio:
                assert (len(agregado.pending_events), estado_de(agregado)) == antes
                continue
            ahora = len(agregado.pending_events)
            verbo(agregado)
            assert len(agregado.pending_events) == ahora, "la misma orden, dada dos veces, pasó dos veces"
    eventos = [evento for evento in agregado.pending_events if isinstance(evento, Evento)]
    assert estado_de(revivir(eventos)) == estado_de(agregado)
    return agregado
