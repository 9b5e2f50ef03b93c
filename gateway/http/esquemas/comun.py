"""Shapes that several modules share. Answers are written by the routes: these schemas document them."""

from marshmallow import Schema, fields

from gateway.http.esquemas.campos import Pedido, Texto


class Vacio(Pedido):
    """A command that needs no more than its address."""


class ConMotivo(Pedido):
    motivo = Texto()


class Fecha(fields.String):
    """A time in answers, UTC, to the second and without suffix."""

    def __init__(self, *, required: bool, allow_none: bool = False) -> None:
        forma = {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"}
        super().__init__(required=required, allow_none=allow_none, metadata=forma)


class Monto(Schema):
    valor = fields.Float(required=True)
    moneda = fields.String(required=True)


class Aceptado(Schema):
    id = fields.String(required=True)


class Error(Schema):
    error = fields.String(required=True)


class ErrorInterno(Schema):
    error = fields.String(required=True)
    trace = fields.String(required=True, metadata={"description": "El X-Request-Id de la respuesta"})


class Mensaje(Schema):
    message = fields.String(required=True)


class Problema(Schema):
    """RFC 9457, when ``Accept: application/problem+json`` asks for it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    codigo = fields.String(required=True)
    instance = fields.String(required=True, metadata={"description": "El X-Request-Id de la respuesta"})
    trace = fields.String(metadata={"description": "Solo en un 500"})
