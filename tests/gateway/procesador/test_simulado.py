"""The simulated provider is the same every time: the amount decides."""

from datetime import UTC, datetime

from domain.base.dinero import Dinero
from domain.pagos.procesador import Confirmada, Rechazada, Solicitud
from gateway.procesador.simulado import ProcesadorSimulado

AHORA = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SIMULADO = ProcesadorSimulado(lambda: AHORA)


def solicitud(unidades: int, intento: int = 1, moneda: str = "USD") -> Solicitud:
    return Solicitud("payout-1", intento, "PARTNER", Dinero(unidades, moneda), None, None)


def test_confirma_con_el_id_del_pago() -> None:
    assert SIMULADO.pagar(solicitud(125050)) == Confirmada("SIM-payout-1", AHORA)


def test_un_monto_terminado_en_13_falla_una_vez() -> None:
    primera = SIMULADO.pagar(solicitud(113))
    assert isinstance(primera, Rechazada)
    assert (primera.codigo, primera.definitivo) == ("TECNICO", False)
    assert isinstance(SIMULADO.pagar(solicitud(113, intento=2)), Confirmada)


def test_un_monto_terminado_en_66_falla_para_siempre() -> None:
    for intento in (1, 2, 3):
        respuesta = SIMULADO.pagar(solicitud(266, intento, "JPY"))
        assert isinstance(respuesta, Rechazada)
        assert (respuesta.codigo, respuesta.definitivo) == ("RECHAZADO", True)


def test_preguntar_dice_lo_mismo_que_pagar() -> None:
    for unidades in (100, 113, 266):
        assert SIMULADO.consultar(solicitud(unidades)) == SIMULADO.pagar(solicitud(unidades))
