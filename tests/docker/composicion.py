"""Reading what Docker would read, as strictly as it does, and running what it would run, without an engine."""

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import yaml

from gateway.config import RAIZ

DOCKER = RAIZ / "docker"
APP = "/opt/alpes/app"


class Estricto(yaml.SafeLoader):
    """Refuses a key that is told twice, of which only the last would count."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        claves = [clave.value for clave, _ in node.value]
        repetidas = {clave for clave in claves if claves.count(clave) > 1}
        if repetidas:
            raise yaml.constructor.ConstructorError(None, None, f"se repite {repetidas}", node.start_mark)
        return super().construct_mapping(node, deep)


def leer_yaml(texto: str) -> Any:
    return yaml.load(texto, Estricto)  # noqa: S506 - it is the safe one


def servicios() -> dict[str, dict[str, Any]]:
    """The services of the compose file, by name."""
    return dict(leer_yaml((DOCKER / "compose.yaml").read_text())["services"])


def propios() -> dict[str, dict[str, Any]]:
    """Those that run the image of the platform."""
    return {nombre: uno for nombre, uno in servicios().items() if "build" in uno}


def instrucciones() -> list[tuple[str, str]]:
    """The Dockerfile, instruction by instruction."""
    texto = re.sub(r"\\\n", " ", (DOCKER / "Dockerfile").read_text())
    lineas = [linea.strip() for linea in texto.splitlines() if linea.strip() and not linea.startswith("#")]
    return [(clave.upper(), resto) for clave, _, resto in (linea.partition(" ") for linea in lineas)]


def copiar_como_la_imagen(destino: Path) -> None:
    """Put into ``destino`` what the last stage copies from the clone, and nothing else."""
    etapa = instrucciones()
    ultima = max(lugar for lugar, (clave, _) in enumerate(etapa) if clave == "FROM")
    for clave, resto in etapa[ultima:]:
        if clave != "COPY" or "--from" in resto:
            continue
        *origenes, hacia = shlex.split(resto)
        for origen in origenes:
            if (RAIZ / origen).is_dir():
                shutil.copytree(RAIZ / origen, destino / hacia, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                (destino / hacia).mkdir(parents=True, exist_ok=True)
                shutil.copy(RAIZ / origen, destino / hacia)


def entorno_de(servicio: dict[str, Any]) -> dict[str, str]:
    """The environment of a service on a machine that sets no variable for compose."""
    return {
        clave: re.sub(r"\$\{\w+(?::-([^}]*))?\}", lambda hallado: hallado[1] or "", str(valor))
        for clave, valor in servicio.get("environment", {}).items()
    } | {"PATH": os.defpath}
