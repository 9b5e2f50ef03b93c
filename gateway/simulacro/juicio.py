"""What must be true after a drill: all that was taken is there, once, in the tables and on the topics."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import text

from domain.base.agregado import Evento
from domain.base.rechazo import Rechazo
from domain.campanias.agregado import Campania
from domain.pagos.agregado import Payout
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.eventos.log import LogDeAplicacion, logs_de
from gateway.pulsar.cliente import conectar
from gateway.pulsar.cotejo import cotejar
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.pendientes import pendientes
from gateway.relevos import relevos
from gateway.retrasos import aparcados, proyecciones, reacciones
from gateway.simulacro.carga import Carga
from projections.motor.conduccion import Taller
from projections.motor.verificacion import verificar
from projections.registro import CODIGO, PROYECCIONES

PLAZO = 180.0
"""Seconds that everybody may take to come to the end of what there is."""
PAUSA = 0.5
MUESTRA = 5


def juzgar(sistema: Sistema, config: Config, carga: Carga) -> list[str]:
    """What is wrong, a Spanish sentence each, once every reader has come to the end; none when all is well."""
    faltas = _hasta_que_no_haya(lambda: [*_atrasos(sistema, config), *_estados(sistema, carga)])
    return faltas or [*_hechos(sistema, carga), *_topics(sistema, config), *_tablas(sistema)]


def _hasta_que_no_haya(mirar: Callable[[], list[str]]) -> list[str]:
    """At two looks in a row: what somebody had in hand during the first, asked after it, shows at the second."""
    limite, seguidas = time.monotonic() + PLAZO, 0
    while True:
        faltas = mirar()
        seguidas = 0 if faltas else seguidas + 1
        if seguidas == 2 or time.monotonic() > limite:
            return faltas
        time.sleep(PAUSA)


def _atrasos(sistema: Sistema, config: Config) -> list[str]:
    filas = [*proyecciones(sistema), *reacciones(sistema), *relevos(sistema)]
    faltas = [f"{una['nombre']} está {una['estado']}" for una in filas if una["estado"] != "al día"]
    try:
        oyen = pendientes(config)
    except FallaDeBroker as falla:
        # Killed last of all, it may still be on its way back.
        return [*faltas, str(falla)]
    faltas += [f"{uno['nombre']} tiene {uno['pendientes']} por leer" for uno in oyen if uno["pendientes"]]
    return faltas + [f"{nombre} aparcó {cuantos}" for nombre, cuantos in aparcados(sistema).items()]


def _estados(sistema: Sistema, carga: Carga) -> list[str]:
    with sistema.motor.connect() as conexion:
        filas = conexion.execute(text("SELECT id, estado FROM campanias WHERE id LIKE :como"), _como(carga))
        vistos = {fila.id: fila.estado for fila in filas}
    debidos = {carga.campania(numero): _debido(carga, numero) for numero in carga.creadas}
    otras = [una for una in debidos if vistos.get(una) != debidos[una]]
    return [f"{una} está {vistos.get(una)}, no {debidos[una]}" for una in otras[:MUESTRA]]


def _debido(carga: Carga, numero: int) -> str:
    if numero in carga.revertidos:
        return "CANCELADA"
    return "APROBADA" if numero in carga.aceptados else "PENDIENTE"


def _hechos(sistema: Sistema, carga: Carga) -> Iterator[str]:
    """What the logs say of this load: each payment, campaign, reaction and refusal once."""
    pagos = _contar(sistema, "pagos", {Payout.Creado: "originator_id"})
    for numero, payout in carga.aceptados.items():
        if pagos[Payout.Creado, payout] != 1:
            yield f"el pago {numero}, aceptado, está {pagos[Payout.Creado, payout]} veces en el registro"
    campos = {Campania.Creada: "originator_id", Campania.Aprobada: "originator_id", Campania.Cancelada: "originator_id",
              Campania.PagoAsociado: "originator_id", Rechazo.ComandoRechazado: "mensaje_id"}  # fmt: skip
    vistos = _contar(sistema, "campanias", campos)
    for numero in carga.creadas:
        campania, debido = carga.campania(numero), _debido(carga, numero)
        bien = {
            Campania.Creada: {1},
            Campania.Aprobada: {"APROBADA": {1}, "CANCELADA": {0, 1}, "PENDIENTE": {0}}[debido],
            Campania.Cancelada: {1} if debido == "CANCELADA" else {0},
            Campania.PagoAsociado: {0},
        }
        for clase, admitidas in bien.items():
            if vistos[clase, campania] not in admitidas:
                yield f"{campania}, {debido}: {vistos[clase, campania]} veces {clase.TOPIC}"
    for mensaje in carga.rechazables:
        if vistos[Rechazo.ComandoRechazado, mensaje] != 1:
            yield f"{mensaje}: {vistos[Rechazo.ComandoRechazado, mensaje]} veces ComandoRechazado.v1"


def _contar(sistema: Sistema, aplicacion: str, campos: Mapping[type[Evento], str]) -> Counter[tuple[type, str]]:
    """How often each event of these classes is in a log, by the value of the field that says whose it is."""
    log, posicion = LogDeAplicacion(sistema.aplicaciones[aplicacion]), 0
    veces: Counter[tuple[type, str]] = Counter()
    while filas := log.leer(posicion, 1000):
        for evento in log.abrir_sin_personales(filas):
            campo = campos.get(type(evento))
            if campo is not None:
                veces[type(evento), getattr(evento, campo)] += 1
        posicion = filas[-1].posicion
    return veces


def _topics(sistema: Sistema, config: Config) -> Iterator[str]:
    cliente = conectar(config)
    try:
        for aplicacion in sistema.aplicaciones.values():
            topic = config.topics.eventos[aplicacion.modulo]
            visto = cotejar(aplicacion, cliente, topic)
            for que in ("faltan", "sobran", "repetidos", "cambiados", "en_desorden"):
                if posiciones := getattr(visto, que):
                    yield f"{topic}: {len(posiciones)} {que.replace('_', ' ')}, como {posiciones[:MUESTRA]}"
    finally:
        cliente.close()


def _tablas(sistema: Sistema) -> Iterator[str]:
    taller = Taller(CODIGO, logs_de(sistema.aplicaciones), sistema.motor)
    for nombre in dict.fromkeys(una.nombre for una in PROYECCIONES):
        if not verificar(nombre, taller).iguales:
            yield f"las tablas de {nombre} no son lo que hacen los eventos"


def _como(carga: Carga) -> dict[str, str]:
    return {"como": f"{carga.nombre}-%"}
