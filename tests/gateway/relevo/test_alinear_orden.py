"""``alpes mensajes alinear``, as somebody uses it at three in the morning."""

import json

import msgspec

from gateway.local.sistema import puerto_libre
from gateway.pulsar.emisor import Emisor
from tests.gateway.cli.orden import Alpes
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.restauracion import exigir_contado_una_vez

PERDIDO = "pagos:payout-perdido:1"


def contar_lo_perdido(mesa: Mesa) -> None:
    """Have the topic end with what a log of before had at position 1000."""
    emisor = Emisor(mesa.cliente, mesa.config.topics.eventos["pagos"], "pagos")
    emisor.enviar(msgspec.structs.replace(mesa.por_contar()[-1], event_id=PERDIDO, posicion=1000))
    while emisor.pendientes:
        emisor.recoger()
    emisor.cerrar()


def test_dice_lo_que_difiere_no_cambia_nada_y_con_aplicar_lo_arregla(mesa: Mesa, alpes: Alpes) -> None:
    assert alpes("mensajes", "alinear").returncode == 0
    mesa.pagar(2)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    dicho = alpes("mensajes", "alinear")
    assert (dicho.returncode, dicho.stdout.count(": alineado"), dicho.stderr) == (0, 3, "")
    contar_lo_perdido(mesa)
    mesa.pagar(1)

    for _ in range(2):
        dicho = alpes("mensajes", "alinear")
        assert (dicho.returncode, dicho.stderr) == (1, "")
        assert PERDIDO in dicho.stdout
        assert "pagos: NO ESTÁ ALINEADO" in dicho.stdout
        assert "--aplicar" in dicho.stdout
    assert alpes("mensajes", "alinear", "--aplicar").returncode == 2
    assert len(mesa.contados()) == 9

    (antes,) = json.loads(alpes("mensajes", "alinear", "--modulo", "pagos", "--json").stdout)["modulos"]
    assert [uno["evento"] for uno in antes["vio_el_mundo"]] == [PERDIDO]
    assert antes["sin_contar_en_orden"] == [uno.event_id for uno in mesa.por_contar()[8:]]
    hecho = alpes.json("mensajes", "alinear", "--aplicar", "--si")
    assert (hecho["alineado"], hecho["arreglados"]) == (True, ["pagos"])
    assert alpes.json("mensajes", "alinear", "--aplicar", "--si")["arreglados"] == []
    mesa.pagar(1)
    with mesa.relevando():
        exigir_contado_una_vez(mesa)


def test_sin_broker_se_dice(alpes: Alpes) -> None:
    alpes.entorno["PULSAR_BROKER_URL"] = f"pulsar://127.0.0.1:{puerto_libre()}"
    dicho = alpes("mensajes", "alinear")
    assert (dicho.returncode, dicho.stdout) == (1, "")
    assert "No se puede llegar al broker" in dicho.stderr
    del alpes.entorno["PULSAR_BROKER_URL"]
    assert "PULSAR_BROKER_URL" in alpes("mensajes", "alinear").stderr
