"""Any history, rebuilt in any batches and killed at any points, makes the tables that following it made."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.motor.marcha import Avance
from projections.motor.reconstruccion import SinGeneracion, descartar, reconstruir
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.generaciones import taller
from tests.projections.test_intercalaciones import Corte, Historia, historias, leer

NOMBRES = st.sampled_from([una.nombre for una in PROYECCIONES])


@given(historia=historias(), nombre=NOMBRES, limite=st.integers(1, 9), cortes=st.lists(st.integers(1, 12), max_size=3))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_lo_reconstruido_es_lo_que_se_siguio(
    lectura: Lectura, historia: Historia, nombre: str, limite: int, cortes: list[int]
) -> None:
    seguidas = leer(lectura, historia, [])
    for corte in cortes:
        with suppress(Corte):
            reconstruir(nombre, taller(lectura, limite=limite, avance=Cortador(corte)))
    assert reconstruir(nombre, taller(lectura, limite=limite)).motivos == ()
    for tabla in next(una for una in PROYECCIONES if una.nombre == nombre).tablas:
        assert sorted(lectura.filas(tabla.nombre), key=repr) == seguidas[tabla.nombre]
    with suppress(SinGeneracion):
        descartar(nombre, lectura.motor)


class Cortador:
    """Kills the process at the so-manieth time that it tells of its progress."""

    def __init__(self, quedan: int) -> None:
        self._quedan = quedan

    def __call__(self, _: Avance) -> None:
        self._quedan -= 1
        if self._quedan == 0:
            raise Corte
