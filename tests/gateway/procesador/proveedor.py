"""A payment provider run by the tests on 127.0.0.1, honest unless told otherwise."""

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tests.servidor_http import Atencion, servir

COMPLETADO_EN = "2026-01-02T03:04:05+00:00"


@dataclass(frozen=True)
class Pedido:
    """What the provider was sent."""

    metodo: str
    clave: str
    cuerpo: dict[str, Any]


@dataclass(frozen=True)
class Contestacion:
    """What it answers: ``goteo`` sends a byte each 50 ms, ``muda`` nothing until the provider is told to hang up."""

    cuerpo: Any = None
    estado: int = 200
    cabeceras: dict[str, str] = field(default_factory=dict)
    goteo: bool = False
    muda: bool = False


class Proveedor:
    """Pays a key once and remembers it. ``libreto`` answers in its place, given the order and the honest answer."""

    def __init__(self, libreto: Callable[[Pedido, Contestacion], Contestacion] = lambda _, honesta: honesta) -> None:
        self.libreto, self.completado_en = libreto, COMPLETADO_EN
        self.pedidos: list[Pedido] = []
        self.pagados: dict[str, dict[str, Any]] = {}
        self._cerrado, self._candado = threading.Event(), threading.Lock()
        self._servidor = ExitStack()
        self.url = ""

    def __enter__(self) -> Self:
        self.url = self._servidor.enter_context(servir(self._contestar)) + "/banco/"
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, error: BaseException | None, traza: TracebackType | None
    ) -> None:
        self.colgar()
        self._servidor.close()

    def colgar(self) -> None:
        """Hang up on whoever still waits for an answer."""
        self._cerrado.set()

    def atender(self, pedido: Pedido) -> Contestacion:
        with self._candado:
            self.pedidos.append(pedido)
            if pedido.metodo == "POST" and pedido.clave not in self.pagados:
                self.pagados[pedido.clave] = {
                    "clave": pedido.clave,
                    "monto": pedido.cuerpo["monto"],
                    "estado": "CONFIRMADO",
                    "confirmation_id": f"BANCO-{pedido.clave}",
                    "completed_at": self.completado_en,
                }
            pagado = self.pagados.get(pedido.clave)
            return self.libreto(pedido, Contestacion(pagado) if pagado else Contestacion({}, 404))

    def _contestar(self, peticion: Atencion) -> None:
        contestacion = self.atender(_pedido(peticion))
        if contestacion.muda:
            self._cerrado.wait()
            return
        cuerpo = contestacion.cuerpo
        datos = cuerpo if isinstance(cuerpo, bytes) else json.dumps(cuerpo).encode()
        try:
            peticion.encabezar(len(datos), contestacion.estado, contestacion.cabeceras)
            de_una_vez = 1 if contestacion.goteo else len(datos)
            for i in range(0, len(datos), de_una_vez):
                peticion.wfile.write(datos[i : i + de_una_vez])
                if contestacion.goteo and self._cerrado.wait(0.05):
                    return
        except ConnectionError:
            return  # the caller hung up, as it may


def _pedido(peticion: Atencion) -> Pedido:
    if peticion.command == "GET":
        return Pedido("GET", peticion.path.removeprefix("/banco/pagos/"), {})
    cuerpo = peticion.rfile.read(int(peticion.headers["Content-Length"]))
    return Pedido("POST", peticion.headers["Idempotency-Key"], json.loads(cuerpo))
