"""How the process shows itself, and the past of a stream."""

from marshmallow import Schema, fields

from gateway.http.esquemas.comun import Fecha


class Salud(Schema):
    status = fields.String(required=True, metadata={"enum": ["up"]})


class SaludCaida(Schema):
    status = fields.String(required=True, metadata={"enum": ["down"]})
    error = fields.String(required=True)


class Metricas(Schema):
    """Times in milliseconds, over all worker processes since the server started; errors are answers 5xx."""

    count = fields.Integer(required=True)
    errors = fields.Integer(required=True)
    p50 = fields.Float(required=True)
    p95 = fields.Float(required=True)
    p99 = fields.Float(required=True)


class CambioContado(Schema):
    campo = fields.String(required=True)
    antes = fields.Raw(required=True, allow_none=True)
    despues = fields.Raw(required=True, allow_none=True)


class _Evento(Schema):
    posicion = fields.Integer(required=True)
    version = fields.Integer(required=True)
    tipo = fields.String(required=True)
    timestamp = Fecha(required=True)
    usuario = fields.String(required=True)
    correlation_id = fields.String(required=True)
    causation_id = fields.String(required=True)
    datos = fields.Dict(required=True)


class EventoContado(_Evento):
    """``resumen``, ``causa`` y ``cambios`` están cuando se piden con ``relato=true``."""

    resumen = fields.String()
    causa = fields.String()
    cambios = fields.List(fields.Nested(CambioContado))


class EventoDelRegistro(_Evento):
    stream = fields.String(required=True)


class Eventos(Schema):
    eventos = fields.List(fields.Nested(EventoDelRegistro), required=True)
    siguiente = fields.Integer(required=True, metadata={"description": "El próximo desde; no caduca"})


class Auditoria(Schema):
    stream = fields.String(required=True)
    modulo = fields.String(required=True, metadata={"enum": ["cliente", "pagos", "campanias"]})
    eventos = fields.List(fields.Nested(EventoContado), required=True)
    estado = fields.Dict(required=True)
