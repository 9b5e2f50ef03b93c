"""Whether the store answers, told soon even when it hangs."""

import psycopg

PACIENCIA = 2
"""Seconds for the store to take a connection and let it in."""


def comprobar(db_url: str) -> None:
    """Ask the store for a sign of life over a connection of its own. Raises psycopg.OperationalError.

    A pooled connection would wait behind the very requests that a hanging store keeps waiting.
    """
    with psycopg.connect(db_url, connect_timeout=PACIENCIA, autocommit=True) as conexion:
        conexion.execute("SELECT 1")
