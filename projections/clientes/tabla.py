"""Clients, and what it takes to know which payments are whose. Amounts are in major units."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from projections.busqueda.plegado import trigramas
from projections.motor.tabla import Indice, Tabla


@dataclass(slots=True)
class FilaDeCliente:
    """Totals are over the payouts that are COMPLETADO now. ``monto_total`` is in ``moneda``, the currency that
    most of them are in (ties by code); 0 and None without any. Personal data are None once forgotten, and so is
    what is searched: ``nombre_plegado`` and ``busqueda`` (see ``plegado.py``). Lists and counts are of rows with it.
    """

    id: str
    nombre: str | None
    email: str | None
    cedula: str | None
    fecha_nacimiento: datetime | None
    fecha_registro: datetime
    fecha_actualizacion: datetime
    estado: str
    total_pagos: int
    primer_pago: datetime | None
    ultimo_pago: datetime | None
    monto_total: Decimal
    moneda: str | None
    nombre_plegado: str | None
    busqueda: str | None
    version: int


@dataclass(slots=True)
class FilaDeVinculo:
    """Whose payment it is: ``cliente_id``, told with the payment (``cliente_dicho``) or what follows from the links.

    ``campania_id`` is the campaign it belongs to if there is one of that id. ``creado_en`` is its fecha_creacion.
    ``completado_en`` is None unless the payment is COMPLETADO now.
    """

    payout_id: str
    partner_id: str
    cliente_id: str
    cliente_dicho: bool
    campania_id: str | None
    monto: Decimal
    moneda: str
    creado_en: datetime
    completado_en: datetime | None


@dataclass(slots=True)
class FilaDeDueno:
    """Whose campaign it is."""

    campania_id: str
    cliente_id: str


@dataclass(slots=True)
class FilaDeTotal:
    """What an id, of a client or of a partner that is none, was paid in one currency and not asked back."""

    cliente_id: str
    moneda: str
    pagos: int
    monto: Decimal


CLIENTES = Tabla(
    "clientes",
    FilaDeCliente,
    binarias=("nombre_plegado", "busqueda"),
    indices=(
        Indice("recientes", "(fecha_registro DESC, id DESC) WHERE busqueda IS NOT NULL"),
        Indice("nombre", "(nombre_plegado, id) WHERE busqueda IS NOT NULL"),
        Indice("busqueda", trigramas("busqueda", "lower(id)")),
    ),
)
VINCULOS = Tabla(
    "clientes_vinculos",
    FilaDeVinculo,
    clave="payout_id",
    binarias=("partner_id", "cliente_id", "campania_id", "moneda"),
    indices=(
        Indice("campania", "(campania_id, creado_en DESC, payout_id DESC)", al_construir=True),
        Indice("cliente", "(cliente_id, creado_en DESC, payout_id DESC)"),
        Indice("mudado", "(partner_id) WHERE cliente_id <> partner_id AND NOT cliente_dicho"),
        Indice("pagado", "(cliente_id, completado_en) WHERE completado_en IS NOT NULL", al_construir=True),
    ),
)
DUENOS = Tabla("clientes_campanias", FilaDeDueno, clave="campania_id", binarias=("cliente_id",))
TOTALES = Tabla("clientes_totales", FilaDeTotal, clave="cliente_id", resto_de_clave=("moneda",))
