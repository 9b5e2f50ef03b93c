"""What a consumer that dies had taken goes to the next one, whole and in order, on a broker that just started."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pulsar
import pytest

from gateway.cli.broker import DESORDENA, con_avisos
from gateway.config import Config
from gateway.local.pulsar import PulsarLocal
from gateway.pulsar.oido import Oido
from gateway.pulsar.recibidos import Recibido
from tests.broker import PLAZO, broker_propio
from tests.de_fondo import DeFondo
from tests.eventualmente import eventualmente

TOPICS = [f"persistent://public/default/traspaso-{numero}" for numero in range(60)]
MENSAJES, MUERTE = 40, 25
"""How many each topic gets, and after which the consumer dies."""
# Takes what comes and acknowledges nothing.
EL_QUE_MUERE = """
import sys, pulsar
cliente = pulsar.Client(sys.argv[1], logger=pulsar.ConsoleLogger(pulsar.LoggerLevel.Error))
oidos = [cliente.subscribe(topic, "alpes", consumer_type=pulsar.ConsumerType.Failover) for topic in sys.argv[2:]]
print("escucha", flush=True)
sys.stdin.read()
"""


class Atento:
    """Remembers what it was told, each message once."""

    def __init__(self) -> None:
        self.oidos: dict[int, None] = {}

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        self.oidos |= {int(uno.datos): None for uno in recibidos}


@pytest.fixture
def broker(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[PulsarLocal]:
    broker = broker_propio(tmp_path, getattr(request, "param", {}))
    broker.arrancar()
    broker.esperar(PLAZO)
    yield broker
    broker.parar()


def test_el_siguiente_cuenta_todo_en_su_orden(broker: PulsarLocal) -> None:
    for atento in traspasar(broker):
        assert list(atento.oidos) == list(range(MENSAJES))
    assert aviso(broker) is None


@pytest.mark.parametrize("broker", [{"activeConsumerFailoverDelayTimeMillis": "1000"}], indirect=True)
def test_un_broker_que_olvida_lo_del_anterior_lo_cuenta_cuando_se_le_reclama(broker: PulsarLocal) -> None:
    """As brokers do that nobody has set otherwise; that one may also do it in another order."""
    assert len(traspasar(broker)) == len(TOPICS)
    assert aviso(broker) == DESORDENA


def traspasar(broker: PulsarLocal) -> list[Atento]:
    """Kill a consumer while messages go to it; gives, by topic, what the next one has heard once it has heard all."""
    config = config_de(broker)
    atentos = [Atento() for _ in TOPICS]
    with el_que_muere(broker) as muere, ExitStack() as al_final:
        oidos = [Oido(topic, topic, uno, config) for topic, uno in zip(TOPICS, atentos, strict=True)]
        for oido in oidos:
            al_final.callback(oido.cerrar)
        with ThreadPoolExecutor(len(oidos)) as hilos:
            list(hilos.map(escuchar, oidos))
        al_final.enter_context(Oyendo(oidos))
        enviar(broker, muere)
        eventualmente(lambda: sorted(len(uno.oidos) for uno in atentos), lambda vistos: vistos[0] == MENSAJES)
    return atentos


def aviso(broker: PulsarLocal) -> str | None:
    (visto,) = con_avisos({"relevos": [], "consumidores": [{}]}, config_de(broker))["consumidores"]
    dicho: str | None = visto["aviso"]
    return dicho


def config_de(broker: PulsarLocal) -> Config:
    return Config(pulsar_broker_url=broker.url, pulsar_admin_url=broker.url_admin)


@contextmanager
def el_que_muere(broker: PulsarLocal) -> Iterator["subprocess.Popen[bytes]"]:
    orden = [sys.executable, "-c", EL_QUE_MUERE, broker.url, *TOPICS]
    with subprocess.Popen(orden, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as proceso:
        assert proceso.stdout is not None
        assert proceso.stdout.readline() == b"escucha\n"
        try:
            yield proceso
        finally:
            proceso.kill()


def escuchar(oido: Oido) -> None:
    eventualmente(oido.paso, lambda pausa: pausa == 0)


class Oyendo(DeFondo):
    """Each subscription on a thread of its own."""

    def __init__(self, oidos: Sequence[Oido]) -> None:
        super().__init__(*(partial(self._oir, oido) for oido in oidos))

    def _oir(self, oido: Oido) -> None:
        while not self._fin.is_set():
            oido.paso()


def enviar(broker: PulsarLocal, muere: "subprocess.Popen[bytes]") -> None:
    cliente = pulsar.Client(broker.url, logger=pulsar.ConsoleLogger(pulsar.LoggerLevel.Error))
    productores = [cliente.create_producer(topic) for topic in TOPICS]
    for numero in range(MENSAJES):
        for productor in productores:
            productor.send_async(str(numero).encode(), lambda *_: None)
        if numero == MUERTE:
            muere.kill()
    for productor in productores:
        productor.flush()
    cliente.close()
