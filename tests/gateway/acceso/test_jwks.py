"""A published key set: followed as it rotates, asked for seldom, and no longer trusted when it can't be had."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

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


def test_de_una_clave_nueva_que_no_se_pudo_leer_no_se_dice_que_no_vale() -> None:
    emisor = Emisor()
    emisor.claves.buscar("rsa-1", "RS256")
    emisor.publicado, emisor.hora = None, REPOSO
    with pytest.raises(JwksInalcanzable):
        emisor.claves.buscar("ec-1", "ES256")
    emisor.publicado, emisor.hora = jwks(RSA), emisor.hora + REPOSO
    with pytest.raises(KidDesconocido):
        emisor.claves.buscar("ec-1", "ES256")


def test_tras_una_noche_sin_peticiones_esperan_todas_las_primeras_a_que_se_lea() -> None:
    hora, leyendo, seguir = [0.0], threading.Event(), threading.Event()

    def leer() -> KeySet:
        leyendo.set()
        seguir.wait(10)
        return claves_de(jwks(RSA))

    claves = ClavesPublicas(leer, reloj=lambda: hora[0])
    seguir.set()
    claves.buscar("rsa-1", "RS256")
    hora[0] = EDAD_MAXIMA + 1
    leyendo.clear()
    seguir.clear()
    with ThreadPoolExecutor(2) as hilos:
        primera = hilos.submit(claves.buscar, "rsa-1", "RS256")
        leyendo.wait(10)
        segunda = hilos.submit(claves.buscar, "rsa-1", "RS256")
        # Who doesn't wait has failed by now.
        wait([segunda], timeout=0.2)
        seguir.set()
        assert [primera.result().kid, segunda.result().kid] == ["rsa-1", "rsa-1"]


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
