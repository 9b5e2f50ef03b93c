"""How payouts that nobody reported are driven: paid once, asked about while unknown, tried again when they failed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.base.contexto import Actor, Contexto
from domain.pagos.comandos import ProcesarPago
from domain.pagos.estado import Estado
from domain.pagos.procesador import Solicitud
from gateway.composicion import Sistema
from gateway.procesador.http import ProcesadorHttp
from gateway.procesador.simulado import ProcesadorSimulado
from gateway.procesador.tramo import Tramo
from tests.gateway.procesador.lista import Lista, conducir, conductor_de, todos
from tests.gateway.procesador.proveedor import Contestacion, Pedido, Proveedor
from tests.gateway.sistema import AYER, pago


def nombres(sistema: Sistema, payout: str) -> list[str]:
    return [type(evento).__name__ for evento in sistema.pagos.events.get(payout)]


def test_un_payout_pendiente_se_paga_y_se_confirma(sistema: Sistema) -> None:
    orden = pago("CICLO")
    sistema.pagos.ejecutar(orden, Contexto(ahora=sistema.reloj(), actor=Actor("api", "ana"), correlation_id="C-1"))
    lista = Lista(sistema)
    lista.ids = [orden.payout_id]
    with conductor_de(sistema, lista, ProcesadorSimulado(sistema.reloj)) as conductor:
        conducir(conductor, lista, todos(Estado.COMPLETADO))
    (payout,) = lista.payouts()
    assert payout.confirmation_id == f"SIM-{payout.id}"
    *_, procesado, confirmado = sistema.pagos.events.get(payout.id)
    for evento in (procesado, confirmado):
        assert (evento.actor_tipo, evento.actor_id) == ("system", "payment-processor")  # type: ignore[attr-defined]
        assert evento.correlation_id == "C-1"  # type: ignore[attr-defined]
    causa = f"pagos:{payout.id}:{procesado.originator_version}"
    assert confirmado.causation_id == causa  # type: ignore[attr-defined]


def test_un_fallo_tecnico_se_reintenta_y_uno_definitivo_no(sistema: Sistema) -> None:
    lista = Lista(sistema, pago("CICLO", "10.13"), pago("CICLO", "10.66"))
    with conductor_de(sistema, lista, ProcesadorSimulado(sistema.reloj)) as conductor:
        conducir(conductor, lista, lambda _: lista.estados() == ["COMPLETADO", "FALLIDO"])
        conductor.paso()
    reintentado, rechazado = lista.ids
    assert nombres(sistema, reintentado)[2:] == ["Procesado", "Fallido", "Reintentado", "Procesado", "Confirmado"]
    assert nombres(sistema, rechazado)[2:] == ["Procesado", "Fallido", "ComisionRevertida"]


def test_lo_que_alguien_informo_nunca_se_conduce(sistema: Sistema, proveedor: Proveedor) -> None:
    lista = Lista(sistema, pago("CICLO", processed_at=AYER))
    (informado,) = lista.lineas()
    Tramo(sistema.pagos, ProcesadorHttp(proveedor.url), sistema.reloj, informado).andar()
    assert proveedor.pedidos == []
    assert lista.lineas() == [informado]


def test_sin_respuesta_es_desconocido_y_se_pregunta_hasta_saber(sistema: Sistema, proveedor: Proveedor) -> None:
    def calla(pedido: Pedido, honesta: Contestacion) -> Contestacion:
        return replace(honesta, muda=pedido.metodo == "POST", estado=500)

    proveedor.libreto = calla
    lista = Lista(sistema, pago("CICLO"))
    with conductor_de(sistema, lista, ProcesadorHttp(proveedor.url, plazo=3)) as conductor:
        conducir(conductor, lista, lambda payouts: payouts[0].desconocido)
        conducir(conductor, lista, lambda _: len(proveedor.pedidos) >= 4)
        assert lista.estados() == ["PROCESANDO"], "nunca se adivina un fallo"
        proveedor.libreto = lambda _, honesta: honesta
        conducir(conductor, lista, todos(Estado.COMPLETADO))
    assert [pedido.metodo for pedido in proveedor.pedidos[:2]] == ["POST", "GET"]
    assert len(proveedor.pagados) == 1
    assert nombres(sistema, lista.ids[0])[2:] == ["Procesado", "ResultadoDesconocido", "Confirmado"]


def test_un_comprobante_que_ya_es_de_otro_pago_no_se_cree(sistema: Sistema, proveedor: Proveedor) -> None:
    def miente(_: Pedido, honesta: Contestacion) -> Contestacion:
        return replace(honesta, cuerpo={**honesta.cuerpo, "confirmation_id": "EL-MISMO"})

    proveedor.libreto = miente
    lista = Lista(sistema, pago("CICLO"))
    with conductor_de(sistema, lista, ProcesadorHttp(proveedor.url)) as conductor:
        conducir(conductor, lista, todos(Estado.COMPLETADO))
        lista.ids += Lista(sistema, pago("CICLO")).ids
        conducir(conductor, lista, lambda payouts: payouts[1].desconocido)
    assert lista.estados() == ["COMPLETADO", "PROCESANDO"]


def test_una_confirmacion_anterior_a_la_orden_no_se_cree(sistema: Sistema, proveedor: Proveedor) -> None:
    proveedor.completado_en = AYER.isoformat()
    lista = Lista(sistema, pago("CICLO"))
    with conductor_de(sistema, lista, ProcesadorHttp(proveedor.url)) as conductor:
        conducir(conductor, lista, lambda payouts: payouts[0].desconocido)
    assert lista.estados() == ["PROCESANDO"]


def test_un_proveedor_con_el_reloj_algo_atrasado_pago_al_recibir_la_orden(
    sistema: Sistema, proveedor: Proveedor
) -> None:
    lista = Lista(sistema, pago("CICLO"))
    proveedor.completado_en = (datetime.now(UTC) - timedelta(minutes=2)).isoformat()
    Tramo(sistema.pagos, ProcesadorHttp(proveedor.url), sistema.reloj, lista.lineas()[0]).andar()
    (payout,) = lista.payouts()
    assert (payout.estado, payout.completed_at) == (Estado.COMPLETADO, payout.processed_at)


def test_tras_un_reinicio_se_pregunta_antes_de_pagar(sistema: Sistema, proveedor: Proveedor) -> None:
    lista = Lista(sistema, pago("CICLO"), pago("CICLO"))
    pagado, nunca_enviado = lista.ids
    for payout in lista.ids:
        sistema.pagos.ejecutar(ProcesarPago(payout))
    procesador = ProcesadorHttp(proveedor.url)
    procesador.pagar(Solicitud(pagado, 1, "PARTNER", lista.payouts()[0].monto, None, None))
    with conductor_de(sistema, lista, procesador) as conductor:
        conducir(conductor, lista, todos(Estado.COMPLETADO))
    assert [uno.metodo for uno in proveedor.pedidos if uno.clave == f"{pagado}:1"] == ["POST", "GET"]
    assert [uno.metodo for uno in proveedor.pedidos if uno.clave == f"{nunca_enviado}:1"] == ["GET", "POST"]


def test_dos_conductores_a_la_vez_no_pagan_dos_veces(sistema: Sistema, proveedor: Proveedor) -> None:
    lista = Lista(sistema, *(pago("CICLO") for _ in range(20)))
    procesador = ProcesadorHttp(proveedor.url)
    with (
        conductor_de(sistema, lista, procesador) as uno,
        conductor_de(sistema, lista, procesador) as otro,
        ThreadPoolExecutor(2) as hilos,
    ):
        for vida in [hilos.submit(conducir, cual, lista, todos(Estado.COMPLETADO)) for cual in (uno, otro)]:
            vida.result()
    assert sorted(proveedor.pagados) == sorted(f"{payout}:1" for payout in lista.ids)
    for payout in lista.ids:
        assert [nombre for nombre in nombres(sistema, payout)[2:] if nombre != "ResultadoDesconocido"] == [
            "Procesado",
            "Confirmado",
        ]


def test_un_proveedor_lento_con_un_pago_no_detiene_a_los_demas(sistema: Sistema, proveedor: Proveedor) -> None:
    lento = pago("CICLO")
    proveedor.libreto = lambda pedido, honesta: replace(honesta, muda=pedido.clave.startswith(lento.payout_id))
    lista = Lista(sistema, lento, *(pago("CICLO") for _ in range(10)))
    with conductor_de(sistema, lista, ProcesadorHttp(proveedor.url, plazo=120)) as conductor:
        conducir(conductor, lista, lambda payouts: todos(Estado.COMPLETADO)(payouts[1:]))
        assert lista.estados()[0] == "PROCESANDO"
        assert not lista.payouts()[0].desconocido, "el lento aún está en su plazo"
        proveedor.colgar()
