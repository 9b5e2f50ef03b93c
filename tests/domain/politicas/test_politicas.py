"""What follows in Campanias from what happened in Pagos."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.campanias.agregado import Campania
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import AsociarPago, DesasociarPago
from domain.campanias.estado import Estado
from domain.pagos.aplicacion import Pagos
from domain.pagos.comandos import ConfirmarPago, CrearPago, FallarPago, ProcesarPago, RevertirPago
from domain.politicas import POLITICAS
from tests.domain.campanias.ejemplos import CREAR, ID
from tests.domain.especificacion import AHORA
from tests.domain.memoria import en_memoria, huella_clara, reloj_parado

PAGO = "payout-1"
A_PAGAR = CrearPago(PAGO, "PARTNER001", ID, Decimal("1250.50"), "USD")
PAGADO = replace(A_PAGAR, confirmation_id="TX-1", completed_at=AHORA)
FALLADO = replace(A_PAGAR, failure_reason="cuenta cerrada")
REVERSO = RevertirPago(PAGO, "fraude")


def pagos_con(*ordenes: object) -> Pagos:
    pagos = Pagos(en_memoria, reloj_parado(AHORA), huella=huella_clara, partner_admitido=lambda _: True)
    for orden in ordenes:
        pagos.ejecutar(orden)
    return pagos


def que_siguen(pagos: Pagos) -> list[object]:
    """Every order that follows from the events of the payment."""
    respuestas = [politica.reaccionar(evento) for evento in pagos.events.get(PAGO) for politica in POLITICAS]
    return [orden for orden in respuestas if orden is not None]


def test_un_pago_confirmado_se_asocia_a_la_campania_que_su_ciclo_nombra() -> None:
    assert que_siguen(pagos_con(PAGADO)) == [AsociarPago(ID, PAGO)]


def test_la_campania_dicha_vale_mas_que_el_ciclo() -> None:
    assert que_siguen(pagos_con(replace(PAGADO, campania_id="CAMP002"))) == [AsociarPago("CAMP002", PAGO)]


def test_un_pago_que_no_puede_nombrar_una_campania_no_pide_nada() -> None:
    assert que_siguen(pagos_con(replace(PAGADO, cycle_id="ciclo de mayo"), REVERSO)) == []


def test_un_pago_revertido_se_desasocia() -> None:
    assert que_siguen(pagos_con(PAGADO, REVERSO)) == [
        AsociarPago(ID, PAGO),
        DesasociarPago(ID, PAGO, "Pago revertido: fraude"),
    ]


def test_un_fallo_definitivo_desasocia() -> None:
    assert que_siguen(pagos_con(FALLADO)) == [DesasociarPago(ID, PAGO, "Pago fallido: cuenta cerrada")]


def test_un_fallo_que_se_reintentara_no_pide_nada() -> None:
    assert que_siguen(pagos_con(A_PAGAR, ProcesarPago(PAGO), FallarPago(PAGO, "TECNICO", "sin red"))) == []


def test_un_pago_que_solo_empieza_no_pide_nada() -> None:
    assert que_siguen(pagos_con(A_PAGAR, ProcesarPago(PAGO))) == []


@pytest.mark.parametrize(
    ("ordenes", "final"),
    [
        ((PAGADO,), Estado.APROBADA),
        ((A_PAGAR, ProcesarPago(PAGO), ConfirmarPago(PAGO, "TX-1", AHORA)), Estado.APROBADA),
        ((PAGADO, REVERSO), Estado.CANCELADA),
        ((FALLADO,), Estado.CANCELADA),
        ((A_PAGAR,), Estado.PENDIENTE),
    ],
)
@given(data=st.data())
def test_cada_reaccion_va_a_su_paso_y_la_campania_termina_igual(
    ordenes: tuple[object, ...], final: Estado, data: st.DataObject
) -> None:
    siguen = data.draw(st.permutations([*que_siguen(pagos_con(*ordenes)), CREAR]))
    campanias = Campanias(en_memoria, reloj_parado(AHORA))

    for orden in siguen:
        campanias.ejecutar(orden)

    campania = campanias.buscar(Campania, ID)
    assert campania is not None
    assert campania.estado is final


def test_cada_reaccion_tiene_un_nombre_propio_que_cabe_en_su_posicion() -> None:
    nombres = [f"{politica.NOMBRE}:{politica.DESTINO}" for politica in POLITICAS]

    assert len(set(nombres)) == len(nombres)
    assert max(map(len, nombres)) <= 32
