"""What this machine is asked: a port that was given stays free until its server comes."""

import socket

import pytest

from gateway.local.errores import FallaLocal
from gateway.local.sistema import direccion_propia, puerto_libre


def test_un_puerto_dado_es_de_su_servidor_y_de_nadie_mas() -> None:
    puerto = puerto_libre()
    with socket.socket() as otro, pytest.raises(OSError, match="in use"):
        otro.bind(("127.0.0.1", puerto))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", puerto))
    for anfitrion in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 - as the BFF does
        with socket.create_server((anfitrion, puerto)):
            socket.create_connection(("127.0.0.1", puerto)).close()


def test_un_puerto_es_de_quien_lo_tomo_aunque_aun_no_escuche() -> None:
    puerto = puerto_libre()
    with direccion_propia("127.0.0.1", puerto, "API_PORT", "servir") as direccion:
        with (
            pytest.raises(FallaLocal, match=f"El puerto {puerto} de 127.0.0.1 está ocupado.* API_PORT"),
            direccion_propia("127.0.0.1", puerto, "API_PORT", "servir"),
        ):
            pass
        with direccion_propia("127.0.0.1", puerto, "API_PORT", "levantar"), socket.create_server((direccion, puerto)):
            pass
    with direccion_propia("127.0.0.1", puerto, "API_PORT", "servir"):
        pass


def test_un_puerto_de_antes_se_vuelve_a_tener_si_nadie_escucha_en_el() -> None:
    puerto = puerto_libre()
    with socket.create_server(("127.0.0.1", puerto)), pytest.raises(OSError, match="in use"):
        puerto_libre(puerto)
    assert puerto_libre(puerto) == puerto
