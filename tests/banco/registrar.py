"""Registering a client with its two reservations, against a CRUD row with two unique indexes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count

import psycopg

from domain.cliente.comandos import RegistrarCliente
from gateway.composicion import Sistema, construir
from gateway.config import Config
from tests.banco.medir import Razon, a_la_vez, comparar

TABLA = """
CREATE TABLE IF NOT EXISTS cliente_crud (id text PRIMARY KEY, nombre text NOT NULL, email text NOT NULL UNIQUE,
  cedula text NOT NULL UNIQUE, fecha_nacimiento timestamptz NOT NULL, creado timestamptz NOT NULL DEFAULT now())
"""
INSERTAR = "INSERT INTO cliente_crud (id, nombre, email, cedula, fecha_nacimiento) VALUES (%s, %s, %s, %s, %s)"
NACIMIENTO = datetime(1985, 3, 15, tzinfo=UTC)
METAS = {1: 0.7, 8: 0.3}
POR_ESCRITOR = 200
_numeros = count(10_000_000)


def medir(config: Config, rondas: int) -> list[Razon]:
    """Ratios of registrations a second at one writer and at eight."""
    with psycopg.connect(str(config.db_url), autocommit=True) as conexion:
        conexion.execute(TABLA)
    with construir(config) as sistema:
        return [
            linea
            for escritores, meta in METAS.items()
            for linea in _comparar(sistema, str(config.db_url), escritores, meta, rondas)
        ]


def _comparar(sistema: Sistema, db_url: str, escritores: int, meta: float, rondas: int) -> list[Razon]:
    conexiones = [psycopg.connect(db_url, autocommit=True, prepare_threshold=0) for _ in range(escritores)]
    nuestros = [lambda numero: sistema.clientes.ejecutar(_orden(numero))] * escritores
    filas = [_fila(conexion) for conexion in conexiones]
    try:
        return comparar(
            f"registrar cliente, {escritores} escritores",
            lambda: _registrar(nuestros),
            {"fila CRUD con dos índices únicos": (lambda: _registrar(filas), meta)},
            rondas,
        )
    finally:
        for conexion in conexiones:
            conexion.close()


def _registrar(registros: Sequence[Callable[[int], object]]) -> float:
    def escritor(registrar: Callable[[int], object]) -> int:
        for _ in range(POR_ESCRITOR):
            registrar(next(_numeros))
        return POR_ESCRITOR

    return a_la_vez([lambda registrar=registrar: escritor(registrar) for registrar in registros])  # type: ignore[misc]


def _orden(numero: int) -> RegistrarCliente:
    return RegistrarCliente(f"c{numero}", "Juan Pérez", f"c{numero}@example.com", str(numero), NACIMIENTO)


def _fila(conexion: psycopg.Connection) -> Callable[[int], object]:
    def insertar(numero: int) -> object:
        return conexion.execute(
            INSERTAR, (f"c{numero}", "Juan Pérez", f"c{numero}@example.com", str(numero), NACIMIENTO)
        )

    return insertar
