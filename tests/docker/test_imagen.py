"""The image, built in a folder by its own steps, and every service of the compose file started from it."""

import json
import os
import re
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from gateway.local.pulsar import PulsarLocal
from gateway.local.sistema import puerto_libre
from gateway.pulso import late
from gateway.topics import Topics
from tests.detenido import detenido
from tests.docker.composicion import DOCKER, servicios
from tests.docker.imagen import Contenedor, Imagen, contenedor
from tests.eventualmente import eventualmente
from tests.gateway.http.conftest import PAGO
from tests.programas import programa

SIRVEN = ("api", "bff-service")
TRABAJAN = ("trabajador", "reloj", "relevo", "consumidor")


@pytest.fixture(scope="module")
def imagen(tmp_path_factory: pytest.TempPathFactory) -> Imagen:
    imagen = Imagen(tmp_path_factory.mktemp("imagen"))
    imagen.construir()
    return imagen


@pytest.fixture
def cambios(db_url: str, pulsar_local: PulsarLocal, topics: Topics, tmp_path: Path) -> dict[str, str]:
    """What another machine's addresses are here."""
    puertos = {"API_PORT": str(puerto_libre()), "BFF_PORT": str(puerto_libre())}
    core = f"http://127.0.0.1:{puertos['API_PORT']}"
    return {
        **puertos,
        **topics.todos(),
        "DB_URL": db_url,
        "PULSAR_BROKER_URL": pulsar_local.url,
        "PULSAR_ADMIN_URL": pulsar_local.url_admin,
        "ALPES_DIR": str(tmp_path / "alpes"),
        **{f"{servicio}_SERVICE_URL": core for servicio in ("CLIENTE", "PAGOS", "CAMPANIAS")},
    }


def test_los_secretos_se_hacen_una_vez_y_solo_los_lee_quien_debe(imagen: Imagen) -> None:
    carpeta = imagen.raiz / "secretos"
    antes = {uno.name: uno.read_text() for uno in carpeta.iterdir()}
    assert set(antes) == {"llave_maestra", "llave_unicidad", "jwt", "bff", "postgres", "postgres_admin"}
    assert len(set(antes.values())) == len(antes)
    assert all(len(valor) == 64 and int(valor, 16) >= 0 for valor in antes.values())
    modos = {uno.name: stat.S_IMODE(uno.stat().st_mode) for uno in carpeta.iterdir()}
    assert {nombre for nombre, modo in modos.items() if modo & 0o077} == {"postgres", "postgres_admin"}
    imagen.correr([str(imagen.app / "docker" / "secretos.sh")], imagen.entorno({}))
    assert {uno.name: uno.read_text() for uno in carpeta.iterdir()} == antes


def test_cada_servicio_arranca_y_juntos_atienden_con_las_puertas_cerradas(
    imagen: Imagen, cambios: dict[str, str], tmp_path: Path
) -> None:
    assert "tablas al día" in _una_vez(imagen, ["migrar"], cambios)
    with ExitStack() as pila:
        for nombre in (*SIRVEN, *TRABAJAN):
            uno = contenedor(imagen, nombre, cambios, tmp_path)
            proceso = pila.enter_context(uno.en_marcha())
            uno.esperar_sano(proceso)
            if nombre in TRABAJAN:
                _exigir_que_se_note_si_se_detiene(uno, proceso, Path(cambios["ALPES_DIR"]) / "pulsos" / nombre)
        llave = _una_vez(imagen, ["llaves", "crear", "panel", "--rol", "operador"], cambios)
        puerta = pila.enter_context(_gateway(cambios, tmp_path))
        assert puerta.get("/health").json() == {"status": "up"}
        assert puerta.post("/pagos/pagar", json=PAGO).status_code == 401
        puerta.headers["Authorization"] = f"Bearer {_la_llave(llave)}"
        pagado = puerta.post("/pagos/pagar", json=PAGO)
        assert pagado.status_code == 202, pagado.text
        ruta = f"/api/v1/pagos/{pagado.json()['id']}"
        visto = eventualmente(lambda: puerta.get(ruta), lambda r: r.is_success)
        assert visto.json()["pago"]["partner_id"] == PAGO["partner_id"]


