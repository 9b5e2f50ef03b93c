"""Reaching a broker, and not reaching it."""

import json
import socket
import time
from dataclasses import replace

import pulsar
import pytest

from gateway.config import Config
from gateway.local.pulsar import PulsarLocal
from gateway.local.sistema import puerto_libre
from gateway.pulsar.admin import Administracion
from gateway.pulsar.cliente import conectado, conectar
from gateway.pulsar.errores import FallaDeBroker
from gateway.topics import Topics
from tests.cronometro import en_menos_de
from tests.eventualmente import eventualmente

ESQUEMA = {"type": "record", "name": "Sobre", "fields": [{"name": "id", "type": "string"}]}
OTRO = {**ESQUEMA, "fields": [*ESQUEMA["fields"], {"name": "nota", "type": ["null", "string"], "default": None}]}


@pytest.fixture
def config(pulsar_local: PulsarLocal, topics: Topics) -> Config:
    return Config(pulsar_broker_url=pulsar_local.url, pulsar_admin_url=pulsar_local.url_admin, topics=topics)


def _admin(config: Config) -> Administracion:
    admin = Administracion.de(config)
    assert admin is not None
    return admin


def test_lo_que_se_envia_se_recibe_y_queda_pendiente_hasta_que_se_acusa(config: Config) -> None:
    topic = config.topics.eventos["pagos"]
    cliente = conectar(config)
    try:
        lector = cliente.subscribe(topic, "uno", consumer_type=pulsar.ConsumerType.Failover)
        cliente.create_producer(topic, producer_name="alpes").send(b"hola", sequence_id=7)
        mensaje = lector.receive(60_000)
        assert mensaje.data() == b"hola"
        with _admin(config) as admin:
            assert (admin.estadisticas(topic) or {})["subscriptions"]["uno"]["msgBacklog"] == 1
            assert admin.quita_repetidos(topic) is True
            lector.acknowledge(mensaje)
    finally:
        cliente.close()


def test_una_suscripcion_se_lleva_atras_y_nunca_adelante(config: Config) -> None:
    topic = config.topics.eventos["pagos"]

    def pendientes() -> int:
        with _admin(config) as admin:
            return int((admin.estadisticas(topic) or {})["subscriptions"]["uno"]["msgBacklog"])

    with conectado(config) as cliente:
        lector, emisor = cliente.subscribe(topic, "uno"), cliente.create_producer(topic)
        for numero in range(4):
            emisor.send(b"%d" % numero)
        for _ in range(2):
            lector.acknowledge(lector.receive(60_000))
        lector.close()
    eventualmente(pendientes, lambda visto: visto == 2)
    with _admin(config) as admin:
        admin.rebobinar(topic, "uno", int(time.time() * 1000) + 60_000)
        assert pendientes() == 2
        admin.rebobinar(topic, "uno", 0)
        assert pendientes() == 4
        admin.rebobinar(topic, "no hay", 0)


def test_los_esquemas_se_suben_una_vez_y_se_leen_por_su_version(config: Config) -> None:
    topic = config.topics.eventos["cliente"]
    with _admin(config) as admin:
        assert admin.esquema(topic) is None
        versiones = [admin.subir_esquema(topic, json.dumps(uno)) for uno in (ESQUEMA, OTRO, ESQUEMA)]
        assert versiones == [0, 1, 0]
        assert [json.loads(admin.esquema(topic, version) or "") for version in (0, 1)] == [ESQUEMA, OTRO]
        with pytest.raises(FallaDeBroker, match="409"):
            admin.subir_esquema(topic, json.dumps({**ESQUEMA, "fields": [{"name": "id", "type": "int"}]}))


def test_de_un_topic_que_no_hay_no_se_cuenta_nada(config: Config) -> None:
    with _admin(config) as admin:
        assert admin.estadisticas(config.topics.eventos["cliente"]) is None
        assert admin.cursores(config.topics.eventos["cliente"]) == {}


def test_donde_nadie_escucha_se_dice_enseguida(config: Config) -> None:
    sin_nadie = replace(config, pulsar_broker_url=f"pulsar://127.0.0.1:{puerto_libre()}")

    def falla() -> bool:
        with pytest.raises(FallaDeBroker, match="No se puede llegar al broker"):
            conectar(sin_nadie)
        return True

    assert en_menos_de(3, falla)


def test_de_un_grupo_de_brokers_basta_uno_que_escuche(config: Config) -> None:
    en_marcha = str(config.pulsar_broker_url).removeprefix("pulsar://")
    grupo = replace(config, pulsar_broker_url=f"pulsar://127.0.0.1:{puerto_libre()},{en_marcha}")
    conectar(grupo).close()


def test_un_anfitrion_que_no_habla_tls_no_se_toma_por_bueno(config: Config) -> None:
    mudo = replace(config, pulsar_broker_url=str(config.pulsar_broker_url).replace("pulsar:", "pulsar+ssl:"))
    with pytest.raises(FallaDeBroker, match="No se puede llegar al broker"):
        conectar(mudo)


def test_la_administracion_que_no_responde_no_se_espera_para_siempre() -> None:
    with socket.socket() as enchufe:
        enchufe.bind(("127.0.0.1", 0))
        enchufe.listen()
        with Administracion(f"http://127.0.0.1:{enchufe.getsockname()[1]}") as admin:
            assert not admin.sana()
