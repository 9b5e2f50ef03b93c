"""Between events and their stored bytes: typed JSON, with each person's data sealed under the person's key."""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from typing import Any, cast

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent
from eventsourcing.utils import TopicError

from domain.base.agregado import Evento
from domain.base.contexto import contexto
from gateway.eventos.escritura import EventoConClave
from gateway.eventos.lectura import Fila
from gateway.eventos.llavero import Llavero, SujetoOlvidado, abrir, sellar
from gateway.eventos.nombres import SELLADO, Estado, Forma, Nombres

Leido = tuple[Fila, Forma, Estado, str | None]
"""A row with its form and state, and the person whose key must open it, if any: the state is as stored then."""


class EventoIlegible(MapperDeserialisationError):
    """A stored event that can't be read. Its message names the event and repeats nothing that it holds."""

    def __init__(self, mensaje: str, posicion: int) -> None:
        super().__init__(mensaje)
        self.posicion = posicion
        """Where it stands in its module's log; 0 where that isn't known."""


class MapperTipado(Mapper[str]):
    """Maps single events as the library asks, and batches with one look at the keys."""

    def __init__(self, nombres: Nombres, llavero: Llavero) -> None:
        super().__init__(JSONTranscoder())
        self._nombres, self._llavero = nombres, llavero
        self._codificador = msgspec.json.Encoder()

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """As ``to_stored_events``, of one."""
        return self.to_stored_events([domain_event])[0]

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """As ``to_domain_events``, of one."""
        return self.de_guardados([stored_event])[0]

    def de_guardados(self, guardados: Iterable[StoredEvent]) -> list[Evento]:
        """As ``to_domain_events``, of the library's stored events."""
        return self.to_domain_events(
            Fila(0, uno.originator_id, uno.originator_version, uno.topic, uno.state)
            for uno in cast(Iterable[Any], guardados)
        )

    def to_stored_events(self, eventos: Sequence[Evento]) -> list[StoredEvent]:
        """The stored form of events that are to be stored together.

        Raises SujetoOlvidado when one carries personal data of a person whose key was destroyed.
        """
        claves = self._llavero.claves(self._con_clave_quiza(eventos))
        return [self._guardar(evento, claves) for evento in eventos]

    def to_domain_events(self, filas: Iterable[Fila]) -> list[Evento]:
        """The events of rows of any streams, their keys fetched in one query. A forgotten person's fields are None.

        Raises MapperDeserialisationError, which names the row that can't be read.
        """
        leidos = [self._leer(fila) for fila in filas]
        return self._abiertos(leidos, self._llavero.claves({sujeto for *_, sujeto in leidos if sujeto is not None}))

    def sin_personales(self, filas: Iterable[Fila]) -> list[Evento]:
        """As ``to_domain_events``, but nothing is opened: personal fields are None, whoever they speak of."""
        leidos = [self._leer(fila) for fila in filas]
        return self._abiertos(leidos, {sujeto: None for *_, sujeto in leidos if sujeto is not None})

    def puede_ser(self, topic: str, clases: tuple[type[Evento], ...]) -> bool:
        """Whether a stored name is one of these events today. One that nobody knows may be any."""
        try:
            return issubclass(self._nombres.forma(topic).clase, clases)
        except TopicError:
            return True

    def _abiertos(self, leidos: Iterable[Leido], claves: dict[str, AESGCM | None]) -> list[Evento]:
        return [
            _revivir(fila, forma, estado if sujeto is None else self._abrir(fila, forma, estado, sujeto, claves))
            for fila, forma, estado, sujeto in leidos
        ]

    def _guardar(self, evento: Evento, claves: dict[str, AESGCM | None]) -> StoredEvent:
        topic, estado = evento.TOPIC, vars(evento).copy()
        forma = self._nombres.forma(topic)
        flujo, version = estado.pop("originator_id"), estado.pop("originator_version")
        if forma.es_inicial:
            del estado["originator_topic"]
        nueva = None
        if forma.personales:
            clave, nueva = self._clave(_sujeto(evento), claves)
            claro = self._codificador.encode({campo: estado.pop(campo) for campo in forma.personales})
            # msgspec writes bytes as base64.
            estado[SELLADO] = sellar(clave, claro, _ligado(topic, flujo, version))
        bytes_ = self._codificador.encode(estado)
        if nueva is None and not evento.OLVIDA:
            return StoredEvent(flujo, version, topic, bytes_)
        return EventoConClave(flujo, version, topic, bytes_, nueva, _sujeto(evento) if evento.OLVIDA else None)

    def _con_clave_quiza(self, eventos: Sequence[Evento]) -> set[str]:
        """Persons whose key must be looked for. A stream that begins can have none: a conflict tells if it has."""
        primer_intento = _primer_intento()
        return {
            _sujeto(evento)
            for evento in eventos
            if self._nombres.forma(evento.TOPIC).personales
            and (evento.originator_version > 1 or not primer_intento or evento.SUJETO != "originator_id")
        }

    def _clave(self, sujeto: str, claves: dict[str, AESGCM | None]) -> tuple[AESGCM, tuple[str, bytes] | None]:
        """The person's key, and what to store when it was made now."""
        if sujeto not in claves:
            claves[sujeto], envuelta = self._llavero.nueva(sujeto)
            return cast(AESGCM, claves[sujeto]), (sujeto, envuelta)
        if (clave := claves[sujeto]) is None:
            raise SujetoOlvidado(f"{sujeto} fue olvidado: sus datos no se guardan más")
        return clave, None

    def _leer(self, fila: Fila) -> Leido:
        try:
            forma = self._nombres.forma(fila.topic)
            if fila.topic in self._nombres.anteriores:
                # Bytes of an old shape are typed only once they are opened and converted.
                estado = msgspec.json.decode(fila.state)
                if not self._nombres.anteriores[fila.topic].personales:
                    return fila, forma, self._nombres.convertir(fila.topic, estado), None
            else:
                estado = forma.decodificador.decode(fila.state)
                if not forma.personales:
                    return fila, forma, estado, None
            sujeto = forma.clase.SUJETO
            return fila, forma, estado, fila.originator_id if sujeto == "originator_id" else estado[sujeto]
        except (msgspec.DecodeError, TopicError, LookupError, TypeError, ValueError) as error:
            raise _ilegible(fila, error) from error

    def _abrir(self, fila: Fila, forma: Forma, estado: Estado, sujeto: str, claves: dict[str, AESGCM | None]) -> Estado:
        """A sealed state opened, in the newest shape; a destroyed key leaves None in the personal fields."""
        anterior = self._nombres.anteriores.get(fila.topic)
        try:
            sellado = estado.pop(SELLADO)
            # A person without a row never had a key: that is damage, not oblivion.
            clave = claves[sujeto]
            if clave is None:
                estado.update(dict.fromkeys(forma.personales if anterior is None else anterior.personales))
            else:
                crudo = sellado if anterior is None else b64decode(sellado)
                claro = abrir(clave, crudo, _ligado(fila.topic, fila.originator_id, fila.version))
                estado.update((forma.decodificador_personal if anterior is None else msgspec.json).decode(claro))
            return estado if anterior is None else self._nombres.convertir(fila.topic, estado)
        except (msgspec.DecodeError, InvalidTag, LookupError, TypeError, ValueError) as error:
            raise _ilegible(fila, error) from error


def _revivir(fila: Fila, forma: Forma, estado: Estado) -> Evento:
    estado["originator_id"], estado["originator_version"] = fila.originator_id, fila.version
    if forma.es_inicial:
        estado["originator_topic"] = forma.agregado
    evento = object.__new__(forma.clase)
    object.__setattr__(evento, "__dict__", estado)
    return evento


def _sujeto(evento: Evento) -> str:
    """The person that an event speaks of."""
    return cast(str, getattr(evento, evento.SUJETO))


def _primer_intento() -> bool:
    try:
        return contexto().intento == 0
    except LookupError:
        return False


def _ligado(topic: str, flujo: str, version: int) -> bytes:
    """What a sealed blob opens together with, so that it can't be moved to another event."""
    return f"{topic}|{flujo}|{version}".encode()


def _ilegible(fila: Fila, error: Exception) -> EventoIlegible:
    # The type only: an error's text may repeat what was read.
    return EventoIlegible(
        f"No se puede leer {fila.topic}, versión {fila.version} de {fila.originator_id}: {type(error).__name__}",
        fila.posicion,
    )
