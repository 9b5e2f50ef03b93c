"""What may be asked of Clientes. Texts come as typed by people; datetimes are aware, UTC."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RegistrarCliente:
    id: str
    nombre: str
    email: str
    cedula: str
    fecha_nacimiento: datetime


@dataclass(frozen=True, slots=True)
class ActualizarCliente:
    """None leaves a datum as it is."""

    id: str
    nombre: str | None = None
    email: str | None = None
    cedula: str | None = None
    fecha_nacimiento: datetime | None = None


@dataclass(frozen=True, slots=True)
class DesactivarCliente:
    id: str
    motivo: str


@dataclass(frozen=True, slots=True)
class ReactivarCliente:
    id: str


@dataclass(frozen=True, slots=True)
class AnonimizarCliente:
    id: str
    motivo: str
