"""A failure that names its attempt counts once, whenever it is told again."""

from dataclasses import replace

import pytest

from domain.pagos.aplicacion import Pagos
from domain.pagos.comandos import FallarPago, ReintentarPago
from domain.pagos.errores import IntentoSinEmpezar
from domain.pagos.estado import Estado
from tests.domain.pagos.historia import cuantos, estado, orden


def test_un_fallo_contado_dos_veces_no_gasta_el_reintento(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1"))
    fallo = FallarPago("payout-1", "TECNICO", "sin línea", intento=1)
    pagos.ejecutar(fallo)
    pagos.ejecutar(ReintentarPago("payout-1"))
    antes = cuantos(pagos)
    pagos.ejecutar(fallo)
    assert (cuantos(pagos), estado(pagos, "payout-1")) == (antes, Estado.PENDIENTE)
    pagos.ejecutar(replace(fallo, intento=2))
    assert estado(pagos, "payout-1") is Estado.FALLIDO


def test_no_falla_un_intento_que_no_ha_empezado(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1"))
    with pytest.raises(IntentoSinEmpezar):
        pagos.ejecutar(FallarPago("payout-1", "TECNICO", "sin línea", intento=2))
