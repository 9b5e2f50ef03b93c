"""The proof that tables = replay: what was falsified by hand is found, with its field and the events behind it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from domain.pagos.agregado import Payout
from projections.motor.comparacion import Diferencia
from projections.motor.conduccion import Taller
from projections.motor.muestra import SEGUIDOS
from projections.motor.proyeccion import Proyeccion
from projections.motor.reconstruccion import SinCodigo, reconstruir
from projections.motor.verificacion import Verificacion, verificar
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, campania, cliente, pagado, payout
from tests.projections.log_en_memoria import eventos_de

NOMBRES = [una.nombre for una in PROYECCIONES]


def revertido(id: str) -> Payout:
    agregado = pagado(id, cliente_id="beto")
    with a_las():
        agregado.revertir("error")
    return agregado


@pytest.fixture
def vivida(lectura: Lectura) -> Lectura:
    """Something of everything, with what follows from two logs."""
    lectura.ocurre("campanias", campania("C1", "ana"))
    lectura.ocurre("clientes", cliente("ana"), cliente("beto"))
    lectura.ocurre("pagos", *(pagado(f"payout-{n}", cliente_id="ana") for n in range(5)))
    lectura.ocurre("pagos", payout("payout-5", campania_id="C1"), revertido("payout-6"))
    lectura.ocurre("campanias", campania("C2", "beto"))
    return lectura


@pytest.fixture(autouse=True)
def sin_restos(lectura: Lectura) -> Iterator[None]:
    """Whatever happens, no scratch schema stays."""
    yield
    assert lectura.filas("pg_namespace", "nspname", "1").count(("public",)) == 1
    assert [nombre for (nombre,) in lectura.filas("pg_namespace", "nspname", "1") if "verificar" in nombre] == []


def ver(lectura: Lectura, nombre: str, muestra: int | None = None, limite: int = 5000) -> Verificacion:
    return verificar(nombre, Taller(PROYECCIONES, lectura.logs, lectura.motor, limite=limite), muestra)


def falsificar(lectura: Lectura, orden: str) -> None:
    with lectura.motor.begin() as conexion:
        conexion.execute(text(orden))


@pytest.mark.parametrize("nombre", NOMBRES)
@pytest.mark.parametrize("muestra", [None, 1, 100])
def test_sin_tocar_nada_todo_es_igual(vivida: Lectura, nombre: str, muestra: int | None) -> None:
    vista = ver(vivida, nombre, muestra, limite=3)
    assert vista.iguales, vista
    assert vista.hallazgos == ()
    assert vista.posiciones == {una: vivida.logs[una].cabeza() for una in vista.posiciones}


@pytest.mark.parametrize("muestra", [None, 100])
def test_una_fila_falsificada_se_encuentra_con_su_campo_y_sus_eventos(vivida: Lectura, muestra: int | None) -> None:
    falsificar(vivida, "UPDATE payouts SET estado = 'CANCELADO', motivo = 'x' WHERE id = 'payout-2'")
    vista = ver(vivida, "payouts", muestra)
    assert not vista.iguales
    (hallazgo,) = vista.hallazgos
    assert hallazgo.tabla == "payouts"
    assert hallazgo.diferencia == Diferencia(("payout-2",), "cambiada", "estado", "CANCELADO", "COMPLETADO")
    assert {uno.stream for uno in hallazgo.eventos} == {"payout-2"}
    assert [uno.tipo for uno in hallazgo.eventos] == [
        "PagoCreado.v1",
        "PagoComisionCalculada.v1",
        "PagoProcesado.v1",
        "PagoConfirmado.v1",
    ]
    posiciones = [uno.posicion for uno in hallazgo.eventos]
    assert posiciones == [fila.posicion for fila in vivida.logs["pagos"].de_streams(["payout-2"], 0, 10**9)]


@pytest.mark.parametrize("muestra", [None, 100])
def test_una_fila_borrada_y_una_inventada_se_encuentran(vivida: Lectura, muestra: int | None) -> None:
    falsificar(vivida, "DELETE FROM payouts WHERE id = 'payout-1'")
    falsificar(vivida, "INSERT INTO por_procesar SELECT 'payout-x', estado, intento, desconocido, desde, vence_en"
                       " FROM por_procesar LIMIT 1")  # fmt: skip
    (borrada,) = ver(vivida, "payouts", muestra).hallazgos
    assert borrada.diferencia == Diferencia(("payout-1",), "agregada")
    assert borrada.cuantos == 4
    (inventada,) = ver(vivida, "por_procesar", muestra).hallazgos
    assert inventada.diferencia == Diferencia(("payout-x",), "quitada")
    assert inventada.eventos == ()


def test_a_una_muestra_no_menor_que_el_log_no_se_le_escapa_ninguna_fila_borrada(vivida: Lectura) -> None:
    falsificar(vivida, "DELETE FROM payouts")
    muestra = vivida.logs["pagos"].cabeza()
    assert muestra > SEGUIDOS  # more than what is read at one place
    (de_payouts,) = (uno for uno in ver(vivida, "payouts", muestra).informes if uno.tabla == "payouts")
    assert de_payouts.agregadas == 7


def test_de_un_total_falsificado_se_dan_los_pagos_que_lo_hacen(vivida: Lectura) -> None:
    falsificar(vivida, "UPDATE clientes SET total_pagos = 99 WHERE id = 'ana'")
    falsificar(vivida, "UPDATE clientes_totales SET monto = 1 WHERE cliente_id = 'ana'")
    de_la_fila, del_total = sorted(ver(vivida, "clientes").hallazgos, key=lambda uno: uno.tabla)
    assert (de_la_fila.diferencia.campo, de_la_fila.diferencia.antes, de_la_fila.diferencia.despues) == (
        "total_pagos",
        99,
        5,
    )
    assert {uno.stream for uno in de_la_fila.eventos} >= {f"payout-{n}" for n in range(5)}
    assert del_total.tabla == "clientes_totales"
    assert {uno.stream for uno in del_total.eventos} >= {f"payout-{n}" for n in range(5)}


def test_de_una_linea_falsificada_se_da_su_stream(vivida: Lectura) -> None:
    falsificar(vivida, "UPDATE transactions SET comision = 0 WHERE payout_id = 'payout-3'")
    (hallazgo,) = ver(vivida, "payouts").hallazgos
    assert (hallazgo.tabla, hallazgo.diferencia.campo) == ("transactions", "comision")
    assert {uno.stream for uno in hallazgo.eventos} == {"payout-3"}


def test_una_muestra_dice_de_que_no_sabe(vivida: Lectura) -> None:
    assert "clientes.total_pagos" in ver(vivida, "clientes", 10).sin_comparar
    assert "payouts_por_estado" in ver(vivida, "payouts", 10).sin_comparar
    assert ver(vivida, "payouts").sin_comparar == ()


def test_lo_que_las_tablas_aun_no_tomaron_no_es_una_diferencia(vivida: Lectura) -> None:
    antes = vivida.logs["pagos"].cabeza()
    vivida.logs["pagos"].agregar(*eventos_de(payout("payout-7")))
    for muestra in (None, 100):
        vista = ver(vivida, "payouts", muestra)
        assert vista.iguales
        assert vista.posiciones == {"pagos": antes}


def test_mientras_se_verifica_las_tablas_siguen_al_dia(vivida: Lectura) -> None:
    numeros = iter(range(100, 200))

    def ocurre_algo() -> None:
        numero = next(numeros, None)
        if numero is not None and numero < 105:
            vivida.ocurre("pagos", payout(f"payout-{numero}"))

    taller = Taller(PROYECCIONES, vivida.logs, vivida.motor, freno=ocurre_algo, limite=10)
    vista = verificar("clientes", taller)
    assert vista.iguales
    assert vista.posiciones["pagos"] == vivida.logs["pagos"].cabeza()


def test_si_se_cambian_las_tablas_mientras_tanto_empieza_otra_vez(vivida: Lectura) -> None:
    cambios = [lambda: reconstruir("payouts", Taller(PROYECCIONES, vivida.logs, vivida.motor))]

    def cambiar() -> None:
        if cambios:
            cambios.pop()()

    vista = verificar("payouts", Taller(PROYECCIONES, vivida.logs, vivida.motor, freno=cambiar))
    assert vista.iguales
    assert vista.generacion.numero == 2


def test_un_log_vacio_se_verifica(lectura: Lectura) -> None:
    for muestra in (None, 5):
        assert all(ver(lectura, nombre, muestra).iguales for nombre in NOMBRES)


def test_si_se_interrumpe_no_queda_nada(vivida: Lectura) -> None:
    def interrumpir() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verificar("payouts", Taller(PROYECCIONES, vivida.logs, vivida.motor, freno=interrumpir))


def test_sin_el_codigo_de_lo_que_esta_activo_no_se_verifica(vivida: Lectura) -> None:
    otras = [Proyeccion("payouts", version=99, conmutadores=())]
    with pytest.raises(SinCodigo, match="payouts"):
        verificar("payouts", Taller(otras, vivida.logs, vivida.motor))


def test_lo_aparcado_se_cuenta_por_los_dos_lados(vivida: Lectura) -> None:
    enfermo = eventos_de(payout("payout-9"))
    vivida.logs["pagos"].agregar(*enfermo)
    vivida.logs["pagos"].estropear(enfermo[0])
    vivida.alcanzar()
    assert ver(vivida, "payouts").aparcados == (1, 1)
    vivida.logs["pagos"].curar(enfermo[0])
    vista = ver(vivida, "payouts")
    assert vista.aparcados == (1, 0)
    assert {uno.diferencia.clave for uno in vista.hallazgos} >= {("payout-9",)}
