"""Keys at the command line: shown once, listed without what they open, revoked for ever."""

from pathlib import Path

import pytest

from gateway.acceso.rechazos import anotar
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import sistema_en


@pytest.fixture
def alpes(db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


def test_una_llave_se_crea_se_lista_y_se_revoca(alpes: Alpes) -> None:
    creada = alpes("llaves", "crear", "contabilidad", "--rol", "operador", "--rol", "auditor")
    assert creada.returncode == 0, creada.stderr
    llave = creada.stdout.strip()
    assert llave.startswith("alpes_")
    assert "no se puede volver a mostrar" in creada.stderr
    otra = alpes.json("llaves", "crear", "breve", "--rol", "lectura", "--vence", "30")
    assert otra["vence_en"] is not None

    listadas = alpes("llaves", "listar")
    assert llave not in listadas.stdout
    assert otra["llave"] not in listadas.stdout
    vista, _ = alpes.json("llaves", "listar")["llaves"]
    assert (vista["nombre"], vista["roles"], vista["estado"]) == ("contabilidad", ["auditor", "operador"], "vigente")
    assert vista["creada_por"].startswith("cli:")

    assert alpes("llaves", "revocar", "contabilidad").stdout == "revocada\n"
    assert alpes("llaves", "revocar", "contabilidad").stdout == "ya estaba revocada\n"
    assert alpes.json("llaves", "listar")["llaves"][0]["estado"] == "revocada"
    repetida = alpes("llaves", "crear", "contabilidad", "--rol", "lectura")
    assert (repetida.returncode, "elija otro nombre" in repetida.stderr) == (1, True)


@pytest.mark.parametrize(
    "argumentos",
    [
        ("crear", "x"),
        ("crear", "x", "--rol", "jefe"),
        ("crear", "Con Espacio", "--rol", "lectura"),
        ("crear", "x", "--rol", "lectura", "--vence", "2001-01-01"),
        ("crear", "x", "--rol", "lectura", "--vence", "0"),
        ("revocar",),
    ],
)
def test_un_uso_equivocado_termina_en_2(alpes: Alpes, argumentos: tuple[str, ...]) -> None:
    assert alpes("llaves", *argumentos).returncode == 2


def test_revocar_la_que_no_hay_termina_en_1(alpes: Alpes) -> None:
    assert alpes("llaves", "revocar", "ninguna").returncode == 1


def test_los_rechazos_se_listan_los_ultimos_primero(alpes: Alpes, db_url: str) -> None:
    with sistema_en(db_url) as sistema:
        for ruta in ("/pagos/<id>", "/cliente/<id>"):
            anotar(sistema.motor, api="core", motivo="TOKEN_VENCIDO", actor="usuario:ana", origen="10.0.0.7",
                   metodo="GET", ruta=ruta, peticion="p-1")  # fmt: skip
    ultimo, primero = alpes.json("auditoria", "rechazos")["rechazos"]
    assert (ultimo["ruta"], primero["ruta"]) == ("/cliente/<id>", "/pagos/<id>")
    assert "10.0.0.7" in alpes("auditoria", "rechazos", "--limite", "1").stdout
