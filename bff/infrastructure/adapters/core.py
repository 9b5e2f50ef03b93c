"""One service of the core over HTTP: in time, again where that is safe, not at all while it is known to be down."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
import msgspec
import pybreaker
import stamina

from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.exceptions import (
    AunNoLlega,
    EventoIlegible,
    FallaDeServicio,
    NoEncontrado,
    Rechazado,
    ServicioLento,
    ServicioRoto,
)
from bff.domain.models.health import ServiceHealth
from bff.infrastructure.adapters.intercambio import leer_entera
from bff.infrastructure.plazo import queda

T = TypeVar("T")
FALLAS, DESCANSO = 5, 5.0
"""After so many failures in a row nothing is asked for so many seconds."""
INTENTOS = 3
PACIENCIA_DE_SALUD, DE_SALUD = 3.0, 0.8
"""Seconds, and part of a request's time, for a sign of life: who asks for one doesn't wait long for it either."""
DE_UNA_PREGUNTA = {EventoIlegible.codigo, AunNoLlega.codigo}
"""Failures that are no sign of a service that is down: asking again at once won't help, nor does resting."""
DEVUELTAS = ("X-Posicion", "Idempotent-Replayed", "X-Version", "Retry-After")
"""What a service's answer says beside its body that is the caller's to know; its Location is no address here."""
DE_RECHAZO = ("Retry-After", "WWW-Authenticate")
"""What a refusal says likewise."""


class SinEnviar(ServicioRoto):
    """The service was not even reached: nothing can have happened there."""


