"""Who has seen persons' data in clear. It can only be added to."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE accesos (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            visto_en timestamptz NOT NULL DEFAULT clock_timestamp(),
            actor text NOT NULL,
            accion text NOT NULL,
            alcance jsonb NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TRIGGER accesos_inmutable BEFORE UPDATE OR DELETE OR TRUNCATE ON accesos
            FOR EACH STATEMENT EXECUTE FUNCTION rechazar_cambio()
        """
    )
    op.execute("ALTER TABLE accesos ENABLE ALWAYS TRIGGER accesos_inmutable")
