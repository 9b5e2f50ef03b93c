"""Whatever a message holds, in its body or around it, those after it go on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import _pulsar
import pulsar
import pytest
from sqlalchemy import text

from gateway.composicion import Sistema
from gateway.config import Config
from gateway.pulsar.aparcados import listar
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.cliente import conectar
from gateway.pulsar.oido import recibido
from gateway.pulsar.recibidos import Recibido
from tests.eventualmente import eventualmente
from tests.gateway.pulsar.mensajes import comando, en_avro
from tests.gateway.pulsar.procesos import Consumidor
from tests.gateway.pulsar.test_bandeja import campanias, crear
from tests.gateway.pulsar.test_comandos import nombres

ILEGIBLE = b"\xff\xfe\x80"


@pytest.fixture
def cliente(config: Config) -> Iterator[pulsar.Client]:
    cliente = conectar(config)
    yield cliente
    cliente.close()


def test_ni_una_llave_que_no_es_texto_ni_un_productor_con_nulos_detienen_el_topic(
    sistema: Sistema, config: Config, cliente: pulsar.Client
) -> None:
    topic = config.topics.comandos["campanias"]
    cliente.create_producer(topic, producer_name="nul\0o").send(b"rota", partition_key="ROTA")
    productor = cliente.create_producer(topic)
    for datos in (b"roto", crear("DETRAS").datos):
        mensaje = _pulsar.MessageBuilder()
        mensaje.content(datos)
        mensaje.partition_key(ILEGIBLE)
        productor._producer.send(mensaje.build())
    productor.send(crear("SANA").datos, partition_key="SANA")
    with Consumidor(config):
        eventualmente(lambda: campanias(sistema), lambda vistas: vistas == ["SANA"])
    nulo, roto, detras = listar(sistema.motor)
    assert nulo.productor == "nul\\x00o"
    assert roto.llave == detras.llave != nulo.llave
    assert detras.error == ""


class Mensaje:
    """A message of the client's with a clock and a producer that no client of ours would have."""

    _message = _pulsar.MessageBuilder().build()

    def __init__(self, milisegundos: int, productor: bytes) -> None:
        self._milisegundos, self._productor = milisegundos, productor

    def __getattr__(self, nombre: str) -> Any:
        return getattr(self._message, nombre)

    def producer_name(self) -> str:
        return self._productor.decode()

    def publish_timestamp(self) -> int:
        return self._milisegundos


@pytest.mark.parametrize("milisegundos", [0, 10**15, 2**64 - 1])
def test_una_hora_imposible_y_un_nombre_ilegible_se_acotan(milisegundos: int) -> None:
    visto = recibido(Mensaje(milisegundos, ILEGIBLE))
    assert visto.publicado_en <= datetime(9999, 1, 1, tzinfo=UTC)
    assert visto.productor == r"\xff\xfe\x80"


def test_lo_que_la_tabla_no_admite_se_deja_fuera(sistema: Sistema, bandeja_de: Callable[[str], Bandeja]) -> None:
    raros = [Recibido(b"{", productor="\0"), Recibido(b"x", version_de_esquema=2**40)]
    bandeja_de("campanias").atender([*raros, crear("SANA")])
    assert campanias(sistema) == ["SANA"]
    assert [uno.datos for uno in listar(sistema.motor)] == [None, None]


def test_sin_tabla_no_se_deja_nada_fuera(sistema: Sistema, bandeja_de: Callable[[str], Bandeja]) -> None:
    with sistema.motor.begin() as conexion:
        conexion.execute(text("ALTER TABLE mensajes_aparcados RENAME TO sin_tabla"))
    with pytest.raises(Exception, match="mensajes_aparcados"):
        bandeja_de("campanias").atender([Recibido(b"{", llave="ROTA")])


@pytest.mark.parametrize("niveles", [63, 600])
def test_lo_anidado_espera_tras_su_llave_y_se_retoma(
    sistema: Sistema, bandeja_de: Callable[[str], Bandeja], niveles: int
) -> None:
    bandeja = bandeja_de("campanias")
    activar = comando("ActivarCampania", "ROTA")
    activar["data"] = {}
    for _ in range(niveles - 1):
        activar["data"] = {"a": activar["data"]}
    bandeja.atender([crear("ROTA", "ROTA"), Recibido(b"roto", llave="ROTA"), en_avro(activar, "ROTA"), crear("SANA")])
    assert campanias(sistema) == ["ROTA", "SANA"]
    bandeja.descartar("ROTA")
    detenido = bandeja.reintentar("ROTA")
    assert ("anidado" in detenido.error) if detenido else niveles == 63
    assert nombres(sistema.campanias, "ROTA") == ["Creada"]
