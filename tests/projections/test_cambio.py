"""The switch: whoever reads meanwhile sees neither an error, nor a gap, nor a mixture; what is kept goes on."""

import threading
import time
from contextlib import suppress
from statistics import median

import pytest
from sqlalchemy import text

from projections.motor.marcha import Avance, Aviso
from projections.motor.reconstruccion import reconstruir, volver
from tests.de_fondo import DeFondo
from tests.eventualmente import eventualmente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, cliente
from tests.projections.escritor import LogDesbocado, escribir
from tests.projections.generaciones import estados, ordenar, taller, trabajando
from tests.projections.log_en_memoria import eventos_de

SIN_PRISA = "SET LOCAL idle_in_transaction_session_timeout = 0"
"""A reader may stand still for as long as the others take, who are busy or slow."""
CUENTAS = ("SELECT count(*) FROM payouts", "SELECT coalesce(sum(pagos), 0) FROM payouts_por_estado")
"""The same number, whatever of a log has been taken in: a payout and its count are stored together."""


def permisos(lectura: Lectura) -> list[tuple[object, ...]]:
    """Who but the owner may do what with ``payouts`` or a column of it, and grant it."""
    dichos = (
        "(SELECT attrelid AS tabla, attname AS columna, attacl AS dicho FROM pg_attribute"
        " UNION ALL SELECT oid, NULL, relacl FROM pg_class) AS t, aclexplode(dicho) AS p"
        " WHERE tabla = to_regclass('payouts') AND pg_get_userbyid(grantee) <> current_user"
    )
    quien = "CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END"
    return lectura.filas(dichos, f"{quien}, columna, privilege_type, is_grantable")


def test_quien_podia_leer_sigue_pudiendo(vivida: Lectura) -> None:
    ordenar(vivida, "GRANT SELECT ON payouts TO PUBLIC")
    reconstruir("payouts", taller(vivida))
    assert permisos(vivida) == [("PUBLIC", None, "SELECT", False)]


def test_el_cambio_lleva_los_permisos_de_columnas_y_los_que_se_pueden_dar(vivida: Lectura) -> None:
    ordenar(vivida, "GRANT SELECT (id, monto) ON payouts TO pg_monitor")
    ordenar(vivida, "GRANT SELECT ON payouts TO pg_monitor WITH GRANT OPTION")
    antes = permisos(vivida)
    assert ("pg_monitor", "monto", "SELECT", False) in antes
    reconstruir("payouts", taller(vivida))
    assert permisos(vivida) == antes


def test_volver_no_devuelve_el_permiso_que_se_quito(vivida: Lectura) -> None:
    for columnas in ("", "(id)"):
        ordenar(vivida, f"GRANT SELECT {columnas} ON payouts TO pg_monitor")
    reconstruir("payouts", taller(vivida))
    ordenar(vivida, "REVOKE SELECT ON payouts FROM pg_monitor")
    ordenar(vivida, "GRANT UPDATE ON payouts TO PUBLIC")
    volver("payouts", taller(vivida))
    assert permisos(vivida) == [("PUBLIC", None, "UPDATE", False)]


def test_un_lector_con_una_foto_anterior_no_ve_tablas_a_medias(vivida: Lectura) -> None:
    """It has read nothing of the table yet, so that no lock of its keeps the switch away."""
    with vivida.motor.connect().execution_options(isolation_level="REPEATABLE READ") as lector:
        lector.execute(text(SIN_PRISA))
        assert lector.execute(text("SELECT count(*) FROM clientes")).scalar() == 2
        hilo = threading.Thread(target=reconstruir, args=("payouts", taller(vivida)))
        hilo.start()
        eventualmente(lambda: estados(vivida), lambda visto: len(visto) == 2)
        hilo.join(0.5)
        assert lector.execute(text("SELECT count(*) FROM payouts")).scalar() == 6
        lector.rollback()
        hilo.join(120)
    assert [estado for *_, estado in estados(vivida)] == ["guardada", "activa"]


