"""Why a message waits, told without anybody's personal data."""

from typing import Any

from gateway.pulsar.aparcados import Aparcado
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.recibidos import entender


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
        return {"contenido": "no se guarda, o era de una persona olvidada", "datos": None}
    try:
        leido = entender(recibido, bandeja.esquemas)
    except MensajeIlegible as error:
        return {"contenido": f"{len(recibido.datos)} bytes: {error}", "datos": None}
    datos = dict.fromkeys(leido.datos, "(puede ser personal)") if uno.sujeto else leido.datos
    return {"tipo": leido.tipo, "agregado": leido.agregado, "datos": datos}