def test_el_gateway_dice_por_quien_no_responde(cambios: dict[str, str], tmp_path: Path) -> None:
    with _gateway(cambios, tmp_path) as puerta:
        for ruta in ("/health", "/api/v1", "/api/v1/clientes?search=ana.ruiz@example.com"):
            caido = puerta.get(ruta, headers={"X-Request-Id": "mio-1"})
            assert caido.status_code == 502
            assert caido.json().keys() == {"error", "message"}
            assert caido.headers["X-Codigo-Error"] == "SERVICIO_CAIDO"
            assert caido.headers["X-Request-Id"] == "mio-1"
        for ruta in ("/pagos/pagar", "/api/v1/pagos"):
            grande = puerta.post(ruta, content=b" " * 2_000_000)
            assert grande.status_code == 413
            assert grande.json().keys() == {"error", "message"}
            assert grande.headers["X-Codigo-Error"] == "CUERPO_DEMASIADO_GRANDE"
            assert re.fullmatch("[0-9a-f]{32}", grande.headers["X-Request-Id"])


def _exigir_que_se_note_si_se_detiene(uno: Contenedor, proceso: "subprocess.Popen[bytes]", pulso: Path) -> None:
    with detenido(proceso):
        # As if a minute had passed since.
        os.utime(pulso, (time.time() - 60,) * 2)
        assert not uno.sano()
    eventualmente(lambda: late(pulso), bool)


def _una_vez(imagen: Imagen, orden: list[str], cambios: dict[str, str]) -> str:
    """What ``docker compose run migrar …`` would print."""
    migrar = contenedor(imagen, "migrar", cambios, imagen.raiz)
    return imagen.correr([migrar.orden[0], *orden], migrar.entorno)


def _la_llave(dicho: str) -> str:
    return max(dicho.split(), key=len)


@contextmanager
def _gateway(cambios: dict[str, str], carpeta: Path) -> Iterator[httpx2.Client]:
    """A real nginx with the configuration that the compose file mounts, over the ports of this machine."""
    donde = carpeta / "nginx"
    donde.mkdir()
    puertos = {"5000": puerto_libre(), "5001": puerto_libre(), "8080": puerto_libre()}
    for montado in servicios()["gateway"]["volumes"]:
        origen = DOCKER / montado.split(":")[0]
        texto = origen.read_text().replace("/tmp/", f"{donde}/")  # noqa: S108 - the image's own
        texto = texto.replace("api:5000", f"127.0.0.1:{cambios['API_PORT']}")
        texto = texto.replace("bff-service:5001", f"127.0.0.1:{cambios['BFF_PORT']}")
        for puerto, propio in puertos.items():
            texto = texto.replace(f"listen {puerto};", f"listen 127.0.0.1:{propio};")
        (donde / origen.name).write_text(texto)
    if os.geteuid() == 0:
        # Its workers stop being root, and must reach their folder.
        (donde / "nginx.conf").write_text("user root;\n" + (donde / "nginx.conf").read_text())
    orden = [programa("nginx", "nginx-light"), "-c", str(donde / "nginx.conf"), "-p", str(donde), "-g", "daemon off;"]
    with (
        (donde / "registro.txt").open("wb") as registro,
        subprocess.Popen(orden, stdout=registro, stderr=registro) as proceso,
        httpx2.Client(base_url=f"http://127.0.0.1:{puertos['8080']}", timeout=20) as cliente,
    ):
        try:
            eventualmente(lambda: _escucha(cliente, proceso, donde), bool)
            yield cliente
            # Whatever it says is one of its own lines, and none has an address in it.
            for linea in (donde / "registro.txt").read_text().splitlines():
                assert json.loads(linea)["proceso"] == "gateway"
                assert "ana.ruiz" not in linea
        finally:
            proceso.terminate()


def _escucha(cliente: httpx2.Client, proceso: "subprocess.Popen[bytes]", donde: Path) -> bool:
    assert proceso.poll() is None, (donde / "registro.txt").read_text()
    try:
        cliente.get("/health")
    except httpx2.TransportError:
        return False
    return True
