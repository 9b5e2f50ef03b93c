"""What each port promises of commands and of its health, kept by its adapter over the real core, and by its twin."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from bff.application.ports.peticion import Peticion
from bff.domain.exceptions import DatosInvalidos, Rechazado
from bff.domain.models.cliente_view import NuevoCliente
from bff.domain.models.health import Estado
from tests.bff.mundos import Mundo
from tests.cronometro import en_menos_de

NADIE = Peticion()


def test_un_cliente_se_registra_una_vez(mundo: Mundo) -> None:
    nuevo = NuevoCliente("María González", "maria@example.com", "87654321", "1990-05-20")
    creado, aceptado = mundo.pedir(mundo.puertos.clientes.crear_cliente(nuevo, NADIE))
    assert (creado.nombre, creado.fecha_nacimiento) == ("María González", datetime(1990, 5, 20, tzinfo=UTC))
    assert creado.fecha_registro is not None
    assert aceptado.cabeceras["X-Posicion"].startswith("cliente:")
    with pytest.raises(DatosInvalidos) as repetido:
        mundo.pedir(mundo.puertos.clientes.crear_cliente(nuevo, NADIE))
    assert repetido.value.detalles == {"email": ["Email ya existe en el sistema"]}
    malo = NuevoCliente("María González", "otra@example.com", "8765x321", "1990-05-20")
    with pytest.raises(DatosInvalidos) as invalido:
        mundo.pedir(mundo.puertos.clientes.crear_cliente(malo, NADIE))
    assert invalido.value.detalles == {"cedula": ["Cédula debe ser numérica"]}


def test_repetir_el_registro_de_quien_fue_olvidado_no_es_una_falla(api: FlaskClient, bff: FlaskClient) -> None:
    datos = {"nombre": "Zoe", "email": "zoe@example.com", "cedula": "17171717", "fecha_nacimiento": "1990-05-20"}

    def registrar() -> dict[str, Any]:
        respuesta = bff.post("/api/v1/clientes", json=datos, headers={"Idempotency-Key": "zoe-1"})
        assert respuesta.status_code == 201
        return dict(respuesta.json or {})

    primera = registrar()
    assert api.post(f"/cliente/{primera['id']}/comandos/anonimizar", json={"motivo": "lo pidió"}).status_code == 202
    assert registrar() == primera | dict.fromkeys(datos)


def test_un_pago_y_una_campania_se_entregan_tal_cual(mundo: Mundo) -> None:
    cuerpo = b'{"partner_id": "P", "cycle_id": "C", "total_amount": 12.50, "currency": "USD"}'
    pago = mundo.pedir(mundo.puertos.pagos.crear_pago(cuerpo, NADIE))
    assert (pago.estado, pago.cabeceras["X-Posicion"].split(":")[0]) == (202, "pagos")
    with pytest.raises(Rechazado) as sin_moneda:
        mundo.pedir(mundo.puertos.pagos.crear_pago(cuerpo.replace(b"currency", b"x"), NADIE))
    assert (sin_moneda.value.estado, sin_moneda.value.mensaje) == (400, "currency es requerido")
    cuerpo = b'{"idCampania": "K1", "idCliente": "ana", "itinerario": ["Quito"]}'
    campania = mundo.pedir(mundo.puertos.campanias.crear_campania(cuerpo, NADIE))
    assert campania.cuerpo["data"] == {"idCampania": "K1", "idCliente": "ana", "itinerario": ["Quito"]}
    with pytest.raises(Rechazado) as sin_id:
        mundo.pedir(mundo.puertos.campanias.crear_campania(b"{}", NADIE))
    assert sin_id.value.mensaje == "idCampania, idCliente y itinerario[] son requeridos"


def test_los_tres_dicen_que_estan_bien(mundo: Mundo) -> None:
    puertos = mundo.puertos
    for ver in (puertos.clientes.get_salud, puertos.pagos.get_salud, puertos.campanias.get_salud):
        dicha = en_menos_de(0.9, lambda: mundo.pedir(ver()))  # noqa: B023
        assert dicha.status is Estado.UP
        assert 0 <= dicha.response_time_ms < 1000
