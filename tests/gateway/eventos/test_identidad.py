"""What an event is called, and which one a name means."""

import pytest

from gateway.eventos.identidad import evento_de, id_de_evento


@pytest.mark.parametrize("flujo", ["payout-1", "espera:C1", "rechazo:pagos:payout-1:2"])
def test_un_nombre_dice_de_que_evento_es(flujo: str) -> None:
    assert evento_de(id_de_evento("campanias", flujo, 12)) == ("campanias", flujo, 12)


@pytest.mark.parametrize(
    "nombre",
    ["", "7f0c", "pagos:payout-1", "otra:payout-1:1", "pagos:payout-1:-1", "pagos:a\0b:1", f"pagos:a:{'9' * 19}"],
)
def test_lo_demas_no_es_el_nombre_de_ninguno(nombre: str) -> None:
    assert evento_de(nombre) is None
