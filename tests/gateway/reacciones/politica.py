"""A reaction that does as a test says, and what it has parked."""

from collections.abc import Callable

from sqlalchemy import text

from domain.base.agregado import Evento
from domain.campanias.comandos import AsociarPago
from domain.pagos.eventos import Confirmado, Revertido
from gateway.composicion import Sistema
from gateway.eventos.reacciones import Reacciones


class Politica:
    """The reaction to a confirmed payment, which does ``antes`` first."""

    NOMBRE, ORIGEN, DESTINO = "aprobar-campania", "pagos", "campanias"
    EVENTOS: tuple[type[Evento], ...] = (Confirmado, Revertido)
    AGREGADO = "campania_id"

    def __init__(self, antes: Callable[[Confirmado], object | None] = lambda _: None) -> None:
        self.antes = antes

    def reaccionar(self, evento: object) -> object | None:
        if not isinstance(evento, Confirmado):
            return None
        return self.antes(evento) or AsociarPago(str(evento.campania), evento.originator_id)


class ConReverso(Politica):
    """The same, and a reversed payment tells the campaign of one called REVERTIDO."""

    def reaccionar(self, evento: object) -> object | None:
        if isinstance(evento, Revertido):
            return AsociarPago("CAMP001", "REVERTIDO")
        return super().reaccionar(evento)


def reacciones_de(sistema: Sistema, politica: Politica, cada: float = 0) -> Reacciones:
    return Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor, [politica], reintento=cada)


def aparcados(sistema: Sistema) -> list[tuple[str, str]]:
    with sistema.motor.connect() as conexion:
        filas = conexion.execute(text("SELECT stream, error FROM aparcados WHERE proyeccion = 'aprobar-campania'"))
        return [(stream, error) for stream, error in filas]
