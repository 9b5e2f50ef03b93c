"""A message on its way into the inbox: what it says, what follows, and the names under which it is counted and parked.

Who may guess a name, an e-mail say, may guess what its hash is of: so the key of the reservations goes over the hash of
what is no plain id. Rows from before bear the bare hash, and hold as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.recibidos import SIN_LLAVE, Esquemas, Leido, Recibido, VersionDesconocida, entender, nombrar

Hacer = Callable[[Mapping[str, Any]], dict[str, Any] | None]
"""Carries out what follows from a message, together with what comes along; returns the line to log once it is stored,
if any."""
Interprete = Callable[[Leido], Hacer | None]
"""What follows from a message, or that nothing does. Raises MensajeIlegible."""
Huella = Callable[[str, str], str]
"""The keyed hash of (purpose, value)."""


@dataclass(slots=True)
class Pendiente:
    """A message to be counted. ``previas`` are its ``clave`` and ``llave`` as they were stored under bare hashes."""

    recibido: Recibido
    clave: str
    llave: str
    previas: tuple[str, str]
    leido: Leido | None = None
    hacer: Hacer | None = None
    error: MensajeIlegible | None = None


def leer(recibido: Recibido, esquemas: Esquemas, huella: Huella, interprete: Interprete) -> Pendiente:
    """A message, and what follows from it. Raises FallaDeBroker."""
    leido: Leido | None = None
    error: MensajeIlegible | None = None
    try:
        leido = entender(recibido, esquemas)
    except VersionDesconocida as nueva:
        leido, error = nueva.leido, nueva
    except MensajeIlegible as ilegible:
        error = ilegible
    previa = leido.id if leido else recibido.huella
    clave, llave = _con_llave(previa, huella), nombrar(recibido.llave)
    uno = Pendiente(
        recibido,
        clave,
        _con_llave(llave, huella) or f"mensaje:{clave}",
        (previa, llave or f"mensaje:{previa}"),
        leido and replace(leido, id=clave, correlacion=_con_llave(leido.correlacion, huella)),
        error=error,
    )
    if uno.leido is not None and error is None:
        try:
            uno.hacer = interprete(uno.leido)
        except MensajeIlegible as ilegible:
            uno.error = ilegible
    return uno


def _con_llave(nombre: str, huella: Huella) -> str:
    return f"hmac:{huella('mensaje', nombre)}" if nombre.startswith(SIN_LLAVE) else nombre
