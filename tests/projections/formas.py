"""The checked-in list of what each version of each read model looks like, and how to add to it.

``python -m tests.projections.formas`` writes the versions that are new. It changes none that is there: tables that
were ever made by a version look like that, and changed code gets a new one.
"""

import json
from pathlib import Path
from typing import Any

from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.motor.tabla import Tabla
from projections.registro import CODIGO

ARCHIVO = Path(__file__).with_suffix(".json")
Forma = dict[str, Any]


def guardadas() -> dict[str, Forma]:
    """The list as it is checked in."""
    leidas: dict[str, Forma] = json.loads(ARCHIVO.read_text()) if ARCHIVO.exists() else {}
    return leidas


def presentes() -> dict[str, Forma]:
    """The list as the code is now."""
    return {f"{una.nombre} v{una.version}": describir(una) for una in CODIGO}


def describir(proyeccion: Proyeccion) -> Forma:
    """Its tables, with their columns as PostgreSQL knows them, and what its switchboards take from each log."""
    return {
        "tablas": {tabla.nombre: _columnas(tabla) for tabla in proyeccion.tablas},
        "eventos": {conmutador.aplicacion: _eventos(conmutador) for conmutador in proyeccion.conmutadores},
    }


def _columnas(tabla: Tabla[Any]) -> dict[str, str]:
    clave = ", ".join((tabla.clave, *tabla.resto_de_clave))
    return {"(clave)": clave, **dict(zip(tabla.columnas, tabla.declaraciones, strict=True))}


def _eventos(conmutador: Conmutador[Any]) -> dict[str, list[str]]:
    return {"dobla": sorted(conmutador.atendidos), "ignora": sorted(conmutador.ignorados)}


if __name__ == "__main__":
    ARCHIVO.write_text(json.dumps(presentes() | guardadas(), indent=1, ensure_ascii=False, sort_keys=True) + "\n")
