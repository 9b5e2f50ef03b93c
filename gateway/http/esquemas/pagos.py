"""What payouts are asked for and how they show."""

from marshmallow import Schema, fields

from gateway.http.esquemas.campos import Instante, Logico, Monto, Pedido, Texto
from gateway.http.esquemas.comun import Fecha
from gateway.http.esquemas.comun import Monto as MontoConMoneda


class Pagar(Pedido):
    partner_id = Texto(ejemplo="PARTNER001")
    cycle_id = Texto(ejemplo="CYCLE-2024-09")
    total_amount = Monto(ejemplo=1250.5)
    currency = Texto(ejemplo="USD")
    payment_method_type = Texto(ejemplo="CREDIT_CARD", opcional=True)
    payment_method_mask = Texto(ejemplo="****1234", opcional=True)
    confirmation_id = Texto(ejemplo="CONF-789456123", opcional=True)
    processed_at = Instante(ejemplo="2024-09-13T10:30:00", opcional=True)
    completed_at = Instante(ejemplo="2024-09-13T10:32:15", opcional=True)
    failure_reason = Texto(ejemplo=None, opcional=True)
    cliente_id = Texto(ejemplo=None, opcional=True)
    campania_id = Texto(ejemplo=None, opcional=True)


class Confirmar(Pedido):
    confirmation_id = Texto(ejemplo="CONF-789456123")
    completed_at = Instante(ejemplo="2024-09-13T10:32:15")


class Fallar(Pedido):
    codigo = Texto(ejemplo="TECNICO")
    motivo = Texto(ejemplo="El banco no responde")
    definitivo = Logico(ejemplo=False, opcional=True)


class Payout(Schema):
    id = fields.String(required=True)
    partner_id = fields.String(required=True)
    cycle_id = fields.String(required=True)
    estado = fields.String(required=True)
    monto_total = fields.Nested(MontoConMoneda, required=True)
    fecha_creacion = Fecha(required=True)
    fecha_actualizacion = Fecha(required=True)
