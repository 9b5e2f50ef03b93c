"""What an event says, as JSON: no metadata, and nothing personal unless it is asked for."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

from domain.base.agregado import Evento, EventoInicial, Personal
from domain.base.dinero import Dinero

Conversion = Callable[[Any], Any]

METADATOS = frozenset({*get_type_hints(Evento), *get_type_hints(EventoInicial)})
HUELLAS = "huella_"
"""So begin the keyed hashes of personal data, which name reservations and tell a reader nothing."""


def carga(evento: Evento, *, con_personales: bool = False) -> dict[str, Any]:
    """The payload of an event: money as ``{"valor": "1250.50", "moneda": "USD"}``, times in UTC, ISO 8601.

    ``con_personales``: with the fields that hold a person's data, None when the person was forgotten.
    """
    valores = vars(evento)
    return {
        campo: valores[campo] if convertir is None or valores[campo] is None else convertir(valores[campo])
        for campo, convertir in _campos(type(evento), con_personales)
    }


@cache
def _campos(clase: type[Evento], con_personales: bool) -> tuple[tuple[str, Conversion | None], ...]:
    return tuple(
        (campo, _conversion(tipo))
        for campo, tipo in get_type_hints(clase, include_extras=True).items()
        if campo not in METADATOS
        and not campo.startswith(HUELLAS)
        and get_origin(tipo) is not ClassVar
        and (con_personales or not _es_personal(tipo))
    )


def _es_personal(tipo: Any) -> bool:
    return get_origin(tipo) is Annotated and Personal in get_args(tipo)


def _conversion(tipo: Any) -> Conversion | None:
    tipo = get_args(tipo)[0] if get_origin(tipo) is Annotated else tipo
    partes = (tipo, get_origin(tipo), *get_args(tipo))
    return next((_CONVERSIONES[parte] for parte in partes if parte in _CONVERSIONES), None)


def _dinero(dinero: Dinero) -> dict[str, str]:
    return {"valor": str(dinero.valor), "moneda": dinero.moneda}


def _instante(instante: datetime) -> str:
    return instante.astimezone(UTC).isoformat().replace("+00:00", "Z")


_CONVERSIONES: dict[Any, Conversion] = {Dinero: _dinero, datetime: _instante, tuple: list}
