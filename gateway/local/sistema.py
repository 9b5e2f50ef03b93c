"""What this machine is asked: its ports, its processes, its users."""

import contextlib
import errno
import os
import pwd
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from gateway.local.errores import FallaLocal


def puerto_libre(preferido: int = 0) -> int:
    """A TCP port of 127.0.0.1 that nobody uses, nor is given while this process lives (on Linux).

    ``preferido``: that one and no other; raises OSError when it is taken.

    Servers, which reuse addresses, may listen there: a socket that is bound and does not listen only keeps the port
    from whoever asks for any, in the seconds that a server takes to start.
    """
    with socket.socket() as enchufe:
        enchufe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        enchufe.bind(("127.0.0.1", preferido))
        puerto = int(enchufe.getsockname()[1])
        # Elsewhere it would keep the server out too.
        if sys.platform == "linux":
            # Left open, and nobody's.
            enchufe.detach()
    return puerto


@contextmanager
def direccion_propia(anfitrion: str, puerto: int, variable: str, para: str) -> Iterator[str]:
    """The IP address on which a server may listen at ``puerto`` of ``anfitrion``; ``variable`` sets that port.

    Until the block ends nobody else has it ``para`` the same: who only looks at a free port doesn't see who looks at
    the same time. Raises FallaLocal.
    """
    with ExitStack() as al_final:
        try:
            familia, *_, (direccion, *_) = socket.getaddrinfo(anfitrion, puerto, type=socket.SOCK_STREAM)[0]
            # The name of a socket ends with its process, and is seen by all that share the ports. Only Linux has it.
            if sys.platform == "linux":
                turno = al_final.enter_context(socket.socket(socket.AF_UNIX))
                turno.bind(f"\0alpes {para} {direccion} {puerto}")
            with socket.socket(familia, socket.SOCK_STREAM) as prueba:
                # As a server does it: connections of a server that is gone don't count.
                prueba.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                prueba.bind((direccion, puerto))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise FallaLocal(
                    f"El puerto {puerto} de {anfitrion} está ocupado; libérelo o ponga otro en {variable}"
                ) from error
            raise FallaLocal(f"No se puede escuchar en el puerto {puerto} de {anfitrion}: {error.strerror}") from error
        yield str(direccion)


def procesos_en(datos: Path, programa: str = "postgres") -> list[psutil.Process]:
    """Every process of a server on ``datos``: they all live in that folder, whatever their pid."""
    hallados = []
    for proceso in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if proceso.cwd() == str(datos.resolve()) and proceso.name().startswith(programa):
                hallados.append(proceso)
    return hallados


def terminar(proceso: psutil.Process) -> None:
    """Ask it to end, and kill it when it doesn't. Raises FallaLocal."""
    with contextlib.suppress(psutil.NoSuchProcess):
        proceso.send_signal(signal.SIGQUIT)
        try:
            proceso.wait(5)
        except psutil.TimeoutExpired:
            matar(proceso)


def matar(proceso: psutil.Process) -> None:
    """Kill it, and wait until it is gone. Raises FallaLocal when the system still holds it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        proceso.kill()
        try:
            proceso.wait(10)
        except psutil.TimeoutExpired as error:
            raise FallaLocal(f"El proceso {proceso.pid} no termina; vuelva a intentarlo") from error


def usuario_sin_poderes(ruta: Path) -> int | None:
    """Whom root becomes for a server (PostgreSQL refuses root): the folder's owner, or nobody. None: not root."""
    if os.geteuid() != 0:
        return None
    dueno = ruta.stat().st_uid
    return dueno if dueno != 0 else pwd.getpwnam("nobody").pw_uid
