"""A database that is frozen keeps its connections and answers nothing: pages say so in time, and recover."""

import time
from pathlib import Path

from gateway.acceso.ajustes import Acceso
from tests.base_propia import base_propia, congelada
from tests.bff.conftest import bff_en
from tests.eventualmente import eventualmente
from tests.gateway.acceso.credenciales import SECRETO
from tests.gateway.acceso.test_puerta import fresco

PLAZO, HOLGURA = 1.0, 5.0
RUTAS = ("pagos", "dashboard", "search?q=ana", "pagos/nadie")


def test_una_base_congelada_no_deja_a_nadie_esperando(tmp_path: Path) -> None:
    con_tokens = Acceso(jwt_secret=SECRETO.encode())
    with (
        base_propia(tmp_path) as servidor,
        bff_en(servidor.url, request_timeout=PLAZO) as abierta,
        bff_en(servidor.url, request_timeout=PLAZO, acceso=con_tokens) as cerrada,
    ):
        local, segura, suya = abierta.test_client(), cerrada.test_client(), fresco(roles=["operador"])
        for bff, quien in ((local, {}), (segura, suya)):
            # The first connections may take longer than a page has.
            eventualmente(lambda: bff.get("/api/v1/dashboard", headers=quien).status_code, lambda visto: visto == 200)  # noqa: B023
        with congelada(servidor):
            for ruta in RUTAS:
                empezo = time.monotonic()
                respuesta = segura.get(f"/api/v1/{ruta}", headers=suya)
                assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (504, "SERVICIO_LENTO"), ruta
                assert time.monotonic() - empezo < PLAZO + HOLGURA, ruta
            # Without tokens the door itself has to ask whether a key was made.
            empezo = time.monotonic()
            respuesta = local.get("/api/v1/pagos")
            assert (respuesta.status_code, respuesta.json and respuesta.json["error"]) == (503, "Aún no disponible")
            assert time.monotonic() - empezo < PLAZO + HOLGURA
        eventualmente(lambda: local.get("/api/v1/pagos").status_code, lambda visto: visto == 200)
        eventualmente(lambda: segura.get("/api/v1/pagos", headers=suya).status_code, lambda visto: visto == 200)
