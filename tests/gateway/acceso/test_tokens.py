"""Tokens: which open, and every kind that does not."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey, RSAKey

from gateway.acceso.ajustes import Acceso
from gateway.acceso.identidad import Rechazado, Rol
from gateway.acceso.tokens import HOLGURA, Tokens
from tests.gateway.acceso.credenciales import (
    AHORA,
    EC,
    ED,
    RSA,
    RSA_SIN_ALG,
    SECRETO,
    a_mano,
    jwks,
    reclamos,
    reloj,
    retocado,
    sin_firma,
    token,
)

CON_SECRETO = Acceso(jwt_secret=SECRETO.encode())
ED_COMO_ANTES = OKPKey.import_key(ED.as_dict(private=True), {"kid": "ed-2", "alg": "EdDSA"})
CON_TODO = Acceso(jwt_secret=SECRETO.encode(), issuer="https://quien", audience="alpes")


@pytest.fixture
def con_jwks(tmp_path: Path) -> Tokens:
    archivo = tmp_path / "jwks.json"
    archivo.write_bytes(jwks(RSA, EC, ED, ED_COMO_ANTES))
    return Tokens(Acceso(jwks=str(archivo)), reloj)


@pytest.mark.parametrize(
    ("dichos", "roles"),
    [
        (["operador"], {Rol.OPERADOR}),
        (["lectura", "auditor", "otro"], {Rol.LECTURA, Rol.AUDITOR}),
        ("lectura admin", {Rol.LECTURA, Rol.ADMIN}),
        (["Admin", 7, None, ["admin"]], set()),
        ({"admin": True}, set()),
        (None, set()),
    ],
)
def test_un_token_dice_quien_es_y_que_roles_tiene(dichos: Any, roles: set[Rol]) -> None:
    identidad = Tokens(CON_SECRETO, reloj).identidad(token(roles=dichos))
    assert (identidad.nombre, set(identidad.roles)) == ("usuario:ana", roles)


MALOS_CON_SECRETO = {
    "otro secreto": (token("otro secreto que no es, de buen largo"), "FIRMA_INVALIDA"),
    "sin firma": (sin_firma(roles=["admin"]), "TOKEN_INVALIDO"),
    "firma quitada": (token().rpartition(".")[0] + ".", "FIRMA_INVALIDA"),
    "retocado": (retocado(token(), roles=["admin"]), "FIRMA_INVALIDA"),
    "HS512 con el secreto": (token(alg="HS512"), "TOKEN_INVALIDO"),
    "RS256 ajeno": (token(RSA, "RS256"), "TOKEN_INVALIDO"),
    "crítica desconocida": (a_mano({"alg": "HS256", "crit": ["rara"], "rara": 1}, reclamos()), "TOKEN_INVALIDO"),
    "vencido": (token(exp=AHORA - HOLGURA), "TOKEN_VENCIDO"),
    "sin exp": (token(exp=None), "TOKEN_EXP"),
    "exp que no es número": (token(exp="mañana"), "TOKEN_EXP"),
    "exp que no acaba": (token(exp=float("nan")), "TOKEN_EXP"),
    "todavía no": (token(nbf=AHORA + HOLGURA + 1), "TOKEN_NBF"),
    "emitido en el futuro": (token(iat=AHORA + HOLGURA + 1), "TOKEN_IAT"),
    "sin sub": (token(sub=None), "TOKEN_SUB"),
    "sub vacío": (token(sub=""), "TOKEN_SUB"),
    "sub con saltos": (token(sub="ana\nadmin"), "TOKEN_SUB"),
    "sub número": (token(sub=7), "TOKEN_SUB"),
    "sub enorme": (token(sub="a" * 129), "TOKEN_SUB"),
    "enorme": (token(relleno="x" * 9000), "TOKEN_INVALIDO"),
    "no es un token": ("aaaa", "TOKEN_INVALIDO"),
    "tres trozos vacíos": ("..", "TOKEN_INVALIDO"),
    "cuatro trozos": (token() + ".x", "TOKEN_INVALIDO"),
    "cuerpo que no es objeto": (a_mano({"alg": "HS256"}, [1]), "TOKEN_INVALIDO"),
    "cabecera que no es objeto": (a_mano(["HS256"], reclamos()), "TOKEN_INVALIDO"),
    "alg que no es texto": (a_mano({"alg": ["HS256"]}, reclamos()), "TOKEN_INVALIDO"),
    "sin alg": (a_mano({}, reclamos()), "TOKEN_INVALIDO"),
}


@pytest.mark.parametrize("caso", MALOS_CON_SECRETO)
def test_un_token_malo_no_abre(caso: str) -> None:
    malo, motivo = MALOS_CON_SECRETO[caso]
    with pytest.raises(Rechazado) as rechazo:
        Tokens(CON_SECRETO, reloj).identidad(malo)
    assert (rechazo.value.estado, rechazo.value.motivo) == (401, motivo)
    assert malo not in str(rechazo.value)


@pytest.mark.parametrize(
    ("cambios", "motivo"),
    [
        ({"iss": "https://otro", "aud": "alpes"}, "TOKEN_ISS"),
        ({"aud": "alpes"}, "TOKEN_ISS"),
        ({"iss": "https://quien", "aud": "otra"}, "TOKEN_AUD"),
        ({"iss": "https://quien", "aud": ["otra", "alpes2"]}, "TOKEN_AUD"),
        ({"iss": "https://quien"}, "TOKEN_AUD"),
        ({"iss": ["https://quien"], "aud": "alpes"}, "TOKEN_ISS"),
    ],
)
def test_emisor_y_destinatario_son_los_configurados(cambios: dict[str, Any], motivo: str) -> None:
    with pytest.raises(Rechazado) as rechazo:
        Tokens(CON_TODO, reloj).identidad(token(**cambios))
    assert rechazo.value.motivo == motivo
    for destinatario in ("alpes", ["otra", "alpes"]):
        bueno = token(iss="https://quien", aud=destinatario)
        assert Tokens(CON_TODO, reloj).identidad(bueno).id == "ana"


def test_los_relojes_pueden_diferir_un_minuto() -> None:
    tokens = Tokens(CON_SECRETO, reloj)
    for casi in (token(exp=AHORA - HOLGURA + 1), token(nbf=AHORA + HOLGURA), token(iat=AHORA + HOLGURA)):
        assert tokens.identidad(casi).id == "ana"


def test_un_token_puede_vencer_mas_lejos_de_lo_que_cabe_en_un_numero_real() -> None:
    tokens = Tokens(CON_SECRETO, reloj)
    for _ in range(2):
        assert tokens.identidad(token(exp=10**400)).id == "ana"


def test_un_token_ya_visto_vence_igual() -> None:
    hora = [AHORA]
    tokens = Tokens(CON_SECRETO, lambda: reloj().fromtimestamp(hora[0], reloj().tzinfo))
    presentado = token(exp=AHORA + 1)
    assert tokens.identidad(presentado).id == "ana"
    hora[0] = AHORA + 1 + HOLGURA
    with pytest.raises(Rechazado) as rechazo:
        tokens.identidad(presentado)
    assert (rechazo.value.codigo, rechazo.value.actor) == ("CREDENCIAL_VENCIDA", "usuario:ana")


@pytest.mark.parametrize(
    ("clave", "alg", "kid"),
    [
        (RSA, "RS256", "rsa-1"),
        (EC, "ES256", "ec-1"),
        (ED, "Ed25519", "ed-1"),
        (ED, "EdDSA", "ed-1"),
        (ED, "EdDSA", "ed-2"),
        (ED, "Ed25519", "ed-2"),
    ],
)
def test_con_jwks_abre_lo_firmado_por_la_clave_que_nombra(con_jwks: Tokens, clave: Any, alg: str, kid: str) -> None:
    assert con_jwks.identidad(token(clave, alg, {"kid": kid})).id == "ana"


AJENA = RSAKey.generate_key(2048)


@pytest.mark.parametrize(
    ("malo", "motivo"),
    [
        # The public key, which everybody has, used as if it were a secret.
        (a_mano({"alg": "HS256", "kid": "rsa-1"}, reclamos(), RSA.as_pem(private=False)), "TOKEN_INVALIDO"),
        (token("a" * 40, "HS256", {"kid": "rsa-1"}), "TOKEN_INVALIDO"),
        (sin_firma(), "TOKEN_INVALIDO"),
        (token(AJENA, "RS256", {"kid": "rsa-1"}), "FIRMA_INVALIDA"),
        (token(AJENA, "RS256", {"kid": "otra"}), "KID_DESCONOCIDO"),
        (token(AJENA, "RS256", {"kid": "../../rsa-1"}), "KID_DESCONOCIDO"),
        (token(RSA, "RS256"), "KID_DESCONOCIDO"),
        (token(RSA_SIN_ALG, "RS384", {"kid": "rsa-1"}), "KID_DESCONOCIDO"),
        (token(RSA_SIN_ALG, "PS256", {"kid": "ec-1"}), "TOKEN_INVALIDO"),
        (token(AJENA, "RS256", {"jwk": AJENA.as_dict(private=False)}), "KID_DESCONOCIDO"),
        (token(AJENA, "RS256", {"kid": "otra", "jku": "https://example.com/jwks"}), "KID_DESCONOCIDO"),
    ],
)
def test_con_jwks_nada_mas_abre(con_jwks: Tokens, malo: str, motivo: str) -> None:
    with pytest.raises(Rechazado) as rechazo:
        con_jwks.identidad(malo)
    assert (rechazo.value.estado, rechazo.value.motivo) == (401, motivo)


@given(st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,60}){0,4}", fullmatch=True))
def test_cualquier_texto_es_un_401_y_nunca_otra_cosa(texto: str) -> None:
    with pytest.raises(Rechazado) as rechazo:
        Tokens(CON_SECRETO, reloj).identidad(texto)
    assert rechazo.value.estado == 401


@given(st.data())
def test_cambiar_un_solo_caracter_de_un_token_lo_cierra(data: st.DataObject) -> None:
    bueno = token()
    # The last character of a signature holds two bits that nobody reads.
    lugar = data.draw(st.integers(0, len(bueno) - 2))
    otro = data.draw(st.characters(codec="ascii").filter(lambda letra: letra != bueno[lugar]))
    with pytest.raises(Rechazado):
        Tokens(CON_SECRETO, reloj).identidad(bueno[:lugar] + otro + bueno[lugar + 1 :])
