"""``auditoria``: the past, as a person or a program asks for it."""

import click

from gateway.cli.espanol import Comando, Grupo
from gateway.cli.explicacion import explicar
from gateway.cli.exportacion import exportar
from gateway.cli.opciones import EN_JSON, MODULO, Limite, NumeroOInstante
from gateway.cli.reproduccion import reproducir
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import mostrar_tabla
from gateway.local.errores import FallaLocal


@click.group(cls=Grupo)
def auditoria() -> None:
    """El pasado: qué pasó, quién lo hizo y por qué."""


@auditoria.command("ver", cls=Comando)
@click.argument("stream")
@MODULO
@click.option("--hasta", type=NumeroOInstante(), help="Como estaba en esa versión o en ese instante de registro.")
@EN_JSON
def ver(stream: str, modulo: str | None, hasta: Limite | None, en_json: bool) -> None:
    """Cuenta la historia de un id, evento por evento.

    De un cliente, un pago o una campaña: qué pasó, quién lo hizo y por qué, qué cambió y cómo quedó. Ver los datos de
    un cliente queda anotado.
    """
    from gateway.auditoria.accesos import anotar
    from gateway.auditoria.historia import contar, duenias
    from gateway.auditoria.muestra import mostrar_estado
    from gateway.auditoria.relato import relatar
    from gateway.cli.historia import mostrar
    from gateway.cli.quien import quien

    with sistema_de_ordenes() as sistema:
        halladas = duenias((una for una in sistema.aplicaciones.values() if modulo in (None, una.modulo)), stream)
        if not halladas:
            raise FallaLocal(f"No hay historia de «{stream}»")
        if len(halladas) > 1:
            nombres = " y ".join(una.modulo for una in halladas)
            raise FallaLocal(f"«{stream}» existe en {nombres}: indique --modulo")
        (aplicacion,) = halladas
        if aplicacion is sistema.clientes:
            alcance = {"modulo": aplicacion.modulo, "stream": stream, "hasta": None if hasta is None else str(hasta)}
            anotar(sistema.motor, quien(), "ver", alcance)
        eventos, actual = relatar(contar(sistema.tienda, aplicacion, stream, hasta=hasta), en_palabras=True)
        if actual is None:
            raise FallaLocal(f"No había nada de «{stream}» hasta entonces")
    historia = {"stream": stream, "modulo": aplicacion.modulo, "eventos": eventos, "estado": mostrar_estado(actual)}
    escribir_json(historia) if en_json else mostrar(historia)


@auditoria.command("accesos", cls=Comando)
@click.option("--limite", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Cuántos, como mucho.")
@EN_JSON
def accesos(limite: int, en_json: bool) -> None:
    """Dice quién vio datos de personas.

    Los más recientes primero: cuándo, quién, qué hizo y sobre qué; nunca los datos.
    """
    from gateway.auditoria.accesos import ultimos
    from gateway.auditoria.palabras import en_palabras
    from gateway.http.escritura import fecha

    with sistema_de_ordenes() as sistema:
        hallados = [uno._asdict() for uno in ultimos(sistema.motor, limite)]
    if en_json:
        escribir_json({"accesos": hallados})
        return
    if not hallados:
        click.echo("nadie todavía")
    for uno in hallados:
        alcance = en_palabras({campo: valor for campo, valor in uno["alcance"].items() if valor is not None})
        click.echo(f"{fecha(uno['visto_en'])}  {uno['actor']}  {uno['accion']}  {alcance}")


@auditoria.command("rechazos", cls=Comando)
@click.option("--limite", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Cuántos, como mucho.")
@EN_JSON
def rechazos(limite: int, en_json: bool) -> None:
    """Dice a quién no se dejó entrar.

    Los más recientes primero: cuándo, desde dónde, a qué y por qué; nunca lo que presentó.
    """
    from gateway.acceso.rechazos import ultimos
    from gateway.http.escritura import fecha

    with sistema_de_ordenes() as sistema:
        hallados = [{**uno._asdict(), "ocurrido_en": fecha(uno.ocurrido_en)} for uno in ultimos(sistema.motor, limite)]
    if en_json:
        escribir_json({"rechazos": hallados})
    elif not hallados:
        click.echo("nadie todavía")
    else:
        mostrar_tabla(hallados)


for _orden in (exportar, reproducir, explicar):
    auditoria.add_command(_orden)

COMANDOS = (auditoria,)
