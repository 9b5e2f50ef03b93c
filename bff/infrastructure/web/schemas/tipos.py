"""The kinds of value that pages show, as the specification tells them."""

from typing import Any

from marshmallow import Schema, fields

from projections.campanias.consultas import SIGNIFICADOS as DE_CAMPANIA
from projections.payouts.filtro import CUBETAS
from projections.payouts.filtro import SIGNIFICADOS as DE_PAGO


def texto(*, nulo: bool = False, **mas: Any) -> fields.String:
    return fields.String(required=True, allow_none=nulo, metadata=mas)


def opcion(*opciones: str) -> fields.String:
    """One of a few words."""
    return texto(enum=[str(una) for una in opciones])


def estado_de_pago() -> fields.String:
    return opcion(*(palabra for palabra in DE_PAGO if palabra not in CUBETAS))


def estado_de_campania() -> fields.String:
    return opcion(*DE_CAMPANIA)


def numero(*, nulo: bool = False) -> fields.Float:
    return fields.Float(required=True, allow_none=nulo)


def entero(*, nulo: bool = False) -> fields.Integer:
    return fields.Integer(required=True, allow_none=nulo)


def fecha(*, nulo: bool = False) -> fields.String:
    """A time in UTC, to the second, with ``Z``."""
    return texto(nulo=nulo, format="date-time", pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


def lista(schema: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


def parte(schema: type[Schema], *, nulo: bool = False) -> fields.Nested:
    return fields.Nested(schema, required=True, allow_none=nulo)


def montos() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(), values=fields.Float(), required=True, metadata={"description": "Por moneda"}
    )


def moneda_del_total() -> fields.String:
    return texto(nulo=True, description="La del total: la que más pagos tiene; nula cuando no hay ninguno")


def detalles() -> fields.Dict:
    """What is wrong, field by field."""
    return fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


def notas() -> fields.Dict:
    dicho = "Está cuando falta alguna parte, y dice cuál y por qué"
    return fields.Dict(keys=fields.String(), values=fields.String(), metadata={"description": dicho})
