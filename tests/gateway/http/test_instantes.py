"""How instants are read: ISO 8601 with or without zone, or a bare date."""

from datetime import UTC, datetime, time

import pytest

from gateway.http.esquemas.campos import a_instante

MEDIANOCHE = time.min
LAS_DIEZ_Y_MEDIA = datetime(2024, 9, 13, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "texto",
    [
        "2024-09-13T10:30:00",
        "2024-09-13t10:30:00z",
        "2024-09-13 10:30",
        "20240913T103000Z",
        "2024-09-13T12:30:00+02:00",
    ],
)
def test_un_instante_se_lee_en_utc(texto: str) -> None:
    assert a_instante(texto, MEDIANOCHE) == LAS_DIEZ_Y_MEDIA


@pytest.mark.parametrize("texto", ["2024-09-13", "20240913", "2024-W37-5"])
def test_una_fecha_sola_es_la_hora_que_se_diga_de_ese_dia(texto: str) -> None:
    assert a_instante(texto, time(23, 59, 59)) == datetime(2024, 9, 13, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "texto",
    [
        "",
        "hoy",
        "2024-09-13x10:30:00",
        "2024-09-31",
        "２024-09-13",
        " 2024-09-13",
        "2024-09-13\n",
        "2024-09-13T25:00:00",
        "1726223400",
    ],
)
def test_lo_demas_no_es_un_instante(texto: str) -> None:
    assert a_instante(texto, MEDIANOCHE) is None
