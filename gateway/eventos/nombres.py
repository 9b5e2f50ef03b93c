"""The stored names of all events: which class each one is today, and how its bytes are read.

Importing this module imports every aggregate, and so registers every present name with the library.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, ClassVar, TypedDict, get_args, get_origin, get_type_hints

import msgspec
from eventsourcing.utils import TopicError, get_topic, register_topic

from domain.base.agregado import Agregado, Evento, EventoInicial, Personal
from domain.base.rechazo import Rechazo
from domain.base.reserva import Reserva
from domain.campanias.agregado import Campania
from domain.campanias.espera import Espera
from domain.cliente.agregado import Cliente
from domain.pagos.agregado import Payout

Estado = dict[str, Any]
FUERA_DEL_ESTADO = {"originator_id", "originator_version", "originator_topic"}
"""Fields that the row's columns or the class tell already."""
SELLADO = "_sellado"


@dataclass(frozen=True, slots=True)
class Anterior:
    """A stored name of old and the step that makes its state one of the name that followed, ``sucesor``.

    ``convertir`` takes and returns a state as plain JSON values. ``personales`` are the old shape's personal
    fields: they are opened before the step, and are None of a person who was forgotten.
    """

    sucesor: str
    convertir: Callable[[Estado], Estado]
    personales: tuple[str, ...] = ()


ANTERIORES: Mapping[str, Anterior] = {}
"""Every name that is stored no more, by name. A changed shape gets a new version and leaves its old name here."""


def agregados() -> tuple[type[Agregado], ...]:
    """Every class whose events are stored."""
    return (Cliente, Payout, Campania, Reserva, Espera, Rechazo)


def version_de_esquema(topic: str) -> int:
    """The ``schemaVersion`` of a stored name: the N of its ``.vN``. Raises ValueError when it has none."""
    hallado = re.search(r"\.v(\d+)$", topic)
    if hallado is None:
        raise ValueError(f"{topic} no lleva versión")
    return int(hallado[1])


class Forma:
    """How the events of one class are stored."""

    def __init__(self, agregado: type[Agregado], clase: type[Evento]) -> None:
        self.topic, self.clase, self.agregado = clase.TOPIC, clase, get_topic(agregado)
        self.es_inicial = issubclass(clase, EventoInicial)
        self.campos = {
            campo: tipo
            for campo, tipo in get_type_hints(clase, include_extras=True).items()
            if campo not in FUERA_DEL_ESTADO and get_origin(tipo) is not ClassVar
        }
        self.personales = tuple(campo for campo, tipo in self.campos.items() if _es_personal(tipo))

    @cached_property
    def decodificador(self) -> "msgspec.json.Decoder[Estado]":
        """Reads a stored state; what is sealed stays so."""
        claros = {campo: tipo for campo, tipo in self.campos.items() if campo not in self.personales}
        return _decodificador(claros | ({SELLADO: bytes} if self.personales else {}))

    @cached_property
    def decodificador_personal(self) -> "msgspec.json.Decoder[Estado]":
        """Reads what was sealed."""
        return _decodificador({campo: self.campos[campo] for campo in self.personales})

    @cached_property
    def completo(self) -> Any:
        """The type of a whole state, nothing sealed."""
        return _registro(self.campos)


class Nombres:
    """The registry: every name that stands in a log resolves here to its newest class."""

    def __init__(
        self, clases: Iterable[type[Agregado]] | None = None, anteriores: Mapping[str, Anterior] = ANTERIORES
    ) -> None:
        """By default all of ``agregados()``. Old names are made known to the library too."""
        self.formas = {
            forma.topic: forma
            for agregado in (agregados() if clases is None else clases)
            for forma in _formas(agregado)
        }
        self.anteriores = anteriores
        self._por_nombre = dict(self.formas)
        for topic in anteriores:
            self._por_nombre[topic] = self.forma(self._vigente(topic))
            register_topic(topic, self.forma(topic).clase)

    def forma(self, topic: str) -> Forma:
        """The newest form of a stored name. Raises TopicError when it is none of ours."""
        try:
            return self._por_nombre[topic]
        except KeyError:
            raise TopicError(f"Ningún evento se llama {topic}") from None

    def _vigente(self, topic: str) -> str:
        while topic in self.anteriores:
            topic = self.anteriores[topic].sucesor
        return topic

    def convertir(self, topic: str, estado: Estado) -> Estado:
        """Bring an opened state of old to its newest shape, typed. Raises msgspec.ValidationError."""
        forma = self.forma(topic)
        while topic in self.anteriores:
            paso = self.anteriores[topic]
            topic, estado = paso.sucesor, paso.convertir(estado)
        convertido: Estado = msgspec.convert(estado, forma.completo)
        return convertido


def _formas(agregado: type[Agregado]) -> Iterable[Forma]:
    for nombre, clase in vars(agregado).items():
        if isinstance(clase, type) and issubclass(clase, Evento) and nombre != "Event":
            yield Forma(agregado, clase)


def _es_personal(tipo: Any) -> bool:
    return get_origin(tipo) is Annotated and Personal in get_args(tipo)


def _decodificador(campos: Mapping[str, Any]) -> "msgspec.json.Decoder[Estado]":
    return msgspec.json.Decoder(_registro(campos))


def _registro(campos: Mapping[str, Any]) -> Any:
    # mypy reads TypedDict as syntax; here it is a function.
    constructor: Any = TypedDict
    return constructor("Estado", dict(campos))
