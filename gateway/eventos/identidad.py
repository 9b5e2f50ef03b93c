"""What an event is called when others speak of it."""

import re

_NOMBRE = re.compile(r"(clientes|pagos|campanias):([!-~]+):([0-9]{1,18})")


def id_de_evento(aplicacion: str, flujo: str, version: int) -> str:
    """The name of version ``version`` of a stream in the log of ``aplicacion``; causation ids carry it."""
    return f"{aplicacion}:{flujo}:{version}"


def evento_de(nombre: str) -> tuple[str, str, int] | None:
    """Application, stream and version of the event of that name; None when it is the name of none."""
    partes = _NOMBRE.fullmatch(nombre)
    return (partes[1], partes[2], int(partes[3])) if partes else None
