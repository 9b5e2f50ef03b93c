"""Search by any part of a word: the trigrams of PostgreSQL's own pg_trgm."""

from alembic import op
from sqlalchemy import text

from projections.errores import FaltaExtension

revision = "0004"
down_revision = "0003"

FALTA = (
    "Hace falta la extensión pg_trgm de PostgreSQL (paquete postgresql-contrib), y no se puede crear con este rol. "
    "Pida a quien administra la base que ejecute en ella: CREATE EXTENSION pg_trgm;"
)


def upgrade() -> None:
    # The owner of a database may create it, since it is a trusted one; whoever isn't needs it made beforehand.
    conexion = op.get_bind()
    puede = conexion.scalar(
        text(
            "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')"
            " OR (has_database_privilege(current_database(), 'CREATE')"
            " AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm'))"
        )
    )
    if not puede:
        raise FaltaExtension(FALTA)
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
