"""Every command of the API may come as a message, and has the same outcome."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.base.aplicacion import Aplicacion
from domain.base.rechazo import Rechazo
from gateway.composicion import Sistema
from gateway.http.app import crear_app
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.comandos import COMANDOS
from gateway.pulsar.recibidos import Recibido
from tests.gateway.eventos.apoyo import eventos_de
from tests.gateway.pulsar.mensajes import comando, en_avro, en_json
from tests.gateway.sistema import config_de

Datos = dict[str, Any]
ANA: Datos = {
    "nombre": "Ana Ruiz",
    "email": "ana@example.com",
    "cedula": "0102030405",
    "fecha_nacimiento": "1990-05-20",
}
PAGO: Datos = {"partner_id": "PARTNER", "cycle_id": "CICLO", "total_amount": 12.5, "currency": "USD"}
CONFIRMADO: Datos = {"confirmation_id": "CONF-1", "completed_at": "2026-01-02T10:30:00"}
CAMPANIA: Datos = {"idCliente": "ana", "itinerario": ["Quito"], "presupuesto": 100, "moneda": "USD"}
MOTIVO: Datos = {"motivo": "A pedido"}

# What is told in a row to one aggregate, and the events it leaves. Every command there is occurs in one of them.
VIDAS: dict[str, tuple[str, str, list[tuple[str, dict[str, Any]]], list[str]]] = {
    "un cliente": (
        "clientes",
        "ana",
        [
            ("RegistrarCliente", ANA),
            ("ActualizarCliente", {"nombre": "Ana Ruiz Paz"}),
            ("DesactivarCliente", MOTIVO),
            ("ReactivarCliente", {}),
            ("AnonimizarCliente", MOTIVO),
        ],
        ["Registrado", "Actualizado", "Desactivado", "Reactivado", "Anonimizado"],
    ),
    "un pago que se reintenta y se revierte": (
        "pagos",
        "payout-1",
        [
            ("CrearPago", PAGO),
            ("FallarPago", {"codigo": "TECNICO", **MOTIVO}),
            ("ReintentarPago", {}),
            ("ProcesarPago", {}),
            ("ConfirmarPago", CONFIRMADO | {"completed_at": "2999-01-01"}),
            ("CancelarPago", MOTIVO),
        ],
        ["Creado", "ComisionCalculada", "Fallido", "Reintentado", "Procesado"],
    ),
    "un pago informado": (
        "pagos",
        "payout-2",
        [("CrearPago", PAGO | CONFIRMADO), ("RevertirPago", MOTIVO)],
        ["Creado", "ComisionCalculada", "Procesado", "Confirmado", "Revertido", "ComisionRevertida"],
    ),
    "una campaña": (
        "campanias",
        "CAMP001",
        [
            ("CrearCampania", CAMPANIA),
            ("AjustarPresupuesto", {"monto": 200, "moneda": "USD"}),
            ("ActivarCampania", {}),
            ("PausarCampania", {}),
            ("ReanudarCampania", {}),
            ("RegistrarGasto", {"gasto_id": "G-1", "monto": 1, "moneda": "USD"}),
            ("FinalizarCampania", {}),
            ("CancelarCampania", MOTIVO),
        ],
        ["Creada", "PresupuestoAjustado", "Cancelada"],
    ),
}


def nombres(aplicacion: Aplicacion, flujo: str) -> list[str]:
    return [type(evento).__name__ for evento in aplicacion.events.get(flujo)]


def rechazos(aplicacion: Aplicacion) -> list[Any]:
    return [evento for evento in eventos_de(aplicacion) if isinstance(evento, Rechazo.ComandoRechazado)]


@pytest.mark.parametrize("forma", [en_json, en_avro])
@pytest.mark.parametrize("juntos", [True, False])
@pytest.mark.parametrize("vida", VIDAS)
def test_cada_comando_deja_sus_eventos_lleguen_juntos_o_uno_a_uno(
    sistema: Sistema,
    bandeja_de: Callable[[str], Bandeja],
    vida: str,
    juntos: bool,
    forma: Callable[[dict[str, Any], str], Recibido],
) -> None:
    nombre, quien, dichos, quedan = VIDAS[vida]
    aplicacion, bandeja = sistema.aplicaciones[nombre], bandeja_de(nombre)
    recibidos = [forma(comando(tipo, quien, **datos), quien) for tipo, datos in dichos]
    for tramo in [recibidos] if juntos else [[uno] for uno in recibidos]:
        bandeja.atender(tramo)
    assert nombres(aplicacion, quien) == quedan
    # Confirming what is not settled yet, or starting what nobody paid, is refused: and told.
    assert len(rechazos(aplicacion)) == sum(tipo not in _cumplidos(quedan) for tipo, _ in dichos)


def test_todo_comando_esta_en_alguna_vida_y_la_api_no_tiene_otros() -> None:
    dichos = {tipo for *_, dichos, _ in VIDAS.values() for tipo, _ in dichos}
    assert dichos == {tipo for tipos in COMANDOS.values() for tipo in tipos}


def test_la_api_no_tiene_otros(sistema: Sistema, db_url: str) -> None:
    app = crear_app(sistema, config_de(db_url))
    rutas = app.test_client().get("/spec", headers={"Host": "127.0.0.1"}).get_json()["paths"]
    de_la_api = [ruta for ruta, verbos in rutas.items() if "post" in verbos]
    assert len(de_la_api) == sum(map(len, COMANDOS.values()))


@pytest.mark.parametrize(
    ("nombre", "dicho", "esperado"),
    [
        ("campanias", comando("ActivarCampania", "NO-HAY"), "CAMPANIA_NO_ENCONTRADA: Campania no encontrada"),
        ("campanias", comando("ActivarCampania", "no es un id"), "CAMPANIA_NO_ENCONTRADA: Campania no encontrada"),
        (
            "campanias",
            comando("CrearCampania", "CAMP001"),
            "CAMPOS_REQUERIDOS: idCampania, idCliente y itinerario[] son requeridos",
        ),
        (
            "pagos",
            comando("CrearPago", **PAGO | {"total_amount": "12"}),
            "CAMPO_INVALIDO: total_amount: debe ser un número",
        ),
        ("pagos", comando("CrearPago", **PAGO | {"currency": "USX"}), "MONEDA_DESCONOCIDA: "),
        ("campanias", comando("CrearCampania", "CAMP001", **CAMPANIA, idCampania="CAMP002"), "IDS_DISTINTOS: "),
        ("clientes", comando("RegistrarCliente", "ana") | {"data": ANA | {"id": "eva"}}, "IDS_DISTINTOS: "),
        (
            "pagos",
            comando("CrearCampania", "CAMP001", **CAMPANIA),
            "COMANDO_DESCONOCIDO: Este módulo no tiene ese comando",
        ),
        (
            "clientes",
            comando("RegistrarCliente", "ana", **ANA | {"cedula": "x"}),
            "CEDULA_INVALIDA: Cédula debe ser numérica",
        ),
    ],
)
def test_lo_que_la_api_rechaza_se_rechaza_con_el_mismo_codigo(
    sistema: Sistema,
    bandeja_de: Callable[[str], Bandeja],
    nombre: str,
    dicho: dict[str, Any],
    esperado: str,
) -> None:
    bandeja_de(nombre).atender([en_json(dicho)])
    (rechazo,) = rechazos(sistema.aplicaciones[nombre])
    assert rechazo.originator_id == f"rechazo:{dicho['eventId']}"
    assert rechazo.mensaje_id == dicho["eventId"]
    assert f"{rechazo.codigo}: {rechazo.motivo}".startswith(esperado)


def test_el_resultado_dice_de_que_mensaje_vino(sistema: Sistema, bandeja_de: Callable[[str], Bandeja]) -> None:
    dicho = comando("CrearCampania", "CAMP001", **CAMPANIA) | {"correlationId": "saga-7"}
    bandeja_de("campanias").atender([en_json(dicho), en_json(dicho | {"eventId": "otro", "type": "ActivarCampania"})])
    for evento in (next(iter(sistema.campanias.events.get("CAMP001"))), *rechazos(sistema.campanias)):
        hecho: Any = evento
        assert hecho.correlation_id == "saga-7"
        assert hecho.causation_id in (dicho["eventId"], "otro")
        assert hecho.actor == "mensaje:comandos.campanias"


def _cumplidos(eventos: list[str]) -> set[str]:
    """Commands that left an event of their own."""
    de_cada_uno = {
        "RegistrarCliente": "Registrado", "ActualizarCliente": "Actualizado", "DesactivarCliente": "Desactivado",
        "ReactivarCliente": "Reactivado", "AnonimizarCliente": "Anonimizado", "CrearPago": "Creado",
        "ProcesarPago": "Procesado", "ConfirmarPago": "Confirmado", "FallarPago": "Fallido",
        "ReintentarPago": "Reintentado", "RevertirPago": "Revertido", "CancelarPago": "Cancelado",
        "CrearCampania": "Creada", "AjustarPresupuesto": "PresupuestoAjustado", "CancelarCampania": "Cancelada",
        "ActivarCampania": "Activada", "PausarCampania": "Pausada", "ReanudarCampania": "Reanudada",
        "RegistrarGasto": "GastoRegistrado", "FinalizarCampania": "Finalizada",
    }  # fmt: skip
    return {tipo for tipo, evento in de_cada_uno.items() if evento in eventos}
