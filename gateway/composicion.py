"""The one place where the pieces are put together, and the only one that owns a clock."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import set_json_dumps
from sqlalchemy import Engine, create_engine, event, make_url

from domain.base.aplicacion import Aplicacion
from domain.campanias.aplicacion import Campanias
from domain.cliente.agregado import Cliente
from domain.cliente.aplicacion import Clientes
from domain.cliente.estado import Estado
from domain.pagos.aplicacion import Pagos
from gateway.config import Config
from gateway.eventos import unicidad
from gateway.eventos.conexion import ConPlazo
from gateway.eventos.datastore import POR_DEFECTO
from gateway.eventos.fabrica import Tienda
from gateway.eventos.llavero import Llavero
from gateway.eventos.lote import cargar_una_vez


class FaltaConfigurar(ValueError):
    """A setting that a process can't work without is absent."""


@dataclass
class Sistema:
    """What a process works with. Close it, or use it as a context manager. Make it after a fork, not before."""

    clientes: Clientes
    pagos: Pagos
    campanias: Campanias
    motor: Engine
    """For the query tables, and for them only: events are written by the applications."""
    tienda: Tienda
    reloj: Callable[[], datetime]
    huella: Callable[[str, str], str]
    """The keyed hash of (purpose, value)."""

    @property
    def llavero(self) -> Llavero:
        """The keys of persons."""
        return self.tienda.llavero

    @cached_property
    def aplicaciones(self) -> dict[str, Aplicacion]:
        """The applications by name, which is also the name of their log."""
        return {aplicacion.name: aplicacion for aplicacion in (self.clientes, self.pagos, self.campanias)}

    def cerrar(self) -> None:
        """Close every connection and stop every thread. A second call does nothing."""
        self.tienda.cerrar()
        self.motor.dispose()

    def __enter__(self) -> "Sistema":
        return self

    def __exit__(self, *_: object) -> None:
        self.cerrar()


def construir(
    config: Config, *, reloj: Callable[[], datetime] | None = None, conexiones: int = 20, con_plazo: bool = False
) -> Sistema:
    """Build what a process needs. ``reloj`` replaces the machine's clock; ``conexiones`` bounds each pool.

    ``con_plazo``: somebody waits for each answer, so a database that is frozen is one that can't be reached.
    Raises FaltaConfigurar without a database or a key, eventsourcing's OperationalError when the database can't be
    reached, AlmacenInseguro when it is not migrated or would lose events, LlaveMaestraEquivocada or
    LlaveDeUnicidadEquivocada when it was written with other keys.
    """
    if config.db_url is None or config.llave_maestra is None or config.llave_unicidad is None:
        raise FaltaConfigurar("Hacen falta DB_URL, LLAVE_MAESTRA y LLAVE_UNICIDAD")
    tienda = Tienda(config.db_url, config.llave_maestra, conexiones=conexiones, con_plazo=con_plazo)
    try:
        tienda.comprobar()
        unicidad.comprobar(tienda.datastore, config.llave_unicidad)
    except BaseException:
        tienda.cerrar()
        raise
    reloj, huella = reloj or _ahora, _huella(config.llave_unicidad)
    clientes = Clientes(tienda.fabrica, reloj, huella=huella)
    campanias = Campanias(tienda.fabrica, reloj)
    # A campaign may have very many payments, whose confirmations come in batches. The others are short, or personal.
    cargar_una_vez(campanias)
    admite = _solo_clientes_activos(clientes) if config.partners_modo == "cerrado" else _cualquiera
    return Sistema(
        clientes=clientes,
        pagos=Pagos(tienda.fabrica, reloj, huella=huella, partner_admitido=admite),
        campanias=campanias,
        motor=_motor(config.db_url, conexiones, con_plazo),
        tienda=tienda,
        reloj=reloj,
        huella=huella,
    )


def _motor(db_url: str, conexiones: int, con_plazo: bool) -> Engine:
    url = make_url(db_url).set(drivername="postgresql+psycopg")
    # A peer that vanished is waited for no longer, by whoever has the time.
    sin_prisa = {"tcp_user_timeout": POR_DEFECTO["tcp_user_timeout"]}
    clase: type[psycopg.Connection[Any]] = ConPlazo if con_plazo else psycopg.Connection
    por_defecto = POR_DEFECTO if con_plazo else sin_prisa
    motor = create_engine(
        url,
        connect_args={
            # A rebuild changes the tables' columns under a prepared statement, which then fails.
            "prepare_threshold": None,
            # Elsewhere the last date there is would be read as one that there isn't, and in another style none.
            "options": f"{url.query.get('options', '')} -c TimeZone=UTC -c DateStyle=ISO",
        },
        pool_pre_ping=True,
        # An error's text would quote the values of its statement, a person's data among them.
        hide_parameters=True,
        pool_size=conexiones,
        max_overflow=0,
    )
    event.listen(motor, "do_connect", lambda _, __, args, datos: clase.connect(*args, **{**por_defecto, **datos}))
    # The standard library's encoder takes a third of the time that the audit trail costs.
    event.listen(motor, "connect", lambda conexion, _: set_json_dumps(msgspec.json.encode, conexion))
    return motor


def _ahora() -> datetime:
    return datetime.now(UTC)


def _huella(llave: bytes) -> Callable[[str, str], str]:
    """The keyed hash that names a reservation's stream or a message, so that no personal datum is an id."""

    # Keyed once: looking for the algorithm and taking in the key is most of hashing a short text.
    con_llave = hmac.new(llave, digestmod="sha256")

    def huella(proposito: str, valor: str) -> str:
        esta = con_llave.copy()
        esta.update(f"{proposito}\0{valor}".encode())
        return esta.hexdigest()

    return huella


def _cualquiera(partner_id: str) -> bool:
    return True


def _solo_clientes_activos(clientes: Clientes) -> Callable[[str], bool]:
    def admite(partner_id: str) -> bool:
        cliente = clientes.buscar(Cliente, partner_id)
        return cliente is not None and cliente.estado is Estado.ACTIVO

    return admite
