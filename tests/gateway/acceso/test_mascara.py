"""Who may only look sees neither cedula nor email whole, anywhere; and an auditor's look leaves a trace."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from gateway.acceso.mascara import enmascarar, mascara_de_cedula, mascara_de_email
from gateway.auditoria.accesos import ultimos
from gateway.composicion import Sistema
from tests.gateway.acceso.conftest import Abrir, Llave
from tests.gateway.http.conftest import ANA, cuerpo, siguiendo

CLARO = ("Ana@example.com", "Otra@example.com", "0012345")
MIRADAS = (
    "/cliente/ana",
    "/cliente/ana?como_de=2999-01-01",
    "/auditoria/ana",
    "/auditoria/ana?relato=true&hasta=2",
    "/eventos?modulo=cliente",
    "/v1/eventos?modulo=cliente&desde=0&limite=1",
)


@pytest.fixture
def api(abrir: Abrir, llave: Llave, sistema: Sistema) -> Iterator[FlaskClient]:
    jefe, api = llave("admin", nombre="jefe"), abrir()
    with siguiendo(sistema):
        assert api.post("/cliente/registrar", json=ANA, headers=jefe).status_code == 201
        cambio = {"email": "Otra@example.com"}
        assert api.post("/cliente/ana/comandos/actualizar", json=cambio, headers=jefe).status_code == 202
        yield api


def test_quien_solo_mira_no_ve_cedula_ni_email_enteros_en_ninguna_parte(api: FlaskClient, llave: Llave) -> None:
    lectura, operador = llave("lectura"), llave("operador")
    for ruta in MIRADAS:
        tapada, clara = api.get(ruta, headers=lectura), api.get(ruta, headers=operador)
        assert (tapada.status_code, clara.status_code) == (200, 200)
        assert not any(dato in tapada.text for dato in CLARO), ruta
        assert any(dato in clara.text for dato in CLARO), ruta
        assert _forma(cuerpo(tapada)) == _forma(cuerpo(clara))
    detalle = api.get("/cliente/ana", headers=lectura)
    assert cuerpo(detalle)["email"] == "O***@example.com"
    assert cuerpo(api.get("/auditoria/ana", headers=lectura))["estado"]["cedula"] == "****45"
    cambios = cuerpo(api.get("/auditoria/ana?relato=true", headers=lectura))["eventos"][1]["cambios"]
    assert cambios == [{"campo": "email", "antes": "A***@example.com", "despues": "O***@example.com"}]
    assert api.get("/cliente/ana", headers=operador).headers["ETag"] != detalle.headers["ETag"]


def test_cada_mirada_de_un_auditor_queda_anotada_y_ninguna_otra(
    api: FlaskClient, llave: Llave, sistema: Sistema
) -> None:
    for otra in (llave("lectura"), llave("operador")):
        for ruta in MIRADAS:
            api.get(ruta, headers=otra)
    assert ultimos(sistema.motor, 10) == []
    for rol in ("auditor", "admin"):
        credencial = llave(rol)
        for ruta in ("/cliente/nadie", "/eventos?modulo=pagos", "/eventos?modulo=cliente&desde=99", "/auditoria/nadie"):
            api.get(ruta, headers=credencial)
        for ruta in MIRADAS:
            assert api.get(ruta, headers=credencial).status_code == 200
        vistas = ultimos(sistema.motor, 100)[: len(MIRADAS)][::-1]
        assert {(vista.actor, vista.accion, vista.alcance["modulo"]) for vista in vistas} == {
            (f"llave:{rol}", "ver", "cliente")
        }
        assert [vista.alcance.get("stream") for vista in vistas] == ["ana", "ana", "ana", "ana", None, None]
        siguiente = cuerpo(api.get(MIRADAS[-1], headers=llave("operador", nombre=f"otro-que-{rol}")))["siguiente"]
        assert vistas[3].alcance["hasta"] == "2"
        assert (vistas[5].alcance["desde"], vistas[5].alcance["hasta"]) == (0, siguiente)
        assert not any(dato in str(vistas) for dato in CLARO)
    assert len(ultimos(sistema.motor, 100)) == 2 * len(MIRADAS)


def test_si_la_mirada_no_se_puede_anotar_no_se_muestra_nada(api: FlaskClient, llave: Llave, sistema: Sistema) -> None:
    auditor = llave("auditor")
    with sistema.motor.begin() as conexion:
        conexion.exec_driver_sql("ALTER TABLE accesos ADD CONSTRAINT nunca CHECK (actor = 'nadie') NOT VALID")
    for ruta in MIRADAS:
        respuesta = api.get(ruta, headers=auditor)
        assert respuesta.status_code == 500
        assert not any(dato in respuesta.text for dato in CLARO)


def _forma(valor: Any) -> Any:
    match valor:
        case dict():
            return {clave: _forma(uno) for clave, uno in valor.items()}
        case list():
            return [_forma(uno) for uno in valor]
    return type(valor)


CORREOS = st.from_regex(r"[a-z]{2,10}[0-9]{3}@[a-z]{3,8}\.com", fullmatch=True)
CEDULAS = st.from_regex(r"[0-9]{5,13}", fullmatch=True)
HOJAS = st.none() | st.booleans() | st.integers(0, 999) | st.sampled_from(["nombre", "x"])


@given(
    st.recursive(
        st.fixed_dictionaries({"email": CORREOS | st.none(), "cedula": CEDULAS | st.none(), "otro": HOJAS})
        | st.fixed_dictionaries({"campo": st.just("email"), "antes": CORREOS | st.none(), "despues": CORREOS})
        | st.fixed_dictionaries({"campo": st.just("cedula"), "antes": CEDULAS, "despues": CEDULAS | st.none()}),
        lambda hijos: st.lists(hijos, max_size=3) | st.dictionaries(st.sampled_from(["a", "datos"]), hijos),
        max_leaves=8,
    )
)
def test_nada_entero_pasa_la_mascara_por_hondo_que_este(valor: Any) -> None:
    tapado = str(enmascarar(valor))
    for dato in _personales(valor):
        assert dato not in tapado


@given(st.text(max_size=40))
def test_una_mascara_nunca_deja_ver_mas_que_una_punta(texto: str) -> None:
    assert len(mascara_de_cedula(texto)) <= 6
    assert mascara_de_email(texto).partition("@")[0] in {"***", texto[:1] + "***"}


def _personales(valor: Any) -> list[str]:
    match valor:
        case {"campo": _}:
            return [dato for dato in (valor["antes"], valor["despues"]) if dato]
        case dict():
            propios = [valor[campo] for campo in ("email", "cedula") if isinstance(valor.get(campo), str)]
            return propios + [dato for uno in valor.values() for dato in _personales(uno)]
        case list():
            return [dato for uno in valor for dato in _personales(uno)]
    return []
