"""A command that came as a message and was refused: nobody waits for an answer, so the refusal is an event."""

from eventsourcing.domain import event

from domain.base.agregado import Agregado, EventoInicial


class Rechazo(Agregado):
    """What was refused and why. Its stream is named after the message, so that one message is refused once."""

    TOPIC = "Rechazo"

    class ComandoRechazado(EventoInicial):
        """``agregado_id`` is the one that the command spoke of, empty when it named none."""

        TOPIC = "ComandoRechazado.v1"
        comando: str
        agregado_id: str
        mensaje_id: str
        codigo: str
        motivo: str

    @staticmethod
    def id_de(mensaje_id: str) -> str:
        """The stream of a message's refusal."""
        return f"rechazo:{mensaje_id}"

    @event(ComandoRechazado)
    def __init__(self, *, id: str, comando: str, agregado_id: str, mensaje_id: str, codigo: str, motivo: str) -> None:
        self.codigo = codigo
