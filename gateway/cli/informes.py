"""What a rebuild would change, for who has to decide about it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.verificacion import simple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.motor.comparacion import Diferencia, Informe
    from projections.motor.generaciones import Generacion


def resumir_generacion(generacion: "Generacion") -> dict[str, Any]:
    """A generation, as JSON."""
    return {
        "nombre": generacion.proyeccion,
        "generacion": generacion.numero,
        "version": generacion.version,
        "situacion": generacion.estado,
    }


def resumir_informes(informes: "Sequence[Informe]") -> list[dict[str, Any]]:
    """One comparison a table, as JSON. Values of persons are not told."""
    return [
        {
            "tabla": uno.tabla,
            "filas_antes": uno.filas_antes,
            "filas_despues": uno.filas_despues,
            "agregadas": uno.agregadas,
            "quitadas": uno.quitadas,
            "cambiadas": uno.cambiadas,
            "columnas_nuevas": uno.columnas_nuevas,
            "columnas_quitadas": uno.columnas_quitadas,
            "sumas": [asdict(suma) for suma in uno.sumas],
            "muestra": [_diferencia(uno.tabla, una) for una in uno.muestra],
        }
        for uno in informes
    ]


def contar_informes(tablas: "Sequence[dict[str, Any]]") -> None:
    """The same for a person, on standard output."""
    for tabla in tablas:
        cuentas = [f"{tabla[una]:,} {una}" for una in ("agregadas", "quitadas", "cambiadas") if tabla[una]]
        click.echo(f"  {tabla['tabla']:<28} {tabla['filas_antes']:>10,} → {tabla['filas_despues']:,} filas"
                   f"   {', '.join(cuentas) or 'sin cambios'}")  # fmt: skip
        for cual in ("columnas_nuevas", "columnas_quitadas"):
            if tabla[cual]:
                click.echo(f"    {cual.replace('_', ' ')}: {', '.join(tabla[cual])}")
        contar_sumas(tabla["sumas"])
        for una in tabla["muestra"]:
            valores = f" en {una['campo']}: {una['antes']} → {una['despues']}" if una["campo"] else ""
            click.echo(f"    {una['tipo']} {' '.join(una['clave'])}{valores}")


def contar_sumas(sumas: "Sequence[dict[str, Any]]") -> None:
    """Those that are the same in a line a column; what changes in one of its own."""
    for columna in dict.fromkeys(suma["columna"] for suma in sumas):
        suyas = [suma for suma in sumas if suma["columna"] == columna]
        iguales = [f"{una['moneda']} {una['antes']}" for una in suyas if una["antes"] == una["despues"]]
        if iguales:
            click.echo(f"    suma de {columna}, sin cambios: {' · '.join(iguales)}")
        for una in (una for una in suyas if una["antes"] != una["despues"]):
            click.echo(f"    suma de {columna} en {una['moneda']}: {_o_nada(una['antes'])}"
                       f" → {_o_nada(una['despues'])}   CAMBIA")  # fmt: skip


def _diferencia(tabla: str, una: "Diferencia") -> dict[str, Any]:
    from gateway.auditoria.resultado import mostrables

    antes, despues = map(simple, mostrables(tabla, una))
    return {"tipo": una.tipo, "clave": una.clave, "campo": una.campo, "antes": antes, "despues": despues}


def _o_nada(valor: Any) -> Any:
    return 0 if valor is None else valor
