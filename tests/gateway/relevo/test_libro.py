"""``alpes mensajes libro``: where an event has got to, hop by hop, and nothing that isn't known."""

from typing import Any

import pulsar

from gateway.eventos.reacciones import Reacciones
from gateway.local.sistema import puerto_libre
from gateway.pulsar.entregas import libro
from tests.eventualmente import eventualmente
from tests.gateway.cli.orden import Alpes
from tests.gateway.reacciones.test_reacciones import ponerse_al_dia
from tests.gateway.relevo.apoyo import Mesa

REACCION = "aprobar-campania:pagos"


def suscribir(mesa: Mesa, nombre: str, tipo: Any) -> pulsar.Consumer:
    return mesa.cliente.subscribe(
        mesa.config.topics.eventos["pagos"], nombre, consumer_type=tipo,
        initial_position=pulsar.InitialPosition.Earliest,
    )  # fmt: skip


def test_cada_paso_se_dice_cuando_ha_ocurrido_y_no_antes(mesa: Mesa) -> None:
    mesa.pagar(1)
    pago = mesa.por_contar()[0].aggregate_id
    antes = libro(mesa.sistema, mesa.config, pago)
    assert antes["broker"] is None
    assert [uno["relatado"]["estado"] for uno in antes["eventos"]] == ["aún no"] * 4
    assert antes["eventos"][0]["relatado"]["espera_segundos"] >= 0
    assert {uno["estado"] for uno in antes["eventos"][0]["proyectado"]} <= {"aún no"}
    assert [uno["estado"] for uno in antes["eventos"][3]["reaccionado"]] == ["aún no"]

    with mesa.relevando():
        contados = mesa.exigir_todo_una_vez_y_en_orden()
    seguido, suelto = (
        suscribir(mesa, "otros", pulsar.ConsumerType.Failover),
        suscribir(mesa, "sueltos", pulsar.ConsumerType.Shared),
    )
    recibidos = [seguido.receive(60_000) for _ in range(2)]
    seguido.acknowledge_cumulative(recibidos[-1])
    sueltos = [suelto.receive(60_000) for _ in range(3)]
    suelto.acknowledge(sueltos[2])
    seguido.close()
    suelto.close()

    eventos = libro(mesa.sistema, mesa.config, pago)["eventos"]
    assert [uno["relatado"]["mensaje"] for uno in eventos] == [uno.lugar for uno in contados]
    assert all(uno["relatado"]["estado"] == "sí" and uno["relatado"]["tardo_segundos"] >= 0 for uno in eventos)

    def acuses(nombre: str) -> list[str]:
        vistos = libro(mesa.sistema, mesa.config, pago)["eventos"]
        return [una["estado"] for uno in vistos for una in uno["acuses"] if una["suscripcion"] == nombre]

    eventualmente(lambda: acuses("otros"), ["sí", "sí", "aún no", "aún no"].__eq__)
    eventualmente(lambda: acuses("sueltos"), ["aún no", "aún no", "sí", "aún no"].__eq__)


def test_quien_lee_el_registro_dice_si_ya_paso_por_el_evento(mesa: Mesa) -> None:
    mesa.pagar(2)
    pagos = list(dict.fromkeys(uno.aggregate_id for uno in mesa.por_contar()))
    reacciones = Reacciones(mesa.sistema.pagos, mesa.sistema.aplicaciones, mesa.sistema.reloj, mesa.sistema.motor)
    ponerse_al_dia(mesa.sistema, reacciones)
    mesa.pagar(1)
    nuevo = mesa.por_contar()[-1]
    (confirmado,) = libro(mesa.sistema, mesa.config, f"pagos:{pagos[0]}:4")["eventos"]
    assert [(uno["lector"], uno["estado"]) for uno in confirmado["reaccionado"]] == [(REACCION, "sí")]
    (reciente,) = libro(mesa.sistema, mesa.config, f"pagos:{nuevo.posicion}")["eventos"]
    assert reciente["evento"] == nuevo.event_id
    assert [(uno["estado"], uno["espera_segundos"] >= 0) for uno in reciente["reaccionado"]] == [("aún no", True)]


def test_lo_que_no_se_cuenta_se_dice(mesa: Mesa) -> None:
    mesa.vida()
    ponerse_al_dia(
        mesa.sistema,
        Reacciones(mesa.sistema.pagos, mesa.sistema.aplicaciones, mesa.sistema.reloj, mesa.sistema.motor),
    )
    eventos = libro(mesa.sistema, mesa.config, f"campanias:{mesa.sistema.campanias.recorder.max_notification_id()}")
    assert [uno["relatado"]["estado"] for uno in eventos["eventos"]] == ["no se cuenta"]


def test_sin_broker_se_dice_y_se_muestra_lo_demas(mesa: Mesa, alpes: Alpes) -> None:
    mesa.pagar(1)
    pago = mesa.por_contar()[0].aggregate_id
    con = alpes("mensajes", "libro", pago)
    assert (con.returncode, con.stdout.count("relatado"), con.stderr) == (0, 4, "")
    assert "broker" not in con.stdout

    alpes.entorno["PULSAR_BROKER_URL"] = f"pulsar://127.0.0.1:{puerto_libre()}"
    alpes.entorno["PULSAR_ADMIN_URL"] = f"http://127.0.0.1:{puerto_libre()}"
    sin = alpes("mensajes", "libro", pago)
    assert (sin.returncode, sin.stdout.count("guardado"), sin.stdout.count("no se sabe")) == (0, 4, 4)
    assert "sin saber del broker" in sin.stdout
    assert "no responde" in alpes.json("mensajes", "libro", pago)["broker"]

    nadie = alpes("mensajes", "libro", "NADIE")
    assert (nadie.returncode, nadie.stdout) == (1, "")
    assert "NADIE" in nadie.stderr
