"""A refused command message leaves its refusal in the log."""

from domain.base.contexto import Contexto, en_contexto
from domain.base.rechazo import Rechazo
from tests.domain.especificacion import AHORA


def test_un_rechazo_dice_que_se_pidio_y_por_que_no() -> None:
    with en_contexto(Contexto(ahora=AHORA, correlation_id="saga-1", causation_id="m-1")):
        rechazo = Rechazo(
            id=Rechazo.id_de("m-1"),
            comando="ActivarCampania",
            agregado_id="CAMP001",
            mensaje_id="m-1",
            codigo="CAMPANIA_NO_ENCONTRADA",
            motivo="Campania no encontrada",
        )
    (evento,) = rechazo.collect_events()
    assert evento.originator_id == "rechazo:m-1"
    assert (evento.TOPIC, evento.codigo, evento.correlation_id) == (
        "ComandoRechazado.v1",
        "CAMPANIA_NO_ENCONTRADA",
        "saga-1",
    )
