"""What the bodies that are handed on to the core as they came may hold: the core reads them, this documents them."""

from marshmallow import EXCLUDE, Schema, fields

INSTANTE = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$"
)
LLENO = {"minLength": 1}


def _texto() -> fields.String:
    return fields.String(required=True, metadata=LLENO)


def _texto_o_nada() -> fields.String:
    return fields.String(allow_none=True)


def _instante_o_nada() -> fields.String:
    return fields.String(allow_none=True, metadata={"pattern": INSTANTE})


class _Pasado(Schema):
    class Meta:
        unknown = EXCLUDE


class PagoNuevo(_Pasado):
    partner_id, cycle_id = _texto(), _texto()
    total_amount, currency = fields.Float(required=True), _texto()
    payment_method_type, payment_method_mask = _texto_o_nada(), _texto_o_nada()
    confirmation_id, failure_reason = _texto_o_nada(), _texto_o_nada()
    processed_at, completed_at = _instante_o_nada(), _instante_o_nada()
    cliente_id, campania_id = _texto_o_nada(), _texto_o_nada()


class CampaniaNueva(_Pasado):
    idCampania, idCliente = _texto(), _texto()  # noqa: N815 - the contract's own words
    itinerario = fields.List(fields.String(), required=True)
    nombre, moneda = _texto_o_nada(), _texto_o_nada()
    presupuesto = fields.Float(allow_none=True)
    fecha_inicio, fecha_fin = _instante_o_nada(), _instante_o_nada()
