"""The ``alpes`` command. Exit status: 0, 1 failed, 2 wrong usage."""

import errno
import sys

import click

from gateway.cli import (
    auditoria,
    compuerta,
    datos,
    estado,
    llaves,
    mensajes,
    paginas,
    pila,
    procesos,
    proyecciones,
    simulacro,
)
from gateway.cli.espanol import Grupo, explicar
from gateway.cli.salida import callar
from gateway.config import ConfiguracionInvalida
from gateway.local.errores import FallaLocal


@click.group(cls=Grupo, name="alpes")
def alpes() -> None:
    """Alpes Partners: clientes, pagos a partners y campañas, con su historia completa.

    Para empezar: «alpes demo».
    """


for _grupo in (pila, procesos, paginas, estado, proyecciones, auditoria, mensajes, llaves, datos, simulacro, compuerta):
    for _comando in _grupo.COMANDOS:
        alpes.add_command(_comando)


def principal(argumentos: list[str]) -> int:
    """Run one command line and return its exit status; what went wrong is told on standard error, in Spanish."""
    try:
        return int(alpes.main(argumentos, prog_name="alpes", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.UsageError as error:
        uso = error.ctx.get_usage() + "\n" if error.ctx else ""
        return _fallar(f"{uso}alpes: {explicar(error)}", 2)
    except (FallaLocal, ConfiguracionInvalida) as error:
        return _fallar(f"alpes: {error}", 1)
    except (KeyboardInterrupt, click.Abort):
        return _fallar("alpes: interrumpido", 130)
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC):
            raise
        callar()
        return 1 if error.errno == errno.EPIPE else _fallar("alpes: no queda espacio donde se escribe la salida", 1)


def _fallar(texto: str, codigo: int) -> int:
    click.echo(texto, err=True)
    return codigo


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
