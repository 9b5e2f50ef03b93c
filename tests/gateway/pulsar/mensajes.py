"""Messages as other programs would send them."""

import io
import json
import uuid
from typing import Any

import fastavro

from gateway.pulsar.comandos import SOBRE
from gateway.pulsar.contratos import ENVOLTURA, Mensaje, codificar
from gateway.pulsar.eventos_de_pagos import RELEVO
from gateway.pulsar.recibidos import Recibido

_COMANDO = fastavro.parse_schema(dict(SOBRE))
_EVENTO = fastavro.parse_schema(dict(ENVOLTURA))
DE_COMANDOS, DE_EVENTOS = 0, 1
"""The versions of schema that ``esquemas`` knows."""


def esquemas(version: int) -> Any:
    return (_COMANDO, _EVENTO)[version]


def comando(tipo: str, agregado: str = "", id: str | None = None, **datos: Any) -> dict[str, Any]:
    """A command, in its envelope."""
    return {
        "schemaVersion": "1",
        "eventId": id or uuid.uuid4().hex,
        "type": f"{tipo}.v1",
        "aggregateId": agregado,
        "data": datos,
    }


def en_json(dicho: object, llave: str = "", **cambios: Any) -> Recibido:
    return Recibido(json.dumps(dicho).encode(), llave=llave, **cambios)


def en_avro(dicho: dict[str, Any], llave: str = "") -> Recibido:
    """A command in Avro."""
    salida = io.BytesIO()
    fastavro.schemaless_writer(salida, _COMANDO, {**dicho, "data": json.dumps(dicho["data"])})
    return Recibido(salida.getvalue(), DE_COMANDOS, llave)


def del_relevo(mensaje: Mensaje, productor: str = RELEVO) -> Recibido:
    """A message of our own relay's."""
    return Recibido(codificar(mensaje), DE_EVENTOS, mensaje.aggregate_id, productor)
