"""How the BFF tells how it is."""

from marshmallow import Schema, fields

from bff.domain.models.health import Estado
from bff.infrastructure.web.schemas.tipos import entero, fecha, numero, opcion, parte, texto


class Servicio(Schema):
    status, response_time_ms, note = opcion(*Estado), entero(), fields.String()


class Servicios(Schema):
    cliente_service, pagos_service, campanias_service = parte(Servicio), parte(Servicio), parte(Servicio)


class Cache(Schema):
    hits, misses, hit_rate = entero(), entero(), numero()


class Salud(Schema):
    status, timestamp, version = opcion("healthy", "degraded", "unhealthy"), fecha(), texto()
    services, cache = parte(Servicios), parte(Cache)
