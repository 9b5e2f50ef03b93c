"""Real processes, killed in the middle of their work: when they come back each fact has acted once."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.campanias.agregado import Campania
from domain.campanias.comandos import CrearCampania
from domain.pagos.agregado import Payout
from gateway.composicion import Sistema
from gateway.local.postgres import PostgresLocal
from gateway.procesador.conductor import HILOS
from projections.migraciones import migrar
from tests.conftest import SIN_DISCO
from tests.eventualmente import eventualmente
from tests.gateway.reacciones.test_reacciones import en_espera
from tests.gateway.sistema import pago, pago_hecho, sistema_en
from tests.si_falla import si_falla

RAIZ = Path(__file__).parents[2]


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@contextmanager
def proceso(nombre: str, db_url: str, donde: Path, **lo_demas: str) -> Iterator["subprocess.Popen[bytes]"]:
    """An ``alpes`` process of its own, killed without notice at the end of the block. ``lo_demas``: its variables."""
    entorno = {
        "PATH": os.environ["PATH"],
        "DB_URL": db_url,
        "LLAVE_MAESTRA": (b"m" * 32).hex(),
        "LLAVE_UNICIDAD": (b"u" * 32).hex(),
        "ALPES_DIR": str(donde / "alpes"),
        **lo_demas,
    }
    registro = donde / f"{nombre}.log"
    with registro.open("ab") as salida:
        vivo = subprocess.Popen(
            [sys.executable, "-m", "gateway.cli", nombre], cwd=RAIZ, env=entorno, stdout=salida, stderr=salida
        )
        try:
            with si_falla(registro):
                yield vivo
        finally:
            vivo.kill()
            vivo.wait()


def nombres(sistema: Sistema, payout: str) -> list[str]:
    return [type(evento).__name__ for evento in sistema.pagos.events.get(payout)]


def confirmados(sistema: Sistema, payouts: list[str]) -> int:
    return sum(
        payout.estado == "COMPLETADO" for uno in payouts if (payout := sistema.pagos.buscar(Payout, uno)) is not None
    )


def test_un_trabajador_que_muere_una_y_otra_vez_cuenta_cada_hecho_una_vez(
    sistema: Sistema, db_url: str, tmp_path: Path
) -> None:
    informados: list[str] = []
    for _ in range(3):
        antes = len(informados)
        informados += [sistema.pagos.ejecutar(pago_hecho("CICLO")).id for _ in range(60)]
        with proceso("trabajador", db_url, tmp_path):
            eventualmente(lambda: len(en_espera(sistema, "CICLO")), lambda vistos: vistos > antes)  # noqa: B023
    with proceso("trabajador", db_url, tmp_path):
        eventualmente(lambda: len(en_espera(sistema, "CICLO")), lambda vistos: vistos >= len(informados))
    assert en_espera(sistema, "CICLO") == informados


def test_un_trabajador_que_muere_no_paga_dos_veces_ni_deja_pagos_sin_empezar(
    sistema: Sistema, db_url: str, tmp_path: Path
) -> None:
    payouts = [sistema.pagos.ejecutar(pago("CICLO")).id for _ in range(60)]

    def pasos() -> list[list[str]]:
        return [nombres(sistema, payout)[2:] for payout in payouts]

    with proceso("trabajador", db_url, tmp_path):
        eventualmente(lambda: confirmados(sistema, payouts), lambda vistos: vistos > 0)
    with proceso("trabajador", db_url, tmp_path):
        eventualmente(lambda: confirmados(sistema, payouts), lambda vistos: vistos >= len(payouts) - HILOS)
        eventualmente(pasos, lambda vistos: [] not in vistos)
    # An attempt that was under way is asked about when its thirty seconds are over, not here.
    for uno in pasos():
        assert uno in (["Procesado"], ["Procesado", "Confirmado"])


def test_un_trabajador_y_un_reloj_sobreviven_al_reinicio_de_postgres(tmp_path: Path) -> None:
    servidor = PostgresLocal(tmp_path, ajustes=SIN_DISCO)
    servidor.arrancar()
    try:
        servidor.esperar()
        migrar(servidor.url)
        with (
            sistema_en(servidor.url) as sistema,
            proceso("trabajador", servidor.url, tmp_path) as trabajador,
            proceso("reloj", servidor.url, tmp_path) as reloj,
        ):
            payouts = [sistema.pagos.ejecutar(pago("CICLO")).id for _ in range(20)]
            eventualmente(lambda: confirmados(sistema, payouts), lambda vistos: vistos > 0)
            servidor.parar()
            servidor.arrancar()
            servidor.esperar()
            payouts += [sistema.pagos.ejecutar(pago("CICLO")).id for _ in range(20)]
            eventualmente(lambda: confirmados(sistema, payouts), lambda vistos: vistos == len(payouts))
            eventualmente(lambda: len(en_espera(sistema, "CICLO")), lambda vistos: vistos >= len(payouts))
            assert sorted(en_espera(sistema, "CICLO")) == sorted(payouts)
            assert (trabajador.poll(), reloj.poll()) == (None, None)
    finally:
        servidor.parar()


def test_el_reloj_inicia_y_termina_una_campania_aprobada_dentro_de_cinco_segundos(
    sistema: Sistema, db_url: str, tmp_path: Path
) -> None:
    def pagada(campania: str, fecha_fin: datetime | None) -> Callable[[], str]:
        orden = CrearCampania(campania, "CLIENTE", (), fecha_inicio=datetime.now(UTC), fecha_fin=fecha_fin)
        sistema.campanias.ejecutar(orden)
        sistema.pagos.ejecutar(pago_hecho(campania))
        return lambda: str(getattr(sistema.campanias.buscar(Campania, campania), "estado", "NO EXISTE"))

    with proceso("trabajador", db_url, tmp_path), proceso("reloj", db_url, tmp_path):
        # Both have started when the first one has begun: that takes as long as the machine likes.
        eventualmente(pagada("CAMP000", None), lambda visto: visto == "ACTIVA")
        fin = datetime.now(UTC) + timedelta(seconds=6)
        eventualmente(pagada("CAMP001", fin), lambda visto: visto == "FINALIZADA")
    activada, finalizada = list(sistema.campanias.events.get("CAMP001"))[-2:]
    assert [type(evento).__name__ for evento in (activada, finalizada)] == ["Activada", "Finalizada"]
    assert activada.timestamp < fin  # type: ignore[attr-defined]
    assert finalizada.timestamp - fin < timedelta(seconds=5)  # type: ignore[attr-defined]
