"""Where a command's database is: the one that DB_URL names, or the embedded one of ALPES_DIR."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.config import Config, sin_clave
from gateway.local.candado import candado
from gateway.local.errores import FallaLocal
from gateway.local.procesos import procesos

if TYPE_CHECKING:
    from gateway.local.postgres import PostgresLocal
    from gateway.local.pulsar import PulsarLocal

VERSION_MINIMA = 15
"""Of PostgreSQL."""
PACIENCIA = 300.0
"""Seconds for which a command waits until another one has done with the embedded database."""
PASO = 0.1


@contextmanager
def con_base(config: Config, paciencia: float = PACIENCIA) -> Iterator[Config]:
    """``config`` with a database that answers, for the length of a ``with`` block.

    The embedded one of a running stack is used; when none runs, it is started, migrated, and stopped again. One that
    another command has started ends with that one, so its end is waited for, ``paciencia`` seconds at most.
    Raises FallaLocal.
    """
    if config.db_url is not None:
        yield config
        return
    with _a_su_turno(config.alpes_dir, paciencia) as propia:
        if not propia:
            yield con_base_en_marcha(config)
            return
        from gateway.local.postgres import PostgresLocal
        from projections.migraciones import migrar

        servidor = PostgresLocal(config.alpes_dir)
        try:
            servidor.arrancar()
            servidor.esperar()
            migrar(servidor.url)
            yield completar(config, servidor)
        finally:
            servidor.parar()


@contextmanager
def _a_su_turno(carpeta: Path, paciencia: float) -> Iterator[bool]:
    """Own ``carpeta``, after whichever command does; gives False when a stack does. Raises FallaLocal."""
    limite, dicho = time.monotonic() + paciencia, False
    while True:
        with candado(carpeta) as propia:
            if propia or any(uno["nombre"] == "alpes" and uno["estado"] == "vivo" for uno in procesos(carpeta)):
                yield propia
                return
        if time.monotonic() > limite:
            raise FallaLocal(f"Otro comando usa la base de datos de {carpeta}; espere a que termine")
        if not dicho:
            sys.stderr.write(f"alpes: otro comando usa la base de datos de {carpeta}; se espera a que termine…\n")
            sys.stderr.flush()
            dicho = True
        time.sleep(PASO)


def con_base_en_marcha(config: Config) -> Config:
    """``config`` with the database of DB_URL or of a running stack. Raises FallaLocal when there is neither."""
    if config.db_url is not None:
        return config
    from gateway.local.postgres import PostgresLocal

    servidor = PostgresLocal.en_marcha(config.alpes_dir)
    if servidor is None:
        raise FallaLocal("No hay base de datos en marcha: ponga DB_URL o ejecute «alpes levantar»")
    return completar(config, servidor)


def con_broker_en_marcha(config: Config) -> Config:
    """``config`` with the broker of PULSAR_BROKER_URL, else with that of a running stack, else with none."""
    if config.pulsar_broker_url is not None:
        return config
    from gateway.local.pulsar import PulsarLocal

    broker = PulsarLocal.en_marcha(config.alpes_dir)
    return config if broker is None else con_broker(config, broker)


def con_broker(config: Config, broker: "PulsarLocal") -> Config:
    """``config`` with the embedded broker, which asks for neither token nor TLS."""
    return replace(config, pulsar_broker_url=broker.url, pulsar_admin_url=broker.url_admin, pulsar_token=None)


def completar(config: Config, servidor: "PostgresLocal") -> Config:
    """``config`` with the embedded server's URL and keys; keys that the environment told are kept."""
    secretos = servidor.secretos
    return replace(
        config,
        db_url=servidor.url,
        llave_maestra=config.llave_maestra or bytes.fromhex(secretos.llave_maestra),
        llave_unicidad=config.llave_unicidad or bytes.fromhex(secretos.llave_unicidad),
    )


def comprobar(db_url: str) -> None:
    """Raises FallaLocal when the database can't be reached, or is older than what we need."""
    import psycopg

    try:
        with psycopg.connect(db_url, connect_timeout=10) as conexion:
            version = conexion.info.server_version
    except psycopg.OperationalError as error:
        raise FallaLocal(
            f"No se puede llegar a la base de datos {sin_clave(db_url)}: {_primera_linea(error)}"
        ) from None
    if version < VERSION_MINIMA * 10_000:
        raise FallaLocal(f"Hace falta PostgreSQL {VERSION_MINIMA} o más nuevo, y este es {version // 10_000}")


def _primera_linea(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