def test_quien_retiene_una_tabla_retrasa_el_cambio_y_no_a_los_demas(vivida: Lectura) -> None:

    def leer(segundos: float) -> list[float]:
        esperas, limite = list[float](), time.monotonic() + segundos
        while (inicio := time.monotonic()) < limite:
            assert otro.execute(text(CUENTAS[1])).scalar_one() == 6
            otro.rollback()
            esperas.append(time.monotonic() - inicio)
        return esperas

    with vivida.motor.connect() as lector, vivida.motor.connect() as otro:
        # Counted by the server, and only what is waited for a lock: a busy machine is no reason.
        otro.execute(text("SET lock_timeout = '1s'"))
        otro.commit()
        antes = leer(0.5)
        lector.execute(text(SIN_PRISA))
        lector.execute(text(CUENTAS[1]))
        hilo = threading.Thread(target=reconstruir, args=("payouts", taller(vivida)))
        hilo.start()
        eventualmente(lambda: estados(vivida), lambda visto: len(visto) == 2)
        esperas = leer(1.5)
        assert hilo.is_alive()
        lector.rollback()
        hilo.join(120)
    assert [estado for *_, estado in estados(vivida)] == ["guardada", "activa"]
    assert median(esperas) < 10 * median(antes) + 0.05


class Corte(Exception):
    """The process is killed."""


class Publico(DeFondo):
    """Readers and a writer, busy until the end of the block.

    Each reader takes snapshots of two tables of a read model: each payout is counted, and none ever disappears.
    """

    def __init__(self, lectura: Lectura) -> None:
        super().__init__(self._leer, self._leer, lambda: escribir(lectura, self._fin))
        self._lectura = lectura
        self.fallas: list[object] = []

    def _leer(self) -> None:
        vistos = 0
        with self._lectura.motor.connect().execution_options(isolation_level="REPEATABLE READ") as conexion:
            while not self._fin.is_set():
                try:
                    pagos, lineas = (conexion.execute(text(una)).scalar_one() for una in CUENTAS)
                except Exception as error:
                    self.fallas.append(error)
                    return
                conexion.rollback()
                if pagos != lineas or pagos < vistos:
                    self.fallas.append((pagos, lineas, vistos))
                vistos = pagos


def test_bajo_escrituras_y_lecturas_ningun_lector_ve_error_hueco_ni_mezcla(vivida: Lectura) -> None:
    with trabajando(vivida):
        with Publico(vivida) as publico:
            for _ in range(2):
                assert reconstruir("payouts", taller(vivida, limite=50)).motivos == ()
            volver("payouts", taller(vivida))
        assert publico.fallas == []
        pagos = len({fila.originator_id for fila in vivida.logs["pagos"].leer(0, 10**9)})
        assert pagos > 50
        for esquema in ("public", "payouts_g1", "payouts_g3"):
            eventualmente(
                lambda esquema=esquema: vivida.filas(f"{esquema}.payouts", "count(*)", "1"),  # type: ignore[misc]
                lambda visto: visto == [(pagos,)],
            )


@pytest.mark.parametrize(
    "limite", [LogDesbocado.LOTE, LogDesbocado.LOTE // 2], ids=["tan rápida como la activa", "más lenta"]
)
def test_una_reconstruccion_termina_aunque_nadie_alcance_a_quien_escribe(lectura: Lectura, limite: int) -> None:
    lectura.logs["pagos"] = LogDesbocado()
    with trabajando(lectura):
        eventualmente(lambda: lectura.filas("payouts", "count(*)", "1"), lambda visto: visto > [(0,)])
        assert reconstruir("payouts", taller(lectura, limite=limite, paciencia=0.5)).motivos == ()
    assert estados(lectura)[-1][-1] == "activa"


def a_medias(_: Avance) -> None:
    raise Corte


@pytest.mark.parametrize(
    ("avance", "otra"), [(None, "clientes_g1"), (a_medias, "clientes_g2")], ids=["guardada", "a medias"]
)
def test_el_olvido_llega_tambien_a_lo_guardado_y_a_lo_que_quedo_a_medias(
    vivida: Lectura, avance: Aviso | None, otra: str
) -> None:
    una = cliente("olvidable")
    vivida.ocurre("clientes", una)
    with suppress(Corte):
        reconstruir("clientes", taller(vivida, **({} if avance is None else {"avance": avance})))
    with trabajando(vivida):
        with a_las():
            una.anonimizar("lo pidió")
        vivida.logs["clientes"].agregar(*eventos_de(una))
        for esquema in ("public", otra):
            eventualmente(
                lambda esquema=esquema: vivida.filas(f"{esquema}.clientes WHERE id = 'olvidable'", "nombre", "1"),  # type: ignore[misc]
                lambda visto: visto == [(None,)],
            )
