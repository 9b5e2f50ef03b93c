"""The governor: a build gives way to live reads, and takes its speed back when they are fast again."""

import pytest

from projections.motor.gobernador import PAUSA_MAXIMA, PRIMERA_PAUSA, Gobernador


class Mundo:
    """A clock that only reads and pauses move, in seconds; ``lectura`` is what the next reads take."""

    def __init__(self) -> None:
        self.ahora = self.lectura = 0.0
        self.pausas: list[float] = []

    def leer(self) -> None:
        self.ahora += self.lectura

    def dormir(self, segundos: float) -> None:
        self.pausas.append(segundos)
        self.ahora += segundos

    def gobernador(self, limite_ms: float = 10) -> Gobernador:
        return Gobernador(self.leer, limite_ms, reloj=lambda: self.ahora, dormir=self.dormir)


def test_con_lecturas_rapidas_no_espera_nunca() -> None:
    mundo = Mundo()
    gobernador = mundo.gobernador()
    mundo.lectura = 0.009
    for _ in range(100):
        gobernador()
    assert mundo.pausas == []


def test_cuanto_mas_duran_las_lecturas_lentas_mas_espera_y_hasta_un_tope() -> None:
    mundo = Mundo()
    gobernador = mundo.gobernador()
    mundo.lectura = 0.02
    for _ in range(10):
        gobernador()
    assert mundo.pausas[:3] == [PRIMERA_PAUSA, PRIMERA_PAUSA * 2, PRIMERA_PAUSA * 4]
    assert mundo.pausas == sorted(mundo.pausas)
    assert mundo.pausas[-1] == PAUSA_MAXIMA


def test_cuando_vuelven_a_ser_rapidas_recupera_su_paso() -> None:
    mundo = Mundo()
    gobernador = mundo.gobernador()
    mundo.lectura = 0.02
    for _ in range(10):
        gobernador()
    mundo.lectura = 0.001
    for _ in range(10):
        gobernador()
    assert gobernador.pausa == 0
    antes = len(mundo.pausas)
    gobernador()
    assert len(mundo.pausas) == antes


def test_un_limite_mas_alto_tolera_lo_mismo() -> None:
    mundo = Mundo()
    gobernador = mundo.gobernador(limite_ms=50)
    mundo.lectura = 0.02
    gobernador()
    assert mundo.pausas == []


def test_una_lectura_que_falla_se_dice() -> None:
    def fallar() -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        Gobernador(fallar, 10)()
