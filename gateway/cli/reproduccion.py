"""``auditoria reproducir``: the tables made again from the events, aside, and compared with the live ones."""

import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from datetime import time as hora
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON, MODULO, Limite, NumeroOInstante, exigir_modulo
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes

if TYPE_CHECKING:
    from gateway.auditoria.reproduccion import Pedido
    from gateway.auditoria.resultado import Reproduccion
    from gateway.composicion import Sistema

INSTANTE = timedelta(microseconds=1)
PRIMERO = datetime.min.replace(tzinfo=UTC) + INSTANTE
"""The first instant that has another before it."""


@click.command("reproducir", cls=Comando)
@MODULO
@click.option("--desde", type=NumeroOInstante(hora.min), help="Posición o instante de registro, inclusive.")
@click.option("--hasta", type=NumeroOInstante(), help="Posición o instante de registro, inclusive.")
@click.option("--diferencias", type=click.IntRange(0), default=1000, show_default=True, help="Cuántas mostrar.")
@EN_JSON
@click.pass_context
def reproducir(
    contexto: click.Context,
    *,
    modulo: str | None,
    desde: Limite | None,
    hasta: Limite | None,
    diferencias: int,
    en_json: bool,
) -> None:
    """Rehace las tablas aparte y las compara.

    Las hace con los eventos, en un esquema que se borra al final. Compara cuando se reproduce todo; de un tramo,
    cuenta cómo las cambió. No toca tablas vivas ni mensajes. Termina con 1 si algo difiere o algún evento no se
    pudo leer. De --diferencias, tantas por tabla y clase.
    """
    from gateway.auditoria.reproduccion import reproducir as rehacer
    from gateway.cli.progreso import progreso
    from projections.motor.trabajador import preparar_proceso

    exigir_modulo(contexto, modulo, desde, hasta)
    # As with Ctrl-C: what was built aside goes before the process does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with sistema_de_ordenes() as sistema:
        preparar_proceso()
        pedido = _pedido(sistema, modulo, desde, hasta, diferencias)
        inicio = time.monotonic()
        with progreso() as avance:
            hecho = rehacer(sistema, pedido, avance)
        dicho = _contar(sistema, pedido, hecho, time.monotonic() - inicio)
    escribir_json(dicho) if en_json else _mostrar(dicho)
    sys.exit(0 if hecho.fiel else 1)


def _pedido(
    sistema: "Sistema", modulo: str | None, desde: Limite | None, hasta: Limite | None, muestra: int
) -> "Pedido":
    from gateway.auditoria.registro import ultima_sabida
    from gateway.auditoria.reproduccion import Pedido

    hasta_de: dict[str, int] = {}
    desde_de: dict[str, int] = {}
    for nombre, aplicacion in sistema.aplicaciones.items():
        if modulo not in (None, aplicacion.modulo):
            continue
        fin = cabeza = aplicacion.recorder.max_notification_id() or 0
        if hasta is not None:
            fin = min(cabeza, hasta if isinstance(hasta, int) else ultima_sabida(sistema.tienda, aplicacion, hasta))
        antes = 0
        if desde is not None:
            antes = (
                desde - 1
                if isinstance(desde, int)
                else ultima_sabida(sistema.tienda, aplicacion, max(desde, PRIMERO) - INSTANTE)
            )
        hasta_de[nombre], desde_de[nombre] = fin, max(0, min(antes, fin))
    return Pedido(hasta_de, desde_de, completo=desde is None and hasta is None, muestra=muestra)


def _contar(sistema: "Sistema", pedido: "Pedido", hecho: "Reproduccion", segundos: float) -> dict[str, Any]:
    from gateway.eventos.log import logs_de

    modulos, logs = [], logs_de(sistema.aplicaciones)
    for nombre, hasta in pedido.hasta.items():
        modulo, desde = sistema.aplicaciones[nombre].modulo, pedido.desde.get(nombre, 0)
        tipos = Counter(logs[nombre].tipos(hasta)) - Counter(logs[nombre].tipos(desde))
        modulos.append({"modulo": modulo, "desde": desde, "hasta": hasta, "eventos": tipos.total(),
                        "tipos": dict(sorted(tipos.items()))})  # fmt: skip
    contado = hecho.contado
    return {
        "modulos": modulos,
        "segundos": round(segundos, 3),
        "por_segundo": round(hecho.hechos / max(segundos, 1e-9)),
        **contado,
        **{cuales: [_con_modulo(sistema, uno) for uno in contado[cuales]] for cuales in ("aparcados", "atrasos")},
    }


def _con_modulo(sistema: "Sistema", fila: dict[str, Any]) -> dict[str, Any]:
    """A line with the outside name of the module that its stream or position is of."""
    return {"modulo": sistema.aplicaciones[fila.pop("aplicacion")].modulo, **fila}


def _mostrar(dicho: dict[str, Any]) -> None:
    from gateway.cli.tablas import mostrar_tabla

    for modulo in dicho["modulos"]:
        click.secho(f"{modulo['modulo']}: {modulo['eventos']} eventos, de la posición {modulo['desde']} a la "
                    f"{modulo['hasta']}", bold=True)  # fmt: skip
        for tipo, cuantos in modulo["tipos"].items():
            click.echo(f"  {cuantos:>10}  {tipo}")
    _seccion("tablas")
    mostrar_tabla(dicho["tablas"])
    if dicho["sumas"]:
        _seccion("sumas")
        _mostrar_sumas(dicho["sumas"])
    for titulo in ("diferencias", "aparcados", "atrasos"):
        if dicho[titulo]:
            _seccion(titulo)
            mostrar_tabla(dicho[titulo])
    click.echo(f"\n{dicho['segundos']:.1f} s, {dicho['por_segundo']:,} eventos por segundo")
    if not dicho["fiel"]:
        click.secho("NO es lo mismo: vea las diferencias y los aparcados", fg="red", bold=True)
    elif any(tabla["comparada"] for tabla in dicho["tablas"]):
        click.secho("Las tablas comparadas son lo que dicen los eventos", fg="green")


def _mostrar_sumas(sumas: list[dict[str, Any]]) -> None:
    """One line a table and column; what is not the same before and after, currency by currency."""
    from gateway.cli.informes import contar_sumas

    for tabla in dict.fromkeys(suma["tabla"] for suma in sumas):
        click.echo(f"  {tabla}")
        contar_sumas([suma for suma in sumas if suma["tabla"] == tabla])


def _seccion(titulo: str) -> None:
    click.secho(f"\n{titulo}", bold=True)
