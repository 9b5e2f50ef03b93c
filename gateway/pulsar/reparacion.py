"""The safe repair of a module whose log and topic are of two histories: what was told stays told, and nothing is lost.

No event is changed and no message taken back. New events get positions that nobody has seen, which also are the
numbers by which the broker knows what is repeated; what the log has and the topic lacks is told late, in the log's
order. It may be killed at any point and repeated: it looks at the topic first.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pulsar
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.base.aplicacion import Aplicacion
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.pulsar.admin import Administracion, anunciar
from gateway.pulsar.alineacion import mirar
from gateway.pulsar.contratos import TEXTO_DE_ENVOLTURA
from gateway.pulsar.cotejo import segun_el_log
from gateway.pulsar.diferencias import Alineacion
from gateway.pulsar.emisor import Emisor, Tardio
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.lugares import apartar, lugares_de
from gateway.pulsar.oido import RETENCION
from gateway.pulsar.pendientes import SUSCRIPCION, topics_oidos
from gateway.pulsar.relato import Marca
from gateway.puntos import Punto, pasar
from gateway.relevos import ESQUEMA, seguimiento_de_relevo
from projections.motor.conexion import conexion_propia
from projections.motor.reclamo import INTENTOS
from projections.motor.seguimiento import Seguimiento
from projections.motor.turno import Turno

PLAZO = 15.0
"""Seconds in which a relay that has lost its turn lets go of the topic."""
PAUSA = 0.1
PRINCIPIO = datetime.fromtimestamp(0, UTC)


class RelevoEnMarcha(FallaDeBroker):
    """Somebody tells on the topic under the relay's name, and doesn't stop."""


def reparar(aplicacion: Aplicacion, sistema: Sistema, config: Config, cliente: pulsar.Client,
            desde: int | None = None) -> Alineacion:  # fmt: skip
    """Align a module, as it stands once no relay tells any more; returns how it stood. ``desde`` as ``mirar`` takes it.

    A relay that runs loses its turn and takes it again afterwards. Raises RelevoEnMarcha, PosicionDisputada when
    another one takes the turn meanwhile, PulsarException, FallaDeBroker, and what ``segun_el_log`` raises.
    """
    fila = seguimiento_de_relevo(aplicacion.modulo)
    with conexion_propia(sistema.motor, "public") as conexion, Session(conexion) as sesion:
        seguimiento = Seguimiento(sistema.motor)
        with sesion.begin():
            sesion.execute(text("SET application_name = 'alpes mensajes alinear'"))
            seguimiento.abrir(sesion, [fila], ESQUEMA)
        turno = Turno([fila], ESQUEMA, sesion)
        # A relay that claims it at the same moment is told when it next looks.
        epoca = next((una for _ in range(INTENTOS) if (una := turno.tomar(forzar=True)) is not None), None)
        if epoca is None:
            raise RelevoEnMarcha(f"otro proceso tomó el turno de {fila}: repita la orden")
        try:
            with _emisor(aplicacion, config, cliente, turno) as emisor:
                visto = mirar(aplicacion, config, cliente, lambda: lugares_de(sistema, aplicacion.name),
                              memoria=emisor.ultima_secuencia, desde=desde, latido=turno.renovar)  # fmt: skip
                if not visto.alineado:
                    marca = Marca(seguimiento, sesion, fila, epoca)
                    marca.mover(_hasta(visto, aplicacion, sistema, emisor, turno))
        finally:
            turno.soltar()
    return visto


def releer_desde(vistos: Sequence[Alineacion]) -> datetime | None:
    """The instant from which on what came in is to be read again; None unless the database was restored.

    All of it was copied at one moment, before which stands whatever log and topic have in common. What had not been
    counted by then may have waited for as long as commands are kept.
    """
    restaurados = [uno.comun_en for uno in vistos if uno.restaurada]
    if not restaurados:
        return None
    return datetime.fromisoformat(min(restaurados)) - timedelta(minutes=RETENCION) if all(restaurados) else PRINCIPIO


def releer(config: Config, vistos: Sequence[Alineacion]) -> str:
    """Have our consumers take up again what came in since ``releer_desde``: the inbox knows what was counted.

    Says of which topics the broker doesn't let us, and why. Does nothing where its administration isn't known.
    """
    desde, administracion, fallas = releer_desde(vistos), Administracion.de(config), list[str]()
    if desde is not None and administracion is not None:
        with administracion:
            for topic in topics_oidos(config).values():
                try:
                    administracion.rebobinar(topic, SUSCRIPCION, int(desde.timestamp() * 1000))
                except FallaDeBroker as falla:
                    fallas.append(f"{topic}: {falla}")
    return "; ".join(fallas)


def _hasta(visto: Alineacion, aplicacion: Aplicacion, sistema: Sistema, emisor: Emisor, turno: Turno) -> int:
    """Do what is to be done outside tracking, and tell where the relay stands then."""
    tardios = visto.tardios
    base, cabeza = apartar(sistema.motor, aplicacion.name, visto.debida, visto.cabeza, len(tardios))
    if not tardios:
        # What the topic has lost at its end, the relay tells again when it finds itself there.
        return visto.final
    pasar(Punto.LEIDO)
    reservadas = base + len(tardios) + cabeza - visto.cabeza
    faltan, secuencia = set(tardios), base
    # Each with the position that comes before its own in the log: to a reader it is an old message, and no hole.
    for mensaje in segun_el_log(aplicacion):
        if mensaje.posicion > cabeza:
            break
        # What is to be told may stand far back in the log: who has no turn by then may not store that it was.
        turno.renovar()
        if mensaje.posicion in faltan or mensaje.posicion > visto.cabeza:
            secuencia += 1
            while emisor.lleno:
                _atender(emisor, turno)
            emisor.enviar(mensaje, Tardio(secuencia, reservadas))
            pasar(Punto.A_MEDIO_RELATAR)
    while emisor.pendientes:
        _atender(emisor, turno)
    if emisor.repetidos:
        raise FallaDeBroker("El broker tomó por repetido lo que no lo era; repita la orden")
    return reservadas


def _atender(emisor: Emisor, turno: Turno) -> None:
    emisor.recoger()
    turno.renovar()
    time.sleep(PAUSA / 10)


@contextmanager
def _emisor(aplicacion: Aplicacion, config: Config, cliente: pulsar.Client, turno: Turno) -> Iterator[Emisor]:
    """Our one producer, once whoever had it has let go of it."""
    topic = config.topics.eventos[aplicacion.modulo]
    anunciar(config, topic, TEXTO_DE_ENVOLTURA)
    limite = time.monotonic() + PLAZO
    while True:
        try:
            emisor = Emisor(cliente, topic, aplicacion.modulo)
            break
        except pulsar.ProducerBusy as error:
            if time.monotonic() > limite:
                raise RelevoEnMarcha(
                    f"un relevo sigue contando en {topic}, y no mira esta base de datos: deténgalo y repita la orden"
                ) from error
            time.sleep(PAUSA)
            turno.renovar()
    try:
        yield emisor
    finally:
        emisor.cerrar()
