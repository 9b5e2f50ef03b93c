"""Who asks, what they may do, and how they are refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.base.contexto import Actor


class Rol(StrEnum):
    """What somebody may do; several add up."""

    LECTURA = "lectura"
    """Every GET, with cedula and email masked."""
    OPERADOR = "operador"
    """And commands; data in clear."""
    AUDITOR = "auditor"
    """Every GET, in clear, and each look at a person leaves a trace."""
    ADMIN = "admin"
    """All of it, and to forget a person."""


@dataclass(frozen=True, slots=True)
class Identidad:
    """Somebody who was let in. ``tipo`` is a kind ("usuario", "llave", "api"), ``id`` names one of that kind."""

    tipo: str
    id: str
    roles: frozenset[Rol]

    @property
    def actor(self) -> Actor:
        """As events name who acted."""
        return Actor(self.tipo, self.id)

    @property
    def nombre(self) -> str:
        """The kind and the name, in one word."""
        return f"{self.tipo}:{self.id}"

    @property
    def ve_datos_claros(self) -> bool:
        """Whether cedula and email are shown whole."""
        return bool(self.roles - {Rol.LECTURA})

    @property
    def deja_rastro(self) -> bool:
        """Whether each clear look at a person is recorded: an auditor's, and that of an admin, who may all that
        an auditor may."""
        return self is not LOCAL and not self.roles.isdisjoint({Rol.AUDITOR, Rol.ADMIN})


LOCAL = Identidad("api", "local", frozenset({Rol.ADMIN}))
"""Who acts in the open mode, where nobody says who they are."""
NADIE = Identidad("api", "nadie", frozenset())
"""Who asks for what everybody may see, when doors are closed."""


class Rechazado(Exception):
    """Somebody who was not let in, told as HTTP tells it.

    ``texto`` is Spanish and repeats nothing of what was presented. ``motivo`` says in one word, for those who look
    after the doors, what was wrong; ``actor`` is who it was, where that is known for sure.
    """

    def __init__(
        self,
        estado: int,
        codigo: str,
        texto: str,
        cabeceras: Mapping[str, str] | None = None,
        *,
        motivo: str = "",
        actor: str | None = None,
    ) -> None:
        super().__init__(texto)
        self.estado, self.codigo, self.texto, self.cabeceras = estado, codigo, texto, dict(cabeceras or {})
        self.motivo, self.actor = motivo or codigo, actor


def sin_credencial(texto: str) -> Rechazado:
    """Nobody said who they are."""
    return Rechazado(401, "CREDENCIALES_REQUERIDAS", texto, {"WWW-Authenticate": "Bearer"})


def credencial_invalida(motivo: str, actor: str | None = None) -> Rechazado:
    """What was presented opens nothing. The caller is told only whether a new one would help."""
    codigo, texto = "CREDENCIAL_INVALIDA", "La credencial no es válida"
    if motivo in VENCIDAS:
        codigo, texto = "CREDENCIAL_VENCIDA", "La credencial venció; presente una nueva"
    return Rechazado(401, codigo, texto, {"WWW-Authenticate": 'Bearer error="invalid_token"'}, motivo=motivo,
                     actor=actor)  # fmt: skip


def permiso_insuficiente(identidad: Identidad, falta: Rol) -> Rechazado:
    """Known, but may not."""
    texto = f"Hace falta el rol {falta}"
    cabeceras = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return Rechazado(403, "PERMISO_INSUFICIENTE", texto, cabeceras, actor=identidad.nombre)


def almacen_mudo(motivo: str) -> Rechazado:
    """Nobody can say now who it is: the database, or who publishes the keys of tokens, does not answer."""
    texto = "No se puede comprobar la credencial ahora; vuelva a intentarlo"
    return Rechazado(503, "ACCESO_SIN_COMPROBAR", texto, {"Retry-After": "1"}, motivo=motivo)


SIN_ALMACEN = "ALMACEN_INALCANZABLE"
"""The reason of ``almacen_mudo`` that is the database's."""
VENCIDAS = frozenset({"TOKEN_VENCIDO", "LLAVE_VENCIDA"})
