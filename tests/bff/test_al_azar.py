"""The BFF under thousands of requests that nobody thought of, made from what its document says."""

from pathlib import Path

from gateway.composicion import Sistema
from gateway.local.sistema import puerto_libre
from tests.al_azar import examinar
from tests.en_marcha import CON_CREDENCIALES, LLAVES, en_marcha, esperar_respuesta, portador

AJUSTES = Path(__file__).with_name("schemathesis.toml")


def test_el_bff_cumple_lo_que_su_documento_dice(sistema: Sistema, db_url: str, tmp_path: Path) -> None:
    core, bff = puerto_libre(), puerto_libre()
    urls = {f"{uno}_SERVICE_URL": f"http://127.0.0.1:{core}" for uno in ("CLIENTE", "PAGOS", "CAMPANIAS")}
    entorno = {**LLAVES, **CON_CREDENCIALES, **urls, "DB_URL": db_url, "ALPES_DIR": str(tmp_path)}
    entorno |= {"API_PORT": str(core), "BFF_PORT": str(bff), "BFF_HOST": "127.0.0.1"}
    registros = tmp_path / "api.txt", tmp_path / "bff.txt"
    with en_marcha(registros[0], "api", **entorno) as api, en_marcha(registros[1], "bff", **entorno) as de_bff:
        esperar_respuesta(f"http://127.0.0.1:{core}/health", api, registros[0])
        esperar_respuesta(f"http://127.0.0.1:{bff}/api/v1/health", de_bff, registros[1])
        examinar(f"http://127.0.0.1:{bff}/spec", portador("admin"), AJUSTES, tmp_path)
