"""The kinds of field of a request body, and how a schema says what is wrong with one.

No message repeats a value: what was sent may be a person's datum or a card's number.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, ClassVar, cast

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

from domain.base.errores import ReglaRota

REQUERIDO = "es requerido"
TEXTO = "debe ser un texto"
FECHA = "debe ser una fecha ISO 8601"
NUMERO = "debe ser un número"
ENTERO = "debe ser un entero positivo"
FIN_DEL_DIA = time(23, 59, 59)
INSTANTE = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$"
)
"""The form that the document promises to read; other forms of ISO 8601 are read too."""
_ISO = re.compile(r"[0-9W-]{7,10}([T ][0-9:.,Z+-]+)?")


class CamposRequeridos(ReglaRota):
    codigo = "CAMPOS_REQUERIDOS"


class CampoInvalido(ReglaRota):
    codigo = "CAMPO_INVALIDO"


class Pedido(Schema):
    """A request body. Unknown fields are ignored; a null stands for a field that isn't there."""

    EN_VEZ: ClassVar[Mapping[frozenset[str], str]] = {}
    """What is said instead when one of these fields is missing or of the wrong kind."""

    class Meta:
        unknown = EXCLUDE

    @post_load
    def _sin_nulos(self, datos: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {campo: valor for campo, valor in datos.items() if valor is not None}

    def leer(self, datos: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a command. Raises ReglaRota, one that tells all that is wrong with them."""
        leido = self._aprisa(datos)
        if leido is not None:
            return leido
        try:
            return cast(dict[str, Any], self.load(datos))
        except ValidationError as error:
            raise self._rechazo(cast(dict[str, Any], error.messages)) from None

    def _aprisa(self, datos: Mapping[str, Any]) -> dict[str, Any] | None:
        """What ``load`` returns, in a third of the time; None where something is wrong."""
        # Each kind of field says in _deserialize all that it asks of a value: none has validators beside.
        leido = {}
        try:
            for nombre, campo in self.load_fields.items():
                valor = datos.get(nombre)
                if valor is not None:
                    leido[campo.attribute or nombre] = campo._deserialize(valor, nombre, datos)
                elif campo.required:
                    return None
        except ValidationError:
            return None
        return leido

    def _rechazo(self, mensajes: Mapping[str, Any]) -> ReglaRota:
        """The one error that tells all that marshmallow found wrong, field by field."""
        for campos, texto in self.EN_VEZ.items():
            if not campos.isdisjoint(mensajes):
                return CamposRequeridos(texto)
        faltan = [campo for campo, dicho in mensajes.items() if dicho == [REQUERIDO]]
        otros = [f"{campo}: {dicho[0]}" for campo, dicho in mensajes.items() if campo not in faltan]
        if not faltan:
            return CampoInvalido("; ".join(otros))
        *primeros, ultimo = faltan
        frase = f"{', '.join(primeros)} y {ultimo} son requeridos" if primeros else f"{ultimo} es requerido"
        return CamposRequeridos("; ".join([frase, *otros]))


class _Campo(fields.Field[Any]):
    FORMA: ClassVar[Mapping[str, Any]] = {}
    """What the document says of such a field, beside its type."""

    def __init__(self, *, opcional: bool = False, nombre: str | None = None) -> None:
        """``nombre`` is the command's own word for the field, when the contract has another."""
        super().__init__(
            required=not opcional,
            allow_none=opcional,
            attribute=nombre,
            error_messages={"required": REQUERIDO, "null": REQUERIDO, "validator_failed": "no es válido"},
            metadata={} if opcional and self.FORMA == {"minLength": 1} else dict(self.FORMA),
        )


class Texto(_Campo, fields.String):
    """A text that says something: blank is the same as missing."""

    FORMA = {"minLength": 1}  # noqa: RUF012 - marshmallow's metaclass takes no annotation here

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(TEXTO)
        if self.required and not value.strip():
            raise ValidationError(REQUERIDO)
        return value


class Monto(_Campo, fields.Float):
    """A JSON number, read as it was written."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValidationError(NUMERO)
        return Decimal(value)


class Entero(_Campo, fields.Integer):
    """A whole JSON number, 1 or more."""

    FORMA = {"minimum": 1}  # noqa: RUF012 - as in Texto

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValidationError(ENTERO)
        return value


class Logico(_Campo, fields.Boolean):
    """true or false, and nothing that merely looks like one."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("debe ser true o false")
        return value


class Instante(_Campo, fields.String):
    """ISO 8601 with or without zone, or a bare date. No zone is UTC; what comes out is aware, UTC."""

    DIA = time.min
    FORMA = {"pattern": INSTANTE}  # noqa: RUF012

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        instante = a_instante(value, self.DIA) if isinstance(value, str) else None
        if instante is None:
            raise ValidationError(FECHA)
        return instante


class InstanteFinal(Instante):
    """The same, and a bare date is its last second."""

    DIA = FIN_DEL_DIA


class Textos(_Campo, fields.List[Any]):
    """A list of texts, which may be empty."""

    def __init__(self) -> None:
        fields.List.__init__(
            self,
            fields.String(),
            required=True,
            error_messages={"required": REQUERIDO, "null": REQUERIDO},
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(uno, str) for uno in value):
            raise ValidationError("debe ser una lista de textos")
        return tuple(value)


def a_instante(texto: str, dia: time) -> datetime | None:
    """Read an ISO 8601 text as an instant in UTC, a bare date as ``dia`` of it; None when it is none."""
    texto = texto.upper()
    # Python takes any letter between a day and its hour.
    if _ISO.fullmatch(texto) is None:
        return None
    try:
        instante = datetime.fromisoformat(texto)
        if _es_dia(texto):
            instante = datetime.combine(instante, dia)
        return instante.replace(tzinfo=UTC) if instante.tzinfo is None else instante.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _es_dia(texto: str) -> bool:
    return len(texto) <= len("2024-W37-5") and ":" not in texto
