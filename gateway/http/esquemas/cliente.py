"""What clients are asked for and how they show."""

from marshmallow import Schema, fields

from gateway.http.esquemas.campos import Instante, Pedido, Texto
from gateway.http.esquemas.comun import Fecha


class Registrar(Pedido):
    id = Texto(ejemplo="550e8400-e29b-41d4-a716-446655440000", opcional=True)
    nombre = Texto(ejemplo="Juan Pérez")
    email = Texto(ejemplo="juan.perez@example.com")
    cedula = Texto(ejemplo="12345678")
    fecha_nacimiento = Instante(ejemplo="1985-03-15T00:00:00")


class Actualizar(Pedido):
    nombre = Texto(ejemplo="Juan Pérez", opcional=True)
    email = Texto(ejemplo="juan.perez@example.com", opcional=True)
    cedula = Texto(ejemplo="12345678", opcional=True)
    fecha_nacimiento = Instante(ejemplo="1985-03-15T00:00:00", opcional=True)


class ClienteRegistrado(Schema):
    id = fields.String(required=True)
    nombre = fields.String(required=True)
    email = fields.String(required=True)
    cedula = fields.String(required=True)
    fecha_nacimiento = Fecha(required=True)


class Cliente(Schema):
    id = fields.String(required=True)
    nombre = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    fecha_registro = Fecha(required=True)
    total_pagos = fields.Integer(required=True)
    ultimo_pago = Fecha(required=True, allow_none=True)
    estado = fields.String(metadata={"description": "Solo en un cliente anonimizado: ANONIMIZADO"})
