"""Any values of what a stored event may hold."""

import types
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from domain.base.dinero import Dinero
from domain.base.monedas import DECIMALES


def valores_de(tipo: Any) -> st.SearchStrategy[Any]:
    """Any values of a field's type; times are aware, UTC."""
    argumentos = get_args(tipo)
    if get_origin(tipo) is Annotated:
        valores = valores_de(argumentos[0])
    elif isinstance(tipo, types.UnionType):
        valores = st.one_of([valores_de(uno) for uno in argumentos])
    elif get_origin(tipo) is tuple:
        valores = st.lists(valores_de(argumentos[0]), max_size=3).map(tuple)
    elif tipo is Dinero:
        valores = st.builds(Dinero, st.integers(-(2**53), 2**53), st.sampled_from(sorted(DECIMALES)))
    elif isinstance(tipo, type) and is_dataclass(tipo):
        valores = st.builds(tipo, **{campo: valores_de(uno) for campo, uno in get_type_hints(tipo).items()})
    elif tipo is datetime:
        valores = st.datetimes(timezones=st.just(UTC))
    elif tipo is int:
        valores = st.integers(-(2**53), 2**53)
    else:
        valores = st.from_type(tipo)
    return valores
