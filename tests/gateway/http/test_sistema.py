"""The process itself: health, metrics, its own description."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from gateway.composicion import Sistema, construir
from gateway.http.app import crear_app
from tests.gateway.eventos.puente import puente_a
from tests.gateway.http.conftest import PAGO, cuerpo
from tests.gateway.sistema import config_de


def test_health_conoce_el_almacen(api: FlaskClient, sistema: Sistema, db_url: str) -> None:
    assert cuerpo(api.get("/health")) == {"status": "up"}
    sin_base = replace(config_de(db_url), db_url="postgresql://nadie@127.0.0.1:1/nada")
    caido = crear_app(sistema, sin_base).test_client().get("/health")
    assert (caido.status_code, cuerpo(caido)["status"]) == (503, "down")
    assert "nadie" not in caido.text


def test_sin_almacen_todo_es_un_503_en_su_forma(db_url: str) -> None:
    datos = conninfo_to_dict(db_url)
    with puente_a(str(datos["host"]), int(str(datos["port"]))) as puente:
        url = make_url(db_url).set(host="127.0.0.1", port=puente.puerto)
        config = config_de(url.render_as_string(hide_password=False))
        with construir(config) as sistema:
            api = crear_app(sistema, config).test_client()
            assert api.post("/pagos/pagar", json=PAGO).status_code == 202
            puente.cerrar()
            for ruta, clave in (("/pagos/x", "error"), ("/cliente/x", "message")):
                respuesta = api.get(ruta)
                assert (respuesta.status_code, list(cuerpo(respuesta))) == (503, [clave])
                assert respuesta.headers["Retry-After"] == "1"
            assert cuerpo(api.get("/health"))["status"] == "down"
            # A command is tried again for some seconds: a restart of the database goes unnoticed.
            orden = api.post("/pagos/pagar", json=PAGO)
            assert (orden.status_code, list(cuerpo(orden))) == (503, ["error"])


def test_las_metricas_cuentan_peticiones_errores_y_tiempos(api: FlaskClient, app: Flask) -> None:
    medidas = app.extensions["metricas"]
    for milisegundos in range(1, 101):
        medidas.anotar("GET", "/x", 200, milisegundos / 1000)
    medidas.anotar("GET", "/x", 503, 0.2)
    resumen = cuerpo(api.get("/metrics"))
    assert list(resumen) == ["count", "errors", "p50", "p95", "p99"]
    assert (resumen["count"], resumen["errors"]) == (101, 1)
    for percentil, esperado in (("p50", 50.5), ("p95", 96), ("p99", 100)):
        assert abs(resumen[percentil] - esperado) < 0.05 * esperado


def test_las_metricas_hablan_tambien_prometheus(api: FlaskClient) -> None:
    api.get("/cliente/juan.perez@example.com")
    respuesta = api.get("/metrics", headers={"Accept": "text/plain"})
    assert respuesta.content_type.startswith("text/plain")
    assert (
        'alpes_http_duracion_por_ruta_segundos_count{estado="404",metodo="GET",ruta="/cliente/<id>"} 1.0'
        in respuesta.text
    )
    assert "juan" not in respuesta.text


def test_las_metricas_cuentan_retrasos_y_aparcados(api: FlaskClient) -> None:
    respuesta = api.get("/metrics", headers={"Accept": "text/plain"})
    assert 'alpes_aparcados{nombre="payouts"} 0.0' in respuesta.text
    etiquetas = '{generacion="1",modulo="pagos",nombre="payouts",situacion="activa"}'
    for figura in ("posicion", "retraso_eventos", "retraso_segundos"):
        assert f"alpes_proyeccion_{figura}{etiquetas} 0.0" in respuesta.text


def test_sin_peticiones_las_metricas_son_cero(api: FlaskClient) -> None:
    assert cuerpo(api.get("/metrics")) == {"count": 0, "errors": 0, "p50": 0, "p95": 0, "p99": 0}


@pytest.mark.parametrize(
    ("acepta", "tipo"),
    [
        ("text/plain;version=0.0.4", "text/plain"),
        ("application/openmetrics-text;q=0.5,text/plain;version=1.0.0;q=0.3,*/*;q=0.1", "text/plain"),
        ("text/plain;q=0.5, application/json", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_las_metricas_van_en_la_forma_que_mas_se_quiere(api: FlaskClient, acepta: str, tipo: str) -> None:
    assert api.get("/metrics", headers={"Accept": acepta}).mimetype == tipo


def test_spec_describe_cada_ruta(api: FlaskClient, app: Flask) -> None:
    documento = cuerpo(api.get("/spec"))
    assert documento["openapi"].startswith("3.")
    descritas = {(ruta, metodo.upper()) for ruta, de_ruta in documento["paths"].items() for metodo in de_ruta}
    servidas = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", regla.rule), metodo)
        for regla in app.url_map.iter_rules()
        for metodo in (regla.methods or set()) & {"GET", "POST"}
    }
    referencias = set(re.findall(r'"#/components/(\w+)/([\w-]+)"', api.get("/spec").text))
    assert all(nombre in documento["components"][clase] for clase, nombre in referencias)
    assert servidas - descritas == {("/docs/{nombre}", "GET")}


def test_docs_no_pide_nada_de_fuera(api: FlaskClient) -> None:
    for raiz in ("", "/v1"):
        pagina = api.get(f"{raiz}/docs")
        pedidos = re.findall(r'(?:href|src)="([^"]+)"', pagina.text)
        assert len(pedidos) == 4
        for ruta in pedidos:
            assert ruta.startswith(f"{raiz}/docs/")
            with api.get(ruta) as archivo:
                assert archivo.status_code == 200
        assert "default-src 'self'" in pagina.headers["Content-Security-Policy"]


def test_un_error_interno_no_cuenta_nada_de_dentro(app: Flask, db_url: str, sistema: Sistema) -> None:
    def romper() -> str:
        raise RuntimeError("clave s3creta")

    for debug in (False, True):
        otra = crear_app(sistema, config_de(db_url, debug=debug))
        otra.add_url_rule("/roto", view_func=romper)
        respuesta = otra.test_client().get("/roto", headers={"X-Request-Id": "peticion-1"})
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (500, ["error", "trace"])
        assert cuerpo(respuesta)["error"] == "Error interno"
        assert ("s3creta" in respuesta.text) is debug
        assert debug or cuerpo(respuesta)["trace"] == "peticion-1"


def test_se_pueden_servir_solo_algunos_modulos(sistema: Sistema, db_url: str) -> None:
    api = crear_app(sistema, config_de(db_url), ["pagos"]).test_client()
    payout = cuerpo(api.post("/pagos/pagar", json=PAGO))["id"]
    assert api.get(f"/pagos/{payout}").status_code == 200
    assert api.get(f"/auditoria/{payout}").status_code == 200
    assert api.post("/cliente/registrar", json={}).status_code == 404
    assert api.get("/auditoria/x?modulo=cliente").status_code == 400
    assert not [ruta for ruta in cuerpo(api.get("/spec"))["paths"] if ruta.startswith(("/cliente", "/campanias"))]
