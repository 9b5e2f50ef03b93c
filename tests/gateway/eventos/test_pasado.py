"""Bytes that were stored by older versions of a class are read as its newest."""

from datetime import UTC, datetime

import psycopg
import pytest
from eventsourcing.persistence import MapperDeserialisationError

from domain.base.dinero import Dinero
from tests.gateway.eventos.apoyo import eventos_de
from tests.gateway.eventos.inventado import Vale, Vales

CLAVE = bytes.fromhex(
    "3fa98bd7d37c428dd9f0bf0664927f65d4b640db06c01d5b92367773da5b879f820949e62bd8595818483ba29957421c4a61bae41b2e024346c6ea78"
)
"""The key of vale-1, wrapped with the tests' master key when these bytes were stored."""
CLAVE_DE_VALE_2 = bytes.fromhex(
    "f700cb6f87289fd7636f512e50fa3b3f8241e85d76190cc2736b35c70942a96486e8c3aa30574bf8ec4ea62d62e502e14bfbe79a47102790fec2b348"
)
METADATOS = (
    b'"timestamp":"2024-02-03T04:05:06.789Z","correlation_id":"c-1","causation_id":"",'
    b'"actor_tipo":"api","actor_id":"ana"'
)
BYTES_DE_ANTES = {
    "ValeEmitido.v1": b"{" + METADATOS + b',"monto":"12.50 USD","vence":null,"_sellado":'
    b'"KYrvXv+wjdVLITum5SVg+/plouTp7Y/clW0YF2uZmetObevTT98RQfAk2/EZf1Z+JbDsjO2H9h1kDmEYHDoKbQ=="}',
    "ValeEmitido.v2": b"{" + METADATOS + b',"monto":{"unidades":1250,"moneda":"USD"},"vence":null,"_sellado":'
    b'"Q5NhErc+3K0juTyobTt4i6DHTfKos10GHPL4uD6dwFh6E5ldV4hWuSfJuLbU1X+vE41+3LowTaGiZvAm0Mopow=="}',
}


def guardar(sql: psycopg.Connection, topic: str, estado: bytes, flujo: str = "vale-1") -> None:
    sql.execute("INSERT INTO campanias_events VALUES (%s, 1, %s, %s)", (flujo, topic, estado))
    sql.execute("INSERT INTO claves VALUES (%s, %s)", (flujo, CLAVE))


@pytest.mark.parametrize("topic", BYTES_DE_ANTES)
def test_lo_guardado_antes_se_lee_con_la_forma_de_hoy(vales: Vales, sql: psycopg.Connection, topic: str) -> None:
    guardar(sql, topic, BYTES_DE_ANTES[topic])
    vale = vales.buscar(Vale, "vale-1")
    assert vale is not None
    assert (vale.titular, vale.correo, vale.monto, vale.vence) == ("Ana Pérez", None, Dinero(1250, "USD"), None)
    assert vale.created_on == datetime(2024, 2, 3, 4, 5, 6, 789000, UTC)
    (evento,) = eventos_de(vales)
    assert type(evento) is Vale.Emitido


@pytest.mark.parametrize("topic", BYTES_DE_ANTES)
def test_lo_guardado_antes_de_quien_fue_olvidado_se_lee_sin_sus_datos(
    vales: Vales, sql: psycopg.Connection, topic: str
) -> None:
    guardar(sql, topic, BYTES_DE_ANTES[topic])
    sql.execute("UPDATE claves SET clave = NULL, destruida = now()")
    vale = vales.buscar(Vale, "vale-1")
    assert vale is not None
    assert (vale.titular, vale.correo, vale.monto) == (None, None, Dinero(1250, "USD"))


@pytest.mark.parametrize(
    ("flujo", "topic", "estado"),
    [
        ("vale-2", "ValeEmitido.v2", BYTES_DE_ANTES["ValeEmitido.v2"]),  # moved to another stream
        ("vale-1", "ValeEmitido.v2", BYTES_DE_ANTES["ValeEmitido.v1"]),  # under another name
        ("vale-1", "ValeEmitido.v1", BYTES_DE_ANTES["ValeEmitido.v1"].replace(b"KYrv", b"KYrw")),
        ("vale-1", "ValeEmitido.v1", BYTES_DE_ANTES["ValeEmitido.v1"].replace(b"12.50 USD", b"doce")),
        ("vale-1", "ValeEmitido.v1", b"{"),
        ("vale-1", "ValeUsado.v1", b"{" + METADATOS + b',"lugares":[1]}'),
        ("vale-1", "ValeDesconocido.v1", b"{}"),
    ],
)
def test_lo_movido_cambiado_o_desconocido_no_se_lee_y_se_dice_cual(
    vales: Vales, sql: psycopg.Connection, flujo: str, topic: str, estado: bytes
) -> None:
    sql.execute("INSERT INTO campanias_events VALUES (%s, 1, %s, %s)", (flujo, topic, estado))
    sql.execute("INSERT INTO claves VALUES (%s, %s)", (flujo, CLAVE if flujo == "vale-1" else CLAVE_DE_VALE_2))
    with pytest.raises(MapperDeserialisationError, match=rf"{topic}, versión 1 de {flujo}"):
        eventos_de(vales)


def test_una_clave_que_falta_es_un_danio_y_no_un_olvido(vales: Vales, sql: psycopg.Connection) -> None:
    guardar(sql, "ValeEmitido.v2", BYTES_DE_ANTES["ValeEmitido.v2"])
    sql.execute("DELETE FROM claves")
    with pytest.raises(MapperDeserialisationError):
        eventos_de(vales)
