"""Who may ask what: the one table, for both APIs."""

import re
from collections.abc import Set as Conjunto
from functools import lru_cache

from gateway.acceso.identidad import Rol

PUBLICO = None
"""Answered to everybody. (In the open mode: to everybody on this machine.)"""
Permiso = Rol | None
"""The least that somebody must be; see ``ADMITE``."""
ADMITE: dict[Rol, frozenset[Rol]] = {
    Rol.LECTURA: frozenset(Rol),
    Rol.OPERADOR: frozenset({Rol.OPERADOR, Rol.ADMIN}),
    Rol.AUDITOR: frozenset({Rol.AUDITOR, Rol.ADMIN}),
    Rol.ADMIN: frozenset({Rol.ADMIN}),
}
"""Whom each demand lets through. An auditor looks and does not act."""
V1 = "/api/v1"
PERMISOS: dict[tuple[str, str, str], Permiso] = {
    ("core", "GET", "/health"): PUBLICO,
    ("core", "GET", "/spec"): Rol.LECTURA,
    ("core", "GET", "/docs"): Rol.LECTURA,
    ("core", "GET", "/docs/{nombre}"): Rol.LECTURA,
    ("core", "GET", "/metrics"): Rol.LECTURA,
    ("core", "GET", "/auditoria/{stream}"): Rol.LECTURA,
    ("core", "GET", "/eventos"): Rol.LECTURA,
    ("core", "POST", "/cliente/registrar"): Rol.OPERADOR,
    ("core", "GET", "/cliente/{id}"): Rol.LECTURA,
    ("core", "POST", "/cliente/{id}/comandos/actualizar"): Rol.OPERADOR,
    ("core", "POST", "/cliente/{id}/comandos/desactivar"): Rol.OPERADOR,
    ("core", "POST", "/cliente/{id}/comandos/reactivar"): Rol.OPERADOR,
    ("core", "POST", "/cliente/{id}/comandos/anonimizar"): Rol.ADMIN,
    ("core", "POST", "/pagos/pagar"): Rol.OPERADOR,
    ("core", "GET", "/pagos/{id}"): Rol.LECTURA,
    ("core", "POST", "/pagos/{id}/comandos/procesar"): Rol.OPERADOR,
    ("core", "POST", "/pagos/{id}/comandos/confirmar"): Rol.OPERADOR,
    ("core", "POST", "/pagos/{id}/comandos/fallar"): Rol.OPERADOR,
    ("core", "POST", "/pagos/{id}/comandos/reintentar"): Rol.OPERADOR,
    ("core", "POST", "/pagos/{id}/comandos/revertir"): Rol.OPERADOR,
    ("core", "POST", "/pagos/{id}/comandos/cancelar"): Rol.OPERADOR,
    ("core", "POST", "/campanias/comandos/crear"): Rol.OPERADOR,
    ("core", "GET", "/campanias/{id}"): Rol.LECTURA,
    ("core", "POST", "/campanias/{id}/comandos/activar"): Rol.OPERADOR,
    ("core", "POST", "/campanias/{id}/comandos/pausar"): Rol.OPERADOR,
    ("core", "POST", "/campanias/{id}/comandos/reanudar"): Rol.OPERADOR,
    ("core", "POST", "/campanias/{id}/comandos/gasto"): Rol.OPERADOR,
    ("core", "POST", "/campanias/{id}/comandos/presupuesto"): Rol.OPERADOR,
    ("core", "POST", "/campanias/{id}/comandos/finalizar"): Rol.OPERADOR,
    ("core", "POST", "/campanias/{id}/comandos/cancelar"): Rol.OPERADOR,
    ("bff", "GET", f"{V1}/health"): PUBLICO,
    ("bff", "GET", "/spec"): Rol.LECTURA,
    ("bff", "GET", "/docs"): Rol.LECTURA,
    ("bff", "GET", "/docs/{nombre}"): Rol.LECTURA,
    ("bff", "GET", "/metrics"): Rol.LECTURA,
    ("bff", "GET", f"{V1}/dashboard"): Rol.LECTURA,
    ("bff", "GET", f"{V1}/clientes"): Rol.LECTURA,
    ("bff", "POST", f"{V1}/clientes"): Rol.OPERADOR,
    ("bff", "GET", f"{V1}/clientes/{{id}}"): Rol.LECTURA,
    ("bff", "GET", f"{V1}/pagos"): Rol.LECTURA,
    ("bff", "POST", f"{V1}/pagos"): Rol.OPERADOR,
    ("bff", "GET", f"{V1}/pagos/{{id}}"): Rol.LECTURA,
    ("bff", "GET", f"{V1}/campanias"): Rol.LECTURA,
    ("bff", "POST", f"{V1}/campanias"): Rol.OPERADOR,
    ("bff", "GET", f"{V1}/campanias/{{id}}"): Rol.LECTURA,
    ("bff", "GET", f"{V1}/search"): Rol.LECTURA,
}
"""By API, method and address (``{…}`` is whatever stands there). HEAD is a GET; the core's /v1 is the same route."""


def _sin_nombres(ruta: str) -> str:
    return re.sub(r"<[^>]*>|\{[^}]*\}", "{}", ruta)


_POR_FORMA = {(api, metodo, _sin_nombres(ruta)): permiso for (api, metodo, ruta), permiso in PERMISOS.items()}


@lru_cache(maxsize=1024)
def permiso_de(api: str, metodo: str, ruta: str | None) -> Permiso:
    """What a route asks for; ``ruta`` as Flask or as OpenAPI writes it, None when there is none at that address.

    A route without a line in the table is for admins. What does not exist, and what a route admits (OPTIONS), is not
    told to strangers.
    """
    if ruta is None or metodo == "OPTIONS":
        return Rol.LECTURA
    return _POR_FORMA.get((api, "GET" if metodo == "HEAD" else metodo, _sin_nombres(ruta)), Rol.ADMIN)


def tiene_linea(api: str, metodo: str, ruta: str) -> bool:
    """Whether a route stands in the table."""
    return (api, metodo, _sin_nombres(ruta)) in _POR_FORMA


def alcanza(permiso: Permiso, roles: Conjunto[Rol]) -> bool:
    """Whether somebody with these roles may."""
    return permiso is PUBLICO or not ADMITE[permiso].isdisjoint(roles)
