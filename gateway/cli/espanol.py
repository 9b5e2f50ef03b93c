"""click in Spanish: help, usage and mistakes, without touching the library."""

import re
from collections.abc import Iterable
from typing import Any

import click

_TITULOS = {"Options": "Opciones", "Commands": "Comandos", "Arguments": "Argumentos"}
_USO = "Uso: "


class _Formato(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[OPCIONES]").replace("COMMAND [ARGS]...", "COMANDO [ARGUMENTOS]…")
        super().write_usage(prog, args, prefix=_USO)

    def write_heading(self, heading: str) -> None:
        super().write_heading(_TITULOS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(nombre, _traducir(texto)) for nombre, texto in rows], col_max, col_spacing)


class _Contexto(click.Context):
    formatter_class = _Formato


class Comando(click.Command):
    """A command whose help is in Spanish."""

    context_class = _Contexto

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        opcion = super().get_help_option(ctx)
        if opcion is not None:
            opcion.help = "Muestra esta ayuda y termina."
        return opcion


class Grupo(Comando, click.Group):
    """A group of such commands."""

    command_class = Comando

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(f"No existe el comando «{args[0]}»; vea «{ctx.command_path} --help»", ctx)
        return super().resolve_command(ctx, args)


def explicar(error: click.ClickException) -> str:
    """What was wrong with how the command was called."""
    match error:
        case click.NoSuchOption():
            return f"No existe la opción «{error.option_name}»"
        case click.MissingParameter():
            nombre = error.param.human_readable_name if error.param else "un argumento"
            return f"Falta {nombre}"
        case click.BadOptionUsage():
            return f"A la opción «{error.option_name}» le falta su valor, o le sobra"
        case click.BadParameter():
            nombre = error.param.human_readable_name if error.param else "un argumento"
            return f"El valor de {nombre.replace('_', '-')} no es válido" + _admitido(error.param)
        case _:
            sobra = re.search(r"unexpected extra arguments? \((.*)\)", error.format_message())
            return f"Sobra: {sobra[1]}" if sobra else error.format_message()


def _admitido(parametro: click.Parameter | None) -> str:
    match parametro.type if parametro else None:
        case click.Choice(choices=opciones):
            return f": debe ser {' o '.join(opciones)}"
        case click.IntRange(min=menor, max=mayor) if menor is not None:
            return f": debe ser un número desde {menor}" + (f" hasta {mayor}" if mayor is not None else "")
        case click.ParamType(name="número|instante"):
            return ": debe ser un número o un instante, como 2026-01-31 o 2026-01-31T15:30:00Z"
    return ""


def _traducir(texto: str) -> str:
    return texto.replace("[default: ", "[por defecto: ").replace("[required]", "[obligatorio]")
