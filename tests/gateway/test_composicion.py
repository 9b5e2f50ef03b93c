"""What a process gets: three applications over one store, and what stands beside them."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent, Tracking
from sqlalchemy import text

from domain.base.errores import ReglaRota
from domain.campanias.comandos import CrearCampania
from domain.cliente.agregado import Cliente
from domain.cliente.comandos import AnonimizarCliente, DesactivarCliente, RegistrarCliente
from gateway.composicion import Sistema, construir
from gateway.eventos.llavero import LlaveMaestraEquivocada
from gateway.eventos.unicidad import LlaveDeUnicidadEquivocada
from tests.gateway.sistema import config_de, pago, sistema_en

ANA = RegistrarCliente("ana", "Ana Peñaranda", "Ana@Empresa.com", "00123456", datetime(1990, 1, 2, tzinfo=UTC))


def test_cada_aplicacion_escribe_en_su_log_y_sabe_donde(db_url: str) -> None:
    with sistema_en(db_url) as sistema:
        cliente = sistema.clientes.ejecutar(ANA)
        payout = sistema.pagos.ejecutar(pago("CICLO"))
        campania = sistema.campanias.ejecutar(CrearCampania("CAMP001", "ana", ("Lima",)))
        cabezas = {nombre: una.recorder.max_notification_id() for nombre, una in sistema.aplicaciones.items()}
        assert cabezas == {"clientes": cliente, "pagos": payout, "campanias": campania}
        assert (cliente.id, cliente.version) == ("ana", 1)


def test_los_grabadores_hablan_como_los_de_la_biblioteca(db_url: str) -> None:
    with sistema_en(db_url) as sistema:
        for aplicacion in sistema.aplicaciones.values():
            recorder = aplicacion.recorder
            flujo = uuid.uuid4().hex
            (posicion,) = recorder.insert_events([StoredEvent(flujo, 1, "Algo.v1", b"{}")]) or ()
            assert recorder.select_events(flujo) == [StoredEvent(flujo, 1, "Algo.v1", b"{}")]
            (aviso,) = recorder.select_notifications(posicion, 10)
            assert (aviso.id, aviso.originator_id, aviso.state) == (posicion, flujo, b"{}")
            assert recorder.max_notification_id() == posicion
            with recorder.subscribe(gt=posicion - 1) as suscripcion:
                assert next(suscripcion) == aviso
            recorder.insert_events([], tracking=Tracking("otra", 1))
            assert recorder.max_tracking_id("otra") == 1  # type: ignore[attr-defined]
            assert aplicacion.notification_log.select(1, 10)[-1] == aviso


def test_lo_que_un_proceso_guarda_otro_lo_lee_y_nada_personal_queda_en_claro(db_url: str) -> None:
    with sistema_en(db_url) as uno:
        uno.clientes.ejecutar(ANA)
    with sistema_en(db_url) as otro:
        cliente = otro.clientes.buscar(Cliente, "ana")
        assert cliente is not None
        assert (cliente.nombre, cliente.email, cliente.cedula) == ("Ana Peñaranda", "Ana@Empresa.com", "00123456")
        otro.clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
        with otro.motor.connect() as conexion:
            logs = conexion.execute(
                text("SELECT string_agg(encode(state, 'escape'), ' ') FROM clientes_events")
            ).scalar_one()
        # Long enough that no sealed text, which is different each time, has them by chance.
        assert "123456" not in logs
        assert "mpresa" not in logs
        assert "aranda" not in logs
    with sistema_en(db_url) as tercero:
        cliente = tercero.clientes.buscar(Cliente, "ana")
        assert cliente is not None
        assert (cliente.nombre, cliente.email, cliente.version) == (None, None, 2)


@pytest.mark.parametrize("ajuste", ["TimeZone%3DEurope/Madrid", "DateStyle%3DGerman"])
@pytest.mark.parametrize("con_plazo", [True, False])
def test_como_dice_las_fechas_el_servidor_no_estorba_a_quien_lee_la_ultima(
    db_url: str, con_plazo: bool, ajuste: str
) -> None:
    """A campaign without an end is told to end on 9999-12-31, which is a day of the year 10,000 east of Greenwich."""
    url, ultima = f"{db_url}?options=-c%20{ajuste}", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    with construir(config_de(url), con_plazo=con_plazo) as sistema, sistema.motor.connect() as conexion:
        assert conexion.scalar(text("SELECT CAST(:ultima AS timestamptz)"), {"ultima": ultima}) == ultima


@pytest.mark.parametrize("con_plazo", [True, False])
def test_un_servidor_que_se_fue_sin_decirlo_no_se_espera_para_siempre(db_url: str, con_plazo: bool) -> None:
    with construir(config_de(db_url), con_plazo=con_plazo) as sistema, sistema.motor.connect() as conexion:
        driver: Any = conexion.connection.dbapi_connection
        assert 0 < int(driver.info.get_parameters()["tcp_user_timeout"]) <= 60_000


@pytest.fixture
def cerrado(db_url: str) -> Iterator[Sistema]:
    with construir(config_de(db_url, partners_modo="cerrado")) as sistema:
        yield sistema


def test_en_modo_cerrado_solo_cobra_un_cliente_activo(cerrado: Sistema) -> None:
    with pytest.raises(ReglaRota, match="Partner no encontrado"):
        cerrado.pagos.ejecutar(pago("CICLO", partner_id="ana"))
    cerrado.clientes.ejecutar(ANA)
    cerrado.pagos.ejecutar(pago("CICLO", partner_id="ana"))
    cerrado.clientes.ejecutar(DesactivarCliente("ana", "pausa"))
    with pytest.raises(ReglaRota, match="Partner no encontrado"):
        cerrado.pagos.ejecutar(pago("CICLO", partner_id="ana"))


def test_con_otra_llave_maestra_no_se_empieza_a_escribir_lo_que_nadie_mas_leeria(db_url: str) -> None:
    construir(config_de(db_url, llave_maestra=b"x" * 32)).cerrar()
    with sistema_en(db_url) as sistema:
        sistema.clientes.ejecutar(ANA)
    with pytest.raises(LlaveMaestraEquivocada):
        construir(config_de(db_url, llave_maestra=b"x" * 32))


def test_con_otra_llave_de_unicidad_no_se_empieza_a_dar_por_libre_lo_registrado(db_url: str) -> None:
    with sistema_en(db_url) as sistema:
        sistema.clientes.ejecutar(ANA)
    with pytest.raises(LlaveDeUnicidadEquivocada):
        construir(config_de(db_url, llave_unicidad=b"x" * 32))
    construir(config_de(db_url)).cerrar()


def test_cerrar_dos_veces_no_molesta(db_url: str) -> None:
    sistema = construir(config_de(db_url))
    sistema.clientes.ejecutar(ANA)
    sistema.cerrar()
    sistema.cerrar()
