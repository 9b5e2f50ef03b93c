"""What payouts are asked for and how they show."""

from marshmallow import Schema, fields

from domain.pagos.estado import Estado
from gateway.http.esquemas.campos import Entero, Instante, Logico, Monto, Pedido, Texto
from gateway.http.esquemas.comun import Fecha
from gateway.http.esquemas.comun import Monto as MontoConMoneda


class Pagar(Pedido):
    partner_id = Texto()
    cycle_id = Texto()
    total_amount = Monto()
    currency = Texto()
    payment_method_type = Texto(opcional=True)
    payment_method_mask = Texto(opcional=True)
    confirmation_id = Texto(opcional=True)
    processed_at = Instante(opcional=True)
    completed_at = Instante(opcional=True)
    failure_reason = Texto(opcional=True)
    cliente_id = Texto(opcional=True)
    campania_id = Texto(opcional=True)


class Confirmar(Pedido):
    confirmation_id = Texto()
    completed_at = Instante()


class Fallar(Pedido):
    codigo = Texto()
    motivo = Texto()
    definitivo = Logico(opcional=True)
    intento = Entero(opcional=True)


class Payout(Schema):
    id = fields.String(required=True)
    partner_id = fields.String(required=True)
    cycle_id = fields.String(required=True)
    estado = fields.String(required=True, metadata={"enum": list(Estado)})
    monto_total = fields.Nested(MontoConMoneda, required=True)
    fecha_creacion = Fecha(required=True)
    fecha_actualizacion = Fecha(required=True)
