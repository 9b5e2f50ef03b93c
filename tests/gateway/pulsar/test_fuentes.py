"""From the log's feed to the broker's and back, while payments go on: nothing is lost and nothing repeated."""

from dataclasses import replace
from pathlib import Path

import psycopg

from gateway.composicion import Sistema
from gateway.config import Config
from gateway.http import consumos
from gateway.trabajador import trabajar
from tests.de_fondo import DeFondo
from tests.eventualmente import eventualmente
from tests.gateway.pulsar.procesos import Consumidor, proceso
from tests.gateway.reacciones.test_reacciones import en_espera
from tests.gateway.sistema import pago_hecho


class Reaccionando(DeFondo):
    """The reactions of ``alpes trabajador``, on a thread of this process."""

    def __init__(self, config: Config) -> None:
        super().__init__(lambda: trabajar(config, self._fin, "reacciones"))


def test_cambiar_de_fuente_no_pierde_ni_repite(sistema: Sistema, config: Config, tmp_path: Path) -> None:
    sin_broker = replace(config, pulsar_broker_url=None, pulsar_admin_url=None)
    pagos: list[str] = []

    def pagar() -> None:
        nuevos = [sistema.pagos.ejecutar(pago_hecho("CICLO")).id for _ in range(20)]
        pagos.extend(nuevos)

    def todos() -> None:
        eventualmente(lambda: len(en_espera(sistema, "CICLO")), lambda vistos: vistos >= len(pagos))

    pagar()
    with proceso(config, ["gateway.cli", "relevo"], tmp_path / "relevo.log"):
        with Reaccionando(sin_broker):
            todos()
            pagar()
        with Consumidor(config):
            todos()
            pagar()
            todos()
            # The two at once, as while one process is replaced by the other.
            with Reaccionando(sin_broker):
                pagar()
                todos()
            pagar()
        pagar()
        with Reaccionando(sin_broker):
            todos()
    assert en_espera(sistema, "CICLO") == pagos


def test_con_broker_el_trabajador_deja_las_reacciones_al_consumidor(sistema: Sistema, config: Config) -> None:
    sistema.pagos.ejecutar(pago_hecho("CICLO"))
    with Reaccionando(config) as reaccionando:
        eventualmente(lambda: [hilo.is_alive() for hilo in reaccionando._hilos], lambda vivos: not any(vivos))
    assert en_espera(sistema, "CICLO") == []


def test_lo_que_llega_se_ve_en_las_metricas(sistema: Sistema, config: Config, db_url: str) -> None:
    with psycopg.connect(db_url) as conexion:
        conexion.execute(
            "INSERT INTO mensajes_aparcados (consumidor, llave, clave, mensaje_id, productor, con_llave, intentos,"
            " error, publicado_en) VALUES ('comandos.pagos', 'K', 'm-1', '1:1', '', true, 1, 'x', now())"
        )
    dicho = consumos.texto(sistema, config).decode()
    assert 'alpes_mensajes_aparcados{consumidor="comandos.pagos"} 1.0' in dicho
    assert 'alpes_consumidor_pendientes{consumidor="eventos.pagos"} 0.0' in dicho
    nadie = replace(config, pulsar_broker_url="pulsar://127.0.0.1:1", pulsar_admin_url="http://127.0.0.1:1")
    assert "alpes_consumidor_pendientes" not in consumos.texto(sistema, nadie).decode()
    sin_broker = replace(config, pulsar_broker_url=None, pulsar_admin_url=None)
    assert 'alpes_mensajes_aparcados{consumidor="comandos.pagos"} 1.0' in consumos.texto(sistema, sin_broker).decode()
