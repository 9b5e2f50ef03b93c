"""The figures of the house at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass

from bff.domain.models.cliente_view import ClienteReciente
from bff.domain.models.pago_view import Agregaciones, PagoReciente


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A part whose service failed is None or empty, and ``notas`` says so."""

    total_clientes: int | None
    total_pagos: int | None
    total_campanias: int | None
    pagos_recientes: tuple[PagoReciente, ...]
    clientes_recientes: tuple[ClienteReciente, ...]
    pagos: Agregaciones | None
    campanias_por_estado: Mapping[str, int]
    notas: Mapping[str, str]