class Core:
    """``http`` is used on one event loop. ``segundos`` bound whatever is asked outside of a request's time."""

    def __init__(self, servicio: str, url: str, http: httpx2.AsyncClient, segundos: float) -> None:
        self.servicio = servicio
        self._url, self._http, self._segundos = url.rstrip("/"), http, segundos
        self._fusible = pybreaker.CircuitBreaker(fail_max=FALLAS, reset_timeout=DESCANSO)
        self._ultima: type[FallaDeServicio] = ServicioRoto

    async def enviar(self, ruta: str, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        """Hand a command on. Sent again only when it carries a key, or was never received. Raises Rechazado."""
        respuesta = await self._insistir("POST", ruta, peticion, cuerpo=cuerpo, segura=peticion.repetible)
        return Aceptado(respuesta.status_code, self._objeto(respuesta), _de_estas(respuesta, DEVUELTAS))

    async def consultar(self, ruta: str, peticion: Peticion, parametros: Mapping[str, str] | None = None) -> Any:
        """The JSON of a detail. Raises NoEncontrado, Rechazado, FallaDeServicio."""
        suyas = {nombre: valor for nombre, valor in peticion.cabeceras.items() if nombre not in DE_ORDEN}
        respuesta = await self._insistir("GET", ruta, Peticion(suyas), parametros=parametros, segura=True)
        return self._objeto(respuesta)

    @staticmethod
    def parte(id: str) -> str:
        """An id as a part of an address: "." and ".." would lead elsewhere."""
        return quote(id, safe="") if id.strip(".") else id.replace(".", "%2E")

    async def hay(self, ruta: str, peticion: Peticion) -> bool:
        """Whether a detail is there. Raises Rechazado, FallaDeServicio."""
        try:
            await self.consultar(ruta, peticion)
        except NoEncontrado:
            return False
        return True

    async def salud(self) -> ServiceHealth:
        """Ask for a sign of life, past the breaker: this is how one learns that it is back."""
        inicio = time.monotonic()
        falla = None
        try:
            async with asyncio.timeout(min(PACIENCIA_DE_SALUD, DE_SALUD * queda(self._segundos))):
                respuesta = await self._una_vez("GET", "/health", Peticion())
            if respuesta.status_code != 200 or self._objeto(respuesta).get("status") != "up":
                falla = ServicioRoto.nota
        except TimeoutError:
            falla = ServicioLento.nota
        except FallaDeServicio as error:
            falla = error.nota
        return ServiceHealth.de(round((time.monotonic() - inicio) * 1000), falla=falla)

    async def _insistir(
        self, metodo: str, ruta: str, peticion: Peticion, *, segura: bool, **mas: Any
    ) -> httpx2.Response:
        def otra_vez(error: Exception) -> bool:
            if self._fusible.current_state == pybreaker.STATE_OPEN:
                return False
            return isinstance(error, SinEnviar) or (segura and isinstance(error, ServicioRoto))

        if not (segundos := queda(self._segundos)):
            raise ServicioLento(self.servicio)
        async for intento in stamina.retry_context(
            on=otra_vez, attempts=INTENTOS, timeout=segundos, wait_initial=0.05, wait_max=0.4
        ):
            with intento:
                return self._juzgar(await self._con_fusible(metodo, ruta, peticion, **mas))
        raise AssertionError  # the last attempt returns or raises

    async def _con_fusible(self, metodo: str, ruta: str, peticion: Peticion, **mas: Any) -> httpx2.Response:
        try:
            with self._fusible.calling():
                try:
                    return await self._una_vez(metodo, ruta, peticion, **mas)
                except FallaDeServicio as falla:
                    self._ultima = ServicioLento if isinstance(falla, ServicioLento) else ServicioRoto
                    raise
        except pybreaker.CircuitBreakerError:
            raise self._ultima(self.servicio) from None

    async def _una_vez(
        self, metodo: str, ruta: str, peticion: Peticion, *, cuerpo: bytes | None = None,
        parametros: Mapping[str, str] | None = None,
    ) -> httpx2.Response:  # fmt: skip
        """One exchange, whole. Raises FallaDeServicio."""
        cabeceras = {**peticion.cabeceras, "Accept": "application/json"}
        if cuerpo is not None:
            cabeceras["Content-Type"] = "application/json"
        try:
            # The client's own time-outs are for each wait; this one is for all of them.
            async with asyncio.timeout(queda(self._segundos)):
                pedido = self._http.build_request(
                    metodo, self._url + ruta, headers=cabeceras, content=cuerpo, params=parametros
                )
                respuesta = await self._http.send(pedido, stream=True)
                try:
                    respuesta = await leer_entera(respuesta, self.servicio)
                finally:
                    await respuesta.aclose()
        except (TimeoutError, httpx2.TimeoutException):
            raise ServicioLento(self.servicio) from None
        except httpx2.ConnectError:
            raise SinEnviar(self.servicio) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, UnicodeError):
            # Their messages may quote what was sent.
            raise ServicioRoto(self.servicio) from None
        if respuesta.status_code >= 500 and self._codigo(respuesta) not in DE_UNA_PREGUNTA:
            raise (ServicioLento if respuesta.status_code == 504 else ServicioRoto)(self.servicio)
        return respuesta

    def _juzgar(self, respuesta: httpx2.Response) -> httpx2.Response:
        """The answer, when it is a success. Raises NoEncontrado, AunNoLlega, Rechazado, FallaDeServicio."""
        if 200 <= respuesta.status_code < 300:
            return respuesta
        if respuesta.status_code < 400:
            raise ServicioRoto(self.servicio)
        cuerpo = self._objeto(respuesta)
        mensaje = cuerpo.get("error", cuerpo.get("message"))
        if not isinstance(mensaje, str):
            raise ServicioRoto(self.servicio)
        codigo = self._codigo(respuesta)
        if codigo == EventoIlegible.codigo:
            raise EventoIlegible(self.servicio, mensaje)
        if codigo == AunNoLlega.codigo:
            raise AunNoLlega
        if respuesta.status_code == 404 and codigo != "RUTA_NO_ENCONTRADA":
            raise NoEncontrado
        raise Rechazado(respuesta.status_code, codigo, mensaje, _de_estas(respuesta, DE_RECHAZO))

    @staticmethod
    def _codigo(respuesta: httpx2.Response) -> str:
        return respuesta.headers.get("X-Codigo-Error", "RECHAZADO")

    def _objeto(self, respuesta: httpx2.Response) -> dict[str, Any]:
        try:
            return msgspec.json.decode(respuesta.content, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise ServicioRoto(self.servicio) from None

    def exigir(self, valor: Any, tipo: type[T]) -> T:
        """``valor`` as ``tipo``, or ServicioRoto: what a service says is believed when it has the agreed shape."""
        try:
            return msgspec.convert(valor, tipo)
        except msgspec.ValidationError:
            raise ServicioRoto(self.servicio) from None


DE_ORDEN = frozenset({"Idempotency-Key", "If-Match"})
"""What only a command insists on."""


def _de_estas(respuesta: httpx2.Response, nombres: tuple[str, ...]) -> dict[str, str]:
    return {nombre: respuesta.headers[nombre] for nombre in nombres if nombre in respuesta.headers}
