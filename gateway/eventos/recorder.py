"""The event store's recorder: lock-free appends, and reads that never pass a gap."""

from collections.abc import Collection, Sequence
from typing import Any, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, Notification, StoredEvent, Subscription, Tracking
from eventsourcing.postgres import PostgresProcessRecorder
from psycopg import sql
from psycopg.rows import tuple_row

from domain.base.aplicacion import ClaveYaUsada, HechoYaContado
from gateway.eventos import buzon
from gateway.eventos.avisos import Avisador, Novedades, Oyente
from gateway.eventos.datastore import Datastore
from gateway.eventos.escritura import Escritura
from gateway.eventos.idempotencia import RESTRICCION as CLAVE_REPETIDA
from gateway.eventos.idempotencia import buscar_uso
from gateway.eventos.lectura import SIN_TOPE, Fila, Lectura
from gateway.eventos.sentencias import EN_LINEA, Sentencias
from gateway.eventos.suscripcion import Suscripcion


class Recorder(PostgresProcessRecorder):
    """One module's log. Speaks the library's whole interface, and adds what followers and idempotency need."""

    datastore: Datastore

    def __init__(
        self,
        datastore: Datastore,
        *,
        events_table_name: str,
        tracking_table_name: str,
        avisador: Avisador,
        oyente: Oyente,
    ) -> None:
        super().__init__(datastore, events_table_name=events_table_name, tracking_table_name=tracking_table_name)
        self._avisador, self._oyente = avisador, oyente
        self._lectura = Lectura(datastore, events_table_name)
        tablas = (sql.Identifier(datastore.schema, tabla) for tabla in (events_table_name, tracking_table_name))
        self._sentencias = Sentencias(*(tabla.as_string() for tabla in tablas))

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Store events, and what comes along, in one transaction; return their positions.

        ``tracking`` (Tracking) is counted once: HechoYaContado when that position was passed already, and nothing
        is stored. ``buzon`` (Contados): likewise when one of its messages was counted. ``idempotencia`` (Clave):
        ClaveYaUsada when it is stored already. ``principal`` (id, version) names the aggregate that a key's use
        speaks of, by default the one of the last event. Without events, only what comes along is stored.
        IntegrityError when another writer was first on a stream.
        A connection lost at commit is no error when these very events turn out to be stored.
        """
        escritura = Escritura.de(stored_events, **kwargs)
        if escritura.vacia:
            return []

        def intentar(quiza_guardado: bool) -> list[int]:
            try:
                return self._grabar(escritura)
            except IntegrityError as error:
                if quiza_guardado and (propias := self._propias(escritura)) is not None:
                    return propias
                if _rota(error) == CLAVE_REPETIDA:
                    raise ClaveYaUsada("La clave de idempotencia ya se usó") from error
                if _rota(error) == buzon.RESTRICCION:
                    raise HechoYaContado("El mensaje ya se contó") from error
                raise

        posiciones = self.datastore.insistir(intentar)
        if posiciones:
            self._avisador.avisar(self.channel_name)
        return posiciones

    def insert_tracking(self, tracking: Tracking) -> None:
        """Store a position alone. Raises HechoYaContado when it was passed already."""
        self.insert_events([], tracking=tracking)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        """The events of one stream, by version. Raises OperationalError when the database can't be reached."""
        filas = self.datastore.filas(
            self._sentencias.flujo[desc], (originator_id, gt or 0, SIN_TOPE if lte is None else lte, limit)
        )
        return [StoredEvent(originator_id, *fila) for fila in filas]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        """The library's form of ``leer``: as safe at gaps."""
        desde = 0 if start is None else start - inclusive_of_start
        filas = self._lectura.leer(desde, limit, SIN_TOPE if stop is None else stop, topics)
        return [
            Notification(fila.originator_id, fila.version, fila.topic, fila.state, id=fila.posicion) for fila in filas
        ]

    def leer(self, desde: int, limite: int) -> list[Fila]:
        """The events after position ``desde``, as plain tuples; never beyond a gap that may still be filled.

        Waits 50 ms at most at such a gap, then returns what stands before it, maybe nothing.
        """
        return self._lectura.leer(desde, limite)

    def siguiente(self, desde: int) -> list[Fila]:
        """The first event after position ``desde``, if any: no gaps are looked at."""
        return self._lectura.siguiente(desde)

    def de_streams(self, streams: Collection[str], desde: int, hasta: int) -> list[Fila]:
        """The events of these streams after position ``desde`` and up to ``hasta``, in order: no gaps are looked at."""
        return self._lectura.de_streams(streams, desde, hasta)

    def tipos(self, hasta: int) -> dict[str, int]:
        """How many events there are of each stored name, up to position ``hasta``."""
        return self._lectura.tipos(hasta)

    def ultima_posicion(self, originator_id: str) -> int:
        """Position of the last event of a stream, 0 when there is none."""
        filas = self.datastore.filas(self._sentencias.ultima, (originator_id,))
        return filas[0][0] if filas else 0

    def novedades(self) -> Novedades:
        """What a follower of this log waits on between two reads."""
        return self._oyente.novedades(self.channel_name)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[Any]:
        """Notifications after ``gt``, in order, for ever; survives lost hints and lost connections."""
        return Suscripcion(self, gt, topics)

    def _grabar(self, escritura: Escritura) -> list[int]:
        cuantos = len(escritura.eventos)
        with self.datastore.get_connection() as conexion:
            if escritura.es_simple and cuantos <= EN_LINEA:
                consulta = self._sentencias.simple(cuantos, bool(escritura.claves))
                resultado = conexion.enviar(consulta, escritura.valores())
                return [int(cast(bytes, resultado.get_value(fila, 0))) for fila in range(cuantos)]
            consulta = self._sentencias.compuesta(**escritura.partes)
            with conexion.cursor(row_factory=tuple_row) as cursor:
                ((conto, posiciones),) = cursor.execute(consulta, escritura.parametros(), prepare=True).fetchall()
        if not conto:
            raise HechoYaContado(f"Ya contado: {escritura.tracking}")
        return cast(list[int], posiciones)

    def _propias(self, escritura: Escritura) -> list[int] | None:
        """Positions of these very events when an earlier try did store them, byte for byte; else None."""
        if escritura.eventos:
            filas = self.datastore.filas(self._sentencias.propios, escritura.lugares())
            mias = [(evento.topic, evento.state) for evento in escritura.eventos]
            return (
                [posicion for *_, posicion in filas] if [(topic, state) for topic, state, _ in filas] == mias else None
            )
        if escritura.tracking is not None:
            seguidor = escritura.tracking
            return [] if self.max_tracking_id(seguidor.application_name) == seguidor.notification_id else None
        if (contados := escritura.buzon) is not None:
            hallados = buzon.ya_contados(self.datastore, contados.consumidor, contados.claves)
            return [] if hallados == set(contados.claves) else None
        if (clave := escritura.idempotencia) is None:
            return None
        uso = buscar_uso(self.datastore, clave.actor, clave.ruta, clave.clave)
        return [] if uso is not None and uso.huella == clave.huella else None


def _rota(error: IntegrityError) -> str | None:
    """The constraint that stood in the way."""
    causa = error.__cause__
    return causa.diag.constraint_name if isinstance(causa, psycopg.Error) else None
