"""``proyecciones plan``: what a rebuild would take."""

from typing import TYPE_CHECKING, Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON
from gateway.cli.progreso import duracion, progreso
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import tamano
from gateway.cli.taller import elegidas, explicado, taller_de

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from projections.motor.plan import Plan


@click.command("plan", cls=Comando)
@click.argument("nombre", required=False)
@EN_JSON
def plan(nombre: str | None, en_json: bool) -> None:
    """Calcula qué costaría reconstruir.

    Cuenta los eventos por tipo y estima tiempo y disco. Mide el ritmo doblando una muestra aparte, que se borra. No
    cambia nada.
    """
    from projections.motor.plan import planear

    with sistema_de_ordenes() as sistema, explicado(), progreso() as avance:
        taller = taller_de(sistema, avance)
        planes = [_resumir(sistema, planear(una, taller)) for una in elegidas(nombre)]
    if en_json:
        escribir_json({"proyecciones": planes})
        return
    for uno in planes:
        _contar(uno)


def _resumir(sistema: "Sistema", plan: "Plan") -> dict[str, Any]:
    estimado = plan.segundos and [round(segundos, 2) for segundos in plan.segundos]
    return {
        "nombre": plan.proyeccion,
        "version": plan.version,
        "eventos": {
            sistema.aplicaciones[aplicacion].modulo: dict(sorted(tipos.items()))
            for aplicacion, tipos in plan.eventos.items()
        },
        "eventos_en_total": plan.total,
        "eventos_que_no_le_importan": plan.ignorados,
        "muestra": plan.muestreados,
        "eventos_por_segundo": plan.ritmo and round(plan.ritmo),
        "segundos": estimado and dict(zip(("al_menos", "probable", "a_lo_sumo"), estimado, strict=True)),
        "bytes_ahora": plan.disco_ahora,
        "bytes_de_la_nueva": plan.disco_nueva,
        "bytes_mientras_haya_dos": plan.disco_ahora + plan.disco_nueva,
    }


def _contar(uno: dict[str, Any]) -> None:
    click.secho(f"{uno['nombre']} (versión {uno['version']})", bold=True)
    for modulo, tipos in uno["eventos"].items():
        for tipo, cuantos in tipos.items():
            click.echo(f"  {modulo:<10} {tipo:<32} {cuantos:>12,}")
    click.echo(f"  {'':<10} {'en total':<32} {uno['eventos_en_total']:>12,}"
               f"  ({uno['eventos_que_no_le_importan']:,} no le importan)")  # fmt: skip
    if uno["segundos"]:
        al_menos, probable, a_lo_sumo = (duracion(segundos) for segundos in uno["segundos"].values())
        click.echo(f"  tiempo      {probable}, entre {al_menos} y {a_lo_sumo}"
                   f" ({uno['eventos_por_segundo']:,} eventos/s en una muestra de {uno['muestra']:,})")  # fmt: skip
    else:
        click.echo("  tiempo      nada que doblar")
    ahora, nueva, dos = (tamano(uno[f"bytes_{cual}"]) for cual in ("ahora", "de_la_nueva", "mientras_haya_dos"))
    click.echo(f"  disco       {ahora} ahora, {nueva} la nueva, {dos} mientras estén las dos")
