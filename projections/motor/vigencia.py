"""Whether what was read before is what would be read now."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

# Tables change with a position or with the generation that is active, and when a parked stream is taken up again.
_MARCAS = text(
    "SELECT s.proyeccion, string_agg(s.marca, ' ' ORDER BY s.marca) || ' ' ||"
    " (SELECT count(*) || '.' || coalesce(sum(a.posicion), 0) FROM aparcados a WHERE a.proyeccion = s.proyeccion)"
    " FROM (SELECT split_part(application_name, ':', 1) AS proyeccion,"
    "  application_name || '=' || notification_id || '@' || epoca AS marca"
    "  FROM seguimiento WHERE esquema = 'public') s GROUP BY s.proyeccion"
)


def marcas(con: Connection) -> Mapping[str, str]:
    """A mark for each read model, by name: while it is the same, so are the tables that readers see."""
    return {fila[0]: fila[1] for fila in con.execute(_MARCAS)}
