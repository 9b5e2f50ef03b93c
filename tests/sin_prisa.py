"""A connection that may stand idle in a transaction, which the product's role may not for more than five seconds."""

from typing import Any

import psycopg


def sin_prisa(db_url: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """For a test that holds something while others do their part: a busy machine may take long for it."""
    return psycopg.connect(db_url, options="-c idle_in_transaction_session_timeout=0")
