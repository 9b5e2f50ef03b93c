"""What is parked is taken up again while its consumer goes on: no message is left behind, and none stays parked."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from gateway.composicion import Sistema
from gateway.pulsar.aparcados import listar
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.interpretes import de_comandos
from gateway.pulsar.pendiente import Hacer
from gateway.pulsar.recibidos import Leido, Recibido
from tests.eventualmente import eventualmente
from tests.gateway.pulsar.mensajes import comando, en_avro, esquemas
from tests.gateway.pulsar.test_bandeja import BandejaDe, campanias, crear
from tests.gateway.pulsar.test_comandos import CAMPANIA
from tests.sin_prisa import sin_prisa

ESPERAN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_lo_que_se_suelta_a_mitad_de_un_lote_no_vuelve_a_aparcarse(sistema: Sistema, bandeja_de: BandejaDe) -> None:
    bandeja = bandeja_de("campanias")
    bandeja.atender([Recibido(b"roto", llave="ROTA"), crear("DETRAS", "ROTA")])
    sano = de_comandos(sistema.campanias, sistema.reloj)

    def interprete(leido: Leido) -> Hacer | None:
        hacer = sano(leido)

        def soltar_antes(adjuntos: Any) -> dict[str, Any] | None:
            bandeja.descartar("ROTA")
            bandeja.reintentar("ROTA")
            return hacer(adjuntos) if hacer else None

        return soltar_antes if leido.agregado == "OTRA" else hacer

    lento = Bandeja("comandos.campanias", sistema.campanias, interprete, sistema, esquemas, juntos=1)
    lento.atender([crear("OTRA"), crear("SUELTA", "ROTA"), crear("ULTIMA", "ROTA")])
    assert campanias(sistema) == ["DETRAS", "OTRA", "SUELTA", "ULTIMA"]
    assert listar(sistema.motor) == []


def test_lo_que_se_pone_detras_mientras_se_retoma_se_retoma_tambien(
    sistema: Sistema, bandeja_de: BandejaDe, db_url: str
) -> None:
    def sin_esquema(_: int) -> Any:
        raise MensajeIlegible("el broker no conoce su esquema")

    interprete = de_comandos(sistema.campanias, sistema.reloj)
    antes = Bandeja("comandos.campanias", sistema.campanias, interprete, sistema, sin_esquema)
    antes.atender([en_avro(comando("CrearCampania", "PRIMERA", **CAMPANIA), "ROTA")])
    with ThreadPoolExecutor(2) as hilos, psycopg.connect(db_url, autocommit=True) as vigia:
        with sin_prisa(db_url) as freno:
            # Holds back the end of what parks a message, which has put it behind the other by then.
            freno.execute("LOCK TABLE buzon_intentos")
            detras = hilos.submit(antes.atender, [crear("DETRAS", "ROTA")])
            eventualmente(lambda: vigia.execute(ESPERAN).fetchone(), lambda visto: visto == (1,))
            retomado = hilos.submit(bandeja_de("campanias").reintentar, "ROTA")
            eventualmente(lambda: vigia.execute(ESPERAN).fetchone(), lambda visto: visto == (2,))
        detras.result()
        assert retomado.result() is None
    assert campanias(sistema) == ["PRIMERA", "DETRAS"]
    assert listar(sistema.motor) == []
