"""One step of one payout: who was first counts, and nothing is paid twice."""

from collections.abc import Callable

import pytest

from domain.base.errores import VersionDistinta
from domain.pagos.comandos import FallarPago
from domain.pagos.procesador import Confirmada, Rechazada, Respuesta, SinRespuesta, Solicitud
from gateway.composicion import Sistema
from gateway.procesador.http import ProcesadorHttp
from gateway.procesador.tramo import Tramo
from tests.gateway.procesador.lista import Lista
from tests.gateway.procesador.proveedor import Contestacion, Pedido, Proveedor
from tests.gateway.sistema import AYER, pago


class Procesador:
    """A processor of one answer, which does ``antes`` first."""

    def __init__(self, respuesta: Respuesta, antes: Callable[[Solicitud], object] = lambda _: None) -> None:
        self.respuesta, self.antes = respuesta, antes

    def pagar(self, solicitud: Solicitud) -> Respuesta:
        self.antes(solicitud)
        return self.respuesta

    consultar = pagar


def test_una_respuesta_tardia_cede_ante_lo_que_ya_paso(sistema: Sistema) -> None:
    lista = Lista(sistema, pago("CICLO"))

    def una_persona_se_adelanta(solicitud: Solicitud) -> None:
        sistema.pagos.ejecutar(FallarPago(solicitud.payout_id, "CUENTA", "Cuenta cerrada"))

    procesador = Procesador(Rechazada("TECNICO", "Otra cosa", False), una_persona_se_adelanta)
    with pytest.raises(VersionDistinta):
        Tramo(sistema.pagos, procesador, sistema.reloj, lista.lineas()[0]).andar()
    (payout,) = lista.payouts()
    assert (payout.codigo, payout.fallos) == ("CUENTA", 1)


def test_una_linea_atrasada_no_paga_nada(sistema: Sistema) -> None:
    lista = Lista(sistema, pago("CICLO"))
    (vieja,) = lista.lineas()
    confirma = Procesador(Confirmada("TX", sistema.reloj()))
    Tramo(sistema.pagos, confirma, sistema.reloj, vieja).andar()
    nadie = Procesador(SinRespuesta(), lambda _: pytest.fail("se pagó otra vez"))
    Tramo(sistema.pagos, nadie, sistema.reloj, vieja).andar()
    assert lista.estados() == ["COMPLETADO"]


def test_un_motivo_que_no_se_puede_guardar_no_calla_el_rechazo(sistema: Sistema) -> None:
    lista = Lista(sistema, pago("CICLO"))
    rechaza = Procesador(Rechazada("FONDOS", "Tarjeta 4111111111111111 sin fondos", True))
    Tramo(sistema.pagos, rechaza, sistema.reloj, lista.lineas()[0]).andar()
    assert lista.estados() == ["FALLIDO"]
    fallido = list(sistema.pagos.events.get(lista.ids[0]))[3]
    assert fallido.motivo == "Rechazado por el procesador"  # type: ignore[attr-defined]


def test_lo_que_una_persona_da_por_fallido_mientras_se_paga_no_se_paga_dos_veces(
    sistema: Sistema, proveedor: Proveedor
) -> None:
    lista = Lista(sistema, pago("CICLO"))

    def se_adelanta(_: Pedido, honesta: Contestacion) -> Contestacion:
        if lista.estados() == ["PROCESANDO"]:
            sistema.pagos.ejecutar(FallarPago(lista.ids[0], "TECNICO", "No contesta"))
        return honesta

    proveedor.libreto = se_adelanta
    proveedor.completado_en = AYER.isoformat()
    procesador = ProcesadorHttp(proveedor.url)
    with pytest.raises(VersionDistinta):
        Tramo(sistema.pagos, procesador, sistema.reloj, lista.lineas()[0]).andar()
    assert lista.estados() == ["FALLIDO"]
    proveedor.libreto = lambda _, honesta: honesta
    Tramo(sistema.pagos, procesador, sistema.reloj, lista.lineas()[0]).andar()
    assert lista.estados() == ["COMPLETADO"]
    assert len(proveedor.pagados) == 1
