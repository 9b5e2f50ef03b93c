"""Whether a new generation may take the active one's place: what differs, and what somebody has to consent to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from projections.motor.comparacion import Informe, comparar
from projections.motor.conduccion import Conduccion, Taller
from projections.motor.generaciones import EN_OBRA, PUBLICO, Generacion, marcar
from projections.motor.marcha import COMPARAR

_APARCADOS = text("SELECT count(*) FROM aparcados WHERE proyeccion = :proyeccion AND generacion = :numero")


def motivos_para_parar(
    antes: Generacion, despues: Generacion, informes: Sequence[Informe], aparcados: tuple[int, int]
) -> tuple[str, ...]:
    """The bounds: what a switch may change by itself, and what somebody has to consent to.

    The same code must make the same tables: any row or column that differs is a reason. Newer code is made to change
    rows and columns, but neither how many rows there are in a table that both have, nor what they add up to in any
    currency. No generation may have more streams ``aparcados`` (before, after) than the one that it replaces.
    """
    motivos = []
    for informe in (uno for uno in informes if uno.tabla in antes.tablas and uno.tabla in despues.tablas):
        if informe.agregadas or informe.quitadas:
            motivos.append(f"{informe.tabla}: {informe.agregadas} filas agregadas, {informe.quitadas} quitadas")
        motivos += [f"{informe.tabla}: {suma.columna} en {suma.moneda} pasa de {suma.antes} a {suma.despues}"
                    for suma in informe.sumas_que_difieren]  # fmt: skip
        if despues.version == antes.version and informe.cambiadas:
            motivos.append(f"{informe.tabla}: {informe.cambiadas} filas cambiadas, con el mismo código")
        if despues.version == antes.version and (informe.columnas_nuevas or informe.columnas_quitadas):
            motivos.append(f"{informe.tabla}: otras columnas, con el mismo código")
    if aparcados[1] > aparcados[0]:
        motivos.append(f"{aparcados[1]} flujos aparcados; había {aparcados[0]}")
    return tuple(motivos)


def preparar(taller: Taller, obra: Conduccion, nueva: Generacion) -> None:
    """Give tables so new their indexes, and what the planner would be slow without: statistics and visibility."""
    obra.indexar()
    with obra.siguiendo(), taller.motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        for tabla in nueva.tablas:
            conexion.exec_driver_sql(f"VACUUM (ANALYZE) {nueva.esquema}.{tabla}")


def cotejar(
    taller: Taller, obra: Conduccion, activa: Generacion, nueva: Generacion
) -> tuple[tuple[Informe, ...], tuple[str, ...]]:
    """Compare ``nueva``, which ``obra`` drives, with the active generation at one position, and store the report.

    Returns it, and why somebody should consent to the switch. Raises ActivaDetenida, and what the driving raises.
    """
    for intento in (1, 2):
        obra.avisar(COMPARAR)
        with obra.quietas() as foto:
            cursor = foto.connection.cursor()
            informes = tuple(comparar(cursor, tabla, PUBLICO, nueva.esquema) for tabla in obra.tablas)
            aparcados = (_aparcados(foto, activa), _aparcados(foto, nueva))
        motivos = motivos_para_parar(activa, nueva, informes, aparcados)
        # A person forgotten a moment ago is so in the new tables already, and in the old ones with the next batch.
        if not motivos or intento == 2:
            break
        obra.acercar()
    informe: dict[str, Any] = {
        "contra": activa.numero,
        "motivos": list(motivos),
        "tablas": [uno.resumen() for uno in informes],
    }
    with taller.motor.begin() as conexion:
        marcar(conexion, nueva, EN_OBRA, informe)
    return informes, motivos


def _aparcados(conexion: Connection, generacion: Generacion) -> int:
    donde = {"proyeccion": generacion.proyeccion, "numero": generacion.numero}
    return int(conexion.scalar(_APARCADOS, donde) or 0)
