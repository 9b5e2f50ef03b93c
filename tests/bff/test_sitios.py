"""The sites whose pages may ask: each by its whole name, and no other."""

import pytest

from bff.infrastructure.config import leer_ajustes
from gateway.config import ConfiguracionInvalida


@pytest.mark.parametrize(
    "puesto",
    [
        "https://*.example.com",
        "https://(a|b).example.com",
        "null",
        "http://a b",
        "https://ana@example.com",
        "https://example.com?x",
        "ftp://example.com",
    ],
)
def test_un_patron_no_es_un_sitio(db_url: str, puesto: str) -> None:
    with pytest.raises(ConfiguracionInvalida, match="BFF_CORS_ORIGINS"):
        leer_ajustes({"DB_URL": db_url, "BFF_CORS_ORIGINS": puesto})


@pytest.mark.parametrize(
    ("puesto", "leido"),
    [
        ("HTTPS://Panel.Example.com:443/", "https://panel.example.com"),
        ("http://panel.example.com:80", "http://panel.example.com"),
        ("http://localhost:3000, https://a.example.com:8443", "http://localhost:3000 https://a.example.com:8443"),
        ("*", "*"),
    ],
)
def test_un_sitio_se_lee_como_un_navegador_lo_nombra(db_url: str, puesto: str, leido: str) -> None:
    ajustes, _ = leer_ajustes({"DB_URL": db_url, "BFF_CORS_ORIGINS": puesto})
    assert ajustes.cors_origins == tuple(leido.split())
