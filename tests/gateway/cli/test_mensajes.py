"""``alpes mensajes``: what came in and waits, and what to do about it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.cliente.comandos import AnonimizarCliente, RegistrarCliente
from gateway.composicion import Sistema
from gateway.pulsar.bandeja import YA_NO_SE_LEE, Bandeja
from gateway.pulsar.explicacion import OTROS, PERSONAL
from gateway.pulsar.interpretes import de_comandos
from gateway.pulsar.recibidos import Recibido
from tests.gateway.cli.orden import Alpes
from tests.gateway.pulsar.mensajes import comando, en_json, esquemas
from tests.gateway.pulsar.test_comandos import ANA, CAMPANIA, nombres
from tests.gateway.sistema import AYER, sistema_en


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def alpes(db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


@pytest.fixture
def aparcar(sistema: Sistema) -> Callable[..., None]:
    """Has messages counted by the consumer of an application's commands."""

    def atender(nombre: str, *recibidos: Recibido) -> None:
        aplicacion = sistema.aplicaciones[nombre]
        interprete = de_comandos(aplicacion, sistema.reloj)
        Bandeja(f"comandos.{aplicacion.modulo}", aplicacion, interprete, sistema, esquemas).atender(recibidos)

    return atender


def test_lo_aparcado_se_lista_se_explica_y_se_descarta(
    alpes: Alpes, sistema: Sistema, aparcar: Callable[..., None]
) -> None:
    assert alpes("mensajes", "aparcados").stdout == "nada aparcado\n"
    detras = en_json(comando("CrearCampania", "CAMP001", **CAMPANIA), "ROTA")
    aparcar("campanias", Recibido(b"basura", llave="ROTA", mensaje_id="7:3"), detras)

    (fila,) = alpes.json("mensajes", "aparcados")["aparcados"]
    assert (fila["consumidor"], fila["llave"], fila["mensajes"]) == ("comandos.campanias", "ROTA", 2)
    assert alpes("mensajes", "reintentar").returncode == 1
    primero, segundo = alpes.json("mensajes", "explicar", "comandos.campanias", "ROTA")["mensajes"]
    assert (primero["en el broker"], segundo["tipo"]) == ("7:3", "CrearCampania")
    assert segundo["datos"]["presupuesto"] == 100
    assert "ROTA" in alpes("mensajes", "explicar", "comandos.campanias", "ROTA").stdout

    descartado = alpes("mensajes", "descartar", "comandos.campanias", "ROTA")
    assert (descartado.returncode, descartado.stdout) == (0, "descartado\n")
    assert nombres(sistema.campanias, "CAMP001") == ["Creada"]
    assert alpes.json("mensajes", "reintentar") == {"reintentadas": 0, "sueltas": 0, "aparcados": []}


def test_al_descartar_se_dice_por_que_se_detiene_el_siguiente(
    alpes: Alpes, sistema: Sistema, aparcar: Callable[..., None]
) -> None:
    sistema.clientes.ejecutar(RegistrarCliente(**ANA | {"id": "ana", "fecha_nacimiento": AYER}))
    aparcar("clientes", Recibido(b"basura", llave="ana"), en_json(comando("ReactivarCliente", "ana"), "ana"))
    sistema.clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
    dicho = alpes("mensajes", "descartar", "comandos.cliente", "ana")
    assert (dicho.returncode, dicho.stdout.partition(": ")[2]) == (1, f"{YA_NO_SE_LEE}\n")


def test_lo_que_ya_se_conto_se_descarta_como_lo_demas(alpes: Alpes, db_url: str, aparcar: Callable[..., None]) -> None:
    aparcar("campanias", Recibido(b"basura", llave="ROTA"))
    with psycopg.connect(db_url) as conexion:
        conexion.execute("INSERT INTO buzon (consumidor, clave) SELECT consumidor, clave FROM mensajes_aparcados")
    descartado = alpes("mensajes", "descartar", "comandos.campanias", "ROTA")
    assert (descartado.returncode, descartado.stdout) == (0, "descartado\n")
    assert alpes("mensajes", "aparcados").stdout == "nada aparcado\n"


