"""``llaves``: the keys by which programs and people are let in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from gateway.acceso.identidad import Rol
from gateway.cli.espanol import Comando, Grupo
from gateway.cli.fallas import explicadas
from gateway.cli.opciones import EN_JSON, Limite, NumeroOInstante
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import mostrar_tabla
from gateway.config import leer, leer_maestra_nueva
from gateway.local.errores import FallaLocal

COLUMNAS = ("nombre", "roles", "estado", "creada_en", "creada_por", "vence_en", "revocada_en", "revocada_por")


@click.group(cls=Grupo)
def llaves() -> None:
    """Las llaves de la API: quién entra y qué puede.

    La primera que se crea cierra el modo abierto: en un segundo, todo pedido salvo /health necesita una credencial,
    también desde esta máquina.
    """


@llaves.command("crear", cls=Comando)
@click.argument("nombre")
@click.option("--rol", "roles", type=click.Choice([rol.value for rol in Rol]), multiple=True, required=True,
              help="lectura, operador, auditor o admin; puede repetirse.")  # fmt: skip
@click.option("--vence", type=NumeroOInstante(), help="Un instante, o en cuántos días; sin él no vence.")
@EN_JSON
def crear(nombre: str, roles: tuple[str, ...], vence: Limite | None, en_json: bool) -> None:
    """Crea una llave y la muestra, esta única vez.

    NOMBRE es quien actúa con ella en el historial: minúsculas, cifras, punto, guion. No puede volver a usarse.
    """
    from gateway.acceso.llaves import NOMBRE, NombreEnUso
    from gateway.acceso.llaves import crear as crear_llave
    from gateway.cli.quien import quien

    if not NOMBRE.fullmatch(nombre):
        raise click.UsageError("El nombre debe tener de 1 a 63 letras minúsculas, cifras, puntos o guiones")
    vence_en = _instante(vence)
    with sistema_de_ordenes() as sistema:
        try:
            llave = crear_llave(sistema.motor, nombre, {Rol(rol) for rol in roles}, vence_en, quien())
        except NombreEnUso:
            raise FallaLocal(f"Ya hay, o hubo, una llave «{nombre}»: elija otro nombre") from None
    if en_json:
        escribir_json({"nombre": nombre, "roles": sorted(set(roles)), "vence_en": _mostrar(vence_en), "llave": llave})
        return
    click.echo(llave)
    click.echo("Guárdela ahora: no se puede volver a mostrar. Se presenta como «Authorization: Bearer …»", err=True)


@llaves.command("listar", cls=Comando)
@EN_JSON
def listar(en_json: bool) -> None:
    """Lista todas las llaves que hubo, sin lo que abren."""
    from gateway.acceso.llaves import listar as listar_llaves

    with sistema_de_ordenes() as sistema:
        ahora = sistema.reloj()
        filas: list[dict[str, Any]] = [
            {
                campo: _mostrar(valor) if isinstance(valor, datetime) else valor
                for campo, valor in {**una._asdict(), "estado": una.estado(ahora)}.items()
            }
            for una in listar_llaves(sistema.motor)
        ]
    if en_json:
        escribir_json({"llaves": filas})
    else:
        mostrar_tabla([{**fila, "roles": ", ".join(fila["roles"])} for fila in filas], COLUMNAS)


@llaves.command("revocar", cls=Comando)
@click.argument("nombre")
def revocar(nombre: str) -> None:
    """Deja una llave sin efecto, en un segundo y para siempre."""
    from gateway.acceso.llaves import revocar as revocar_llave
    from gateway.cli.quien import quien

    with sistema_de_ordenes() as sistema:
        hecho = revocar_llave(sistema.motor, nombre, quien())
    if hecho is None:
        raise FallaLocal(f"No hay ninguna llave «{nombre}»")
    click.echo("revocada" if hecho else "ya estaba revocada")


@llaves.command("maestra", cls=Comando)
def maestra() -> None:
    """Cambia la llave maestra, que envuelve las claves de las personas. Con todo detenido.

    La nueva es la de LLAVE_MAESTRA_NUEVA; si la de hoy está en ALPES_DIR puede faltar, y se hace una. Puede repetirse:
    lo que quedó a medias se termina.
    """
    from gateway.maestra import cambiar_maestra

    with explicadas():
        cuantas = cambiar_maestra(leer(), leer_maestra_nueva())
    click.echo(f"{cuantas} claves envueltas con la llave nueva: la anterior ya no abre nada")


def _instante(vence: Limite | None) -> datetime | None:
    ahora = datetime.now(UTC)
    if isinstance(vence, int):
        if not 0 < vence <= 36_500:
            raise click.UsageError("Los días deben ser de 1 a 36500")
        return ahora + timedelta(days=vence)
    if vence is not None and vence <= ahora:
        raise click.UsageError("Ese instante ya pasó")
    return vence


def _mostrar(instante: datetime | None) -> str | None:
    from gateway.http.escritura import fecha_o_nada

    return fecha_o_nada(instante)


COMANDOS = (llaves,)
