"""A payment provider spoken to over HTTP.

The protocol, all JSON in UTF-8. ``clave`` is ``{payout_id}:{intento}``; the provider pays a key once, however
often it is told, and gives the same answer each time.

- ``POST {PROCESADOR_URL}/pagos``, header ``Idempotency-Key: {clave}``, body ``{"clave", "payout_id",
  "partner_id", "monto": {"valor": "1250.50", "moneda": "USD"}, "metodo": {"tipo", "mascara"}}``: pay.
- ``GET {PROCESADOR_URL}/pagos/{clave}``: what became of it; 404 when the key was never received.

Both answer 200, 201 or 202 with ``clave`` and ``monto`` as they were told, and one of
``{"estado": "CONFIRMADO", "confirmation_id", "completed_at"}``,
``{"estado": "RECHAZADO", "codigo", "motivo", "definitivo"}`` (codigo: FONDOS, CUENTA, RECHAZADO or TECNICO) and
``{"estado": "EN_PROCESO"}``. ``completed_at`` is ISO 8601 with a zone, and within five minutes of the order or
later. Anything else, a redirect included, tells nothing about the money and is treated as no answer: the payout is
asked about until known.
"""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Annotated, Literal

import httpx2
import msgspec
import stamina
import structlog

from domain.pagos.procesador import Confirmada, Rechazada, Respuesta, SinRespuesta, Solicitud
from domain.pagos.reintentos import PLAZO_DE_RESPUESTA
from gateway.rastro import hacia_afuera

MAXIMO_DE_BYTES = 64 * 1024
"""No honest answer is longer; a provider that streams for ever is cut off."""
MAXIMO_DE_MOTIVO = 300

_log = structlog.get_logger(__name__)


class _Monto(msgspec.Struct, frozen=True):
    valor: str
    moneda: str


class _Contestacion(msgspec.Struct, frozen=True, tag_field="estado"):
    clave: str
    monto: _Monto


class _Confirmado(_Contestacion, frozen=True, tag="CONFIRMADO"):
    confirmation_id: Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,128}\Z")]
    completed_at: Annotated[datetime, msgspec.Meta(tz=True)]


class _Rechazado(_Contestacion, frozen=True, tag="RECHAZADO"):
    codigo: Literal["FONDOS", "CUENTA", "RECHAZADO", "TECNICO"]
    motivo: str
    definitivo: bool


class _EnProceso(_Contestacion, frozen=True, tag="EN_PROCESO"):
    pass


_LECTOR = msgspec.json.Decoder(_Confirmado | _Rechazado | _EnProceso)


class ProcesadorHttp:
    """Pays through the provider at ``url``. Never raises: what cannot be believed is SinRespuesta."""

    def __init__(self, url: str, *, plazo: float = PLAZO_DE_RESPUESTA.total_seconds()) -> None:
        """``plazo``: seconds that one call may last in all, retries and a dripping answer included."""
        self._url, self._plazo = url.rstrip("/"), plazo
        self._tls = ssl.create_default_context()

    def pagar(self, solicitud: Solicitud) -> Respuesta:
        """Order the payment. Repeating a key is safe: the provider pays it once."""
        return asyncio.run(self._con_plazo(solicitud, ["POST"]))

    def consultar(self, solicitud: Solicitud) -> Respuesta:
        """Ask what became of a payment; one that the provider never received is ordered under the same key."""
        return asyncio.run(self._con_plazo(solicitud, ["GET", "POST"]))

    async def _con_plazo(self, solicitud: Solicitud, metodos: list[str]) -> Respuesta:
        try:
            # httpx2's own time-outs are per read: an answer that drips a byte a second would hold a thread for ever.
            async with asyncio.timeout(self._plazo), self._cliente() as cliente:
                for metodo in metodos:
                    estado, cuerpo = await self._enviar(cliente, metodo, solicitud)
                    if (metodo, estado) != ("GET", 404):
                        return _creer(solicitud, estado, cuerpo)
        except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            _log.warning("el procesador no respondió", clave=solicitud.clave, error=type(error).__name__)
        return SinRespuesta()

    def _cliente(self) -> httpx2.AsyncClient:
        # trust_env would send payments through whatever HTTP_PROXY names; the settings are read in one place only.
        return httpx2.AsyncClient(verify=self._tls, timeout=self._plazo, trust_env=False)

    async def _enviar(self, cliente: httpx2.AsyncClient, metodo: str, solicitud: Solicitud) -> tuple[int, bytes]:
        # Only a connection that was never made is tried again: a request that may have arrived is asked about instead.
        # A block and not a decorator, which would log the order with every try.
        async for intento in stamina.retry_context(
            on=httpx2.ConnectError, attempts=3, timeout=None, wait_initial=0.05, wait_max=0.5, wait_jitter=0.05
        ):
            with intento:
                return await self._pedir(cliente, metodo, solicitud)
        raise AssertionError

    async def _pedir(self, cliente: httpx2.AsyncClient, metodo: str, solicitud: Solicitud) -> tuple[int, bytes]:
        cabeceras = {"Accept": "application/json", "Accept-Encoding": "identity", "Idempotency-Key": solicitud.clave}
        cabeceras |= hacia_afuera()
        if metodo == "POST":
            url, cuerpo = f"{self._url}/pagos", msgspec.json.encode(_pedido(solicitud))
            cabeceras["Content-Type"] = "application/json"
        else:
            url, cuerpo = f"{self._url}/pagos/{solicitud.clave}", None
        async with cliente.stream(metodo, url, headers=cabeceras, content=cuerpo) as respuesta:
            leido = bytearray()
            async for trozo in respuesta.aiter_raw():
                leido += trozo
                if len(leido) > MAXIMO_DE_BYTES:
                    break
            return respuesta.status_code, bytes(leido)


def _pedido(solicitud: Solicitud) -> dict[str, object]:
    return {
        "clave": solicitud.clave,
        "payout_id": solicitud.payout_id,
        "partner_id": solicitud.partner_id,
        "monto": _monto(solicitud),
        "metodo": {"tipo": solicitud.metodo_tipo, "mascara": solicitud.metodo_mascara},
    }


def _monto(solicitud: Solicitud) -> _Monto:
    return _Monto(str(solicitud.monto.valor), solicitud.monto.moneda)


def _creer(solicitud: Solicitud, estado: int, cuerpo: bytes) -> Respuesta:
    """What an answer means, if it is one to this very order."""
    if estado not in {200, 201, 202}:
        _log.warning("el procesador respondió con error", clave=solicitud.clave, estado=estado)
        return SinRespuesta()
    try:
        dicho = _LECTOR.decode(cuerpo)
        if (dicho.clave, dicho.monto) == (solicitud.clave, _monto(solicitud)):
            return _traducir(dicho)
        _log.warning("el procesador habló de otro pago", clave=solicitud.clave)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        _log.warning("el procesador respondió algo ilegible", clave=solicitud.clave, error=type(error).__name__)
    return SinRespuesta()


def _traducir(dicho: _Contestacion) -> Respuesta:
    match dicho:
        case _Confirmado():
            return Confirmada(dicho.confirmation_id, dicho.completed_at.astimezone(UTC))
        case _Rechazado():
            motivo = "".join(letra for letra in dicho.motivo if letra.isprintable())[:MAXIMO_DE_MOTIVO]
            return Rechazada(dicho.codigo, motivo, dicho.definitivo)
        case _:
            return SinRespuesta()
