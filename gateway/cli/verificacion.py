"""``proyecciones verificar``: are the tables what the events make?"""

import shlex
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON
from gateway.cli.progreso import progreso
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.taller import elegidas, explicado, taller_de

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from projections.motor.comparacion import Diferencia
    from projections.motor.hallazgos import Hallazgo
    from projections.motor.verificacion import Verificacion

TIPOS = {"agregada": "falta en la tabla", "quitada": "sobra en la tabla", "cambiada": "difiere"}
SITUACIONES = {"faltan": "de menos", "sobran": "de más", "difieren": "con otro valor"}


@click.command("verificar", cls=Comando)
@click.argument("nombre", required=False)
@click.option("--muestra", type=click.IntRange(1), metavar="N", help="Solo N claves de cada tabla, al azar.")
@EN_JSON
def verificar(nombre: str | None, muestra: int | None, en_json: bool) -> None:
    """Comprueba fila por fila que las tablas son los eventos.

    Dobla otra vez los eventos y compara con lo que se lee. Sin NOMBRE, todas las proyecciones. Lo doblado va aparte y
    se borra al terminar; las tablas siguen al día. Termina con 1 si algo difiere.
    """
    from projections.motor.verificacion import verificar as verificar_una

    vistas = []
    with sistema_de_ordenes() as sistema, explicado(), progreso() as avance:
        taller = taller_de(sistema, avance)
        for una in elegidas(nombre):
            vista = verificar_una(una, taller, muestra)
            vistas.append((vista, _resumir(sistema, vista)))
    if en_json:
        escribir_json({"iguales": all(vista.iguales for vista, _ in vistas), "proyecciones": [r for _, r in vistas]})
    else:
        # What differs comes last, where whoever runs it looks.
        for _, resumen in sorted(vistas, key=lambda una: not una[0].iguales):
            _contar(resumen)
    sys.exit(0 if all(vista.iguales for vista, _ in vistas) else 1)


def _resumir(sistema: "Sistema", vista: "Verificacion") -> dict[str, Any]:
    aplicaciones = sistema.aplicaciones
    return {
        "nombre": vista.generacion.proyeccion,
        "version": vista.generacion.version,
        "generacion": vista.generacion.numero,
        "iguales": vista.iguales,
        "muestra": vista.muestra,
        "posiciones": {aplicaciones[una].modulo: posicion for una, posicion in vista.posiciones.items()},
        "tablas": [
            {
                "tabla": uno.tabla,
                "filas": uno.filas_antes,
                "filas_segun_eventos": uno.filas_despues,
                "faltan": uno.agregadas,
                "sobran": uno.quitadas,
                "difieren": uno.cambiadas,
                "sumas_que_difieren": [asdict(suma) for suma in uno.sumas_que_difieren],
                "columnas_que_faltan": uno.columnas_nuevas,
                "columnas_que_sobran": uno.columnas_quitadas,
            }
            for uno in vista.informes
        ],
        "diferencias": [_diferencia(sistema, hallazgo) for hallazgo in vista.hallazgos],
        "sin_comparar": vista.sin_comparar,
        "aparcados": {"tabla": vista.aparcados[0], "segun_eventos": vista.aparcados[1]},
    }


def _diferencia(sistema: "Sistema", hallazgo: "Hallazgo") -> dict[str, Any]:
    una = hallazgo.diferencia
    return {
        "tabla": hallazgo.tabla,
        "clave": una.clave,
        "tipo": TIPOS[una.tipo],
        "campo": una.campo,
        **_valores(hallazgo.tabla, una),
        "eventos": [
            {"modulo": sistema.aplicaciones[uno.aplicacion].modulo, "stream": uno.stream, "posicion": uno.posicion,
             "tipo": uno.tipo}
            for uno in hallazgo.eventos
        ],
        "eventos_en_total": hallazgo.cuantos,
    }  # fmt: skip


