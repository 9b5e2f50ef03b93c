"""What can't be folded waits, with what follows it in its stream, while the others go on."""

from sqlalchemy import event

from domain.base.agregado import Evento
from domain.pagos.agregado import Payout
from projections.payouts.proyeccion import PROYECCION as PAYOUTS
from tests.projections.banco_de_lectura import Lectura, sesion_de
from tests.projections.ejemplos import a_las, cliente, payout
from tests.projections.log_en_memoria import eventos_de

APARCADOS = "proyeccion, aplicacion, stream, posicion, ultima_posicion, eventos"


def estropear(lectura: Lectura, agregado: Payout, indice: int) -> list[Evento]:
    """Append an aggregate's events, one of them unreadable."""
    eventos = eventos_de(agregado)
    lectura.logs["pagos"].agregar(*eventos)
    lectura.logs["pagos"].estropear(eventos[indice])
    return eventos


def test_un_hecho_ilegible_detiene_su_stream_y_ningun_otro(lectura: Lectura) -> None:
    enfermo = payout("payout-1")
    with a_las():
        enfermo.cancelar("ya no")
    estropear(lectura, enfermo, 2)
    lectura.logs["pagos"].agregar(*eventos_de(payout("payout-2")))
    lectura.alcanzar()
    assert lectura.filas("payouts", "id, estado, version") == [
        ("payout-1", "PENDIENTE", 2),
        ("payout-2", "PENDIENTE", 2),
    ]
    assert ("payouts", "pagos", "payout-1", 9, 12, 2) in lectura.filas("aparcados", APARCADOS)


def test_los_hechos_que_siguen_a_un_aparcado_esperan_tambien(lectura: Lectura) -> None:
    enfermo = payout("payout-1")
    with a_las():
        enfermo.procesar(enfermo.created_on)
    estropear(lectura, enfermo, 2)
    lectura.alcanzar()
    with a_las():
        enfermo.fallar("TECNICO", "sin red", definitivo=False, ahora=enfermo.created_on)
        enfermo.reintentar()
    lectura.ocurre("pagos", enfermo)
    assert lectura.filas("payouts", "id, estado, version") == [("payout-1", "PENDIENTE", 2)]
    assert ("payouts", "pagos", "payout-1", 9, 15, 3) in lectura.filas("aparcados", APARCADOS)


def test_un_lote_en_que_todo_falla_se_aparca_con_pocas_sentencias(lectura: Lectura) -> None:
    """One a stream would take longer than the claim on the projection holds, again and again."""
    for numero in range(100):
        estropear(lectura, payout(f"payout-{numero}"), 0)
    sentencias: list[str] = []
    with sesion_de(lectura.motor) as sesion:
        seguidor = lectura.seguidor(sesion, PAYOUTS, "pagos")
        event.listen(lectura.motor, "before_cursor_execute", lambda *dicho: sentencias.append(dicho[2]))
        assert seguidor.avanzar() == 200
    assert len(sentencias) < 10
    assert {eventos for (eventos,) in lectura.filas("aparcados", "eventos", "1")} == {2}
    assert len(lectura.filas("aparcados", "stream", "1")) == 100


def test_el_error_que_se_guarda_no_repite_datos(lectura: Lectura) -> None:
    estropear(lectura, payout("payout-1"), 0)
    lectura.alcanzar()
    errores = {error for (error,) in lectura.filas("aparcados", "error", "1")}
    assert len(errores) == 1
    assert errores.pop().startswith("ValueError en log_en_memoria.py:")


def test_un_hecho_que_nadie_conoce_se_aparca_y_no_se_salta(lectura: Lectura) -> None:
    lectura.logs["pagos"].agregar(*eventos_de(cliente("intruso")))
    lectura.alcanzar()
    assert {fila[:3] for fila in lectura.filas("aparcados", APARCADOS)} == {
        (proyeccion, "pagos", "intruso") for proyeccion in ("clientes", "payouts", "por_procesar")
    }


def test_un_hecho_sin_fila_que_cambiar_se_aparca(lectura: Lectura) -> None:
    uno = payout("payout-1")
    eventos_de(uno)
    with a_las():
        uno.cancelar("ya no")
    lectura.ocurre("pagos", uno)
    assert [fila[:3] for fila in lectura.filas("aparcados", APARCADOS)] == [("payouts", "pagos", "payout-1")]


def test_lo_que_la_base_rechaza_aparca_su_stream_y_ningun_otro(lectura: Lectura) -> None:
    payouts = [payout(f"payout-{numero}") for numero in range(9)]
    vars(payouts[5].pending_events[0]).update(partner_id="nulo \0")
    lectura.logs["pagos"].agregar(*eventos_de(*payouts))
    with sesion_de(lectura.motor) as sesion:
        seguidor = lectura.seguidor(sesion, PAYOUTS, "pagos")
        while seguidor.avanzar():
            pass
    assert [uno for (uno,) in lectura.filas("payouts", "id", "1")] == [f"payout-{n}" for n in range(9) if n != 5]
    assert lectura.filas("aparcados", "stream, eventos") == [("payout-5", 2)]
    assert len(lectura.filas("transactions", "id", "1")) == 8
