"""What may be asked of a client."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.base.errores import TransicionIlegal
from domain.base.texto import CampoRequerido, NumeroDeTarjeta
from domain.base.valores import Cedula, Email, Nombre
from domain.cliente.agregado import Cliente
from domain.cliente.errores import ClienteAnonimizado, ClienteYaExiste
from tests.domain.especificacion import ID, Especificacion, hecho
from tests.domain.memoria import huella_clara

NACIMIENTO = datetime(1985, 3, 15, tzinfo=UTC)
DATOS: dict[str, Any] = {
    "nombre": "Juan Pérez",
    "email": "Juan@example.com",
    "cedula": "00123456",
    "fecha_nacimiento": NACIMIENTO,
    "huella_email": "email=juan@example.com",
    "huella_cedula": "cedula=00123456",
}
REGISTRADO = hecho(Cliente.Registrado, **DATOS)
DESACTIVADO = hecho(Cliente.Desactivado, motivo="se mudó")
REACTIVADO = hecho(Cliente.Reactivado)
ANONIMIZADO = hecho(Cliente.Anonimizado, motivo="lo pidió")


def cambiar(cliente: Cliente, **datos: Any) -> None:
    ninguno: dict[str, Any] = {"nombre": None, "email": None, "cedula": None, "fecha_nacimiento": None}
    cliente.actualizar(**(ninguno | datos), huella=huella_clara)


def test_un_cliente_nace_activo_con_sus_datos() -> None:
    Especificacion(Cliente).cuando(lambda _: Cliente(id=ID, **DATOS)).entonces(REGISTRADO)


@pytest.mark.parametrize("historia", [[REGISTRADO], [REGISTRADO, DESACTIVADO]])
def test_se_cambia_solo_lo_dicho_y_el_evento_lleva_todo(historia: list[Any]) -> None:
    (
        Especificacion(Cliente)
        .dado(*historia)
        .cuando(lambda cliente: cambiar(cliente, email=Email("J@x.co"), nombre=Nombre("J P")))
        .entonces(
            hecho(Cliente.Actualizado, **DATOS | {"email": "J@x.co", "nombre": "J P", "huella_email": "email=j@x.co"})
        )
    )


def test_cambiar_la_cedula_cambia_su_huella() -> None:
    (
        Especificacion(Cliente)
        .dado(REGISTRADO)
        .cuando(lambda cliente: cambiar(cliente, cedula=Cedula("99999")))
        .entonces(hecho(Cliente.Actualizado, **DATOS | {"cedula": "99999", "huella_cedula": "cedula=99999"}))
    )


def test_cambiar_a_lo_mismo_no_cambia_nada() -> None:
    (
        Especificacion(Cliente)
        .dado(REGISTRADO)
        .cuando(lambda cliente: cambiar(cliente, email=Email("Juan@example.com"), fecha_nacimiento=NACIMIENTO))
        .entonces_nada()
    )


def test_un_email_escrito_de_otra_forma_se_guarda_y_sigue_siendo_el_mismo() -> None:
    (
        Especificacion(Cliente)
        .dado(REGISTRADO)
        .cuando(lambda cliente: cambiar(cliente, email=Email("juan@EXAMPLE.com")))
        .entonces(hecho(Cliente.Actualizado, **DATOS | {"email": "juan@EXAMPLE.com"}))
    )


def test_a_un_anonimizado_no_se_le_cambia_nada() -> None:
    (
        Especificacion(Cliente)
        .dado(REGISTRADO, ANONIMIZADO)
        .cuando(lambda cliente: cambiar(cliente, nombre=Nombre("Otro")))
        .falla(TransicionIlegal)
    )


def test_un_activo_se_desactiva() -> None:
    Especificacion(Cliente).dado(REGISTRADO).cuando(lambda c: c.desactivar(" se mudó ")).entonces(DESACTIVADO)


def test_desactivar_dos_veces_es_desactivar_aunque_el_motivo_sea_otro() -> None:
    Especificacion(Cliente).dado(REGISTRADO, DESACTIVADO).cuando(lambda c: c.desactivar("otro")).entonces_nada()


def test_a_un_anonimizado_no_se_le_desactiva() -> None:
    Especificacion(Cliente).dado(REGISTRADO, ANONIMIZADO).cuando(lambda c: c.desactivar("x")).falla(TransicionIlegal)


@pytest.mark.parametrize(("motivo", "error"), [(" ", CampoRequerido), ("4111111111111111", NumeroDeTarjeta)])
def test_desactivar_y_anonimizar_piden_un_motivo_sin_tarjetas(motivo: str, error: Any) -> None:
    Especificacion(Cliente).dado(REGISTRADO).cuando(lambda c: c.desactivar(motivo)).falla(error)
    Especificacion(Cliente).dado(REGISTRADO).cuando(lambda c: c.anonimizar(motivo)).falla(error)


def test_un_inactivo_se_reactiva() -> None:
    Especificacion(Cliente).dado(REGISTRADO, DESACTIVADO).cuando(Cliente.reactivar).entonces(REACTIVADO)


def test_reactivar_a_un_activo_no_cambia_nada() -> None:
    Especificacion(Cliente).dado(REGISTRADO).cuando(Cliente.reactivar).entonces_nada()


def test_a_un_anonimizado_no_se_le_reactiva() -> None:
    Especificacion(Cliente).dado(REGISTRADO, ANONIMIZADO).cuando(Cliente.reactivar).falla(TransicionIlegal)


@pytest.mark.parametrize("historia", [[REGISTRADO], [REGISTRADO, DESACTIVADO]])
def test_a_cualquiera_se_le_olvida(historia: list[Any]) -> None:
    Especificacion(Cliente).dado(*historia).cuando(lambda c: c.anonimizar("lo pidió")).entonces(ANONIMIZADO)


def test_olvidar_dos_veces_es_olvidar() -> None:
    Especificacion(Cliente).dado(REGISTRADO, ANONIMIZADO).cuando(lambda c: c.anonimizar("otra vez")).entonces_nada()


def registrar_otra_vez(cliente: Cliente, **datos: Any) -> None:
    cliente.exigir_mismo_registro(Cliente(id=ID, **DATOS | datos))


def test_registrar_lo_mismo_no_cambia_nada_aunque_hoy_sus_datos_sean_otros() -> None:
    actualizado = hecho(Cliente.Actualizado, **DATOS | {"nombre": "Otro"})
    for historia in ([REGISTRADO], [REGISTRADO, actualizado]):
        (
            Especificacion(Cliente)
            .dado(*historia)
            .cuando(lambda cliente: registrar_otra_vez(cliente, email="JUAN@example.com"))
            .entonces_nada()
        )


def test_registrar_el_mismo_id_con_otros_datos_se_rechaza() -> None:
    (
        Especificacion(Cliente)
        .dado(REGISTRADO)
        .cuando(lambda cliente: registrar_otra_vez(cliente, nombre="Otro"))
        .falla(ClienteYaExiste)
    )


def test_un_anonimizado_no_se_registra_de_nuevo_ni_con_sus_datos() -> None:
    Especificacion(Cliente).dado(REGISTRADO, ANONIMIZADO).cuando(registrar_otra_vez).falla(ClienteAnonimizado)
