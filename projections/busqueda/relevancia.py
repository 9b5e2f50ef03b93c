"""How well something answers a needle: it is it, it begins with it, or it holds it somewhere."""

from collections.abc import Sequence

from projections.busqueda.plegado import contiene, empieza, es

IGUAL, COMIENZO, DENTRO = 1.0, 0.7, 0.4


def nivel(buscable: str, id_plegado: str | None = None) -> str:
    """SQL for the relevance of what holds the needle: the best of a ``buscable`` column and a folded id.

    Its parameters are those of ``patrones``.
    """
    es_id = f" OR {id_plegado} = :aguja" if id_plegado else ""
    empieza_id = f" OR {id_plegado} LIKE :empieza_id" if id_plegado else ""
    return (
        f"CASE WHEN {buscable} LIKE :es{es_id} THEN {IGUAL}"
        f" WHEN {buscable} LIKE :empieza{empieza_id} THEN {COMIENZO} ELSE {DENTRO} END"
    )


def patrones(aguja: str) -> dict[str, str]:
    """What queries compare with, for a folded needle."""
    return {
        "aguja": aguja,
        "contiene": contiene(aguja),
        "empieza": empieza(aguja),
        "empieza_id": contiene(aguja).removeprefix("%"),
        "es": es(aguja),
    }


def relevancia_de(textos: Sequence[str], aguja: str) -> float:
    """The same of folded texts, at least one of which holds a folded needle."""
    if aguja in textos:
        return IGUAL
    return COMIENZO if any(texto.startswith(aguja) for texto in textos) else DENTRO
