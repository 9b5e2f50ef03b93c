"""Whatever somebody writes into a row by hand is found and told: also values that only the database can hold."""

import pytest
from sqlalchemy import text

from projections.motor.conduccion import Taller
from projections.motor.reconstruccion import reconstruir
from projections.motor.verificacion import Verificacion, verificar
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import campania, cliente, pagado

UN_NUMERO = (
    "UPDATE event_store SET payload = jsonb_set(payload, '{reportado}', to_jsonb((payload->>'reportado')::bool::int))"
    " WHERE payload ? 'reportado'"
)


def ver_tras(lectura: Lectura, nombre: str, orden: str, muestra: int | None = None) -> Verificacion:
    with lectura.motor.begin() as conexion:
        conexion.execute(text(orden))
    return verificar(nombre, Taller(PROYECCIONES, lectura.logs, lectura.motor), muestra)


@pytest.mark.parametrize("muestra", [None, 100])
@pytest.mark.parametrize(
    ("nombre", "campo", "orden"),
    [
        ("payouts", "fecha_creacion", "UPDATE payouts SET fecha_creacion = 'infinity'"),
        ("payouts", "fecha_creacion", "UPDATE payouts SET fecha_creacion = '20000-01-01Z'"),
        ("payouts", "fecha_creacion", "UPDATE payouts SET fecha_creacion = '0044-03-15 BC'"),
        ("payouts", "monto", "UPDATE payouts SET monto = 'NaN'"),
        ("event_store", "payload", UN_NUMERO),
        ("event_store", "payload", "UPDATE event_store SET payload = 'null'"),
        ("clientes", "fecha_nacimiento", "UPDATE clientes SET fecha_nacimiento = 'infinity'"),
    ],
)
def test_lo_que_python_no_distingue_o_no_sabe_leer_tambien_se_encuentra(
    lectura: Lectura, nombre: str, campo: str, orden: str, muestra: int | None
) -> None:
    lectura.ocurre("clientes", cliente("ana"))
    lectura.ocurre("pagos", pagado("payout-1"))
    vista = ver_tras(lectura, nombre, orden.replace(":", "\\:"), muestra)
    assert not vista.iguales
    assert {uno.diferencia.campo for uno in vista.hallazgos} == {campo}


@pytest.mark.parametrize(
    ("tabla", "celda"),
    [
        ("payouts_por_estado", "estado = 'COMPLETADO'"),
        ("payouts_por_dia", "dia = '2026-03-01'"),
        ("payouts_por_partner", "partner_id = 'partner'"),
        ("payouts_por_partner_y_mes", "mes = '2026-03-01'"),
        ("payouts_por_tramo", "tramo = 1250"),
    ],
)
def test_de_cada_cuenta_falsificada_se_dan_los_eventos_de_lo_que_cuenta(
    lectura: Lectura, tabla: str, celda: str
) -> None:
    lectura.ocurre("pagos", pagado("payout-1"), pagado("payout-2", currency="EUR"))
    vista = ver_tras(lectura, "payouts", f"UPDATE {tabla} SET pagos = 9 WHERE moneda = 'USD' AND {celda}")  # noqa: S608
    (hallazgo,) = vista.hallazgos
    assert (hallazgo.tabla, hallazgo.diferencia.campo, hallazgo.diferencia.despues) == (tabla, "pagos", 1)
    assert {uno.stream for uno in hallazgo.eventos} == {"payout-1"}


@pytest.mark.parametrize("dia", ["infinity", "20000-01-01", "0044-03-15 BC"])
def test_una_clave_que_python_no_sabe_leer_tambien_se_encuentra(lectura: Lectura, dia: str) -> None:
    lectura.ocurre("pagos", pagado("payout-1"))
    vista = ver_tras(lectura, "payouts", f"UPDATE payouts_por_dia SET dia = '{dia}'")  # noqa: S608
    halladas = {(uno.diferencia.tipo, uno.diferencia.clave[0], uno.cuantos) for uno in vista.hallazgos}
    assert halladas == {("quitada", dia, 0), ("agregada", "2026-03-01", 4)}
    assert reconstruir("payouts", Taller(PROYECCIONES, lectura.logs, lectura.motor)).motivos != ()


@pytest.mark.parametrize(
    ("nombre", "tabla"),
    [("campanias", "campanias_por_cliente"), ("payouts", "payouts"), ("event_store", "event_store")],
)
def test_una_tabla_que_ya_no_esta_es_una_tabla_vacia(lectura: Lectura, nombre: str, tabla: str) -> None:
    lectura.ocurre("pagos", pagado("payout-1"))
    lectura.ocurre("campanias", campania("C1"))
    vista = ver_tras(lectura, nombre, f"DROP TABLE {tabla}")
    (informe,) = (uno for uno in vista.informes if not uno.iguales)
    assert (informe.tabla, informe.filas_antes) == (tabla, 0)
    assert all(uno.cuantos for uno in vista.hallazgos)


@pytest.mark.parametrize(("nombre", "tabla"), [("payouts", "payouts"), ("event_store", "event_store")])
def test_tambien_para_una_muestra(lectura: Lectura, nombre: str, tabla: str) -> None:
    lectura.ocurre("pagos", pagado("payout-1"))
    vista = ver_tras(lectura, nombre, f"DROP TABLE {tabla}", muestra=10)
    assert tabla in {uno.tabla for uno in vista.informes if not uno.iguales}
