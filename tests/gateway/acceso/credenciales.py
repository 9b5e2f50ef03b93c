"""Credentials as their issuers make them, good ones and bad ones."""

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

SECRETO = "un secreto de pruebas, que nadie más conoce"
AHORA = 1_780_000_000
"""The door's clock in these tests."""
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig", "alg": "RS256"})
RSA_SIN_ALG = RSAKey.import_key(RSA.as_pem(private=True))
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed-1"})


def reloj() -> datetime:
    return datetime.fromtimestamp(AHORA, UTC)


def reclamos(**cambios: Any) -> dict[str, Any]:
    """What a good token says; a change to None leaves it out."""
    dichos = {"sub": "ana", "exp": AHORA + 300, "roles": ["operador"], **cambios}
    return {nombre: valor for nombre, valor in dichos.items() if valor is not None}


def token(
    clave: Key | str = SECRETO, alg: str = "HS256", cabecera: dict[str, Any] | None = None, **cambios: Any
) -> str:
    """A token signed with a key, or with a secret."""
    firmante = OctKey.import_key(clave) if isinstance(clave, str) else clave
    registro = JWSRegistry(algorithms=[alg], strict_check_header=False)
    registro.algorithms = {**JWSRegistry.algorithms, "EdDSA": JWSRegistry.algorithms["Ed25519"]}
    return jwt.encode({"alg": alg, **(cabecera or {})}, reclamos(**cambios), firmante, [alg], registro)


def a_mano(cabecera: Any, cuerpo: Any, secreto: bytes = SECRETO.encode()) -> str:
    """What no library would sign, with a good HMAC over it."""
    firmado = f"{_en64(cabecera)}.{_en64(cuerpo)}"
    return f"{firmado}.{_b64(hmac.digest(secreto, firmado.encode(), 'sha256'))}"


def sin_firma(**cambios: Any) -> str:
    """``alg: none``."""
    return f"{_en64({'alg': 'none', 'typ': 'JWT'})}.{_en64(reclamos(**cambios))}."


def retocado(original: str, **cambios: Any) -> str:
    """The same signature over other claims."""
    cabecera, _, firma = original.split(".")
    return f"{cabecera}.{_en64(reclamos(**cambios))}.{firma}"


def jwks(*claves: Key) -> bytes:
    """A key set as it is published."""
    return json.dumps(KeySet(list(claves)).as_dict(private=False)).encode()


def portador(credencial: str) -> dict[str, str]:
    """The header by which a credential is presented."""
    return {"Authorization": f"Bearer {credencial}"}


def _en64(valor: Any) -> str:
    return _b64(json.dumps(valor).encode())


def _b64(crudo: bytes) -> str:
    return base64.urlsafe_b64encode(crudo).decode().rstrip("=")
