"""What a rebuild would take, told beforehand: events, time and disk, from a sample folded aside."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from projections.motor import generaciones
from projections.motor.conduccion import Taller
from projections.motor.generaciones import ACTIVA, PUBLICO, Generacion
from projections.motor.marcha import Avance
from projections.motor.obra import deshacer, doblar_en, recoger_abandonados
from projections.motor.proyeccion import Proyeccion
from projections.motor.reconstruccion import vigente

MUESTRA = 20_000
"""Events folded to measure the rate."""
LOTE = 1000
"""Events of the sample between two measures."""
HOLGURA = 1.5
"""How much longer than by the sample's slow parts it may take: indexes grow, and tables are compared at the end."""

_DISCO = text(
    "SELECT coalesce(sum(pg_total_relation_size(to_regclass(nombre))), 0)"
    " FROM unnest(CAST(:nombres AS text[])) AS nombre"
)


@dataclass(frozen=True)
class Plan:
    """``eventos``: how many of each stored name, by application; ``ignorados`` are those that it only passes.

    ``ritmo`` in events a second, ``segundos`` (at least, likely, at most); None without an event to measure.
    ``disco_ahora``, ``disco_nueva``: bytes of the active generation's tables and indexes, and of the new one's.
    """

    proyeccion: str
    version: int
    eventos: Mapping[str, Mapping[str, int]]
    ignorados: int
    muestreados: int
    ritmo: float | None
    segundos: tuple[float, float, float] | None
    disco_ahora: int
    disco_nueva: int

    @property
    def total(self) -> int:
        """Events to pass."""
        return sum(cuantos for tipos in self.eventos.values() for cuantos in tipos.values())


def planear(nombre: str, taller: Taller) -> Plan:
    """Count, fold a sample in a scratch schema, dropped whatever happens, and reckon. Nothing that is read changes.

    Raises SinGeneracion, and the driver's errors.
    """
    recoger_abandonados(taller.motor)
    codigo = vigente(nombre, taller.proyecciones)
    cabezas = {una: taller.logs[una].cabeza() for una in dict.fromkeys(codigo.aplicaciones)}
    eventos = {una: dict(taller.logs[una].tipos(cabeza)) for una, cabeza in cabezas.items()}
    total = sum(sum(tipos.values()) for tipos in eventos.values())
    parte = min(1.0, MUESTRA / total) if total else 0.0
    esquema = f"plan_{nombre}_{secrets.token_hex(4)}"
    try:
        medida = _Medida(taller, codigo, esquema)
        medida.tomar({una: max(int(cabeza * parte), 1) for una, cabeza in cabezas.items()})
        with taller.motor.connect() as conexion:
            ahora, nueva = _disco(conexion, codigo, esquema, cabezas, total / medida.hechos if medida.hechos else 1.0)
    finally:
        deshacer(taller.motor, esquema)
    return Plan(
        nombre,
        codigo.version,
        eventos,
        sum(
            cuantos
            for conmutador in codigo.conmutadores
            for tipo, cuantos in eventos[conmutador.aplicacion].items()
            if tipo in conmutador.ignorados
        ),
        medida.hechos,
        medida.ritmo,
        medida.segundos(total),
        ahora,
        nueva,
    )


class _Medida:
    """How fast the sample goes, batch by batch."""

    def __init__(self, taller: Taller, codigo: Proyeccion, esquema: str) -> None:
        self._taller, self._codigo, self._esquema = taller, codigo, esquema
        self._momentos: list[tuple[float, int]] = []
        self.hechos = 0

    def tomar(self, hasta: Mapping[str, int]) -> None:
        self._momentos.append((time.monotonic(), 0))
        taller = self._taller
        doblar_en(self._esquema, self._codigo, taller.logs, taller.motor, hasta, avance=self._anotar,
                  freno=taller.freno, limite=min(LOTE, taller.limite))  # fmt: skip

    @property
    def ritmo(self) -> float | None:
        """Events a second over the whole sample."""
        (inicio, _), (fin, hechos) = self._momentos[0], self._momentos[-1]
        return hechos / (fin - inicio) if hechos else None

    def segundos(self, total: int) -> tuple[float, float, float] | None:
        """At least, likely, at most, for so many events: by the fast batches, all of them, and the slow ones."""
        ritmo = self.ritmo
        if ritmo is None:
            return None
        pares = zip(self._momentos, self._momentos[1:], strict=False)
        ritmos = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in pares if b[1] > a[1] and b[0] > a[0])
        lento, rapido = ritmos[len(ritmos) // 10], ritmos[-1 - len(ritmos) // 10]
        return total / max(rapido, ritmo), total / ritmo, HOLGURA * total / min(lento, ritmo)

    def _anotar(self, avance: Avance) -> None:
        self._taller.avance(avance)
        self.hechos = avance.hechos
        if avance.hechos > self._momentos[-1][1]:
            self._momentos.append((time.monotonic(), avance.hechos))


def _disco(
    conexion: Connection, codigo: Proyeccion, esquema: str, cabezas: Mapping[str, int], veces: float
) -> tuple[int, int]:
    """Bytes now, and bytes of a new generation: as many as now, or the sample's so many times when there is less."""
    todas = generaciones.de(conexion, codigo.nombre)
    activa = next((una for una in todas if una.estado == ACTIVA), None)
    ahora = _ocupan(conexion, PUBLICO, activa.tablas) if activa else 0
    if activa is not None and _al_dia(conexion, activa, cabezas):
        return ahora, ahora
    return ahora, int(_ocupan(conexion, esquema, [tabla.nombre for tabla in codigo.tablas]) * veces)


def _al_dia(conexion: Connection, activa: Generacion, cabezas: Mapping[str, int]) -> bool:
    hay = generaciones.posiciones(conexion, activa)
    return all(hay.get(una, 0) >= 0.9 * cabeza for una, cabeza in cabezas.items())


def _ocupan(conexion: Connection, esquema: str, tablas: Any) -> int:
    return int(conexion.scalar(_DISCO, {"nombres": [f"{esquema}.{tabla}" for tabla in tablas]}) or 0)
