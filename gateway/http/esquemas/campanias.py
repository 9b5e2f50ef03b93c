"""What campaigns are asked for and how they show."""

from marshmallow import Schema, fields

from domain.campanias.estado import Estado
from gateway.http.esquemas.campos import Instante, InstanteFinal, Monto, Pedido, Texto, Textos
from gateway.http.esquemas.comun import Fecha


class Crear(Pedido):
    EN_VEZ = {  # noqa: RUF012 - marshmallow's metaclass takes no annotation here
        frozenset({"idCampania", "idCliente", "itinerario"}): "idCampania, idCliente y itinerario[] son requeridos"
    }

    idCampania = Texto(nombre="campania_id")  # noqa: N815 - the contract's own word
    idCliente = Texto(nombre="cliente_id")  # noqa: N815
    itinerario = Textos()
    nombre = Texto(opcional=True)
    presupuesto = Monto(opcional=True)
    moneda = Texto(opcional=True)
    fecha_inicio = Instante(opcional=True)
    fecha_fin = InstanteFinal(opcional=True)


class Gasto(Pedido):
    gasto_id = Texto()
    monto = Monto()
    moneda = Texto()


class Presupuesto(Pedido):
    monto = Monto()
    moneda = Texto()


class DatosDeCampania(Schema):
    idCampania = fields.String(required=True)  # noqa: N815
    idCliente = fields.String(required=True)  # noqa: N815
    itinerario = fields.List(fields.String(), required=True)


class CampaniaCreada(Schema):
    message = fields.String(required=True)
    data = fields.Nested(DatosDeCampania, required=True)


class Campania(Schema):
    message = fields.String(required=True)
    id = fields.String(required=True)
    idCliente = fields.String(required=True)  # noqa: N815
    nombre = fields.String(required=True)
    estado = fields.String(required=True, metadata={"enum": list(Estado)})
    itinerario = fields.List(fields.String(), required=True)
    presupuesto = fields.Float(required=True, allow_none=True)
    gasto_actual = fields.Float(required=True)
    moneda = fields.String(required=True, allow_none=True)
    fecha_inicio = Fecha(required=True, allow_none=True)
    fecha_fin = Fecha(required=True, allow_none=True)
