"""A published key set: followed as it rotates, asked for seldom, and no longer trusted when it can't be had."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from joserfc.jwk import KeySet, OctKey, RSAKey

from gateway.acceso.jwks import (
    EDAD_MAXIMA,
    REPOSO,
    VIGENCIA,
    ClavesPublicas,
    JwksIlegible,
    JwksInalcanzable,
    KidDesconocido,
    claves_de,
    descargar,
)
from tests.eventualmente import eventualmente
from tests.gateway.acceso.credenciales import EC, ED, RSA, jwks


class Emisor:
    """A source of keys that counts how often it is read, and a clock."""

    def __init__(self) -> None:
        self.publicado: bytes | None = jwks(RSA)
        self.leido, self.hora = 0, 0.0
        self.claves = ClavesPublicas(self._leer, reloj=lambda: self.hora)

    def _leer(self) -> KeySet:
        self.leido += 1
        if self.publicado is None:
            raise JwksIlegible
        return claves_de(self.publicado)


def test_una_clave_nueva_sirve_en_cuanto_se_presenta() -> None:
    emisor = Emisor()
    assert emisor.claves.buscar("rsa-1", "RS256").kid == "rsa-1"
    emisor.publicado, emisor.hora = jwks(RSA, EC), REPOSO
    assert emisor.claves.buscar("ec-1", "ES256").kid == "ec-1"
    assert emisor.leido == 2


def test_una_clave_retirada_deja_de_servir() -> None:
    emisor = Emisor()
    emisor.claves.buscar("rsa-1", "RS256")
    emisor.publicado, emisor.hora = jwks(EC), VIGENCIA + 1
    with pytest.raises(KidDesconocido):
        emisor.claves.buscar("rsa-1", "RS256")


def test_mil_claves_inventadas_no_son_mil_consultas() -> None:
    emisor = Emisor()
    for numero in range(1000):
        with pytest.raises(KidDesconocido):
            emisor.claves.buscar(f"inventada-{numero}", "RS256")
    assert emisor.leido == 1


def test_si_no_se_puede_leer_sirven_las_de_antes_por_una_hora() -> None:
    emisor = Emisor()
    emisor.claves.buscar("rsa-1", "RS256")
    emisor.publicado, emisor.hora = None, EDAD_MAXIMA
    assert emisor.claves.buscar("rsa-1", "RS256").kid == "rsa-1"
    emisor.hora += REPOSO + 1
    with pytest.raises(JwksInalcanzable):
        emisor.claves.buscar("rsa-1", "RS256")
    emisor.publicado, emisor.hora = jwks(RSA), emisor.hora + REPOSO
    assert emisor.claves.buscar("rsa-1", "RS256").kid == "rsa-1"


def test_sin_kid_solo_si_no_hay_que_elegir() -> None:
    emisor = Emisor()
    assert emisor.claves.buscar(None, "RS256").kid == "rsa-1"
    emisor.publicado, emisor.hora = jwks(EC, ED), VIGENCIA + 1
    with pytest.raises(KidDesconocido):
        emisor.claves.buscar(None, "ES256")


def test_un_archivo_se_vuelve_a_leer_cuando_cambia(tmp_path: Path) -> None:
    archivo = tmp_path / "jwks.json"
    archivo.write_bytes(jwks(RSA))
    claves = ClavesPublicas.de(str(archivo))
    assert claves.buscar("rsa-1", "RS256").kid == "rsa-1"
    archivo.write_bytes(jwks(EC))

    def vigente() -> str:
        try:
            return str(claves.buscar("ec-1", "ES256").kid)
        except KidDesconocido:
            return "ninguna"

    eventualmente(vigente, lambda kid: kid == "ec-1")


@pytest.mark.parametrize(
    "documento",
    [b"", b"{}", b"[]", b'{"keys": {}}', b'{"keys": []}', b'{"keys": [1, {"kty": "rara"}]}', b"\xff", b"[" * 5000],
)
def test_lo_que_no_es_un_jwks_se_dice(documento: bytes) -> None:
    with pytest.raises(JwksIlegible):
        claves_de(documento)


def test_secretos_claves_cortas_y_de_cifrar_no_comprueban_firmas() -> None:
    de_cifrar = RSAKey.generate_key(2048, {"use": "enc"})
    secreta = OctKey.generate_key(256)
    publicadas = [
        {"kty": "RSA", "kid": "corta", "n": "r" * 171, "e": "AQAB"},
        json.loads(jwks(de_cifrar))["keys"][0],
        secreta.as_dict(private=True),
    ]
    with pytest.raises(JwksIlegible):
        claves_de(json.dumps({"keys": publicadas}).encode())
    junto = claves_de(json.dumps({"keys": [*publicadas, json.loads(jwks(EC))["keys"][0]]}).encode())
    assert [clave.kid for clave in junto.keys] == ["ec-1"]


@contextmanager
def _publicando(estado: int, cuerpo: bytes, **cabeceras: str) -> Iterator[str]:
    class Pagina(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(estado)
            for nombre, valor in cabeceras.items():
                self.send_header(nombre, valor)
            self.send_header("Content-Length", str(len(cuerpo)))
            self.end_headers()
            self.wfile.write(cuerpo)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pagina) as servidor:
        hilo = threading.Thread(target=servidor.serve_forever)
        hilo.start()
        try:
            yield f"http://127.0.0.1:{servidor.server_address[1]}/jwks"
        finally:
            servidor.shutdown()
            hilo.join()


def test_una_url_se_descarga_entera_y_solo_si_es_un_jwks() -> None:
    with _publicando(200, jwks(RSA)) as url:
        assert [clave.kid for clave in descargar(url).keys] == ["rsa-1"]
        assert ClavesPublicas.de(url).buscar("rsa-1", "RS256").kid == "rsa-1"
    with pytest.raises(httpx2.TransportError):
        descargar(url)
    with pytest.raises(JwksInalcanzable):
        ClavesPublicas.de(url).buscar("rsa-1", "RS256")
    for estado, cuerpo, cabeceras in (
        (500, jwks(RSA), {}),
        (302, b"", {"Location": "http://127.0.0.1:1/otra"}),
        (200, b"<html>", {}),
        (200, b" " * 1_100_000, {}),
    ):
        with _publicando(estado, cuerpo, **cabeceras) as url, pytest.raises(JwksIlegible):
            descargar(url)
