"""What an event is called when others speak of it."""


def id_de_evento(aplicacion: str, flujo: str, version: int) -> str:
    """The name of version ``version`` of a stream in the log of ``aplicacion``; causation ids carry it."""
    return f"{aplicacion}:{flujo}:{version}"
