"""What a test needs to work with the whole system on a database of its own."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.pagos.comandos import CrearPago
from gateway.composicion import Sistema, construir
from gateway.config import Config

AYER = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def config_de(db_url: str, **cambios: Any) -> Config:
    """The settings of a process on that database."""
    return Config(**{"db_url": db_url, "llave_maestra": b"m" * 32, "llave_unicidad": b"u" * 32, **cambios})


@contextmanager
def sistema_en(db_url: str) -> Iterator[Sistema]:
    with construir(config_de(db_url)) as sistema:
        yield sistema


def pago(ciclo: str, monto: str = "1250.50", **cambios: Any) -> CrearPago:
    """A payout to be made."""
    campos = {"partner_id": "PARTNER", "cycle_id": ciclo, "total_amount": Decimal(monto), "currency": "USD"}
    return CrearPago(**{"payout_id": f"payout-{uuid.uuid4()}", **campos, **cambios})


def pago_hecho(ciclo: str, **cambios: Any) -> CrearPago:
    """The report of a payment that happened."""
    return pago(ciclo, **{"confirmation_id": uuid.uuid4().hex, "completed_at": AYER, **cambios})
