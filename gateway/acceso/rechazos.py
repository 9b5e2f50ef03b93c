"""Who was not let in: when, from where, at which door and why. Nothing of what was presented."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, text

POR_ORIGEN, EN_TOTAL = "60/minute", "600/minute"
"""More than that is not written down one by one: who knocks must not fill the disk."""


class Intento(NamedTuple):
    """``ruta`` is the route's pattern, ``actor`` who it was, where that was known; ``peticion`` the request's id."""

    ocurrido_en: datetime
    api: str
    motivo: str
    actor: str | None
    origen: str
    metodo: str
    ruta: str
    peticion: str


_ANOTAR = text(
    "INSERT INTO public.rechazos (api, motivo, actor, origen, metodo, ruta, peticion)"
    " VALUES (:api, :motivo, :actor, :origen, :metodo, :ruta, :peticion)"
)
_LISTAR = text(
    "SELECT ocurrido_en, api, motivo, actor, origen, metodo, ruta, peticion FROM public.rechazos"
    " ORDER BY id DESC LIMIT :limite"
)


def anotar(motor: Engine, *, api: str, motivo: str, actor: str | None, origen: str, metodo: str, ruta: str,
           peticion: str) -> None:  # fmt: skip
    """Write one refusal down. Raises sqlalchemy's errors."""
    valores = {"api": api, "motivo": motivo, "actor": actor, "origen": origen, "metodo": metodo, "ruta": ruta,
               "peticion": peticion}  # fmt: skip
    with motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        conexion.execute(_ANOTAR, valores)


def ultimos(motor: Engine, limite: int) -> list[Intento]:
    """The newest first."""
    with motor.connect() as conexion:
        return [Intento._make(fila) for fila in conexion.execute(_LISTAR, {"limite": limite})]
