"""Topics in tenants and namespaces that nobody has made yet: we make them, where we may."""

import uuid

import pytest

from gateway.config import Config
from gateway.pulsar.admin import anunciar
from gateway.pulsar.pendientes import pendientes
from gateway.topics import CLASES, MODULOS, Topics, completo
from tests.eventualmente import eventualmente
from tests.gateway.pulsar.procesos import Consumidor
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.restauracion import alinear
from tests.servidor_http import Atencion, servir


@pytest.fixture
def topics() -> Topics:
    de_nadie = f"prueba-{uuid.uuid4().hex[:12]}"
    return Topics(*({m: completo(f"{de_nadie}/{clase}/{m}") for m in MODULOS} for clase in CLASES))


def test_el_relevo_cuenta_en_otro_espacio(mesa: Mesa) -> None:
    mesa.pagar()
    with mesa.relevando():
        # To look for what is not there would fail: neither can a reader make it.
        eventualmente(mesa.guardada, bool)
        mesa.exigir_todo_una_vez_y_en_orden()


def test_los_consumidores_escuchan_en_otro_espacio(mesa: Mesa) -> None:
    with Consumidor(mesa.config):
        eventualmente(lambda: [una["conectados"] for una in pendientes(mesa.config)], [1, 1, 1, 1].__eq__)


def test_se_alinea_en_otro_espacio(mesa: Mesa) -> None:
    assert alinear(mesa).alineado


def test_lo_que_no_se_admite_que_creemos_puede_estar_ya() -> None:
    pedidos = []

    def atender(pedido: Atencion) -> None:
        pedidos.append(f"{pedido.command} {pedido.path}")
        admitido = pedido.path.endswith("/schema")
        pedido.contestar(b'{"version": {"version": 0}}' if admitido else b"", 200 if admitido else 403)

    with servir(atender) as url:
        anunciar(Config(pulsar_admin_url=url), completo("ajeno/suyo/t"), "{}")
    assert pedidos == ["GET /admin/v2/namespaces/ajeno/suyo", "POST /admin/v2/schemas/ajeno/suyo/t/schema"]
