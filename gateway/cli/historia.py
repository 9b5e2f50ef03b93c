"""The history of one stream on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.auditoria.cambios import Cambio
from gateway.auditoria.palabras import en_palabras, explicar_cambios

ANCHO_SIN_TERMINAL = 160


def consola() -> Console:
    """Standard output: as wide as the terminal, or wide enough for a file."""
    normal = Console(highlight=False, emoji=False, markup=False)
    return normal if normal.is_terminal else Console(width=ANCHO_SIN_TERMINAL, highlight=False, emoji=False)


def mostrar(historia: Mapping[str, Any]) -> None:
    """Print each event with what it changed, and then the state."""
    salida = consola()
    tabla = Table(title=Text(f"{historia['stream']} ({historia['modulo']})"), title_justify="left", show_lines=True)
    for titulo in ("v", "cuándo (UTC)", "quién", "qué pasó", "qué cambió"):
        tabla.add_column(titulo, overflow="fold")
    for evento in historia["eventos"]:
        cambios = explicar_cambios(Cambio(**cambio) for cambio in evento["cambios"])
        celdas = (
            str(evento["version"]),
            evento["timestamp"],
            f"{evento['usuario']}\n{evento['causa']}",
            f"{evento['resumen']}\n{evento['tipo']} · posición {evento['posicion']}",
            "\n".join(cambios) or "—",
        )
        # Text, and not markup: what was stored may look like it.
        tabla.add_row(*map(Text, celdas))
    salida.print(tabla)
    salida.print(Text(f"Así quedó, en la versión {historia['estado']['version']}:", style="bold"))
    estado = Table(show_header=False, box=None, pad_edge=False)
    for campo, valor in historia["estado"].items():
        estado.add_row(Text(campo), Text(en_palabras(valor), overflow="fold"))
    salida.print(estado)
