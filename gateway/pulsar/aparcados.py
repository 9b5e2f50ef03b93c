"""Messages that could not be counted, and those of the same key behind them: they wait here, in order.

What ``comandos.cliente`` brings may be personal: it is kept sealed under the person's key, so that forgetting the
person reaches it, and not at all when nobody can tell whose it is.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DataError

from domain.base.texto import es_identificador
from gateway.eventos.llavero import Llavero, abrir, sellar
from gateway.http.escritura import a_json
from gateway.pulsar.contratos import SIN_ESQUEMA
from gateway.pulsar.pendiente import Pendiente
from gateway.pulsar.recibidos import Leido, Recibido

CON_PERSONALES = frozenset({"comandos.cliente"})
"""Consumers whose messages may hold personal data."""
_LLAVES = text("SELECT llave FROM mensajes_aparcados WHERE consumidor = :consumidor AND llave = ANY(:llaves) FOR SHARE")
_APARCAR = text(
    "INSERT INTO mensajes_aparcados (consumidor, llave, clave, mensaje_id, productor, con_llave, version_de_esquema,"
    " sujeto, datos, intentos, error, publicado_en) VALUES (:consumidor, :llave, :clave, :mensaje_id, :productor,"
    " :con_llave, :version_de_esquema, :sujeto, :datos, :intentos, :error, :publicado_en)"
    " ON CONFLICT (consumidor, clave) DO UPDATE SET error = coalesce(nullif(excluded.error, ''),"
    " mensajes_aparcados.error), intentos = mensajes_aparcados.intentos + excluded.intentos"
)
_CON_CLAVE = text("INSERT INTO claves (sujeto, clave) VALUES (:sujeto, :clave) ON CONFLICT (sujeto) DO NOTHING")
_INTENTO = text(
    "INSERT INTO buzon_intentos AS i (consumidor, clave, intentos) VALUES (:consumidor, :clave, 1)"
    " ON CONFLICT (consumidor, clave) DO UPDATE SET intentos = i.intentos + 1 RETURNING intentos"
)
_SIN_INTENTOS = text("DELETE FROM buzon_intentos WHERE consumidor = :consumidor AND clave = :clave")
_LISTAR = text(
    "SELECT orden, consumidor, llave, clave, con_llave, mensaje_id, productor, version_de_esquema, sujeto, intentos,"
    " error, publicado_en, aparcado_en, datos FROM mensajes_aparcados"
    " WHERE (CAST(:consumidor AS text) IS NULL OR consumidor = :consumidor)"
    " AND (CAST(:llave AS text) IS NULL OR llave = :llave) ORDER BY consumidor, orden"
)
_CERCAR = text(
    "SELECT orden FROM mensajes_aparcados WHERE consumidor = :consumidor AND llave = :llave ORDER BY orden FOR UPDATE"
)
_SOLTAR = text("DELETE FROM mensajes_aparcados WHERE orden = :orden")


@dataclass(frozen=True, slots=True)
class Aparcado:
    """A message that waits. ``error`` is why it stopped, empty when it only waits behind another of its ``llave``."""

    orden: int
    consumidor: str
    llave: str
    clave: str
    con_llave: bool
    mensaje_id: str
    productor: str
    version_de_esquema: int | None
    sujeto: str | None
    intentos: int
    error: str
    publicado_en: datetime
    aparcado_en: datetime
    datos: bytes | None


def listar(motor: Engine, consumidor: str | None = None, llave: str | None = None) -> list[Aparcado]:
    """What waits: all, or of one consumer, or of one key; in the order in which it came."""
    with motor.connect() as conexion:
        return [Aparcado(*fila) for fila in conexion.execute(_LISTAR, {"consumidor": consumidor, "llave": llave})]


class Aparcamiento:
    """What one consumer has parked. Raises sqlalchemy's DBAPIError without a database."""

    def __init__(self, motor: Engine, llavero: Llavero, consumidor: str) -> None:
        self._motor, self._llavero, self._consumidor = motor, llavero, consumidor

    def llaves(self, llaves: Collection[str]) -> set[str]:
        """Those of ``llaves`` that are parked. Waits for whoever is letting one go."""
        with self._motor.connect() as conexion:
            return set(conexion.scalars(_LLAVES, {"consumidor": self._consumidor, "llaves": list(llaves)}))

    def contar_intento(self, clave: str) -> int:
        """How often a message has been tried in vain, with this time."""
        with self._motor.begin() as conexion:
            return int(conexion.scalar(_INTENTO, {"consumidor": self._consumidor, "clave": clave}) or 0)

    def aparcar(self, uno: Pendiente, llave: str, error: str, intentos: int) -> None:
        """Keep a message. ``error``: why, empty for who waits behind."""
        recibido, leido, clave = uno.recibido, uno.leido, uno.clave
        datos, version = _guardable(recibido, leido)
        sujeto, guardado = self._sellado(leido, recibido.llave, clave, datos)
        valores = {
            "consumidor": self._consumidor,
            "llave": llave,
            "clave": clave,
            "mensaje_id": recibido.mensaje_id,
            "productor": recibido.productor,
            "con_llave": bool(recibido.llave),
            "version_de_esquema": None if version == SIN_ESQUEMA else version,
            "sujeto": sujeto,
            "datos": guardado,
            "intentos": intentos,
            "error": error,
            "publicado_en": recibido.publicado_en,
        }
        try:
            self._guardar(valores)
        except DataError:
            # Whatever a message holds, those after it go on: what the table can't take is left out.
            self._guardar(valores | {"productor": "", "version_de_esquema": None, "sujeto": None, "datos": None})

    @contextmanager
    def tomar(self, llave: str) -> "Iterator[Tomados]":
        """Hold all that waits under a key, for whoever takes it up again in a ``with`` block."""
        with self._motor.begin() as conexion:
            cercados = set(conexion.scalars(_CERCAR, {"consumidor": self._consumidor, "llave": llave}))
            esperan = [uno for uno in listar(self._motor, self._consumidor, llave) if uno.orden in cercados]
            yield Tomados(conexion, esperan)

    def abrir(self, uno: Aparcado) -> Recibido | None:
        """A kept message as it came; None when it can't be read any more, or never was kept."""
        datos = uno.datos
        if datos is not None and uno.sujeto is not None:
            clave = self._llavero.claves([uno.sujeto]).get(uno.sujeto)
            datos = None if clave is None else _abierto(clave, datos, self._ligado(uno.clave))
        if datos is None:
            return None
        version = SIN_ESQUEMA if uno.version_de_esquema is None else uno.version_de_esquema
        llave = uno.llave if uno.con_llave else ""
        return Recibido(datos, version, llave, uno.productor, uno.mensaje_id, uno.publicado_en)

    def _sellado(self, leido: Leido | None, llave: str, clave: str, datos: bytes) -> tuple[str | None, bytes | None]:
        """Whose the message is, and the bytes to keep of it."""
        if self._consumidor not in CON_PERSONALES:
            return None, datos
        dichos = [str(leido.datos.get("id") or ""), leido.agregado, llave] if leido else [llave]
        sujeto = next((uno for uno in dichos if es_identificador(uno)), None)
        if sujeto is None:
            return None, None
        if not self._llavero.claves([sujeto]):
            with self._motor.begin() as conexion:
                conexion.execute(_CON_CLAVE, {"sujeto": sujeto, "clave": self._llavero.nueva(sujeto)[1]})
        secreta = self._llavero.claves([sujeto]).get(sujeto)
        return sujeto, None if secreta is None else sellar(secreta, datos, self._ligado(clave))

    def _guardar(self, valores: Mapping[str, object]) -> None:
        with self._motor.begin() as conexion:
            conexion.execute(_APARCAR, valores)
            conexion.execute(_SIN_INTENTOS, {"consumidor": self._consumidor, "clave": valores["clave"]})

    def _ligado(self, clave: str) -> bytes:
        return f"{self._consumidor}|{clave}".encode()


