"""What a campaign is created with, valid and in one form, so that creating it twice can be compared."""

from dataclasses import dataclass
from datetime import datetime

from domain.base.dinero import Dinero, codigo_de_moneda
from domain.base.texto import identificador, texto_libre
from domain.campanias.comandos import CrearCampania
from domain.campanias.errores import (
    CampaniaIncompleta,
    FechasInvertidas,
    ItinerarioDemasiadoLargo,
    PresupuestoSinMoneda,
)

PARADAS = 200
LARGO_DE_PARADA = 200
LARGO_DE_NOMBRE = 120


@dataclass(frozen=True, slots=True)
class DatosDeCampania:
    """``moneda`` without ``presupuesto`` is the currency of a later budget."""

    cliente_id: str
    itinerario: tuple[str, ...]
    nombre: str
    presupuesto: Dinero | None
    moneda: str | None
    fecha_inicio: datetime | None
    fecha_fin: datetime | None

    @classmethod
    def de(cls, orden: CrearCampania) -> "DatosDeCampania":
        """Read what was asked.

        Raises CampaniaIncompleta, IdentificadorInvalido, ItinerarioDemasiadoLargo, FechasInvertidas,
        PresupuestoSinMoneda, what ``texto_libre`` raises, and what ``Dinero.de`` raises.
        """
        if not orden.campania_id or not orden.cliente_id:
            raise CampaniaIncompleta
        identificador(orden.campania_id, "idCampania")
        if orden.fecha_inicio is not None and orden.fecha_fin is not None and orden.fecha_fin < orden.fecha_inicio:
            raise FechasInvertidas
        presupuesto, moneda = _presupuesto(orden)
        return cls(
            identificador(orden.cliente_id, "idCliente"),
            _itinerario(orden.itinerario),
            _nombre(orden),
            presupuesto,
            moneda,
            orden.fecha_inicio,
            orden.fecha_fin,
        )


def _itinerario(paradas: tuple[str, ...]) -> tuple[str, ...]:
    if len(paradas) > PARADAS:
        raise ItinerarioDemasiadoLargo
    return tuple(texto_libre(parada, "itinerario", LARGO_DE_PARADA) for parada in paradas)


def _nombre(orden: CrearCampania) -> str:
    if orden.nombre is None or not orden.nombre.strip():
        return orden.campania_id
    return texto_libre(orden.nombre, "nombre", LARGO_DE_NOMBRE)


def _presupuesto(orden: CrearCampania) -> tuple[Dinero | None, str | None]:
    moneda = codigo_de_moneda(orden.moneda) if orden.moneda else None
    if orden.presupuesto is None:
        return None, moneda
    if moneda is None:
        raise PresupuestoSinMoneda
    return Dinero.de(orden.presupuesto, moneda), moneda
