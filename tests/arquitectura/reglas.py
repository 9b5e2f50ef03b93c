"""The rules of the house, each a function from one file to the sentences it breaks."""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

CARPETAS = {"domain", "projections", "gateway", "bff", "tests", "docker"}
PUEDE_IMPORTAR = {
    "domain": {"domain", "eventsourcing"},
    "projections": {"projections", "domain", "eventsourcing", "eventsourcing_sqlalchemy", "sqlalchemy", "alembic"},
}
"""Rooms that may import these and the standard library, and nothing else."""
DEL_HEXAGONO = {
    "bff/domain/": r"bff\.domain\b",
    "bff/application/": r"bff\.(domain|application)\b",
    "bff/infrastructure/config.py": r"bff\b|gateway\.(acceso|config|variables|local\.(base|errores))\b",
    "bff/main.py": r"bff\b|gateway\.(registro|servidor)\b",
    "bff/": r"bff\b|gateway\.(acceso|bitacora|cuerpo|documento|entrada|metricas|paginas|rastro|registro)\b"
    r"|projections\.(\w+\.consultas|motor\.(foto|espera|vigencia)|payouts\.(filtro|agregados))\b",
}
"""What each ring of the BFF may import of our own rooms; the first that a file lies in."""
SALAS = ("domain", "projections", "gateway", "bff", "tests")
AJENAS = {"domain": {"tests"}, "projections": {"tests"}, "gateway": {"tests", "bff"}}
IMPURAS = {
    "asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "signal",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
"""Parts of the standard library by which a clock, the environment or the world would get into the domain."""
LLAMADAS_IMPURAS = {"now", "utcnow", "today", "open", "print", "input", "getenv", "uuid1", "uuid4"}
LECTORES_DEL_ENTORNO = {
    "gateway/config.py": "the one that reads settings",
    "bff/infrastructure/config.py": "the one that reads the BFF's",
    "gateway/servidor.py": "tells prometheus_client a folder, which it takes from nowhere else",
    "gateway/metricas.py": "asks whether that folder was told",
}
VAGAS = ("Manager", "Helper", "Utils", "Service")
LINEAS_DE_ARCHIVO, LINEAS_DE_FUNCION = 200, 40
LARGOS = {
    "domain/campanias/agregado.py": "the widest table of transitions, read in one place",
    "tests/domain/campanias/test_crear.py": "one row of the table a test",
}
DUERMEN = {
    "tests/eventualmente.py": "the one probe",
    "tests/gateway/eventos/test_esfuerzo.py": "writers that hold their transactions open are the load",
}


@dataclass(frozen=True)
class Archivo:
    """One file of Python: where it stands in the clone (with slashes), and its text."""

    ruta: str
    texto: str

    @property
    def sala(self) -> str:
        return self.ruta.split("/")[0]

    @cached_property
    def nodos(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.texto)))

    @cached_property
    def importados(self) -> set[str]:
        """Names of the top packages that it imports."""
        return {nombre.split(".")[0] for nombre in self._modulos()}

    def nombres(self) -> Iterator[str]:
        """What it imports, in full: of ``from a import b`` it is a.b, which may be a module too."""
        for nodo in self.nodos:
            if isinstance(nodo, ast.Import):
                yield from (alias.name for alias in nodo.names)
            elif isinstance(nodo, ast.ImportFrom):
                yield from (f"{nodo.module or self.sala}.{alias.name}" for alias in nodo.names)

    def _modulos(self) -> Iterator[str]:
        for nodo in self.nodos:
            if isinstance(nodo, ast.Import):
                yield from (alias.name for alias in nodo.names)
            elif isinstance(nodo, ast.ImportFrom):
                yield nodo.module if nodo.module and not nodo.level else self.sala


Regla = Callable[[Archivo], list[str]]


def la_flecha(archivo: Archivo) -> list[str]:
    """domain <- projections <- gateway; nobody imports tests."""
    prohibidas = archivo.importados & AJENAS.get(archivo.sala, set())
    permitidas = PUEDE_IMPORTAR.get(archivo.sala)
    if permitidas is not None:
        prohibidas |= archivo.importados - permitidas - sys.stdlib_module_names
    return [f"importa {nombre}" for nombre in sorted(prohibidas)]


def el_hexagono(archivo: Archivo) -> list[str]:
    """The BFF's core knows no other room; its adapters know the queries and the doors. The core is pure."""
    anillo = next((suyo for carpeta, suyo in DEL_HEXAGONO.items() if archivo.ruta.startswith(carpeta)), None)
    if anillo is None:
        return []
    nuestros = [nombre for nombre in archivo.nombres() if nombre.split(".")[0] in SALAS]
    faltas = [f"importa {nombre}" for nombre in nuestros if not re.match(anillo, nombre)]
    if archivo.ruta.startswith(("bff/domain/", "bff/application/")):
        de_casa = {"bff", *sys.stdlib_module_names} - (IMPURAS - {"asyncio"})
        faltas += [f"importa {nombre}" for nombre in sorted(archivo.importados - de_casa)]
    return faltas


