"""Where pages are kept: what was kept comes back, or nothing does; a Redis that is not there is not missed."""

from collections.abc import Iterator

import pytest

from bff.infrastructure.adapters.almacen import Almacen, EnMemoria, EnRedis, Pagina
from tests.bff.redis_de_prueba import SIN_PRISA, RedisDePrueba


@pytest.fixture(params=["en memoria", "en Redis"])
def almacen(request: pytest.FixtureRequest) -> Iterator[Almacen]:
    if request.param == "en memoria":
        yield EnMemoria(300)
        return
    with RedisDePrueba() as url:
        yield EnRedis(url, "postgresql://a/b", 300, SIN_PRISA)


def test_un_almacen_devuelve_lo_que_guarda(almacen: Almacen) -> None:
    pagina = Pagina(("payouts",), "1", b'{"a": 1}', "x", 3)
    assert almacen.traer("clave") is None
    almacen.guardar("clave", pagina)
    almacen.guardar("otra", Pagina(("clientes",), "1", b"{}", "y", None))
    assert almacen.traer("clave") == pagina
    almacen.guardar("clave", Pagina(("payouts",), "2", b"{}", "z", None))
    assert almacen.traer("clave") == Pagina(("payouts",), "2", b"{}", "z", None)


def test_lo_que_se_hizo_de_lo_que_cambia_se_va_y_lo_demas_queda(almacen: Almacen) -> None:
    for clave, lecturas in (("lista", ("payouts",)), ("tablero", ("clientes", "payouts")), ("otra", ("campanias",))):
        almacen.guardar(clave, Pagina(lecturas, "1", b"{}", "x", None))
    almacen.olvidar({"payouts", "de nadie"})
    assert [almacen.traer(clave) is not None for clave in ("lista", "tablero", "otra")] == [False, False, True]
    almacen.guardar("lista", Pagina(("payouts",), "2", b"{}", "y", None))
    assert almacen.traer("lista") is not None
    almacen.olvidar({"clientes"})
    assert [almacen.traer(clave) is not None for clave in ("lista", "otra")] == [True, True]


def test_un_redis_que_no_responde_no_se_nota_mas_que_en_el_tiempo(db_url: str) -> None:
    sin_redis = EnRedis("redis://127.0.0.1:1/0", db_url, 300)
    sin_redis.guardar("clave", Pagina((), "", b"", "", None))
    assert sin_redis.traer("clave") is None


@pytest.mark.parametrize("a_que", [b"", b"SRANDMEMBER", b"SREM", b"UNLINK"])
def test_lo_que_no_se_pudo_olvidar_se_olvida_en_cuanto_se_puede(a_que: bytes) -> None:
    redis = RedisDePrueba()
    with redis as url:
        almacen = EnRedis(url, "postgresql://a/b", 300, SIN_PRISA, descanso=0)
        for clave, lectura in (("ana", "clientes"), ("pago", "payouts")):
            almacen.guardar(clave, Pagina((lectura,), "1", b"{}", "x", None))
        redis.responder_siempre(b"-LOADING Redis is loading the dataset in memory\r\n", a_que)
        almacen.olvidar({"clientes"})
        redis.responder_siempre(b"")
        assert [almacen.traer(clave) is not None for clave in ("pago", "ana")] == [True, False]


def test_las_paginas_de_dos_bases_no_se_mezclan() -> None:
    with RedisDePrueba() as url:
        una, otra = (EnRedis(url, f"postgresql://a/{base}", 300, SIN_PRISA) for base in "bc")
        una.guardar("clave", Pagina((), "", b"", "", None))
        assert otra.traer("clave") is None
