"""The jars of the broker: from a repository of Maven's that the tests serve."""

import gc
import hashlib
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.config import RAIZ
from gateway.local.errores import FallaLocal
from gateway.local.jar import Jar
from gateway.local.jars import asegurar
from gateway.local.sistema import puerto_libre
from tests.servidor_http import Atencion, servir

# jgo leaves a connection that ended badly to the garbage collector, which warns: here, and not in another's test.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


# Fetches what the broker needs to an empty folder, and says why it can't.
SIN_NADA = """
import sys, pathlib
from gateway.local import errores, jars
try:
    jars.asegurar(pathlib.Path(sys.argv[1]), lambda *_: None)
except errores.FallaLocal as falla:
    print(falla)
"""


class Repositorio:
    """Serves ``contenidos`` (by path) and counts what it is asked for, sums aside.

    ``tropiezos`` are the statuses of the next answers that are not right, and by how many bytes they are too short.
    """

    def __init__(self) -> None:
        self.contenidos: dict[str, bytes] = {}
        self.pedidos: Counter[str] = Counter()
        self.tropiezos: list[tuple[int, int]] = []
        self.donde: dict[str, str] = {}

    def contestar(self, peticion: Atencion) -> None:
        if peticion.path.endswith(".jar"):
            self.pedidos[peticion.path] += 1
        cuerpo = self.contenidos.get(peticion.path)
        bien = (404 if cuerpo is None else 200, 0)
        codigo, falta = self.tropiezos.pop() if cuerpo and self.tropiezos else bien
        peticion.encabezar(len(cuerpo or b"") + falta, codigo)
        peticion.wfile.write(cuerpo or b"")


@pytest.fixture
def repositorio() -> Iterator[Repositorio]:
    repositorio = Repositorio()
    with servir(repositorio.contestar) as repositorio.donde["central"]:
        yield repositorio
    gc.collect()


@pytest.fixture
def jars(repositorio: Repositorio) -> list[Jar]:
    """Three small ones, one of them with a classifier, that the repository has."""
    jars = []
    for numero, clasificador in enumerate(("", "", ":linux64")):
        contenido = f"jar {numero}".encode() * 3000
        suma = hashlib.sha256(contenido).hexdigest()
        jar = Jar.leer(f"org.prueba:uno-{numero}:jar{clasificador}:1.{numero} sha256:{suma} {len(contenido)}")
        repositorio.contenidos[f"/{jar.ruta}"] = contenido
        jars.append(jar)
    return jars


def _asegurar(carpeta: Path, jars: list[Jar], donde: dict[str, str]) -> list[Path]:
    return asegurar(carpeta, lambda *_: None, jars=jars, repositorios=donde)


def test_se_traen_una_vez_y_en_el_orden_de_la_lista(repositorio: Repositorio, jars: list[Jar], tmp_path: Path) -> None:
    vistos: list[tuple[int, int]] = []
    rutas = asegurar(tmp_path / "jars", lambda *visto: vistos.append(visto), jars=jars, repositorios=repositorio.donde)
    assert [ruta.read_bytes() for ruta in rutas] == list(repositorio.contenidos.values())
    total = sum(jar.bytes for jar in jars)
    assert vistos[-1] == (total, total)
    assert sorted(vistos) == vistos
    assert _asegurar(tmp_path / "jars", jars, repositorio.donde) == rutas
    assert set(repositorio.pedidos.values()) == {1}


def test_lo_que_ya_se_trajo_no_se_vuelve_a_pedir_tras_una_interrupcion(
    repositorio: Repositorio, jars: list[Jar], tmp_path: Path
) -> None:
    ruta = f"/{jars[1].ruta}"
    guardado = repositorio.contenidos.pop(ruta)
    with pytest.raises(FallaLocal, match=r"No se encontró uno-1-1\.1\.jar"):
        _asegurar(tmp_path, jars[:2], repositorio.donde)
    _asegurar(tmp_path, jars[:1], repositorio.donde)
    repositorio.contenidos[ruta] = guardado
    _asegurar(tmp_path, jars, repositorio.donde)
    assert repositorio.pedidos == {f"/{jars[0].ruta}": 1, ruta: 4, f"/{jars[2].ruta}": 1}


def test_lo_que_falta_se_dice_en_orden_aunque_lleguen_varios_a_la_vez(
    repositorio: Repositorio, jars: list[Jar], tmp_path: Path
) -> None:
    vistos: list[int] = []

    def decir_despacio_lo_primero(traidos: int, _: int) -> None:
        threading.Event().wait(0 if vistos else 0.2)
        vistos.append(traidos)

    asegurar(tmp_path, decir_despacio_lo_primero, jars=jars, repositorios=repositorio.donde)
    assert vistos == sorted(vistos)


