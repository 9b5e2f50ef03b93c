"""What may be sent."""

from typing import Any, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from bff.domain.exceptions import DatosInvalidos
from bff.domain.models.cliente_view import NuevoCliente
from gateway.cuerpo import CuerpoInvalido, leer

REQUERIDO, TEXTO = "es requerido", "debe ser un texto"


class _Texto(fields.String):
    def __init__(self) -> None:
        super().__init__(required=True, error_messages={"required": REQUERIDO, "null": REQUERIDO})

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(TEXTO)
        if not value.strip():
            raise ValidationError(REQUERIDO)
        return value


class ClienteNuevo(Schema):
    """A new client. Unknown fields are ignored; the rules of value are the core's."""

    class Meta:
        unknown = EXCLUDE

    nombre = _Texto()
    email = _Texto()
    cedula = _Texto()
    fecha_nacimiento = _Texto()

    def leer(self, crudo: bytes) -> NuevoCliente:
        """Raises DatosInvalidos, field by field."""
        try:
            return NuevoCliente(**cast(dict[str, str], self.load(leer(crudo))))
        except ValidationError as error:
            raise DatosInvalidos(cast(dict[str, list[str]], error.messages)) from None
        except CuerpoInvalido as error:
            raise DatosInvalidos({"cuerpo": [str(error)]}) from None
