"""Payments that come before their campaign, and the race with its creation."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.base.agregado import Agregado
from domain.base.aplicacion import A, Posicion
from domain.campanias.agregado import Campania
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import AsociarPago, DesasociarPago
from domain.campanias.espera import Espera
from tests.domain.campanias.ejemplos import CREAR, ID
from tests.domain.especificacion import AHORA
from tests.domain.memoria import FabricaEnMemoria, RegistroEnMemoria, en_memoria, reloj_parado

ESPERA = Espera.id_de(ID)


@pytest.fixture
def campanias() -> Campanias:
    return Campanias(en_memoria, reloj_parado(AHORA))


def nombres(campanias: Campanias, corriente: str) -> list[str]:
    """The stored names of a stream's events."""
    return [evento.TOPIC for evento in campanias.events.get(corriente)]  # type: ignore[attr-defined]


def test_un_pago_sin_campania_espera(campanias: Campanias) -> None:
    campanias.ejecutar(AsociarPago(ID, "payout-1"))
    campanias.ejecutar(DesasociarPago(ID, "payout-2", "fraude"))

    assert nombres(campanias, ESPERA) == ["EsperaPagoConfirmado.v1", "EsperaPagoCaido.v1"]
    assert campanias.buscar(Campania, ID) is None


def test_lo_que_se_dice_dos_veces_seguidas_espera_una_sola(campanias: Campanias) -> None:
    primera = campanias.ejecutar(AsociarPago(ID, "payout-1"))
    segunda = campanias.ejecutar(AsociarPago(ID, "payout-1"))

    assert (segunda, segunda.version) == (primera, 1)
    assert nombres(campanias, ESPERA) == ["EsperaPagoConfirmado.v1"]


def test_crear_la_campania_cierra_la_espera_aunque_nadie_espere(campanias: Campanias) -> None:
    campanias.ejecutar(CREAR)

    assert nombres(campanias, ESPERA) == ["EsperaCerrada.v1"]
    assert nombres(campanias, ID) == ["CampaniaCreada.v1"]


def test_los_pagos_que_esperan_actuan_al_crear_como_si_llegaran_despues(campanias: Campanias) -> None:
    for orden in (AsociarPago(ID, "p-1"), AsociarPago(ID, "p-2"), DesasociarPago(ID, "p-1", "fraude"), CREAR):
        posicion = campanias.ejecutar(orden)

    assert (posicion.id, posicion.version) == (ID, 4)
    assert nombres(campanias, ID) == [
        "CampaniaCreada.v1",
        "CampaniaAprobada.v1",
        "CampaniaPagoAsociado.v1",
        "CampaniaPagoDesasociado.v1",
    ]


def test_un_reverso_que_espera_cancela_la_campania_al_crearla(campanias: Campanias) -> None:
    campanias.ejecutar(DesasociarPago(ID, "payout-1", "fraude"))
    campanias.ejecutar(CREAR)

    assert nombres(campanias, ID) == ["CampaniaCreada.v1", "CampaniaCancelada.v1"]


def test_cuando_la_campania_existe_nadie_espera_mas(campanias: Campanias) -> None:
    campanias.ejecutar(CREAR)
    campanias.ejecutar(AsociarPago(ID, "payout-1"))

    assert nombres(campanias, ESPERA) == ["EsperaCerrada.v1"]
    assert nombres(campanias, ID) == ["CampaniaCreada.v1", "CampaniaAprobada.v1"]


def test_muchos_que_esperan_se_leen_por_paginas_y_ninguno_se_pierde(campanias: Campanias) -> None:
    for numero in range(2500):
        campanias.ejecutar(AsociarPago(ID, f"payout-{numero}"))
    campanias.ejecutar(CREAR)

    campania = campanias.buscar(Campania, ID)
    assert campania is not None
    assert len(campania.pagos.confirmados) == 2500


class Adelantada(Campanias):
    """Campanias in which another writer is first, once: after a campaign was looked for, or before a save."""

    tras_buscar: Callable[[], Any] | None = None
    antes_de_guardar: Callable[[], Any] | None = None

    def buscar(self, clase: type[A], id: str) -> A | None:
        hallado = super().buscar(clase, id)
        rival, self.tras_buscar = self.tras_buscar, None
        if rival is not None:
            rival()
        return hallado

    def guardar(self, principal: Agregado, *otros: Agregado) -> Posicion:
        rival, self.antes_de_guardar = self.antes_de_guardar, None
        if rival is not None:
            rival()
        return super().guardar(principal, *otros)


@pytest.mark.parametrize(
    ("orden", "rival"), [(AsociarPago(ID, "payout-1"), CREAR), (CREAR, AsociarPago(ID, "payout-1"))]
)
def test_de_dos_a_la_vez_el_que_pierde_ve_al_otro(orden: object, rival: object) -> None:
    campanias = Adelantada(en_memoria, reloj_parado(AHORA))
    campanias.antes_de_guardar = lambda: campanias.ejecutar(rival)

    campanias.ejecutar(orden)

    assert nombres(campanias, ID) == ["CampaniaCreada.v1", "CampaniaAprobada.v1"]


@pytest.mark.parametrize(
    ("orden", "efecto"),
    [
        (AsociarPago(ID, "payout-1"), "CampaniaAprobada.v1"),
        (DesasociarPago(ID, "payout-1", "fraude"), "CampaniaCancelada.v1"),
    ],
)
def test_nadie_se_queda_esperando_a_una_campania_que_se_acaba_de_crear(orden: object, efecto: str) -> None:
    campanias = Adelantada(en_memoria, reloj_parado(AHORA))
    campanias.tras_buscar = lambda: campanias.ejecutar(CREAR)

    campanias.ejecutar(orden)

    assert nombres(campanias, ESPERA) == ["EsperaCerrada.v1"]
    assert nombres(campanias, ID) == ["CampaniaCreada.v1", efecto]


class RegistroQueCuenta(RegistroEnMemoria):
    """Counts the events that were read."""

    leidos = 0

    def select_events(self, *args: Any, **kwargs: Any) -> Any:
        eventos = super().select_events(*args, **kwargs)
        self.leidos += len(eventos)
        return eventos


class FabricaQueCuenta(FabricaEnMemoria):
    def process_recorder(self) -> RegistroQueCuenta:
        return RegistroQueCuenta()


def test_esperar_no_vuelve_a_leer_a_los_que_ya_esperan() -> None:
    campanias = Campanias(FabricaQueCuenta, reloj_parado(AHORA))
    for numero in range(100):
        campanias.ejecutar(AsociarPago(ID, f"payout-{numero}"))

    registro = campanias.recorder
    assert isinstance(registro, RegistroQueCuenta)
    assert registro.leidos == 99
