"""The image's file system in a folder, and its processes as an engine would start them."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.docker.composicion import APP, copiar_como_la_imagen, entorno_de, instrucciones, propios
from tests.eventualmente import eventualmente
from tests.si_falla import si_falla


@dataclass(frozen=True)
class Imagen:
    """``raiz`` stands for the image's root folder."""

    raiz: Path

    @property
    def app(self) -> Path:
        return self.raiz / APP.lstrip("/")

    def construir(self) -> None:
        """What the Dockerfile does: copy, install, and make the secrets that the first start makes."""
        copiar_como_la_imagen(self.app)
        for guion in ("instalar.sh", "requirements.lock"):
            (self.app / "docker" / guion).write_bytes((Path("docker") / guion).read_bytes())
        pasos = [resto for clave, resto in instrucciones() if clave == "RUN" and resto.startswith("sh docker/")]
        assert pasos == ["sh docker/instalar.sh /opt/alpes/venv"]
        self.correr(self.aqui(pasos[0]).split(), {**os.environ, "PYTHON": sys.executable})
        (self.raiz / "secretos").mkdir()
        self.correr([str(self.app / "docker" / "secretos.sh")], self.entorno({}))

    def correr(self, orden: list[str], entorno: Mapping[str, str]) -> str:
        hecho = subprocess.run(orden, cwd=self.app, env=dict(entorno), capture_output=True, text=True, check=False)
        assert hecho.returncode == 0, f"{orden}: {hecho.stdout}{hecho.stderr}"
        return hecho.stdout

    def aqui(self, texto: str) -> str:
        """A text that names places of the image, with those of the folder."""
        return re.sub(r"(?<![\w.])/(opt/alpes|secretos|var/lib/alpes)", rf"{self.raiz}/\1", texto)

    def entorno(self, propio: Mapping[str, str]) -> dict[str, str]:
        """What the image sets, and what a service adds or changes."""
        dichos = " ".join(resto for clave, resto in instrucciones() if clave == "ENV")
        de_la_imagen = {clave: self.aqui(valor) for clave, valor in re.findall(r"(\w+)=(\S+)", dichos)}
        donde = {"SECRETOS": f"{self.raiz}/secretos", "ALPES_VENV": f"{self.raiz}/opt/alpes/venv"}
        return {**de_la_imagen, **donde, "PATH": os.defpath, **propio}


@dataclass
class Contenedor:
    """A service that runs. ``cambios`` are those of its environment that this machine needs."""

    imagen: Imagen
    servicio: dict[str, Any]
    cambios: dict[str, str]
    registro: Path

    @property
    def entorno(self) -> dict[str, str]:
        return self.imagen.entorno({**entorno_de(self.servicio), **self.cambios})

    @property
    def orden(self) -> list[str]:
        return [self.imagen.aqui(_json_de("ENTRYPOINT")[0]), *self.servicio["command"]]

    def sano(self) -> bool:
        """Whether the service's own health check says so."""
        prueba = self.servicio.get("healthcheck", {}).get("test") or ["CMD", *_json_de("CMD", de="HEALTHCHECK")]
        assert prueba[0] == "CMD"
        orden = [self._con_puertos(self.imagen.aqui(parte)) for parte in prueba[1:]]
        return subprocess.run(orden, env=self.entorno, capture_output=True, check=False).returncode == 0

    @contextmanager
    def en_marcha(self) -> Iterator["subprocess.Popen[bytes]"]:
        with self.registro.open("wb") as salida:
            proceso = subprocess.Popen(
                self.orden, cwd=self.imagen.app, env=self.entorno, stdout=salida, stderr=subprocess.STDOUT
            )
        try:
            with si_falla(self.registro):
                yield proceso
        finally:
            proceso.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                proceso.wait(20)
            proceso.kill()
            proceso.wait()

    def esperar_sano(self, proceso: "subprocess.Popen[bytes]") -> None:
        def listo() -> bool:
            assert proceso.poll() is None, self.registro.read_text()
            return self.sano()

        eventualmente(listo, bool, segundos=180)

    def _con_puertos(self, texto: str) -> str:
        puertos = {"5000": self.cambios.get("API_PORT", "5000"), "5001": self.cambios.get("BFF_PORT", "5001")}
        return re.sub(r"(?<=127\.0\.0\.1:)\d+", lambda hallado: puertos[hallado[0]], texto)


def contenedor(imagen: Imagen, nombre: str, cambios: dict[str, str], carpeta: Path) -> Contenedor:
    return Contenedor(imagen, propios()[nombre], cambios, carpeta / f"{nombre}.txt")


def _json_de(clave: str, de: str | None = None) -> list[str]:
    """The list that an instruction of the Dockerfile has, the last one of its kind."""
    resto = [resto for hallada, resto in instrucciones() if hallada == (de or clave)][-1]
    return re.findall(r'"([^"]+)"', resto[resto.index("[") :])
