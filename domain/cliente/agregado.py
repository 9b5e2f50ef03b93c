"""The client: what can happen to one, what may be asked of one."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from eventsourcing.domain import event

from domain.base.agregado import Agregado, Evento, EventoInicial, Personal
from domain.base.errores import exigir_estado
from domain.base.texto import texto_libre
from domain.base.valores import Cedula, Email, Nombre
from domain.cliente.errores import ClienteAnonimizado, ClienteYaExiste
from domain.cliente.estado import Estado


class Cliente(Agregado):
    """A person we do business with, from registration until forgotten.

    Personal data are None once the person was forgotten; the two keyed hashes stay, to find the reservations.
    """

    TOPIC = "Cliente"

    class Registrado(EventoInicial):
        TOPIC = "ClienteRegistrado.v1"
        nombre: Annotated[str | None, Personal]
        email: Annotated[str | None, Personal]
        cedula: Annotated[str | None, Personal]
        fecha_nacimiento: Annotated[datetime | None, Personal]
        huella_email: str
        huella_cedula: str

    class Actualizado(Evento):
        """All four data as they are after the change."""

        TOPIC = "ClienteActualizado.v1"
        nombre: Annotated[str | None, Personal]
        email: Annotated[str | None, Personal]
        cedula: Annotated[str | None, Personal]
        fecha_nacimiento: Annotated[datetime | None, Personal]
        huella_email: str
        huella_cedula: str

    class Desactivado(Evento):
        TOPIC = "ClienteDesactivado.v1"
        motivo: str

    class Reactivado(Evento):
        TOPIC = "ClienteReactivado.v1"

    class Anonimizado(Evento):
        TOPIC = "ClienteAnonimizado.v1"
        OLVIDA = True
        motivo: str

    @event(Registrado)
    def __init__(
        self,
        *,
        id: str,
        nombre: str | None,
        email: str | None,
        cedula: str | None,
        fecha_nacimiento: datetime | None,
        huella_email: str,
        huella_cedula: str,
    ) -> None:
        self.estado = Estado.ACTIVO
        self.nombre, self.email, self.cedula, self.fecha_nacimiento = nombre, email, cedula, fecha_nacimiento
        self.huella_email, self.huella_cedula = huella_email, huella_cedula
        self._primeros: object = (nombre, huella_email, huella_cedula, fecha_nacimiento)

    def exigir_mismo_registro(self, otro: "Cliente") -> None:
        """Be registered again with what was told first. Raises ClienteAnonimizado, ClienteYaExiste."""
        if self.estado is Estado.ANONIMIZADO:
            raise ClienteAnonimizado
        if self._primeros != otro._primeros:
            raise ClienteYaExiste

    def actualizar(
        self,
        nombre: Nombre | None,
        email: Email | None,
        cedula: Cedula | None,
        fecha_nacimiento: datetime | None,
        huella: Callable[[str, str], str],
    ) -> None:
        """Change some data; None leaves a datum as it is. Raises TransicionIlegal."""
        exigir_estado("actualizar", self.estado, Estado.ACTIVO, Estado.INACTIVO)
        nuevos: dict[str, Any] = {
            "nombre": nombre.valor if nombre else self.nombre,
            "email": email.valor if email else self.email,
            "cedula": cedula.valor if cedula else self.cedula,
            "fecha_nacimiento": fecha_nacimiento or self.fecha_nacimiento,
            "huella_email": huella("email", email.normalizado) if email else self.huella_email,
            "huella_cedula": huella("cedula", cedula.valor) if cedula else self.huella_cedula,
        }
        if any(getattr(self, dato) != valor for dato, valor in nuevos.items()):
            self._aplicar_actualizado(**nuevos)

    def desactivar(self, motivo: str) -> None:
        """Stop doing business for a while. Raises TransicionIlegal and what ``texto_libre`` raises."""
        motivo = texto_libre(motivo, "motivo")
        if self.estado is Estado.INACTIVO:
            return
        exigir_estado("desactivar", self.estado, Estado.ACTIVO)
        self._aplicar_desactivado(motivo)

    def reactivar(self) -> None:
        """Do business again. Raises TransicionIlegal."""
        if self.estado is Estado.ACTIVO:
            return
        exigir_estado("reactivar", self.estado, Estado.INACTIVO)
        self._aplicar_reactivado()

    def anonimizar(self, motivo: str) -> None:
        """Forget the person, for ever. Raises what ``texto_libre`` raises."""
        motivo = texto_libre(motivo, "motivo")
        if self.estado is not Estado.ANONIMIZADO:
            self._aplicar_anonimizado(motivo)

    @event(Actualizado)
    def _aplicar_actualizado(
        self,
        *,
        nombre: str | None,
        email: str | None,
        cedula: str | None,
        fecha_nacimiento: datetime | None,
        huella_email: str,
        huella_cedula: str,
    ) -> None:
        self.nombre, self.email, self.cedula, self.fecha_nacimiento = nombre, email, cedula, fecha_nacimiento
        self.huella_email, self.huella_cedula = huella_email, huella_cedula

    @event(Desactivado)
    def _aplicar_desactivado(self, motivo: str) -> None:
        self.estado = Estado.INACTIVO

    @event(Reactivado)
    def _aplicar_reactivado(self) -> None:
        self.estado = Estado.ACTIVO

    @event(Anonimizado)
    def _aplicar_anonimizado(self, motivo: str) -> None:
        self.estado = Estado.ANONIMIZADO
        self.nombre = self.email = self.cedula = self.fecha_nacimiento = self._primeros = None
