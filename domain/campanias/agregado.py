"""The campaign: how it begins, what may be asked of it."""

from dataclasses import fields
from datetime import datetime

from eventsourcing.domain import event

from domain.base.agregado import Agregado
from domain.base.dinero import Dinero
from domain.base.errores import exigir_estado
from domain.base.texto import referencia, texto_libre
from domain.campanias import errores, eventos
from domain.campanias.calendario import ha_llegado
from domain.campanias.cuenta import Cuenta
from domain.campanias.datos import DatosDeCampania
from domain.campanias.estado import EMPEZADAS, FINALES, NO_FINALES, VIGENTES, Estado
from domain.campanias.eventos import CAIDO, CONFIRMADO
from domain.campanias.pagos import PagosVinculados


class Campania(Agregado):
    """What a client pays for: approved by a payment, alive between two dates, spending within its budget."""

    TOPIC = "Campania"
    ausente = errores.CampaniaNoEncontrada

    Creada = eventos.Creada
    Aprobada = eventos.Aprobada
    Activada = eventos.Activada
    Pausada = eventos.Pausada
    Reanudada = eventos.Reanudada
    Finalizada = eventos.Finalizada
    GastoRegistrado = eventos.GastoRegistrado
    PresupuestoAjustado = eventos.PresupuestoAjustado
    PagoAsociado = eventos.PagoAsociado
    PagoDesasociado = eventos.PagoDesasociado
    PagoIgnorado = eventos.PagoIgnorado
    Cancelada = eventos.Cancelada

    @event(Creada)
    def __init__(
        self,
        *,
        id: str,
        cliente_id: str,
        itinerario: tuple[str, ...],
        nombre: str,
        presupuesto: Dinero | None,
        moneda: str | None,
        fecha_inicio: datetime | None,
        fecha_fin: datetime | None,
    ) -> None:
        self.estado = Estado.PENDIENTE
        self.cliente_id, self.itinerario, self.nombre = cliente_id, itinerario, nombre
        self.fecha_inicio, self.fecha_fin = fecha_inicio, fecha_fin
        self.cuenta, self.pagos = Cuenta(presupuesto, moneda), PagosVinculados()
        self._primeros = DatosDeCampania(cliente_id, itinerario, nombre, presupuesto, moneda, fecha_inicio, fecha_fin)

    @classmethod
    def crear(cls, id: str, datos: DatosDeCampania) -> "Campania":
        """A new campaign, which waits for its payment."""
        return cls(id=id, **{campo.name: getattr(datos, campo.name) for campo in fields(datos)})

    def exigir_creada_con(self, datos: DatosDeCampania) -> None:
        """Creating it again is no news. Raises CampaniaYaExiste when it was created with other data."""
        if datos != self._primeros:
            raise errores.CampaniaYaExiste

    def activar(self, ahora: datetime) -> None:
        """Begin. Raises TransicionIlegal, CampaniaAunNoEmpieza."""
        if self.estado is Estado.ACTIVA:
            return
        exigir_estado("activar", self.estado, Estado.APROBADA)
        if self.fecha_inicio and not ha_llegado(self.fecha_inicio, ahora):
            raise errores.CampaniaAunNoEmpieza
        self._aplicar_activada()

    def pausar(self) -> None:
        """Stop for a while. Raises TransicionIlegal."""
        if self.estado is Estado.PAUSADA:
            return
        exigir_estado("pausar", self.estado, Estado.ACTIVA)
        self._aplicar_pausada()

    def reanudar(self, ahora: datetime) -> None:
        """Go on after a pause. Raises TransicionIlegal, CampaniaYaTermino."""
        if self.estado is Estado.ACTIVA:
            return
        exigir_estado("reanudar", self.estado, Estado.PAUSADA)
        if ha_llegado(self.fecha_fin, ahora):
            raise errores.CampaniaYaTermino
        self._aplicar_reanudada()

    def finalizar(self, ahora: datetime) -> None:
        """End for good. Raises TransicionIlegal, CampaniaAunNoTermina."""
        if self.estado is Estado.FINALIZADA:
            return
        exigir_estado("finalizar", self.estado, *VIGENTES)
        if self.fecha_fin and not ha_llegado(self.fecha_fin, ahora):
            raise errores.CampaniaAunNoTermina
        self._aplicar_finalizada()

    def cancelar(self, motivo: str) -> None:
        """Give it up. Raises TransicionIlegal, and what ``texto_libre`` raises."""
        motivo = texto_libre(motivo, "motivo")
        if self.estado is Estado.CANCELADA:
            return
        exigir_estado("cancelar", self.estado, *NO_FINALES)
        self._aplicar_cancelada(motivo, None)

    def seguir_calendario(self, ahora: datetime) -> None:
        """Begin, end or both, as its dates have come; else nothing."""
        if self.estado is Estado.APROBADA and ha_llegado(self.fecha_inicio, ahora):
            self._aplicar_activada()
        if self.estado in VIGENTES and ha_llegado(self.fecha_fin, ahora):
            self._aplicar_finalizada()

    def registrar_gasto(self, gasto_id: str, monto: Dinero) -> None:
        """Spend from the budget, once a ``gasto_id``.

        Raises GastoConOtrosDatos, TransicionIlegal, SinPresupuesto, MonedasDistintas, PresupuestoExcedido, and
        what ``referencia`` raises.
        """
        gasto_id = referencia(gasto_id, "gasto_id")
        if self.cuenta.ya_conto(gasto_id, monto):
            return
        exigir_estado("registrar un gasto", self.estado, *EMPEZADAS)
        self.cuenta.exigir_que_quepa(monto)
        self._aplicar_gasto_registrado(gasto_id, monto)

    def ajustar_presupuesto(self, presupuesto: Dinero) -> None:
        """Replace the budget. Raises TransicionIlegal, MonedasDistintas, PresupuestoMenorQueElGasto."""
        if self.cuenta.presupuesto == presupuesto:
            return
        exigir_estado("ajustar el presupuesto", self.estado, *NO_FINALES)
        self.cuenta.exigir_ajustable(presupuesto)
        self._aplicar_presupuesto_ajustado(presupuesto)

    def asociar_pago(self, payout_id: str) -> None:
        """A linked payment was confirmed; the first one approves. One that fell before never counts again."""
        if payout_id in self.pagos.confirmados:
            return
        if self.estado in FINALES:
            self._aplicar_pago_ignorado(payout_id, CONFIRMADO)
        elif payout_id in self.pagos.caidos:
            return
        elif self.estado is Estado.PENDIENTE:
            self._aplicar_aprobada(payout_id, "PAGOS")
        else:
            self._aplicar_pago_asociado(payout_id)

    def desasociar_pago(self, payout_id: str, motivo: str) -> None:
        """A linked payment was reversed or failed for good; with no other one the campaign is cancelled."""
        if payout_id in self.pagos.caidos:
            return
        if self.estado in FINALES:
            self._aplicar_pago_ignorado(payout_id, CAIDO)
        elif self.pagos.queda_otro(payout_id):
            self._aplicar_pago_desasociado(payout_id, motivo)
        else:
            self._aplicar_cancelada(motivo, payout_id)

    @event(Aprobada)
    def _aplicar_aprobada(self, payout_id: str, origen: str) -> None:
        self.estado = Estado.APROBADA
        self.pagos.confirmar(payout_id)

    @event(Activada)
    def _aplicar_activada(self) -> None:
        self.estado = Estado.ACTIVA

    @event(Pausada)
    def _aplicar_pausada(self) -> None:
        self.estado = Estado.PAUSADA

    @event(Reanudada)
    def _aplicar_reanudada(self) -> None:
        self.estado = Estado.ACTIVA

    @event(Finalizada)
    def _aplicar_finalizada(self) -> None:
        self.estado = Estado.FINALIZADA

    @event(GastoRegistrado)
    def _aplicar_gasto_registrado(self, gasto_id: str, monto: Dinero) -> None:
        self.cuenta.gastar(gasto_id, monto)

    @event(PresupuestoAjustado)
    def _aplicar_presupuesto_ajustado(self, presupuesto: Dinero) -> None:
        self.cuenta.ajustar(presupuesto)

    @event(PagoAsociado)
    def _aplicar_pago_asociado(self, payout_id: str) -> None:
        self.pagos.confirmar(payout_id)

    @event(PagoDesasociado)
    def _aplicar_pago_desasociado(self, payout_id: str, motivo: str) -> None:
        self.pagos.tumbar(payout_id)

    @event(PagoIgnorado)
    def _aplicar_pago_ignorado(self, payout_id: str, hecho: str) -> None:
        if hecho == CONFIRMADO:
            self.pagos.confirmar(payout_id)
        else:
            self.pagos.tumbar(payout_id)

    @event(Cancelada)
    def _aplicar_cancelada(self, motivo: str, payout_id: str | None) -> None:
        self.estado = Estado.CANCELADA
        if payout_id is not None:
            self.pagos.tumbar(payout_id)
