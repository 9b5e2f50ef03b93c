"""Workers of different versions over the same tables: newer code builds beside, older code stands by."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.pagos import eventos
from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.motor.reconstruccion import reconstruir, volver
from projections.motor.renovacion import recoger, toca_construir
from projections.payouts.tabla import PAYOUTS as TABLA
from projections.payouts.tabla import FilaDePayout
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.generaciones import estados, generaciones, ordenar, pagar, taller, trabajando

(PAYOUTS,) = (una for una in PROYECCIONES if una.nombre == "payouts")
OTRAS = tuple(una for una in PROYECCIONES if una.nombre != "payouts")
ESTA, NUEVA = PAYOUTS.version, PAYOUTS.version + 1
VERSION_2 = replace(PAYOUTS, version=NUEVA)
EN_SERVICIO = f"payouts: la versión {NUEVA} está en servicio"


def que_cuenta_mal() -> Proyeccion:
    """Newer code with a mistake: each payout is a dollar more."""
    copia: Conmutador[FilaDePayout] = Conmutador("pagos", TABLA)
    original: Any = PAYOUTS.conmutadores[0]
    vars(copia).update(vars(original), _acciones=dict(original._acciones))
    abrir = copia._acciones[eventos.Creado.TOPIC]

    def con_uno_mas(filas: dict[str, FilaDePayout], evento: eventos.Creado) -> None:
        abrir(filas, evento)
        filas[evento.originator_id].monto += Decimal(1)

    copia._acciones[eventos.Creado.TOPIC] = con_uno_mas
    return replace(PAYOUTS, version=NUEVA, conmutadores=(copia,))


def pagos_en(lectura: Lectura, esquema: str) -> int:
    return int(lectura.filas(f"{esquema}.payouts", "count(*)", "1")[0][0])


def test_el_codigo_mas_nuevo_construye_al_lado_y_toma_el_lugar(vivida: Lectura) -> None:
    with trabajando(vivida, *PROYECCIONES, VERSION_2):
        eventualmente(
            lambda: estados(vivida),
            lambda vistos: vistos == [(1, ESTA, "payouts_g1", "guardada"), (2, NUEVA, "public", "activa")],
        )
        pagar(vivida, 1)
        for esquema in ("public", "payouts_g1"):
            eventualmente(lambda esquema=esquema: pagos_en(vivida, esquema), lambda pagos: pagos == 7)  # type: ignore[misc]


def test_si_lo_nuevo_suma_otra_cosa_espera_consentimiento_y_sigue_al_dia(vivida: Lectura) -> None:
    with trabajando(vivida, *PROYECCIONES, que_cuenta_mal()):
        eventualmente(lambda: estados(vivida)[1:], lambda vistas: [una[3] for una in vistas] == ["detenida"])
        pagar(vivida, 1)
        for esquema in ("public", "payouts_g2"):
            eventualmente(lambda esquema=esquema: pagos_en(vivida, esquema), lambda pagos: pagos == 7)  # type: ignore[misc]
    informe = generaciones(vivida)[1].informe
    assert informe is not None
    assert "payouts: monto en USD pasa de 7503.00 a 7509.00" in informe["motivos"]
    assert not toca_construir(VERSION_2, generaciones(vivida))


def test_en_un_despliegue_cada_codigo_sigue_lo_suyo_y_nada_mas(vivida: Lectura) -> None:
    with trabajando(vivida, *PROYECCIONES):
        with trabajando(vivida, *OTRAS, VERSION_2):
            eventualmente(lambda: estados(vivida)[-1], lambda visto: visto[1:] == (NUEVA, "public", "activa"))
            pagar(vivida, 1)
            for esquema in ("public", "payouts_g1"):
                eventualmente(lambda esquema=esquema: pagos_en(vivida, esquema), lambda pagos: pagos == 7)  # type: ignore[misc]
        pagar(vivida, 2)
        eventualmente(lambda: pagos_en(vivida, "payouts_g1"), lambda pagos: pagos == 8)
        assert pagos_en(vivida, "public") == 7, "el código viejo no escribe en las tablas nuevas"


@pytest.mark.parametrize(
    ("anteriores", "dicho"), [((PAYOUTS,), "se guarda"), ((), "se descarta si ningún trabajador tiene su código")]
)
def test_se_dice_si_la_anterior_se_puede_seguir(
    vivida: Lectura, caplog: pytest.LogCaptureFixture, anteriores: tuple[Proyeccion, ...], dicho: str
) -> None:
    with trabajando(vivida, *OTRAS, *anteriores, VERSION_2):
        eventualmente(lambda: caplog.messages, lambda dichos: f"{EN_SERVICIO}; la anterior {dicho}" in dichos)


def test_lo_que_volver_dejo_no_se_vuelve_a_poner_solo(vivida: Lectura) -> None:
    reconstruir("payouts", taller(vivida, VERSION_2))
    assert toca_construir(replace(PAYOUTS, version=NUEVA + 1), generaciones(vivida))
    volver("payouts", taller(vivida, VERSION_2))
    assert not toca_construir(VERSION_2, generaciones(vivida))


def test_una_guardada_que_nadie_puede_seguir_se_descarta_y_ninguna_otra(vivida: Lectura) -> None:
    reconstruir("payouts", taller(vivida, VERSION_2))
    assert recoger(vivida.motor, (VERSION_2,)) == [], "acaba de tener quien la siga"
    ordenar(vivida, "UPDATE generaciones SET creada_en = now() - interval '1 hour'")
    ordenar(vivida, "UPDATE seguimiento SET vence_en = now() - interval '1 hour'")
    assert recoger(vivida.motor, (*PROYECCIONES, VERSION_2)) == []
    assert [una.numero for una in recoger(vivida.motor, (VERSION_2,))] == [1]
    assert recoger(vivida.motor, ()) == [], "la activa no se toca nunca"
    assert estados(vivida) == [(2, NUEVA, "public", "activa")]
