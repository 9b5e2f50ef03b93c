"""What others tell of payments leads to the same campaign, whatever the order and however often it is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.campanias.agregado import Campania
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import CrearCampania
from domain.campanias.estado import Estado
from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.hechos import hecho_de_pago
from gateway.pulsar.interpretes import de_pagos_ajenos
from gateway.pulsar.recibidos import entender
from tests.domain.especificacion import AHORA
from tests.domain.memoria import en_memoria, reloj_parado
from tests.gateway.pulsar.mensajes import en_json, esquemas

FORMAS: tuple[Any, ...] = (
    lambda tipo: {"type": tipo, "data": {"idCampania": "CAMP001"}},
    lambda tipo: {"schemaVersion": "1.0", "aggregateId": "CAMP001", "eventId": tipo, "type": f"{tipo}.v1", "data": {}},
    lambda tipo: {"type": tipo, "data": {"idCampania": "CAMP001"}, "event_id": f"e-{tipo}"},
)
"""The shapes that other teams send, the payment being unnamed in all."""


@pytest.mark.parametrize("forma", FORMAS)
def test_un_pago_sin_nombre_es_uno_solo_por_campania(forma: Any) -> None:
    hecho: Any = hecho_de_pago(entender(en_json(forma("PagoConfirmado")), esquemas), AHORA)
    assert (hecho.originator_id, hecho.campania) == ("externo:CAMP001", "CAMP001")


@pytest.mark.parametrize(
    ("dicho", "pago", "campania"),
    [
        ({"aggregateId": "payout-1", "data": {"idCampania": "C"}}, "payout-1", "C"),
        ({"aggregateId": "payout-1", "data": {"idCampania": None}}, "payout-1", None),
        ({"aggregateId": "PAGO-9", "data": {"idCampania": "C"}}, "PAGO-9", "C"),
        ({"aggregateId": "C", "data": {"idCampania": "C"}}, "externo:C", "C"),
        ({"aggregateId": "C", "data": {"payout_id": "payout-2"}}, "payout-2", "C"),
    ],
)
def test_quien_nombra_su_pago_habla_de_ese(dicho: dict[str, Any], pago: str, campania: str | None) -> None:
    hecho: Any = hecho_de_pago(entender(en_json({"type": "PagoConfirmado", **dicho}), esquemas), AHORA)
    assert (hecho.originator_id, hecho.campania) == (pago, campania)


@pytest.mark.parametrize("data", [{}, {"idCampania": "no es un id"}, {"idCampania": 7}])
def test_sin_decir_de_que_habla_no_se_le_entiende(data: dict[str, Any]) -> None:
    with pytest.raises(MensajeIlegible):
        hecho_de_pago(entender(en_json({"type": "PagoRevertido", "data": data}), esquemas), AHORA)


def test_de_lo_demas_no_sigue_nada() -> None:
    assert hecho_de_pago(entender(en_json({"type": "PagoCreado", "data": {}}), esquemas), AHORA) is None


@pytest.mark.parametrize("definitivo", ["false", "true", 0, 1, [], {}])
def test_un_fallo_que_no_dice_si_se_reintenta_con_true_o_false_no_se_entiende(definitivo: object) -> None:
    dicho = {"type": "PagoFallido", "data": {"idCampania": "CAMP001", "definitivo": definitivo}}
    with pytest.raises(MensajeIlegible, match="definitivo"):
        hecho_de_pago(entender(en_json(dicho), esquemas), AHORA)


@pytest.mark.parametrize(
    ("data", "acaba"), [({}, "CANCELADA"), ({"definitivo": None}, "CANCELADA"), ({"definitivo": False}, "PENDIENTE")]
)
def test_un_fallo_que_se_reintenta_no_cancela(data: dict[str, Any], acaba: str) -> None:
    assert estado_tras([{"type": "PagoFallido", "data": {"idCampania": "CAMP001", **data}}]) == acaba


@pytest.mark.parametrize(
    ("dicho", "queda"),
    [
        ("  devolución ", "devolución"),
        (None, "sin motivo"),
        ("", "sin motivo"),
        ("a\nb", "sin motivo"),
        ("x" * 501, "sin motivo"),
        ("tarjeta 4111 1111 1111 1111", "sin motivo"),
    ],
)
def test_un_motivo_ajeno_que_no_se_admitiria_aqui_no_se_guarda(dicho: str | None, queda: str) -> None:
    mensaje = {"type": "PagoRevertido", "data": {"idCampania": "CAMP001", "motivo": dicho}}
    hecho: Any = hecho_de_pago(entender(en_json(mensaje), esquemas), AHORA)
    assert hecho.motivo == queda


@st.composite
def desordenados(draw: st.DrawFn) -> tuple[bool, list[dict[str, Any]]]:
    """What is told of one payment, in any shapes, each at least once, in any order; and whether it fell."""
    vida = draw(
        st.sampled_from([["PagoConfirmado"], ["PagoRevertido", "PagoConfirmado"], ["PagoFallido"], ["PagoRevertido"]])
    )
    dichos = [*vida, *draw(st.lists(st.sampled_from(vida), max_size=4))]
    formas = draw(st.lists(st.sampled_from(FORMAS), min_size=len(dichos), max_size=len(dichos)))
    return vida != ["PagoConfirmado"], draw(
        st.permutations([forma(tipo) for forma, tipo in zip(formas, dichos, strict=True)])
    )


@given(desordenados(), st.integers(0, 8))
def test_los_mensajes_de_un_pago_llevan_al_mismo_estado_en_cualquier_orden_y_antes_o_despues_de_crear(
    caso: tuple[bool, list[dict[str, Any]]], lugar: int
) -> None:
    cayo, dichos = caso
    assert estado_tras(dichos, lugar) is (Estado.CANCELADA if cayo else Estado.APROBADA)


def estado_tras(dichos: list[dict[str, Any]], lugar: int = 0) -> Estado:
    """The state of a campaign that is created after the first ``lugar`` messages."""
    campanias = Campanias(en_memoria, reloj_parado(AHORA))
    interprete = de_pagos_ajenos(campanias, reloj_parado(AHORA))

    def crear() -> None:
        campanias.ejecutar(CrearCampania("CAMP001", "CLIENTE", ()))

    for numero, dicho in enumerate(dichos):
        if numero == lugar:
            crear()
        hacer = interprete(entender(en_json(dicho), esquemas))
        if hacer is not None:
            hacer({})
    if lugar >= len(dichos):
        crear()
    campania = campanias.buscar(Campania, "CAMP001")
    assert campania is not None
    return campania.estado
