"""1,000 random filters and pages over HTTP: rows, counts and sums are those of a fold of the events."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from projections.payouts.filtro import CUBETAS, Filtro
from tests.bff.conftest import bff_en
from tests.projections.banco_de_lectura import Lectura
from tests.projections.historia_de_pagos import DESDE, PARTNERS, SEGUNDOS, Ordenado, agregados_de, libro, los_de

COMBINACIONES = 1000
ESTADOS = (
    "PENDIENTE",
    "procesando",
    "COMPLETADO",
    "Fallido",
    "REVERTIDO",
    "CANCELADO",
    "PENDING",
    "completed",
    "FAILED",
)
MONTOS = ("0", "0.01", "9.99", "10", "12.34", "100", "999.99", "1000", "1234", "4999.5")


@pytest.fixture
def historia() -> list[Ordenado]:
    return libro(400, semilla=7)


@pytest.fixture
def bff(db_url: str, historia: list[Ordenado]) -> Iterator[FlaskClient]:
    with bff_en(db_url, cache_timeout=0) as app:
        Lectura(app.extensions["contenedor"].motor).ocurre("pagos", *(uno.payout for uno in historia))
        yield app.test_client()


def test_mil_filtros_al_azar_muestran_lo_que_dicen_los_eventos(bff: FlaskClient, historia: list[Ordenado]) -> None:
    azar = Random(20240913)  # noqa: S311 - made to be repeated
    con_filas = 0
    for _ in range(COMBINACIONES):
        parametros, filtro = _al_azar(azar)
        pagina, por_pagina = azar.choice((1, 1, 2, 3, 7)), azar.choice((1, 5, 20, 100))
        respuesta = bff.get("/api/v1/pagos", query_string={**parametros, "page": pagina, "per_page": por_pagina})
        assert respuesta.status_code == 200, (parametros, respuesta.text)
        esperados = los_de(historia, filtro)
        visto = msgspec.json.decode(respuesta.data)
        ids = [uno.id for uno in esperados[(pagina - 1) * por_pagina : pagina * por_pagina]]
        assert [fila["id"] for fila in visto["data"]] == ids, parametros
        assert visto["agregaciones"] == _sumas(esperados), parametros
        assert visto["pagination"] == _paginacion(pagina, por_pagina, len(esperados)), parametros
        con_filas += bool(ids)
    assert con_filas > COMBINACIONES / 4


def test_paginando_hasta_el_final_sale_cada_pago_una_vez(bff: FlaskClient, historia: list[Ordenado]) -> None:
    vistos: list[str] = []
    pagina = 1
    while True:
        cuerpo: Any = bff.get("/api/v1/pagos", query_string={"page": pagina, "per_page": 37, "estado": "FAILED"}).json
        vistos += [fila["id"] for fila in cuerpo["data"]]
        if not cuerpo["pagination"]["has_next"]:
            break
        pagina += 1
    assert vistos == [uno.id for uno in los_de(historia, Filtro(estados=CUBETAS["FAILED"]))]
    assert cuerpo["pagination"]["pages"] == pagina


def _al_azar(azar: Random) -> tuple[dict[str, Any], Filtro]:
    """A query string and what it means, said independently."""
    parametros: dict[str, Any] = {}
    que: dict[str, Any] = {}
    if azar.random() < 0.4:
        parametros["partner_id"] = que["partner_id"] = azar.choice((*PARTNERS, "nadie"))
    if azar.random() < 0.5:
        palabras = azar.sample(ESTADOS, azar.randint(1, 3))
        # As one list, or as a form's choices arrive: one by one.
        parametros["estado"] = azar.choice((",".join, " , ".join, list))(palabras)
        que["estados"] = frozenset().union(*(CUBETAS.get(una.upper(), {una.upper()}) for una in palabras))
    for parametro, campo, es_final in (("fecha_desde", "desde", False), ("fecha_hasta", "hasta", True)):
        if azar.random() < 0.4:
            parametros[parametro], que[campo] = _fecha(azar, es_final=es_final)
    for parametro in ("monto_min", "monto_max"):
        if azar.random() < 0.3:
            parametros[parametro] = azar.choice(MONTOS)
            que[parametro] = Decimal(parametros[parametro])
    return parametros, Filtro(**que)


def _fecha(azar: Random, *, es_final: bool) -> tuple[str, datetime]:
    instante = DESDE + timedelta(seconds=azar.randrange(-86_400, SEGUNDOS + 86_400, 900))
    match azar.randrange(4):
        case 0:
            dia = instante.replace(hour=0, minute=0)
            return dia.date().isoformat(), dia + timedelta(days=1, microseconds=-1) if es_final else dia
        case 1:
            dicho = instante.replace(tzinfo=None).isoformat()
        case 2:
            dicho = instante.isoformat().replace("+00:00", "Z")
        case _:
            dicho = (instante + timedelta(hours=5)).replace(tzinfo=None).isoformat() + "+05:00"
    return dicho, instante + timedelta(microseconds=999_999) if es_final else instante


def _sumas(pagos: list[Any]) -> dict[str, Any]:
    suma = agregados_de(pagos)
    return {
        "total_monto": float(suma.total_monto),
        "moneda": suma.moneda,
        "pagos_completados": suma.pagos_completados,
        "pagos_pendientes": suma.pagos_pendientes,
        "pagos_fallidos": suma.pagos_fallidos,
        "totales_por_moneda": {moneda: float(total) for moneda, total in suma.totales_por_moneda.items()},
    }


def _paginacion(pagina: int, por_pagina: int, total: int) -> dict[str, Any]:
    paginas = (total + por_pagina - 1) // por_pagina
    return {
        "page": pagina,
        "per_page": por_pagina,
        "total": total,
        "pages": paginas,
        "has_next": pagina < paginas,
        "has_prev": pagina > 1 and paginas > 0,
    }
