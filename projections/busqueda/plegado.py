"""How texts are compared when somebody searches: without accents, case or doubled spaces. One rule for both sides."""

import unicodedata

from projections.motor.pagina import guardable

_SIN_DESCOMPONER = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ð": "d", "þ": "th"}
)
"""Letters of Latin alphabets that Unicode does not take apart."""
CORTE = "\n"
"""Stands before, between and after the texts of one ``buscable``: no needle holds it."""


def plegar(texto: str) -> str:
    """``texto`` as it is searched: ``"  José ÑÁÑEZ "`` is ``"jose nanez"``."""
    texto = guardable(texto)
    if texto.isascii():
        return " ".join(texto.lower().split())
    piezas = unicodedata.normalize("NFKD", texto.casefold())
    letras = "".join(letra for letra in piezas if not unicodedata.combining(letra))
    return " ".join(letras.casefold().translate(_SIN_DESCOMPONER).split())


def buscable(*textos: str) -> str:
    """Several texts in one column, folded, each between CORTEs, so that what is found lies within one of them."""
    return f"{CORTE}{CORTE.join(plegar(texto) for texto in textos)}{CORTE}"


def como_buscable(plegada: str) -> str:
    """SQL that makes a ``buscable`` of one column that is folded already."""
    return f"E'\\n' || {plegada} || E'\\n'"


def contiene(plegado: str) -> str:
    """The LIKE pattern of what holds a folded needle anywhere."""
    return f"%{_literal(plegado)}%"


def empieza(plegado: str) -> str:
    """The LIKE pattern of a ``buscable`` one of whose texts begins with a folded needle."""
    return f"%{CORTE}{_literal(plegado)}%"


def es(plegado: str) -> str:
    """The LIKE pattern of a ``buscable`` one of whose texts is a folded needle."""
    return f"%{CORTE}{_literal(plegado)}{CORTE}%"


def trigramas(*textos: str) -> str:
    """SQL of an index for any part of these columns or expressions, after the name of its table.

    Its list of what waits to be sorted in is kept short: whoever fills it up waits, and every search reads it.
    """
    return f"USING gin ({', '.join(f'{texto} gin_trgm_ops' for texto in textos)}) WITH (gin_pending_list_limit = 256)"


def _literal(plegado: str) -> str:
    # For LIKE, these three mean themselves only behind a backslash.
    return plegado.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
