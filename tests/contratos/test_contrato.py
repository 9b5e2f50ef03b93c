"""What leaves: every event has its message or its silence, and what was published once stays readable for ever."""

import copy
import io
from typing import Any

import fastavro
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.base.agregado import Evento
from domain.base.rechazo import Rechazo
from domain.cliente.agregado import Cliente
from gateway.eventos.nombres import Nombres
from gateway.pulsar.contratos import ENVOLTURA, Mensaje, MensajeIlegible, catalogo, codificar, leer
from gateway.pulsar.traduccion import CALLADOS, CONTADOS, SinTraduccion, traducir
from gateway.topics import MODULOS
from tests.contratos.publicado import describir, faltas, presente, publicado
from tests.gateway.eventos.inventado import Vale
from tests.gateway.eventos.valores import valores_de

APLICACIONES = {"Cliente": "clientes", "Payout": "pagos", "Campania": "campanias", "Rechazo": "pagos"}
MODULO_DE = {"clientes": "cliente", "pagos": "pagos", "campanias": "campanias"}
PRIVADO = "ZQX"
"""A text that occurs in no word of ours."""


@st.composite
def eventos(draw: st.DrawFn, clase: type[Evento]) -> Evento:
    forma = Nombres().forma(clase.TOPIC)
    campos: dict[str, Any] = {campo: draw(valores_de(tipo), campo) for campo, tipo in forma.campos.items()}
    for campo in forma.personales:
        if isinstance(campos[campo], str):
            campos[campo] = f"{PRIVADO} {campos[campo]}"
    for campo in [uno for uno in campos if uno.startswith("huella_")]:
        campos[campo] = f"{PRIVADO}{campos[campo]}"
    if forma.es_inicial:
        campos["originator_topic"] = forma.agregado
    constructor: Any = clase
    return constructor(originator_id="uno", originator_version=3, **campos)  # type: ignore[no-any-return]


def aplicacion_de(clase: type[Evento]) -> str:
    return APLICACIONES[Nombres().forma(clase.TOPIC).agregado.split(":")[-1]]


def test_de_cada_evento_esta_dicho_si_se_cuenta_o_se_calla() -> None:
    clases = {forma.clase for forma in Nombres().formas.values()}
    assert clases == CONTADOS.keys() | CALLADOS
    assert not CONTADOS.keys() & CALLADOS


def test_un_evento_del_que_nadie_ha_dicho_nada_no_se_cuenta_por_descuido() -> None:
    ajeno = object.__new__(Vale.Emitido)
    with pytest.raises(SinTraduccion, match=Vale.Emitido.TOPIC):
        traducir("pagos", 1, 0, ajeno)


def test_el_contrato_tiene_los_mensajes_que_se_cuentan_y_ningun_otro() -> None:
    for modulo in MODULOS:
        de_aqui = {
            tipo
            for clase, (tipo, _) in CONTADOS.items()
            if clase is Rechazo.ComandoRechazado or MODULO_DE[aplicacion_de(clase)] == modulo
        }
        assert catalogo(modulo).keys() == de_aqui


def test_nada_personal_esta_en_el_contrato() -> None:
    personales = set(Nombres().forma(Cliente.Registrado.TOPIC).personales)
    assert personales == {"nombre", "email", "cedula", "fecha_nacimiento"}
    for tipo, esquema in catalogo("cliente").items():
        assert esquema["personales"] == []
        assert not personales & {campo["name"] for campo in esquema["fields"]}, tipo


@settings(max_examples=10)
@given(datos=st.data())
@pytest.mark.parametrize("clase", CONTADOS, ids=[clase.TOPIC for clase in CONTADOS])
def test_cada_mensaje_es_como_dice_el_contrato_y_no_lleva_nada_personal(
    clase: type[Evento], datos: st.DataObject
) -> None:
    evento, aplicacion = datos.draw(eventos(clase)), aplicacion_de(clase)
    mensaje = traducir(aplicacion, 7, 5, evento)
    assert mensaje is not None
    esquema = catalogo(MODULO_DE[aplicacion])[mensaje.tipo]
    assert set(mensaje.datos) == {campo["name"] for campo in esquema["fields"]}
    assert fastavro.validate(mensaje.datos, fastavro.parse_schema(_con_dinero(esquema)))
    assert mensaje.tipo.endswith(f".v{mensaje.schema_version}")
    assert (mensaje.posicion, mensaje.posicion_anterior) == (7, 5)
    enviado = codificar(mensaje)
    assert leer(enviado, 0) == mensaje
    assert PRIVADO.encode() not in enviado


