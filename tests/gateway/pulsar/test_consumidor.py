"""The consumer on the real broker: commands and facts that other programs send, each acting once."""

import subprocess
from pathlib import Path

import psutil
import pytest

from domain.pagos.comandos import RevertirPago
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.pulsar.admin import Administracion
from gateway.pulsar.aparcados import listar
from gateway.pulsar.pendientes import pendientes
from tests.detenido import detenido
from tests.eventualmente import eventualmente
from tests.gateway.eventos.apoyo import eventos_de
from tests.gateway.pulsar.mensajes import comando
from tests.gateway.pulsar.procesos import Consumidor, OtroEquipo, proceso
from tests.gateway.pulsar.test_comandos import CAMPANIA, PAGO, VIDAS, nombres, rechazos
from tests.gateway.reacciones.test_reacciones import asociados, estado
from tests.gateway.sistema import pago_hecho

ALPES = "gateway.cli"


def creados(sistema: Sistema) -> list[str]:
    """Payouts, as often as they were created."""
    return [evento.originator_id for evento in eventos_de(sistema.pagos) if type(evento).__name__ == "Creado"]


@pytest.mark.parametrize("en_avro", [False, True])
def test_cada_comando_llega_por_el_broker_y_actua_una_vez(
    sistema: Sistema, config: Config, otro_equipo: OtroEquipo, en_avro: bool
) -> None:
    with Consumidor(config):
        eventualmente(lambda: conectados(config), all)
        for nombre, quien, dichos, _ in VIDAS.values():
            topic = config.topics.comandos[sistema.aplicaciones[nombre].modulo]
            for tipo, datos in dichos:
                dicho = comando(tipo, quien, **datos)
                for _ in range(2):
                    otro_equipo.enviar(topic, dicho, quien, en_avro=en_avro)
        for nombre, quien, _, quedan in VIDAS.values():
            aplicacion = sistema.aplicaciones[nombre]
            eventualmente(lambda: nombres(aplicacion, quien), lambda vistos: vistos == quedan)  # noqa: B023
        eventualmente(lambda: [una["pendientes"] for una in pendientes(config)], lambda visto: not any(visto))
    for nombre, quien, _, quedan in VIDAS.values():
        assert nombres(sistema.aplicaciones[nombre], quien) == quedan
    # Starting, pausing, resuming, ending and spending: nobody had paid for it. The payments: confirmed and cancelled.
    assert [len(rechazos(una)) for una in sistema.aplicaciones.values()] == [0, 2, 5]


def test_lo_que_cuentan_el_relevo_y_otros_mueve_las_campanias_y_lo_envenenado_no_detiene_a_nadie(
    sistema: Sistema, config: Config, otro_equipo: OtroEquipo, tmp_path: Path
) -> None:
    pagos, comandos = config.topics.eventos["pagos"], config.topics.comandos["campanias"]
    with Consumidor(config), proceso(config, [ALPES, "relevo"], tmp_path / "relevo.log"):
        for campania in ("NUESTRA", "AJENA", "REVERTIDA", "FALLIDA"):
            otro_equipo.enviar(comandos, comando("CrearCampania", campania, **CAMPANIA), campania)
        otro_equipo.enviar(pagos, b"\x00basura", "AJENA-ROTA")
        informe = pago_hecho("NUESTRA")
        sistema.pagos.ejecutar(informe)
        otro_equipo.enviar(pagos, {"type": "PagoConfirmado", "data": {"idCampania": "AJENA"}})
        otro_equipo.enviar(pagos, {"type": "PagoConfirmado.v1", "data": {"idCampania": "AJENA"}, "event_id": "e-1"})
        otro_equipo.enviar(pagos, {"type": "PagoConfirmado", "data": {"idCampania": "X"}}, "AJENA-ROTA")
        eventualmente(lambda: estado(sistema, "NUESTRA"), lambda visto: visto == "APROBADA")
        eventualmente(lambda: estado(sistema, "AJENA"), lambda visto: visto == "APROBADA")

        sistema.pagos.ejecutar(RevertirPago(informe.payout_id, "Error del partner"))
        en_su_id = {"schemaVersion": "1.0", "aggregateId": "REVERTIDA", "data": {}}
        for tipo in ("PagoRevertido", "PagoConfirmado", "PagoRevertido"):
            otro_equipo.enviar(pagos, en_su_id | {"eventId": f"{tipo}-1", "type": tipo})
        otro_equipo.enviar(pagos, {"type": "PagoFallido", "data": {"idCampania": "FALLIDA", "definitivo": True}})
        for campania in ("NUESTRA", "REVERTIDA", "FALLIDA"):
            eventualmente(lambda: estado(sistema, campania), lambda visto: visto == "CANCELADA")  # noqa: B023
    assert asociados(sistema, "AJENA") == ["externo:AJENA"]
    assert [(uno.llave, bool(uno.error)) for uno in listar(sistema.motor)] == [
        ("AJENA-ROTA", True),
        ("AJENA-ROTA", False),
    ]


