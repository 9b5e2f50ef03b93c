"""How often somebody may ask: per identity, over all processes, and told when to come back."""

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse

from bff.infrastructure.adapters.almacen import EnRedis, Pagina
from gateway.acceso.contadores import CASILLAS, Contadores
from gateway.acceso.identidad import Rechazado
from gateway.acceso.limites import Limitador, espera
from gateway.acceso.rechazos import ultimos
from gateway.composicion import Sistema
from tests.bff.redis_de_prueba import SIN_PRISA, RedisDePrueba
from tests.cronometro import en_menos_de
from tests.eventualmente import eventualmente
from tests.gateway.acceso.conftest import Abrir, Llave
from tests.gateway.acceso.ventana import en_una_ventana
from tests.gateway.http.conftest import PAGO, cuerpo


@pytest.fixture(autouse=True)
def _hora() -> None:
    en_una_ventana(3600, 60)


def test_pasado_el_limite_es_un_429_en_la_forma_del_endpoint(abrir: Abrir, llave: Llave, sistema: Sistema) -> None:
    api, ana, otra = abrir(limite="5/hour"), llave("operador", nombre="ana"), llave("lectura", nombre="otra")
    assert [api.get("/pagos/x", headers=ana).status_code for _ in range(5)] == [404] * 5
    for metodo, ruta, clave in (
        ("GET", "/pagos/x", "error"),
        ("GET", "/cliente/x", "message"),
        ("POST", "/pagos/pagar", "error"),
        ("POST", "/cliente/registrar", "error"),
    ):
        respuesta = api.open(ruta, method=metodo, headers=ana, json=PAGO if metodo == "POST" else None)
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (429, [clave])
        assert 0 < int(respuesta.headers["Retry-After"]) <= 3600
        assert respuesta.headers["X-Codigo-Error"] == "DEMASIADAS_PETICIONES"
    anotados = {(uno.motivo, uno.actor) for uno in ultimos(sistema.motor, 10)}
    assert anotados == {("DEMASIADAS_PETICIONES", "llave:ana")}
    assert api.get("/pagos/x", headers=otra).status_code == 404
    assert api.get("/health").status_code == 200


def test_en_el_modo_abierto_no_hay_limite_si_no_se_pide(abrir: Abrir) -> None:
    assert {abrir().get("/pagos/x").status_code for _ in range(50)} == {404}
    pedido = abrir(limite="2/hour")
    assert [pedido.get("/pagos/x").status_code for _ in range(3)] == [404, 404, 429]


def test_quien_no_dice_quien_es_tambien_se_cuenta_por_su_origen(abrir: Abrir, llave: Llave) -> None:
    api, buena = abrir(limite="3/hour"), llave("lectura")
    assert [api.get("/pagos/x").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert api.get("/pagos/x", environ_overrides={"REMOTE_ADDR": "10.0.0.8"}).status_code == 401
    assert api.get("/pagos/x", headers=buena).status_code == 404


def test_vuelto_el_momento_se_atiende_de_nuevo() -> None:
    limitador, limite = Limitador(None, None), "2/4second"
    en_una_ventana(4, 3)
    limitador.exigir(limite, "ana")
    limitador.exigir(limite, "ana")
    with pytest.raises(Rechazado) as rechazo:
        limitador.exigir(limite, "ana")
    assert 1 <= int(rechazo.value.cabeceras["Retry-After"]) <= 5
    eventualmente(lambda: limitador.cabe(parse(limite), "ana"), bool)


def test_varios_limites_valen_todos() -> None:
    limitador = Limitador(None, None)
    for _ in range(3):
        limitador.exigir("3/hour;100/minute", "ana")
    with pytest.raises(Rechazado):
        limitador.exigir("3/hour;100/minute", "ana")
    limitador.exigir("3/hour;100/minute", "otra")


def test_sin_redis_se_sigue_contando_aqui() -> None:
    limitador = Limitador("redis://127.0.0.1:1/0", None)
    assert [limitador.cabe(parse("3/hour"), "ana") for _ in range(5)] == [True, True, True, False, False]

    def rechazada() -> bool:
        with pytest.raises(Rechazado):
            limitador.exigir("3/hour", "ana")
        return True

    assert en_menos_de(0.2, rechazada)


def test_con_redis_cuentan_juntos_los_servidores_de_una_api_y_no_las_dos_apis() -> None:
    with RedisDePrueba() as url:
        una, otra, bff = (Limitador(url, None, api, SIN_PRISA) for api in ("core", "core", "bff"))
        assert [uno.cabe(parse("3/hour"), "ana") for uno in (una, otra, una, otra)] == [True, True, True, False]
        assert bff.cabe(parse("3/hour"), "ana")
        with pytest.raises(Rechazado) as rechazo:
            otra.exigir("3/hour", "ana")
        assert rechazo.value.cabeceras == {"Retry-After": "3601"}


@pytest.mark.parametrize("respuesta", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$x\r\n", b"-ASK x\r\n", b"+OK\r\n" * 9])
def test_lo_que_responde_otra_cosa_que_un_redis_no_estorba(respuesta: bytes) -> None:
    with RedisDePrueba(respuesta) as url:
        limitador, paginas = Limitador(url, None), EnRedis(url, "postgresql://a/b", 300)
        paginas.guardar("clave", Pagina((), "", b"", "", None))
        assert paginas.traer("clave") is None
        limitador.exigir("3/hour", "ana")


def _contar(archivo: Path, veces: int, salida: "multiprocessing.Queue[int]") -> None:
    contadores = Contadores(archivo)
    salida.put(sum(contadores.acquire_sliding_window_entry("ana", 100, 3600) for _ in range(veces)))


def test_los_procesos_de_un_servidor_cuentan_juntos(tmp_path: Path) -> None:
    archivo = tmp_path / "limites"
    contexto = multiprocessing.get_context("spawn")
    salida = contexto.Queue()
    procesos = [contexto.Process(target=_contar, args=(archivo, 80, salida)) for _ in range(3)]
    for proceso in procesos:
        proceso.start()
    admitidas = [salida.get(timeout=300) for _ in procesos]
    for proceso in procesos:
        proceso.join()
    assert sum(admitidas) == 100
    assert Contadores(archivo).acquire_sliding_window_entry("ana", 100, 3600) is False
    assert Contadores(archivo).acquire_sliding_window_entry("otra", 100, 3600) is True


def test_mas_quienes_que_casillas_no_estorban_a_quien_sigue_activo() -> None:
    contadores = Contadores()
    for numero in range(2 * CASILLAS):
        assert contadores.acquire_sliding_window_entry(f"n{numero}", 1, 3600)
    assert contadores.acquire_sliding_window_entry("ana", 1, 3600)
    assert not contadores.acquire_sliding_window_entry("ana", 1, 3600)


@given(
    cuantas=st.integers(1, 1000),
    largo=st.sampled_from([1, 60, 3600]),
    previa=st.integers(0, 1000),
    actual=st.integers(0, 1000),
    fraccion=st.floats(0.001, 1),
)
def test_lo_que_dice_retry_after_basta(cuantas: int, largo: int, previa: int, actual: int, fraccion: float) -> None:
    previa, actual, resto = min(previa, cuantas), min(actual, cuantas), fraccion * largo
    segundos = espera(cuantas, largo, (previa, actual), resto)
    if segundos < resto:
        peso = previa * (resto - segundos) / largo + actual
    else:
        peso = actual * max(0.0, 1 - (segundos - resto) / largo)
    assert segundos >= 1
    assert peso < cuantas + 1e-6