def dominio_puro(archivo: Archivo) -> list[str]:
    """The domain has no clock, no environment, no I/O."""
    if archivo.sala != "domain":
        return []
    llamadas = {_ultimo_nombre(nodo.func) for nodo in archivo.nodos if isinstance(nodo, ast.Call)}
    return [f"importa {nombre}" for nombre in sorted(archivo.importados & IMPURAS)] + [
        f"llama a {nombre}()" for nombre in sorted(llamadas & LLAMADAS_IMPURAS)
    ]


def un_lector_del_entorno(archivo: Archivo) -> list[str]:
    """Only one file reads settings from the environment."""
    if archivo.ruta in LECTORES_DEL_ENTORNO or archivo.sala == "tests":
        return []
    usados = {_ruta_de(nodo) for nodo in archivo.nodos if isinstance(nodo, ast.Attribute)}
    de_os = {
        f"os.{alias.name}"
        for nodo in archivo.nodos
        if isinstance(nodo, ast.ImportFrom) and nodo.module == "os"
        for alias in nodo.names
    }
    hallados = ((usados | de_os) & {"os.environ", "os.environb", "os.getenv"}) | (archivo.importados & {"environs"})
    return [f"lee el entorno con {nombre}" for nombre in sorted(hallados)]


def nombres_que_dicen(archivo: Archivo) -> list[str]:
    """No Manager, Helper, Utils, Service."""
    clases = [nodo.name for nodo in archivo.nodos if isinstance(nodo, ast.ClassDef)]
    return [f"la clase {nombre} no dice qué es" for nombre in clases if nombre.endswith(VAGAS)]


def tamanos(archivo: Archivo) -> list[str]:
    """Files and functions that can be read at a sitting."""
    if archivo.ruta in LARGOS:
        return []
    lineas = archivo.texto.count("\n")
    faltas = [f"tiene {lineas} líneas"] if lineas > LINEAS_DE_ARCHIVO else []
    for nodo in archivo.nodos:
        if isinstance(nodo, ast.FunctionDef | ast.AsyncFunctionDef):
            largo = (nodo.end_lineno or nodo.lineno) - nodo.lineno + 1
            if largo > LINEAS_DE_FUNCION:
                faltas.append(f"{nodo.name} tiene {largo} líneas")
    return faltas


def pruebas_honestas(archivo: Archivo) -> list[str]:
    """A test neither sleeps, nor is skipped, nor replaces what it tests."""
    if archivo.sala != "tests" or archivo.ruta in DUERMEN:
        return []
    atributos = {_ruta_de(nodo) for nodo in archivo.nodos if isinstance(nodo, ast.Attribute)}
    prohibidos = atributos & {
        "time.sleep",
        "pytest.mark.skip",
        "pytest.mark.skipif",
        "pytest.mark.xfail",
        "pytest.skip",
    }
    argumentos = {nodo.arg for nodo in archivo.nodos if isinstance(nodo, ast.arg)} & {"monkeypatch", "mocker"}
    dobles = {modulo for modulo in archivo._modulos() if modulo.startswith(("unittest.mock", "mock"))}
    return [f"usa {nombre}" for nombre in sorted(prohibidos | argumentos | dobles)]


def azar_propio(archivo: Archivo) -> list[str]:
    """Who draws lots has a generator of its own: the one that all threads share says nothing of who drew."""
    nombres = {*archivo.nombres(), *(_ruta_de(nodo) for nodo in archivo.nodos if isinstance(nodo, ast.Attribute))}
    comunes = {nombre for nombre in nombres if nombre.startswith("random.")} - {"random.Random", "random.SystemRandom"}
    return [f"usa {nombre}" for nombre in sorted(comunes)]


REGLAS: tuple[Regla, ...] = (
    la_flecha, el_hexagono, dominio_puro, un_lector_del_entorno, nombres_que_dicen, tamanos, pruebas_honestas,
    azar_propio,
)  # fmt: skip


def _ultimo_nombre(nodo: ast.AST) -> str:
    return nodo.attr if isinstance(nodo, ast.Attribute) else nodo.id if isinstance(nodo, ast.Name) else ""


def _ruta_de(nodo: ast.AST) -> str:
    if isinstance(nodo, ast.Attribute):
        return f"{_ruta_de(nodo.value)}.{nodo.attr}"
    return nodo.id if isinstance(nodo, ast.Name) else ""
