"""A broker of the test's own, killed and frozen: what was accepted meanwhile is told when it is back."""

import signal
import threading
from collections.abc import Iterator, Sequence

import pytest

from gateway.http import lectura
from gateway.local.pulsar import PulsarLocal
from gateway.pulsar.oido import Oido
from gateway.pulsar.pendientes import pendientes
from gateway.pulsar.recibidos import Recibido
from gateway.relevos import relevos
from gateway.topics import Topics
from tests.broker import PLAZO, broker_propio
from tests.eventualmente import eventualmente
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.conftest import mesa_en

CONGELADO = 40.0


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulsarLocal]:
    broker = broker_propio(tmp_path_factory.mktemp("broker-propio"))
    broker.arrancar()
    try:
        broker.esperar(PLAZO)
        yield broker
    finally:
        broker.parar()


@pytest.fixture
def mesa(db_url: str, broker: PulsarLocal, topics: Topics) -> Iterator[Mesa]:
    with mesa_en(db_url, broker, topics) as mesa:
        yield mesa


def retraso(mesa: Mesa) -> int:
    (fila,) = relevos(mesa.sistema)
    return int(fila["retraso_eventos"])


def test_sin_broker_se_sigue_aceptando_el_retraso_se_ve_y_al_volver_se_cuenta_todo(
    mesa: Mesa, broker: PulsarLocal
) -> None:
    with mesa.relevando():
        mesa.pagar(5)
        mesa.exigir_todo_una_vez_y_en_orden()
        proceso = broker.proceso
        assert proceso is not None
        proceso.kill()
        proceso.wait()
        mesa.pagar(20)
        eventualmente(lambda: retraso(mesa), lambda eventos: eventos >= 20 * 4)
        assert b'alpes_relevo_retraso_segundos{modulo="pagos",nombre="relevo:pagos"}' in lectura.texto(mesa.sistema)
        broker.arrancar()
        broker.esperar(PLAZO)
        mesa.exigir_todo_una_vez_y_en_orden()
        assert eventualmente(lambda: retraso(mesa), lambda eventos: eventos == 0) == 0
        mesa.pagar(5)
        mesa.exigir_todo_una_vez_y_en_orden()


def test_un_broker_congelado_cuarenta_segundos_no_hace_perder_ni_repetir(mesa: Mesa, broker: PulsarLocal) -> None:
    with mesa.relevando():
        mesa.pagar(5)
        mesa.exigir_todo_una_vez_y_en_orden()
        assert broker.proceso is not None
        descongelar = threading.Timer(CONGELADO, broker.proceso.send_signal, [signal.SIGCONT])
        broker.proceso.send_signal(signal.SIGSTOP)
        descongelar.start()
        while descongelar.is_alive():
            mesa.pagar()
            descongelar.join(1)
        mesa.exigir_todo_una_vez_y_en_orden()


class Atento:
    """A consumer's reader that remembers what it was told."""

    def __init__(self) -> None:
        self.oidos: list[bytes] = []

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        self.oidos += [uno.datos for uno in recibidos]


def test_lo_acusado_a_un_broker_que_muere_antes_de_anotarlo_no_queda_por_leer(mesa: Mesa, broker: PulsarLocal) -> None:
    atento, topic = Atento(), mesa.config.topics.comandos["pagos"]
    oido = Oido("prueba", topic, atento, mesa.config)
    oido.paso()
    productor = mesa.cliente.create_producer(topic)
    for numero in range(20):
        productor.send(b"%d" % numero)
    eventualmente(lambda: (oido.paso(), len(atento.oidos))[1], lambda cuantos: cuantos == 20)
    proceso = broker.proceso
    assert proceso is not None
    proceso.kill()
    proceso.wait()
    broker.arrancar()
    broker.esperar(PLAZO)

    def por_leer() -> int:
        oido.paso()
        return sum(int(uno["pendientes"]) for uno in pendientes(mesa.config))

    try:
        eventualmente(por_leer, lambda cuantos: cuantos == 0)
    finally:
        oido.cerrar()
