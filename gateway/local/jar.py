"""What the broker is made of, as ``broker/jars.lock`` names it."""

import hashlib
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from gateway.local.errores import FallaLocal

LISTA = Path(__file__).with_name("broker") / "jars.lock"
NATIVOS = {"linux": "linux64", "darwin": "osx"}
"""Classifier of the one jar with native code, by system."""


@dataclass(frozen=True, slots=True)
class Jar:
    """A line of the lock: ``grupo:artefacto:jar[:clasificador]:version sha256:HEX bytes``."""

    grupo: str
    artefacto: str
    clasificador: str
    version: str
    sha256: str
    bytes: int

    @classmethod
    def leer(cls, linea: str) -> "Jar":
        coordenadas, suma, largo = linea.split()
        grupo, artefacto, _, *clasificador, version = coordenadas.split(":")
        return cls(grupo, artefacto, "".join(clasificador), version, suma.removeprefix("sha256:"), int(largo))

    @property
    def ruta(self) -> Path:
        """Where it stands in the folder of jars, as in every Maven repository."""
        nombre = "-".join(filter(None, (self.artefacto, self.version, self.clasificador)))
        return Path(*self.grupo.split("."), self.artefacto, self.version, f"{nombre}.jar")

    def esta_en(self, carpeta: Path) -> bool:
        """Whether it is there, whole and the very one of the lock."""
        archivo = carpeta / self.ruta
        try:
            if archivo.stat().st_size != self.bytes:
                return False
            with archivo.open("rb") as abierto:
                return hashlib.file_digest(abierto, "sha256").hexdigest() == self.sha256
        except OSError:
            return False


def jars_de_esta_maquina(lista: Path = LISTA, sistema: str | None = None) -> list[Jar]:
    """Those of the lock that this kind of machine needs. Raises FallaLocal when the broker can't run on it."""
    nativo = NATIVOS.get(sistema or _sistema() or "")
    if nativo is None:
        raise FallaLocal(f"Apache Pulsar no puede funcionar en esta máquina ({platform.platform()})")
    jars = [Jar.leer(linea) for linea in lista.read_text().splitlines() if linea.strip()]
    return [jar for jar in jars if jar.clasificador in ("", nativo)]


def _sistema() -> str | None:
    """This machine's system, when the broker's native part is made for it."""
    conocida = platform.machine().lower() in ("x86_64", "amd64", "aarch64", "arm64")
    return sys.platform if conocida and (sys.platform != "linux" or platform.libc_ver()[0] == "glibc") else None