def _con_dinero(esquema: dict[str, Any]) -> dict[str, Any]:
    """The schema by itself: in its list money is described once, where it occurs first."""
    dinero = {
        "type": "record",
        "name": "Dinero",
        "fields": [{"name": "valor", "type": "string"}, {"name": "moneda", "type": "string"}],
    }
    vistos = 0

    def cambiar(tipo: Any) -> Any:
        nonlocal vistos
        if isinstance(tipo, list):
            return [cambiar(uno) for uno in tipo]
        if tipo == "Dinero" or (isinstance(tipo, dict) and tipo.get("name") == "Dinero"):
            vistos += 1
            return dinero if vistos == 1 else "Dinero"
        return tipo

    return {**esquema, "fields": [{**campo, "type": cambiar(campo["type"])} for campo in esquema["fields"]]}


def test_lo_publicado_no_cambia_y_lo_nuevo_esta_anotado() -> None:
    antes, ahora = publicado(), presente()
    assert faltas(antes, ahora) == []
    assert antes == ahora, "anote lo nuevo: python -m tests.contratos.publicado"


def test_un_cambio_que_romperia_a_un_lector_se_nota() -> None:
    antes = publicado()
    sin_tipo = {tipo: campos for tipo, campos in antes.items() if tipo != "PagoConfirmado.v1"}
    assert faltas(antes, sin_tipo) == ["PagoConfirmado.v1: ya no se cuenta"]
    otro = copy.deepcopy(antes)
    otro["PagoConfirmado.v1"]["completed_at"] = "long"
    del otro["PagoCreado.v1"]["monto"]
    otro["(sobre)"]["nuevo"] = "string"
    otro["PagoRevertido.v1"]["opcional"] = "null | string = null"
    assert sorted(faltas(antes, otro)) == [
        "(sobre).nuevo: se agregó sin valor por defecto",
        "PagoConfirmado.v1.completed_at: cambió",
        "PagoCreado.v1.monto: cambió",
    ]


def test_un_campo_personal_se_anota_como_tal() -> None:
    esquema = {"personales": ["email"], "fields": [{"name": "email", "type": "string"}]}
    assert describir(esquema) == {"email": "personal string"}


def test_un_lector_viejo_lee_un_sobre_mas_nuevo_y_uno_nuevo_el_viejo() -> None:
    mas_nuevo: dict[str, Any] = copy.deepcopy(dict(ENVOLTURA))
    mas_nuevo["fields"].insert(3, {"name": "region", "type": ["null", "string"], "default": None})
    salida = _escrito(mas_nuevo, {**_crudo(), "region": "andina"})
    leido = leer(salida, 1, mas_nuevo)
    assert leido == leer(_escrito(dict(ENVOLTURA), _crudo()), 0)
    assert leer(salida, 1, mas_nuevo).datos == {"intento": 1}


def test_lo_que_no_es_un_mensaje_se_dice_sin_repetirlo() -> None:
    for version, datos in ((0, b"\x08secreto"), (None, b'{"type": "secreto"}'), (None, b"secreto"), (None, b"[1]")):
        with pytest.raises(MensajeIlegible) as error:
            leer(datos, version)
        assert "secreto" not in str(error.value)


def test_sin_esquema_se_lee_como_json() -> None:
    mensaje = leer(_escrito(dict(ENVOLTURA), _crudo()), 0)
    assert leer(msgspec.json.encode(mensaje)) == mensaje
    assert leer(msgspec.json.encode(_crudo()), -1) == mensaje
    assert isinstance(mensaje, Mensaje)


def _crudo() -> dict[str, Any]:
    return {
        "eventId": "pagos:payout-1:2", "type": "PagoProcesado.v1", "schemaVersion": "1", "aggregateId": "payout-1",
        "aggregateType": "Payout", "secuencia": 2, "posicion": 9, "posicionAnterior": 8,
        "ocurridoEn": "2026-01-02T03:04:05Z", "correlationId": "c", "causationId": "p", "data": '{"intento":1}',
    }  # fmt: skip


def _escrito(esquema: dict[str, Any], crudo: dict[str, Any]) -> bytes:
    salida = io.BytesIO()
    fastavro.schemaless_writer(salida, fastavro.parse_schema(copy.deepcopy(esquema)), crudo)
    return salida.getvalue()
