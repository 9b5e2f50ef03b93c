"""How any application receives a command."""

from datetime import UTC, datetime

import pytest
from eventsourcing.persistence import IntegrityError

from domain.base.aplicacion import INTENTOS, Aplicacion, ClaveYaUsada, HechoYaContado, Posicion
from domain.base.contexto import Contexto, contexto
from domain.base.errores import EscrituraDisputada
from domain.base.reserva import Reserva
from tests.domain.memoria import en_memoria, reloj_parado

AHORA = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


class Disputada(Aplicacion):
    """Decides only after so many other writers, or gives up for a reason."""

    name = "disputada"

    def __init__(self, rechazos: list[IntegrityError]) -> None:
        self.rechazos, self.intentos = rechazos, list[int]()
        super().__init__(en_memoria, reloj_parado(AHORA))

    def decidir(self, orden: object) -> Posicion:
        self.intentos.append(contexto().intento)
        if self.rechazos:
            raise self.rechazos.pop()
        return self.guardar(Reserva(id=str(orden), titular="ana"))


def test_quien_pierde_decide_de_nuevo_y_sabe_que_reintenta() -> None:
    disputada = Disputada([IntegrityError(), IntegrityError()])
    posicion = disputada.ejecutar("valor:1")
    assert (posicion, posicion.id, posicion.version) == (1, "valor:1", 1)
    assert disputada.intentos == [0, 1, 2]


def test_quien_pierde_siempre_desiste() -> None:
    disputada = Disputada([IntegrityError() for _ in range(INTENTOS)])
    with pytest.raises(EscrituraDisputada):
        disputada.ejecutar("valor:1")


@pytest.mark.parametrize("clase", [HechoYaContado, ClaveYaUsada])
def test_lo_ya_contado_no_se_decide_otra_vez(clase: type[IntegrityError]) -> None:
    disputada = Disputada([clase()])
    with pytest.raises(clase):
        disputada.ejecutar("valor:1")
    assert disputada.intentos == [0]


def test_lo_decidido_lleva_las_circunstancias_de_la_orden() -> None:
    aplicacion = Disputada([])
    aplicacion.ejecutar("valor:1", Contexto(ahora=AHORA, correlation_id="c-1", causation_id="k-1"))
    (evento,) = aplicacion.events.get("valor:1")
    assert isinstance(evento, Reserva.Tomada)
    assert (evento.timestamp, evento.correlation_id, evento.causation_id) == (AHORA, "c-1", "k-1")
    assert (evento.actor_tipo, evento.actor_id) == ("system", "system")


def test_fuera_de_una_orden_nada_se_graba() -> None:
    with pytest.raises(LookupError):
        Reserva(id="valor:1", titular="ana")


def test_una_orden_que_nadie_atiende_no_se_calla() -> None:
    with pytest.raises(TypeError, match="Aplicacion no conoce str"):
        Aplicacion(en_memoria, reloj_parado(AHORA)).ejecutar("orden")
