"""The ids by which one affair is followed."""

import pytest

from gateway.rastro import del_pedido, empezar, hacia_afuera, ids_de, siguiendo, traza_de

TRAZA = "4bf92f3577b34da6a3ce929d0e0e4736"
PADRE = f"00-{TRAZA}-00f067aa0ba902b7-01"


def test_el_que_pide_pone_sus_ids() -> None:
    rastro = del_pedido({"X-Request-Id": "peticion-1", "X-Correlation-Id": "asunto-1", "traceparent": PADRE})
    assert (rastro.request_id, rastro.correlation_id, rastro.trace_id) == ("peticion-1", "asunto-1", TRAZA)


def test_sin_asunto_lo_es_la_traza_y_sin_ella_la_peticion() -> None:
    assert del_pedido({"traceparent": PADRE}).correlation_id == TRAZA
    solo = del_pedido({"X-Request-Id": "peticion-1"})
    assert (solo.correlation_id, solo.trace_id) == ("peticion-1", traza_de("peticion-1"))
    nuevo = del_pedido({})
    assert nuevo.request_id == nuevo.correlation_id == nuevo.trace_id


def test_lo_que_no_es_un_id_no_se_repite() -> None:
    rastro = del_pedido({"X-Request-Id": "ana@example.com", "X-Correlation-Id": "x" * 129})
    assert "ana" not in str(rastro)
    assert "xxx" not in str(rastro)


@pytest.mark.parametrize(
    "dicho",
    [
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRAZA}-{'0' * 16}-01",
        f"ff-{TRAZA}-00f067aa0ba902b7-01",
        f"00-{TRAZA.upper()}-00f067aa0ba902b7-01",
        f"{PADRE}-de-mas",
        f"00-{TRAZA}",
    ],
)
def test_un_traceparent_que_la_norma_no_admite_es_como_ninguno(dicho: str) -> None:
    assert del_pedido({"traceparent": dicho}).trace_id != TRAZA


def test_de_una_version_posterior_se_toma_lo_que_se_conoce() -> None:
    assert del_pedido({"traceparent": f"01{PADRE[2:]}-lo-que-venga"}).trace_id == TRAZA


def test_todos_los_procesos_llegan_a_la_misma_traza() -> None:
    assert traza_de("asunto-1") == traza_de("asunto-1") != traza_de("asunto-2")
    assert traza_de(TRAZA) == TRAZA
    assert len(traza_de("0" * 32)) == 32 != traza_de("0" * 32).count("0")


def test_lo_que_se_llama_afuera_sigue_la_traza_con_un_tramo_propio() -> None:
    empezar(del_pedido({"traceparent": PADRE}))
    dicho = hacia_afuera()["traceparent"]
    assert dicho.startswith(f"00-{TRAZA}-")
    assert dicho != PADRE
    with siguiendo("asunto-1"):
        assert traza_de("asunto-1") in hacia_afuera()["traceparent"]
    assert TRAZA in hacia_afuera()["traceparent"]


def test_lo_que_otros_llaman_id_y_no_lo_parece_se_anota_por_su_huella() -> None:
    ids = ids_de("ana@example.com", "pagos:payout-1:3")
    assert "ana" not in str(ids)
    assert ids == {
        "correlation_id": traza_de("ana@example.com"),
        "causation_id": "pagos:payout-1:3",
        "trace_id": traza_de("ana@example.com"),
    }
