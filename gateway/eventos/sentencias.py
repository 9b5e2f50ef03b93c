"""The SQL of an append: always one autocommit statement, so that an append is one round trip and needs no lock."""

# ruff: noqa: S608 - what is put into these statements are table names, quoted

from functools import cache

from gateway.eventos.idempotencia import VENCIDO

EN_LINEA = 8
"""Up to so many events their values stand in the statement; beyond, arrays are cheaper."""

# A position that was passed already is no error to SQL: t is empty then, and {si_cuenta} keeps out all the rest.
_PARTES = {
    "tracking": """
        t AS (INSERT INTO {tracking} AS t VALUES (%(seguidor)s, %(hasta)s)
              ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id
              WHERE t.notification_id < excluded.notification_id
              AND t.notification_id = coalesce(%(desde)s, t.notification_id) RETURNING notification_id)""",
    "eventos": """
        e AS (INSERT INTO {eventos} (originator_id, originator_version, topic, state)
              SELECT * FROM unnest(%(ids)s::text[], %(versiones)s::bigint[], %(topics)s::text[], %(estados)b::bytea[])
              {si_cuenta} RETURNING notification_id)""",
    "claves": """
        k AS (INSERT INTO public.claves (sujeto, clave)
              SELECT * FROM unnest(%(sujetos)s::text[], %(claves)b::bytea[]) {si_cuenta})""",
    "olvidos": """
        o AS (INSERT INTO public.claves (sujeto, destruida)
              SELECT sujeto, now() FROM unnest(%(olvidos)s::text[]) AS sujeto {si_cuenta}
              ON CONFLICT (sujeto) DO UPDATE
              SET clave = NULL, destruida = coalesce(claves.destruida, excluded.destruida))""",
    "buzon": """
        b AS (INSERT INTO public.buzon (consumidor, clave)
              SELECT %(consumidor)s, unnest(%(mensajes)s::text[]) {si_cuenta})""",
    # Every use forgets two that are too old, so that the table needs no cleaning.
    "idempotencia": """
        v AS (DELETE FROM public.idempotencia WHERE ctid = ANY(ARRAY(
              SELECT ctid FROM public.idempotencia WHERE {vencido} ORDER BY creado LIMIT 2 FOR UPDATE SKIP LOCKED))),
        i AS (INSERT INTO public.idempotencia (actor, ruta, clave, huella, agregado_id, version, posicion)
              SELECT %(actor)s, %(ruta)s, %(clave)s, %(huella)b, %(agregado)s, %(version)s, coalesce(
                  (SELECT max(notification_id) FROM e),
                  (SELECT notification_id FROM {eventos} WHERE originator_id = %(agregado)s
                   ORDER BY originator_version DESC LIMIT 1), 0) {si_cuenta})""",
}


class Sentencias:
    """Statements over one event table and its tracking table (names with their schema, quoted).

    ``simple`` and ``compuesta`` are made once for each form, so that the server prepares few statements.
    ``flujo`` reads one stream, upwards or downwards.
    """

    def __init__(self, eventos: str, tracking: str) -> None:
        self._eventos, self._tracking = eventos, tracking
        self.simple = cache(self._simple)
        self.compuesta = cache(self._compuesta)
        flujo = (
            f"SELECT originator_version, topic, state FROM {eventos} WHERE originator_id = %s"
            " AND originator_version > %s AND originator_version <= %s ORDER BY originator_version"
        )
        self.flujo = (f"{flujo} LIMIT %s", f"{flujo} DESC LIMIT %s")
        self.propios = (
            f"SELECT topic, state, notification_id FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS n (i, v, o)"
            f" JOIN {eventos} ON originator_id = i AND originator_version = v ORDER BY o"
        )
        self.ultima = (
            f"SELECT notification_id FROM {eventos} WHERE originator_id = %s ORDER BY originator_version DESC LIMIT 1"
        )

    def _simple(self, cuantos: int, con_clave: bool) -> str:
        """Append ``cuantos`` events, with a new person's key or alone. Parameters: two for the key, four an event.

        They are numbered, as the server itself counts them: see ``Conexion.enviar``.
        """
        clave = "WITH k AS (INSERT INTO public.claves (sujeto, clave) VALUES ($1, $2)) " if con_clave else ""
        primero = 3 if con_clave else 1
        filas = ", ".join(f"(${n}, ${n + 1}, ${n + 2}, ${n + 3})" for n in range(primero, primero + 4 * cuantos, 4))
        columnas = "(originator_id, originator_version, topic, state)"
        return f"{clave}INSERT INTO {self._eventos} {columnas} VALUES {filas} RETURNING notification_id"

    def _compuesta(self, **usadas: bool) -> str:
        """Append events together with the parts that are ``usadas``. Yields whether tracking moved, and positions."""
        con_tracking = usadas["tracking"]
        partes = ",".join(parte for nombre, parte in _PARTES.items() if usadas.get(nombre, nombre == "eventos"))
        partes = partes.format(
            eventos=self._eventos,
            tracking=self._tracking,
            vencido=VENCIDO,
            si_cuenta="WHERE EXISTS (SELECT FROM t)" if con_tracking else "",
        )
        conto = "EXISTS (SELECT FROM t)" if con_tracking else "true"
        return f"WITH {partes} SELECT {conto}, ARRAY(SELECT notification_id FROM e ORDER BY notification_id)"
