"""Signed tokens (JWT): whose they are, once nothing about them is wrong."""

import hashlib
import threading
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from cachetools import TTLCache
from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import GuestProtocol, Key, KeyFlexible, OctKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from gateway.acceso.ajustes import Acceso
from gateway.acceso.identidad import Identidad, Rol, almacen_mudo, credencial_invalida
from gateway.acceso.jwks import ClavesPublicas, JwksInalcanzable, KidDesconocido

HOLGURA = 60
"""Seconds by which the clocks of who issues and who checks may differ."""
LARGO_MAXIMO, CABECERA_MAXIMA = 8192, 4096
"""Some issuers put their certificates into the header."""
RECUERDO = 5.0
"""Seconds for which a token that was checked is known again: a page asks many times, and a signature is dear."""
SIMETRICO = ("HS256",)
ASIMETRICOS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Never both lists for one key: who knows a public key could sign with it as if it were a secret."""


class Tokens:
    """Checks tokens by the doors' settings."""

    def __init__(self, acceso: Acceso, reloj: Callable[[], datetime]) -> None:
        self._reloj = reloj
        self._clave: KeyFlexible
        self._algoritmos: Collection[str]
        if acceso.jwt_secret is not None:
            self._clave, self._algoritmos = OctKey.import_key(acceso.jwt_secret), SIMETRICO
        else:
            self._publicas = ClavesPublicas.de(str(acceso.jwks))
            self._clave, self._algoritmos = self._de_la_cabecera, ASIMETRICOS
        # Issuers put parameters of their own into headers; those marked as critical are still refused.
        self._registro = JWSRegistry(algorithms=self._algoritmos, strict_check_header=False)
        # The old name, which most issuers still write; here it means that curve and no other.
        self._registro.algorithms = {**JWSRegistry.algorithms, "EdDSA": JWSRegistry.algorithms["Ed25519"]}
        self._registro.max_header_length = CABECERA_MAXIMA
        exigidas: dict[str, ClaimsOption] = {"exp": {"essential": True}, "sub": {"essential": True}}
        if acceso.issuer is not None:
            exigidas["iss"] = {"essential": True, "value": acceso.issuer}
        if acceso.audience is not None:
            exigidas["aud"] = {"essential": True, "value": acceso.audience}
        self._exigidas = JWTClaimsRegistry(now=self._ahora, leeway=HOLGURA, **exigidas)
        self._vistos: TTLCache[bytes, tuple[Identidad, float]] = TTLCache(4096, RECUERDO)
        self._turno = threading.Lock()

    def identidad(self, token: str) -> Identidad:
        """Whose token it is. Raises Rechazado: 401, or 503 when the keys can't be had."""
        # Tokens themselves are not kept.
        marca = hashlib.sha256(token.encode()).digest()
        with self._turno:
            visto = self._vistos.get(marca)
        if visto is None:
            visto = self._comprobar(token)
            with self._turno:
                self._vistos[marca] = visto
        elif visto[1] + HOLGURA <= self._ahora():
            raise credencial_invalida("TOKEN_VENCIDO", visto[0].nombre)
        return visto[0]

    def _comprobar(self, token: str) -> tuple[Identidad, float]:
        try:
            dichas = self._firmadas(token)
        except JwksInalcanzable:
            raise almacen_mudo("JWKS_INALCANZABLE") from None
        except KidDesconocido:
            raise credencial_invalida("KID_DESCONOCIDO") from None
        except BadSignatureError:
            raise credencial_invalida("FIRMA_INVALIDA") from None
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise credencial_invalida("TOKEN_INVALIDO") from None
        sujeto = dichas.get("sub")
        actor = f"usuario:{sujeto}" if _es_sujeto(sujeto) else None
        try:
            self._exigidas.validate(dichas)
        except ExpiredTokenError:
            raise credencial_invalida("TOKEN_VENCIDO", actor) from None
        except (InvalidClaimError, MissingClaimError) as error:
            raise credencial_invalida(f"TOKEN_{_reclamo(error)}", actor) from None
        if actor is None:
            raise credencial_invalida("TOKEN_SUB")
        return Identidad("usuario", str(sujeto), _roles(dichas.get("roles"))), dichas["exp"]

    def _firmadas(self, token: str) -> dict[str, Any]:
        if len(token) > LARGO_MAXIMO:
            raise ValueError
        return jwt.decode(token, self._clave, self._algoritmos, self._registro).claims

    def _de_la_cabecera(self, token: GuestProtocol) -> Key:
        cabecera = token.headers()
        kid = cabecera.get("kid")
        if kid is not None and not isinstance(kid, str):
            raise KidDesconocido
        return self._publicas.buscar(kid, str(cabecera["alg"]))

    def _ahora(self) -> int:
        return int(self._reloj().timestamp())


def _roles(dichos: object) -> frozenset[Rol]:
    """Those that we know, from a list or from words in a row."""
    palabras = dichos.split() if isinstance(dichos, str) else dichos if isinstance(dichos, list) else ()
    return frozenset(Rol(palabra) for palabra in palabras if isinstance(palabra, str) and palabra in set(Rol))


def _es_sujeto(sujeto: object) -> bool:
    return isinstance(sujeto, str) and 0 < len(sujeto) <= 128 and sujeto.isprintable() and sujeto == sujeto.strip()


def _reclamo(error: InvalidClaimError | MissingClaimError) -> str:
    return str(error.claim).upper() if hasattr(error, "claim") else "INCOMPLETO"
