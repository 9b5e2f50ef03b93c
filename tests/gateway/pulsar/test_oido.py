"""One subscription on the real broker: what it asks of the broker, and what it does beside counting messages."""

import json
from collections.abc import Iterator, Sequence

import pytest

from gateway.config import Config
from gateway.pulsar.admin import Administracion
from gateway.pulsar.comandos import SOBRE
from gateway.pulsar.oido import BYTES, RETENCION, Oido
from gateway.pulsar.recibidos import Recibido
from tests.eventualmente import eventualmente
from tests.gateway.pulsar.procesos import OtroEquipo


class Atento:
    """Takes every message, and remembers how many it had when it rested."""

    def __init__(self) -> None:
        self.recibidos = 0
        self.pesos: list[int] = []
        self.descansos: list[int] = []

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        self.recibidos += len(recibidos)
        self.pesos.append(sum(len(uno.datos) for uno in recibidos))

    def descansar(self) -> None:
        self.descansos.append(self.recibidos)


@pytest.fixture
def atento() -> Atento:
    return Atento()


@pytest.fixture
def oido(config: Config, atento: Atento) -> Iterator[Oido]:
    oido = Oido("prueba", config.topics.comandos["cliente"], atento, config, esquema=json.dumps(SOBRE))
    yield oido
    oido.cerrar()


def test_lo_que_puede_llevar_datos_personales_no_se_guarda_para_siempre(config: Config, oido: Oido) -> None:
    oido.paso()
    administracion = Administracion.de(config)
    assert administracion is not None
    with administracion:
        eventualmente(lambda: administracion.retencion(config.topics.comandos["cliente"]), lambda m: m == RETENCION)


def test_lo_que_se_hace_sin_mensajes_se_hace_tambien_donde_nunca_faltan(
    config: Config, oido: Oido, atento: Atento, otro_equipo: OtroEquipo
) -> None:
    def otro_mensaje() -> list[int]:
        otro_equipo.enviar(config.topics.comandos["cliente"], b"{}")
        antes, descansos = atento.recibidos, len(atento.descansos)
        oido.paso()
        return atento.descansos[descansos:] if atento.recibidos > antes else []

    eventualmente(otro_mensaje, bool)


def test_un_mensaje_que_ya_espera_se_cuenta_al_llegar(
    config: Config, oido: Oido, atento: Atento, otro_equipo: OtroEquipo
) -> None:
    otro_equipo.enviar(config.topics.comandos["cliente"], b"{}")
    eventualmente(lambda: (oido.paso(), atento.recibidos)[1], bool)
    assert atento.recibidos == 1


def test_de_mensajes_enormes_se_toman_menos_a_la_vez(
    config: Config, oido: Oido, atento: Atento, otro_equipo: OtroEquipo
) -> None:
    uno = 4_000_000
    oido.paso()
    for _ in range(5):
        otro_equipo.enviar(config.topics.comandos["cliente"], bytes(uno))
    eventualmente(lambda: (oido.paso(), atento.recibidos)[1], lambda recibidos: recibidos == 5)
    assert max(atento.pesos) <= BYTES + uno
