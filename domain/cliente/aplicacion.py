"""The use cases of Clientes."""

from collections.abc import Callable
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment

from domain.base.aplicacion import Aplicacion, Posicion
from domain.base.contexto import contexto
from domain.base.errores import Conflicto
from domain.base.fechas import nacimiento
from domain.base.reserva import Reserva, desocupar, reservar
from domain.base.texto import identificador
from domain.base.valores import Cedula, Email, Nombre
from domain.cliente.agregado import Cliente
from domain.cliente.comandos import (
    ActualizarCliente,
    AnonimizarCliente,
    DesactivarCliente,
    ReactivarCliente,
    RegistrarCliente,
)
from domain.cliente.errores import CedulaYaRegistrada, EmailYaRegistrado


class Clientes(Aplicacion):
    """Clients, and who holds each email and cedula, over one log."""

    name = "clientes"
    modulo = "cliente"

    def __init__(
        self,
        fabrica: Callable[[Environment], InfrastructureFactory[Any]],
        reloj: Callable[[], datetime],
        *,
        huella: Callable[[str, str], str],
    ) -> None:
        """``huella`` is the keyed hash of (purpose, normalised value), as text: it names a reservation's stream."""
        self._huella = huella
        super().__init__(fabrica, reloj)

    @singledispatchmethod
    def decidir(self, orden: Any) -> Posicion:
        return super().decidir(orden)

    @decidir.register
    def _(self, orden: RegistrarCliente) -> Posicion:
        email, cedula = Email.de(orden.email), Cedula.de(orden.cedula)
        cliente = Cliente(
            id=identificador(orden.id, "id"),
            nombre=Nombre.de(orden.nombre).valor,
            email=email.valor,
            cedula=cedula.valor,
            fecha_nacimiento=nacimiento(orden.fecha_nacimiento, contexto().ahora),
            huella_email=self._huella("email", email.normalizado),
            huella_cedula=self._huella("cedula", cedula.valor),
        )
        previo = self.buscar_al_reintentar(Cliente, cliente.id)
        if previo is not None:
            previo.exigir_mismo_registro(cliente)
            return self.guardar(previo)
        return self.guardar(
            cliente,
            reservar(self, f"email:{cliente.huella_email}", cliente.id, EmailYaRegistrado),
            reservar(self, f"cedula:{cliente.huella_cedula}", cliente.id, CedulaYaRegistrada),
        )

    @decidir.register
    def _(self, orden: ActualizarCliente) -> Posicion:
        ahora = contexto().ahora
        cliente = self.obtener(Cliente, orden.id)
        email, cedula = cliente.huella_email, cliente.huella_cedula
        cliente.actualizar(
            nombre=None if orden.nombre is None else Nombre.de(orden.nombre),
            email=None if orden.email is None else Email.de(orden.email),
            cedula=None if orden.cedula is None else Cedula.de(orden.cedula),
            fecha_nacimiento=None if orden.fecha_nacimiento is None else nacimiento(orden.fecha_nacimiento, ahora),
            huella=self._huella,
        )
        return self.guardar(
            cliente,
            *self._mudar("email", email, cliente.huella_email, cliente, EmailYaRegistrado),
            *self._mudar("cedula", cedula, cliente.huella_cedula, cliente, CedulaYaRegistrada),
        )

    @decidir.register
    def _(self, orden: DesactivarCliente) -> Posicion:
        cliente = self.obtener(Cliente, orden.id)
        cliente.desactivar(orden.motivo)
        return self.guardar(cliente)

    @decidir.register
    def _(self, orden: ReactivarCliente) -> Posicion:
        cliente = self.obtener(Cliente, orden.id)
        cliente.reactivar()
        return self.guardar(cliente)

    @decidir.register
    def _(self, orden: AnonimizarCliente) -> Posicion:
        cliente = self.obtener(Cliente, orden.id)
        cliente.anonimizar(orden.motivo)
        return self.guardar(
            cliente,
            desocupar(self, f"email:{cliente.huella_email}", cliente.id),
            desocupar(self, f"cedula:{cliente.huella_cedula}", cliente.id),
        )

    def _mudar(
        self, valor: str, antes: str, despues: str, cliente: Cliente, ocupada: type[Conflicto]
    ) -> tuple[Reserva, ...]:
        """The reservations that a change of email or cedula moves, to be saved with the client."""
        if antes == despues:
            return ()
        nueva = reservar(self, f"{valor}:{despues}", cliente.id, ocupada)
        return nueva, desocupar(self, f"{valor}:{antes}", cliente.id)
