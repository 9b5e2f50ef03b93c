"""``auditoria explicar``: why a number is what it is."""

import sys
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.local.errores import FallaLocal

if TYPE_CHECKING:
    from gateway.auditoria.contadas import Contadas
    from projections.motor.proyeccion import Proyeccion
    from projections.motor.tabla import Tabla


@click.command("explicar", cls=Comando)
@click.argument("tabla")
@click.argument("clave", metavar="ID")
@click.argument("columna")
@EN_JSON
@click.pass_context
def explicar(contexto: click.Context, tabla: str, clave: str, columna: str, en_json: bool) -> None:
    """Dice por qué una casilla vale lo que vale.

    Los eventos que la cambiaron, con qué orden, quién y por qué petición. ID es la clave de la fila; si son varias
    columnas, separadas por comas: clientes_totales ana,USD monto. De una tabla que cuenta filas de otra se vuelven a
    contar, y se siguen hasta sus eventos las últimas. Termina con 1 si la tabla no dice lo que dicen los eventos, o
    las filas que cuenta. Explicar un dato de una persona queda anotado.
    """
    from sqlalchemy.exc import DataError

    from gateway.auditoria.accesos import anotar
    from gateway.auditoria.explicacion import explicar as buscar
    from gateway.auditoria.muestra import mostrar
    from gateway.auditoria.resultado import PERSONALES
    from gateway.cli.quien import quien

    proyeccion, declarada, partes = _hallar(contexto, tabla, clave, columna)
    with sistema_de_ordenes() as sistema:
        if columna in PERSONALES.get(tabla, ()):
            alcance = {"tabla": tabla, "id": clave, "columna": columna}
            anotar(sistema.motor, quien(), "explicar", alcance)
        try:
            hallado = buscar(sistema, proyeccion, declarada, partes, columna)
        except DataError:
            pedidas = ",".join((declarada.clave, *declarada.resto_de_clave))
            raise click.UsageError(f"El ID de {tabla} es {pedidas}: «{clave}» no puede serlo", contexto) from None
    if not hallado.existe and not hallado.efectos:
        raise FallaLocal(f"No hay ninguna fila «{clave}» en {tabla}, ni eventos que la hagan")
    dicho = {
        "tabla": tabla,
        "id": clave,
        "columna": columna,
        "valor": mostrar(hallado.valor),
        "segun_los_eventos": mostrar(hallado.segun_los_eventos),
        "coincide": hallado.coincide,
        "contadas": hallado.contadas and _resumir(hallado.contadas),
        "efectos": hallado.efectos,
    }
    escribir_json(dicho) if en_json else _mostrar(dicho)
    sys.exit(0 if hallado.coincide else 1)


def _hallar(
    contexto: click.Context, tabla: str, clave: str, columna: str
) -> "tuple[Proyeccion, Tabla[Any], tuple[str, ...]]":
    """The table and the parts of the key. Raises UsageError, which tells what there is."""
    from gateway.auditoria.explicacion import tablas

    hay = tablas()
    if tabla not in hay:
        raise click.UsageError(f"No hay una tabla «{tabla}»; hay: {', '.join(sorted(hay))}", contexto)
    proyeccion, declarada = hay[tabla]
    if columna not in declarada.columnas:
        raise click.UsageError(f"{tabla} no tiene «{columna}»; tiene: {', '.join(declarada.columnas)}", contexto)
    # What comes first is a name that may have commas of its own; the others are codes.
    resto = len(declarada.resto_de_clave)
    partes = tuple(clave.rsplit(",", resto)) if resto else (clave,)
    if len(partes) != 1 + resto:
        pedidas = ",".join((declarada.clave, *declarada.resto_de_clave))
        raise click.UsageError(f"El ID de {tabla} es {pedidas}", contexto)
    return proyeccion, declarada, partes


def _resumir(contadas: "Contadas") -> dict[str, Any]:
    return {"tabla": contadas.tabla, "cuantas": contadas.cuantas, "ultimas": contadas.ultimas}


def _mostrar(dicho: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    from gateway.auditoria.palabras import en_palabras
    from gateway.cli.historia import consola

    salida = consola()
    salida.print(Text(f"{dicho['tabla']} {dicho['id']} · {dicho['columna']} = {en_palabras(dicho['valor'])}", "bold"))
    contadas, segun = dicho["contadas"], "los eventos"
    if contadas:
        segun = f"las filas de {contadas['tabla']}"
        salida.print(Text(f"Filas de {contadas['tabla']} que cuenta: {contadas['cuantas']}; las últimas, una a una:"))
    rejilla = Table(show_lines=True)
    for titulo in ("cuándo (UTC)", "antes → después", "qué pasó", "orden", "quién y por qué"):
        rejilla.add_column(titulo, overflow="fold")
    for efecto in dicho["efectos"]:
        origen = [f"  ← {causa['resumen']} ({causa['usuario']}, {causa['orden']}, {causa['causa']})"
                  for causa in efecto["origen"]]  # fmt: skip
        celdas = (
            efecto["timestamp"],
            f"{en_palabras(efecto['antes'])} → {en_palabras(efecto['despues'])}",
            f"{efecto['resumen']}\n{efecto['tipo']} · {efecto['stream']} · {efecto['modulo']}:{efecto['posicion']}",
            efecto["orden"],
            "\n".join((efecto["usuario"], efecto["causa"], *origen)),
        )
        rejilla.add_row(*map(Text, celdas))
    salida.print(rejilla if dicho["efectos"] else Text("Ningún evento la ha cambiado."))
    if not dicho["coincide"]:
        deberia = en_palabras(dicho["segun_los_eventos"])
        salida.print(Text(f"NO coincide: según {segun} debería ser {deberia}", style="bold red"))
