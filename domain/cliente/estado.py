"""The states of a client."""

from enum import StrEnum


class Estado(StrEnum):
    ACTIVO = "ACTIVO"
    INACTIVO = "INACTIVO"
    ANONIMIZADO = "ANONIMIZADO"
