"""What is asked of a broker over its REST interface, each question with a time-out: a frozen broker answers none."""

import ssl
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx2
import structlog

from gateway.config import Config
from gateway.pulsar.errores import FallaDeBroker

PLAZO = 5.0
PLAZO_DE_SALUD = 2.0
NO_HAY, YA_ESTA = 404, 409
RETENCION_MB = 1024

_log = structlog.get_logger(__name__)


class Administracion:
    """The REST interface of one broker or cluster. To be closed, or used in a ``with`` block."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        tls_ca: Path | None = None,
        *,
        tls_verificar: bool = True,
        plazo: float = PLAZO,
    ) -> None:
        """``plazo``: seconds for a connection, and for an answer."""
        cabeceras = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.Client(
            base_url=url, headers=cabeceras, timeout=plazo, verify=contexto_tls(tls_ca, verificar=tls_verificar),
            trust_env=False, follow_redirects=True,
        )  # fmt: skip

    @classmethod
    def de(cls, config: Config, plazo: float = PLAZO) -> "Administracion | None":
        """That of ``config``'s broker; None when it isn't known."""
        if config.pulsar_admin_url is None:
            return None
        return cls(config.pulsar_admin_url, config.pulsar_token, config.pulsar_tls_ca,
                   tls_verificar=config.pulsar_tls_verificar, plazo=plazo)  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cerrar()

    def cerrar(self) -> None:
        self._http.close()

    def sana(self) -> bool:
        """Whether a message goes through the broker, and the namespace that is always there is there."""
        try:
            return all(
                self._http.get(f"/admin/v2/{ruta}", timeout=PLAZO_DE_SALUD).status_code == 200
                for ruta in ("brokers/health", "namespaces/public/default")
            )
        except httpx2.HTTPError:
            return False

    def crear_espacio(self, topic: str) -> None:
        """Make the tenant and the namespace of ``topic``, if they are not there."""
        tenant, espacio = _partes(topic)[:2]
        if self._leer(f"/admin/v2/namespaces/{tenant}/{espacio}") is not None:
            return
        grupos = self._pedir("GET", "/admin/v2/clusters").json()
        tenants = {"adminRoles": [], "allowedClusters": grupos}
        self._pedir("PUT", f"/admin/v2/tenants/{tenant}", json=tenants, salvo=(YA_ESTA,))
        self._pedir("PUT", f"/admin/v2/namespaces/{tenant}/{espacio}", json={}, salvo=(YA_ESTA,))

    def subir_esquema(self, topic: str, avro: str) -> int:
        """Register a schema, and give its version; the same text again keeps its version.

        Raises FallaDeBroker also when the broker finds it incompatible with those before it.
        """
        cuerpo = {"type": "AVRO", "schema": avro, "properties": {}}
        return int(self._pedir("POST", _ruta("schemas", topic, "schema"), json=cuerpo).json()["version"]["version"])

    def esquema(self, topic: str, version: int | None = None) -> str | None:
        """The text of a registered schema, the last one by default; None when there is none."""
        dicho = self._leer(_ruta("schemas", topic, "schema" if version is None else f"schema/{version}"))
        return None if dicho is None else str(dicho["data"])

    def retener(self, topic: str, minutos: int) -> None:
        """Have the broker drop what everybody has read of ``topic``, which must be there, after so long."""
        cuerpo = {"retentionTimeInMinutes": minutos, "retentionSizeInMB": RETENCION_MB}
        self._pedir("POST", _ruta("persistent", topic, "retention"), json=cuerpo)

    def retencion(self, topic: str) -> int:
        """For how many minutes what was read is kept; -1 for ever."""
        dicha = self._pedir("GET", _ruta("persistent", topic, "retention"), params={"applied": "true"})
        return int(dicha.json()["retentionTimeInMinutes"])

    def estadisticas(self, topic: str) -> dict[str, Any] | None:
        """All that the broker counts of a topic; None when there is no such topic."""
        return self._leer(_ruta("persistent", topic, "stats"))

    def cursores(self, topic: str) -> dict[str, dict[str, Any]]:
        """How far each subscription has acknowledged, as the broker stores it; none when there is no such topic."""
        visto = self._leer(_ruta("persistent", topic, "internalStats"))
        return {} if visto is None else dict(visto["cursors"])

    def rebobinar(self, topic: str, suscripcion: str, ms: int) -> None:
        """Have a subscription read again what was published since ``ms``, in milliseconds, as far as it is kept.

        What it has not read yet stays, however old. Whoever listens is cut off, and comes back by himself. Does nothing
        where there is no such subscription.
        """
        visto = self._leer(_ruta("persistent", topic, "stats"), getEarliestTimeInBacklog="true") or {}
        suya = visto.get("subscriptions", {}).get(suscripcion)
        if suya is not None:
            if suya["msgBacklog"]:
                ms = min(ms, suya["earliestMsgPublishTimeInBacklog"])
            ruta = _ruta("persistent", topic, f"subscription/{quote(suscripcion, safe='')}/resetcursor/{ms}")
            self._pedir("POST", ruta)

    def quita_repetidos(self, topic: str) -> bool:
        """Whether the broker drops what a producer sends again."""
        ruta = _ruta("persistent", topic, "deduplicationEnabled")
        return bool(self._pedir("GET", ruta, params={"applied": "true"}, salvo=(NO_HAY,)).text == "true")

    def espera_al_relevar(self) -> int:
        """Milliseconds for which the broker waits before a consumer that went is followed by another."""
        ajustes = self._leer("/admin/v2/brokers/configuration/runtime") or {}
        return int(ajustes.get("activeConsumerFailoverDelayTimeMillis", 0))

    def _leer(self, ruta: str, **parametros: str) -> dict[str, Any] | None:
        """What stands there; None when nothing does."""
        respuesta = self._pedir("GET", ruta, salvo=(NO_HAY,), params=parametros)
        try:
            return None if respuesta.status_code == NO_HAY else dict(respuesta.json())
        except (ValueError, TypeError) as error:
            raise FallaDeBroker(f"Lo que respondió a GET {ruta} no es de la administración de un broker") from error

    def _pedir(self, metodo: str, ruta: str, salvo: tuple[int, ...] = (), **lo_demas: Any) -> httpx2.Response:
        try:
            respuesta = self._http.request(metodo, ruta, **lo_demas)
        except httpx2.HTTPError as error:
            raise FallaDeBroker(f"La administración del broker no responde: {type(error).__name__}") from error
        if respuesta.status_code in (401, 403):
            raise FallaDeBroker("La administración del broker no admite nuestro token (PULSAR_TOKEN)")
        if respuesta.is_error and respuesta.status_code not in salvo:
            raise FallaDeBroker(f"La administración del broker respondió {respuesta.status_code} a {metodo} {ruta}")
        return respuesta


def anunciar(config: Config, topic: str, esquema: str | None) -> None:
    """Before ``topic`` is used: make what it stands in, and register its schema, if it is ours to announce.

    Does nothing where the administration isn't known. Raises FallaDeBroker when the schema isn't taken.
    """
    administracion = Administracion.de(config)
    if administracion is None:
        return
    with administracion:
        try:
            administracion.crear_espacio(topic)
        except FallaDeBroker as error:
            # It may be there, and others' to make and to look at; if it isn't, what comes next fails.
            _log.debug("no se creó el espacio de un topic", topic=topic, error=str(error))
        if esquema is not None:
            administracion.subir_esquema(topic, esquema)


def contexto_tls(tls_ca: Path | None, *, verificar: bool) -> ssl.SSLContext:
    """Whom we trust: the authorities of ``tls_ca``, by default those of this machine, or whoever answers."""
    contexto = ssl.create_default_context(cafile=tls_ca)
    if not verificar:
        contexto.check_hostname, contexto.verify_mode = False, ssl.CERT_NONE
    return contexto


def _ruta(de: str, topic: str, que: str) -> str:
    return f"/admin/v2/{de}/{'/'.join(_partes(topic))}/{que}"


def _partes(topic: str) -> tuple[str, str, str]:
    tenant, espacio, nombre = topic.removeprefix("persistent://").split("/")
    return quote(tenant, safe=""), quote(espacio, safe=""), quote(nombre, safe="")
