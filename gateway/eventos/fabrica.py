"""What an application is built on: one store for all of a process, a log for each."""

from typing import Any

from eventsourcing.persistence import AggregateRecorder, EventStore, InfrastructureFactory, Mapper, Transcoder
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment

from gateway.eventos.avisos import Avisador, Oyente
from gateway.eventos.datastore import Datastore
from gateway.eventos.llavero import Llavero
from gateway.eventos.lote import AlmacenQueJunta
from gateway.eventos.mapper import MapperTipado
from gateway.eventos.nombres import Nombres
from gateway.eventos.recorder import Recorder

APLICACIONES = ("clientes", "pagos", "campanias")
LOGS = tuple(f"{nombre}_events" for nombre in APLICACIONES)


class Tienda:
    """The event store of a process: its pool, its keys, its hints. Nothing connects before its first use."""

    def __init__(
        self,
        db_url: str,
        llave_maestra: bytes,
        *,
        nombres: Nombres | None = None,
        conexiones: int = 20,
        con_plazo: bool = False,
    ) -> None:
        """``db_url`` is a libpq URL; ``llave_maestra`` wraps persons' keys; ``conexiones`` bounds the pool.

        ``con_plazo``: no statement is waited for longer than PLAZO.
        """
        self.datastore = Datastore(db_url, conexiones=conexiones, con_plazo=con_plazo)
        self.llavero = Llavero(self.datastore, llave_maestra)
        self.mapper = MapperTipado(nombres or Nombres(), self.llavero)
        self.avisador = Avisador(self.datastore.conectar)
        self.oyente = Oyente(self.datastore.conectar, LOGS)

    def comprobar(self) -> None:
        """Connect, and refuse a database that would lose or skip events, or whose keys are wrapped with another key.

        Raises AlmacenInseguro, LlaveMaestraEquivocada, OperationalError.
        """
        self.datastore.comprobar(LOGS)
        self.llavero.comprobar()

    def fabrica(self, entorno: Environment) -> "Fabrica":
        """What the application that ``entorno`` names is built with."""
        return Fabrica(entorno, self)

    def cerrar(self) -> None:
        """Stop the threads and close every connection."""
        self.avisador.cerrar()
        self.oyente.cerrar()
        self.datastore.close()


class Fabrica(PostgresFactory):
    """The library's factory over a shared store. Closing an application leaves the store to the others."""

    def __init__(self, env: Environment, tienda: Tienda) -> None:
        # The base class would read a connection of its own out of the environment.
        InfrastructureFactory.__init__(self, env)
        self._tienda, self.datastore = tienda, tienda.datastore

    def mapper(self, transcoder: Transcoder | None = None, mapper_class: Any = None) -> Mapper[Any]:
        return self._tienda.mapper

    def event_store(self, mapper: Any = None, recorder: AggregateRecorder | None = None) -> EventStore[Any]:
        return AlmacenQueJunta(self._tienda.mapper, recorder or self.process_recorder())

    def application_recorder(self) -> Recorder:
        return self.process_recorder()

    def process_recorder(self) -> Recorder:
        return Recorder(
            self._tienda.datastore,
            events_table_name=f"{self.env.name}_events",
            tracking_table_name=f"{self.env.name}_tracking",
            avisador=self._tienda.avisador,
            oyente=self._tienda.oyente,
        )

    def env_create_table(self) -> bool:
        """Never: tables are made by ``migrar``, since recorders that start together fail at it."""
        return False

    def __exit__(self, *_: object) -> None:
        """Leave the store open."""

    def close(self) -> None:
        """Leave the store open."""
