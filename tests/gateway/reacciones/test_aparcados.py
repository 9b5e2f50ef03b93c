"""What a reaction can't follow stops its own stream only, is listed, and is taken up when it can be."""

import threading
from collections.abc import Callable

import psycopg
import pytest

from domain.base.errores import ReglaRota
from domain.campanias.comandos import ActivarCampania, CrearCampania
from domain.pagos.comandos import RevertirPago
from domain.pagos.eventos import Confirmado, Revertido
from gateway.composicion import Sistema
from gateway.eventos.aparcados import Aparcados
from gateway.eventos.reacciones import Reacciones
from tests.eventualmente import eventualmente
from tests.gateway.reacciones.politica import ConReverso, Politica, aparcados, reacciones_de
from tests.gateway.reacciones.test_reacciones import asociados, en_espera, ponerse_al_dia
from tests.gateway.sistema import pago, pago_hecho

APROBAR = "aprobar-campania:pagos"


@pytest.fixture
def confirmados(sistema: Sistema) -> list[str]:
    """Three payouts of one cycle, confirmed."""
    return [sistema.pagos.ejecutar(pago_hecho("CICLO")).id for _ in range(3)]


def test_un_hecho_envenenado_aparca_su_flujo_y_los_demas_siguen(sistema: Sistema, confirmados: list[str]) -> None:
    primero, segundo, tercero = confirmados

    def antes(evento: Confirmado) -> None:
        if evento.originator_id == segundo:
            raise ZeroDivisionError

    politica = Politica(antes)
    reacciones = reacciones_de(sistema, politica)
    ponerse_al_dia(sistema, reacciones)
    assert en_espera(sistema, "CICLO") == [primero, tercero]
    ((flujo, error),) = aparcados(sistema)
    assert flujo == segundo
    assert error.startswith("ZeroDivisionError")

    politica.antes = lambda _: None
    reacciones.paso()
    assert sorted(en_espera(sistema, "CICLO")) == sorted(confirmados)
    assert aparcados(sistema) == []


def test_una_orden_rechazada_queda_anotada_con_su_codigo_y_no_detiene_a_nadie(
    sistema: Sistema, confirmados: list[str]
) -> None:
    primero, segundo, tercero = confirmados
    politica = Politica(lambda evento: ActivarCampania("NO-HAY") if evento.originator_id == segundo else None)
    reacciones = reacciones_de(sistema, politica)
    ponerse_al_dia(sistema, reacciones)
    assert en_espera(sistema, "CICLO") == [primero, tercero]
    ((flujo, error),) = aparcados(sistema)
    assert flujo == segundo
    assert "[CAMPANIA_NO_ENCONTRADA]" in error


def test_lo_que_vuelve_a_fallar_sigue_aparcado_tambien_para_otro_proceso(
    sistema: Sistema, confirmados: list[str]
) -> None:
    class Nunca(ReglaRota):
        codigo = "NUNCA"

    def antes(_: Confirmado) -> None:
        raise Nunca

    for _ in range(2):
        ponerse_al_dia(sistema, reacciones_de(sistema, Politica(antes)))
    assert sorted(flujo for flujo, _ in aparcados(sistema)) == sorted(confirmados)
    reacciones_de(sistema, Politica()).paso()
    assert sorted(en_espera(sistema, "CICLO")) == sorted(confirmados)


def test_un_evento_ilegible_aparca_su_flujo(sistema: Sistema, reacciones: Reacciones, db_url: str) -> None:
    roto = sistema.pagos.ejecutar(pago("CICLO")).id
    with psycopg.connect(db_url) as conexion:
        conexion.execute("INSERT INTO pagos_events VALUES (%s, 9, 'PagoConfirmado.v1', '{no es json')", [roto])
    sano = sistema.pagos.ejecutar(pago_hecho("CICLO")).id
    ponerse_al_dia(sistema, reacciones)
    assert en_espera(sistema, "CICLO") == [sano]
    assert [flujo for flujo, _ in aparcados(sistema)] == [roto]


class Interruptor:
    """Breaks a policy until it is put right."""

    def __init__(self) -> None:
        self.rota = True
        self.entretanto: Callable[[], None] = lambda: None

    def __call__(self, _: object) -> None:
        if self.rota:
            raise ZeroDivisionError
        self.entretanto()


