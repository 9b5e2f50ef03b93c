"""The use cases of Campanias."""

from collections.abc import Iterator
from functools import singledispatchmethod
from typing import Any, cast

from eventsourcing.application import project_aggregate

from domain.base.aplicacion import Aplicacion, Posicion
from domain.base.contexto import contexto
from domain.base.dinero import Dinero
from domain.campanias.agregado import Campania
from domain.campanias.comandos import (
    ActivarCampania,
    AjustarPresupuesto,
    AsociarPago,
    CancelarCampania,
    CrearCampania,
    DesasociarPago,
    FinalizarCampania,
    PausarCampania,
    ReanudarCampania,
    RegistrarGasto,
    SeguirCalendario,
)
from domain.campanias.datos import DatosDeCampania
from domain.campanias.espera import Espera, entregar

PAGINA = 1000
"""Waiting facts that are read at a time."""


class Campanias(Aplicacion):
    """Every campaign, and the payments that wait for one."""

    name = "campanias"
    modulo = "campanias"

    @singledispatchmethod
    def decidir(self, orden: Any) -> Posicion:
        return super().decidir(orden)

    @decidir.register
    def _(self, orden: CrearCampania) -> Posicion:
        datos = DatosDeCampania.de(orden)
        previa = self.buscar_al_reintentar(Campania, orden.campania_id)
        if previa is not None:
            previa.exigir_creada_con(datos)
            return self.guardar(previa)
        campania, espera = Campania.crear(orden.campania_id, datos), self._espera(orden.campania_id)
        espera.cerrar()
        entregar(self._en_espera(espera), campania)
        return self.guardar(campania, espera)

    @decidir.register
    def _(self, orden: ActivarCampania) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.activar(contexto().ahora)
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: PausarCampania) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.pausar()
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: ReanudarCampania) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.reanudar(contexto().ahora)
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: FinalizarCampania) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.finalizar(contexto().ahora)
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: CancelarCampania) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.cancelar(orden.motivo)
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: SeguirCalendario) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.seguir_calendario(contexto().ahora)
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: RegistrarGasto) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.registrar_gasto(orden.gasto_id, Dinero.de(orden.monto, orden.moneda))
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: AjustarPresupuesto) -> Posicion:
        campania = self.obtener(Campania, orden.campania_id)
        campania.ajustar_presupuesto(Dinero.de(orden.monto, orden.moneda))
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: AsociarPago) -> Posicion:
        campania = self.buscar(Campania, orden.campania_id)
        if campania is None:
            espera = self._espera(orden.campania_id)
            espera.confirmar_pago(orden.payout_id)
            return self.guardar(espera)
        campania.asociar_pago(orden.payout_id)
        return self.guardar(campania)

    @decidir.register
    def _(self, orden: DesasociarPago) -> Posicion:
        campania = self.buscar(Campania, orden.campania_id)
        if campania is None:
            espera = self._espera(orden.campania_id)
            espera.tumbar_pago(orden.payout_id, orden.motivo)
            return self.guardar(espera)
        campania.desasociar_pago(orden.payout_id, orden.motivo)
        return self.guardar(campania)

    def _espera(self, campania_id: str) -> Espera:
        """The stream of waiting payments as it stands, read from its last event alone."""
        corriente = Espera.id_de(campania_id)
        ultimo = self.events.get(corriente, desc=True, limit=1)
        return cast(Espera | None, project_aggregate(None, ultimo)) or Espera.vacia(corriente, 0, contexto().ahora)

    def _en_espera(self, espera: Espera) -> Iterator[object]:
        """All the facts that wait, oldest first, a page in memory at a time."""
        for desde in range(0, espera.version, PAGINA):
            yield from self.events.get(espera.id, gt=desde, lte=desde + PAGINA)
