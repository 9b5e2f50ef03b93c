"""The one way to make and change tables: event tables and query tables alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, make_url, text

from projections.motor.generaciones import instalar
from projections.registro import PROYECCIONES

_CANDADO = 4_207_431_953
"""Advisory lock that makes migrations of one database wait for each other."""


def migrar(db_url: str) -> None:
    """Bring the database to the newest version, in one transaction. Does nothing when it is there already.

    Read models that have no tables yet get them, empty, from the code's own declarations.
    ``db_url`` takes any SQLAlchemy form of a PostgreSQL URL. Processes that start together wait their turn.
    Raises sqlalchemy.exc.DBAPIError when the database can't be reached or refuses, FaltaExtension when it lacks one
    that this role may not create.
    """
    motor = create_engine(make_url(db_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    configuracion = Config()
    configuracion.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    configuracion.set_main_option("path_separator", "os")
    with motor.begin() as conexion:
        # Event tables are named with their schema by the recorder, whatever the role's own path says.
        conexion.execute(text("SET LOCAL search_path TO public"))
        # In another style the driver reads no instant, as the generations' are.
        conexion.execute(text("SET LOCAL DateStyle TO ISO"))
        # A role's own is of seconds, and would end it half way where this process is slow between two statements.
        conexion.execute(text("SET LOCAL idle_in_transaction_session_timeout TO '60s'"))
        conexion.execute(text("SELECT pg_advisory_xact_lock(:candado)"), {"candado": _CANDADO})
        configuracion.attributes["conexion"] = conexion
        command.upgrade(configuracion, "head")
        instalar(conexion, PROYECCIONES)
