"""Handing a command to its application, once, even when it is sent twice."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

from flask import current_app, request

from domain.base.aplicacion import Aplicacion, ClaveYaUsada
from domain.base.errores import ErrorDeDominio, EscrituraDisputada
from gateway.cuerpo import LARGO_DE_NUMERO
from gateway.eventos.idempotencia import Clave, buscar_uso
from gateway.http.circunstancias import contexto_de_la_orden, sistema
from gateway.http.errores import Rechazo
from gateway.http.escritura import a_json

CABECERA = "Idempotency-Key"
INTENTOS = 3
"""A key that was used more than seven days ago is forgotten when it is looked up, and is free for the next try."""
_CLAVE = re.compile(r"[\x21-\x7e]{1,255}")
_EXACTO = Context(prec=2 * LARGO_DE_NUMERO, Emax=MAX_EMAX, Emin=MIN_EMIN)


@dataclass(frozen=True, slots=True)
class Hecho:
    """What a command did: ``posicion`` of ``id`` in the log of ``modulo``; ``repetido`` when it was done before."""

    modulo: str
    id: str
    posicion: int
    repetido: bool = False


def ejecutar(aplicacion: Aplicacion, orden: object, cuerpo: Mapping[str, Any]) -> Hecho:
    """Decide and store ``orden``, which was read from ``cuerpo``.

    With an Idempotency-Key that was used before, the first use's outcome comes back and nothing is done.
    Raises ErrorDeDominio when refused, Rechazo when a header is no good or the key served another body.
    """
    contexto = contexto_de_la_orden()
    if CABECERA not in request.headers:
        posicion = aplicacion.ejecutar(orden, contexto)
        return Hecho(aplicacion.modulo, posicion.id, posicion)
    clave = _clave(f"{contexto.actor.tipo}:{contexto.actor.id}", cuerpo)
    contexto = replace(contexto, adjuntos={"idempotencia": clave})
    for _ in range(INTENTOS):
        try:
            posicion = aplicacion.ejecutar(orden, contexto)
            return Hecho(aplicacion.modulo, posicion.id, posicion)
        except (ClaveYaUsada, ErrorDeDominio) as error:
            # The command is tried first: of two at once, the loser learns only then that it lost, be it by the
            # key itself or by a rule that the winner's events made true.
            previo = _uso_previo(aplicacion, clave)
            if previo is not None:
                return previo
            if isinstance(error, ErrorDeDominio):
                raise
    raise EscrituraDisputada


def _uso_previo(aplicacion: Aplicacion, clave: Clave) -> Hecho | None:
    uso = buscar_uso(sistema().tienda.datastore, clave.actor, clave.ruta, clave.clave)
    if uso is None:
        return None
    if uso.huella != clave.huella:
        raise Rechazo(409, "CLAVE_CON_OTRO_CUERPO", f"Esa {CABECERA} ya se usó con otro cuerpo")
    return Hecho(aplicacion.modulo, uso.agregado_id, uso.posicion, repetido=True)


def _clave(actor: str, cuerpo: Mapping[str, Any]) -> Clave:
    dicha = request.headers[CABECERA]
    if _CLAVE.fullmatch(dicha) is None:
        raise Rechazo(400, "CLAVE_INVALIDA", f"{CABECERA} debe tener de 1 a 255 caracteres visibles")
    return Clave(actor, request.path, dicha, _huella(cuerpo))


def _huella(cuerpo: Mapping[str, Any]) -> bytes:
    """The same for bodies that say the same: 1250.5 and 1250.50, whatever the order of their fields.

    Keyed, because it outlives a person who is forgotten, by days, and personal data are easily guessed.
    """
    canonico = a_json({campo: _canonico(cuerpo[campo]) for campo in sorted(cuerpo)})
    return hmac.new(current_app.extensions["config"].llave_unicidad, canonico, hashlib.sha256).digest()


def _canonico(valor: Any) -> Any:
    match valor:
        case Decimal():
            return str(_EXACTO.normalize(valor))
        case datetime():
            return valor.isoformat()
        case _:
            return valor
