"""Why a message waits, told without anybody's personal data."""

from typing import Any

from gateway.pulsar.aparcados import Aparcado
from gateway.pulsar.bandeja import YA_NO_SE_LEE, Bandeja
from gateway.pulsar.comandos import campos_de
from gateway.pulsar.contratos import MensajeIlegible, catalogo
from gateway.pulsar.hechos import NOMBRES_DE_IDS
from gateway.pulsar.recibidos import Leido, entender

PERSONAL, AJENO = "(puede ser personal)", "(no es de nuestro contrato: no se muestra)"
OTROS = "(campos que no son de nuestro contrato)"
"""Under this name they are counted, where not even their names are shown."""


def explicar(bandeja: Bandeja, uno: Aparcado) -> dict[str, Any]:
    """A parked message: where it came from, why it stopped, and what it says that anybody may read.

    Raises FallaDeBroker when its schema can't be asked for.
    """
    return {
        "id": uno.clave,
        "en el broker": uno.mensaje_id,
        "productor": uno.productor,
        "publicado": uno.publicado_en.isoformat(timespec="seconds"),
        "aparcado desde": uno.aparcado_en.isoformat(timespec="seconds"),
        "intentos": uno.intentos,
        "error": uno.error or "espera detrás de otro",
        **_contenido(bandeja, uno),
    }


def _contenido(bandeja: Bandeja, uno: Aparcado) -> dict[str, Any]:
    recibido = bandeja.aparcamiento.abrir(uno)
    if recibido is None:
        return {"contenido": YA_NO_SE_LEE, "datos": None}
    try:
        leido = entender(recibido, bandeja.esquemas)
    except MensajeIlegible as error:
        return {"contenido": f"{len(recibido.datos)} bytes: {error}", "datos": None}
    return {"tipo": leido.tipo, "agregado": leido.stream, "datos": _mostrables(uno, leido)}


def _mostrables(uno: Aparcado, leido: Leido) -> dict[str, Any]:
    """The data by name, with the values of those fields only that the contract knows, none of which is personal."""
    clase, _, modulo = uno.consumidor.partition(".")
    conocidos = campos_de(modulo, leido.tipo) if clase == "comandos" else _de_eventos(modulo, leido.tipo)
    if uno.sujeto or modulo == "cliente":
        # The names, too, are what the sender wrote: of a map by e-mail, persons'.
        suyos = {nombre: PERSONAL for nombre in leido.datos if nombre in conocidos}
        ajenos = len(leido.datos) - len(suyos)
        return suyos | ({OTROS: ajenos} if ajenos else {})
    return {nombre: valor if nombre in conocidos and _llano(valor) else AJENO for nombre, valor in leido.datos.items()}


def _de_eventos(modulo: str, tipo: str) -> set[str]:
    formas = [forma for dicho, forma in catalogo(modulo).items() if dicho.partition(".")[0] == tipo]
    declarados = {campo["name"] for forma in formas for campo in forma["fields"]}
    return (declarados | NOMBRES_DE_IDS) - {nombre for forma in formas for nombre in forma["personales"]}


def _llano(valor: Any) -> bool:
    """Whether there is no room in it for fields of somebody else's."""
    match valor:
        case dict():
            return valor.keys() <= {"valor", "moneda"} and all(map(_llano, valor.values()))
        case list():
            return all(map(_llano, valor))
        case _:
            return True
