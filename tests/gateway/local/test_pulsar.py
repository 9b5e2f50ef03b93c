"""The embedded broker, through all that may happen to it."""

import base64
import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pulsar
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from gateway.config import Config
from gateway.local.errores import FallaLocal
from gateway.local.pulsar import CERRADO, ULTIMAS, PulsarLocal
from gateway.local.sistema import procesos_en
from gateway.pulsar.admin import Administracion
from gateway.pulsar.cliente import cliente, conectar
from gateway.pulsar.errores import FallaDeBroker
from tests.broker import PLAZO, broker_propio
from tests.detenido import detenido
from tests.eventualmente import eventualmente

TOPIC = "persistent://public/default/prueba"
LARGO = 100_000
"""Bytes of a message: more than 16 kB take another way back from the broker's files than few do."""


@pytest.fixture
def carpeta(tmp_path: Path) -> Iterator[Path]:
    carpeta = tmp_path / "con espacios, ñ {y} %" / ".alpes"
    yield carpeta
    assert [proceso for resto in tmp_path.rglob("pulsar") for proceso in procesos_en(resto, "java")] == []


@contextlib.contextmanager
def _en_marcha(carpeta: Path, **ajustes: str) -> Iterator[PulsarLocal]:
    broker = broker_propio(carpeta, ajustes)
    broker.arrancar()
    try:
        yield broker
    finally:
        broker.parar()


@contextlib.contextmanager
def _cliente(broker: PulsarLocal) -> Iterator[pulsar.Client]:
    uno = conectar(Config(pulsar_broker_url=broker.url))
    try:
        yield uno
    finally:
        uno.close()


def _matar(broker: PulsarLocal) -> None:
    assert broker.proceso is not None
    broker.proceso.kill()
    broker.proceso.wait()


def _orden(broker: PulsarLocal) -> str:
    """What a start runs, once it has become that."""
    proceso = psutil.Process(broker.arrancar().pid)
    return eventualmente(
        lambda: " ".join(proceso.cmdline()), lambda orden: bool(orden) and " -I -S " not in orden.split(" -c ")[0]
    )


def _termina_cerrado(broker: PulsarLocal) -> bool:
    return any(CERRADO in linea for linea in broker.registro.read_bytes().splitlines()[-ULTIMAS:])


def _enviar(broker: PulsarLocal, numeros: range) -> None:
    with _cliente(broker) as uno:
        productor = uno.create_producer(TOPIC, producer_name="alpes")
        for numero in numeros:
            productor.send(str(numero).encode().ljust(LARGO), sequence_id=numero)


def _leer(broker: PulsarLocal, cuantos: int) -> list[int]:
    with _cliente(broker) as uno:
        lector = uno.create_reader(TOPIC, pulsar.MessageId.earliest)
        return [int(lector.read_next(60_000).data()) for _ in range(cuantos)]


def test_tras_matarlo_vuelve_con_lo_que_tenia_en_el_mismo_lugar_o_en_otro(carpeta: Path) -> None:
    with _en_marcha(carpeta) as broker:
        broker.esperar(PLAZO)
        url = broker.url
        _enviar(broker, range(1, 11))
        _matar(broker)
        broker.arrancar()
        broker.esperar(PLAZO)
        assert broker.url == url
        # What a producer that it remembers sends again is dropped, a kill or not.
        _enviar(broker, range(5, 16))
        assert _leer(broker, 15) == list(range(1, 16))
        _matar(broker)
    otra = carpeta.with_name("otra carpeta")
    carpeta.rename(otra)
    with _en_marcha(otra) as broker:
        broker.esperar(PLAZO)
        assert _leer(broker, 15) == list(range(1, 16))
        # After each kill its metadata were opened and closed first.
        assert broker.registro.read_text().count("ListBookiesCommand") == 2


def test_solo_escucha_en_esta_maquina_y_sin_los_poderes_de_root(pulsar_local: PulsarLocal) -> None:
    (proceso,) = procesos_en(pulsar_local.datos, "java")
    escuchan = {conexion.laddr for conexion in proceso.net_connections() if conexion.status == psutil.CONN_LISTEN}
    assert {(ip.removeprefix("::ffff:"), puerto) for ip, puerto in escuchan} == {
        ("127.0.0.1", pulsar_local.puerto),
        ("127.0.0.1", pulsar_local.puerto_web),
    }
    assert proceso.uids().effective != 0
    assert pulsar_local.datos.stat().st_mode & 0o077 == 0


def test_congelado_no_esta_sano_y_despierta_solo_y_detenido_en_orden_no_se_cura(carpeta: Path) -> None:
    with _en_marcha(carpeta) as broker:
        broker.esperar(PLAZO)
        with Administracion(broker.url_admin) as admin, _cliente(broker) as uno:
            productor = uno.create_producer(TOPIC, send_timeout_millis=1000)
            assert broker.proceso is not None
            with detenido(broker.proceso):
                assert not admin.sana()
                with pytest.raises(FallaLocal, match="Apache Pulsar no arranca"):
                    broker.esperar(0.1)
                with pytest.raises(pulsar.Timeout):
                    productor.send(b"1")
            eventualmente(admin.sana, bool)
            uno.create_producer(TOPIC).send(b"2")
        assert PulsarLocal.en_marcha(carpeta) is not None
        broker.parar(60)
        assert _termina_cerrado(broker)
        assert PulsarLocal.en_marcha(carpeta) is None
        assert "listbookies" not in _orden(broker)
        eventualmente(lambda: _termina_cerrado(broker), lambda cerrado: not cerrado)
        _matar(broker)
        assert "listbookies" in _orden(broker)


def test_un_arranque_que_falla_se_dice_y_donde_mirar(carpeta: Path) -> None:
    with (
        _en_marcha(carpeta, clusterName="") as broker,
        pytest.raises(FallaLocal, match=r"Apache Pulsar no arranca; vea .*pulsar\.log"),
    ):
        broker.esperar(PLAZO)


def test_un_broker_que_pide_token_solo_admite_a_quien_lo_trae(carpeta: Path) -> None:
    clave = os.urandom(32)
    token, ajeno = (
        jwt.encode({"alg": "HS256"}, {"sub": "alpes"}, OctKey.import_key(una)) for una in (clave, os.urandom(32))
    )
    proveedor = "org.apache.pulsar.broker.authentication.AuthenticationProviderToken"
    con_token = {
        "authenticationEnabled": "true",
        "authorizationEnabled": "true",
        "authenticationProviders": proveedor,
        "tokenSecretKey": f"data:;base64,{base64.b64encode(clave).decode()}",
        "superUserRoles": "alpes",
        "brokerClientAuthenticationPlugin": "org.apache.pulsar.client.impl.auth.AuthenticationToken",
        "brokerClientAuthenticationParameters": f"token:{token}",
    }
    with _en_marcha(carpeta, **con_token) as broker:
        broker.esperar(PLAZO, token=token)
        bueno = Config(pulsar_broker_url=broker.url, pulsar_admin_url=broker.url_admin, pulsar_token=token)
        for config in (replace(bueno, pulsar_token=None), replace(bueno, pulsar_token=ajeno)):
            admin = Administracion.de(config)
            assert admin is not None
            with admin, pytest.raises(FallaDeBroker, match="no admite nuestro token") as error:
                admin.estadisticas(TOPIC)
            assert ajeno not in str(error.value)
            uno = cliente(config)
            with pytest.raises((pulsar.Timeout, pulsar.AuthenticationError)):
                uno.create_producer(TOPIC)
            uno.close()
        uno = conectar(bueno)
        uno.create_producer(TOPIC).send(b"1")
        uno.close()
