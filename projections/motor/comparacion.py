"""What differs between two sets of a read model's tables, found by the database itself."""
# ruff: noqa: S608  # names of tables and columns come from the code's own declarations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from projections.motor.tabla import Tabla

AGREGADA, QUITADA, CAMBIADA = "agregada", "quitada", "cambiada"
MUESTRA = 5
"""Rows shown of each kind of difference."""

_TIEMPOS = {"date", "timestamp with time zone"}
_COLUMNAS = """
    SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""


@dataclass(frozen=True)
class Diferencia:
    """A row of which only one side has it, or whose ``campo`` is the first in which the sides differ."""

    clave: tuple[str, ...]
    tipo: str
    campo: str | None = None
    antes: Any = None
    despues: Any = None


@dataclass(frozen=True)
class Suma:
    """What a column adds up to in one currency, in major units; None where no row has the currency."""

    columna: str
    moneda: str
    antes: Decimal | None
    despues: Decimal | None


@dataclass(frozen=True)
class Informe:
    """One table compared. ``columnas_nuevas`` and ``columnas_quitadas`` are in one side only, or of another type
    there; the rows are compared by the others."""

    tabla: str
    filas_antes: int
    filas_despues: int
    agregadas: int = 0
    quitadas: int = 0
    cambiadas: int = 0
    muestra: tuple[Diferencia, ...] = ()
    sumas: tuple[Suma, ...] = ()
    columnas_nuevas: tuple[str, ...] = ()
    columnas_quitadas: tuple[str, ...] = ()

    @property
    def iguales(self) -> bool:
        """Whether no row was added, removed or changed."""
        return not (self.agregadas or self.quitadas or self.cambiadas)

    @property
    def sumas_que_difieren(self) -> tuple[Suma, ...]:
        return tuple(suma for suma in self.sumas if suma.antes != suma.despues)

    def resumen(self) -> dict[str, Any]:
        """As JSON to be kept: samples without values, which may be a person's, and sums as texts."""
        muestra = [{"clave": una.clave, "tipo": una.tipo, "campo": una.campo} for una in self.muestra]
        sumas = [{clave: None if valor is None else str(valor) for clave, valor in asdict(una).items()}
                 for una in self.sumas]  # fmt: skip
        return {**asdict(self), "muestra": muestra, "sumas": sumas}


def comparar(cursor: Any, tabla: Tabla[Any], antes: str, despues: str, muestra: int = MUESTRA) -> Informe:
    """Compare a table as it is in two schemas. ``cursor`` is the driver's, in one snapshot.

    ``muestra`` is how many rows of each kind are shown. A table that one schema lacks counts as empty there.
    """
    return _Comparacion(cursor, tabla, antes, despues).informe(muestra)


