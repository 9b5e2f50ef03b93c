"""How a bounded context receives commands: decide, store, answer with a place in the log."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar, cast

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError
from eventsourcing.utils import Environment, EnvType

from domain.base.agregado import Agregado
from domain.base.contexto import Contexto, contexto, en_contexto
from domain.base.errores import EscrituraDisputada, VersionDistinta

A = TypeVar("A", bound=Agregado)
INTENTOS = 10
"""Times that a command is decided anew after another writer was first."""


class HechoYaContado(IntegrityError):
    """A recorder says so when the position or the message that came with the events was counted already."""


class ClaveYaUsada(IntegrityError):
    """A recorder says so when the idempotency key that came with the events was stored by another."""


class Registro(Protocol):
    """What an application asks of its recorder beyond the library's own interface."""

    def ultima_posicion(self, originator_id: str) -> int:
        """Position of the last event of a stream, 0 when there is none."""


class Almacen(Protocol):
    """What an application asks of its event store: positions alone, where the library makes a record of each event."""

    def grabar(self, eventos: Sequence[Any], **adjuntos: Any) -> Sequence[int]:
        """Store events, and what comes along, in one transaction; return their positions."""


class Posicion(int):
    """A place in a module's log; also names the stream it belongs to (``id``) and its ``version``."""

    id: str
    version: int

    @classmethod
    def de(cls, numero: int, agregado: Agregado) -> "Posicion":
        posicion = cls(numero)
        posicion.id, posicion.version = agregado.id, agregado.version
        return posicion


class Aplicacion(Application[str]):
    """One bounded context over its own log. Subclasses register one use case a command on ``decidir``."""

    modulo: ClassVar[str]
    """The module's outside name: cliente, pagos or campanias."""

    def __init__(self, fabrica: Callable[[Environment], InfrastructureFactory[Any]], reloj: Callable[[], datetime]):
        """``fabrica`` builds the store from the application's environment; ``reloj`` tells the time, aware UTC."""
        self._fabrica, self._reloj = fabrica, reloj
        # Bound once: a singledispatchmethod makes itself a function, names and all, each time that it is looked up.
        self.decidir = self.decidir  # type: ignore[method-assign]
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name, {**type(self).env, **(env or {})})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return self._fabrica(env)

    def construct_recorder(self) -> Any:
        return self.factory.process_recorder()

    def ejecutar(self, orden: object, circunstancias: Contexto | None = None) -> Posicion:
        """Carry out one command and return where it stands in the log.

        ``circunstancias`` tells who asks and what to store along; absent, the system itself asks, now.
        Raises ErrorDeDominio when refused, EscrituraDisputada when other writers won every try, and
        HechoYaContado or ClaveYaUsada when what came along had been stored before.
        """
        circunstancias = circunstancias or Contexto(ahora=self._reloj())
        for intento in range(INTENTOS):
            with en_contexto(replace(circunstancias, intento=intento) if intento else circunstancias):
                try:
                    return self.decidir(orden)
                except (HechoYaContado, ClaveYaUsada):
                    raise
                except IntegrityError:
                    continue
        raise EscrituraDisputada

    def decidir(self, orden: Any) -> Posicion:
        """One try at a command. Every subclass replaces this with a ``singledispatchmethod``."""
        raise TypeError(f"{type(self).__name__} no conoce {type(orden).__name__}")

    def buscar(self, clase: type[A], id: str) -> A | None:
        """The aggregate as it stands now, or None when there is no such stream of that class."""
        try:
            hallado = cast(object, self.repository.get(id))
        except AggregateNotFoundError:
            return None
        return hallado if isinstance(hallado, clase) else None

    def buscar_al_reintentar(self, clase: type[A], id: str) -> A | None:
        """What stands in the way of a new stream: looked up only after a conflict, or for who insists on a version.

        The first version of a stream exists once, so a first try need not look before it begins one.
        """
        circunstancias = contexto()
        mirar = circunstancias.intento > 0 or circunstancias.version_esperada is not None
        return self.buscar(clase, id) if mirar else None

    def obtener(self, clase: type[A], id: str) -> A:
        """The aggregate that a command speaks of. Raises the class's ``ausente``, VersionDistinta."""
        agregado = self.buscar(clase, id)
        if agregado is None:
            raise clase.ausente
        _exigir_version(agregado)
        return agregado

    def guardar(self, principal: Agregado, *otros: Agregado) -> Posicion:
        """Store what all of them decided in one transaction, ``otros`` first, and return ``principal``'s place.

        Raises VersionDistinta when ``principal`` did not stand where the command insists: a new one stood at 0.
        """
        _exigir_version(principal)
        eventos = [evento for agregado in (*otros, principal) for evento in agregado.collect_events()]
        adjuntos = contexto().adjuntos
        if adjuntos:
            adjuntos = {"principal": (principal.id, principal.version), **adjuntos}
        if eventos or adjuntos:
            posiciones = cast(Almacen, self.events).grabar(eventos, **adjuntos)
            if posiciones:
                return Posicion.de(posiciones[-1], principal)
        registro = cast(Registro, self.recorder)
        return Posicion.de(registro.ultima_posicion(principal.id), principal)


def _exigir_version(agregado: Agregado) -> None:
    esperada, decidida_sobre = contexto().version_esperada, agregado.version - len(agregado.pending_events)
    if esperada is not None and esperada != decidida_sobre:
        raise VersionDistinta(esperada, decidida_sobre)
