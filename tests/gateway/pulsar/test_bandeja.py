"""A message acts once; what can't be counted parks its key, and the others go on."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from domain.campanias.agregado import Campania
from domain.cliente.comandos import AnonimizarCliente, RegistrarCliente
from gateway.composicion import Sistema
from gateway.pulsar.aparcados import listar
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.errores import IntentoFallido
from gateway.pulsar.interpretes import de_comandos
from gateway.pulsar.pendiente import Hacer
from gateway.pulsar.recibidos import Leido, Recibido
from tests.gateway.eventos.apoyo import eventos_de, filas_de
from tests.gateway.pulsar.mensajes import comando, en_avro, en_json, esquemas
from tests.gateway.pulsar.test_comandos import ANA, CAMPANIA, CONFIRMADO, PAGO, nombres, rechazos
from tests.gateway.sistema import AYER

BandejaDe = Callable[[str], Bandeja]


def crear(campania: str, llave: str = "", **cambios: Any) -> Recibido:
    return en_json(comando("CrearCampania", campania, **CAMPANIA | cambios), llave)


def campanias(sistema: Sistema) -> list[str]:
    return [evento.originator_id for evento in eventos_de(sistema.campanias) if isinstance(evento, Campania.Creada)]


def test_un_mensaje_repetido_actua_una_vez(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    gasto = en_json(comando("CrearPago", **PAGO))
    bandeja = bandeja_de("pagos")
    for recibidos in ([gasto, gasto], [gasto], [en_json(comando("CrearPago", **PAGO)), gasto]):
        bandeja.atender(recibidos)
    bandeja_de("pagos").atender([gasto])
    assert [type(evento).__name__ for evento in eventos_de(sistema.pagos)].count("Creado") == 2


def test_un_rechazo_repetido_se_cuenta_una_vez(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    dicho = en_json(comando("ActivarCampania", "NO-HAY"))
    for _ in range(3):
        bandeja_de("campanias").atender([dicho])
    assert len(rechazos(sistema.campanias)) == 1


def test_dos_consumidores_con_los_mismos_mensajes_los_cuentan_una_vez(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    recibidos = [en_json(comando("CrearPago", **PAGO)) for _ in range(60)]
    with ThreadPoolExecutor(3) as hilos:
        for hecho in [hilos.submit(bandeja_de("pagos").atender, recibidos) for _ in range(3)]:
            hecho.result()
    assert [type(evento).__name__ for evento in eventos_de(sistema.pagos)].count("Creado") == 60


def test_los_que_se_estorban_en_un_lote_se_deciden_uno_tras_otro(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    otra = ANA | {"cedula": "0908070605"}
    bandeja_de("clientes").atender(
        [en_json(comando("RegistrarCliente", quien, **datos)) for quien, datos in (("ana", ANA), ("eva", otra))]
    )
    assert nombres(sistema.clientes, "ana") == ["Registrado"]
    assert [rechazo.codigo for rechazo in rechazos(sistema.clientes)] == ["EMAIL_YA_REGISTRADO"]


def test_un_pago_y_su_confirmacion_caben_en_un_lote(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    en_un_minuto = (sistema.reloj() + timedelta(minutes=1)).isoformat()
    dichos: list[tuple[str, dict[str, Any]]] = [
        ("CrearPago", PAGO),
        ("ProcesarPago", {}),
        ("ConfirmarPago", CONFIRMADO | {"completed_at": en_un_minuto}),
    ]
    bandeja_de("pagos").atender([en_json(comando(tipo, "payout-1", **datos)) for tipo, datos in dichos])
    assert nombres(sistema.pagos, "payout-1")[-1] == "Confirmado"


ILEGIBLE = Recibido(b"un secreto", llave="ROTA", mensaje_id="1:2")


def test_una_llave_envenenada_se_aparca_con_lo_que_le_sigue_y_las_demas_siguen(
    sistema: Sistema, bandeja_de: BandejaDe
) -> None:
    bandeja = bandeja_de("campanias")
    bandeja.atender([crear("ANTES", "ROTA"), ILEGIBLE, crear("DETRAS", "ROTA"), crear("SANA", "SANA"), crear("SUELTA")])
    assert campanias(sistema) == ["ANTES", "SANA", "SUELTA"]
    bandeja_de("campanias").atender([crear("DETRAS-2", "ROTA"), ILEGIBLE])
    esperan = listar(sistema.motor)
    assert [(uno.llave, bool(uno.error)) for uno in esperan] == [("ROTA", True), ("ROTA", False), ("ROTA", False)]
    assert "secreto" not in esperan[0].error


def test_sin_llave_se_aparca_solo_el_mensaje(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    bandeja_de("campanias").atender([Recibido(b"{"), crear("SANA"), Recibido(b"[")])
    assert campanias(sistema) == ["SANA"]
    assert len({uno.llave for uno in listar(sistema.motor)}) == 2


def test_lo_descartado_suelta_a_los_que_esperaban_y_no_vuelve(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    bandeja = bandeja_de("campanias")
    bandeja.atender([ILEGIBLE, crear("DETRAS", "ROTA"), crear("ULTIMA", "ROTA")])
    assert bandeja.reintentar("ROTA") is not None
    assert bandeja.descartar("ROTA") == 3
    assert bandeja.reintentar("ROTA") is None
    bandeja.atender([ILEGIBLE, crear("NUEVA", "ROTA")])
    assert campanias(sistema) == ["DETRAS", "ULTIMA", "NUEVA"]
    assert listar(sistema.motor) == []


class Averia:
    """A consumer whose code fails for one campaign until it is put right."""

    def __init__(self, sistema: Sistema) -> None:
        self.rota, self._sano = True, de_comandos(sistema.campanias, sistema.reloj)

    def __call__(self, leido: Leido) -> Hacer | None:
        if not (self.rota and leido.agregado == "ROTA"):
            return self._sano(leido)

        def fallar(_: object) -> dict[str, Any] | None:
            raise ZeroDivisionError(leido.datos)

        return fallar


@pytest.mark.parametrize("forma", [en_json, en_avro])
def test_lo_que_falla_se_intenta_tres_veces_y_se_retoma_en_orden_cuando_se_arregla(
    sistema: Sistema, forma: Callable[[dict[str, Any], str], Recibido]
) -> None:
    averia = Averia(sistema)
    bandeja = Bandeja("comandos.campanias", sistema.campanias, averia, sistema, esquemas)
    recibidos = [
        forma(comando(tipo, "ROTA", **datos), "ROTA")
        for tipo, datos in (("CrearCampania", CAMPANIA), ("AjustarPresupuesto", {"monto": 200, "moneda": "USD"}))
    ]
    for _ in range(2):
        with pytest.raises(IntentoFallido) as fallo:
            bandeja.atender([*recibidos, crear("SANA")])
        assert "ana" not in str(fallo.value)
    bandeja.atender([*recibidos, crear("SANA")])
    assert campanias(sistema) == ["SANA"]
    assert [uno.intentos for uno in listar(sistema.motor)] == [3, 0]
    assert bandeja.reintentar("ROTA") is not None
    averia.rota = False
    assert bandeja.reintentar("ROTA") is None
    assert nombres(sistema.campanias, "ROTA") == ["Creada", "PresupuestoAjustado"]
    bandeja.atender(recibidos)
    assert len(filas_de(sistema.campanias)) == 5
    assert listar(sistema.motor) == []


def test_de_una_orden_se_dice_que_esta_cumplida_una_vez_y_solo_cuando_esta_guardada(
    sistema: Sistema, capfdbinary: pytest.CaptureFixture[bytes], bandeja_de: BandejaDe
) -> None:
    def cumplidas() -> list[object]:
        lineas = map(json.loads, capfdbinary.readouterr().out.splitlines())
        return [linea["de"] for linea in lineas if linea["event"] == "orden cumplida"]

    bandeja = Bandeja("comandos.campanias", sistema.campanias, Averia(sistema), sistema, esquemas)
    with pytest.raises(IntentoFallido):
        bandeja.atender([crear("ANTES"), crear("ROTA", "ROTA"), crear("DESPUES")])
    assert cumplidas() == ["ANTES"]
    bandeja_de("campanias").atender([crear("UNA"), crear("OTRA")])
    assert cumplidas() == ["UNA", "OTRA"]


def test_sin_base_no_se_aparca_nada(sistema: Sistema, bandeja_de: BandejaDe, db_url: str) -> None:
    bandeja = bandeja_de("campanias")
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("ALTER TABLE buzon RENAME TO sin_buzon")
        with pytest.raises(Exception, match="buzon"):
            bandeja.atender([crear("CAMP001")])
        conexion.execute("ALTER TABLE sin_buzon RENAME TO buzon")
    bandeja.atender([crear("CAMP001")])
    assert campanias(sistema) == ["CAMP001"]


def test_los_datos_de_una_persona_esperan_sellados_y_olvidarla_los_alcanza(
    sistema: Sistema, bandeja_de: BandejaDe
) -> None:
    bandeja = bandeja_de("clientes")
    roto = en_json({**comando("RegistrarCliente", "ana", **ANA), "schemaVersion": "uno"}, "ana")
    detras = en_json(comando("ActualizarCliente", "ana", email="nueva@example.com"), "ana")
    bandeja.atender([roto, detras, Recibido(b'{"email": "de@quien.es"')])
    with sistema.motor.connect() as conexion:
        guardado = str(conexion.execute(text("SELECT * FROM mensajes_aparcados")).all())
    assert "example.com" not in guardado
    assert "quien" not in guardado
    primero, segundo, sin_saber = listar(sistema.motor)
    assert sin_saber.datos is None
    assert bandeja.aparcamiento.abrir(segundo) == detras

    registro = ANA | {"id": "ana", "fecha_nacimiento": AYER.replace(year=1990)}
    sistema.clientes.ejecutar(RegistrarCliente(**registro))
    sistema.clientes.ejecutar(AnonimizarCliente("ana", "Lo pidió"))
    assert [bandeja.aparcamiento.abrir(uno) for uno in (primero, segundo)] == [None, None]
