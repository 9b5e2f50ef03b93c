"""A payment provider run by the tests on 127.0.0.1, honest unless told otherwise."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

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
        self._servidor = ThreadingHTTPServer(("127.0.0.1", 0), self._manejador())
        self._servidor.daemon_threads = False
        self._hilo = threading.Thread(target=self._servidor.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._servidor.server_port}/banco/"

    def __enter__(self) -> Self:
        self._hilo.start()
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, error: BaseException | None, traza: TracebackType | None
    ) -> None:
        self.colgar()
        self._servidor.shutdown()
        self._servidor.server_close()
        self._hilo.join()

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

    def _manejador(self) -> type[BaseHTTPRequestHandler]:
        proveedor = self

        class Manejador(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                cuerpo = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._contestar(proveedor.atender(Pedido("POST", self.headers["Idempotency-Key"], cuerpo)))

            def do_GET(self) -> None:
                self._contestar(proveedor.atender(Pedido("GET", self.path.removeprefix("/banco/pagos/"), {})))

            def _contestar(self, contestacion: Contestacion) -> None:
                if contestacion.muda:
                    proveedor._cerrado.wait()
                    return
                cuerpo = contestacion.cuerpo
                datos = cuerpo if isinstance(cuerpo, bytes) else json.dumps(cuerpo).encode()
                try:
                    self.send_response(contestacion.estado)
                    for nombre, valor in contestacion.cabeceras.items():
                        self.send_header(nombre, valor)
                    self.end_headers()
                    for i in range(0, len(datos), 1 if contestacion.goteo else len(datos)):
                        self.wfile.write(datos[i:] if not contestacion.goteo else datos[i : i + 1])
                        if contestacion.goteo and proveedor._cerrado.wait(0.05):
                            return
                except ConnectionError:
                    return  # the caller hung up, as it may

            def log_message(self, *_: object) -> None:
                pass

        return Manejador
