"""The use cases of Clientes: who may register what, and where the answer stands in the log."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.base.contexto import Contexto
from domain.base.errores import ErrorDeDominio, NoEncontrado, VersionDistinta
from domain.base.fechas import NacimientoFueraDeRango
from domain.base.texto import IdentificadorInvalido
from domain.base.valores import CedulaInvalida, EmailInvalido, NombreInvalido
from domain.cliente.agregado import Cliente
from domain.cliente.aplicacion import Clientes
from domain.cliente.comandos import (
    ActualizarCliente,
    AnonimizarCliente,
    DesactivarCliente,
    ReactivarCliente,
    RegistrarCliente,
)
from domain.cliente.errores import CedulaYaRegistrada, ClienteAnonimizado, ClienteYaExiste, EmailYaRegistrado
from domain.cliente.estado import Estado
from tests.domain.especificacion import AHORA
from tests.domain.memoria import en_memoria, huella_clara, reloj_parado

ANA = RegistrarCliente("ana", "Ana Ruiz", "Ana@alpes.com", "00012345", datetime(1990, 5, 20, tzinfo=UTC))
LUIS = RegistrarCliente("luis", "Luis Gil", "luis@alpes.com", "777777", datetime(1980, 1, 1, tzinfo=UTC))


@pytest.fixture
def clientes() -> Clientes:
    return Clientes(en_memoria, reloj_parado(AHORA), huella=huella_clara)


def cuantos(clientes: Clientes) -> int:
    return clientes.recorder.max_notification_id() or 0


def test_registrar_guarda_cliente_y_reservas_de_una_vez(clientes: Clientes) -> None:
    posicion = clientes.ejecutar(ANA)
    assert (posicion.id, posicion.version, int(posicion)) == ("ana", 1, 3)
    ana = clientes.buscar(Cliente, "ana")
    assert ana is not None
    assert (ana.estado, ana.email, ana.cedula) == (Estado.ACTIVO, "Ana@alpes.com", "00012345")


def test_registrar_lo_mismo_da_la_misma_respuesta_y_no_guarda_nada(clientes: Clientes) -> None:
    posicion = clientes.ejecutar(ANA)
    repetida = clientes.ejecutar(replace(ANA, email=" ANA@ALPES.COM ", nombre=" Ana Ruiz "))
    assert (repetida, repetida.id, repetida.version) == (posicion, "ana", 1)
    assert cuantos(clientes) == 3


@pytest.mark.parametrize(
    ("orden", "error"),
    [
        (replace(ANA, nombre="Otra Persona"), ClienteYaExiste),
        (replace(LUIS, id="ana", email=ANA.email), ClienteYaExiste),
        (replace(LUIS, email="ana@ALPES.com", cedula=ANA.cedula), EmailYaRegistrado),
        (replace(LUIS, cedula=ANA.cedula), CedulaYaRegistrada),
        (replace(LUIS, id="lu is"), IdentificadorInvalido),
        (replace(LUIS, nombre="L"), NombreInvalido),
        (replace(LUIS, email="luis"), EmailInvalido),
        (replace(LUIS, cedula="12-34"), CedulaInvalida),
        (replace(LUIS, fecha_nacimiento=AHORA), NacimientoFueraDeRango),
    ],
)
def test_se_comprueba_primero_el_id_luego_el_email_y_luego_la_cedula(
    clientes: Clientes, orden: RegistrarCliente, error: type[ErrorDeDominio]
) -> None:
    clientes.ejecutar(ANA)
    with pytest.raises(error):
        clientes.ejecutar(orden)
    assert cuantos(clientes) == 3


def test_los_textos_de_lo_repetido_son_los_del_contrato() -> None:
    assert str(EmailYaRegistrado()) == "Email ya existe en el sistema"
    assert str(CedulaInvalida()) == "Cédula debe ser numérica"
    assert str(NoEncontrado()) == "No encontrado"


def test_cambiar_de_email_y_cedula_libera_los_de_antes(clientes: Clientes) -> None:
    clientes.ejecutar(ANA)
    clientes.ejecutar(ActualizarCliente("ana", email="nueva@alpes.com", cedula="999999"))
    clientes.ejecutar(replace(LUIS, email=ANA.email, cedula=ANA.cedula))
    with pytest.raises(EmailYaRegistrado):
        clientes.ejecutar(ActualizarCliente("luis", email="NUEVA@alpes.com"))
    with pytest.raises(CedulaYaRegistrada):
        clientes.ejecutar(ActualizarCliente("luis", cedula="999999"))


def test_se_puede_volver_al_email_de_antes_si_sigue_libre(clientes: Clientes) -> None:
    clientes.ejecutar(ANA)
    clientes.ejecutar(ActualizarCliente("ana", email="nueva@alpes.com"))
    assert clientes.ejecutar(ActualizarCliente("ana", email=ANA.email)).version == 3


def test_cambiar_a_lo_mismo_responde_con_la_ultima_posicion(clientes: Clientes) -> None:
    posicion = clientes.ejecutar(ANA)
    clientes.ejecutar(LUIS)
    assert clientes.ejecutar(ActualizarCliente("ana", nombre="Ana Ruiz")) == posicion
    assert cuantos(clientes) == 6


def test_desactivar_y_reactivar_mueven_solo_al_cliente(clientes: Clientes) -> None:
    clientes.ejecutar(ANA)
    assert clientes.ejecutar(DesactivarCliente("ana", "vacaciones")).version == 2
    assert clientes.ejecutar(ReactivarCliente("ana")).version == 3
    with pytest.raises(EmailYaRegistrado):
        clientes.ejecutar(replace(LUIS, email=ANA.email))


def test_olvidar_libera_email_y_cedula_y_el_cliente_se_sigue_leyendo_sin_datos(clientes: Clientes) -> None:
    clientes.ejecutar(ANA)
    posicion = clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
    assert clientes.ejecutar(AnonimizarCliente("ana", "insiste")) == posicion
    ana = clientes.buscar(Cliente, "ana")
    assert ana is not None
    assert ana.estado is Estado.ANONIMIZADO
    assert (ana.nombre, ana.email, ana.cedula, ana.fecha_nacimiento) == (None, None, None, None)
    clientes.ejecutar(replace(ANA, id="ana-2"))


@pytest.mark.parametrize("orden", [ANA, replace(ANA, nombre="Otra Persona"), replace(LUIS, id="ana")])
def test_un_id_olvidado_no_se_registra_nunca_mas(clientes: Clientes, orden: RegistrarCliente) -> None:
    clientes.ejecutar(ANA)
    clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
    with pytest.raises(ClienteAnonimizado):
        clientes.ejecutar(orden)


@pytest.mark.parametrize(
    "orden",
    [
        ActualizarCliente("nadie", nombre="Ana Ruiz"),
        DesactivarCliente("nadie", "x"),
        ReactivarCliente("nadie"),
        AnonimizarCliente("nadie", "x"),
        ReactivarCliente("email:email=ana@alpes.com"),
    ],
)
def test_a_quien_no_existe_no_se_le_pide_nada(clientes: Clientes, orden: Any) -> None:
    clientes.ejecutar(ANA)
    with pytest.raises(NoEncontrado, match="No encontrado"):
        clientes.ejecutar(orden)


def test_quien_espera_otra_version_no_manda(clientes: Clientes) -> None:
    clientes.ejecutar(ANA)
    circunstancias = Contexto(ahora=AHORA, version_esperada=1)
    clientes.ejecutar(ActualizarCliente("ana", email="otra@alpes.com"), circunstancias)
    with pytest.raises(VersionDistinta, match="La versión es 2, no 1"):
        clientes.ejecutar(DesactivarCliente("ana", "x"), circunstancias)


def test_la_misma_orden_repetida_no_guarda_nada(clientes: Clientes) -> None:
    clientes.ejecutar(ANA)
    for orden in (DesactivarCliente("ana", "x"), ReactivarCliente("ana"), AnonimizarCliente("ana", "x")):
        assert clientes.ejecutar(orden) == clientes.ejecutar(orden) == cuantos(clientes)
