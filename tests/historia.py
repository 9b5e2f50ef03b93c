"""Telling the story of a document's examples again, request by request, to a live application."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask.testing import FlaskClient

from domain.politicas import POLITICAS
from gateway.composicion import Sistema
from gateway.documento import Ejemplo, leer_ejemplos
from gateway.eventos.reacciones import Reacciones
from projections.motor.espera import esperar
from projections.registro import PROYECCIONES

COMIENZO = datetime(2024, 9, 13, 12, tzinfo=UTC)

NUEVO = re.compile(r"(?:payout-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The ids that the platform makes up: others each time that the story is told."""


class Reloj:
    """Stands at one minute of the story."""

    def __init__(self) -> None:
        self.ahora = COMIENZO

    def __call__(self) -> datetime:
        return self.ahora


def exigir_que_sean_verdad(api: FlaskClient, archivo: Path, sistema: Sistema, reloj: Reloj) -> None:
    """Each example is what is answered now, a minute apart, when all that follows from one came before the next.

    ``sistema`` has ``reloj`` for its clock, and its query tables are kept up to date.
    """
    reacciones = [
        Reacciones(sistema.aplicaciones[origen], sistema.aplicaciones, sistema.reloj, sistema.motor)
        for origen in {politica.ORIGEN for politica in POLITICAS}
    ]

    def ponerse_al_dia(lugar: int) -> None:
        reloj.ahora = COMIENZO + timedelta(minutes=lugar)
        for reaccion in reacciones:
            reaccion.paso()
        cabezas = {n: una.recorder.max_notification_id() or 0 for n, una in sistema.aplicaciones.items()}
        assert esperar(sistema.motor, [una.nombre for una in PROYECCIONES], cabezas, 120)

    for ejemplo, estado, dicho in _contar_de_nuevo(api, leer_ejemplos(archivo), ponerse_al_dia):
        fijo = {clave: valor for clave, valor in dicho.items() if clave not in ejemplo.varian}
        esperado = {clave: valor for clave, valor in ejemplo.respuesta.items() if clave not in ejemplo.varian}
        assert (ejemplo.nombre, estado, fijo) == (ejemplo.nombre, ejemplo.estado, esperado)
        assert dicho.keys() == ejemplo.respuesta.keys()


def _contar_de_nuevo(
    api: FlaskClient, ejemplos: list[Ejemplo], antes: Callable[[int], None]
) -> Iterator[tuple[Ejemplo, int, Any]]:
    """Each example with the status and the body that it gets now, in the ids of the example.

    ``antes`` is told the place of each request before it is sent.
    """
    de_ahora: dict[str, str] = {}
    de_entonces: dict[str, str] = {}
    for lugar, ejemplo in enumerate(ejemplos):
        antes(lugar)
        url = ejemplo.ruta
        for parte, dicho in ejemplo.partes.items():
            url = url.replace(f"{{{parte}}}", quote(de_ahora.get(dicho, dicho)))
        consulta = _traducido(ejemplo.consulta, de_ahora)
        respuesta = api.open(
            url + ("?" + urlencode(consulta) if consulta else ""),
            method=ejemplo.metodo,
            json=_traducido(ejemplo.cuerpo, de_ahora),
            headers={"X-Request-Id": ejemplo.nombre},
        )
        propios = list(dict.fromkeys(NUEVO.findall(respuesta.text)))
        mostrados = [uno for uno in dict.fromkeys(NUEVO.findall(str(ejemplo.respuesta))) if uno not in de_ahora]
        nuevos = [uno for uno in propios if uno not in de_entonces]
        for mostrado, nuevo in zip(mostrados, nuevos, strict=False):
            de_ahora[mostrado], de_entonces[nuevo] = nuevo, mostrado
        cuerpo = respuesta.json
        yield ejemplo, respuesta.status_code, _traducido(cuerpo, de_entonces)


def _traducido(valor: Any, nombres: dict[str, str]) -> Any:
    match valor:
        case str():
            return NUEVO.sub(lambda hallado: nombres.get(hallado[0], hallado[0]), valor)
        case list():
            return [_traducido(uno, nombres) for uno in valor]
        case dict():
            return {clave: _traducido(uno, nombres) for clave, uno in valor.items()}
        case _:
            return valor
