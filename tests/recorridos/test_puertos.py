"""A port is one stack's: what is taken is said, and what another answers there is not taken for one's own."""

import socket
from pathlib import Path

import pytest

from gateway.config import Config
from gateway.local.direcciones import url_de_api, url_de_bff
from gateway.local.sistema import direccion_propia, puerto_libre
from tests.eventualmente import eventualmente
from tests.recorridos.pila_en_marcha import ARRANQUE, pila
from tests.servidor_http import servir


def test_el_puerto_ocupado_se_dice_claro(tmp_path: Path) -> None:
    with socket.socket() as enchufe:
        enchufe.bind(("127.0.0.1", 0))
        enchufe.listen()
        puerto = enchufe.getsockname()[1]
        with pila(tmp_path, "levantar", puerto=puerto) as una:
            assert una.proceso.wait(ARRANQUE) == 1
            assert f"El puerto {puerto} de 127.0.0.1 está ocupado" in una.dicho()


def test_de_dos_pilas_que_empiezan_a_la_vez_se_queda_una_con_el_puerto(tmp_path: Path) -> None:
    puerto = puerto_libre()
    with (
        direccion_propia("127.0.0.1", puerto, "API_PORT", "levantar"),
        pila(tmp_path, "levantar", puerto=puerto) as una,
    ):
        assert una.proceso.wait(ARRANQUE) == 1
        assert f"El puerto {puerto} de 127.0.0.1 está ocupado" in una.dicho()


def test_lo_que_otro_responde_en_el_puerto_no_es_de_la_pila(tmp_path: Path, db_url: str) -> None:
    puerto = puerto_libre()
    entorno = {"DB_URL": db_url, "LLAVE_MAESTRA": "0f" * 32, "LLAVE_UNICIDAD": "0f" * 32}
    with (
        direccion_propia("127.0.0.1", puerto, "API_PORT", "servir"),
        pila(tmp_path, "levantar", "--sin-broker", puerto=puerto, entorno=entorno) as una,
    ):
        eventualmente(una.dicho, lambda dicho: "iniciando reloj" in dicho, ARRANQUE)
        with servir(lambda peticion: peticion.contestar(b'{"status": "up"}'), puerto):
            assert una.proceso.wait(ARRANQUE) == 1
        assert "alpes: No arranca: api" in una.dicho()
        assert "listo" not in una.dicho()


def test_un_solo_puerto_para_las_dos_se_dice(tmp_path: Path) -> None:
    puerto = puerto_libre()
    with pila(tmp_path, "levantar", "--sin-broker", puerto=puerto, entorno={"BFF_PORT": str(puerto)}) as una:
        assert una.proceso.wait(ARRANQUE) == 1
        assert f"API_PORT y BFF_PORT deben ser distintos, y los dos son {puerto}" in una.dicho()


@pytest.mark.parametrize(
    ("anfitrion", "alcanzado"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("fd00::7", "[fd00::7]")],  # noqa: S104
)
def test_una_direccion_se_alcanza_por_su_url_tambien_en_ipv6(anfitrion: str, alcanzado: str) -> None:
    config = Config(api_host=anfitrion, api_port=5000, bff_host=anfitrion, bff_port=5001)
    assert (url_de_api(config), url_de_bff(config)) == (f"http://{alcanzado}:5000", f"http://{alcanzado}:5001/api/v1")
