"""The demo's book, over an API that comes and goes."""

from collections import Counter

import httpx2
import msgspec
import pytest

from gateway.cli.libro import Libro
from gateway.local.errores import FallaLocal
from gateway.local.sistema import puerto_libre
from tests.servidor_http import Atencion, servir


class Olvidadiza:
    """An API that dies over each order as soon as it is done, misses its database at the second try, answers the third.

    Over the first question for each campaign it dies too.
    """

    def __init__(self) -> None:
        self.llaves: Counter[str] = Counter()
        self.rutas: list[str] = []

    def __call__(self, pedido: Atencion) -> None:
        pedido.rfile.read(int(pedido.headers.get("Content-Length", 0)))
        self.rutas.append(pedido.path)
        if pedido.command == "GET":
            self._mostrar(pedido)
            return
        llave = pedido.headers["Idempotency-Key"]
        self.llaves[llave] += 1
        if self.llaves[llave] == 2:
            pedido.contestar(b"{}", 503)
        elif self.llaves[llave] == 3:
            pedido.contestar(msgspec.json.encode({"id": f"payout-{llave}"}), 202)

    def _mostrar(self, pedido: Atencion) -> None:
        if not self.llaves:
            pedido.contestar(b"{}", 404)
        elif self.rutas.count(pedido.path) > 1:
            otono = "CANCELADA" if any("revertir" in ruta for ruta in self.rutas) else "APROBADA"
            pedido.contestar(msgspec.json.encode({"estado": otono if "OTONO" in pedido.path else "ACTIVA"}))


def test_una_api_que_muere_y_vuelve_no_estorba_al_libro_y_nada_se_cuenta_dos_veces() -> None:
    api, dicho = Olvidadiza(), list[str]()
    with servir(api) as url, httpx2.Client(base_url=url, timeout=60) as cliente:
        Libro(cliente, dicho.append, con_procesador=False).escribir()
    assert "tres cosas para probar en otra terminal:" in dicho
    assert len(api.llaves) == 14
    assert set(api.llaves.values()) == {3}


def test_una_api_que_no_vuelve_se_dice() -> None:
    with httpx2.Client(base_url=f"http://127.0.0.1:{puerto_libre()}") as cliente:
        libro = Libro(cliente, print, con_procesador=False, plazo=0.2)
        with pytest.raises(FallaLocal, match="GET /campanias/VERANO-1 quedó 0 s sin respuesta"):
            libro.escribir()
