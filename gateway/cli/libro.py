"""A small real book for ``demo``: what people would send, sent over HTTP, and what came of it."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx2
import stamina

from gateway.local.errores import FallaLocal

PLAZO = 60.0
"""Seconds that a reaction, the processor, the clock or an API that died may take; they need two or three."""
PAGADO = {"processed_at": "2026-01-15T10:00:00", "completed_at": "2026-01-15T10:05:00"}
CLIENTES = (("ana", "Ana Gómez", "1"), ("bruno", "Bruno Díaz", "2"), ("carla", "Carla Ñáñez", "3"))


class Libro:
    """One book, under a number that no earlier one on this database has. ``escribir`` does it all."""

    def __init__(
        self, api: httpx2.Client, decir: Callable[[str], None], *, con_procesador: bool, plazo: float = PLAZO
    ) -> None:
        """``con_procesador``: unreported payouts are driven on, so that their outcome can be waited for."""
        self._api, self._decir, self._con_procesador, self._plazo = api, decir, con_procesador, plazo
        self._numero = 1

    def escribir(self) -> None:
        """Send the book and wait for what follows from it. Raises FallaLocal when something doesn't follow."""
        while self._pedir("GET", f"/campanias/{self.verano}").status_code == 200:
            self._numero += 1
        self._decir(f"libro {self._numero}: hay {self._numero - 1} anteriores en esta base de datos")
        self._clientes()
        self._campanias()
        aprobador = self._campania_aprobada()
        self._campania_cancelada()
        self._pagos_en_curso()
        self._sugerir(aprobador)

    @property
    def verano(self) -> str:
        return f"VERANO-{self._numero}"

    @property
    def otono(self) -> str:
        return f"OTONO-{self._numero}"

    def _id(self, nombre: str) -> str:
        return f"{nombre}-{self._numero}"

    def _clientes(self) -> None:
        for nombre, completo, cifra in CLIENTES:
            cuerpo = {
                "id": self._id(nombre),
                "nombre": completo,
                "email": f"{nombre}{self._numero}@ejemplo.co",
                "cedula": f"10{self._numero:06d}{cifra}",
                "fecha_nacimiento": "1990-04-12",
            }
            self._enviar("/cliente/registrar", cuerpo)
        self._decir(f"{len(CLIENTES)} clientes registrados: {', '.join(self._id(n) for n, _, _ in CLIENTES)}")

    def _campanias(self) -> None:
        con_fechas = {"presupuesto": 5000, "moneda": "USD", "fecha_inicio": "2026-01-01", "fecha_fin": "2099-12-31"}
        for campania, nombre, de, mas in (
            (self.verano, "Verano", "ana", con_fechas),
            (self.otono, "Otoño", "bruno", {}),
            (f"INVIERNO-{self._numero}", "Invierno", "carla", {}),
        ):
            itinerario = ["Bogotá", "Cartagena"]
            cuerpo = {
                "idCampania": campania,
                "idCliente": self._id(de),
                "itinerario": itinerario,
                "nombre": nombre,
                **mas,
            }
            self._enviar("/campanias/comandos/crear", cuerpo)
        self._decir("3 campañas creadas, todas PENDIENTE")

    def _campania_aprobada(self) -> str:
        payout = self._pagar(self._id("ana"), self.verano, 1250.50, "USD", confirmation_id=self._id("TX-A"), **PAGADO)
        campania = self._esperar(f"/campanias/{self.verano}", "ACTIVA")
        self._decir(
            f"pago {payout} de 1250.50 USD confirmado → {self.verano} aprobada, y el reloj la inició: {campania}"
        )
        return payout

    def _campania_cancelada(self) -> None:
        payout = self._pagar(self._id("bruno"), self.otono, 900000, "COP", confirmation_id=self._id("TX-B"), **PAGADO)
        self._esperar(f"/campanias/{self.otono}", "APROBADA")
        self._enviar(f"/pagos/{payout}/comandos/revertir", {"motivo": "cobro duplicado"})
        campania = self._esperar(f"/campanias/{self.otono}", "CANCELADA")
        self._decir(f"pago {payout} de 900000 COP revertido → {self.otono}: {campania}")

    def _pagos_en_curso(self) -> None:
        socio, ciclo = self._id("carla"), self._id("ciclo")
        self._pagar(socio, ciclo, 310.125, "KWD", processed_at=PAGADO["processed_at"])
        self._pagar(socio, ciclo, 42, "EUR", failure_reason="cuenta cerrada")
        self._decir("informados: uno en KWD que sigue PROCESANDO y uno en EUR que ya había FALLIDO")
        for monto, moneda, final, que in (
            (98000, "JPY", "COMPLETADO", "lo pagó el procesador"),
            (75.13, "USD", "COMPLETADO", "falló por lo técnico, se reintentó solo y se pagó"),
            (20.66, "EUR", "FALLIDO", "el procesador lo rechazó del todo"),
        ):
            payout = self._pagar(socio, ciclo, monto, moneda)
            if self._con_procesador:
                self._esperar(f"/pagos/{payout}", final)
                self._decir(f"pago {payout} de {monto} {moneda}: {que} → {final}")

    def _pagar(self, partner: str, ciclo: str, monto: float, moneda: str, **mas: str) -> str:
        cuerpo = {"partner_id": partner, "cycle_id": ciclo, "total_amount": monto, "currency": moneda, **mas}
        return str(self._enviar("/pagos/pagar", cuerpo)["id"])

    def _enviar(self, ruta: str, cuerpo: dict[str, Any]) -> dict[str, Any]:
        # By its key an order that is sent again, since its answer was lost, is told once all the same.
        respuesta = self._pedir("POST", ruta, json=cuerpo, headers={"Idempotency-Key": str(uuid.uuid4())})
        if not respuesta.is_success:
            raise FallaLocal(f"POST {ruta} respondió {respuesta.status_code}: {respuesta.text}")
        return dict(respuesta.json())

    def _pedir(self, metodo: str, ruta: str, **mas: Any) -> httpx2.Response:
        """Ask, and again while the API is away or away from its database: who dies comes back. Raises FallaLocal."""
        try:
            for intento in stamina.retry_context(
                on=httpx2.HTTPError, attempts=None, timeout=self._plazo, wait_initial=0.05, wait_max=1.0, wait_jitter=0
            ):
                with intento:
                    respuesta = self._api.request(metodo, ruta, **mas)
                    return respuesta.raise_for_status() if respuesta.status_code == 503 else respuesta
        except httpx2.HTTPError as error:
            raise FallaLocal(f"{metodo} {ruta} quedó {self._plazo:.0f} s sin respuesta: {error}") from error
        raise AssertionError

    def _esperar(self, ruta: str, estado: str) -> str:
        limite, visto = time.monotonic() + self._plazo, ""
        while time.monotonic() < limite:
            respuesta = self._pedir("GET", ruta)
            visto = str(respuesta.json().get("estado")) if respuesta.is_success else str(respuesta.status_code)
            if visto == estado:
                return estado
            time.sleep(0.1)
        raise FallaLocal(f"GET {ruta} debía llegar a {estado} en {self._plazo:.0f} s, y está en {visto}")

    def _sugerir(self, aprobador: str) -> None:
        url = str(self._api.base_url).rstrip("/")
        for linea in (
            "tres cosas para probar en otra terminal:",
            f"  curl {url}/campanias/{self.verano}",
            f"  curl {url}/auditoria/{self.verano}",
            f"  curl -X POST {url}/pagos/{aprobador}/comandos/revertir -H 'Content-Type: application/json' "
            f'-d \'{{"motivo": "prueba"}}\'   # y la primera dirá CANCELADA',
        ):
            self._decir(linea)
