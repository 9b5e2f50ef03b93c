"""A whole stack and its broker: killed, orphaned, or not to be had."""

from pathlib import Path

import psutil
import pytest

from gateway.local.procesos import procesos
from gateway.local.sistema import procesos_en, puerto_libre
from tests.broker import PLAZO
from tests.eventualmente import eventualmente
from tests.recorridos.pila_en_marcha import Pila, cliente, pila, vivos


@pytest.fixture
def sin_jars(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine that has no jars, and reaches no repository that does."""
    ajustes = tmp_path / "jgo.conf"
    ajustes.write_text(f"[repositories]\ncentral = http://127.0.0.1:{puerto_libre()}\n")
    return {"XDG_CACHE_HOME": str(tmp_path / "cache"), "JGO_CONFIG_FILE": str(ajustes)}


def test_un_broker_matado_vuelve_en_el_mismo_lugar_y_uno_huerfano_no_queda(tmp_path: Path) -> None:
    with pila(tmp_path / "una pila", "levantar") as una:
        una.esperar_lista()
        url = _esperar_broker(una)
        matado = una.hijo("pulsar")
        psutil.Process(matado).kill()
        eventualmente(lambda: una.hijo("pulsar"), lambda pid: pid not in (None, matado))
        assert _esperar_broker(una) == url
        vivas = {uno["nombre"] for uno in procesos(una.carpeta) if uno["estado"] == "vivo"}
        assert vivas >= {"pulsar", "relevo", "consumidor", "api"}
        arbol = una.arbol()
        una.proceso.kill()
        eventualmente(lambda: vivos(arbol), lambda quedan: quedan == [])
        assert procesos_en(una.carpeta / "pulsar", "java") == []


def test_sin_jars_ni_red_se_dice_y_se_sigue_con_lo_demas(tmp_path: Path, sin_jars: dict[str, str]) -> None:
    with pila(tmp_path / "alpes", "levantar", entorno=sin_jars) as una:
        una.esperar_lista()
        assert "No se pudieron traer los jars de Apache Pulsar" in una.dicho()
        assert "Se sigue sin broker: los eventos esperan en el registro" in una.dicho()
        assert {uno["nombre"] for uno in procesos(una.carpeta) if uno["estado"] == "vivo"} == {
            "alpes", "postgres", "reloj", "trabajador", "api", "bff",
        }  # fmt: skip
        with cliente(una) as api:
            assert api.get("/health").status_code == 200
        assert una.estado()["broker"] is None


def test_se_va_al_broker_que_se_le_dice_y_no_se_trae_ninguno(tmp_path: Path, sin_jars: dict[str, str]) -> None:
    ajeno = {"PULSAR_BROKER_URL": f"pulsar://127.0.0.1:{puerto_libre()}"}
    with pila(tmp_path / "alpes", "levantar", entorno=sin_jars | ajeno) as una:
        una.esperar_lista()
        assert "Pulsar" not in una.dicho()
        assert una.hijo("pulsar") is None
        visto = una.estado()
        assert (visto["pulsar_broker_url"], visto["broker"]) == (ajeno["PULSAR_BROKER_URL"], "no responde")


def _esperar_broker(una: Pila) -> str:
    visto = eventualmente(una.estado, lambda visto: visto["broker"] == "listo", segundos=PLAZO)
    return str(visto["pulsar_broker_url"])
