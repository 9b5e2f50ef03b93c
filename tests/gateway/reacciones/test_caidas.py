"""Lost connections, a database that restarts and processes that die: each fact acts once."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from domain.base.agregado import Evento
from domain.campanias.comandos import AsociarPago
from domain.cliente.agregado import Cliente
from domain.cliente.comandos import RegistrarCliente
from gateway.bucle import repetir
from gateway.composicion import Sistema
from gateway.eventos.aparcados import Aparcados
from gateway.eventos.reacciones import Reacciones
from tests.eventualmente import eventualmente
from tests.gateway.eventos.puente import Puente, puente_a
from tests.gateway.reacciones.test_reacciones import en_espera, ponerse_al_dia
from tests.gateway.sistema import AYER, pago_hecho, sistema_en


@pytest.fixture
def puente(db_url: str) -> Iterator[Puente]:
    datos = conninfo_to_dict(db_url)
    with puente_a(str(datos["host"]), int(str(datos["port"]))) as puente:
        yield puente


@pytest.fixture
def lejanas(db_url: str, puente: Puente) -> Iterator[Reacciones]:
    """Reactions behind the bridge, up to date."""
    url = make_url(db_url).set(host="127.0.0.1", port=puente.puerto).render_as_string(hide_password=False)
    with sistema_en(url) as sistema:
        reacciones = Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor)
        reacciones.paso()
        yield reacciones


@pytest.mark.parametrize("cuantos", [1, 5])
@pytest.mark.parametrize("perdida", ["respuesta", "pedido"])
def test_una_conexion_perdida_al_guardar_no_pierde_ni_repite(
    sistema: Sistema, puente: Puente, lejanas: Reacciones, cuantos: int, perdida: str
) -> None:
    pagos = [sistema.pagos.ejecutar(pago_hecho("CICLO")).id for _ in range(cuantos)]
    getattr(puente, f"perder_{'la_respuesta' if perdida == 'respuesta' else 'el_pedido'}")()
    ponerse_al_dia(sistema, lejanas)
    assert puente.perdidas == 1
    assert en_espera(sistema, "CICLO") == pagos


def test_un_bucle_sobrevive_a_que_el_servidor_eche_a_todos(sistema: Sistema, postgres: str, db_url: str) -> None:
    reacciones = Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor)
    parar = threading.Event()
    hilo = threading.Thread(target=repetir, args=("reacciones", reacciones.paso, parar))
    hilo.start()
    try:
        pagos = []
        for _ in range(4):
            pagos += [sistema.pagos.ejecutar(pago_hecho("CICLO")).id for _ in range(10)]
            echar_a_todos(postgres, str(conninfo_to_dict(db_url)["dbname"]))
        eventualmente(lambda: en_espera(sistema, "CICLO"), lambda vistos: len(vistos) >= len(pagos))
    finally:
        parar.set()
        hilo.join()
    assert en_espera(sistema, "CICLO") == pagos


def test_no_poder_preguntar_por_las_claves_no_aparca_a_nadie(sistema: Sistema, db_url: str) -> None:
    class DarLaBienvenida:
        NOMBRE, ORIGEN, DESTINO = "bienvenida", "clientes", "campanias"
        EVENTOS: tuple[type[Evento], ...] = (Cliente.Registrado,)
        AGREGADO = "campania_id"

        def reaccionar(self, evento: object) -> object | None:
            return AsociarPago("CAMP001", "bienvenida") if isinstance(evento, Cliente.Registrado) else None

    reacciones = Reacciones(
        sistema.clientes, sistema.aplicaciones, sistema.reloj, sistema.motor, [DarLaBienvenida()], reintento=60
    )
    sistema.clientes.ejecutar(RegistrarCliente("ana", "Ana Ruiz", "ana@example.com", "0102030405", AYER))
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("ALTER TABLE claves RENAME TO sin_claves")
        with pytest.raises(PersistenceError):
            reacciones.paso()
        conexion.execute("ALTER TABLE sin_claves RENAME TO claves")
    assert Aparcados(sistema.motor, "bienvenida", "clientes").leer() == {}
    reacciones.paso()
    assert len(list(sistema.campanias.events.get("espera:CAMP001"))) == 1


def echar_a_todos(admin: str, base: str) -> None:
    with psycopg.connect(admin, autocommit=True) as conexion:
        conexion.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [base])
