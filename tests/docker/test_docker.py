"""What can be known of the containers without an engine: that they are well formed, and that what they run runs."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from gateway.config import RAIZ
from tests.docker.composicion import DOCKER, Estricto, entorno_de, instrucciones, leer_yaml, propios, servicios

DE_UNA_MAQUINA = {
    "clusterName", "brokerServicePort", "webServicePort", "bindAddress", "advertisedAddress", "enableLocalTransport",
    "disableServerSocketBind", "managedLedgerDefaultEnsembleSize", "managedLedgerDefaultWriteQuorum",
    "managedLedgerDefaultAckQuorum", "loadBalancerEnabled", "brokerShutdownTimeoutMs", "numIOThreads",
    "numHttpServerThreads", "bookkeeperUseV2WireProtocol", "diskUsageThreshold", "diskUsageWarnThreshold",
}  # fmt: skip
"""Settings of the embedded broker that say how it runs, and promise nothing of what it tells."""
PROCESOS = {"api", "bff-service", "trabajador", "reloj", "relevo", "consumidor"}


def test_una_clave_repetida_no_se_lee() -> None:
    with pytest.raises(yaml.YAMLError, match="se repite"):
        yaml.load("a: 1\na: 2\n", Estricto)  # noqa: S506 - it is the safe one
    assert leer_yaml("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n")["c"] == {"b": 1, "d": 2}


def test_el_perfil_lo_inicia_todo() -> None:
    todos = servicios()
    assert all(uno["profiles"] == ["alpespartner"] for uno in todos.values())
    assert set(todos) >= PROCESOS | {"postgres", "broker", "gateway", "migrar", "secretos"}
    assert todos["postgres"]["image"].startswith("postgres:15.")


def test_cada_servicio_espera_a_los_que_existen_y_ninguno_a_si_mismo() -> None:
    todos = servicios()

    def esperados(nombre: str, vistos: tuple[str, ...] = ()) -> None:
        assert nombre not in vistos, f"se esperan en círculo: {vistos}"
        for otro, como in todos[nombre].get("depends_on", {}).items():
            sano = not todos[otro].get("healthcheck", {"test": 1}).get("disable")
            assert como["condition"] == ("service_healthy" if sano else "service_completed_successfully")
            esperados(otro, (*vistos, nombre))

    for nombre in todos:
        esperados(nombre)


def test_lo_que_se_monta_esta_declarado_o_esta_en_el_repositorio() -> None:
    declarados = leer_yaml((DOCKER / "compose.yaml").read_text())
    for nombre, uno in servicios().items():
        assert set(uno["networks"]) <= set(declarados["networks"])
        for montado in uno.get("volumes", []):
            origen = montado.split(":")[0]
            hay = (DOCKER / origen).exists() if origen.startswith(".") else origen in declarados["volumes"]
            assert hay, f"{nombre}: {montado}"


def test_solo_el_gateway_publica_puertos_y_nadie_es_root_ni_puede_serlo() -> None:
    assert [nombre for nombre, uno in servicios().items() if "ports" in uno] == ["gateway"]
    for uno in servicios().values():
        assert "no-new-privileges:true" in uno["security_opt"]
        assert not {"privileged", "cap_add", "pid", "network_mode"} & uno.keys()
    for uno in propios().values():
        assert uno["read_only"]
        assert uno["cap_drop"] == ["ALL"]
    ultimo_usuario = [resto for clave, resto in instrucciones() if clave == "USER"][-1]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", ultimo_usuario)


def test_lo_que_guarda_datos_tiene_tiempo_de_terminar_bien() -> None:
    for nombre in ("postgres", "broker"):
        assert servicios()[nombre]["stop_grace_period"] == "60s"


def test_su_broker_promete_lo_que_el_nuestro() -> None:
    ajustes = servicios()["broker"]["environment"]
    suyos = {clave.removeprefix("PULSAR_PREFIX_"): valor for clave, valor in ajustes.items() if "PREFIX" in clave}
    lineas = (RAIZ / "gateway" / "local" / "broker" / "standalone.conf").read_text().splitlines()
    nuestros = dict(linea.split("=", 1) for linea in lineas if re.match(r"\w+=", linea))
    assert suyos == {clave: valor for clave, valor in nuestros.items() if clave not in DE_UNA_MAQUINA}


def test_cada_imagen_lleva_su_version_entera() -> None:
    imagenes = [uno["image"] for nombre, uno in servicios().items() if nombre not in propios()]
    imagenes += [resto.split()[0] for clave, resto in instrucciones() if clave == "FROM"]
    for imagen in imagenes:
        assert re.search(r":\d+\.\d+(\.\d+)?(-\w+)*$", imagen), imagen


def test_ningun_secreto_esta_escrito_y_las_puertas_estan_cerradas() -> None:
    for nombre, uno in servicios().items():
        for clave, valor in entorno_de(uno).items():
            if re.search("SECRET|PASSWORD|LLAVE|TOKEN|JWKS", clave):
                assert valor == "" or valor.startswith("/secretos/"), f"{nombre}: {clave}"
    assert "AUTH_JWT_SECRET" in (DOCKER / "entrada.sh").read_text()


def test_la_lista_de_la_imagen_es_parte_de_la_del_repositorio() -> None:
    de_la_imagen, todos = _bloques(DOCKER / "requirements.lock"), _bloques(RAIZ / "requirements.lock")
    assert len(de_la_imagen) > 30
    assert de_la_imagen.items() <= todos.items()
    assert not {"pytest", "mypy", "ruff", "schemathesis"} & {nombre.split("==")[0] for nombre in de_la_imagen}


def test_las_pruebas_de_salud_lo_dicen_cuando_nadie_responde() -> None:
    orden = ["python3", str(DOCKER / "salud.py"), "http://127.0.0.1:9/health"]
    assert subprocess.run(orden, check=False).returncode == 1


def _bloques(lista: Path) -> dict[str, frozenset[str]]:
    """The hashes of each requirement of a lock."""
    bloques: dict[str, set[str]] = {}
    nombre = ""
    for linea in lista.read_text().splitlines():
        if linea and not linea.startswith((" ", "#")):
            nombre = linea.split(" ")[0]
            bloques[nombre] = set()
        elif "--hash=" in linea:
            bloques[nombre].add(linea.strip(" \\"))
    return {nombre: frozenset(hashes) for nombre, hashes in bloques.items()}
