"""``alpes auditoria ver``: the past of one thing, as a person and as a program reads it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from domain.base.contexto import Actor, Contexto
from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import ActualizarCliente, AnonimizarCliente, RegistrarCliente
from domain.pagos.comandos import RevertirPago
from gateway.auditoria.accesos import ultimos
from gateway.composicion import Sistema
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.ejemplos import NACIDA

PAGADO = datetime(2026, 3, 2, 12, tzinfo=UTC)
DESHECHO = datetime(2026, 3, 4, 12, tzinfo=UTC)
PAGO = "payout-1"


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def alpes(db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


def registrar(sistema: Sistema, quien: str = "ana") -> None:
    sistema.clientes.ejecutar(RegistrarCliente(quien, "Ana Núñez", f"{quien}@example.com", "1000100010", NACIDA))


def pagar_y_deshacer(sistema: Sistema) -> None:
    caja = Contexto(PAGADO, Actor("api", "local"), correlation_id="caja-7", causation_id="caja-7")
    sistema.pagos.ejecutar(pago_hecho("C1", payout_id=PAGO), caja)
    sistema.pagos.ejecutar(RevertirPago(PAGO, "devolución"), Contexto(DESHECHO, Actor("api", "eva")))


def test_ver_cuenta_cada_cambio_y_como_quedo(sistema: Sistema, alpes: Alpes) -> None:
    pagar_y_deshacer(sistema)
    historia = alpes.json("auditoria", "ver", PAGO)
    assert (historia["stream"], historia["modulo"]) == (PAGO, "pagos")
    assert historia["estado"]["estado"] == "REVERTIDO"
    assert historia["estado"]["monto"] == {"valor": 1250.5, "moneda": "USD"}
    creado, *_, revertido, _ = historia["eventos"]
    assert (creado["usuario"], creado["causa"]) == ("api:local", "por la petición caja-7")
    assert (revertido["resumen"], revertido["usuario"]) == ("Se deshizo el pago: devolución", "api:eva")
    assert revertido["cambios"] == [{"campo": "estado", "antes": "COMPLETADO", "despues": "REVERTIDO"}]


@pytest.mark.parametrize(
    ("hasta", "eventos", "estado"),
    [("3", 3, "PROCESANDO"), ("2026-03-03", 4, "COMPLETADO"), ("2026-03-02T12:00:00Z", 4, "COMPLETADO")],
)
def test_ver_hasta_una_version_o_un_instante(
    sistema: Sistema, alpes: Alpes, hasta: str, eventos: int, estado: str
) -> None:
    pagar_y_deshacer(sistema)
    historia = alpes.json("auditoria", "ver", PAGO, "--hasta", hasta)
    assert (len(historia["eventos"]), historia["estado"]["estado"]) == (eventos, estado)


def test_ver_se_lee_como_una_tabla(sistema: Sistema, alpes: Alpes) -> None:
    pagar_y_deshacer(sistema)
    dicho = alpes("auditoria", "ver", PAGO)
    assert dicho.returncode == 0
    for texto in ("quién", "api:local", "Se deshizo el pago: devolución", "estado: COMPLETADO → REVERTIDO",
                  "monto: 1250.50 USD", "por la petición caja-7", "Así quedó, en la versión 6"):  # fmt: skip
        assert texto in dicho.stdout


def test_ver_un_cliente_queda_anotado_y_un_pago_no(sistema: Sistema, alpes: Alpes) -> None:
    registrar(sistema)
    sistema.clientes.ejecutar(ActualizarCliente("ana", nombre="Ana Díaz"))
    pagar_y_deshacer(sistema)
    alpes.json("auditoria", "ver", PAGO)
    assert ultimos(sistema.motor, 10) == []
    _, actualizado = alpes.json("auditoria", "ver", "ana", "--hasta", "2")["eventos"]
    assert actualizado["cambios"] == [{"campo": "nombre", "antes": "Ana Núñez", "despues": "Ana Díaz"}]
    (acceso,) = ultimos(sistema.motor, 10)
    assert (acceso.accion, acceso.alcance) == ("ver", {"modulo": "cliente", "stream": "ana", "hasta": "2"})
    assert acceso.actor.startswith("cli:")
    (listado,) = alpes.json("auditoria", "accesos")["accesos"]
    assert (listado["actor"], listado["alcance"]) == (acceso.actor, acceso.alcance)
    assert f"{acceso.actor}  ver  hasta: 2, modulo: cliente, stream: ana" in alpes("auditoria", "accesos").stdout


@pytest.mark.parametrize("orden", ["accesos", "rechazos"])
def test_que_no_haya_nadie_se_dice(sistema: Sistema, alpes: Alpes, orden: str) -> None:
    assert alpes("auditoria", orden).stdout == "nadie todavía\n"


def test_los_accesos_no_se_cambian_ni_se_borran(sistema: Sistema, alpes: Alpes, db_url: str) -> None:
    registrar(sistema)
    alpes.json("auditoria", "ver", "ana")
    with psycopg.connect(db_url, autocommit=True) as conexion:
        for orden in ("DELETE FROM accesos", "UPDATE accesos SET actor = 'otro'", "TRUNCATE accesos"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conexion.execute(orden)


def test_de_una_persona_olvidada_queda_la_historia_sin_sus_datos(sistema: Sistema, alpes: Alpes) -> None:
    registrar(sistema)
    sistema.clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
    dicho = alpes("auditoria", "ver", "ana", "--json")
    assert "Se olvidó a la persona" in dicho.stdout
    for dato in ("Núñez", "ana@example.com", "1000100010"):
        assert dato not in dicho.stdout


def test_un_id_de_dos_modulos_pide_el_modulo(sistema: Sistema, alpes: Alpes) -> None:
    registrar(sistema)
    sistema.campanias.ejecutar(CrearCampania("ana", "ana", ("Quito",)))
    dicho = alpes("auditoria", "ver", "ana")
    assert (dicho.returncode, dicho.stderr) == (1, "alpes: «ana» existe en cliente y campanias: indique --modulo\n")
    assert alpes.json("auditoria", "ver", "ana", "--modulo", "campanias")["modulo"] == "campanias"


def test_lo_que_no_se_puede_ver_se_explica(sistema: Sistema, alpes: Alpes) -> None:
    pagar_y_deshacer(sistema)
    for argumentos, codigo, dicho in (
        (("nada",), 1, "No hay historia de «nada»"),
        (("email:abc",), 1, "No hay historia de «email:abc»"),
        ((PAGO, "--hasta", "2020-01-01"), 1, "No había nada de «payout-1» hasta entonces"),
        ((PAGO, "--hasta", "ayer"), 2, "El valor de hasta no es válido: debe ser un número o un instante"),
        ((PAGO, "--modulo", "otro"), 2, "debe ser cliente o pagos o campanias"),
        ((), 2, "Falta STREAM"),
    ):
        resultado = alpes("auditoria", "ver", *argumentos)
        assert resultado.returncode == codigo
        assert dicho in resultado.stderr
        assert resultado.stdout == ""


def test_un_evento_que_no_se_puede_leer_se_nombra(sistema: Sistema, alpes: Alpes, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute(
            "INSERT INTO pagos_events (originator_id, originator_version, topic, state)"
            " VALUES ('payout-roto', 1, 'PagoCreado.v1', '{}')"
        )
    dicho = alpes("auditoria", "ver", "payout-roto")
    assert dicho.returncode == 1
    assert dicho.stderr.startswith("alpes: No se puede leer PagoCreado.v1, versión 1 de payout-roto")