class _Comparacion:
    def __init__(self, cursor: Any, tabla: Tabla[Any], antes: str, despues: str) -> None:
        self._cursor, self._tabla = cursor, tabla
        self._a, self._b = f"{antes}.{tabla.nombre}", f"{despues}.{tabla.nombre}"
        self._de_a, self._de_b = self._columnas_de(self._a), self._columnas_de(self._b)
        self._clave = (tabla.clave, *tabla.resto_de_clave)
        self._comunes = [una for una, tipo in self._de_b.items() if self._de_a.get(una) == tipo]

    def informe(self, muestra: int) -> Informe:
        tabla = self._tabla.nombre
        nuevas = tuple(una for una in self._de_b if una not in self._comunes)
        quitadas = tuple(una for una in self._de_a if una not in self._comunes)
        if not set(self._clave) <= set(self._comunes):
            en_a, en_b = self._contar(self._a, self._de_a), self._contar(self._b, self._de_b)
            return Informe(tabla, en_a, en_b, en_b, en_a, columnas_nuevas=nuevas, columnas_quitadas=quitadas)
        (en_a, huella_a), (en_b, huella_b) = self._huella(self._a), self._huella(self._b)
        cuentas = self._cuentas() if (en_a, huella_a) != (en_b, huella_b) else {}
        return Informe(
            tabla,
            en_a,
            en_b,
            agregadas=cuentas.get(AGREGADA, 0),
            quitadas=cuentas.get(QUITADA, 0),
            cambiadas=cuentas.get(CAMBIADA, 0),
            muestra=tuple(una for tipo in cuentas for una in self._muestra(tipo, muestra)),
            sumas=self._sumas(),
            columnas_nuevas=nuevas,
            columnas_quitadas=quitadas,
        )

    def _columnas_de(self, nombre: str) -> dict[str, str]:
        return dict(self._cursor.execute(_COLUMNAS, (nombre,)).fetchall())

    def _contar(self, nombre: str, columnas: dict[str, str]) -> int:
        return self._cursor.execute(f"SELECT count(*) FROM {nombre}").fetchone()[0] if columnas else 0

    def _huella(self, nombre: str) -> tuple[int, Decimal]:
        """Number and hash of the rows, whatever their order. Amounts are the same with more zeros at their end."""
        valores = (f"trim_scale({una})" if self._de_b[una] == "numeric" else una for una in self._comunes)
        consulta = f"SELECT count(*), sum(hashtextextended(ROW({', '.join(valores)})::text, 0)) FROM {nombre}"
        cuantas, huella = self._cursor.execute(consulta).fetchone()
        return cuantas, huella

    @property
    def _diferentes(self) -> str:
        a, b = (", ".join(f"{lado}.{una}" for una in self._comunes) for lado in "ab")
        clave = self._clave[0]
        return (
            f"SELECT CASE WHEN a.{clave} IS NULL THEN '{AGREGADA}' WHEN b.{clave} IS NULL THEN '{QUITADA}'"
            f" ELSE '{CAMBIADA}' END AS tipo, {{}} FROM {self._a} a FULL JOIN {self._b} b"
            f" USING ({', '.join(self._clave)})"
            f" WHERE a.{clave} IS NULL OR b.{clave} IS NULL OR ROW({a}) IS DISTINCT FROM ROW({b})"
        )

    def _cuentas(self) -> dict[str, int]:
        consulta = f"SELECT tipo, count(*) FROM ({self._diferentes.format('1')}) AS d GROUP BY tipo"
        return dict(self._cursor.execute(consulta).fetchall())

    def _muestra(self, tipo: str, cuantas: int) -> Sequence[Diferencia]:
        distintas = ", ".join(f"a.{una} IS DISTINCT FROM b.{una}" for una in self._comunes)
        lados = ", ".join(f"{self._legible(lado, una)} AS {lado}_{una}" for lado in "ab" for una in self._comunes)
        lados = f"ARRAY[{distintas}] AS distintas, {lados}"
        claves, vistas = ", ".join(self._clave), [f"{lado}_{una}" for lado in "ab" for una in self._comunes]
        columnas = ", ".join(("tipo", *(self._legible("d", una) for una in self._clave), "distintas", *vistas))
        consulta = (
            f"SELECT {columnas} FROM ({self._diferentes.format(f'{claves}, {lados}')}) AS d WHERE tipo = '{tipo}'"
            f" ORDER BY {claves} LIMIT {cuantas}"
        )
        return [self._diferencia(*fila) for fila in self._cursor.execute(consulta).fetchall()]

    def _legible(self, lado: str, columna: str) -> str:
        """Times as ISO 8601 texts: somebody may have written ``infinity`` by hand, or a year that Python can't hold."""
        valor = f"{lado}.{columna}"
        return f"to_json({valor}) #>> '{{}}'" if self._de_b[columna] in _TIEMPOS else valor

    def _diferencia(self, tipo: str, *valores: Any) -> Diferencia:
        clave, (distintas, *resto) = tuple(map(str, valores[: len(self._clave)])), valores[len(self._clave) :]
        if tipo != CAMBIADA:
            return Diferencia(clave, tipo)
        # The database tells which: what is not the same to it may be so to Python, as true and 1 in a document.
        cual = distintas.index(True)
        return Diferencia(clave, tipo, self._comunes[cual], resto[cual], resto[len(self._comunes) + cual])

    def _sumas(self) -> tuple[Suma, ...]:
        columnas = [una for una in self._comunes if self._de_b[una] == "numeric" and una not in self._clave]
        if "moneda" not in self._comunes or not columnas:
            return ()
        sumas = ", ".join(f"sum({una})" for una in columnas)
        a, b = (
            {moneda: resto for moneda, *resto in self._cursor.execute(
                f"SELECT moneda, {sumas} FROM {lado} WHERE moneda IS NOT NULL GROUP BY moneda").fetchall()}
            for lado in (self._a, self._b)
        )  # fmt: skip
        nada = [None] * len(columnas)
        return tuple(
            Suma(columna, moneda, a.get(moneda, nada)[indice], b.get(moneda, nada)[indice])
            for moneda in sorted(a.keys() | b.keys())
            for indice, columna in enumerate(columnas)
        )
