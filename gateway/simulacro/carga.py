"""What people and other teams send during a drill, each thing until it is taken: that is what counts afterwards."""

import json
import threading
from collections.abc import Iterator
from itertools import takewhile
from random import Random
from typing import Any, Self

import httpx2
import pulsar

from gateway.config import Config
from gateway.local.direcciones import url_de_api
from gateway.pulsar.cliente import conectar
from gateway.pulsar.errores import FallaDeBroker

REMITENTES = 2
RITMO = 0.1
"""Seconds between two sendings of one sender."""
OTRA_VEZ = 0.1
"""Seconds before something is sent again that was not taken."""
MAXIMO = 20_000
"""Payments of one load: a drill that never ends must not fill a disk."""
UNO_DE_CADA = {"revertir": 5, "repetir": 3, "pausar": 7}


class Carga:
    """Payments and reversals over HTTP, and the commands of their campaigns over the broker, for a ``with`` block.

    Payment n is of campaign ``{nombre}-{n}``, which is created before or after it.
    """

    def __init__(self, config: Config, nombre: str, azar: Random) -> None:
        self._config, self.nombre = config, nombre
        self._azares = [Random(azar.random()) for _ in range(REMITENTES + 1)]  # noqa: S311 - repeatable on purpose
        self._fin = threading.Event()
        self.aceptados: dict[int, str] = {}
        """The payout of each payment that the API took."""
        self.revertidos: set[int] = set()
        self.creadas: set[int] = set()
        """Payments whose campaign was asked for, in a message that the broker took."""
        self.rechazables: set[str] = set()
        """Ids of messages, which the broker took, with commands that must be refused."""
        self._hilos = [threading.Thread(target=self._pagar, args=(desde,)) for desde in range(REMITENTES)]
        self._hilos.append(threading.Thread(target=self._mandar))

    def __enter__(self) -> Self:
        for hilo in self._hilos:
            hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        for hilo in self._hilos:
            hilo.join()

    def campania(self, numero: int) -> str:
        return f"{self.nombre}-{numero}"

    def _pagar(self, desde: int) -> None:
        azar = self._azares[desde]
        with httpx2.Client(base_url=url_de_api(self._config), timeout=10, trust_env=False) as api:
            for numero in self._hasta_el_fin(range(desde, MAXIMO, REMITENTES)):
                cuerpo = {
                    "partner_id": "simulacro", "cycle_id": self.campania(numero), "currency": "USD",
                    "total_amount": azar.randint(1, 10**6) / 100, "confirmation_id": self.campania(numero),
                    "completed_at": "2026-01-15T10:05:00",
                }  # fmt: skip
                respuesta = self._insistir(api, "/pagos/pagar", cuerpo)
                if respuesta is None:
                    return
                self.aceptados[numero] = respuesta["id"]
                if not azar.randrange(UNO_DE_CADA["revertir"]):
                    ruta = f"/pagos/{respuesta['id']}/comandos/revertir"
                    if self._insistir(api, ruta, {"motivo": "simulacro"}) is not None:
                        self.revertidos.add(numero)

    def _hasta_el_fin(self, numeros: range) -> Iterator[int]:
        return takewhile(lambda _: not self._fin.is_set(), numeros)

    def _insistir(self, api: httpx2.Client, ruta: str, cuerpo: dict[str, Any]) -> dict[str, Any] | None:
        """The answer of whoever takes it; None when the end came first. The same key each time: it counts once."""
        llave = {"Idempotency-Key": f"{self.nombre}:{ruta}:{cuerpo.get('confirmation_id', '')}"[:255]}
        while True:
            try:
                respuesta = api.post(ruta, json=cuerpo, headers=llave)
                if respuesta.status_code == 202:
                    self._fin.wait(RITMO)
                    return dict(respuesta.json())
                if respuesta.status_code < 500:
                    raise AssertionError(f"{ruta}: {respuesta.status_code} {respuesta.text[:200]}")
            except httpx2.HTTPError:
                pass
            if self._fin.wait(OTRA_VEZ):
                return None

    def _mandar(self) -> None:
        azar, topic = self._azares[-1], self._config.topics.comandos["campanias"]
        with _Remitente(self._config, topic, self._fin) as remitente:
            for numero in self._hasta_el_fin(range(MAXIMO)):
                campania = self.campania(numero)
                datos = {"idCampania": campania, "idCliente": "simulacro", "itinerario": []}
                veces = 2 if not azar.randrange(UNO_DE_CADA["repetir"]) else 1
                if not remitente.mandar(campania, f"crear:{campania}", "CrearCampania.v1", datos, veces):
                    return
                self.creadas.add(numero)
                if not azar.randrange(UNO_DE_CADA["pausar"]):
                    # Without dates it is never active.
                    if not remitente.mandar(campania, f"pausar:{campania}", "PausarCampania.v1", {}, veces):
                        return
                    self.rechazables.add(f"pausar:{campania}")
                self._fin.wait(RITMO)


class _Remitente:
    """Another team's producer, which sends plain JSON, and again when it doesn't know whether that arrived."""

    def __init__(self, config: Config, topic: str, fin: threading.Event) -> None:
        self._config, self._topic, self._fin = config, topic, fin
        self._cliente: pulsar.Client | None = None
        self._productor: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._soltar()

    def mandar(self, llave: str, id: str, tipo: str, datos: dict[str, Any], veces: int) -> bool:
        """Send a command ``veces`` times. False when the end came before the broker took it."""
        sobre = {"schemaVersion": "1", "eventId": id, "type": tipo, "aggregateId": llave, "data": datos}
        while True:
            try:
                if self._productor is None:
                    self._cliente = conectar(self._config)
                    self._productor = self._cliente.create_producer(self._topic, send_timeout_millis=5000)
                for _ in range(veces):
                    self._productor.send(json.dumps(sobre).encode(), partition_key=llave)
            except (pulsar.PulsarException, FallaDeBroker):
                self._soltar()
                if self._fin.wait(OTRA_VEZ):
                    return False
            else:
                return True

    def _soltar(self) -> None:
        cliente, self._cliente, self._productor = self._cliente, None, None
        if cliente is not None:
            try:
                cliente.close()
            except pulsar.PulsarException:
                return
