"""Under which id begins what a message asks for."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from domain.base.rechazo import Rechazo
from domain.pagos.agregado import Payout
from gateway.composicion import Sistema
from gateway.pulsar.bandeja import Bandeja
from tests.gateway.eventos.apoyo import eventos_de
from tests.gateway.pulsar.mensajes import comando, en_json
from tests.gateway.pulsar.test_comandos import ANA, CAMPANIA, PAGO


@pytest.mark.parametrize(
    ("nombre", "dicho"),
    [
        *(
            ("clientes", comando("RegistrarCliente", uno, **ANA))
            for uno in ("c3@example.com", "ana ruiz", "x" * 65, "rechazo:1")
        ),
        *(("pagos", comando("CrearPago", f"payout-{uno}", **PAGO)) for uno in ("zeta", "", "---", "1-", "a" * 80)),
        *(("campanias", comando("CrearCampania", uno, **CAMPANIA)) for uno in ("ana ruiz", "x" * 65)),
    ],
)
def test_lo_que_nombra_un_id_imposible_no_nace_con_otro(
    sistema: Sistema, bandeja_de: Callable[[str], Bandeja], nombre: str, dicho: dict[str, Any]
) -> None:
    bandeja_de(nombre).atender([en_json(dicho)])
    (rechazo,) = eventos_de(sistema.aplicaciones[nombre])
    assert isinstance(rechazo, Rechazo.ComandoRechazado)
    assert rechazo.codigo == "IDENTIFICADOR_INVALIDO"


def test_un_pago_sin_id_de_pago_recibe_uno(sistema: Sistema, bandeja_de: Callable[[str], Bandeja]) -> None:
    """The search looks among payouts for no letter that their ids don't have."""
    suyo = "payout-0192f3a4-0000-7000-8000-00000000beef"
    bandeja_de("pagos").atender([en_json(comando("CrearPago", uno, **PAGO)) for uno in ("", "X", "a b", suyo)])
    *dados, ultimo = (evento.originator_id for evento in eventos_de(sistema.pagos) if isinstance(evento, Payout.Creado))
    assert ultimo == suyo
    assert all(re.fullmatch("payout-[0-9a-f-]{36}", dado) for dado in dados)
