"""What waits of a person is kept under that person's key: whom the message acts on, not whom it mentions."""

from typing import Any

import pytest

from domain.cliente.comandos import AnonimizarCliente, RegistrarCliente
from gateway.composicion import Sistema
from gateway.pulsar.aparcados import listar
from gateway.pulsar.recibidos import Recibido
from tests.gateway.pulsar.mensajes import comando, en_avro, en_json
from tests.gateway.pulsar.test_bandeja import BandejaDe
from tests.gateway.pulsar.test_comandos import ANA
from tests.gateway.sistema import AYER

FICHA: dict[str, Any] = {"data": {"id": "ficha-77", "nombre": "Ana Ruiz"}}


@pytest.mark.parametrize(
    ("dicho", "llave", "sujeto"),
    [
        (comando("ActualizarCliente", "h1A") | FICHA, "otra", "h1A"),
        (comando("RegistrarCliente", "h1A") | FICHA, "otra", "h1A"),
        (comando("RegistrarCliente") | FICHA, "otra", "ficha-77"),
        (comando("ActualizarCliente") | FICHA, "h1A", "h1A"),
        (comando("RegistrarCliente", "no es un id") | FICHA, "h1A", "h1A"),
        (comando("RegistrarCliente") | {"data": {"id": {"a": 1}}}, "h1A", "h1A"),
    ],
)
def test_se_guarda_bajo_la_clave_de_aquel_sobre_quien_actua(
    sistema: Sistema, bandeja_de: BandejaDe, dicho: dict[str, Any], llave: str, sujeto: str
) -> None:
    bandeja_de("clientes").atender([Recibido(b"roto", llave=llave), en_json(dicho, llave)])
    assert [uno.sujeto for uno in listar(sistema.motor)] == [llave, sujeto]


@pytest.mark.parametrize("forma", [en_json, en_avro])
def test_lo_de_una_version_mas_nueva_se_guarda_como_vino_y_olvidar_lo_alcanza(
    sistema: Sistema, bandeja_de: BandejaDe, forma: Any
) -> None:
    sistema.clientes.ejecutar(RegistrarCliente(**ANA | {"id": "h1", "fecha_nacimiento": AYER}))
    nuevo = comando("ActualizarCliente", "h1", email="nueva@example.com")
    recibido = forma(nuevo | {"type": "ActualizarCliente.v2", "schemaVersion": "2"})
    bandeja = bandeja_de("clientes")
    bandeja.atender([recibido])
    (uno,) = listar(sistema.motor)
    assert (uno.sujeto, uno.clave) == ("h1", nuevo["eventId"])
    assert bandeja.aparcamiento.abrir(uno) == recibido

    sistema.clientes.ejecutar(AnonimizarCliente("h1", "Lo pidió"))
    assert bandeja.aparcamiento.abrir(uno) is None
    assert bandeja.reintentar(uno.llave) is not None
    assert [uno.error for uno in listar(sistema.motor)] == [uno.error]
