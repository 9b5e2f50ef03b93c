"""Cedula and email as they show to who may not see them whole."""

from typing import Any


def mascara_de_email(email: str) -> str:
    """``ana@example.com`` → ``a***@example.com``."""
    nombre, arroba, dominio = email.rpartition("@")
    return f"{nombre[:1]}***@{dominio}" if arroba and nombre else "***"


def mascara_de_cedula(cedula: str) -> str:
    """``0102030405`` → ``****05``: always as long, whatever the length of the whole."""
    return f"****{cedula[-2:]}" if len(cedula) > 4 else "****"


_MASCARAS = {"email": mascara_de_email, "cedula": mascara_de_cedula}


def enmascarar(valor: Any) -> Any:
    """A body with every ``email`` and ``cedula`` in it masked, changes told field by field included."""
    match valor:
        case {"campo": "email" | "cedula" as campo}:
            return {clave: uno if clave == "campo" else _mascara(campo, uno) for clave, uno in valor.items()}
        case dict():
            return {clave: _mascara(clave, uno) for clave, uno in valor.items()}
        case list() | tuple():
            return [enmascarar(uno) for uno in valor]
        case _:
            return valor


def _mascara(campo: str, valor: Any) -> Any:
    mascara = _MASCARAS.get(campo)
    return mascara(valor) if mascara is not None and isinstance(valor, str) else enmascarar(valor)
