"""The clock begins and ends campaigns on their dates, once, whoever else looks at the calendar."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from domain.campanias.agregado import Campania
from domain.campanias.comandos import AsociarPago, CrearCampania
from gateway.composicion import Sistema
from gateway.reloj import Reloj
from tests.gateway.sistema import sistema_en

INICIO = datetime(2026, 3, 1, tzinfo=UTC)
FIN = INICIO + timedelta(days=30)
SEGUNDO = timedelta(seconds=1)


class Hora:
    """A clock that stands still until it is moved."""

    def __init__(self, ahora: datetime) -> None:
        self.ahora = ahora

    def __call__(self) -> datetime:
        return self.ahora


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


def aprobada(sistema: Sistema, campania: str, inicio: datetime | None = INICIO, fin: datetime | None = FIN) -> str:
    sistema.campanias.ejecutar(CrearCampania(campania, "CLIENTE", (), fecha_inicio=inicio, fecha_fin=fin))
    sistema.campanias.ejecutar(AsociarPago(campania, f"payout-{campania}"))
    return campania


def reloj(sistema: Sistema, hora: Hora, campanias: Sequence[str]) -> Reloj:
    """A clock whose list is everything: the campaign decides."""
    return Reloj(sistema.campanias, lambda _: campanias, hora)


def estado(sistema: Sistema, campania: str) -> str:
    hallada = sistema.campanias.buscar(Campania, campania)
    assert hallada is not None
    return hallada.estado


def nombres(sistema: Sistema, campania: str) -> list[str]:
    return [type(evento).__name__ for evento in sistema.campanias.events.get(campania)]


def test_una_campania_empieza_y_termina_en_sus_fechas(sistema: Sistema) -> None:
    campania, hora = aprobada(sistema, "CAMP001"), Hora(INICIO - SEGUNDO)
    vistos = []
    for hora.ahora in (INICIO - SEGUNDO, INICIO, FIN - SEGUNDO, FIN):
        reloj(sistema, hora, [campania]).paso()
        vistos.append(estado(sistema, campania))
    assert vistos == ["APROBADA", "ACTIVA", "ACTIVA", "FINALIZADA"]
    *_, activada, finalizada = sistema.campanias.events.get(campania)
    for evento, ahora in ((activada, INICIO), (finalizada, FIN)):
        assert (evento.actor_tipo, evento.actor_id, evento.timestamp) == ("system", "reloj", ahora)  # type: ignore[attr-defined]


def test_una_campania_cuyas_dos_fechas_pasaron_empieza_y_termina(sistema: Sistema) -> None:
    campania = aprobada(sistema, "CAMP001")
    reloj(sistema, Hora(FIN), [campania]).paso()
    assert nombres(sistema, campania)[-2:] == ["Activada", "Finalizada"]


def test_mirar_otra_vez_no_cambia_nada(sistema: Sistema) -> None:
    campania = aprobada(sistema, "CAMP001")
    for _ in range(3):
        reloj(sistema, Hora(INICIO), [campania]).paso()
    assert nombres(sistema, campania).count("Activada") == 1


def test_dos_relojes_a_la_vez_no_se_estorban(sistema: Sistema) -> None:
    campanias = [aprobada(sistema, f"CAMP{numero}") for numero in range(10)]
    with ThreadPoolExecutor(4) as hilos:
        for paso in [hilos.submit(reloj(sistema, Hora(FIN), campanias).paso) for _ in range(4)]:
            paso.result()
    for campania in campanias:
        assert nombres(sistema, campania)[-2:] == ["Activada", "Finalizada"]


def test_una_campania_que_falla_no_detiene_el_calendario_de_las_demas(sistema: Sistema) -> None:
    campania = aprobada(sistema, "CAMP001")
    reloj(sistema, Hora(INICIO), ["NO-HAY", campania]).paso()
    assert estado(sistema, campania) == "ACTIVA"
