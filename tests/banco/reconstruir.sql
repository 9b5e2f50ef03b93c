-- All read models at once, one statement a table, as somebody who knows SQL would write them by hand for the events
-- that `datos sembrar` makes (each at most once a stream). Personal data are sealed: they stay NULL, and so does what
-- is derived from them. Statements are divided by lines that begin with "--;".

CREATE OR REPLACE FUNCTION pg_temp.valor(dinero jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT (dinero->>'unidades')::numeric * CASE dinero->>'moneda' WHEN 'JPY' THEN 1 WHEN 'CLP' THEN 1 WHEN 'KWD' THEN 0.001
                                          ELSE 0.01 END
$$
--;
CREATE OR REPLACE FUNCTION pg_temp.dinero(dinero jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('valor', pg_temp.valor(dinero)::text, 'moneda', dinero->'moneda')
$$
--;
CREATE OR REPLACE FUNCTION pg_temp.plegar(texto text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT translate(lower(texto), 'áéíóúñ', 'aeioun')
$$
--; clientes_campanias
INSERT INTO clientes_campanias
SELECT originator_id, convert_from(state, 'UTF8')::jsonb->>'cliente_id'
FROM campanias_events WHERE topic = 'CampaniaCreada.v1'
--; clientes_vinculos
INSERT INTO clientes_vinculos
SELECT c.originator_id, partner_id, coalesce(c.cliente_id, d.cliente_id, partner_id), c.cliente_id IS NOT NULL,
    c.campania_id, monto, moneda, creado_en, completado_en
FROM (
    SELECT originator_id, s->>'partner_id' AS partner_id, s->>'cliente_id' AS cliente_id,
        coalesce(s->>'campania_id', substring(s->>'cycle_id' FROM '^[A-Za-z0-9._-]{1,64}$')) AS campania_id,
        pg_temp.valor(s->'monto') AS monto, s->'monto'->>'moneda' AS moneda,
        coalesce(s->>'processed_at', s->>'timestamp')::timestamptz AS creado_en
    FROM (SELECT originator_id, convert_from(state, 'UTF8')::jsonb AS s FROM pagos_events WHERE topic = 'PagoCreado.v1') e
) c
LEFT JOIN clientes_campanias d ON d.campania_id = c.campania_id
LEFT JOIN (
    SELECT originator_id, (convert_from(state, 'UTF8')::jsonb->>'completed_at')::timestamptz AS completado_en
    FROM pagos_events WHERE topic = 'PagoConfirmado.v1'
) k ON k.originator_id = c.originator_id
--; clientes_totales
INSERT INTO clientes_totales
SELECT cliente_id, moneda, count(*), sum(monto) FROM clientes_vinculos WHERE completado_en IS NOT NULL GROUP BY 1, 2
--; clientes
INSERT INTO clientes (id, fecha_registro, fecha_actualizacion, estado, total_pagos, primer_pago, ultimo_pago,
    monto_total, moneda, version)
SELECT originator_id, registro, registro, 'ACTIVO', coalesce(t.total, 0), p.primero, p.ultimo, coalesce(t.monto, 0),
    t.moneda, originator_version
FROM (
    SELECT originator_id, originator_version, (convert_from(state, 'UTF8')::jsonb->>'timestamp')::timestamptz AS registro
    FROM clientes_events WHERE topic = 'ClienteRegistrado.v1'
) c
LEFT JOIN (
    SELECT cliente_id, sum(pagos) AS total, (array_agg(monto ORDER BY pagos DESC, moneda))[1] AS monto,
        (array_agg(moneda ORDER BY pagos DESC, moneda))[1] AS moneda
    FROM clientes_totales GROUP BY 1
) t ON t.cliente_id = originator_id
LEFT JOIN (
    SELECT cliente_id, min(completado_en) AS primero, max(completado_en) AS ultimo
    FROM clientes_vinculos WHERE completado_en IS NOT NULL GROUP BY 1
) p ON p.cliente_id = originator_id
--; clientes_por_estado
INSERT INTO clientes_por_estado SELECT estado, count(*) FROM clientes WHERE busqueda IS NOT NULL GROUP BY 1
--; payouts
INSERT INTO payouts
SELECT c.originator_id, s->>'partner_id', s->>'cycle_id', s->>'cliente_id', s->>'campania_id',
    pg_temp.valor(s->'monto'), s->'monto'->>'moneda',
    CASE WHEN k.v IS NOT NULL THEN 'COMPLETADO' WHEN f.v IS NOT NULL THEN 'FALLIDO' WHEN p.v IS NOT NULL THEN 'PROCESANDO'
         ELSE 'PENDIENTE' END,
    s->>'payment_method_type', s->>'payment_method_mask', (s->>'reportado')::boolean, coalesce(p.intento, 0), false,
    k.confirmacion, f.codigo, f.motivo, c.creado,
    coalesce(k.completado, f.fallado, p.procesado, c.creado), coalesce(p.procesado, k.completado), k.completado,
    coalesce(f.v + 1, k.v, p.v, 2)
FROM (
    SELECT *, coalesce(s->>'processed_at', s->>'timestamp')::timestamptz AS creado
    FROM (SELECT originator_id, convert_from(state, 'UTF8')::jsonb AS s FROM pagos_events WHERE topic = 'PagoCreado.v1') e
) c
LEFT JOIN (
    SELECT originator_id, originator_version AS v, (s->>'intento')::bigint AS intento,
        (s->>'processed_at')::timestamptz AS procesado
    FROM (SELECT *, convert_from(state, 'UTF8')::jsonb AS s FROM pagos_events WHERE topic = 'PagoProcesado.v1') e
) p ON p.originator_id = c.originator_id
LEFT JOIN (
    SELECT originator_id, originator_version AS v, s->>'confirmation_id' AS confirmacion,
        (s->>'completed_at')::timestamptz AS completado
    FROM (SELECT *, convert_from(state, 'UTF8')::jsonb AS s FROM pagos_events WHERE topic = 'PagoConfirmado.v1') e
) k ON k.originator_id = c.originator_id
LEFT JOIN (
    SELECT originator_id, originator_version AS v, s->>'codigo' AS codigo, s->>'motivo' AS motivo,
        (s->>'failed_at')::timestamptz AS fallado
    FROM (SELECT *, convert_from(state, 'UTF8')::jsonb AS s FROM pagos_events WHERE topic = 'PagoFallido.v1') e
) f ON f.originator_id = c.originator_id
--; transactions
INSERT INTO transactions
SELECT originator_id || '-' || originator_version, originator_id, partner_id,
    CASE topic WHEN 'PagoComisionCalculada.v1' THEN 'COMISION' ELSE 'REVERSO_COMISION' END,
    CASE topic WHEN 'PagoComisionCalculada.v1' THEN 1 ELSE -1 END * pg_temp.valor(s->'comision'), s->'comision'->>'moneda',
    topic, (s->>'timestamp')::timestamptz
FROM (
    SELECT *, convert_from(state, 'UTF8')::jsonb AS s FROM pagos_events
    WHERE topic IN ('PagoComisionCalculada.v1', 'PagoComisionRevertida.v1')
) e JOIN payouts ON id = originator_id
--; payouts_por_estado
INSERT INTO payouts_por_estado SELECT estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2
--; payouts_por_dia
INSERT INTO payouts_por_dia
SELECT (fecha_creacion AT TIME ZONE 'UTC')::date, estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2, 3
--; payouts_por_partner
INSERT INTO payouts_por_partner SELECT partner_id, estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2, 3
--; payouts_por_partner_y_mes
INSERT INTO payouts_por_partner_y_mes
SELECT partner_id, date_trunc('month', fecha_creacion AT TIME ZONE 'UTC')::date, estado, moneda, count(*), sum(monto)
FROM payouts GROUP BY 1, 2, 3, 4
--; payouts_por_tramo
INSERT INTO payouts_por_tramo
SELECT trunc(monto, 2 - floor(log(monto))::int), estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2, 3
--; payouts_referencias
INSERT INTO payouts_referencias
SELECT partner_id, cycle_id, E'\n' || pg_temp.plegar(partner_id) || E'\n' || pg_temp.plegar(cycle_id) || E'\n',
    count(*), max(fecha_creacion), (array_agg(id ORDER BY fecha_creacion DESC, id DESC))[1]
FROM payouts GROUP BY 1, 2
--; campanias
INSERT INTO campanias
SELECT originator_id, s->>'nombre', s->>'cliente_id', 'PENDIENTE', ARRAY(SELECT jsonb_array_elements_text(s->'itinerario')),
    pg_temp.valor(nullif(s->'presupuesto', 'null')), 0, s->>'moneda', (s->>'fecha_inicio')::timestamptz,
    (s->>'fecha_fin')::timestamptz, NULL, creada, creada,
    E'\n' || pg_temp.plegar(s->>'nombre') || E'\n' || pg_temp.plegar(originator_id) || E'\n', originator_version
FROM (
    SELECT *, (s->>'timestamp')::timestamptz AS creada
    FROM (SELECT *, convert_from(state, 'UTF8')::jsonb AS s FROM campanias_events WHERE topic = 'CampaniaCreada.v1') e
) c
--; campanias_por_estado
INSERT INTO campanias_por_estado SELECT estado, count(*) FROM campanias GROUP BY 1
--; campanias_por_cliente
INSERT INTO campanias_por_cliente SELECT cliente_id, estado, count(*) FROM campanias GROUP BY 1, 2
--; por_procesar
INSERT INTO por_procesar
SELECT originator_id, 'PENDIENTE', 1, false, (s->>'timestamp')::timestamptz, (s->>'timestamp')::timestamptz
FROM (SELECT *, convert_from(state, 'UTF8')::jsonb AS s FROM pagos_events WHERE topic = 'PagoCreado.v1') e
WHERE NOT (s->>'reportado')::boolean
--; event_store
INSERT INTO event_store
SELECT modulo || ':' || notification_id, originator_id, agregado, topic,
    CASE topic
        WHEN 'PagoCreado.v1' THEN carga || jsonb_build_object('monto', pg_temp.dinero(s->'monto'))
        WHEN 'PagoComisionCalculada.v1' THEN carga
            || jsonb_build_object('comision', pg_temp.dinero(s->'comision'), 'base', pg_temp.dinero(s->'base'))
        WHEN 'PagoComisionRevertida.v1' THEN carga || jsonb_build_object('comision', pg_temp.dinero(s->'comision'))
        WHEN 'CampaniaCreada.v1' THEN CASE WHEN s->'presupuesto' = 'null' THEN carga
            ELSE carga || jsonb_build_object('presupuesto', pg_temp.dinero(s->'presupuesto')) END
        ELSE carga END,
    (s->>'timestamp')::timestamptz, modulo, notification_id, originator_version,
    CASE WHEN s->>'actor_tipo' = s->>'actor_id' THEN s->>'actor_id' ELSE (s->>'actor_tipo') || ':' || (s->>'actor_id') END,
    s->>'correlation_id', s->>'causation_id'
FROM (
    SELECT *, s - '{timestamp,correlation_id,causation_id,actor_tipo,actor_id,huella_email,huella_cedula,_sellado}'::text[]
        AS carga
    FROM (
        SELECT *, convert_from(state, 'UTF8')::jsonb AS s
        FROM (
            SELECT 'cliente' AS modulo, 'Cliente' AS agregado, * FROM clientes_events
            UNION ALL SELECT 'pagos', 'Payout', * FROM pagos_events
            UNION ALL SELECT 'campanias', 'Campania', * FROM campanias_events
        ) logs
        WHERE topic NOT LIKE 'Reserva%' AND topic NOT LIKE 'Espera%'
    ) leidos
) e
