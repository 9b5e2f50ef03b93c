"""The states of a payout, and why one fails."""

from enum import StrEnum


class Estado(StrEnum):
    PENDIENTE = "PENDIENTE"
    PROCESANDO = "PROCESANDO"
    COMPLETADO = "COMPLETADO"
    FALLIDO = "FALLIDO"
    REVERTIDO = "REVERTIDO"
    CANCELADO = "CANCELADO"


class CodigoDeFallo(StrEnum):
    FONDOS = "FONDOS"
    CUENTA = "CUENTA"
    RECHAZADO = "RECHAZADO"
    TECNICO = "TECNICO"
    REPORTADO = "REPORTADO"
