"""Which version of the tables this code needs."""

from pathlib import Path

REVISION = max(archivo.name[:4] for archivo in (Path(__file__).parent / "migraciones" / "versions").glob("[0-9]*.py"))
"""The newest migration's: they are numbered in order."""
EN_LA_BASE = "SELECT max(version_num) FROM public.alembic_version"
