"""A value that only one may hold at a time."""

from domain.base.errores import Conflicto
from domain.base.reserva import Reserva
from tests.domain.especificacion import ID, Especificacion, hecho

TOMADA = hecho(Reserva.Tomada, titular="ana")
LIBERADA = hecho(Reserva.Liberada)


class Ocupada(Conflicto):
    """The refusal that the taker chooses."""


def test_un_valor_sin_historia_se_toma() -> None:
    Especificacion(Reserva).cuando(lambda _: Reserva(id=ID, titular="ana")).entonces(TOMADA)


def test_un_valor_tomado_no_es_de_otro() -> None:
    Especificacion(Reserva).dado(TOMADA).cuando(lambda reserva: reserva.retomar("luis", Ocupada)).falla(Ocupada)


def test_tomar_lo_propio_no_cambia_nada() -> None:
    Especificacion(Reserva).dado(TOMADA).cuando(lambda reserva: reserva.retomar("ana", Ocupada)).entonces_nada()


def test_un_valor_liberado_lo_toma_otro() -> None:
    (
        Especificacion(Reserva)
        .dado(TOMADA, LIBERADA)
        .cuando(lambda reserva: reserva.retomar("luis", Ocupada))
        .entonces(hecho(Reserva.Retomada, titular="luis"))
    )


def test_lo_libera_quien_lo_tiene() -> None:
    Especificacion(Reserva).dado(TOMADA).cuando(lambda reserva: reserva.liberar("ana")).entonces(LIBERADA)


def test_nadie_libera_lo_ajeno() -> None:
    Especificacion(Reserva).dado(TOMADA).cuando(lambda reserva: reserva.liberar("luis")).entonces_nada()


def test_liberar_dos_veces_es_liberar() -> None:
    Especificacion(Reserva).dado(TOMADA, LIBERADA).cuando(lambda reserva: reserva.liberar("ana")).entonces_nada()
