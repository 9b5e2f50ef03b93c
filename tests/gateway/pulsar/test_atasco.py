"""When a consumer that hears nothing asks for what the broker holds back from it, and when it doesn't."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.config import Config
from gateway.pulsar.atasco import CALLADO, CALLADO_MAXIMO, Atasco
from gateway.pulsar.queja import Queja
from tests.servidor_http import Atencion, servir

NUESTRO, OTRO = "nuestro", "otro"


class Broker:
    """Says of every topic what ``vista`` is, or a status that is no answer. Counts how often it is asked."""

    def __init__(self) -> None:
        self.vista: dict[str, Any] | int = {}
        self.preguntas = 0
        self.url = ""

    @property
    def config(self) -> Config:
        return Config(pulsar_broker_url="pulsar://127.0.0.1:1", pulsar_admin_url=self.url)

    def contestar(self, peticion: Atencion) -> None:
        self.preguntas += 1
        if isinstance(self.vista, int):
            peticion.contestar(b"<p>no", self.vista)
        else:
            peticion.contestar(json.dumps({"subscriptions": {"alpes": self.vista}}).encode())


class Consumidor:
    """One that hears nothing, and a clock that its looks set."""

    def __init__(self, config: Config) -> None:
        self.ahora, self.reclamos = 0.0, list[float]()
        self._atasco = Atasco("persistent://public/default/t", config, Queja(consumidor="prueba"), lambda: self.ahora)

    def consumer_name(self) -> str:
        return NUESTRO

    def redeliver_unacknowledged_messages(self) -> None:
        self.reclamos.append(self.ahora)

    def callar(self, segundos: float) -> None:
        """Hear nothing for so long, looking twice a second."""
        for _ in range(int(segundos * 2)):
            self.ahora += 0.5
            self._atasco.mirar(self)

    def oir(self) -> None:
        self._atasco.oir()

    def cerrar(self) -> None:
        self._atasco.cerrar()


@pytest.fixture
def broker() -> Iterator[Broker]:
    broker = Broker()
    with servir(broker.contestar) as broker.url:
        yield broker


@pytest.fixture
def consumidor(broker: Broker) -> Iterator[Consumidor]:
    consumidor = Consumidor(broker.config)
    yield consumidor
    consumidor.cerrar()


def esperan(de_quien: str) -> dict[str, Any]:
    return {"msgBacklog": 3, "activeConsumerName": de_quien}


def test_lo_retenido_se_reclama_a_la_segunda_mirada_y_cada_vez_mas_tarde(
    broker: Broker, consumidor: Consumidor
) -> None:
    broker.vista = esperan(NUESTRO)
    consumidor.callar(200)
    assert consumidor.reclamos == [10, 20, 40, 80, 140, 200]


def test_lo_que_se_oye_empieza_la_cuenta_de_nuevo(broker: Broker, consumidor: Consumidor) -> None:
    broker.vista = esperan(NUESTRO)
    consumidor.callar(25)
    consumidor.oir()
    consumidor.callar(9.5)
    assert consumidor.reclamos == [10, 20]
    consumidor.callar(0.5)
    assert consumidor.reclamos == [10, 20, 35]


@pytest.mark.parametrize("vista", [{}, {"msgBacklog": 0, "activeConsumerName": NUESTRO}, esperan(OTRO)])
def test_quien_no_tiene_que_oir_nada_no_reclama_y_sigue_mirando(
    broker: Broker, consumidor: Consumidor, vista: dict[str, Any]
) -> None:
    broker.vista = vista
    consumidor.callar(100)
    assert (consumidor.reclamos, broker.preguntas) == ([], 100 / CALLADO)


def test_quien_acaba_de_relevar_a_otro_espera_a_lo_que_esta_en_camino(broker: Broker, consumidor: Consumidor) -> None:
    broker.vista = esperan(OTRO)
    consumidor.callar(50)
    broker.vista = esperan(NUESTRO)
    consumidor.callar(5)
    assert consumidor.reclamos == []
    consumidor.callar(5)
    assert consumidor.reclamos == [60]


@pytest.mark.parametrize("estado", [200, 401, 503])
def test_donde_no_se_puede_preguntar_se_pregunta_cada_vez_menos(
    broker: Broker, consumidor: Consumidor, estado: int
) -> None:
    broker.vista = estado
    consumidor.callar(5 + 10 + 20 + 40 + 3 * CALLADO_MAXIMO)
    assert (consumidor.reclamos, broker.preguntas) == ([], 7)


def test_sin_donde_preguntar_no_pasa_nada() -> None:
    consumidor = Consumidor(Config(pulsar_broker_url="pulsar://127.0.0.1:1"))
    consumidor.callar(100)
    assert consumidor.reclamos == []
