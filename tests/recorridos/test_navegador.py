"""The BFF as a page of another site meets it, in a real browser."""

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from gateway.local.sistema import puerto_libre
from tests.en_marcha import CON_CREDENCIALES, LLAVES, en_marcha, esperar_respuesta, portador
from tests.programas import programa
from tests.servidor_http import Atencion, servir

PAGINA = """<!doctype html><meta charset="utf-8"><title>esperando</title><script>
const [api, credencial] = decodeURIComponent(location.hash.slice(1)).split(" ");
(async () => {
  const visto = [];
  // A credential and a key of its own make the browser ask first (preflight).
  const leida = await fetch(api + "/api/v1/dashboard", {headers: {Authorization: "Bearer " + credencial}});
  visto.push(leida.status, leida.headers.get("X-Request-Id") !== null, leida.headers.get("ETag") !== null);
  const cuerpo = JSON.stringify({partner_id: "P", cycle_id: "C", total_amount: 10, currency: "USD"});
  const cabeceras = {Authorization: "Bearer " + credencial, "Content-Type": "application/json"};
  cabeceras["Idempotency-Key"] = "k-1";
  const hecha = await fetch(api + "/api/v1/pagos", {method: "POST", headers: cabeceras, body: cuerpo});
  visto.push(hecha.status, hecha.headers.get("X-Posicion"), hecha.headers.get("Location") !== null);
  return visto.join(" ");
})().catch(error => "bloqueado: " + error.name).then(dicho => {
  document.body.append(Object.assign(document.createElement("pre"), {id: "dicho", textContent: dicho}));
});
</script><body></body>"""


def otro_sitio(peticion: Atencion) -> None:
    """A site of which this is the only page."""
    peticion.contestar(PAGINA.encode(), cabeceras={"Content-Type": "text/html; charset=utf-8"})


def mirar(url: str, carpeta: Path) -> str:
    """What the page says in a headless Chromium, once it has said it."""
    orden = [
        programa("chromium", "chromium"), "--headless=new", "--disable-gpu", "--no-first-run",
        "--disable-dev-shm-usage", "--disable-background-networking", f"--user-data-dir={carpeta}",
        "--virtual-time-budget=20000", "--dump-dom", url,
    ]  # fmt: skip
    if os.geteuid() == 0:
        # Its sandbox refuses root, which the page could then not leave either.
        orden.insert(1, "--no-sandbox")
    visto = subprocess.run(orden, capture_output=True, text=True, timeout=120, check=False)
    _, hay, resto = visto.stdout.partition('<pre id="dicho">')
    assert hay, visto.stdout[-500:] + visto.stderr[-2000:]
    return resto.partition("</pre>")[0]


@pytest.mark.parametrize(
    ("admitido", "esperado"), [(True, "200 true true 202 pagos:2 true"), (False, "bloqueado: TypeError")]
)
def test_un_navegador_entra_desde_el_sitio_admitido_y_desde_otro_no(
    db_url: str, tmp_path: Path, admitido: bool, esperado: str
) -> None:
    core, bff = puerto_libre(), puerto_libre()
    urls = {f"{uno}_SERVICE_URL": f"http://127.0.0.1:{core}" for uno in ("CLIENTE", "PAGOS", "CAMPANIAS")}
    entorno = {**LLAVES, **CON_CREDENCIALES, **urls, "DB_URL": db_url, "ALPES_DIR": str(tmp_path)}
    entorno |= {"API_PORT": str(core), "BFF_PORT": str(bff), "BFF_HOST": "127.0.0.1"}
    registros = tmp_path / "api.txt", tmp_path / "bff.txt"
    with servir(otro_sitio) as otro:
        entorno["BFF_CORS_ORIGINS"] = otro if admitido else "https://panel.example.com"
        with en_marcha(registros[0], "api", **entorno) as api, en_marcha(registros[1], "bff", **entorno) as de_bff:
            esperar_respuesta(f"http://127.0.0.1:{core}/health", api, registros[0])
            esperar_respuesta(f"http://127.0.0.1:{bff}/api/v1/health", de_bff, registros[1])
            credencial = portador("operador")["Authorization"].removeprefix("Bearer ")
            dicho = mirar(f"{otro}/#{quote(f'http://127.0.0.1:{bff} {credencial}')}", tmp_path / "chromium")
    assert dicho == esperado
