"""What came in as messages: which were counted, how often one was tried, and what waits."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    # A row for ever: a message may be told again at any time, by a topic read anew from its beginning.
    op.execute(
        """
        CREATE TABLE buzon (
            consumidor text COLLATE "C" NOT NULL,
            clave text COLLATE "C" NOT NULL,
            contado_en timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT buzon_pk PRIMARY KEY (consumidor, clave)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE buzon_intentos (
            consumidor text COLLATE "C" NOT NULL,
            clave text COLLATE "C" NOT NULL,
            intentos integer NOT NULL,
            PRIMARY KEY (consumidor, clave)
        )
        """
    )
    _aparcados()


def _aparcados() -> None:
    # ``llave``: what is parked, a message's key or else itself. ``sujeto``: whose key seals ``datos``.
    op.execute(
        """
        CREATE TABLE mensajes_aparcados (
            orden bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            consumidor text COLLATE "C" NOT NULL,
            llave text COLLATE "C" NOT NULL,
            clave text COLLATE "C" NOT NULL,
            mensaje_id text NOT NULL,
            productor text NOT NULL,
            con_llave boolean NOT NULL,
            version_de_esquema integer,
            sujeto text COLLATE "C",
            datos bytea,
            intentos integer NOT NULL,
            error text NOT NULL,
            publicado_en timestamptz NOT NULL,
            aparcado_en timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT mensajes_aparcados_clave UNIQUE (consumidor, clave)
        )
        """
    )
    op.execute("CREATE INDEX mensajes_aparcados_llave ON mensajes_aparcados (consumidor, llave, orden)")
