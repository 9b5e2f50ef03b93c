"""Processes of the product over a test's own database and topics, and somebody who sends messages to them."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fastavro
import pulsar

from gateway.config import RAIZ, Config, para_hijos
from gateway.pulsar.comandos import SOBRE
from gateway.pulsar.consumidores import consumir
from tests.de_fondo import DeFondo
from tests.si_falla import si_falla


class Consumidor(DeFondo):
    """``alpes consumidor`` on threads of this process."""

    def __init__(self, config: Config) -> None:
        super().__init__(lambda: consumir(config, self._fin))


@contextmanager
def proceso(config: Config, orden: list[str], registro: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """``python -m`` something, killed without notice at the end of the block."""
    entorno = {**para_hijos(config), "PYTHONPATH": str(RAIZ)}
    with registro.open("ab") as salida:
        vivo = subprocess.Popen([sys.executable, "-P", "-m", *orden], env=entorno, stdout=salida, stderr=salida)
        try:
            with si_falla(registro):
                yield vivo
        finally:
            vivo.kill()
            vivo.wait()


class OtroEquipo:
    """A client of somebody else's, who sends plain JSON, or commands in Avro under our schema."""

    def __init__(self, cliente: pulsar.Client) -> None:
        self._cliente = cliente
        self._productores: dict[tuple[str, bool], pulsar.Producer] = {}

    def enviar(self, topic: str, dicho: object, llave: str | None = None, *, en_avro: bool = False) -> None:
        """Send an object, or bytes as they are; it stands on the topic when this returns."""
        datos = dicho if en_avro or isinstance(dicho, bytes) else json.dumps(dicho).encode()
        self._productor(topic, en_avro).send(datos, partition_key=llave)

    def _productor(self, topic: str, en_avro: bool) -> Any:
        if (topic, en_avro) not in self._productores:
            esquema = {"schema": _Comandos()} if en_avro else {}
            self._productores[topic, en_avro] = self._cliente.create_producer(topic, **esquema)
        return self._productores[topic, en_avro]


class _Comandos(pulsar.schema.AvroSchema):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(None, schema_definition=dict(SOBRE))

    def encode(self, dicho: dict[str, Any]) -> bytes:
        salida = io.BytesIO()
        sobre = fastavro.parse_schema(dict(SOBRE))
        fastavro.schemaless_writer(salida, sobre, {**dicho, "data": json.dumps(dicho["data"])})
        return salida.getvalue()
