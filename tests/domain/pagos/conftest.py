"""Pagos in memory, which admits every partner but one."""

import pytest

from domain.pagos.aplicacion import Pagos
from tests.domain.especificacion import AHORA
from tests.domain.memoria import en_memoria, huella_clara, reloj_parado


@pytest.fixture
def pagos() -> Pagos:
    def admitido(partner_id: str) -> bool:
        return partner_id != "DESCONOCIDO"

    return Pagos(en_memoria, reloj_parado(AHORA), huella=huella_clara, partner_admitido=admitido)