def test_nada_personal_se_muestra(alpes: Alpes, aparcar: Callable[..., None]) -> None:
    nuevo = {**comando("RegistrarCliente", "ana", **ANA), "schemaVersion": "2"}
    aparcar("clientes", en_json(nuevo, "ana"), en_json(comando("ActualizarCliente", "ana", email="b@b.es"), "ana"))
    dicho = alpes("mensajes", "explicar", "comandos.cliente", "ana").stdout
    assert "email = (puede ser personal)" in dicho
    assert "b@b.es" not in dicho
    assert "Ruiz" not in dicho


def test_de_una_persona_ni_los_nombres_que_puso_otro_se_muestran(alpes: Alpes, aparcar: Callable[..., None]) -> None:
    ajeno: dict[str, Any] = {"email": "b@b.es", "ana@ruiz.es": 1, "titular": 2}
    detras = [comando(tipo, "ana", **ajeno) for tipo in ("ActualizarCliente", "NoHay")]
    aparcar("clientes", Recibido(b"basura", llave="ana"), *(en_json(uno, "ana") for uno in detras))
    _, *vistos = alpes.json("mensajes", "explicar", "comandos.cliente", "ana")["mensajes"]
    assert [uno["datos"] for uno in vistos] == [{"email": PERSONAL, OTROS: 2}, {OTROS: 3}]


def test_lo_que_una_terminal_obedeceria_se_escapa(alpes: Alpes, aparcar: Callable[..., None]) -> None:
    datos: dict[str, Any] = {"idCliente": "\x1b[2J\u202e", "\x1b]0;x\x07": 1}
    aparcar("campanias", Recibido(b"basura", llave="ROTA", productor="a\x1b"),
            en_json(comando("CrearCampania", "ROTA", **datos), "ROTA"))  # fmt: skip
    dicho = alpes("mensajes", "explicar", "comandos.campanias", "ROTA").stdout
    assert "idCliente = \\x1b[2J\\u202e\n" in dicho
    assert all(linea.isprintable() for linea in dicho.split("\n"))


def test_lo_muy_anidado_se_explica(alpes: Alpes, aparcar: Callable[..., None]) -> None:
    dicho = comando("CrearCampania", "ROTA", itinerario=json.loads("[" * 900 + "]" * 900))
    aparcar("campanias", Recibido(b"basura", llave="ROTA"), en_json(dicho, "ROTA"))
    assert "demasiado anidado" in alpes("mensajes", "explicar", "comandos.campanias", "ROTA").stdout


def test_lo_que_otro_equipo_agrega_se_nombra_y_no_se_muestra(alpes: Alpes, aparcar: Callable[..., None]) -> None:
    ajeno: dict[str, Any] = {"titular": "Ana Ruiz", "presupuesto": 100, "moneda": {"valor": "USD", "de": "Ana Ruiz"}}
    aparcar("campanias", en_json({**comando("CrearCampania", "ROTA", **ajeno), "schemaVersion": "2"}, "ROTA"),
            en_json(comando("CrearCampania", "ROTA", **ajeno), "ROTA"),
            en_json(comando("ActivarCampania", "ana@ruiz.es"), "ROTA"))  # fmt: skip
    dicho = alpes("mensajes", "explicar", "comandos.campanias", "ROTA").stdout
    assert "titular = (no es de nuestro contrato" in dicho
    assert "presupuesto = 100" in dicho
    assert "ruiz" not in dicho.lower()


def test_lo_que_no_es_el_id_de_nada_se_dice(alpes: Alpes) -> None:
    dicho = alpes("mensajes", "libro", "pagos:²")
    assert (dicho.returncode, dicho.stderr) == (1, "alpes: nada en los registros se llama «pagos:²»\n")


def test_una_llave_que_no_espera_se_dice(alpes: Alpes) -> None:
    resultado = alpes("mensajes", "explicar", "comandos.pagos", "NADA")
    assert resultado.returncode == 1
    assert "«alpes mensajes aparcados»" in resultado.stderr
    for quien, dicho in (((), "Nadie tiene"), (("comandos.pagos",), "«comandos.pagos» no tiene")):
        resultado = alpes("mensajes", "reintentar", *quien, "--llave", "NADA")
        assert resultado.returncode == 1
        assert f"{dicho} aparcada «NADA»" in resultado.stderr
