"""The setting PROCESADOR names who pays."""

import pytest

from gateway.config import Config
from gateway.procesador import elegir
from gateway.procesador.http import ProcesadorHttp
from gateway.procesador.simulado import ProcesadorSimulado
from tests.gateway.sistema import AYER


@pytest.mark.parametrize(
    ("config", "clase"),
    [
        (Config(), ProcesadorSimulado),
        (Config(procesador="http", procesador_url="http://127.0.0.1:9"), ProcesadorHttp),
        (Config(procesador="ninguno"), type(None)),
    ],
)
def test_cada_procesador_tiene_su_adaptador(config: Config, clase: type) -> None:
    assert type(elegir(config, lambda: AYER)) is clase


def test_el_proveedor_http_necesita_su_url() -> None:
    with pytest.raises(ValueError, match="PROCESADOR_URL"):
        elegir(Config(procesador="http"), lambda: AYER)
