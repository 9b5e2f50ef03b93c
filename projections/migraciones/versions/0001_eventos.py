"""The event store: three logs, their tracking, the keys of persons, and idempotency keys."""

from alembic import op

revision = "0001"
down_revision = None

MODULOS = ("clientes", "pagos", "campanias")


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION rechazar_cambio() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'la tabla % solo admite agregar: % rechazado', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for modulo in MODULOS:
        _log(modulo)
    op.execute(
        """
        CREATE TABLE claves (
            sujeto text COLLATE "C" PRIMARY KEY,
            clave bytea,
            destruida timestamptz,
            CHECK ((clave IS NULL) = (destruida IS NOT NULL))
        )
        """
    )
    op.execute(
        """
        CREATE TABLE idempotencia (
            actor text NOT NULL,
            ruta text NOT NULL,
            clave text NOT NULL,
            huella bytea NOT NULL,
            agregado_id text NOT NULL,
            version bigint NOT NULL,
            posicion bigint NOT NULL,
            creado timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT idempotencia_pk PRIMARY KEY (actor, ruta, clave)
        )
        """
    )
    op.execute("CREATE INDEX idempotencia_creado ON idempotencia (creado)")


def _log(modulo: str) -> None:
    # Appends only: no dead rows to vacuum but those of rolled-back writers; statistics matter to the planner.
    op.execute(
        f"""
        CREATE TABLE {modulo}_events (
            originator_id text COLLATE "C" NOT NULL,
            originator_version bigint NOT NULL,
            topic text NOT NULL,
            state bytea NOT NULL,
            notification_id bigserial NOT NULL,
            PRIMARY KEY (originator_id, originator_version)
        ) WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01)
        """
    )
    op.execute(f"CREATE UNIQUE INDEX {modulo}_events_notification_id_idx ON {modulo}_events (notification_id)")
    op.execute(
        f"""
        CREATE TRIGGER {modulo}_events_inmutable BEFORE UPDATE OR DELETE OR TRUNCATE ON {modulo}_events
            FOR EACH STATEMENT EXECUTE FUNCTION rechazar_cambio()
        """
    )
    # Also when a session replays as a replica, where ordinary triggers are silent.
    op.execute(f"ALTER TABLE {modulo}_events ENABLE ALWAYS TRIGGER {modulo}_events_inmutable")
    op.execute(
        f"CREATE TABLE {modulo}_tracking (application_name text PRIMARY KEY, notification_id bigint NOT NULL)"
        " WITH (fillfactor = 50)"
    )
