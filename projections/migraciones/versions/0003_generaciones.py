"""The tables of each read model exist once a generation, and are made from the code's own declarations."""

from alembic import op

revision = "0003"
down_revision = "0002"

DERIVADAS = (
    "clientes", "clientes_totales", "clientes_campanias", "clientes_vinculos", "payouts", "transactions", "campanias",
    "por_procesar",
)  # fmt: skip


def upgrade() -> None:
    # What is derived is made anew from the log, in tables that the code declares: see ``generaciones.instalar``.
    op.execute(f"DROP TABLE {', '.join(DERIVADAS)}")
    op.execute("DELETE FROM seguimiento")
    op.execute("DELETE FROM aparcados")
    op.execute(
        """
        CREATE TABLE generaciones (
            proyeccion text COLLATE "C" NOT NULL,
            numero integer NOT NULL,
            version integer NOT NULL,
            esquema text COLLATE "C" NOT NULL,
            estado text NOT NULL CHECK (estado IN ('activa', 'en_obra', 'guardada', 'detenida')),
            tablas text[] NOT NULL,
            aplicaciones text[] NOT NULL,
            creada_en timestamptz NOT NULL DEFAULT clock_timestamp(),
            activada_en timestamptz,
            informe jsonb,
            PRIMARY KEY (proyeccion, numero)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX generaciones_activa ON generaciones (proyeccion) WHERE estado = 'activa'")
    op.execute(
        "CREATE UNIQUE INDEX generaciones_obra ON generaciones (proyeccion) WHERE estado IN ('en_obra', 'detenida')"
    )
    # In the row that every batch moves first, so that the move itself proves whose turn it is, and where to write.
    op.execute(
        """
        ALTER TABLE seguimiento
            ADD esquema text COLLATE "C" NOT NULL DEFAULT 'public',
            ADD epoca bigint NOT NULL DEFAULT 0,
            ADD dueno integer,
            ADD dueno_desde timestamptz,
            ADD vence_en timestamptz NOT NULL DEFAULT '-infinity'
        """
    )
    op.execute("ALTER TABLE aparcados RENAME version TO generacion")
