"""The ids by which one affair is followed through every process: of the request, of the affair, and of the trace.

``correlation_id`` rides on each event, so whoever works from the log has it too; the trace's id (W3C Trace Context)
is computed from it wherever nobody told one, the same in every process.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import structlog
from uuid_utils import uuid4

_CUERDA = re.compile(r"[A-Za-z0-9._-]{1,128}")
_ID = re.compile(r"[A-Za-z0-9._:-]{0,200}")
_TRAZA = re.compile(r"[0-9a-f]{32}")
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_NINGUNA, _NINGUN_TRAMO = "0" * 32, "0" * 16


@dataclass(frozen=True, slots=True)
class Rastro:
    """Ids that may be shown and logged: none of them is made from what somebody typed into a body."""

    request_id: str
    correlation_id: str
    trace_id: str

    @property
    def ids(self) -> dict[str, str]:
        """By the names under which lines carry them."""
        return {"request_id": self.request_id, "correlation_id": self.correlation_id, "trace_id": self.trace_id}


class Cabeceras(Protocol):
    def get(self, nombre: str, /) -> str | None: ...


def del_pedido(cabeceras: Cabeceras) -> Rastro:
    """The ids of a request: the caller's where they are sane, new ones otherwise."""
    traza = _traza_dicha(cabeceras.get("traceparent") or "")
    peticion = _sana(cabeceras.get("X-Request-Id")) or uuid4().hex
    asunto = _sana(cabeceras.get("X-Correlation-Id")) or traza or peticion
    return Rastro(peticion, asunto, traza or traza_de(asunto))


@lru_cache
def traza_de(correlation_id: str) -> str:
    """The trace of an affair of which only the id is known."""
    if _TRAZA.fullmatch(correlation_id) and correlation_id != _NINGUNA:
        return correlation_id
    return hashlib.blake2b(correlation_id.encode(), digest_size=16).hexdigest()


def empezar(rastro: Rastro) -> None:
    """From here on every line that this thread logs carries these ids."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**rastro.ids)


def ids_de(correlation_id: str, causation_id: str) -> dict[str, str]:
    """What a line tells of an affair: by which ids to find the rest of it.

    A foreign message may call anything an id: what does not look like one is told by its hash.
    """
    return {
        "correlation_id": correlation_id if _ID.fullmatch(correlation_id) else traza_de(correlation_id),
        "causation_id": causation_id if _ID.fullmatch(causation_id) else traza_de(causation_id),
        "trace_id": traza_de(correlation_id),
    }


@contextmanager
def siguiendo(correlation_id: str) -> Iterator[None]:
    """Every line logged in the block carries the ids of this affair."""
    ids = {"correlation_id": correlation_id, "trace_id": traza_de(correlation_id)}
    with structlog.contextvars.bound_contextvars(**ids):
        yield


def hacia_afuera() -> dict[str, str]:
    """The header by which a call to another system goes on with the trace under way; none outside of one."""
    traza = structlog.contextvars.get_contextvars().get("trace_id")
    return {} if traza is None else {"traceparent": f"00-{traza}-{secrets.token_hex(8)}-01"}


def _traza_dicha(traceparent: str) -> str | None:
    dicho = _TRACEPARENT.fullmatch(traceparent)
    if dicho is None or dicho[1] == _NINGUNA or dicho[2] == _NINGUN_TRAMO:
        return None
    # Version 00 has nothing after its flags; later ones may.
    return None if traceparent.startswith("00") and dicho[3] else dicho[1]


def _sana(dicho: str | None) -> str | None:
    return dicho if dicho is not None and _CUERDA.fullmatch(dicho) else None
