"""``proyecciones reconstruir, volver, descartar``: new tables beside the ones that serve, and back."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.informes import contar_informes, resumir_generacion, resumir_informes
from gateway.cli.obras import reconstruir_de_a_dos
from gateway.cli.opciones import EN_JSON
from gateway.cli.progreso import progreso
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.taller import elegidas, explicado, taller_de

if TYPE_CHECKING:
    from projections.motor.reconstruccion import Resultado

LIMITE_MS = 50
"""Milliseconds that a live read may take before a rebuild gives way, unless told."""
GUARDADAS = 2
"""As ``projections.motor.reconstruccion``, which takes long to import."""
GENERACION = click.option(
    "--generacion", type=click.IntRange(1), metavar="N", help="Esa, y no la que corresponde por defecto."
)


@click.command("reconstruir", cls=Comando)
@click.argument("nombre", required=False)
@click.option("--todas", is_flag=True, help="Todas las proyecciones, de a dos.")
@click.option("--en-marcha", is_flag=True, help="Cede el paso a quien lee: se frena si leer tarda más que el límite.")
@click.option("--limite-ms", type=click.IntRange(1), metavar="N",
              help=f"Ese límite, en milisegundos (con --en-marcha, {LIMITE_MS} si no se dice).")  # fmt: skip
@click.option("--aceptar-diferencias", is_flag=True, help="Cambia aunque la comparación pase de lo admitido.")
@click.option("--guardar", type=click.IntRange(1), default=GUARDADAS, show_default=True, metavar="N",
              help="Cuántas de antes quedan guardadas; las más viejas se borran.")  # fmt: skip
@EN_JSON
def reconstruir(
    nombre: str | None,
    *,
    todas: bool,
    en_marcha: bool,
    limite_ms: int | None,
    aceptar_diferencias: bool,
    guardar: int,
    en_json: bool,
) -> None:
    """Rehace tablas al lado de las que sirven, y las cambia.

    Dobla los eventos, compara y cambia. Nadie que lea lo nota, haya trabajadores o no. Las de antes se guardan, al
    día, hasta que se descarten o haya más de --guardar: «volver» las repone (salvo las de otra versión cuyo código ya
    no está: se descartan solas). Si se interrumpe, incluso con kill -9, la
    misma orden sigue donde quedó. Termina con 1, sin cambiar nada, si las nuevas difieren más de lo admitido: con el
    mismo código, en nada; con código nuevo, ni en el número de filas ni en las sumas por moneda.
    """
    from projections.motor.trabajador import preparar_proceso

    if todas == (nombre is not None):
        raise click.UsageError("Indique una proyección, o --todas")
    hechas = dict[str, dict[str, Any]]()

    def hecha(resultado: "Resultado") -> None:
        hechas[resultado.generacion.proyeccion] = _resumir(resultado)

    preparar_proceso()
    limite = limite_ms or (LIMITE_MS if en_marcha else None)
    como = {"aceptar_diferencias": aceptar_diferencias, "guardar": guardar}
    try:
        with sistema_de_ordenes() as sistema, explicado(), progreso() as avance:
            reconstruir_de_a_dos(sistema, elegidas(nombre), avance, limite, hecha, **como)
    except KeyboardInterrupt:
        click.echo("a medio hacer; se sigue leyendo lo de antes, y la misma orden sigue donde quedó", err=True)
        raise
    finally:
        # What was done stays done, whatever happened to the next.
        _mostrar([hechas[una] for una in elegidas(nombre) if una in hechas], en_json)
    sys.exit(1 if any(hecha["motivos"] for hecha in hechas.values()) else 0)


@click.command("volver", cls=Comando)
@click.argument("nombre")
@GENERACION
@EN_JSON
def volver(nombre: str, generacion: int | None, en_json: bool) -> None:
    """Repone las tablas de antes de reconstruir.

    Se guardaron y siguieron al día. Las de ahora quedan guardadas.
    """
    from projections.motor.reconstruccion import volver as volver_a

    (una,) = elegidas(nombre)
    with sistema_de_ordenes() as sistema, explicado(), progreso() as avance:
        activa = resumir_generacion(volver_a(una, taller_de(sistema, avance), generacion))
    if en_json:
        escribir_json(activa)
    else:
        click.echo(f"{una}: se lee otra vez la generación {activa['generacion']} (versión {activa['version']});"
                   " la que se leía queda guardada")  # fmt: skip


@click.command("descartar", cls=Comando)
@click.argument("nombre")
@GENERACION
@EN_JSON
def descartar(nombre: str, generacion: int | None, en_json: bool) -> None:
    """Borra tablas guardadas o a medio hacer.

    Las que se leen, nunca. Sin --generacion, todas las demás de NOMBRE.
    """
    from projections.motor.reconstruccion import descartar as descartar_las_de

    (una,) = elegidas(nombre)
    with sistema_de_ordenes() as sistema, explicado():
        borradas = [resumir_generacion(otra) for otra in descartar_las_de(una, sistema.motor, generacion)]
    if en_json:
        escribir_json({"descartadas": borradas})
    for borrada in () if en_json else borradas:
        click.echo(f"{una}: descartada la generación {borrada['generacion']} (versión {borrada['version']}), que estaba"
                   f" {borrada['situacion'].replace('_', ' ')}")  # fmt: skip


def _mostrar(hechas: Sequence[dict[str, Any]], en_json: bool) -> None:
    if en_json:
        escribir_json({"proyecciones": hechas})
        return
    for hecha in hechas:
        _contar(hecha)


def _resumir(resultado: "Resultado") -> dict[str, Any]:
    return {
        **resumir_generacion(resultado.generacion),
        "cambiada": not resultado.motivos,
        "motivos": resultado.motivos,
        "tablas": resumir_informes(resultado.informes),
        "sigue_la_de_antes": resultado.sigue_la_de_antes,
        "descartadas": [resumir_generacion(una) for una in resultado.descartadas],
    }


def _contar(hecha: dict[str, Any]) -> None:
    nombre, cual = hecha["nombre"], f"la generación {hecha['generacion']} (versión {hecha['version']})"
    if hecha["cambiada"]:
        click.secho(f"{nombre}: se lee {cual}", bold=True)
        contar_informes(hecha["tablas"])
        if not hecha["tablas"]:
            click.echo("  las de antes estaban vacías: no había con qué comparar")
        elif not hecha["sigue_la_de_antes"]:
            click.echo("  de la de antes no está aquí el código de su versión: «volver» no la repone, y se descarta"
                       " en un minuto si ningún trabajador lo tiene")  # fmt: skip
        else:
            click.echo(f"  la de antes queda guardada y al día: «alpes proyecciones volver {nombre}» la repone,"
                       f" «alpes proyecciones descartar {nombre}» la borra")  # fmt: skip
        if hecha["descartadas"]:
            cuales = ", ".join(f"la {una['generacion']}" for una in hecha["descartadas"])
            click.echo(f"  más viejas, y borradas: {cuales}")
        return
    click.secho(f"{nombre}: NO se cambió; espera {cual}", bold=True, fg="red")
    contar_informes(hecha["tablas"])
    for motivo in hecha["motivos"]:
        click.echo(f"  pasa de lo admitido: {motivo}")
    click.echo(f"  se sigue leyendo lo de antes. Si la diferencia es la que esperaba:"
               f" «alpes proyecciones reconstruir {nombre} --aceptar-diferencias»;"
               f" si no: «alpes proyecciones descartar {nombre}», y «alpes proyecciones verificar {nombre}»"
               " dice qué fila difiere y por qué eventos")  # fmt: skip