@pytest.mark.parametrize("tropiezo", [(503, 0), (200, 9)])
def test_lo_que_no_llega_bien_se_pide_otra_vez(
    repositorio: Repositorio, jars: list[Jar], tmp_path: Path, tropiezo: tuple[int, int]
) -> None:
    repositorio.tropiezos = [tropiezo, tropiezo]
    vistos: list[int] = []
    asegurar(tmp_path, lambda traidos, _: vistos.append(traidos), jars=jars[:1], repositorios=repositorio.donde)
    assert vistos[-1] == jars[0].bytes
    assert repositorio.pedidos == {f"/{jars[0].ruta}": 3}


@pytest.mark.parametrize("danado", [b"", b"jar 0", b"x" * 15_000])
def test_uno_danado_se_trae_de_nuevo(repositorio: Repositorio, jars: list[Jar], tmp_path: Path, danado: bytes) -> None:
    rutas = _asegurar(tmp_path, jars, repositorio.donde)
    rutas[0].write_bytes(danado)
    _asegurar(tmp_path, jars, repositorio.donde)
    assert rutas[0].read_bytes() == repositorio.contenidos[f"/{jars[0].ruta}"]


def test_uno_que_no_es_el_de_la_lista_no_se_usa_ni_se_guarda(
    repositorio: Repositorio, jars: list[Jar], tmp_path: Path
) -> None:
    repositorio.contenidos[f"/{jars[0].ruta}"] = b"y" * jars[0].bytes
    with pytest.raises(FallaLocal, match="su suma sha256 es otra"):
        _asegurar(tmp_path, jars, repositorio.donde)
    assert not (tmp_path / jars[0].ruta).exists()
    assert list(tmp_path.glob("trayendo-*")) == []


def test_sin_red_se_dice_y_con_todo_aqui_no_hace_falta(
    repositorio: Repositorio, jars: list[Jar], tmp_path: Path
) -> None:
    sin_red = {"central": f"http://127.0.0.1:{puerto_libre()}"}
    with pytest.raises(FallaLocal, match="No se pudieron traer los jars"):
        _asegurar(tmp_path, jars, sin_red)
    rutas = _asegurar(tmp_path, jars, repositorio.donde)
    assert _asegurar(tmp_path, jars, sin_red) == rutas


def test_lo_que_dejo_quien_murio_trayendolos_no_se_queda(
    repositorio: Repositorio, jars: list[Jar], tmp_path: Path
) -> None:
    resto = tmp_path / "trayendo-muerto" / "org"
    resto.mkdir(parents=True)
    (resto / "medio.jar").write_bytes(b"jar")
    _asegurar(tmp_path, jars, repositorio.donde)
    assert list(tmp_path.glob("trayendo-*")) == []


@pytest.mark.parametrize("danado", [b"sin secciones", b"\xff\xfe", b"[repositories]\ncentral = http://%x\n"])
def test_unos_ajustes_danados_de_jgo_se_dicen(tmp_path: Path, danado: bytes) -> None:
    (tmp_path / "jgo.conf").write_bytes(danado)
    entorno = {"JGO_CONFIG_FILE": str(tmp_path / "jgo.conf"), "PYTHONPATH": str(RAIZ)}
    orden = [sys.executable, "-c", SIN_NADA, str(tmp_path / "jars")]
    dicho = subprocess.run(orden, env=entorno, capture_output=True, text=True, timeout=120, check=False).stdout
    assert dicho.startswith("No se pudieron traer los jars de Apache Pulsar: no se entiende jgo.conf")


def test_varios_a_la_vez_los_traen_una_sola_vez(repositorio: Repositorio, jars: list[Jar], tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as hilos:
        tareas = [hilos.submit(_asegurar, tmp_path, jars, repositorio.donde) for _ in range(3)]
        assert len({tuple(tarea.result()) for tarea in tareas}) == 1
    assert set(repositorio.pedidos.values()) == {1}


def test_lo_que_dice_basta_ya_termina_la_descarga(repositorio: Repositorio, jars: list[Jar], tmp_path: Path) -> None:
    def basta(*_: int) -> None:
        raise FallaLocal("basta")

    with pytest.raises(FallaLocal, match="basta"):
        asegurar(tmp_path, basta, jars=jars, repositorios=repositorio.donde)
