"""What a reaction can't follow stops its own stream only, is listed, and is taken up when it can be."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text

from domain.base.errores import ReglaRota
from domain.campanias.comandos import ActivarCampania, AsociarPago, CrearCampania
from domain.pagos.comandos import RevertirPago
from domain.pagos.eventos import Confirmado, Revertido
from gateway.composicion import Sistema
from gateway.eventos.reacciones import Reacciones
from tests.gateway.reacciones.test_reacciones import asociados, en_espera, ponerse_al_dia
from tests.gateway.sistema import pago, pago_hecho

APROBAR = "aprobar-campania:pagos"


class Politica:
    """The reaction to a confirmed payment, which does ``antes`` first."""

    NOMBRE, ORIGEN, DESTINO = "aprobar-campania", "pagos", "campanias"

    def __init__(self, antes: Callable[[Confirmado], object | None] = lambda _: None) -> None:
        self.antes = antes

    def reaccionar(self, evento: object) -> object | None:
        if not isinstance(evento, Confirmado):
            return None
        return self.antes(evento) or AsociarPago(str(evento.campania), evento.originator_id)


def reacciones_de(sistema: Sistema, politica: Politica) -> Reacciones:
    return Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor, [politica], reintento=0)


def aparcados(sistema: Sistema) -> list[tuple[str, str]]:
    with sistema.motor.connect() as conexion:
        filas = conexion.execute(text("SELECT stream, error FROM aparcados WHERE proyeccion = 'aprobar-campania'"))
        return [(stream, error) for stream, error in filas]


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


def test_un_flujo_aparcado_no_se_adelanta_con_lo_que_le_pasa_despues(sistema: Sistema) -> None:
    sistema.campanias.ejecutar(CrearCampania("CAMP001", "CLIENTE", ()))
    payout = sistema.pagos.ejecutar(pago_hecho("CAMP001")).id
    rota = True

    def antes(_: object) -> None:
        if rota:
            raise ZeroDivisionError

    class ConReverso(Politica):
        def reaccionar(self, evento: object) -> object | None:
            if isinstance(evento, Revertido):
                return AsociarPago("CAMP001", "antes de tiempo")
            return super().reaccionar(evento)

    reacciones = reacciones_de(sistema, ConReverso(antes))
    ponerse_al_dia(sistema, reacciones)
    sistema.pagos.ejecutar(RevertirPago(payout, "Error"))
    ponerse_al_dia(sistema, reacciones)
    assert asociados(sistema, "CAMP001") == []

    rota = False
    reacciones.paso()
    assert asociados(sistema, "CAMP001") == [payout, "antes de tiempo"]
