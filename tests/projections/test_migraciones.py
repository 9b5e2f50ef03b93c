"""What a migration needs from the server, and what it says when it can't have it."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from projections.errores import FaltaExtension
from projections.migraciones import migrar
from projections.revision import EN_LA_BASE, REVISION


@pytest.fixture
def base_ajena(postgres: str) -> Iterator[tuple[str, str]]:
    """URLs of a database that belongs to somebody else: as a guest who may make tables in it, and as its owner."""
    nombre = f"ajena_{uuid.uuid4().hex[:8]}"
    partes = conninfo_to_dict(postgres)
    servidor = f"{partes['host']}:{partes['port']}/{nombre}"
    cosas = {"base": sql.Identifier(nombre), "rol": sql.Identifier(nombre)}
    with psycopg.connect(postgres, autocommit=True) as conexion:
        conexion.execute(sql.SQL("CREATE ROLE {rol} LOGIN PASSWORD 'clave'").format(**cosas))
        conexion.execute(sql.SQL("CREATE DATABASE {base} TEMPLATE template0").format(**cosas))
    admin = f"postgresql://{partes['user']}:{partes['password']}@{servidor}"
    with psycopg.connect(admin, autocommit=True) as conexion:
        conexion.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {rol}").format(**cosas))
    yield f"postgresql://{nombre}:clave@{servidor}", admin
    with psycopg.connect(postgres, autocommit=True) as conexion:
        conexion.execute(sql.SQL("DROP DATABASE {base} WITH (FORCE)").format(**cosas))
        conexion.execute(sql.SQL("DROP ROLE {rol}").format(**cosas))


def test_la_revision_que_hace_falta_es_la_que_deja_migrar(db_url: str) -> None:
    with psycopg.connect(db_url) as conexion:
        assert conexion.execute(EN_LA_BASE).fetchall() == [(REVISION,)]


def test_a_quien_no_puede_crear_la_extension_se_le_dice_que_pedir(base_ajena: tuple[str, str]) -> None:
    invitado, admin = base_ajena
    with pytest.raises(FaltaExtension, match="CREATE EXTENSION pg_trgm"):
        migrar(invitado)
    with psycopg.connect(admin, autocommit=True) as conexion:
        assert conexion.execute("SELECT to_regclass('public.clientes_events')").fetchone() == (None,), "o todo o nada"
        conexion.execute("CREATE EXTENSION pg_trgm")
    migrar(invitado)
