"""A value that only one may hold at a time: an email, a cedula, a confirmation."""

from eventsourcing.domain import event

from domain.base.agregado import Agregado, Evento, EventoInicial
from domain.base.aplicacion import Aplicacion
from domain.base.errores import Conflicto


class Reserva(Agregado):
    """Who holds a value. Its stream is named after the value's keyed hash, so two writers meet on one stream."""

    TOPIC = "Reserva"

    class Tomada(EventoInicial):
        TOPIC = "ReservaTomada.v1"
        titular: str

    class Liberada(Evento):
        TOPIC = "ReservaLiberada.v1"

    class Retomada(Evento):
        """A stream begins only once, so taking a value that was free again is another event."""

        TOPIC = "ReservaRetomada.v1"
        titular: str

    @event(Tomada)
    def __init__(self, id: str, titular: str) -> None:
        self.titular: str | None = titular

    def retomar(self, titular: str, ocupada: type[Conflicto]) -> None:
        """Take the value if it is free. Raises ``ocupada`` when another holds it."""
        if self.titular == titular:
            return
        if self.titular is not None:
            raise ocupada
        self._aplicar_retomada(titular)

    def liberar(self, titular: str) -> None:
        """Let others take the value, if it is ``titular`` who holds it."""
        if self.titular == titular:
            self._aplicar_liberada()

    @event(Retomada)
    def _aplicar_retomada(self, titular: str) -> None:
        self.titular = titular

    @event(Liberada)
    def _aplicar_liberada(self) -> None:
        self.titular = None


def reservar(aplicacion: Aplicacion, id: str, titular: str, ocupada: type[Conflicto]) -> Reserva:
    """A reservation to be saved together with its holder. Raises ``ocupada`` when another holds the value."""
    previa = aplicacion.buscar_al_reintentar(Reserva, id)
    if previa is None:
        return Reserva(id=id, titular=titular)
    previa.retomar(titular, ocupada)
    return previa


def desocupar(aplicacion: Aplicacion, id: str, titular: str) -> Reserva:
    """The reservation that ``titular`` gives up, to be saved together with it. Raises NoEncontrado."""
    reserva = aplicacion.buscar(Reserva, id)
    if reserva is None:
        raise Reserva.ausente
    reserva.liberar(titular)
    return reserva
