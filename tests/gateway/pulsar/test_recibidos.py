"""A tolerant reader: what other teams send is understood, and what can't be is told apart."""

import json
from typing import Any, cast

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.recibidos import Recibido, VersionDesconocida, entender, nombrar
from tests.gateway.pulsar.mensajes import comando, en_avro, en_json, esquemas


def hondo(niveles: int) -> bytes:
    """Objects within one another."""
    return b'{"a":' * niveles + b"1" + b"}" * niveles


@pytest.mark.parametrize("tipo", ["PagoConfirmado", "PagoConfirmado.v1"])
@pytest.mark.parametrize("version", ["1", "1.0", "v1", 1, None])
def test_el_tipo_y_la_version_se_dicen_de_varias_maneras(tipo: str, version: object) -> None:
    dicho = {"type": tipo, "schemaVersion": version, "data": {"idCampania": "CAMP001"}}
    assert entender(en_json(dicho), esquemas).tipo == "PagoConfirmado"


@pytest.mark.parametrize("nombre", ["eventId", "event_id"])
def test_un_mensaje_se_llama_como_dice(nombre: str) -> None:
    assert entender(en_json({"type": "X", nombre: "e-1"}), esquemas).id == "e-1"


def test_un_mensaje_sin_nombre_se_llama_por_su_cuerpo() -> None:
    uno, otro = (en_json({"type": "PagoConfirmado", "data": {"idCampania": campania}}) for campania in "AB")
    assert entender(uno, esquemas).id == entender(Recibido(uno.datos, llave="x"), esquemas).id == uno.huella
    assert entender(otro, esquemas).id != uno.huella


@pytest.mark.parametrize("id", ["", " ", None, {"a": 1}, True])
def test_un_nombre_que_no_puede_serlo_no_se_cree(id: object) -> None:
    recibido = en_json({"type": "X", "eventId": id})
    assert entender(recibido, esquemas).id == recibido.huella


@pytest.mark.parametrize("dicho", ["ana@example.com", "a b", "x" * 201, "niño", "a/b"])
def test_lo_que_no_tiene_forma_de_nombre_se_dice_por_su_huella(dicho: str) -> None:
    cuerpos = [{"type": "X", "eventId": dicho, "correlationId": dicho, "data": {"campania": una}} for una in "AB"]
    leidos = [entender(en_json(cuerpo), esquemas) for cuerpo in cuerpos]
    assert {(leido.id, leido.correlacion) for leido in leidos} == {(nombrar(dicho), nombrar(dicho))}
    assert nombrar(dicho).startswith("sha256:")
    assert nombrar(nombrar(dicho)) == nombrar(dicho)


def test_avro_y_json_dicen_lo_mismo() -> None:
    dicho = comando("CrearCampania", "CAMP001", idCliente="ana", itinerario=["Quito"], presupuesto=10)
    assert entender(en_avro(dicho), esquemas) == entender(en_json(dicho), esquemas)


def test_lo_anidado_se_lee_hasta_donde_se_puede_recorrer() -> None:
    dicho = comando("X") | {"data": json.loads(hondo(63))}
    assert entender(en_avro(dicho), esquemas) == entender(en_json(dicho), esquemas)
    with pytest.raises(MensajeIlegible, match="anidado"):
        entender(en_avro(comando("X") | {"data": json.loads(hondo(64))}), esquemas)


@pytest.mark.parametrize("esquema", [{"type": "otro"}, "nada", None])
def test_un_esquema_que_no_es_de_avro_es_cosa_de_ese_mensaje(esquema: object) -> None:
    with pytest.raises(MensajeIlegible):
        entender(Recibido(b"x", 7), lambda _: fastavro.parse_schema(cast(Any, esquema)))


def test_los_numeros_llegan_exactos() -> None:
    recibido = Recibido(b'{"type": "X", "data": {"monto": 0.1000000000000000055}}')
    assert str(entender(recibido, esquemas).datos["monto"]) == "0.1000000000000000055"


@pytest.mark.parametrize("dicho", [{"type": "X.v2"}, {"type": "X", "schemaVersion": "2.0"}])
def test_una_version_mas_nueva_no_se_adivina(dicho: dict[str, Any]) -> None:
    with pytest.raises(VersionDesconocida):
        entender(en_json(dicho), esquemas)


@pytest.mark.parametrize(
    "datos",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b"null",
        b'{"data": {}}',
        b'{"type": "no es un tipo"}',
        b'{"type": "X", "data": 7}',
        b'{"type": "X", "data": "[]"}',
        b'{"type": "X", "type": "Y"}',
        b'{"type": "X", "data": {"a": "\\u0000"}}',
        b'{"type": "X", "schemaVersion": "uno"}',
        b"x" * (1024 * 1024 + 1),
        b'{"type": "X", "data": ' + hondo(64) + b"}",
        json.dumps({"type": "X", "data": hondo(64).decode()}).encode(),
    ],
    ids=lambda datos: repr(datos[:30]),
)
def test_lo_que_no_se_puede_leer_se_dice_sin_repetirlo(datos: bytes) -> None:
    with pytest.raises(MensajeIlegible) as hallado:
        entender(Recibido(datos), esquemas)
    assert datos[2:].decode("latin-1")[:40] not in str(hallado.value) or len(datos) < 3


@given(st.binary(max_size=200), st.sampled_from([-1, 0, 1]))
def test_ningun_cuerpo_hace_mas_que_no_entenderse(datos: bytes, version: int) -> None:
    try:
        leido = entender(Recibido(datos, version), esquemas)
    except MensajeIlegible:
        return
    json.dumps(leido.id)
