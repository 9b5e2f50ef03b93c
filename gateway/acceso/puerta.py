"""The door itself: who gets in, how often, and what is written down of it."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import structlog
from limits import parse
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as SinConexiones

from gateway.acceso import rechazos
from gateway.acceso.ajustes import LIMITE_POR_DEFECTO, Acceso, Red
from gateway.acceso.identidad import (
    LOCAL,
    NADIE,
    SIN_ALMACEN,
    Identidad,
    Rechazado,
    almacen_mudo,
    credencial_invalida,
    permiso_insuficiente,
    sin_credencial,
)
from gateway.acceso.limites import Limitador
from gateway.acceso.llaves import PREFIJO, RECUERDO, Llaves
from gateway.acceso.local import es_de_esta_maquina, exigir_local
from gateway.acceso.permisos import PUBLICO, Permiso, alcanza
from gateway.acceso.tokens import Tokens
from gateway.auditoria import accesos

PRESENTE = "Presente una credencial: Authorization: Bearer …"
_PORTADOR = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/=-]+) *")
_POR_ORIGEN, _EN_TOTAL = parse(rechazos.POR_ORIGEN), parse(rechazos.EN_TOTAL)


class Puerta:
    """The door of one process. Makes no connection until somebody asks. Threads share it."""

    def __init__(
        self, acceso: Acceso, motor: Engine, reloj: Callable[[], datetime], contadores: Path | None = None,
        api: str = "core",
    ) -> None:  # fmt: skip
        """``contadores``: a file by which the processes of one server count together, else each for itself."""
        self._acceso, self._motor = acceso, motor
        self._llaves = Llaves(motor, reloj)
        self._tokens = Tokens(acceso, reloj) if acceso.con_tokens else None
        self._limitador = Limitador(acceso.redis_url, contadores, api)
        self._calla_hasta = float("-inf")

    def admitir(self, entorno: Mapping[str, Any], permiso: Permiso) -> Identidad:
        """Who asks, by the request's WSGI environment, if they may what asks for ``permiso``. Raises Rechazado.

        401 when nobody says who they are or it isn't so, 403 when they may not, 503 when that can't be found out.
        """
        if permiso is PUBLICO and es_de_esta_maquina(entorno):
            return NADIE if self._acceso.con_tokens else LOCAL
        with _comprobando():
            if not self.cerrada():
                exigir_local(entorno)
                return LOCAL
            if permiso is PUBLICO:
                return NADIE
            identidad = self._identificar(entorno)
        if not alcanza(permiso, identidad.roles):
            raise permiso_insuficiente(identidad, permiso)
        return identidad

    def origen(self, entorno: Mapping[str, Any]) -> str:
        """Where a request came from, as far as it can be believed."""
        return origen_de(entorno, self._acceso.proxies)

    def cerrada(self) -> bool:
        """Whether credentials are asked for. Raises sqlalchemy's errors when that can't be found out."""
        return self._tokens is not None or self._llaves.hay()

    def limitar(self, quien: str) -> None:
        """Count one request of ``quien``. Raises Rechazado (429)."""
        limites = self._acceso.limite or (LIMITE_POR_DEFECTO if self._se_sabe_cerrada() else None)
        if limites is not None:
            self._limitador.exigir(limites, quien)

    def anotar_vista(self, identidad: Identidad, accion: str, alcance: Mapping[str, Any]) -> None:
        """Record that ``identidad`` is about to see persons in clear, if that must be recorded.

        Raises sqlalchemy's errors: when it can't be recorded, nothing may be shown.
        """
        if identidad.deja_rastro:
            accesos.anotar(self._motor, identidad.actor, accion, alcance)

    def anotar_rechazo(
        self, rechazo: Rechazado, *, api: str, origen: str, metodo: str, ruta: str, peticion: str
    ) -> None:
        """Write a refusal down, within bounds. That it can't be written down changes nothing for who was refused."""
        if time.monotonic() < self._calla_hasta:
            return
        if not (
            self._limitador.cabe(_POR_ORIGEN, f"rechazos:{origen}") and self._limitador.cabe(_EN_TOTAL, "rechazos")
        ):
            return
        try:
            rechazos.anotar(self._motor, api=api, motivo=rechazo.motivo, actor=rechazo.actor, origen=origen,
                            metodo=metodo, ruta=ruta, peticion=peticion)  # fmt: skip
        except (DBAPIError, SinConexiones) as error:
            self._calla_hasta = time.monotonic() + RECUERDO
            structlog.get_logger().warning("rechazo_sin_anotar", tipo=type(error).__name__)

    def _se_sabe_cerrada(self) -> bool:
        try:
            return self.cerrada()
        except (DBAPIError, SinConexiones):
            return False

    def _identificar(self, entorno: Mapping[str, Any]) -> Identidad:
        dicho = entorno.get("HTTP_AUTHORIZATION")
        if not dicho:
            raise sin_credencial(PRESENTE)
        portador = _PORTADOR.fullmatch(dicho)
        if portador is None:
            raise credencial_invalida("AUTORIZACION_ILEGIBLE")
        credencial = portador[1]
        if credencial.startswith(PREFIJO):
            return self._llaves.identidad(credencial)
        if self._tokens is None:
            raise credencial_invalida("TOKENS_SIN_CONFIGURAR")
        return self._tokens.identidad(credencial)


def origen_de(entorno: Mapping[str, Any], proxies: tuple[Red, ...] = ()) -> str:
    """The peer that a request came from, or the one that a peer in ``proxies`` names (the last of X-Forwarded-For).

    Of IPv6 the network, since who has one address there has all of it.
    """
    leida = _direccion(str(entorno.get("REMOTE_ADDR") or ""))
    if leida is not None and any(leida in red for red in proxies):
        leida = _direccion(str(entorno.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()) or leida
    if isinstance(leida, IPv6Address):
        return f"{IPv6Address(int(leida) >> 64 << 64)}/64"
    return "desconocido" if leida is None else str(leida)


def _direccion(texto: str) -> IPv4Address | IPv6Address | None:
    try:
        leida = ip_address(texto)
    except ValueError:
        return None
    return getattr(leida, "ipv4_mapped", None) or leida


@contextmanager
def _comprobando() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, SinConexiones) as error:
        structlog.get_logger().warning("acceso_sin_comprobar", tipo=type(error).__name__)
        raise almacen_mudo(SIN_ALMACEN) from None