@pytest.fixture
def parado(sistema: Sistema) -> str:
    """A payout whose confirmation is to be parked."""
    sistema.campanias.ejecutar(CrearCampania("CAMP001", "CLIENTE", ()))
    return sistema.pagos.ejecutar(pago_hecho("CAMP001")).id


def test_un_flujo_aparcado_no_se_adelanta_con_lo_que_le_pasa_despues(sistema: Sistema, parado: str) -> None:
    interruptor = Interruptor()
    reacciones = reacciones_de(sistema, ConReverso(interruptor))
    ponerse_al_dia(sistema, reacciones)
    sistema.pagos.ejecutar(RevertirPago(parado, "Error"))
    ponerse_al_dia(sistema, reacciones)
    assert asociados(sistema, "CAMP001") == []

    interruptor.rota = False
    reacciones.paso()
    assert asociados(sistema, "CAMP001") == [parado, "REVERTIDO"]


def test_lo_que_otro_solto_no_se_deja_para_despues(sistema: Sistema, parado: str) -> None:
    interruptor = Interruptor()
    una, otra = (reacciones_de(sistema, ConReverso(interruptor), cada=60) for _ in range(2))
    for trabajador in (una, otra):
        ponerse_al_dia(sistema, trabajador)
    interruptor.rota = False
    una.reintentar()
    sistema.pagos.ejecutar(RevertirPago(parado, "Error"))
    for trabajador in (otra, una):
        ponerse_al_dia(sistema, trabajador)
    assert asociados(sistema, "CAMP001") == [parado, "REVERTIDO"]


def test_lo_que_llega_mientras_otro_lo_suelta_no_se_pierde(sistema: Sistema, parado: str, postgres: str) -> None:
    interruptor = Interruptor()
    una, otra = (reacciones_de(sistema, ConReverso(interruptor), cada=60) for _ in range(2))
    for trabajador in (una, otra):
        ponerse_al_dia(sistema, trabajador)
    interruptor.rota = False
    al_lado = threading.Thread(target=ponerse_al_dia, args=(sistema, otra))

    def entretanto() -> None:
        interruptor.entretanto = lambda: None
        sistema.pagos.ejecutar(RevertirPago(parado, "Error"))
        al_lado.start()
        eventualmente(lambda: al_lado.is_alive() and not alguien_espera(postgres), lambda pendiente: not pendiente)

    interruptor.entretanto = entretanto
    una.reintentar()
    al_lado.join()
    ponerse_al_dia(sistema, una)
    assert asociados(sistema, "CAMP001") == [parado, "REVERTIDO"]


def test_quien_aparca_mas_tarde_no_salta_lo_que_ya_esperaba(sistema: Sistema) -> None:
    aparcados = Aparcados(sistema.motor, "aprobar-campania", "pagos")
    for posicion in (5, 9):
        aparcados.aparcar("payout-1", posicion, ZeroDivisionError())
    assert aparcados.leer() == {"payout-1": 5}


def alguien_espera(admin: str) -> bool:
    """Whether somebody waits for a lock."""
    with psycopg.connect(admin, autocommit=True) as conexion:
        return conexion.execute("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone() is not None


def test_lo_que_un_pago_dijo_antes_de_pararse_se_cumple(sistema: Sistema) -> None:
    class SinReverso(Politica):
        def reaccionar(self, evento: object) -> object | None:
            if isinstance(evento, Revertido):
                raise LookupError
            return super().reaccionar(evento)

    payout = sistema.pagos.ejecutar(pago_hecho("CICLO")).id
    sistema.pagos.ejecutar(RevertirPago(payout, "devuelto"))
    reacciones_de(sistema, SinReverso(), cada=60).paso()
    assert en_espera(sistema, "CICLO") == [payout]
    assert [flujo for flujo, _ in aparcados(sistema)] == [payout]


def test_cada_hecho_se_piensa_una_vez(sistema: Sistema, confirmados: list[str]) -> None:
    pensados: list[str] = []
    reacciones_de(sistema, Politica(lambda evento: pensados.append(evento.originator_id)), cada=60).paso()
    assert pensados == confirmados
