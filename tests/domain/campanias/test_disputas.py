"""Creation and payments at the same time, on the real store."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from domain.campanias.agregado import Campania
from domain.campanias.comandos import AsociarPago, CrearCampania, DesasociarPago
from domain.campanias.estado import Estado
from tests.gateway.sistema import sistema_en

RONDAS = 20


def test_creacion_confirmaciones_y_caidas_a_la_vez_se_encuentran_siempre(db_url: str) -> None:
    with sistema_en(db_url) as sistema, ThreadPoolExecutor(5) as hilos:
        for ronda in range(RONDAS):
            campania_id = f"CAMP-{ronda}"
            ordenes: list[object] = [
                CrearCampania(campania_id, "CLI-1", ()),
                AsociarPago(campania_id, "payout-1"),
                AsociarPago(campania_id, "payout-1"),
                AsociarPago(campania_id, "payout-1"),
                DesasociarPago(campania_id, "payout-1", "fraude"),
            ]
            random.Random(ronda).shuffle(ordenes)  # noqa: S311  (an order of events, not a secret)
            salida = Barrier(len(ordenes))

            def ejecutar(orden: object, salida: Barrier = salida) -> None:
                salida.wait(60)
                sistema.campanias.ejecutar(orden)

            list(hilos.map(ejecutar, ordenes))

            campania = sistema.campanias.buscar(Campania, campania_id)
            assert campania is not None
            assert (campania.estado, campania.pagos.vigentes) == (Estado.CANCELADA, set())
