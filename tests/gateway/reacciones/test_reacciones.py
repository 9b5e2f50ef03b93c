"""What the reactions do with the facts of Pagos, once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from domain.campanias.agregado import Campania
from domain.campanias.comandos import CrearCampania
from domain.campanias.espera import Espera
from domain.pagos.comandos import RevertirPago
from gateway.composicion import Sistema
from gateway.eventos.identidad import id_de_evento
from gateway.eventos.reacciones import Reacciones
from gateway.eventos.recorder import Recorder
from tests.eventualmente import eventualmente
from tests.gateway.sistema import pago, pago_hecho, sistema_en

CAMPANIA = CrearCampania("CAMP001", "CLIENTE", ())


def estado(sistema: Sistema, campania: str = "CAMP001") -> str:
    hallada = sistema.campanias.buscar(Campania, campania)
    return hallada.estado if hallada else "NO EXISTE"


def en_espera(sistema: Sistema, ciclo: str) -> list[str]:
    """Payouts whose confirmation waits for a campaign, as often as it was told."""
    return [
        hecho.payout_id
        for hecho in sistema.campanias.events.get(Espera.id_de(ciclo))
        if isinstance(hecho, Espera.PagoConfirmado)
    ]


def asociados(sistema: Sistema, campania: str) -> list[str]:
    """Payouts that a campaign counts on, as often as it was told."""
    return [
        evento.payout_id
        for evento in sistema.campanias.events.get(campania)
        if isinstance(evento, Campania.Aprobada | Campania.PagoAsociado)
    ]


def posicion_de(sistema: Sistema, reaccion: str) -> int:
    return cast(Recorder, sistema.campanias.recorder).max_tracking_id(reaccion) or 0


def ponerse_al_dia(sistema: Sistema, reacciones: Reacciones) -> None:
    def posicion() -> int:
        reacciones.paso()
        reacciones.cerrar()
        return posicion_de(sistema, "aprobar-campania:pagos")

    cabeza = sistema.pagos.recorder.max_notification_id() or 0
    eventualmente(posicion, lambda hasta: hasta >= cabeza)


def test_un_pago_confirmado_aprueba_su_campania_y_su_reverso_la_cancela(
    sistema: Sistema, reacciones: Reacciones
) -> None:
    sistema.campanias.ejecutar(CAMPANIA)
    hecho = pago_hecho("CAMP001")
    sistema.pagos.ejecutar(hecho)
    reacciones.paso()
    assert estado(sistema) == "APROBADA"
    sistema.pagos.ejecutar(RevertirPago(hecho.payout_id, "Error del partner"))
    reacciones.paso()
    assert estado(sistema) == "CANCELADA"


@pytest.mark.parametrize("de_una_vez", [False, True])
def test_una_campania_oye_los_hechos_en_el_orden_del_registro_se_lean_juntos_o_no(
    sistema: Sistema, reacciones: Reacciones, de_una_vez: bool
) -> None:
    sistema.campanias.ejecutar(CAMPANIA)
    primero = pago_hecho("CAMP001")
    for orden in (primero, RevertirPago(primero.payout_id, "Error"), pago_hecho("CAMP001")):
        sistema.pagos.ejecutar(orden)
        if not de_una_vez:
            reacciones.paso()
    reacciones.paso()
    dichos = [type(evento).__name__ for evento in sistema.campanias.events.get("CAMP001")]
    assert dichos == ["Creada", "Aprobada", "Cancelada", "PagoIgnorado"]


def test_un_pago_que_fallo_para_siempre_cancela_su_campania(sistema: Sistema, reacciones: Reacciones) -> None:
    sistema.campanias.ejecutar(CAMPANIA)
    sistema.pagos.ejecutar(pago("CAMP001", failure_reason="Cuenta cerrada"))
    reacciones.paso()
    assert estado(sistema) == "CANCELADA"


def test_un_pago_sin_campania_la_espera_y_la_aprueba_cuando_llega(sistema: Sistema, reacciones: Reacciones) -> None:
    pagos = [pago_hecho("CAMP001") for _ in range(3)]
    for uno in pagos:
        sistema.pagos.ejecutar(uno)
    reacciones.paso()
    assert en_espera(sistema, "CAMP001") == [uno.payout_id for uno in pagos]
    sistema.campanias.ejecutar(CAMPANIA)
    assert estado(sistema) == "APROBADA"


def test_el_efecto_dice_que_evento_lo_causo_y_quien_reacciono(sistema: Sistema, reacciones: Reacciones) -> None:
    sistema.campanias.ejecutar(CAMPANIA)
    posicion = sistema.pagos.ejecutar(pago_hecho("CAMP001"))
    reacciones.paso()
    *_, confirmado = sistema.pagos.events.get(posicion.id)
    *_, aprobada = sistema.campanias.events.get("CAMP001")
    assert isinstance(aprobada, Campania.Aprobada)
    assert (aprobada.actor_tipo, aprobada.actor_id) == ("reaccion", "aprobar-campania")
    assert aprobada.causation_id == id_de_evento("pagos", posicion.id, confirmado.originator_version)
    assert aprobada.correlation_id == aprobada.causation_id, "lo que nadie pidió empieza su propia correlación"


def test_un_proceso_nuevo_sigue_donde_quedo_el_anterior(sistema: Sistema, reacciones: Reacciones) -> None:
    sistema.pagos.ejecutar(pago_hecho("CICLO"))
    reacciones.paso()
    otras = Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor)
    otras.paso()
    sistema.pagos.ejecutar(pago_hecho("CICLO"))
    otras.paso()
    reacciones.paso()
    assert len(en_espera(sistema, "CICLO")) == 2


def test_los_eventos_sin_consecuencia_tambien_mueven_la_posicion(sistema: Sistema, reacciones: Reacciones) -> None:
    sistema.pagos.ejecutar(pago("CICLO"))
    reacciones.paso()
    reacciones.cerrar()
    for nombre in ("aprobar-campania:pagos", "cancelar-por-fallo:pagos", "cancelar-por-reverso:pagos"):
        assert posicion_de(sistema, nombre) == sistema.pagos.recorder.max_notification_id()


def test_varios_trabajadores_a_la_vez_cuentan_cada_hecho_una_vez(sistema: Sistema, db_url: str) -> None:
    pagos = [pago_hecho("CICLO") for _ in range(120)]
    fin = threading.Event()

    def trabajar() -> None:
        with sistema_en(db_url) as otro:
            reacciones = Reacciones(otro.pagos, otro.aplicaciones, otro.reloj, otro.motor)
            while not fin.is_set():
                reacciones.paso()
            ponerse_al_dia(otro, reacciones)

    with ThreadPoolExecutor(3) as trabajadores:
        vidas = [trabajadores.submit(trabajar) for _ in range(3)]
        for uno in pagos:
            sistema.pagos.ejecutar(uno)
        fin.set()
    for vida in vidas:
        vida.result()
    assert sorted(en_espera(sistema, "CICLO")) == sorted(uno.payout_id for uno in pagos)


def test_las_campanias_que_nacen_entre_los_pagos_no_pierden_ni_repiten_ninguno(
    sistema: Sistema, reacciones: Reacciones
) -> None:
    ciclos = [f"CAMP{numero}" for numero in range(8)]
    pagos = [pago_hecho(ciclos[numero % 8]) for numero in range(160)]

    def crear() -> None:
        for ciclo in ciclos:
            sistema.campanias.ejecutar(CrearCampania(ciclo, "CLIENTE", ()))

    with ThreadPoolExecutor(2) as otros:
        pagando = otros.submit(lambda: [sistema.pagos.ejecutar(uno) for uno in pagos])
        creando = otros.submit(crear)
        while not (pagando.done() and creando.done()):
            reacciones.paso()
    pagando.result()
    creando.result()
    ponerse_al_dia(sistema, reacciones)
    for ciclo in ciclos:
        assert sorted(asociados(sistema, ciclo)) == sorted(uno.payout_id for uno in pagos if uno.cycle_id == ciclo)
