"""A campaign begins, pauses, goes on and ends: on command, and by its dates."""

from collections.abc import Callable
from datetime import datetime

import pytest

from domain.base.errores import ErrorDeDominio, TransicionIlegal
from domain.base.texto import CampoRequerido, NumeroDeTarjeta
from domain.campanias.agregado import Campania
from domain.campanias.errores import CampaniaAunNoEmpieza, CampaniaAunNoTermina, CampaniaYaTermino
from domain.campanias.estado import Estado
from tests.domain.campanias.ejemplos import ACTIVADA, AYER, FINALIZADA, MANANA, PAUSADA, REANUDADA, en
from tests.domain.especificacion import AHORA, Especificacion, Hecho, hecho

Verbo = Callable[[Campania], None]
P, A, ACT, PAU, FIN, CAN = Estado


def activar(campania: Campania) -> None:
    campania.activar(AHORA)


def pausar(campania: Campania) -> None:
    campania.pausar()


def reanudar(campania: Campania) -> None:
    campania.reanudar(AHORA)


def finalizar(campania: Campania) -> None:
    campania.finalizar(AHORA)


def cancelar(campania: Campania) -> None:
    campania.cancelar("sin fondos")


def seguir(campania: Campania) -> None:
    campania.seguir_calendario(AHORA)


CANCELADA = hecho(Campania.Cancelada, motivo="sin fondos", payout_id=None)
ILEGAL, NADA = TransicionIlegal, None
TABLA: list[tuple[Verbo, dict[Estado, Hecho | type[ErrorDeDominio] | None]]] = [
    (activar, {P: ILEGAL, A: ACTIVADA, ACT: NADA, PAU: ILEGAL, FIN: ILEGAL, CAN: ILEGAL}),
    (pausar, {P: ILEGAL, A: ILEGAL, ACT: PAUSADA, PAU: NADA, FIN: ILEGAL, CAN: ILEGAL}),
    (reanudar, {P: ILEGAL, A: ILEGAL, ACT: NADA, PAU: REANUDADA, FIN: ILEGAL, CAN: ILEGAL}),
    (finalizar, {P: ILEGAL, A: FINALIZADA, ACT: FINALIZADA, PAU: FINALIZADA, FIN: NADA, CAN: ILEGAL}),
    (cancelar, {P: CANCELADA, A: CANCELADA, ACT: CANCELADA, PAU: CANCELADA, FIN: ILEGAL, CAN: NADA}),
    (seguir, dict.fromkeys(Estado, NADA)),
]


@pytest.mark.parametrize(
    ("verbo", "partida", "esperado"),
    [(verbo, partida, esperado) for verbo, fila in TABLA for partida, esperado in fila.items()],
)
def test_cada_orden_desde_cada_estado_hace_lo_que_dice_la_tabla(
    verbo: Verbo, partida: Estado, esperado: Hecho | type[ErrorDeDominio] | None
) -> None:
    historia = Especificacion(Campania).dado(*en(partida)).cuando(verbo)

    if isinstance(esperado, Hecho):
        historia.entonces(esperado)
    elif esperado is None:
        historia.entonces_nada()
    else:
        historia.falla(esperado)


@pytest.mark.parametrize(("inicio", "esperado"), [(AYER, ACTIVADA), (AHORA, ACTIVADA), (None, ACTIVADA)])
def test_se_activa_por_orden_cuando_llega_su_inicio_o_no_lo_tiene(inicio: datetime | None, esperado: Hecho) -> None:
    Especificacion(Campania).dado(*en(A, inicio)).cuando(activar).entonces(esperado)


def test_no_se_activa_antes_de_su_inicio() -> None:
    Especificacion(Campania).dado(*en(A, MANANA)).cuando(activar).falla(CampaniaAunNoEmpieza)


@pytest.mark.parametrize("fin", [AYER, AHORA])
def test_no_se_reanuda_despues_de_su_fin(fin: datetime) -> None:
    Especificacion(Campania).dado(*en(PAU, None, fin)).cuando(reanudar).falla(CampaniaYaTermino)


def test_se_reanuda_antes_de_su_fin() -> None:
    Especificacion(Campania).dado(*en(PAU, None, MANANA)).cuando(reanudar).entonces(REANUDADA)


@pytest.mark.parametrize("partida", [A, ACT, PAU])
def test_no_se_finaliza_por_orden_antes_de_su_fin(partida: Estado) -> None:
    Especificacion(Campania).dado(*en(partida, None, MANANA)).cuando(finalizar).falla(CampaniaAunNoTermina)


@pytest.mark.parametrize("motivo", ["", "   "])
def test_no_se_cancela_sin_motivo(motivo: str) -> None:
    Especificacion(Campania).dado(*en(ACT)).cuando(lambda campania: campania.cancelar(motivo)).falla(CampoRequerido)


def test_un_motivo_no_lleva_numeros_de_tarjeta() -> None:
    (
        Especificacion(Campania)
        .dado(*en(ACT))
        .cuando(lambda campania: campania.cancelar("pagó con 4111 1111 1111 1111"))
        .falla(NumeroDeTarjeta)
    )


def test_cancelar_otra_vez_con_otro_motivo_no_dice_nada_nuevo() -> None:
    Especificacion(Campania).dado(*en(CAN)).cuando(lambda campania: campania.cancelar("otro")).entonces_nada()


@pytest.mark.parametrize(
    ("partida", "inicio", "fin", "esperados"),
    [
        (A, AYER, MANANA, [ACTIVADA]),
        (A, AHORA, None, [ACTIVADA]),
        (A, MANANA, None, []),
        (A, AYER, AHORA, [ACTIVADA, FINALIZADA]),
        (A, None, AYER, [FINALIZADA]),
        (ACT, AYER, AHORA, [FINALIZADA]),
        (ACT, AYER, MANANA, []),
        (PAU, AYER, AHORA, [FINALIZADA]),
        (PAU, AYER, MANANA, []),
        (P, AYER, AYER, []),
        (FIN, AYER, AYER, []),
        (CAN, AYER, AYER, []),
    ],
)
def test_el_calendario_la_activa_y_la_finaliza_cuando_toca(
    partida: Estado, inicio: datetime | None, fin: datetime | None, esperados: list[Hecho]
) -> None:
    Especificacion(Campania).dado(*en(partida, inicio, fin)).cuando(seguir).entonces(*esperados)
