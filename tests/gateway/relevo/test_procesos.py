"""``alpes relevo`` as processes: killed, frozen and thawed in the middle of its work, on a live broker."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.detenido import detenido
from tests.eventualmente import eventualmente
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.test_trabajador import proceso

MUERTES, A_LO_SUMO = 3, 40
RELEVO = 120.0
"""Seconds within which whoever freezes is replaced, on a busy machine."""


def entorno(mesa: Mesa) -> dict[str, str]:
    config = mesa.config
    return {
        "PULSAR_BROKER_URL": str(config.pulsar_broker_url),
        "PULSAR_ADMIN_URL": str(config.pulsar_admin_url),
        **config.topics.todos(),
    }


@contextmanager
def pagando(mesa: Mesa) -> Iterator[None]:
    """Payments one after the other, until the end of the block."""
    fin = threading.Event()

    def pagar() -> None:
        while not fin.wait(0.01):
            mesa.pagar()

    hilo = threading.Thread(target=pagar)
    hilo.start()
    try:
        yield
    finally:
        fin.set()
        hilo.join()


def test_un_relevo_que_muere_despues_de_enviar_y_antes_de_anotarlo_no_repite_ni_pierde(
    mesa: Mesa, db_url: str, tmp_path: Path
) -> None:
    muertes = a_medias = 0
    with pagando(mesa):
        while muertes < MUERTES or (a_medias == 0 and muertes < A_LO_SUMO):
            with proceso("relevo", db_url, tmp_path, **entorno(mesa)):
                _avanzar(mesa)
            # It was killed at the end of the block: what stands on the topic is mostly more than it had noted.
            muertes, a_medias = muertes + 1, a_medias + (_cola(mesa) > mesa.guardada())
    assert a_medias > 0
    with proceso("relevo", db_url, tmp_path, **entorno(mesa)):
        mesa.exigir_todo_una_vez_y_en_orden()


def test_un_relevo_congelado_es_relevado_y_al_volver_no_repite(mesa: Mesa, db_url: str, tmp_path: Path) -> None:
    with proceso("relevo", db_url, tmp_path, **entorno(mesa)) as primero:
        mesa.pagar()
        mesa.exigir_todo_una_vez_y_en_orden()
        with proceso("relevo", db_url, tmp_path, **entorno(mesa)), pagando(mesa):
            _avanzar(mesa)
            with detenido(primero):
                _avanzar(mesa)
            _avanzar(mesa)
        with proceso("relevo", db_url, tmp_path, **entorno(mesa)):
            mesa.exigir_todo_una_vez_y_en_orden()


def _cola(mesa: Mesa) -> int:
    cola = mesa.topico().cola()
    return 0 if cola is None else cola.mensaje.posicion


def _avanzar(mesa: Mesa) -> None:
    """Wait until what is accepted from now on is on the topic."""
    cabeza = mesa.sistema.pagos.recorder.max_notification_id() or 0
    eventualmente(lambda: _cola(mesa), lambda cola: cola > cabeza, RELEVO)
