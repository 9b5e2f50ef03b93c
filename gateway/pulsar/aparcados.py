"""Messages that could not be counted, and those of the same key behind them: they wait here, in order."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DataError

from gateway.eventos.llavero import Llavero
from gateway.pulsar.contratos import SIN_ESQUEMA
from gateway.pulsar.pendiente import Pendiente
from gateway.pulsar.recibidos import Recibido
from gateway.pulsar.resguardo import Guardado, Resguardo

_LLAVES = text("SELECT llave FROM mensajes_aparcados WHERE consumidor = :consumidor AND llave = ANY(:llaves) FOR SHARE")
_SIGUE = text(
    "SELECT orden FROM mensajes_aparcados WHERE consumidor = :consumidor AND llave = :llave ORDER BY orden LIMIT 1"
    " FOR SHARE"
)
_APARCAR = text(
    "INSERT INTO mensajes_aparcados (consumidor, llave, clave, mensaje_id, productor, con_llave, version_de_esquema,"
    " sujeto, datos, intentos, error, publicado_en) VALUES (:consumidor, :llave, :clave, :mensaje_id, :productor,"
    " :con_llave, :version_de_esquema, :sujeto, :datos, :intentos, :error, :publicado_en)"
    " ON CONFLICT (consumidor, clave) DO UPDATE SET error = coalesce(nullif(excluded.error, ''),"
    " mensajes_aparcados.error), intentos = mensajes_aparcados.intentos + excluded.intentos"
)
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
        self._motor, self._consumidor = motor, consumidor
        self._resguardo = Resguardo(motor, llavero, consumidor)

    def llaves(self, llaves: Collection[str]) -> set[str]:
        """Those of ``llaves`` that are parked. Waits for whoever is letting one go."""
        with self._motor.connect() as conexion:
            return set(conexion.scalars(_LLAVES, {"consumidor": self._consumidor, "llaves": list(llaves)}))

    def contar_intento(self, clave: str) -> int:
        """How often a message has been tried in vain, with this time."""
        with self._motor.begin() as conexion:
            return int(conexion.scalar(_INTENTO, {"consumidor": self._consumidor, "clave": clave}) or 0)

    def aparcar(self, uno: Pendiente, llave: str, error: str, intentos: int) -> bool:
        """Keep a message. ``error``: why, empty for who waits behind.

        False, and nothing is kept, where that one doesn't wait any more: ``llave`` was let go.
        """
        recibido, guardado = uno.recibido, self._resguardo.guardar(uno)
        valores = {
            "consumidor": self._consumidor,
            "llave": llave,
            "clave": uno.clave,
            "mensaje_id": recibido.mensaje_id,
            "productor": recibido.productor,
            "con_llave": bool(recibido.llave),
            "version_de_esquema": None if guardado.version == SIN_ESQUEMA else guardado.version,
            "sujeto": guardado.sujeto,
            "datos": guardado.datos,
            "intentos": intentos,
            "error": error,
            "publicado_en": recibido.publicado_en,
        }
        try:
            return self._guardar(valores)
        except DataError:
            # Whatever a message holds, those after it go on: what the table can't take is left out.
            return self._guardar(valores | {"productor": "", "version_de_esquema": None, "sujeto": None, "datos": None})

    @contextmanager
    def tomar(self, llave: str) -> "Iterator[Tomados]":
        """Hold all that waits under a key, for whoever takes it up again in a ``with`` block."""
        with self._motor.begin() as conexion:
            # Twice: what was put behind while the first waited for it, only the second sees.
            for _ in range(2):
                cercados = set(conexion.scalars(_CERCAR, {"consumidor": self._consumidor, "llave": llave}))
            esperan = [uno for uno in listar(self._motor, self._consumidor, llave) if uno.orden in cercados]
            yield Tomados(conexion, esperan)

    def abrir(self, uno: Aparcado) -> Recibido | None:
        """A kept message as it came; None when it can't be read any more, or never was kept."""
        version = SIN_ESQUEMA if uno.version_de_esquema is None else uno.version_de_esquema
        datos = self._resguardo.abrir(Guardado(uno.datos, version, uno.sujeto), uno.clave)
        if datos is None:
            return None
        llave = uno.llave if uno.con_llave else ""
        return Recibido(datos, version, llave, uno.productor, uno.mensaje_id, uno.publicado_en)

    def _guardar(self, valores: Mapping[str, object]) -> bool:
        with self._motor.begin() as conexion:
            # Waits for whoever is taking the key up again, who in turn takes up what is put behind here.
            if not valores["error"] and conexion.scalar(_SIGUE, valores) is None:
                return False
            conexion.execute(_APARCAR, valores)
            conexion.execute(_SIN_INTENTOS, valores)
            return True


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
