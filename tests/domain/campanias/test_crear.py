"""Creating a campaign: what is required, what is refused, what is no news."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.base.contexto import Contexto
from domain.base.dinero import DemasiadosDecimales, MonedaDesconocida, MontoNoPositivo
from domain.base.errores import ErrorDeDominio, TransicionIlegal, VersionDistinta
from domain.base.texto import CampoDemasiadoLargo, CampoRequerido, IdentificadorInvalido, NumeroDeTarjeta
from domain.campanias.agregado import Campania
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import (
    ActivarCampania,
    AjustarPresupuesto,
    AsociarPago,
    CancelarCampania,
    FinalizarCampania,
    PausarCampania,
    ReanudarCampania,
    RegistrarGasto,
    SeguirCalendario,
)
from domain.campanias.errores import (
    CampaniaIncompleta,
    CampaniaNoEncontrada,
    CampaniaYaExiste,
    FechasInvertidas,
    ItinerarioDemasiadoLargo,
    PresupuestoSinMoneda,
)
from domain.campanias.estado import Estado
from tests.domain.campanias.ejemplos import CREAR, DATOS, ID, MANANA, creada, usd
from tests.domain.especificacion import AHORA, Especificacion
from tests.domain.memoria import en_memoria, reloj_parado


@pytest.fixture
def campanias() -> Campanias:
    return Campanias(en_memoria, reloj_parado(AHORA))


def vista(campanias: Campanias) -> Campania:
    campania = campanias.buscar(Campania, ID)
    assert campania is not None
    return campania


def test_una_campania_nueva_espera_su_pago() -> None:
    Especificacion(Campania).cuando(lambda _: Campania.crear(ID, DATOS)).entonces(creada())


def test_sin_nombre_se_llama_como_su_id(campanias: Campanias) -> None:
    campanias.ejecutar(replace(CREAR, nombre=None))
    assert vista(campanias).nombre == ID


def test_el_itinerario_puede_estar_vacio(campanias: Campanias) -> None:
    campanias.ejecutar(replace(CREAR, itinerario=()))
    assert vista(campanias).itinerario == ()


def test_una_moneda_sin_presupuesto_es_la_de_un_presupuesto_futuro(campanias: Campanias) -> None:
    campanias.ejecutar(replace(CREAR, presupuesto=None, moneda="usd"))
    campanias.ejecutar(AjustarPresupuesto(ID, Decimal("10.50"), "USD"))
    assert vista(campanias).cuenta.presupuesto == usd("10.50")


@pytest.mark.parametrize(
    ("cambio", "error"),
    [
        ({"campania_id": ""}, CampaniaIncompleta),
        ({"cliente_id": ""}, CampaniaIncompleta),
        ({"campania_id": "espera:CAMP001"}, IdentificadorInvalido),
        ({"cliente_id": "x" * 65}, IdentificadorInvalido),
        ({"itinerario": ("Madrid",) * 201}, ItinerarioDemasiadoLargo),
        ({"itinerario": ("Madrid", " ")}, CampoRequerido),
        ({"itinerario": ("M" * 201,)}, CampoDemasiadoLargo),
        ({"nombre": "Verano 4111111111111111"}, NumeroDeTarjeta),
        ({"moneda": None}, PresupuestoSinMoneda),
        ({"moneda": "XXX"}, MonedaDesconocida),
        ({"presupuesto": None, "moneda": "XXX"}, MonedaDesconocida),
        ({"presupuesto": None, "moneda": "u\u017fd"}, MonedaDesconocida),
        ({"presupuesto": Decimal(0)}, MontoNoPositivo),
        ({"presupuesto": Decimal("10.505")}, DemasiadosDecimales),
        ({"fecha_inicio": MANANA, "fecha_fin": AHORA}, FechasInvertidas),
    ],
)
def test_no_se_crea_con_datos_que_rompen_una_regla(
    campanias: Campanias, cambio: dict[str, Any], error: type[ErrorDeDominio]
) -> None:
    with pytest.raises(error):
        campanias.ejecutar(replace(CREAR, **cambio))

    assert campanias.recorder.max_notification_id() is None


def test_lo_que_falta_se_dice_como_lo_pide_el_contrato() -> None:
    assert str(CampaniaIncompleta()) == "idCampania, idCliente y itinerario[] son requeridos"
    assert str(CampaniaNoEncontrada()) == "Campania no encontrada"


def test_puede_empezar_y_terminar_en_el_mismo_instante(campanias: Campanias) -> None:
    campanias.ejecutar(replace(CREAR, fecha_inicio=AHORA, fecha_fin=AHORA))
    assert vista(campanias).estado is Estado.PENDIENTE


def test_un_id_con_cifras_de_tarjeta_no_se_registra_como_texto_libre(campanias: Campanias) -> None:
    campanias.ejecutar(replace(CREAR, campania_id="4111111111111111", nombre=None))
    assert campanias.buscar(Campania, "4111111111111111") is not None


@pytest.mark.parametrize(
    "igual", [CREAR, replace(CREAR, presupuesto=Decimal("1000.00"), moneda="usd", nombre=" Verano ")]
)
def test_crear_otra_vez_con_los_mismos_datos_es_un_exito_que_no_guarda_nada(
    campanias: Campanias, igual: object
) -> None:
    primera = campanias.ejecutar(CREAR)
    segunda = campanias.ejecutar(igual)

    assert (segunda, segunda.id, segunda.version) == (primera, ID, 1)


def test_crear_otra_vez_se_compara_con_lo_que_se_dijo_primero(campanias: Campanias) -> None:
    campanias.ejecutar(CREAR)
    campanias.ejecutar(AjustarPresupuesto(ID, Decimal(2000), "USD"))
    ultima = campanias.ejecutar(CancelarCampania(ID, "sin fondos"))

    assert campanias.ejecutar(CREAR) == ultima
    with pytest.raises(CampaniaYaExiste):
        campanias.ejecutar(replace(CREAR, presupuesto=Decimal(2000)))


@pytest.mark.parametrize(
    "cambio",
    [
        {"cliente_id": "CLI-2"},
        {"itinerario": ("Madrid", "Valencia", "Barcelona")},
        {"nombre": None},
        {"presupuesto": None},
        {"fecha_inicio": AHORA},
        {"fecha_fin": MANANA},
    ],
)
def test_crear_otra_vez_con_otros_datos_se_niega(campanias: Campanias, cambio: dict[str, Any]) -> None:
    campanias.ejecutar(CREAR)

    with pytest.raises(CampaniaYaExiste):
        campanias.ejecutar(replace(CREAR, **cambio))


@pytest.mark.parametrize(
    "orden",
    [
        ActivarCampania(ID),
        PausarCampania(ID),
        ReanudarCampania(ID),
        FinalizarCampania(ID),
        CancelarCampania(ID, "sin fondos"),
        RegistrarGasto(ID, "g-1", Decimal(1), "USD"),
        AjustarPresupuesto(ID, Decimal(1), "USD"),
        SeguirCalendario(ID),
    ],
)
def test_no_se_ordena_nada_a_una_campania_que_no_existe(campanias: Campanias, orden: object) -> None:
    with pytest.raises(CampaniaNoEncontrada):
        campanias.ejecutar(orden)


def test_una_orden_ilegal_dice_en_que_estado_esta(campanias: Campanias) -> None:
    campanias.ejecutar(CREAR)
    with pytest.raises(TransicionIlegal, match="No se puede activar en estado PENDIENTE"):
        campanias.ejecutar(ActivarCampania(ID))


def test_una_vida_entera(campanias: Campanias) -> None:
    campanias.ejecutar(replace(CREAR, fecha_inicio=AHORA, fecha_fin=MANANA))
    for orden in (
        AsociarPago(ID, "payout-1"),
        SeguirCalendario(ID),
        RegistrarGasto(ID, "g-1", Decimal("400.25"), "usd"),
        PausarCampania(ID),
        ReanudarCampania(ID),
    ):
        campanias.ejecutar(orden)
    posicion = campanias.ejecutar(SeguirCalendario(ID), Contexto(ahora=MANANA + timedelta(seconds=1)))

    campania = vista(campanias)
    assert (campania.estado, campania.cuenta.gastado) == (Estado.FINALIZADA, usd("400.25"))
    assert (posicion.id, posicion.version) == (ID, 7)


def test_los_hechos_llevan_la_hora_a_la_que_se_supieron(campanias: Campanias) -> None:
    campanias.ejecutar(CREAR, Contexto(ahora=MANANA))
    assert [evento.timestamp for evento in campanias.events.get(ID)] == [MANANA]  # type: ignore[attr-defined]


def test_quien_espera_otra_version_no_ordena_nada(campanias: Campanias) -> None:
    campanias.ejecutar(CREAR)
    with pytest.raises(VersionDistinta):
        campanias.ejecutar(CancelarCampania(ID, "sin fondos"), Contexto(ahora=AHORA, version_esperada=2))
