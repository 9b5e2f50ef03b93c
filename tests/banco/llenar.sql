-- Query tables filled at once, as the projections would have left them: lists are measured, not the way there.
-- banco.payouts, banco.clientes: how many of each (and as many campaigns as clients). In 540 days, whatever the number:
-- a fifth of the payouts are of PARTNER001, the others of 400 partners.

SELECT setseed(0.42);

INSERT INTO clientes (id, nombre, email, cedula, fecha_nacimiento, fecha_registro, fecha_actualizacion, estado,
    total_pagos, monto_total, nombre_plegado, busqueda, version)
SELECT 'c' || n, nombre, email, '9' || lpad(n::text, 9, '0'), timestamptz '1990-01-01Z', fecha, fecha, 'ACTIVO',
    0, 0, plegado, E'\n' || plegado || E'\n' || email || E'\n', 1
FROM (
    -- Only what these names hold: the projections fold in Python.
    SELECT *, translate(lower(nombre), 'áéíóúñ', 'aeioun') AS plegado
    FROM (
        SELECT n, 'c' || n || '@ejemplo.co' AS email,
            (ARRAY['Ana', 'Bruno', 'Carla', 'Diego', 'Elena', 'Fabián', 'Gloria', 'Hugo', 'Inés', 'Julián', 'Lucía',
                'Tomás'])[1 + floor(random() * 12)::int] || ' ' ||
            (ARRAY['Gómez', 'Díaz', 'Ñáñez', 'Rojas', 'Peña', 'Vargas', 'Muñoz', 'Salazar', 'Quintero',
                'Zapata'])[1 + floor(random() * 10)::int] AS nombre,
            timestamptz '2025-01-01Z' + floor(random() * 540 * 86400) * interval '1 second' AS fecha
        FROM generate_series(1, current_setting('banco.clientes')::int) AS n
    ) quienes
) plegados;
INSERT INTO clientes_por_estado SELECT estado, count(*) FROM clientes GROUP BY 1;

INSERT INTO campanias (id, nombre, cliente_id, estado, itinerario, presupuesto, gasto_actual, moneda, fecha_creacion,
    fecha_actualizacion, busqueda, version)
SELECT 'K' || n, 'Campaña ' || n,
    CASE WHEN random() < 0.01 THEN 'c1'
         ELSE 'c' || (1 + floor(random() * current_setting('banco.clientes')::int)) END,
    (ARRAY['PENDIENTE', 'APROBADA', 'ACTIVA', 'PAUSADA', 'FINALIZADA', 'CANCELADA'])[1 + floor(random() * 6)::int],
    '{}', 1000, 0, 'USD', fecha, fecha, E'\ncampana ' || n || E'\nk' || n || E'\n', 1
FROM (
    SELECT n, timestamptz '2025-01-01Z' + floor(random() * 540 * 86400) * interval '1 second' AS fecha
    FROM generate_series(1, current_setting('banco.clientes')::int) AS n
) fechas;
INSERT INTO campanias_por_estado SELECT estado, count(*) FROM campanias GROUP BY 1;
INSERT INTO campanias_por_cliente SELECT cliente_id, estado, count(*) FROM campanias GROUP BY 1, 2;

INSERT INTO payouts (id, partner_id, cycle_id, monto, moneda, estado, payment_method_type, payment_method_mask,
    reportado, intento, desconocido, fecha_creacion, fecha_actualizacion, fecha_procesamiento, fecha_completado, version)
SELECT 'payout-' || left(ms, 8) || '-' || right(ms, 4) || '-7' || left(azar, 3) || '-8' || substr(azar, 4, 3) || '-'
        || right(azar, 12),
    partner, to_char(fecha, 'YYYY-MM'), monto, moneda, estado, 'tarjeta', '****1234', true, 1, false, fecha, fecha, fecha,
    CASE WHEN estado IN ('COMPLETADO', 'REVERTIDO') THEN fecha END, 4
FROM (
    SELECT fecha, azar, lpad(to_hex((extract(epoch FROM fecha) * 1000)::bigint), 12, '0') AS ms,
        CASE WHEN de_quien < 0.2 THEN 'PARTNER001'
             ELSE 'PARTNER' || lpad((2 + floor(de_quien * 500 - 100))::text, 3, '0') END AS partner,
        CASE WHEN que_moneda < 0.7 THEN 'USD' WHEN que_moneda < 0.9 THEN 'EUR' ELSE 'BRL' END AS moneda,
        CASE WHEN destino < 0.7 THEN 'COMPLETADO' WHEN destino < 0.8 THEN 'PENDIENTE' WHEN destino < 0.85 THEN 'PROCESANDO'
             WHEN destino < 0.93 THEN 'FALLIDO' WHEN destino < 0.97 THEN 'CANCELADO' ELSE 'REVERTIDO' END AS estado,
        round((10 + cuanto * 4990)::numeric, 2) AS monto
    FROM (
        SELECT timestamptz '2025-01-01Z' + floor(random() * 540 * 86400) * interval '1 second' AS fecha,
            md5(random()::text) AS azar, random() AS de_quien, random() AS que_moneda, random() AS destino,
            random() AS cuanto
        FROM generate_series(1, current_setting('banco.payouts')::int)
    ) suertes
) pagos
ORDER BY fecha;
INSERT INTO payouts_por_estado SELECT estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2;
INSERT INTO payouts_por_dia
    SELECT (fecha_creacion AT TIME ZONE 'UTC')::date, estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2, 3;
INSERT INTO payouts_por_partner
    SELECT partner_id, estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2, 3;
INSERT INTO payouts_por_partner_y_mes
    SELECT partner_id, date_trunc('month', fecha_creacion AT TIME ZONE 'UTC')::date, estado, moneda, count(*), sum(monto)
    FROM payouts GROUP BY 1, 2, 3, 4;
INSERT INTO payouts_por_tramo
    SELECT trunc(monto, 2 - floor(log(monto))::int), estado, moneda, count(*), sum(monto) FROM payouts GROUP BY 1, 2, 3;
INSERT INTO payouts_referencias
    SELECT partner_id, cycle_id, E'\n' || lower(partner_id) || E'\n' || lower(cycle_id) || E'\n', count(*),
        max(fecha_creacion), (array_agg(id ORDER BY fecha_creacion DESC, id DESC))[1]
    FROM payouts GROUP BY 1, 2;
