"""The public contract: the envelope of every message on ``eventos.*``, and the shape of what each kind carries.

``publico/`` is the contract itself, for people and for other programs: ``sobre.avsc`` is what the broker's registry
holds, the other files list the kinds of message, a module each. There is nothing personal in any of them
(``personales`` names the fields that are). It grows by additions only, which tests/contratos guards.
"""

import copy
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fastavro
import msgspec

PUBLICO = Path(__file__).parent / "publico"
ENVOLTURA: Mapping[str, Any] = json.loads((PUBLICO / "sobre.avsc").read_text("utf-8"))
"""The Avro schema of the envelope."""
TEXTO_DE_ENVOLTURA = json.dumps(ENVOLTURA, ensure_ascii=False)
"""The same, as the broker's registry gets it: always the same text, so always the same version."""
SIN_ESQUEMA = -1
"""The schema version of a message that was sent without any."""


class MensajeIlegible(ValueError):
    """Bytes that are no message of ours. Its text never repeats them."""


class Mensaje(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, as the world is told. ``datos`` is in the shape that the contract gives for ``tipo``.

    Amounts are ``{"valor": "1250.50", "moneda": "USD"}``, instants ISO 8601 in UTC.
    """

    event_id: str = msgspec.field(name="eventId")
    tipo: str = msgspec.field(name="type")
    schema_version: str = msgspec.field(name="schemaVersion")
    aggregate_id: str = msgspec.field(name="aggregateId")
    aggregate_type: str = msgspec.field(name="aggregateType")
    secuencia: int
    posicion: int
    posicion_anterior: int = msgspec.field(name="posicionAnterior")
    ocurrido_en: str = msgspec.field(name="ocurridoEn")
    correlation_id: str = msgspec.field(name="correlationId", default="")
    causation_id: str = msgspec.field(name="causationId", default="")
    datos: dict[str, Any] = msgspec.field(name="data")


def codificar(mensaje: Mensaje) -> bytes:
    """The Avro bytes of a message, in the newest envelope."""
    return _en_avro(
        {
            "eventId": mensaje.event_id,
            "type": mensaje.tipo,
            "schemaVersion": mensaje.schema_version,
            "aggregateId": mensaje.aggregate_id,
            "aggregateType": mensaje.aggregate_type,
            "secuencia": mensaje.secuencia,
            "posicion": mensaje.posicion,
            "posicionAnterior": mensaje.posicion_anterior,
            "ocurridoEn": mensaje.ocurrido_en,
            "correlationId": mensaje.correlation_id,
            "causationId": mensaje.causation_id,
            "data": _JSON.encode(mensaje.datos).decode(),
        }
    )


def leer(datos: bytes, version_de_esquema: int | None = None, escritor: Mapping[str, Any] | None = None) -> Mensaje:
    """A message as it was sent: in Avro under the schema ``escritor``, or in JSON when it had no schema.

    ``version_de_esquema`` is the message's own, None or SIN_ESQUEMA for none. ``escritor`` must be one object for one
    schema; None is the newest. Raises MensajeIlegible.
    """
    try:
        if version_de_esquema is None or version_de_esquema == SIN_ESQUEMA:
            crudo = msgspec.json.decode(datos)
        elif escritor is None or escritor is ENVOLTURA:
            crudo = fastavro.schemaless_reader(io.BytesIO(datos), _PROPIO, None)
        else:
            crudo = fastavro.schemaless_reader(io.BytesIO(datos), _entendido(escritor), _PROPIO)
        if isinstance(crudo.get("data"), str):
            crudo["data"] = msgspec.json.decode(crudo["data"])
        return msgspec.convert(crudo, Mensaje)
    except Exception as error:  # fastavro raises whatever the damaged bytes lead it to
        raise MensajeIlegible(f"no es un mensaje nuestro: {type(error).__name__}") from None


def catalogo(modulo: str) -> dict[str, dict[str, Any]]:
    """Every kind of message on ``eventos.{modulo}``: its Avro schema, as the contract has it, by type."""
    return {uno["tipo"]: uno for archivo in (modulo, "comun") for uno in _lista(archivo)}


def _lista(archivo: str) -> list[dict[str, Any]]:
    lista: list[dict[str, Any]] = json.loads((PUBLICO / f"{archivo}.avsc").read_text("utf-8"))
    return lista


def _en_avro(sobre: Mapping[str, Any]) -> bytes:
    salida = io.BytesIO()
    fastavro.schemaless_writer(salida, _PROPIO, sobre)
    return salida.getvalue()


def _entendido(escritor: Mapping[str, Any]) -> Any:
    # Parsing takes longer than reading a hundred messages. Names must not differ between writer and reader.
    previo = _entendidos.get(id(escritor))
    if previo is None:
        suyo = copy.deepcopy({**escritor, "name": ENVOLTURA["name"], "namespace": ENVOLTURA["namespace"]})
        # The schema is kept too, so that its id names no other one meanwhile.
        previo = _entendidos[id(escritor)] = (escritor, fastavro.parse_schema(suyo))
    return previo[1]


_entendidos: dict[int, tuple[Mapping[str, Any], Any]] = {}
_PROPIO = _entendido(ENVOLTURA)
_JSON = msgspec.json.Encoder()
