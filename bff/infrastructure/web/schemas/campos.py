"""The kinds of parameter of a query string. No message repeats a value."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, cast

from flask import current_app
from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing
from werkzeug.datastructures import MultiDict

from bff.domain.exceptions import ParametrosInvalidos
from bff.domain.models.pagina import POR_PAGINA, Pagina

PAGINA_MAXIMA = 10**12
EXPONENTE_MAXIMO, LARGO_DE_MONTO = 30, 40
FILAS = f"Filas por página: {POR_PAGINA} si no se dice, y como mucho las de BFF_MAX_PAGE_SIZE (100)"
FIN_DEL_DIA = time(23, 59, 59)
_ISO = re.compile(r"[0-9W-]{7,10}([T ][0-9:.,Z+-]+)?")
_DIA = re.compile(r"[0-9W-]{7,10}")
_MONTO = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([Ee][+-]?[0-9]{1,3})?")


class Parametros(Schema):
    """A query string. Unknown parameters are ignored, and so is one that says nothing: forms send those.

    A list may be told in one parameter or, as a form's choices are, in several of one name.
    """

    class Meta:
        unknown = EXCLUDE

    def leer(self, dichos: MultiDict[str, str]) -> dict[str, Any]:
        """What it says, by its name here. Raises ParametrosInvalidos, which tells all that is wrong."""
        llenos = {campo: [uno for uno in unos if uno.strip()] for campo, unos in dichos.lists()}
        listas = {campo for campo, tipo in self.fields.items() if isinstance(tipo, Estados)}
        try:
            crudo = {campo: ",".join(unos) if campo in listas else unos[0] for campo, unos in llenos.items() if unos}
            return cast(dict[str, Any], self.load(crudo))
        except ValidationError as error:
            raise ParametrosInvalidos(cast(dict[str, list[str]], error.messages)) from None


class Parametro(fields.String):
    """One parameter; ``leer`` gives what a text means, or raises ValueError."""

    ERROR = "no es válido"

    def __init__(self, *, requerido: bool = False, si_falta: Any = missing, **mas: Any) -> None:
        """``si_falta``: what not saying it means, or what tells that when asked."""
        super().__init__(
            required=requerido,
            load_default=si_falta,
            error_messages={"required": "es requerido"},
            metadata=mas,
        )

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.leer(value)
        except ValueError:
            raise ValidationError(self.error()) from None

    def error(self) -> str:
        return self.ERROR

    def leer(self, texto: str) -> Any:
        return texto.strip()


class Entero(Parametro):
    """A whole number within bounds; ``maximo`` is asked for each time, since it may be a setting."""

    def __init__(self, minimo: int, maximo: Callable[[], int], **mas: Any) -> None:
        super().__init__(type="integer", minimum=minimo, **mas)
        self._minimo, self._maximo = minimo, maximo

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        """As the document tells its default."""
        return value

    def error(self) -> str:
        return f"debe ser un entero, de {self._minimo} a {self._maximo()}"

    def leer(self, texto: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", texto) or not self._minimo <= int(texto) <= self._maximo():
            raise ValueError
        return int(texto)


class Opcion(Parametro):
    """One of a few words, in any case."""

    def __init__(self, opciones: Collection[str], **mas: Any) -> None:
        super().__init__(enum=list(opciones), **mas)
        self._opciones = opciones

    def error(self) -> str:
        return f"debe ser uno de: {', '.join(self._opciones)}"

    def leer(self, texto: str) -> str:
        if texto.strip().lower() not in self._opciones:
            raise ValueError
        return texto.strip().lower()


class Estados(Parametro):
    """States, one parameter each or a comma list; ``significado`` gives those that it names, or raises ValueError."""

    ERROR = "tiene una palabra que no es un estado"

    def __init__(self, significado: Callable[[str], Collection[str]], palabras: Collection[str]) -> None:
        items = {"type": "string", "enum": list(palabras)}
        super().__init__(type="array", items=items, description="Uno o varios, también separados por comas")
        self._significado = significado

    def leer(self, texto: str) -> frozenset[str]:
        return frozenset(str(estado) for estado in self._significado(texto))


class Monto(Parametro):
    """A finite amount, in whatever currency."""

    ERROR = "debe ser un número"

    def __init__(self) -> None:
        super().__init__(type="number", description="En la moneda de cada pago, inclusive")

    def leer(self, texto: str) -> Decimal:
        # Python reads digits of every script, and with underscores between them.
        if len(texto) > LARGO_DE_MONTO or not _MONTO.fullmatch(texto):
            raise ValueError
        monto = Decimal(texto)
        if abs(monto.adjusted()) > EXPONENTE_MAXIMO:
            raise ValueError
        return monto


class Instante(Parametro):
    """ISO 8601 with or without zone, or a bare date. No zone is UTC; what comes out is aware, UTC."""

    ERROR = "debe ser una fecha ISO 8601"
    DIA = time.min
    DICHO = "Fecha u hora ISO 8601, inclusive; sin zona es UTC"

    def __init__(self) -> None:
        super().__init__(description=self.DICHO)

    def leer(self, texto: str) -> datetime:
        # A "+" that nobody escaped arrives as a blank.
        texto = re.sub(r" ([0-9]{2}:?[0-9]{2})$", r"+\1", texto.upper())
        # Python takes any letter between a day and its hour.
        if _ISO.fullmatch(texto) is None:
            raise ValueError
        try:
            instante = datetime.fromisoformat(texto)
            if _DIA.fullmatch(texto):
                instante = datetime.combine(instante, self.DIA)
            return instante.replace(tzinfo=UTC) if instante.tzinfo is None else instante.astimezone(UTC)
        except OverflowError:
            raise ValueError from None


class InstanteFinal(Instante):
    """The same, as an end: a bare date is all of its day, a whole second all of it, since no page shows less."""

    DIA = FIN_DEL_DIA
    DICHO = f"{Instante.DICHO}, y un día es hasta su último segundo"

    def leer(self, texto: str) -> datetime:
        instante = super().leer(texto)
        return instante if instante.microsecond else instante.replace(microsecond=999_999)


class Momento(InstanteFinal):
    """One that goes on as it was told: the core gives it its meaning."""

    DICHO = "Instante de registro ISO 8601: lo que se sabía entonces"

    def leer(self, texto: str) -> Any:
        super().leer(texto)
        # Digits alone would be a version to the core's audit trail.
        return f"{texto[:4]}-{texto[4:6]}-{texto[6:]}" if texto.isdigit() else texto


def _por_pagina() -> int:
    return cast(int, current_app.extensions["ajustes"].max_page_size)


class DePagina(Parametros):
    """What every list takes."""

    page = Entero(1, lambda: PAGINA_MAXIMA, si_falta=1, maximum=PAGINA_MAXIMA)
    per_page = Entero(1, _por_pagina, si_falta=lambda: min(POR_PAGINA, _por_pagina()), description=FILAS)

    @staticmethod
    def pagina(dicho: Mapping[str, Any]) -> Pagina:
        """Which page is asked for."""
        return Pagina(dicho["page"], dicho["per_page"])
