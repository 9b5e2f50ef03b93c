"""Read your own writes: a query that waits until its tables know what a command's answer told."""

from collections.abc import Collection, Mapping

from flask import request

from gateway.entrada import turno_cedido
from gateway.http.circunstancias import sistema
from gateway.http.errores import Rechazo
from projections.motor.espera import CABECERA, PACIENCIA, esperar, leer_minimos


def esperar_posicion(*lecturas: str) -> None:
    """Wait until the read models ``lecturas`` have reached what X-Posicion-Minima asks for, if it does.

    Modules that feed none of them don't count. Raises Rechazo: 400 for a malformed header, 503 in two seconds.
    """
    dicho = request.headers.get(CABECERA)
    if dicho is None:
        return
    try:
        minimos = leer_minimos(dicho)
    except ValueError as error:
        raise Rechazo(400, "POSICION_INVALIDA", f"{CABECERA} {error}") from None
    _esperar(lecturas, minimos)


def exigir_al_dia(*lecturas: str) -> None:
    """Wait until the read models ``lecturas`` know all that is stored now. Raises Rechazo: 503 in two seconds."""
    aplicaciones = sistema().aplicaciones.items()
    _esperar(lecturas, {nombre: una.recorder.max_notification_id() or 0 for nombre, una in aplicaciones})


def _esperar(lecturas: Collection[str], minimos: Mapping[str, int]) -> None:
    if not esperar(sistema().motor, lecturas, minimos, PACIENCIA, lambda: turno_cedido(request)):
        mensaje = "La consulta aún no alcanza esa posición; vuelva a intentarlo"
        raise Rechazo(503, "POSICION_NO_ALCANZADA", mensaje, {"Retry-After": "1"})
