"""The settings of the doors: what can't hold is refused at the start, and no value is repeated."""

from pathlib import Path

import pytest

from gateway.config import ConfiguracionInvalida, leer
from tests.gateway.acceso.credenciales import RSA, SECRETO, jwks


def test_sin_nada_puesto_no_hay_credenciales_ni_limite() -> None:
    acceso = leer({}).acceso
    assert (acceso.con_tokens, acceso.limite, acceso.redis_url) == (False, None, None)


def test_se_leen_todos(tmp_path: Path) -> None:
    archivo = tmp_path / "jwks.json"
    archivo.write_bytes(jwks(RSA))
    puestos = {"AUTH_ISSUER": "https://quien", "AUTH_AUDIENCE": "alpes", "RATE_LIMIT": "10/second; 600 per minute"}
    acceso = leer({**puestos, "AUTH_JWKS": str(archivo), "REDIS_URL": "redis://:clave@h/0"}).acceso
    assert (acceso.jwks, acceso.issuer, acceso.audience) == (str(archivo), "https://quien", "alpes")
    assert (acceso.limite, acceso.con_tokens) == (puestos["RATE_LIMIT"], True)
    assert "clave" not in repr(acceso)
    assert leer({"AUTH_JWT_SECRET": SECRETO}).acceso.jwt_secret == SECRETO.encode()
    assert SECRETO not in repr(leer({"AUTH_JWT_SECRET": SECRETO}))
    assert [str(red) for red in leer({"PROXIES_DE_CONFIANZA": "10.0.0.0/8, fd00::/8"}).acceso.proxies] == [
        "10.0.0.0/8",
        "fd00::/8",
    ]
    for url in ("https://quien.example.com/jwks", "http://127.0.0.1:9000/jwks"):
        assert leer({"AUTH_JWKS": url}).acceso.jwks == url


@pytest.mark.parametrize(
    ("variable", "valor"),
    [
        ("AUTH_JWT_SECRET", "corto"),
        ("AUTH_JWT_SECRET", "a" * 64),
        ("AUTH_JWT_SECRET", RSA.as_pem(private=False).decode()),
        ("AUTH_JWKS", "/no/hay/tal/archivo"),
        ("AUTH_JWKS", __file__),
        ("AUTH_JWKS", "http://quien.example.com/jwks"),
        ("AUTH_JWKS", "ftp://quien.example.com/jwks"),
        ("AUTH_ISSUER", "https://quien"),
        ("AUTH_AUDIENCE", "alpes"),
        ("RATE_LIMIT", "muchas"),
        ("RATE_LIMIT", "0/hour"),
        ("PROXIES_DE_CONFIANZA", "10.0.0.1/8"),
        ("PROXIES_DE_CONFIANZA", "nginx"),
        ("RATE_LIMIT", "diez por minuto"),
        ("REDIS_URL", "http://h"),
        ("REDIS_URL", "redis://h/0?sin=sentido"),
        ("REDIS_URL", "redis://h/0?socket_timeout=nunca"),
    ],
)
def test_lo_que_no_sirve_se_dice_sin_repetirlo(variable: str, valor: str) -> None:
    with pytest.raises(ConfiguracionInvalida) as error:
        leer({variable: valor})
    (problema,) = error.value.problemas
    assert problema.startswith(f"{variable}: ")
    assert valor not in problema


def test_secreto_y_jwks_a_la_vez_no_dicen_cual_vale() -> None:
    with pytest.raises(ConfiguracionInvalida, match="AUTH_JWKS: no puede estar junto"):
        leer({"AUTH_JWT_SECRET": SECRETO, "AUTH_JWKS": "https://quien.example.com/jwks"})
