"""The client of the broker that a configuration names. To be made after any fork, and closed at the end."""

import contextlib
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pulsar

from gateway.config import Config
from gateway.pulsar.admin import contexto_tls
from gateway.pulsar.errores import FallaDeBroker

PLAZO = 5
"""Seconds until a question to a broker that doesn't answer is given up."""
PLAZO_DE_SONDA = 1.0
BITACORA, BITACORA_MAXIMA = "cliente-pulsar.log", 5_000_000
PUERTO = {"pulsar": 6650, "pulsar+ssl": 6651}


def conectar(config: Config) -> pulsar.Client:
    """A client of ``config``'s broker. Raises FallaDeBroker, within some seconds, when it can't be reached."""
    sondear(config)
    return cliente(config)


def cliente(config: Config) -> pulsar.Client:
    """The same, without looking first whether the broker is there."""
    opciones = {}
    if config.pulsar_token is not None:
        opciones["authentication"] = pulsar.AuthenticationToken(config.pulsar_token)
    if config.pulsar_tls_ca is not None:
        opciones["tls_trust_certs_file_path"] = str(config.pulsar_tls_ca)
    return pulsar.Client(
        _url(config),
        operation_timeout_seconds=PLAZO,
        connection_timeout_ms=PLAZO * 1000,
        tls_allow_insecure_connection=not config.pulsar_tls_verificar,
        tls_validate_hostname=config.pulsar_tls_verificar,
        # The binding's own: one of Python's would wait for the interpreter from threads that it waits for. Its lines
        # are not ours, and would break those of the log: what matters of them, our errors tell. The library keeps the
        # first one of a process for all of its clients.
        logger=pulsar.FileLogger(pulsar.LoggerLevel.Error, str(_bitacora(config.alpes_dir))),
        **opciones,
    )


def legible(leer: Callable[[], str]) -> str:
    """A text of a received message; what is no UTF-8, as clients in other languages may send, as escapes."""
    try:
        return leer()
    except UnicodeDecodeError as error:
        return error.object.decode(errors="backslashreplace")


def _bitacora(carpeta: Path) -> Path:
    """Where the client itself writes: beside the broker's own log, if there is such a folder, else nowhere."""
    if not os.access(carpeta, os.W_OK):
        return Path(os.devnull)
    archivo = carpeta / BITACORA
    with contextlib.suppress(FileNotFoundError):
        if archivo.stat().st_size > BITACORA_MAXIMA:
            archivo.unlink(missing_ok=True)
    return archivo if not archivo.exists() or os.access(archivo, os.W_OK) else Path(os.devnull)


@contextlib.contextmanager
def conectado(config: Config) -> Iterator[pulsar.Client]:
    """A client for the length of a ``with`` block. Raises FallaDeBroker, whatever it is that the broker doesn't do."""
    uno = conectar(config)
    try:
        yield uno
    except pulsar.PulsarException as error:
        raise FallaDeBroker(f"El broker no responde como debe: {type(error).__name__}") from error
    finally:
        uno.close()


def sondear(config: Config) -> None:
    """Fail at once and in words where the client itself would only time out: nobody there, or nobody to be trusted."""
    partes = urlsplit(_url(config))
    razones = []
    # A cluster's URL names several brokers; one that answers is enough.
    for lugar in partes.netloc.rpartition("@")[2].split(","):
        destino = urlsplit(f"//{lugar}")
        try:
            _tocar(str(destino.hostname), destino.port or PUERTO[partes.scheme], config, tls="ssl" in partes.scheme)
        except ssl.SSLError as error:
            razones.append(f"no se acepta su certificado ({error.reason or type(error).__name__})")
        except OSError as error:
            razones.append(error.strerror or type(error).__name__)
        else:
            return
    raise FallaDeBroker(f"No se puede llegar al broker de PULSAR_BROKER_URL: {'; '.join(dict.fromkeys(razones))}")


def _tocar(anfitrion: str, puerto: int, config: Config, *, tls: bool) -> None:
    with socket.create_connection((anfitrion, puerto), PLAZO_DE_SONDA) as enchufe:
        if tls:
            enchufe.settimeout(PLAZO)
            contexto = contexto_tls(config.pulsar_tls_ca, verificar=config.pulsar_tls_verificar)
            contexto.wrap_socket(enchufe, server_hostname=anfitrion).close()


def _url(config: Config) -> str:
    if config.pulsar_broker_url is None:
        raise FallaDeBroker("No hay broker: ponga PULSAR_BROKER_URL, o deje que «alpes levantar» traiga el suyo")
    return config.pulsar_broker_url
