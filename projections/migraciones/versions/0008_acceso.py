"""API keys, as hashes, and who was refused at the doors. A key made once keeps the doors closed, so none is deleted."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE llaves (
            nombre text PRIMARY KEY,
            roles text[] NOT NULL CHECK (cardinality(roles) > 0),
            huella bytea NOT NULL UNIQUE,
            creada_en timestamptz NOT NULL DEFAULT clock_timestamp(),
            creada_por text NOT NULL,
            vence_en timestamptz,
            revocada_en timestamptz,
            revocada_por text
        )
        """
    )
    op.execute(
        """
        CREATE TABLE rechazos (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ocurrido_en timestamptz NOT NULL DEFAULT clock_timestamp(),
            api text NOT NULL,
            motivo text NOT NULL,
            actor text,
            origen text NOT NULL,
            metodo text NOT NULL,
            ruta text NOT NULL,
            peticion text NOT NULL
        )
        """
    )
    for tabla, ordenes in (("llaves", "DELETE OR TRUNCATE"), ("rechazos", "UPDATE OR TRUNCATE")):
        op.execute(
            f"""
            CREATE TRIGGER {tabla}_inmutable BEFORE {ordenes} ON {tabla}
                FOR EACH STATEMENT EXECUTE FUNCTION rechazar_cambio()
            """
        )
        op.execute(f"ALTER TABLE {tabla} ENABLE ALWAYS TRIGGER {tabla}_inmutable")