def test_un_segundo_consumidor_releva_en_segundos_al_que_muere(
    sistema: Sistema, config: Config, otro_equipo: OtroEquipo, tmp_path: Path
) -> None:
    topic = config.topics.comandos["pagos"]
    registros = [tmp_path / f"{cual}.log" for cual in "ab"]
    with proceso(config, [ALPES, "consumidor"], registros[0]) as uno:
        eventualmente(lambda: conectados(config), all)
        with proceso(config, [ALPES, "consumidor"], registros[1]):
            eventualmente(lambda: conectados(config), lambda todos: min(todos) == 2)
            for numero in range(40):
                otro_equipo.enviar(topic, comando("CrearPago", f"payout-{numero}", **PAGO))
                if numero == 20:
                    uno.kill()
            eventualmente(lambda: len(creados(sistema)), lambda cuantos: cuantos >= 40, segundos=15)
            eventualmente(lambda: [una["pendientes"] for una in pendientes(config)], lambda visto: not any(visto))
    assert sorted(creados(sistema)) == sorted(f"payout-{numero}" for numero in range(40))


def test_al_que_se_congela_lo_releva_otro_en_segundos_y_nada_se_repite(
    sistema: Sistema, config: Config, otro_equipo: OtroEquipo, tmp_path: Path
) -> None:
    topic, ids = config.topics.comandos["pagos"], [f"payout-{numero}" for numero in range(40)]
    with (
        proceso(config, [ALPES, "consumidor"], tmp_path / "a.log") as uno,
        proceso(config, [ALPES, "consumidor"], tmp_path / "b.log") as otro,
    ):
        eventualmente(lambda: conectados(config), lambda todos: min(todos) == 2)
        with detenido(quien_escucha(config, topic, uno, otro)):
            for uno_mas in ids[:20]:
                otro_equipo.enviar(topic, comando("CrearPago", uno_mas, **PAGO))
            eventualmente(lambda: len(creados(sistema)), lambda cuantos: cuantos >= 20, segundos=40)
        for uno_mas in ids[20:]:
            otro_equipo.enviar(topic, comando("CrearPago", uno_mas, **PAGO))
        eventualmente(lambda: len(creados(sistema)), lambda cuantos: cuantos >= 40)
        eventualmente(lambda: conectados(config), lambda todos: min(todos) == 2)
        eventualmente(lambda: [una["pendientes"] for una in pendientes(config)], lambda visto: not any(visto))
    assert creados(sistema) == ids


@pytest.mark.parametrize("punto", ["antes", "despues"])
def test_morir_entre_el_efecto_y_el_acuse_no_pierde_ni_repite(
    sistema: Sistema, config: Config, otro_equipo: OtroEquipo, tmp_path: Path, punto: str
) -> None:
    topic, pagos = config.topics.comandos["pagos"], config.topics.eventos["pagos"]
    for numero in range(30):
        otro_equipo.enviar(topic, comando("CrearPago", f"payout-{numero}", **PAGO))
    otro_equipo.enviar(pagos, {"type": "PagoConfirmado", "data": {"idCampania": "CAMP001"}})
    with proceso(config, ["tests.gateway.pulsar.que_muere", punto], tmp_path / "muere.log") as muere:
        assert eventualmente(muere.poll, lambda codigo: codigo is not None) == -9
    with Consumidor(config):
        eventualmente(lambda: len(creados(sistema)), lambda cuantos: cuantos >= 30)
        eventualmente(lambda: [una["pendientes"] for una in pendientes(config)], lambda visto: not any(visto))
    assert creados(sistema) == [f"payout-{numero}" for numero in range(30)]
    assert len(list(sistema.campanias.events.get("espera:CAMP001"))) == 1


def conectados(config: Config) -> list[int]:
    """How many listen, by consumer."""
    return [una["conectados"] for una in pendientes(config)]


def quien_escucha(config: Config, topic: str, *procesos: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The one of them that the broker gives the messages of a topic to."""
    administracion = Administracion.de(config)
    assert administracion is not None
    with administracion:
        una = (administracion.estadisticas(topic) or {})["subscriptions"]["alpes"]
    puertos = {uno["consumerName"]: uno["address"].rpartition(":")[2] for uno in una["consumers"]}
    suyo = int(puertos[una["activeConsumerName"]])
    (escucha,) = (
        uno
        for uno in procesos
        if any(conexion.laddr.port == suyo for conexion in psutil.Process(uno.pid).net_connections())
    )
    return escucha
