"""The core under thousands of requests that nobody thought of, made from what its document says."""

from pathlib import Path

from gateway.composicion import Sistema
from gateway.local.sistema import puerto_libre
from tests.al_azar import examinar
from tests.en_marcha import CON_CREDENCIALES, LLAVES, en_marcha, esperar_respuesta, portador
from tests.gateway.http.conftest import siguiendo

AJUSTES = Path(__file__).with_name("schemathesis.toml")


def test_la_api_cumple_lo_que_su_documento_dice(sistema: Sistema, db_url: str, tmp_path: Path) -> None:
    puerto, registro = puerto_libre(), tmp_path / "registro.txt"
    entorno = {**LLAVES, **CON_CREDENCIALES, "DB_URL": db_url, "API_PORT": str(puerto), "ALPES_DIR": str(tmp_path)}
    url = f"http://127.0.0.1:{puerto}"
    with siguiendo(sistema), en_marcha(registro, "api", **entorno) as api:
        esperar_respuesta(f"{url}/health", api, registro)
        examinar(f"{url}/spec", portador("admin"), AJUSTES, tmp_path)
