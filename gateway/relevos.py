"""How far the relays have come: what they store, and who else may look."""

from projections.motor.generaciones import seguimiento_de

ESQUEMA = "relevo"
"""Stands where the positions of read models name the schema of their tables: nobody takes one for the other."""


def seguimiento_de_relevo(modulo: str) -> str:
    """The name under which the position of a module's relay is kept."""
    return seguimiento_de("relevo", 0, modulo)
