"""One moment of the query tables for all that a page shows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def foto(motor: Engine) -> Iterator[Connection]:
    """A read-only connection on which every query sees the same moment: rows, counts and sums agree.

    Which tables the unqualified names of the queries mean is the connection's own matter (``search_path``): one that
    points at tables folded up to an earlier position answers as of then.
    Raises sqlalchemy.exc.DBAPIError when the database can't be reached.
    """
    opciones = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with motor.connect().execution_options(**opciones) as conexion:
        yield conexion
