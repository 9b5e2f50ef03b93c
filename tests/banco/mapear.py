"""Encoding and decoding one event: our typed mapper against the library's JSON transcoder."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast

from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Mapper, Transcoding

from domain.base.contexto import Contexto, en_contexto
from domain.base.dinero import Dinero
from domain.cliente.comandos import RegistrarCliente
from domain.pagos.agregado import Payout
from gateway.composicion import Sistema, construir
from gateway.config import Config
from gateway.eventos.mapper import MapperTipado
from tests.banco.medir import Razon, comparar

AHORA = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LOTE = 500
VECES = 10


class DineroComoDict(Transcoding):
    type = Dinero
    name = "dinero"

    def encode(self, obj: Dinero) -> dict[str, Any]:
        return asdict(obj)

    def decode(self, data: dict[str, Any]) -> Dinero:
        return Dinero(**data)


def medir(config: Config, rondas: int) -> list[Razon]:
    """Ratios of round trips a second, of an event without personal data and of one with three sealed fields."""
    transcodificador = JSONTranscoder()
    transcodificador.register(DatetimeAsISO())
    transcodificador.register(DineroComoDict())
    de_serie = Mapper[str](transcodificador)
    lineas = []
    with construir(config) as sistema:
        mapper = cast(MapperTipado, sistema.clientes.mapper)
        for nombre, evento, meta in (
            ("sin datos personales", _pago(), 4.5),
            ("con datos personales", _cliente(sistema), 1.4),
        ):
            lote = [evento] * LOTE
            lineas += comparar(
                f"mapear ida y vuelta, {nombre}",
                _medida(lambda lote=lote: mapper.de_guardados(mapper.to_stored_events(lote))),  # type: ignore[misc]
                {
                    "transcodificador JSON de la biblioteca": (
                        _medida(lambda lote=lote: [_ida_y_vuelta(de_serie, evento) for evento in lote]),  # type: ignore[misc]
                        meta,
                    )
                },
                rondas,
            )
    return lineas


def _medida(mapear_lote: Callable[[], object]) -> Callable[[], float]:
    def medida() -> float:
        inicio = perf_counter()
        for _ in range(VECES):
            mapear_lote()
        return VECES * LOTE / (perf_counter() - inicio)

    return medida


def _ida_y_vuelta(mapper: Mapper[str], evento: Any) -> object:
    return mapper.to_domain_event(mapper.to_stored_event(evento))


def _pago() -> Any:
    with en_contexto(Contexto(ahora=AHORA, correlation_id="c" * 36, causation_id="c" * 36)):
        return Payout(
            id="payout-01990000-0000-7000-8000-000000000000",
            partner_id="PARTNER001",
            cycle_id="CYCLE-2024-09",
            monto=Dinero(125050, "USD"),
            payment_method_type="CREDIT_CARD",
            payment_method_mask="****1234",
            cliente_id=None,
            campania_id=None,
            reportado=True,
            confirmation_id="CONF-789456123",
            processed_at=AHORA,
            completed_at=AHORA,
        ).pending_events[0]


def _cliente(sistema: Sistema) -> Any:
    orden = RegistrarCliente("banco", "Juan Pérez", "juan.perez@example.com", "12345678", AHORA)
    sistema.clientes.ejecutar(orden)
    (evento,) = sistema.clientes.events.get("banco")
    return evento
