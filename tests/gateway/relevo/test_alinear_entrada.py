"""After a restore of the database, what came in since the copy is read again, and acts once."""

import threading
from collections.abc import Iterator

import pytest

from gateway.local.pulsar import PulsarLocal
from gateway.pulsar.pendientes import pendientes
from tests.eventualmente import eventualmente
from tests.gateway.cli.orden import Alpes
from tests.gateway.eventos.apoyo import eventos_de
from tests.gateway.pulsar.mensajes import comando
from tests.gateway.pulsar.procesos import Consumidor, OtroEquipo
from tests.gateway.pulsar.test_comandos import PAGO
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.conftest import mesa_en
from tests.gateway.relevo.restauracion import restaurada

ANTES, DESPUES = [[f"payout-{serie}{numero}" for numero in range(5)] for serie in "ab"]


def pedir_pagos(mesa: Mesa, ids: list[str]) -> None:
    """Have payouts made by messages, and told, and another team tell of a payment; acknowledged when this returns."""
    otro_equipo = OtroEquipo(mesa.cliente)
    with Consumidor(mesa.config), mesa.relevando():
        for uno in ids:
            otro_equipo.enviar(mesa.config.topics.comandos["pagos"], comando("CrearPago", uno, **PAGO), uno)
        hecho = {"type": "PagoConfirmado", "data": {"idCampania": ids[0]}}
        otro_equipo.enviar(mesa.config.topics.eventos["pagos"], hecho)
        eventualmente(lambda: set(creados(mesa)), set(ids).issubset)
        mesa.exigir_todo_una_vez_y_en_orden()
        eventualmente(lambda: [una["pendientes"] for una in pendientes(mesa.config)], lambda visto: not any(visto))


def esperan(mesa: Mesa) -> list[int]:
    """How many facts of others wait for the campaigns that nobody has made."""
    return [len(list(mesa.sistema.campanias.events.get(f"espera:{ids[0]}"))) for ids in (ANTES, DESPUES)]


def creados(mesa: Mesa) -> list[str]:
    return [uno.originator_id for uno in eventos_de(mesa.sistema.pagos) if type(uno).__name__ == "Creado"]


@pytest.fixture
def vieja(mesa: Mesa, postgres: str, pulsar_local: PulsarLocal) -> Iterator[Mesa]:
    """A system restored to a copy from before its last five commands, which it had acknowledged."""
    pedir_pagos(mesa, ANTES)
    with restaurada(mesa, postgres, pulsar_local) as otra:
        with mesa_en(str(mesa.config.db_url), pulsar_local, mesa.config.topics) as primera:
            pedir_pagos(primera, DESPUES)
        yield otra


@pytest.fixture
def alpes(vieja: Mesa, alpes: Alpes) -> Alpes:
    alpes.entorno["DB_URL"] = str(vieja.config.db_url)
    return alpes


@pytest.mark.parametrize("en_marcha", [False, True])
def test_lo_que_entro_tras_la_copia_vuelve_a_entrar_y_lo_de_antes_no_se_repite(
    vieja: Mesa, alpes: Alpes, en_marcha: bool
) -> None:
    assert (creados(vieja), esperan(vieja)) == (ANTES, [1, 0])
    dicho = alpes("mensajes", "alinear").stdout
    assert "los consumidores vuelven a leer lo que entró desde" in dicho
    with Consumidor(vieja.config) if en_marcha else threading.Lock():
        alpes.json("mensajes", "alinear", "--aplicar", "--si")
    with Consumidor(vieja.config):
        eventualmente(lambda: len(creados(vieja)), lambda cuantos: cuantos >= 10)
        eventualmente(lambda: [una["pendientes"] for una in pendientes(vieja.config)], lambda visto: not any(visto))
    assert (creados(vieja), esperan(vieja)) == ([*ANTES, *DESPUES], [1, 1])
    assert alpes.json("mensajes", "alinear")["entrada"] is None


def test_sin_administracion_se_dice_lo_que_se_pierde(alpes: Alpes) -> None:
    del alpes.entorno["PULSAR_ADMIN_URL"]
    dicho = alpes("mensajes", "alinear", "--aplicar", "--si").stdout
    assert "sin PULSAR_ADMIN_URL no se vuelve a leer lo que entró desde" in dicho