@dataclass(frozen=True)
class Tomados:
    """What waits under one key, oldest first, held until the transaction ends."""

    conexion: Connection
    esperan: list[Aparcado]

    def soltar(self, uno: Aparcado) -> None:
        self.conexion.execute(_SOLTAR, {"orden": uno.orden})

    def anotar(self, uno: Aparcado, error: str) -> None:
        """It stopped again."""
        self.conexion.execute(
            text("UPDATE mensajes_aparcados SET error = :error, intentos = intentos + 1 WHERE orden = :orden"),
            {"orden": uno.orden, "error": error},
        )


def _guardable(recibido: Recibido, leido: Leido | None) -> tuple[bytes, int]:
    """Bytes that can be read without asking a broker for a schema, when they were read once."""
    if leido is None or recibido.version_de_esquema == SIN_ESQUEMA:
        return recibido.datos, recibido.version_de_esquema
    # By hand: ``asdict`` would copy the data, level by level.
    nombres = {"eventId": leido.id, "type": leido.tipo, "aggregateId": leido.agregado}
    return a_json({**nombres, "correlationId": leido.correlacion, "data": leido.datos}), SIN_ESQUEMA


def _abierto(clave: AESGCM, datos: bytes, ligado: bytes) -> bytes | None:
    try:
        return abrir(clave, datos, ligado)
    except InvalidTag:
        return None
