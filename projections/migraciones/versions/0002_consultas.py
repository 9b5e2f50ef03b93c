"""The query tables, and where each projection stands in each log."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLAS = {
    # Moved by compare-and-set at every batch: room on the page keeps the update in place.
    "seguimiento": """
        application_name varchar(32) COLLATE "C" PRIMARY KEY,
        notification_id bigint NOT NULL,
        movido_en timestamptz NOT NULL DEFAULT now()
    """,
    "aparcados": """
        proyeccion text NOT NULL,
        version integer NOT NULL,
        aplicacion text NOT NULL,
        stream text COLLATE "C" NOT NULL,
        posicion bigint NOT NULL,
        ultima_posicion bigint NOT NULL,
        eventos bigint NOT NULL,
        error text NOT NULL,
        aparcado_en timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (proyeccion, version, aplicacion, stream)
    """,
    "clientes": """
        id text COLLATE "C" PRIMARY KEY,
        nombre text,
        email text,
        cedula text,
        fecha_nacimiento timestamptz,
        fecha_registro timestamptz NOT NULL,
        fecha_actualizacion timestamptz NOT NULL,
        estado text NOT NULL,
        total_pagos bigint NOT NULL,
        primer_pago timestamptz,
        ultimo_pago timestamptz,
        monto_total numeric NOT NULL,
        moneda text,
        version bigint NOT NULL
    """,
    "clientes_totales": """
        cliente_id text COLLATE "C" NOT NULL,
        moneda text COLLATE "C" NOT NULL,
        pagos bigint NOT NULL,
        monto numeric NOT NULL,
        PRIMARY KEY (cliente_id, moneda)
    """,
    "clientes_campanias": """
        campania_id text COLLATE "C" PRIMARY KEY,
        cliente_id text COLLATE "C" NOT NULL
    """,
    "clientes_vinculos": """
        payout_id text COLLATE "C" PRIMARY KEY,
        partner_id text COLLATE "C" NOT NULL,
        cliente_id text COLLATE "C" NOT NULL,
        cliente_dicho boolean NOT NULL,
        campania_id text COLLATE "C",
        monto numeric NOT NULL,
        moneda text COLLATE "C" NOT NULL,
        completado_en timestamptz
    """,
    "payouts": """
        id text COLLATE "C" PRIMARY KEY,
        partner_id text NOT NULL,
        cycle_id text NOT NULL,
        cliente_id text,
        campania_id text,
        monto numeric NOT NULL,
        moneda text NOT NULL,
        estado text NOT NULL,
        payment_method_type text,
        payment_method_mask text,
        reportado boolean NOT NULL,
        intento bigint NOT NULL,
        desconocido boolean NOT NULL,
        confirmation_id text,
        codigo_fallo text,
        motivo text,
        fecha_creacion timestamptz NOT NULL,
        fecha_actualizacion timestamptz NOT NULL,
        fecha_procesamiento timestamptz,
        fecha_completado timestamptz,
        version bigint NOT NULL
    """,
    "transactions": """
        id text COLLATE "C" PRIMARY KEY,
        payout_id text COLLATE "C" NOT NULL,
        partner_id text NOT NULL,
        tipo text NOT NULL,
        comision numeric NOT NULL,
        moneda text NOT NULL,
        event_type text NOT NULL,
        fecha timestamptz NOT NULL
    """,
    "campanias": """
        id text COLLATE "C" PRIMARY KEY,
        nombre text NOT NULL,
        cliente_id text NOT NULL,
        estado text NOT NULL,
        itinerario text[] NOT NULL,
        presupuesto numeric,
        gasto_actual numeric NOT NULL,
        moneda text,
        fecha_inicio timestamptz,
        fecha_fin timestamptz,
        motivo text,
        fecha_creacion timestamptz NOT NULL,
        fecha_actualizacion timestamptz NOT NULL,
        version bigint NOT NULL
    """,
    "por_procesar": """
        payout_id text COLLATE "C" PRIMARY KEY,
        estado text NOT NULL,
        intento bigint NOT NULL,
        desconocido boolean NOT NULL,
        desde timestamptz NOT NULL,
        vence_en timestamptz NOT NULL
    """,
}

INDICES = {
    "clientes_vinculos_campania": "clientes_vinculos (campania_id) WHERE NOT cliente_dicho",
    "clientes_vinculos_pagado": "clientes_vinculos (cliente_id, completado_en) WHERE completado_en IS NOT NULL",
    "transactions_payout": "transactions (payout_id)",
    "campanias_inicio": "campanias (fecha_inicio) WHERE estado = 'APROBADA'",
    "campanias_fin": "campanias (fecha_fin) WHERE estado IN ('APROBADA', 'ACTIVA', 'PAUSADA')",
    "por_procesar_vence": "por_procesar (desconocido, vence_en)",
}


def upgrade() -> None:
    for nombre, columnas in TABLAS.items():
        op.execute(f"CREATE TABLE {nombre} ({columnas})")
    for nombre, destino in INDICES.items():
        op.execute(f"CREATE INDEX {nombre} ON {destino}")
    op.execute("ALTER TABLE seguimiento SET (fillfactor = 20)")
