"""What the BFF answers when it can't answer with a page. Messages are Spanish, for the person at the screen."""

from collections.abc import Mapping, Sequence

Detalles = Mapping[str, Sequence[str]]
"""What is wrong, field by field."""


class ErrorDelBff(Exception):
    """Base of all. ``codigo`` is stable; ``mensaje`` may be shown."""

    codigo = "ERROR"
    mensaje = "No se pudo atender la petición"

    def __init__(self, mensaje: str | None = None) -> None:
        self.mensaje = mensaje or type(self).mensaje
        super().__init__(self.mensaje)


class ParametrosInvalidos(ErrorDelBff):
    """The query string can't be used."""

    codigo = "PARAMETROS_INVALIDOS"
    mensaje = "Parámetros inválidos"

    def __init__(self, detalles: Detalles) -> None:
        super().__init__("; ".join(f"{campo}: {', '.join(dicho)}" for campo, dicho in detalles.items()))
        self.detalles = detalles


class DatosInvalidos(ErrorDelBff):
    """The body can't be used."""

    codigo = "DATOS_INVALIDOS"
    mensaje = "Datos inválidos"

    def __init__(self, detalles: Detalles, codigo: str | None = None) -> None:
        super().__init__("; ".join(f"{campo}: {', '.join(dicho)}" for campo, dicho in detalles.items()))
        self.detalles, self.codigo = detalles, codigo or type(self).codigo


class NoEncontrado(ErrorDelBff):
    codigo = "NO_ENCONTRADO"
    mensaje = "No encontrado"


class AunNoLlega(ErrorDelBff):
    """It was accepted, and its page can't show it yet."""

    codigo = "POSICION_NO_ALCANZADA"
    mensaje = "La consulta aún no alcanza esa posición; vuelva a intentarlo"


class Rechazado(ErrorDelBff):
    """A service refused, and its reason is the caller's to know. ``cabeceras`` go with it."""

    def __init__(self, estado: int, codigo: str, mensaje: str, cabeceras: Mapping[str, str] | None = None) -> None:
        super().__init__(mensaje)
        self.estado, self.codigo, self.cabeceras = estado, codigo, dict(cabeceras or {})


class FallaDeServicio(ErrorDelBff):
    """A service that a page needs failed. ``nota`` is what a page says that goes without it."""

    nota = "No disponible por ahora"

    def __init__(self, servicio: str) -> None:
        super().__init__(f"{servicio}: {type(self).mensaje}")
        self.servicio = servicio


class ServicioRoto(FallaDeServicio):
    """It can't be reached, or answers what makes no sense."""

    codigo = "SERVICIO_ROTO"
    mensaje = "el servicio no respondió como debía"
    nota = "El servicio no responde"


class EventoIlegible(FallaDeServicio):
    """It has stored an event that it can't read: ``mensaje`` is its own, and names the event."""

    codigo = "EVENTO_ILEGIBLE"
    nota = "Un evento guardado no se puede leer"

    def __init__(self, servicio: str, mensaje: str) -> None:
        super().__init__(servicio)
        self.mensaje = mensaje


class ServicioLento(FallaDeServicio):
    """It didn't answer in time."""

    codigo = "SERVICIO_LENTO"
    mensaje = "el servicio tardó demasiado"
    nota = "El servicio tarda demasiado"
