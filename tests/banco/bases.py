"""Databases for benchmarks, on the server of the run."""

from dataclasses import replace

import psycopg
from psycopg import sql

from gateway.config import Config
from gateway.local.postgres import PostgresLocal
from projections.migraciones import migrar


def base_nueva(config: Config, nombre: str) -> Config:
    """A migrated database of the scenario's own: what one writes is not the log that another follows."""
    servidor = PostgresLocal.en_marcha(config.alpes_dir)
    assert servidor is not None
    with psycopg.connect(servidor.url_admin, autocommit=True) as conexion:
        conexion.execute(sql.SQL("CREATE DATABASE {} OWNER alpes").format(sql.Identifier(nombre)))
    nueva = f"{str(config.db_url).rpartition('/')[0]}/{nombre}"
    migrar(nueva)
    return replace(config, db_url=nueva)
