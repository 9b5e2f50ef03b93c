"""``mensajes libro``: the delivery ledger of an event, hop by hop."""

from typing import Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import mostrar_tabla
from gateway.config import leer
from gateway.local.base import con_broker_en_marcha
from gateway.local.errores import FallaLocal


@click.command("libro", cls=Comando)
@click.argument("id")
@EN_JSON
def libro(id: str, en_json: bool) -> None:
    """Muestra adónde ha llegado un evento, paso a paso.

    ID es el de un evento («pagos:payout-…:4»), «módulo:posición», o el de un pago, una campaña o un cliente: entonces,
    cada uno de sus eventos. Dice cuándo se guardó y se contó, qué suscripciones lo acusaron, quién reaccionó y en qué
    tablas está, y cuánto esperó o espera. Sin broker, lo demás.
    """
    from gateway.pulsar.entregas import EventoDesconocido
    from gateway.pulsar.entregas import libro as ver

    with sistema_de_ordenes() as sistema:
        try:
            visto = ver(sistema, con_broker_en_marcha(leer()), id)
        except EventoDesconocido as error:
            raise FallaLocal(str(error)) from error
    if en_json:
        escribir_json(visto)
        return
    for uno in visto["eventos"]:
        click.secho(f"\n{uno['evento']}  {uno['tipo']}", bold=True)
        mostrar_tabla(_pasos(uno))
    if visto["broker"]:
        click.secho(f"\nsin saber del broker: {visto['broker']}", fg="yellow")


def _pasos(uno: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a hop."""
    guardado, relatado = uno["guardado"], uno["relatado"]
    pasos = [
        _fila("guardado", "registro", "sí", f"posición {guardado['posicion']}", guardado["cuando"]),
        _fila("relatado", f"eventos.{uno['modulo']}", relatado["estado"],
              relatado["mensaje"] and f"mensaje {relatado['mensaje']}", relatado["cuando"],
              tardo=relatado["tardo_segundos"], espera=relatado["espera_segundos"]),
    ]  # fmt: skip
    pasos += [
        _fila("acusado", una["suscripcion"], una["estado"],
              f"acusó hasta {una['acusado_hasta']}, le esperan {una['pendientes']}", espera=una["espera_segundos"])
        for una in uno["acuses"]
    ]  # fmt: skip
    for paso in ("reaccionado", "proyectado"):
        pasos += [
            _fila(paso, una["lector"], una["estado"], f"posición {una['posicion']}", espera=una["espera_segundos"])
            for una in uno[paso]
        ]
    return pasos


def _fila(
    paso: str, quien: str, estado: str, donde: str | None, cuando: str | None = None, *,
    tardo: float | None = None, espera: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "paso": paso,
        "quién": quien,
        "estado": estado,
        "dónde": donde,
        "cuándo": cuando,
        "tardó": None if tardo is None else f"{tardo:.3f} s",
        "espera": None if espera is None else f"{espera:.1f} s",
    }
