"""Scratch tables: built up to a position, gone on with after a kill, and compared with the live ones row by row."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from projections.clientes.proyeccion import PROYECCION as CLIENTES
from projections.clientes.tabla import CLIENTES as TABLA_DE_CLIENTES
from projections.motor.comparacion import Diferencia, Informe, Suma, comparar
from projections.motor.marcha import Avance
from projections.motor.obra import deshacer, doblar_en, recoger_abandonados
from projections.motor.tabla import Tabla
from projections.payouts.proyeccion import PROYECCION as PAYOUTS
from projections.payouts.tabla import PAYOUTS as TABLA_DE_PAYOUTS
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, campania, cliente, pagado, payout


class Corte(Exception):
    """The process is killed."""


@pytest.fixture
def vivida(lectura: Lectura) -> Lectura:
    """Tables with something of everything in them."""
    enfermo = payout("payout-9", partner_id="beto")
    with a_las():
        enfermo.cancelar("ya no")
    lectura.ocurre("clientes", cliente("ana"), cliente("beto"))
    lectura.ocurre("pagos", *(pagado(f"payout-{n}", cliente_id="ana") for n in range(5)), enfermo)
    lectura.ocurre("campanias", campania("C1", "beto"))
    return lectura


def comparadas(lectura: Lectura, tabla: Tabla[Any], esquema: str = "borrador", muestra: int = 5) -> Informe:
    with lectura.motor.connect() as conexion:
        return comparar(conexion.connection.cursor(), tabla, "public", esquema, muestra)


def cambiar(lectura: Lectura, orden: str) -> None:
    with lectura.motor.begin() as conexion:
        conexion.execute(text(orden))


def test_lo_que_se_dobla_aparte_es_igual_a_lo_vivo(vivida: Lectura) -> None:
    for proyeccion in PROYECCIONES:
        doblar_en("borrador", proyeccion, vivida.logs, vivida.motor)
    for tabla in (tabla for proyeccion in PROYECCIONES for tabla in proyeccion.tablas):
        informe = comparadas(vivida, tabla)
        assert informe.iguales, informe
        assert informe.filas_antes == informe.filas_despues == len(vivida.filas(tabla.nombre, orden="1"))


def test_se_dobla_hasta_una_posicion_y_despues_hasta_otra_mas_lejana(vivida: Lectura) -> None:
    mitad = vivida.logs["pagos"].cabeza() // 2
    assert doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor, {"pagos": mitad})["pagos"] <= mitad
    assert comparadas(vivida, TABLA_DE_PAYOUTS).quitadas > 0
    assert doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor) == {"pagos": vivida.logs["pagos"].cabeza()}
    assert comparadas(vivida, TABLA_DE_PAYOUTS).iguales


def test_para_volver_a_una_posicion_anterior_empieza_de_cero(vivida: Lectura) -> None:
    doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor)
    doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor, {"pagos": 0})
    assert vivida.filas("borrador.payouts") == []


def test_una_obra_cortada_sigue_donde_quedo(vivida: Lectura) -> None:
    vistos: list[Avance] = []

    def cortar(avance: Avance) -> None:
        vistos.append(avance)
        if len(vistos) == 3:
            raise Corte

    with pytest.raises(Corte):
        doblar_en("borrador", CLIENTES, vivida.logs, vivida.motor, avance=cortar, limite=2)
    quedo = vistos[-1].pasados
    assert quedo > 0
    doblar_en("borrador", CLIENTES, vivida.logs, vivida.motor, avance=vistos.append, limite=2)
    assert vistos[3].pasados > quedo
    assert (vistos[-1].pasados, vistos[-1].fase) == (vistos[-1].total, "listo")
    assert all(comparadas(vivida, tabla).iguales for tabla in CLIENTES.tablas)


def test_un_log_vacio_da_tablas_vacias(lectura: Lectura) -> None:
    assert doblar_en("borrador", PAYOUTS, lectura.logs, lectura.motor) == {"pagos": 0}
    assert lectura.filas("borrador.payouts") == []


def test_lo_que_no_se_puede_doblar_se_aparca_aparte(vivida: Lectura) -> None:
    vivida.logs["pagos"].estropear(vivida.logs["pagos"].leer(0, 1)[0].evento)
    doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor)
    assert vivida.filas("aparcados") == []
    assert vivida.filas("borrador.aparcados", "stream", "1") == [("payout-0",)]


@pytest.mark.parametrize("esquema", ["Mayúscula", "con espacio", "a; DROP TABLE payouts", ""])
def test_un_esquema_con_mal_nombre_se_rechaza(lectura: Lectura, esquema: str) -> None:
    with pytest.raises(ValueError, match="esquema"):
        doblar_en(esquema, PAYOUTS, lectura.logs, lectura.motor)


def test_un_borrador_que_nadie_toca_se_recoge_y_uno_en_uso_no(vivida: Lectura) -> None:
    doblar_en("olvidado", PAYOUTS, vivida.logs, vivida.motor)
    doblar_en("en_uso", PAYOUTS, vivida.logs, vivida.motor)
    cambiar(vivida, "UPDATE olvidado.seguimiento SET movido_en = now() - interval '1 hour'")
    assert recoger_abandonados(vivida.motor) == ["olvidado"]
    deshacer(vivida.motor, "en_uso")
    assert vivida.filas("pg_namespace", "nspname", "1").count(("en_uso",)) == 0


def test_un_borrador_que_otro_borra_mientras_se_mira_no_estorba(vivida: Lectura) -> None:
    doblar_en("olvidado", PAYOUTS, vivida.logs, vivida.motor)
    doblar_en("a_medio_borrar", PAYOUTS, vivida.logs, vivida.motor)
    cambiar(vivida, "UPDATE olvidado.seguimiento SET movido_en = now() - interval '1 hour'")
    # What one sees whose list of schemas is older than the drop: still listed, and its tables gone.
    cambiar(vivida, "DROP TABLE a_medio_borrar.seguimiento")
    assert recoger_abandonados(vivida.motor) == ["olvidado"]


def test_una_fila_cambiada_a_mano_se_encuentra_con_su_primer_campo(vivida: Lectura) -> None:
    doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor)
    cambiar(vivida, "UPDATE payouts SET monto = monto + 1, estado = 'PENDIENTE' WHERE id = 'payout-2'")
    cambiar(vivida, "DELETE FROM payouts WHERE id = 'payout-3'")
    cambiar(vivida, "UPDATE payouts SET id = 'payout-x' WHERE id = 'payout-4'")
    informe = comparadas(vivida, TABLA_DE_PAYOUTS)
    assert (informe.agregadas, informe.quitadas, informe.cambiadas) == (2, 1, 1)
    cambio = Diferencia(("payout-2",), "cambiada", "monto", Decimal("1251.50"), Decimal("1250.50"))
    assert set(informe.muestra) == {
        cambio,
        Diferencia(("payout-3",), "agregada"),
        Diferencia(("payout-4",), "agregada"),
        Diferencia(("payout-x",), "quitada"),
    }
    assert informe.sumas_que_difieren == (Suma("monto", "USD", Decimal("6253.50"), Decimal("7503.00")),)


def test_el_informe_que_se_guarda_no_lleva_datos_de_nadie(vivida: Lectura) -> None:
    doblar_en("borrador", CLIENTES, vivida.logs, vivida.motor)
    cambiar(vivida, "UPDATE clientes SET nombre = 'Otra Persona' WHERE id = 'ana'")
    informe = comparadas(vivida, TABLA_DE_CLIENTES)
    assert informe.muestra == (Diferencia(("ana",), "cambiada", "nombre", "Otra Persona", "Ana Díaz"),)
    assert "Ana Díaz" not in str(informe.resumen())
    assert "Otra Persona" not in str(informe.resumen())


def test_mas_ceros_al_final_no_son_una_diferencia(vivida: Lectura) -> None:
    doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor)
    cambiar(vivida, "UPDATE payouts SET monto = monto + 0.0000")
    assert comparadas(vivida, TABLA_DE_PAYOUTS).iguales


def test_una_columna_que_solo_tiene_un_lado_se_dice(vivida: Lectura) -> None:
    doblar_en("borrador", PAYOUTS, vivida.logs, vivida.motor)
    cambiar(vivida, "ALTER TABLE borrador.payouts ADD nueva text")
    cambiar(vivida, "ALTER TABLE borrador.payouts DROP cycle_id")
    informe = comparadas(vivida, TABLA_DE_PAYOUTS)
    assert (informe.columnas_nuevas, informe.columnas_quitadas) == (("nueva",), ("cycle_id",))
    assert informe.iguales


def test_una_tabla_que_un_lado_no_tiene_esta_vacia_alli(vivida: Lectura) -> None:
    cambiar(vivida, "CREATE SCHEMA borrador")
    informe = comparadas(vivida, TABLA_DE_PAYOUTS)
    assert (informe.filas_antes, informe.filas_despues, informe.quitadas) == (6, 0, 6)
