"""Events and aggregates as data that anybody can read: plain JSON values."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from domain.base.agregado import Agregado, Evento
from domain.base.dinero import Dinero
from gateway.auditoria.historia import Contado
from gateway.http.escritura import fecha

METADATOS = frozenset({"originator_id", "originator_version", "originator_topic", *Evento.__annotations__})
OCULTOS = ("_", "huella_")
"""What begins so serves the machine: how the library keeps an aggregate, and the keyed hashes of reservations."""


def mostrar_evento(contado: Contado) -> dict[str, Any]:
    """An event as the audit trail tells it."""
    evento = contado.evento
    return {
        "posicion": contado.posicion,
        "version": evento.originator_version,
        "tipo": contado.tipo,
        "timestamp": fecha(evento.timestamp),
        "usuario": evento.actor,
        "correlation_id": evento.correlation_id,
        "causation_id": evento.causation_id,
        "datos": {campo: mostrar(valor) for campo, valor in datos(evento).items()},
    }


def mostrar_estado(actual: Agregado) -> dict[str, Any]:
    """An aggregate as data."""
    estado = {campo: mostrar(valor) for campo, valor in datos(actual).items()}
    return {"id": actual.id, "version": actual.version, **estado}


def datos(cosa: Evento | Agregado) -> dict[str, Any]:
    """What an event or an aggregate says, without what serves the machine."""
    return {
        campo: valor for campo, valor in vars(cosa).items() if campo not in METADATOS and not campo.startswith(OCULTOS)
    }


def mostrar(valor: Any) -> Any:
    """A value as JSON has it; money keeps its exact amount, a Decimal."""
    match valor:
        case Dinero():
            return {"valor": valor.valor, "moneda": valor.moneda}
        case datetime():
            return fecha(valor)
        case set():
            return sorted(valor)
        case list() | tuple():
            return [mostrar(uno) for uno in valor]
    partes = valor if isinstance(valor, dict) else partes_de(valor)
    return valor if partes is None else {nombre: mostrar(parte) for nombre, parte in partes.items()}


def partes_de(valor: Any) -> dict[str, Any] | None:
    """The fields of something made of several; None of anything else."""
    if isinstance(valor, type | Dinero) or not is_dataclass(valor):
        return None
    return {campo.name: getattr(valor, campo.name) for campo in fields(valor)}
