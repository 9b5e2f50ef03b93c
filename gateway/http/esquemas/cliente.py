"""What clients are asked for and how they show."""

from marshmallow import Schema, fields

from gateway.http.esquemas.campos import Instante, Pedido, Texto
from gateway.http.esquemas.comun import Fecha


class Registrar(Pedido):
    id = Texto(opcional=True)
    nombre = Texto()
    email = Texto()
    cedula = Texto()
    fecha_nacimiento = Instante()


class Actualizar(Pedido):
    nombre = Texto(opcional=True)
    email = Texto(opcional=True)
    cedula = Texto(opcional=True)
    fecha_nacimiento = Instante(opcional=True)


class ClienteRegistrado(Schema):
    """Los datos son nulos cuando se repite el registro de quien después fue anonimizado."""

    id = fields.String(required=True)
    nombre = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    cedula = fields.String(required=True, allow_none=True)
    fecha_nacimiento = Fecha(required=True, allow_none=True)


CON_TOTALES = {"description": "Solo con como_de y totales"}


class Cliente(Schema):
    id = fields.String(required=True)
    nombre = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    fecha_registro = Fecha(required=True)
    total_pagos = fields.Integer(required=True)
    ultimo_pago = Fecha(required=True, allow_none=True)
    primer_pago = Fecha(required=False, allow_none=True)
    monto_total = fields.Float(metadata=CON_TOTALES)
    moneda = fields.String(allow_none=True, metadata=CON_TOTALES)
    totales_por_moneda = fields.Dict(keys=fields.String(), values=fields.Float(), metadata=CON_TOTALES)
    estado = fields.String(metadata={"description": "Solo en un cliente anonimizado", "enum": ["ANONIMIZADO"]})
