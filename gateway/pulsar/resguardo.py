"""What is kept of a message that waits.

What ``comandos.cliente`` brings may be personal: it is kept sealed under the person's key, so that forgetting the
person reaches it, and not at all when nobody can tell whose it is.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine, text

from domain.base.texto import es_identificador
from gateway.eventos.llavero import Llavero, abrir, sellar
from gateway.http.escritura import a_json
from gateway.pulsar.comandos import nombrado_en_datos
from gateway.pulsar.contratos import SIN_ESQUEMA
from gateway.pulsar.pendiente import Pendiente
from gateway.pulsar.recibidos import Leido, VersionDesconocida

CON_PERSONALES = frozenset({"comandos.cliente"})
"""Consumers whose messages may hold personal data."""
_CON_CLAVE = text("INSERT INTO claves (sujeto, clave) VALUES (:sujeto, :clave) ON CONFLICT (sujeto) DO NOTHING")


@dataclass(frozen=True, slots=True)
class Guardado:
    """The bytes of a message and their version of schema, sealed under the key of ``sujeto``, if there is one."""

    datos: bytes | None
    version: int
    sujeto: str | None = None


class Resguardo:
    """Seals and opens what one consumer keeps. Raises sqlalchemy's DBAPIError without a database."""

    def __init__(self, motor: Engine, llavero: Llavero, consumidor: str) -> None:
        self._motor, self._llavero, self._consumidor = motor, llavero, consumidor

    def guardar(self, uno: Pendiente) -> Guardado:
        """What may be kept of a message."""
        datos, version = _guardable(uno)
        if self._consumidor not in CON_PERSONALES:
            return Guardado(datos, version)
        sujeto = _de_quien(uno.leido, uno.recibido.llave)
        if sujeto is None:
            return Guardado(None, version)
        if not self._llavero.claves([sujeto]):
            with self._motor.begin() as conexion:
                conexion.execute(_CON_CLAVE, {"sujeto": sujeto, "clave": self._llavero.nueva(sujeto)[1]})
        secreta = self._llavero.claves([sujeto]).get(sujeto)
        sellados = None if secreta is None else sellar(secreta, datos, self._ligado(uno.clave))
        return Guardado(sellados, version, sujeto)

    def abrir(self, guardado: Guardado, clave: str) -> bytes | None:
        """The bytes kept of the message ``clave``; None when they can't be read any more, or never were kept."""
        if guardado.datos is None or guardado.sujeto is None:
            return guardado.datos
        secreta = self._llavero.claves([guardado.sujeto]).get(guardado.sujeto)
        try:
            return None if secreta is None else abrir(secreta, guardado.datos, self._ligado(clave))
        except InvalidTag:
            return None

    def _ligado(self, clave: str) -> bytes:
        return f"{self._consumidor}|{clave}".encode()


def _de_quien(leido: Leido | None, llave: str) -> str | None:
    """The person on whom a message acts, as far as it tells; else whom its key names."""
    dichos = [leido.agregado or nombrado_en_datos(leido), llave] if leido else [llave]
    return next((uno for uno in dichos if es_identificador(uno)), None)


def _guardable(uno: Pendiente) -> tuple[bytes, int]:
    """Bytes that can be read without asking a broker for a schema, when they were read once: to the end."""
    recibido, leido = uno.recibido, uno.leido
    if leido is None or isinstance(uno.error, VersionDesconocida) or recibido.version_de_esquema == SIN_ESQUEMA:
        return recibido.datos, recibido.version_de_esquema
    # By hand: ``asdict`` would copy the data, level by level.
    nombres = {"eventId": leido.id, "type": leido.tipo, "aggregateId": leido.agregado}
    return a_json({**nombres, "correlationId": leido.correlacion, "data": leido.datos}), SIN_ESQUEMA
