"""Kill -9 of every process in the middle of a load: what was accepted counts once, and nothing stays behind."""

import contextlib
import signal
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.de_fondo import DeFondo
from tests.eventualmente import eventualmente
from tests.recorridos.pila_en_marcha import Pila, cliente, pila, vivos

VICTIMAS = ("trabajador", "api", "reloj", "postgres")
ENVIADORES = 4
PAGO = {"total_amount": 10.01, "currency": "USD", "completed_at": "2026-01-15T10:05:00"}


@pytest.fixture
def una(tmp_path: Path) -> Iterator[Pila]:
    with pila(tmp_path / "alpes", "levantar", "--sin-broker") as una:
        una.esperar_lista()
        yield una


class Carga(DeFondo):
    """Payouts of one partner, each sent again under its own key until it is accepted, as a careful caller does."""

    def __init__(self, una: Pila) -> None:
        super().__init__(*(partial(self._enviar, desde) for desde in range(ENVIADORES)))
        self._una = una
        self.aceptados: dict[int, str] = {}

    def _enviar(self, desde: int) -> None:
        with cliente(self._una) as api:
            numero = desde
            while not self._fin.is_set():
                self._insistir(api, numero)
                numero += ENVIADORES
                self._fin.wait(0.02)

    def _insistir(self, api: httpx2.Client, numero: int) -> None:
        cuerpo = PAGO | {"partner_id": "socio", "cycle_id": f"campania-{numero}", "confirmation_id": f"TX-{numero}"}
        while True:
            try:
                respuesta = api.post("/pagos/pagar", json=cuerpo, headers={"Idempotency-Key": f"pago-{numero}"})
            except httpx2.HTTPError:
                self._fin.wait(0.05)
                continue
            if respuesta.status_code == 202:
                self.aceptados[numero] = respuesta.json()["id"]
                return
            assert respuesta.status_code >= 500, respuesta.text
            self._fin.wait(0.05)


def test_nada_se_pierde_ni_se_cuenta_dos_veces_aunque_se_mate_cada_proceso(una: Pila) -> None:
    with cliente(una) as api:
        _registrar(api, "socio")
        for numero in range(0, 40, 2):
            _crear_campania(api, f"campania-{numero}")
    with Carga(una) as carga:
        for nombre in VICTIMAS:
            _matar(una, nombre)
            antes = len(carga.aceptados)
            eventualmente(lambda: len(carga.aceptados), lambda n, antes=antes: n > antes + 20)  # type: ignore[misc]
    with cliente(una) as api:
        for numero in range(1, 40, 2):
            _crear_campania(api, f"campania-{numero}")
        eventualmente(una.al_dia, bool)
        socio = api.get("/cliente/socio").json()
        assert socio["total_pagos"] == len(carga.aceptados) == len(set(carga.aceptados.values()))
        for numero, payout in carga.aceptados.items():
            assert api.get(f"/pagos/{payout}").json()["estado"] == "COMPLETADO"
            if numero < 40:
                campania = api.get(f"/campanias/campania-{numero}").json()
                assert (numero, campania["estado"]) == (numero, "APROBADA")


def test_la_demo_sigue_con_su_libro_aunque_se_mate_su_api(tmp_path: Path) -> None:
    with pila(tmp_path / "alpes", "demo", "--salir", "--sin-broker") as una:
        eventualmente(una.dicho, lambda dicho: "3 campañas creadas" in dicho)
        _matar(una, "api")
        assert una.proceso.wait(240) == 0, una.dicho()
        assert "tres cosas para probar" in una.dicho()
        assert "stamina" not in una.dicho()


def test_si_se_mata_al_padre_no_queda_ningun_proceso_y_despues_vuelve_con_todo(una: Pila) -> None:
    with cliente(una) as api:
        _registrar(api, "ana")
        respuesta = api.post("/pagos/pagar", json=PAGO | _de_ana("TX-1"))
        assert respuesta.status_code == 202
    arbol = una.arbol()
    assert len(arbol) > 5
    una.proceso.kill()
    eventualmente(lambda: vivos(arbol), lambda quedan: quedan == [])
    with pila(una.carpeta, "levantar", "--sin-broker") as otra:
        otra.esperar_lista()
        _tiene_lo_de_antes(otra, respuesta.json()["id"])


def test_si_se_matan_todos_a_la_vez_vuelve_con_todo(una: Pila) -> None:
    with cliente(una) as api:
        _registrar(api, "ana")
        respuesta = api.post("/pagos/pagar", json=PAGO | _de_ana("TX-1"))
    arbol = una.arbol()
    for proceso in arbol:
        with contextlib.suppress(psutil.NoSuchProcess):
            proceso.kill()
    eventualmente(lambda: vivos(arbol), lambda quedan: quedan == [])
    with pila(una.carpeta, "levantar", "--sin-broker", puerto=una.puerto) as otra:
        otra.esperar_lista()
        _tiene_lo_de_antes(otra, respuesta.json()["id"])


@pytest.mark.parametrize("senal", [signal.SIGTERM, signal.SIGINT])
def test_detenerla_termina_con_todos_y_bien(una: Pila, senal: signal.Signals) -> None:
    arbol = una.arbol()
    una.proceso.send_signal(senal)
    assert una.proceso.wait(60) == 0
    # Whom it killed at its end may still be about to go.
    eventualmente(lambda: vivos(arbol), lambda quedan: quedan == [])


def _matar(una: Pila, nombre: str) -> None:
    pid = una.hijo(nombre)
    assert pid is not None
    psutil.Process(pid).kill()
    eventualmente(lambda: una.hijo(nombre), lambda nuevo: nuevo not in (None, pid))


def _registrar(api: httpx2.Client, id: str) -> None:
    cuerpo = {
        "id": id, "nombre": id, "email": f"{id}@ejemplo.co", "cedula": "1020304050", "fecha_nacimiento": "1990-01-01",
    }  # fmt: skip
    assert api.post("/cliente/registrar", json=cuerpo).status_code == 201


def _crear_campania(api: httpx2.Client, id: str) -> None:
    cuerpo = {"idCampania": id, "idCliente": "socio", "itinerario": []}
    assert api.post("/campanias/comandos/crear", json=cuerpo).status_code == 202


def _de_ana(confirmacion: str) -> dict[str, str]:
    return {"partner_id": "ana", "cycle_id": "2026-01", "confirmation_id": confirmacion}


def _tiene_lo_de_antes(una: Pila, payout: str) -> None:
    with cliente(una) as api:
        pago = api.get(f"/pagos/{payout}").json()
        assert (pago["estado"], Decimal(str(pago["monto_total"]["valor"]))) == ("COMPLETADO", Decimal("10.01"))
        eventualmente(lambda: api.get("/cliente/ana").json()["total_pagos"], lambda total: total == 1)
