"""Under which names messages are counted and parked: nobody can guess at one that may be personal."""

from sqlalchemy import text

from gateway.composicion import Sistema
from gateway.eventos.buzon import Contados
from gateway.pulsar.aparcados import listar
from gateway.pulsar.recibidos import Recibido, nombrar
from tests.gateway.pulsar.mensajes import comando, en_json
from tests.gateway.pulsar.test_bandeja import BandejaDe, campanias, crear
from tests.gateway.pulsar.test_comandos import CAMPANIA, rechazos


def test_ningun_nombre_que_sea_un_correo_se_guarda_ni_se_cuenta(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    correo = "ana@example.com"
    dicho = comando("DesactivarCliente", correo, id=correo, motivo="x") | {"correlationId": correo}
    bandeja = bandeja_de("clientes")
    for _ in range(2):
        bandeja.atender([en_json(dicho, correo), Recibido(b"{", llave=f"a{correo}")])
    (rechazo,) = rechazos(sistema.clientes)
    assert rechazo.originator_id == f"rechazo:{rechazo.mensaje_id}"
    (uno,) = listar(sistema.motor)
    for adivinado in (correo, nombrar(correo), nombrar(f"a{correo}")):
        assert adivinado not in f"{vars(rechazo)}{uno}"
    assert uno.llave.startswith("hmac:")


def test_lo_que_se_guardo_con_la_huella_sin_llave_sigue_contado_y_parado(
    sistema: Sistema, bandeja_de: BandejaDe
) -> None:
    correo = "ana@example.com"
    contados = Contados("comandos.campanias", (nombrar(correo),))
    sistema.campanias.recorder.insert_events([], buzon=contados)
    bandeja = bandeja_de("campanias")
    bandeja.atender([en_json(comando("CrearCampania", "CONTADA", id=correo, **CAMPANIA)), crear("ROTA", "x@y.z")])
    assert campanias(sistema) == ["ROTA"]
    bandeja.atender([Recibido(b"{", llave="x@y.z")])
    with sistema.motor.begin() as conexion:
        conexion.execute(text("UPDATE mensajes_aparcados SET llave = :antes"), {"antes": nombrar("x@y.z")})
    bandeja_de("campanias").atender([crear("DETRAS", "x@y.z")])
    assert campanias(sistema) == ["ROTA"]
    assert {uno.llave for uno in listar(sistema.motor)} == {nombrar("x@y.z")}
