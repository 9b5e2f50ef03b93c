"""What is admitted as an id, a reference and a free text."""

import pytest

from domain.base.errores import ErrorDeDominio
from domain.base.texto import (
    CampoDemasiadoLargo,
    CampoRequerido,
    CaracteresInvalidos,
    IdentificadorInvalido,
    NumeroDeTarjeta,
    contiene_tarjeta,
    identificador,
    referencia,
    texto_libre,
)

TARJETAS = [
    "500000000074",  # the shortest
    "5000000000000000070",  # the longest
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "378282246310005",
    "3782 822463 10005",
    "6304000000000000",
    "6011000990139424",
    "４１１１１１１１１１１１１１１１",
    "4111\u00a01111\u00a01111\u00a01111",
]


@pytest.mark.parametrize("tarjeta", TARJETAS)
@pytest.mark.parametrize("frase", ["{}", "cargo a {} de ayer", "tarjeta:{}.", "({})"])
def test_un_texto_libre_no_lleva_numeros_de_tarjeta_ni_los_repite_al_rechazarlos(tarjeta: str, frase: str) -> None:
    with pytest.raises(NumeroDeTarjeta) as rechazo:
        texto_libre(frase.format(tarjeta), "motivo")
    assert tarjeta not in str(rechazo.value)
    assert "motivo" in str(rechazo.value)


@pytest.mark.parametrize(
    "separador",
    [
        "  ",
        "/",
        "_",
        " - ",
        " . ",
        "\N{NON-BREAKING HYPHEN}",
        "\N{EN DASH}",
        "\N{NO-BREAK SPACE}",
        "\N{ZERO WIDTH SPACE}",
    ],
)
def test_un_numero_de_tarjeta_se_reconoce_con_lo_que_lo_separe(separador: str) -> None:
    assert contiene_tarjeta(separador.join(["pago de", "4111", "1111", "1111", "1111", "ayer"]))


@pytest.mark.parametrize(
    "texto",
    [
        "4111 1111 1111 1111 123",  # and its security code
        "4111-1111-1111-1111-12-27",
        "2024 4111 1111 1111 1111",
        "0001-3782-822463-10005-999",
    ],
)
def test_un_numero_de_tarjeta_se_reconoce_aunque_otros_lo_sigan_o_lo_precedan(texto: str) -> None:
    assert contiene_tarjeta(texto)


@pytest.mark.parametrize(
    "inocente",
    [
        "4111111111111112",  # does not pass Luhn
        "41111111111",  # eleven digits
        "41111111111111111111111111",  # more than nineteen in a row
        "Factura 2024-0001 del 2024-09-13",
        "del 2024-09-13 10:30:00 al 2024-09-14 11:45:30",
        "ref 550e8400-e29b-41d4-a716-446655440000",
        "",
    ],
)
def test_otros_numeros_no_son_tarjetas(inocente: str) -> None:
    assert not contiene_tarjeta(inocente)


@pytest.mark.parametrize("valor", ["a", "CAMP001", "payout-0192f.x_y", "A" * 64])
def test_un_identificador_se_guarda_tal_cual(valor: str) -> None:
    assert identificador(valor, "id") == valor


@pytest.mark.parametrize("valor", ["", " a", "a b", "a:b", "a/b", "á", "a\n", "A" * 65, "a\x00"])
def test_un_identificador_solo_tiene_letras_cifras_puntos_y_guiones(valor: str) -> None:
    with pytest.raises(IdentificadorInvalido):
        identificador(valor, "id")


def test_una_referencia_se_recorta_y_no_se_registra_en_busca_de_tarjetas() -> None:
    assert referencia("  4111111111111111 ", "confirmation_id") == "4111111111111111"


def test_una_referencia_llega_a_128_caracteres() -> None:
    assert referencia("x" * 128, "partner_id") == "x" * 128


@pytest.mark.parametrize(
    ("valor", "error"),
    [
        ("", CampoRequerido),
        (" \t\n", CampoRequerido),
        ("x" * 129, CampoDemasiadoLargo),
        ("a\x00b", CaracteresInvalidos),
        ("a\nb", CaracteresInvalidos),
        ("a\x1bb", CaracteresInvalidos),
        ("a\ud800b", CaracteresInvalidos),
        ("a\u2028b", CaracteresInvalidos),
    ],
)
def test_una_referencia_tiene_de_1_a_128_caracteres_que_se_puedan_guardar(
    valor: str, error: type[ErrorDeDominio]
) -> None:
    with pytest.raises(error) as rechazo:
        referencia(valor, "partner_id")
    assert str(rechazo.value).startswith("partner_id ")
