"""How far behind, told apart: up to date, on its way, stuck, or nobody's."""

from sqlalchemy import text

from domain.base.agregado import Agregado
from projections.motor.retraso import AL_DIA, ATRASADA, SIN_AVANZAR, SIN_TRABAJADOR, Retraso, retrasos
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import cliente, payout, tras
from tests.projections.log_en_memoria import eventos_de

ATENDIDA = "UPDATE seguimiento SET vence_en = now() + interval '1 hour'"
RECIEN = "UPDATE seguimiento SET movido_en = now()"
QUIETA = "UPDATE seguimiento SET movido_en = now() - interval '11 s'"


def de_payouts(lectura: Lectura, segundos: float = 0) -> Retraso:
    """As seen so many seconds after the example's payouts were recorded."""
    (uno,) = (uno for uno in retrasos(lectura.motor, lectura.logs, tras(segundos)) if uno.nombre == "payouts")
    return uno


def poner(lectura: Lectura, *ordenes: str) -> None:
    with lectura.motor.begin() as conexion:
        for orden in ordenes:
            conexion.execute(text(orden))


def test_quien_tomo_todo_esta_al_dia_aunque_nadie_lo_lleve(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout())
    poner(lectura, QUIETA)
    uno = de_payouts(lectura, 60)
    assert (uno.estado, uno.retraso_eventos, uno.retraso_segundos) == (AL_DIA, 0, 0)


def test_atrasado_se_cuenta_en_posiciones_y_en_la_edad_de_lo_que_falta(lectura: Lectura) -> None:
    lectura.logs["pagos"].agregar(*eventos_de(payout()))
    poner(lectura, ATENDIDA, RECIEN)
    uno = de_payouts(lectura, 60)
    assert (uno.estado, uno.posicion, uno.cabeza) == (ATRASADA, 0, 6)
    assert (uno.retraso_eventos, uno.retraso_segundos) == (6, 60)


def test_quien_tiene_que_leer_y_no_se_mueve_esta_parado(lectura: Lectura) -> None:
    lectura.logs["pagos"].agregar(*eventos_de(payout()))
    poner(lectura, ATENDIDA, QUIETA)
    assert de_payouts(lectura, 60).estado == SIN_AVANZAR
    assert de_payouts(lectura, 1).estado == ATRASADA, "lo que acaba de llegar aún no tuvo tiempo"


def test_lo_que_nadie_lleva_se_dice(lectura: Lectura) -> None:
    lectura.logs["pagos"].agregar(*eventos_de(payout()))
    assert de_payouts(lectura).estado == SIN_TRABAJADOR


def test_lo_aparcado_se_cuenta_en_el_log_en_que_esta(lectura: Lectura) -> None:
    enfermos: dict[str, list[Agregado]] = {
        "clientes": [cliente("ana")],
        "pagos": [payout("payout-1"), payout("payout-2")],
    }
    for modulo, agregados in enfermos.items():
        for agregado in agregados:
            eventos = eventos_de(agregado)
            lectura.logs[modulo].agregar(*eventos)
            lectura.logs[modulo].estropear(eventos[0])
    lectura.alcanzar()
    vistos = {uno.aplicacion: uno.aparcados for uno in retrasos(lectura.motor, lectura.logs, tras(0))
              if uno.nombre == "clientes"}  # fmt: skip
    assert vistos == {"campanias": 0, "clientes": 1, "pagos": 2}


def test_un_evento_ilegible_no_impide_ver_el_retraso(lectura: Lectura) -> None:
    eventos = eventos_de(payout())
    lectura.logs["pagos"].agregar(*eventos)
    lectura.logs["pagos"].estropear(eventos[0])
    poner(lectura, ATENDIDA, QUIETA)
    uno = de_payouts(lectura)
    assert (uno.estado, uno.retraso_segundos, uno.retraso_eventos) == (SIN_AVANZAR, None, 6)
