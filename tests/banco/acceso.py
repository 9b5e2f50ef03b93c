"""What asking at the door costs a request: GET /pagos/{id} with each kind of credential, against the open mode."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count, repeat
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from domain.base.contexto import Actor
from gateway.acceso.ajustes import Acceso
from gateway.acceso.identidad import Rol
from gateway.acceso.llaves import crear
from gateway.composicion import Sistema, construir
from gateway.config import Config
from gateway.http.app import crear_app
from tests.banco.bases import base_nueva
from tests.banco.medir import Razon
from tests.gateway.acceso.credenciales import RSA, SECRETO, jwks, token
from tests.gateway.sistema import pago_hecho

META = 1.15
TRAMO, TRAMOS = 25, 16
"""Requests in a row of one peer, and how many such turns make a round: short, so that noise falls on both."""
SIN_TOPE = "1000000000/minute"
Tramo = Callable[[], float]


def medir(config: Config, rondas: int) -> list[Razon]:
    """Ratios of seconds a request, behind the same limit of requests: whole ways through the application."""
    # A key closes the open mode of its database, so those that are open have another.
    aparte = base_nueva(config, "acceso_con_llaves")
    with (
        TemporaryDirectory() as carpeta,
        construir(config) as sistema,
        construir(aparte) as con_llaves,
    ):
        publicadas = Path(carpeta) / "jwks.json"
        publicadas.write_bytes(jwks(RSA))
        llave = crear(con_llaves.motor, "banco", {Rol.LECTURA}, None, Actor("cli", "banco"))

        def peticion(de: Sistema, credenciales: Iterator[str | None], **ajustes: Any) -> Tramo:
            contadores = Path(carpeta) / f"limites-{next(_numeros)}"
            acceso = Acceso(limite=SIN_TOPE, **ajustes)
            app = crear_app(de, replace(config, acceso=acceso), contadores=contadores)
            return partial(_tramo, app, credenciales, de.pagos.ejecutar(pago_hecho("CICLO")).id)

        secreto, de_jwks = {"jwt_secret": SECRETO.encode()}, {"jwks": str(publicadas)}
        abierta = peticion(sistema, repeat(None))
        casos = {
            "HS256": peticion(sistema, repeat(_hs256()), **secreto),
            "HS256, otro cada vez": peticion(sistema, map(_hs256, count(1)), **secreto),
            "RS256 con JWKS": peticion(sistema, repeat(_rs256()), **de_jwks),
            "llave": peticion(con_llaves, repeat(llave)),
        }
        # A signature that was never seen is the dearest, and no caller presents a new one each time: reported.
        return [
            _comparar(nombre, cerrada, abierta, None if "otro" in nombre else META, rondas)
            for nombre, cerrada in casos.items()
        ]


def _comparar(nombre: str, cerrada: Tramo, abierta: Tramo, meta: float | None, rondas: int) -> Razon:
    medidas = [_ronda(cerrada, abierta) for _ in range(rondas + 1)][1:]
    razones = [nuestra / suya for nuestra, suya in medidas]
    nuestra, suya = (median(lado) * 1000 / (TRAMO * TRAMOS) for lado in zip(*medidas, strict=True))
    return Razon(f"GET /pagos/{{id}} con credencial: {nombre}", "modo abierto", meta, median(razones), max(razones),
                 min(razones), nuestra, suya, "ms", a_lo_sumo=True)  # fmt: skip


def _ronda(cerrada: Tramo, abierta: Tramo) -> tuple[float, float]:
    nuestra = suya = 0.0
    for _ in range(TRAMOS):
        nuestra += cerrada()
        suya += abierta()
    return nuestra, suya


def _tramo(app: Flask, credenciales: Iterator[str | None], payout: str) -> float:
    pedidos = []
    for _ in range(TRAMO):
        credencial = next(credenciales)
        presentada = [("Authorization", f"Bearer {credencial}")] if credencial else []
        pedidos.append(EnvironBuilder(f"/pagos/{payout}", headers=presentada).get_environ())
    for pedido in pedidos:
        pedido["REMOTE_ADDR"] = "127.0.0.1"
    inicio = time.perf_counter()
    estados = {run_wsgi_app(app.wsgi_app, pedido, buffered=True)[1] for pedido in pedidos}
    transcurrido = time.perf_counter() - inicio
    if estados != {"200 OK"}:
        raise RuntimeError(f"respuestas inesperadas: {estados}")
    return transcurrido


def _hs256(numero: int = 0) -> str:
    return token(exp=int(time.time()) + 3600, jti=str(numero))


def _rs256() -> str:
    return token(RSA, "RS256", {"kid": "rsa-1"}, exp=int(time.time()) + 3600)


_numeros = count()
