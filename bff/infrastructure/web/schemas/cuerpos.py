"""What may be sent."""

from typing import Any, cast

import msgspec
from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from bff.domain.exceptions import DatosInvalidos
from bff.domain.models.cliente_view import NuevoCliente

CUERPO_MAXIMO = 1024 * 1024
JUEGOS = ("utf-8", "utf8", "us-ascii")
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
            return NuevoCliente(**cast(dict[str, str], self.load(_objeto(crudo))))
        except ValidationError as error:
            raise DatosInvalidos(cast(dict[str, list[str]], error.messages)) from None


def leer_crudo() -> bytes:
    """The bytes of a JSON body. Raises RequestEntityTooLarge, UnsupportedMediaType."""
    crudo = request.get_data(cache=False)
    if len(crudo) > CUERPO_MAXIMO:
        raise RequestEntityTooLarge
    juego = request.mimetype_params.get("charset", "utf-8").lower()
    if crudo and ("Content-Encoding" in request.headers or not request.is_json or juego not in JUEGOS):
        raise UnsupportedMediaType
    return crudo


def _objeto(crudo: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(crudo or b"{}", type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise DatosInvalidos({"cuerpo": ["debe ser un objeto JSON"]}) from None
