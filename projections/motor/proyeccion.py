"""How a read model says what each event does to its rows: a switchboard, without SQL."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from domain.base.agregado import Evento
from projections.motor.tabla import F, Tabla

E = TypeVar("E", bound=Evento)
Filas = dict[str, F]
Accion = Callable[[Filas[Any], Any], object | None]


class EventoSinDestino(Exception):
    """A read model says neither what to do with an event nor that it doesn't matter."""


class FilaAusente(Exception):
    """An event changes a row that was never made."""


class Conmutador(Generic[F]):
    """What each event of one application's log does to the rows of ``tabla``, one row a stream."""

    solo_crece = False
    """Whether no stored row is ever looked at again."""

    def __init__(self, aplicacion: str, tabla: Tabla[F]) -> None:
        self.aplicacion, self.tabla = aplicacion, tabla
        self._acciones: dict[str, Accion] = {}
        self._olvidos: dict[str, Callable[[Any], None]] = {}
        self.ignorados: set[str] = set()
        self._lleva_version = "version" in tabla.columnas

    def abre(self, clase: type[E]) -> Callable[[Callable[[E], F | None]], Callable[[E], F | None]]:
        """The event makes the stream's row: the function returns it, or None when there shall be none."""

        def anotar(hacer: Callable[[E], F | None]) -> Callable[[E], F | None]:
            def accion(filas: Filas[F], evento: E) -> None:
                fila = hacer(evento)
                if fila is not None:
                    filas[evento.originator_id] = fila

            self._acciones[clase.TOPIC] = accion
            return hacer

        return anotar

    def con(
        self, *clases: type[E], si_existe: bool = False
    ) -> Callable[[Callable[[F, E], object | None]], Callable[[F, E], object | None]]:
        """The event changes the stream's row in place; a row of another table that is returned is added there.

        ``si_existe``: streams without a row are none of this table's business.
        """

        def anotar(cambiar: Callable[[F, E], object | None]) -> Callable[[F, E], object | None]:
            def accion(filas: Filas[F], evento: E) -> object | None:
                fila: Any = filas.get(evento.originator_id)
                if fila is None:
                    if si_existe:
                        return None
                    raise FilaAusente
                linea = cambiar(fila, evento)
                if self._lleva_version:
                    fila.version = evento.originator_version
                return linea

            self._acciones.update(dict.fromkeys((clase.TOPIC for clase in clases), accion))
            return cambiar

        return anotar

    def olvida(self, clase: type[E]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
        """The event forgets a person, whose data the function takes out of the stream's row.

        That is all that is done with the event where its stream is parked, or is parked by it.
        """

        def anotar(quitar: Callable[[F], None]) -> Callable[[F], None]:
            self._olvidos[clase.TOPIC] = quitar
            return quitar

        return anotar

    def ignora(self, *clases: type[Evento]) -> None:
        """These events mean nothing to the table, on purpose. ``ignorados`` are their stored names."""
        self.ignorados.update(clase.TOPIC for clase in clases)

    @property
    def atendidos(self) -> Set[str]:
        """The stored names of the events that change the table."""
        return self._acciones.keys()

    @property
    def olvidos(self) -> Set[str]:
        """The stored names of the events that forget a person."""
        return self._olvidos.keys()

    def olvidar(self, filas: Filas[F], stream: str, tipo: str) -> None:
        """Take the person's data out of the stream's row, if there is one and an event of this name forgets her."""
        if tipo in self._olvidos and stream in filas:
            self._olvidos[tipo](filas[stream])

    def aplicar(self, filas: Filas[F], evento: Evento, posicion: int = 0) -> object | None:
        """Fold one event, which stands at ``posicion`` of its log, into the rows.

        Raises EventoSinDestino, FilaAusente and whatever a function raises.
        """
        accion = self._acciones.get(evento.TOPIC)
        if accion is not None:
            return accion(filas, evento)
        if evento.TOPIC in self.ignorados:
            return None
        raise EventoSinDestino


@dataclass
class Cambios(Generic[F]):
    """A batch's rows of one table: ``antes`` as they were stored, ``ahora`` as they shall be, by key."""

    tabla: Tabla[F]
    antes: dict[str, F]
    ahora: dict[str, F]
    lineas: list[object] = field(default_factory=list)


class Derivacion(Protocol):
    """What follows from the rows of a batch for other rows, of other streams. ``cursor`` is the transaction's."""

    def completar(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Fill in what the rows of the batch need from other tables, before they are written."""

    def extender(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Carry the batch on to other tables, after its rows were written."""


@dataclass(frozen=True)
class Ajenas:
    """Columns of a switchboard's table that the derivation fills in from other streams.

    ``por``: the column by which the rows that count name this one's key, in tables of the same read model.
    """

    tabla: Tabla[Any]
    columnas: tuple[str, ...]
    por: str | None = None


@dataclass(frozen=True)
class Proyeccion:
    """A read model: its name, its version, and its switchboards, one for each log that it follows.

    ``lineas`` are tables that only grow, by rows that the switchboards' functions return; ``derivadas`` those that
    only the derivation writes; ``ajenas`` what it writes in the switchboards' tables. ``reposo``: seconds in which a
    busy log's next events gather, at least, so that read models for which more people wait get the processors.
    """

    nombre: str
    version: int
    conmutadores: tuple[Conmutador[Any], ...]
    lineas: tuple[Tabla[Any], ...] = ()
    derivacion: Derivacion | None = None
    derivadas: tuple[Tabla[Any], ...] = ()
    ajenas: tuple[Ajenas, ...] = ()
    reposo: float = 0.0

    @property
    def tablas(self) -> tuple[Tabla[Any], ...]:
        """All its tables, in one fixed order."""
        propias = (conmutador.tabla for conmutador in self.conmutadores)
        return tuple(dict.fromkeys((*propias, *self.lineas, *self.derivadas)))

    @property
    def aplicaciones(self) -> tuple[str, ...]:
        """The names of the applications whose logs it follows."""
        return tuple(conmutador.aplicacion for conmutador in self.conmutadores)