def _valores(tabla: str, una: "Diferencia") -> dict[str, Any]:
    from gateway.auditoria.resultado import mostrables

    if una.campo is None:
        return {}
    return dict(zip(("en_la_tabla", "segun_eventos"), map(simple, mostrables(tabla, una)), strict=True))


def simple(valor: Any) -> Any:
    """The value of a cell, as JSON."""
    return valor if valor is None or isinstance(valor, bool | int | list | dict) else str(valor)


def _contar(resumen: dict[str, Any]) -> None:
    donde = " ".join(f"{modulo}:{posicion}" for modulo, posicion in resumen["posiciones"].items())
    titulo = "iguales" if resumen["iguales"] else "DIFIEREN"
    muestra = f", muestra de {resumen['muestra']} claves" if resumen["muestra"] else ""
    click.secho(f"{resumen['nombre']}: {titulo} en {donde}{muestra}", bold=True)
    for tabla in resumen["tablas"]:
        click.echo(f"  {tabla['tabla']:<28} {tabla['filas']:>10,} filas", nl=False)
        cuentas = [f"{_contadas(tabla[una])} {dicho}" for una, dicho in SITUACIONES.items() if tabla[una]]
        click.echo(f"   {', '.join(cuentas)}" if cuentas else "   =")
        for suma in tabla["sumas_que_difieren"]:
            click.echo(f"    suma de {suma['columna']} en {suma['moneda']}: {suma['antes']} en la tabla,"
                       f" {suma['despues']} según los eventos")  # fmt: skip
        for cual in ("columnas_que_faltan", "columnas_que_sobran"):
            if tabla[cual]:
                click.echo(f"    {cual.replace('_', ' ')}: {', '.join(tabla[cual])}")
    for una in resumen["diferencias"]:
        _contar_diferencia(una)
    if orden := next(filter(None, map(_como_explicarla, resumen["diferencias"])), None):
        click.echo(f"  de dónde sale: «{orden}»")
    if resumen["sin_comparar"]:
        click.echo(f"  una muestra no dice nada de: {', '.join(resumen['sin_comparar'])}")
    vivos, doblados = resumen["aparcados"].values()
    if vivos or doblados:
        click.echo(f"  aparcados: {vivos} en las tablas, {doblados} al doblar ahora;"
                   " vea «alpes proyecciones aparcados listar»")  # fmt: skip
    # Tables made again would lack what can't be read now.
    if not resumen["iguales"] and doblados <= vivos:
        click.echo(f"  para rehacerlas: «alpes proyecciones reconstruir {resumen['nombre']} --aceptar-diferencias»")


def _como_explicarla(una: dict[str, Any]) -> str | None:
    """The command that explains the cell that differs, when there is one that can."""
    # A comma within a part of a key could not be told from those between them.
    if not una["campo"] or (len(una["clave"]) > 1 and any("," in parte for parte in una["clave"])):
        return None
    return shlex.join(["alpes", "auditoria", "explicar", una["tabla"], ",".join(una["clave"]), una["campo"]])


def _contadas(cuantas: int) -> str:
    return f"{cuantas:,} {'fila' if cuantas == 1 else 'filas'}"


def _contar_diferencia(una: dict[str, Any]) -> None:
    clave = " ".join(una["clave"])
    click.secho(f"  {una['tabla']} {clave}: {una['tipo']}", fg="red", nl=False)
    if una["campo"]:
        click.echo(f" en {una['campo']}: {una['en_la_tabla']} en la tabla, {una['segun_eventos']} según los eventos",
                   nl=False)  # fmt: skip
    click.echo()
    for evento in una["eventos"]:
        click.echo(f"    {evento['modulo']}:{evento['posicion']}  {evento['tipo']}  {evento['stream']}")
    if una["eventos_en_total"] > len(una["eventos"]):
        click.echo(f"    … y {una['eventos_en_total'] - len(una['eventos'])} eventos más")
