"""The trail of one stream as data, with words for people beside the facts."""

from collections.abc import Iterable
from typing import Any

from domain.base.agregado import Agregado
from gateway.auditoria.cambios import pasos
from gateway.auditoria.historia import Contado, agregado
from gateway.auditoria.muestra import mostrar_evento
from gateway.auditoria.palabras import contar_en_palabras, explicar_causa


def relatar(contados: Iterable[Contado], *, en_palabras: bool) -> tuple[list[dict[str, Any]], Agregado | None]:
    """The events of one stream, from its first on, and the aggregate as they leave it; None when there are none.

    ``en_palabras`` adds to each ``resumen``, ``causa`` and ``cambios``, the fields that it changed.
    """
    if not en_palabras:
        contados = list(contados)
        return [mostrar_evento(uno) for uno in contados], agregado(contados)
    eventos: list[dict[str, Any]] = []
    actual: Agregado | None = None
    for paso in pasos(contados):
        evento, actual = paso.contado.evento, paso.agregado
        eventos.append(
            {
                **mostrar_evento(paso.contado),
                "resumen": contar_en_palabras(evento),
                "causa": explicar_causa(evento),
                "cambios": [
                    {"campo": cambio.campo, "antes": cambio.antes, "despues": cambio.despues} for cambio in paso.cambios
                ],
            }
        )
    return eventos, actual
