"""Rows between memory and tables, many at a time, on the driver's own cursor (psycopg 3)."""
# ruff: noqa: S608  # names of tables and columns come from the code's own declarations

from collections.abc import Collection, Sequence
from typing import Any

from projections.motor.proyeccion import Cambios
from projections.motor.tabla import F, Tabla

POCAS = 50
"""Rows up to which one statement each, pipelined, beats COPY (measured)."""


def traer(cursor: Any, tabla: Tabla[F], claves: Collection[str]) -> dict[str, F]:
    """The stored rows with those keys, by key."""
    columnas = ", ".join(tabla.columnas)
    cursor.execute(f"SELECT {columnas} FROM {tabla.nombre} WHERE {tabla.clave} = ANY(%b)", (list(claves),))
    filas = [tabla.fila(*valores) for valores in cursor.fetchall()]
    return {tabla.clave_de(fila): fila for fila in filas}


def escribir(cursor: Any, cambios: Cambios[Any], lineas: Collection[Tabla[Any]]) -> None:
    """Make the tables hold what a batch left in memory."""
    tabla, antes = cambios.tabla, cambios.antes
    sobra = tabla.sobra or (lambda _: False)
    quedan = {clave: fila for clave, fila in cambios.ahora.items() if not sobra(fila)}
    quitar(cursor, tabla, antes.keys() - quedan.keys())
    agregar(cursor, tabla, [fila for clave, fila in quedan.items() if clave not in antes])
    cambiar(cursor, tabla, [fila for clave, fila in quedan.items() if clave in antes])
    for destino in lineas:
        agregar(cursor, destino, [linea for linea in cambios.lineas if type(linea) is destino.fila])


def agregar(cursor: Any, tabla: Tabla[F], filas: Sequence[F]) -> None:
    """Store new rows."""
    if len(filas) > POCAS:
        _copiar(cursor, tabla, tabla.nombre, filas)
    elif filas:
        if "jsonb" in tabla.tipos:
            _admitir_json(cursor)
        huecos = ", ".join(["%s"] * len(tabla.columnas))
        orden = f"INSERT INTO {tabla.nombre} ({', '.join(tabla.columnas)}) VALUES ({huecos})"
        cursor.executemany(orden, [tabla.valores(fila) for fila in filas])


def cambiar(cursor: Any, tabla: Tabla[F], filas: Sequence[F]) -> None:
    """Store changed rows over the ones with their keys."""
    if not filas:
        return
    resto = [columna for columna in tabla.columnas if columna != tabla.clave]
    if len(filas) <= POCAS:
        asignar = ", ".join(f"{columna} = %({columna})s" for columna in resto)
        orden = f"UPDATE {tabla.nombre} SET {asignar} WHERE {tabla.clave} = %({tabla.clave})s"
        cursor.executemany(orden, [dict(zip(tabla.columnas, tabla.valores(fila), strict=True)) for fila in filas])
        return
    temporal = f"cambio_de_{tabla.nombre}"
    cursor.execute(f"CREATE TEMPORARY TABLE {temporal} (LIKE {tabla.nombre}) ON COMMIT DROP")
    _copiar(cursor, tabla, temporal, filas)
    asignar = ", ".join(f"{columna} = n.{columna}" for columna in resto)
    cursor.execute(f"UPDATE {tabla.nombre} t SET {asignar} FROM {temporal} n WHERE t.{tabla.clave} = n.{tabla.clave}")


def quitar(cursor: Any, tabla: Tabla[Any], claves: Collection[str]) -> None:
    """Delete the rows with those keys."""
    if claves:
        cursor.execute(f"DELETE FROM {tabla.nombre} WHERE {tabla.clave} = ANY(%b)", (list(claves),))


def _admitir_json(cursor: Any) -> None:
    # The driver stores a dict as jsonb when it is told the column's type (COPY), not when it has to guess.
    mapa = cursor.adapters
    mapa.register_dumper(dict, mapa.get_dumper_by_oid(mapa.types["jsonb"].oid, 1))


def _copiar(cursor: Any, tabla: Tabla[F], destino: str, filas: Sequence[F]) -> None:
    columnas = ", ".join(tabla.columnas)
    with cursor.copy(f"COPY {destino} ({columnas}) FROM STDIN (FORMAT BINARY)") as copia:
        copia.set_types(tabla.tipos)
        for fila in filas:
            copia.write_row(tabla.valores(fila))
