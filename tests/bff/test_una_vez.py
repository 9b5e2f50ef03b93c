"""A page is made once, in whatever order those who ask for it look, make and keep."""

from collections.abc import Callable

from bff.domain.models.health import CacheHealth
from bff.infrastructure.adapters.almacen import EnMemoria, Pagina
from bff.infrastructure.adapters.conteo import Conteo
from bff.infrastructure.adapters.vigencia import Vigencia
from bff.infrastructure.web.paginas import Paginas
from bff.infrastructure.web.respuestas import Hecha
from tests.bff.conftest import bff_en


class _MientrasMira(EnMemoria):
    """``algo`` happens once between a look at what is kept and what comes of it."""

    def __init__(self, algo: Callable[[], object]) -> None:
        super().__init__(300)
        self._algos = [algo]

    def traer(self, clave: str) -> Pagina | None:
        vista = super().traer(clave)
        if self._algos:
            self._algos.pop()()
        return vista


def test_la_que_otro_hizo_mientras_se_miraba_no_se_hace_otra_vez(db_url: str) -> None:
    hechas: list[Hecha] = []

    def hacer() -> Hecha:
        hechas.append(Hecha(b"una", "huella"))
        return hechas[-1]

    def servir() -> Hecha:
        return paginas.servir("clave", ("payouts",), hacer, al_dia=False)

    with bff_en(db_url) as app:
        vigencia, conteo = Vigencia(app.extensions["contenedor"].motor, lambda _: None), Conteo(juntos=False)
        paginas = Paginas(_MientrasMira(servir), vigencia, conteo, 60)
        assert servir() == Hecha(b"una", "huella")
    assert len(hechas) == 1
    assert conteo.contar() == CacheHealth(1, 1, 0.5)
