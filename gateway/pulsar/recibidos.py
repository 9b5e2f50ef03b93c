"""What comes in, read tolerantly: Avro or JSON, from us or from other teams."""

import hashlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import fastavro

from domain.base.errores import ReglaRota
from domain.base.texto import es_identificador
from gateway.cuerpo import CUERPO_MAXIMO, HONDURA, exigir_sano, leer
from gateway.pulsar.contratos import SIN_ESQUEMA, MensajeIlegible
from gateway.pulsar.errores import FallaDeBroker

Esquemas = Callable[[int], Any]
"""The parsed Avro schema of a version of the topic's. Raises FallaDeBroker when it can't be asked for."""
VERSION = 1
"""The newest version of any message that is understood here."""
SIN_LLAVE = "sha256:"
"""How the hash begins that stands for a name, or for a message without one."""
_NUNCA = datetime.fromtimestamp(0, UTC)
_ID = re.compile(r"[A-Za-z0-9._:-]{1,200}")
_TIPO = re.compile(r"([A-Za-z]{1,64})(?:\.v(\d{1,4}))?")
_VERSION = re.compile(r"v?(\d{1,4})(?:\.\d{1,4})?")


@dataclass(frozen=True, slots=True)
class Recibido:
    """A message as the broker delivered it. ``llave`` is the key that it was sent with, empty when with none."""

    datos: bytes
    version_de_esquema: int = SIN_ESQUEMA
    llave: str = ""
    productor: str = ""
    mensaje_id: str = ""
    publicado_en: datetime = _NUNCA

    @property
    def huella(self) -> str:
        """Its name when it says none: the same body is the same message."""
        return f"{SIN_LLAVE}{hashlib.sha256(self.datos).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Leido:
    """What a message says. ``id`` names it; ``tipo`` is without version; what it doesn't say is empty or 0."""

    id: str
    tipo: str
    agregado: str = ""
    correlacion: str = ""
    secuencia: int = 0
    posicion: int = 0
    posicion_anterior: int = 0
    datos: dict[str, Any] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        """``agregado`` where it can be an id, else nothing: what somebody put there instead may be personal."""
        return self.agregado if es_identificador(self.agregado) else ""


class VersionDesconocida(MensajeIlegible):
    """A newer message than this program understands: to be read once the program is newer.

    ``leido`` is what its envelope says, without its data.
    """

    def __init__(self, leido: Leido) -> None:
        super().__init__("es de una versión que este programa no conoce")
        self.leido = leido


def nombrar(dicho: str) -> str:
    """What somebody calls a message: what is no plain id may be personal, so its hash. How it is stored: ``pendiente``.

    Empty when it is blank.
    """
    if not dicho.strip() or _ID.fullmatch(dicho):
        return dicho.strip()
    return f"{SIN_LLAVE}{hashlib.sha256(dicho.encode(errors='surrogatepass')).hexdigest()}"


def imprimible(dicho: str) -> str:
    """The same, with escapes for what would not be seen, or would be obeyed, by a database or a terminal."""
    return "".join(uno if uno.isprintable() else uno.encode("unicode_escape").decode() for uno in dicho)


def entender(recibido: Recibido, esquemas: Esquemas) -> Leido:
    """Read a message. Raises MensajeIlegible, VersionDesconocida, and FallaDeBroker."""
    crudo = _abrir(recibido, esquemas)
    tipo = _TIPO.fullmatch(_texto(crudo, "type"))
    if tipo is None:
        raise MensajeIlegible("no dice de qué tipo es")
    leido = Leido(
        id=nombrar(_texto(crudo, "eventId", "event_id")) or recibido.huella,
        tipo=tipo[1],
        agregado=_texto(crudo, "aggregateId", "aggregate_id"),
        correlacion=nombrar(_texto(crudo, "correlationId", "correlation_id")),
        secuencia=_numero(crudo.get("secuencia")),
        posicion=_numero(crudo.get("posicion")),
        posicion_anterior=_numero(crudo.get("posicionAnterior")),
    )
    dicha = _VERSION.fullmatch(_texto(crudo, "schemaVersion", "schema_version") or "1")
    if dicha is None or max(int(dicha[1]), int(tipo[2] or 1)) > VERSION:
        raise VersionDesconocida(leido)
    return replace(leido, datos=_datos(crudo.get("data")))


def _abrir(recibido: Recibido, esquemas: Esquemas) -> Mapping[str, Any]:
    if not recibido.datos or len(recibido.datos) > CUERPO_MAXIMO:
        raise MensajeIlegible("está vacío, o pasa de 1 MiB")
    # No record of ours can begin with a brace: what says so although the topic has a schema is JSON too.
    if recibido.version_de_esquema == SIN_ESQUEMA or recibido.datos.startswith(b"{"):
        return _json(recibido.datos)
    try:
        leido = fastavro.schemaless_reader(io.BytesIO(recibido.datos), esquemas(recibido.version_de_esquema), None)
        exigir_sano(leido)
    except (FallaDeBroker, MensajeIlegible, OSError):
        raise
    except Exception as error:  # fastavro raises whatever the damaged bytes, or a schema of somebody's, lead it to
        raise MensajeIlegible(f"no es Avro de su esquema: {type(error).__name__}") from None
    if not isinstance(leido, dict):
        raise MensajeIlegible("no es un registro")
    return leido


def _json(crudo: bytes, hondura: int = HONDURA) -> dict[str, Any]:
    try:
        return leer(crudo, hondura)
    except ReglaRota as error:
        raise MensajeIlegible(str(error)) from None


def _datos(dicho: Any) -> dict[str, Any]:
    """``data``: an object, or a text that holds one."""
    match dicho:
        case dict():
            return dicho
        case str():
            # As deep as it may be within an envelope in JSON, as which it is kept when it waits.
            return _json(dicho.encode(), HONDURA - 1)
        case None:
            return {}
        case _:
            raise MensajeIlegible("data no es un objeto")


def _texto(crudo: Mapping[str, Any], *nombres: str) -> str:
    for nombre in nombres:
        valor = crudo.get(nombre)
        if isinstance(valor, str) and valor:
            return valor
        if isinstance(valor, int) and not isinstance(valor, bool):
            return str(valor)
    return ""


def _numero(dicho: Any) -> int:
    return dicho if isinstance(dicho, int) and not isinstance(dicho, bool) and 0 < dicho < 2**63 else 0
