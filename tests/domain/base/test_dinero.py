"""Money is exact, of one currency, and never rounded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base.dinero import (
    MAXIMO,
    DemasiadosDecimales,
    Dinero,
    MonedaDesconocida,
    MonedasDistintas,
    MontoDemasiadoGrande,
    MontoNoPositivo,
)
from domain.base.errores import ErrorDeDominio
from domain.base.monedas import DECIMALES, moneda_principal

monedas = st.sampled_from(sorted(DECIMALES))
unidades = st.integers(1, MAXIMO)
numeros = st.decimals(allow_nan=True, allow_infinity=True) | st.decimals(-10, 10**18, places=5, allow_nan=False)


@given(numeros, monedas)
def test_un_monto_entra_exacto_o_no_entra(valor: Decimal, moneda: str) -> None:
    try:
        dinero = Dinero.de(valor, moneda)
    except ErrorDeDominio:
        return
    assert dinero.valor == valor
    assert dinero.moneda == moneda


@given(unidades, monedas)
def test_todo_monto_que_la_moneda_admite_entra_y_sale_igual(cuantas: int, moneda: str) -> None:
    dinero = Dinero(cuantas, moneda)
    assert Dinero.de(dinero.valor, moneda) == dinero
    assert dinero.valor.as_tuple().exponent == -DECIMALES[moneda]


@given(unidades, monedas, unidades, monedas)
def test_dos_monedas_nunca_se_mezclan(una: int, moneda: str, otra: int, otra_moneda: str) -> None:
    izquierda, derecha = Dinero(una, moneda), Dinero(otra, otra_moneda)
    if moneda == otra_moneda:
        assert (izquierda + derecha).unidades == una + otra
        assert (izquierda > derecha) is (una > otra)
        return
    with pytest.raises(MonedasDistintas):
        izquierda + derecha
    with pytest.raises(MonedasDistintas):
        assert izquierda > derecha


@pytest.mark.parametrize(
    ("valor", "moneda", "error"),
    [
        ("0", "USD", MontoNoPositivo),
        ("-1", "USD", MontoNoPositivo),
        ("0.001", "USD", DemasiadosDecimales),
        ("1E-400", "USD", DemasiadosDecimales),
        ("1250.505", "USD", DemasiadosDecimales),
        ("1.5", "JPY", DemasiadosDecimales),
        ("1.5", "CLP", DemasiadosDecimales),
        ("1.2345", "KWD", DemasiadosDecimales),
        ("1E+400", "USD", MontoDemasiadoGrande),
        ("10000000000000", "USD", MontoDemasiadoGrande),
        ("NaN", "USD", MontoDemasiadoGrande),
        ("Infinity", "USD", MontoDemasiadoGrande),
        ("1", "XXX", MonedaDesconocida),
        ("1", "", MonedaDesconocida),
        ("1", "US", MonedaDesconocida),
        ("1", "u\u017fd", MonedaDesconocida),
    ],
)
def test_lo_que_no_es_un_monto_se_rechaza(valor: str, moneda: str, error: type[ErrorDeDominio]) -> None:
    with pytest.raises(error):
        Dinero.de(Decimal(valor), moneda)


@pytest.mark.parametrize(("valor", "unidades_menores"), [("1250.5", 125050), ("1250.50", 125050), ("1.2505E3", 125050)])
def test_da_igual_como_se_escriba_un_monto_y_la_moneda_se_pone_en_mayusculas(valor: str, unidades_menores: int) -> None:
    assert Dinero.de(Decimal(valor), "usd") == Dinero(unidades_menores, "USD")


def test_la_moneda_principal_es_la_de_mas_pagos_y_de_dos_iguales_la_primera() -> None:
    assert moneda_principal({"USD": 2, "EUR": 2, "COP": 1}) == "EUR"
    assert moneda_principal({}) is None
