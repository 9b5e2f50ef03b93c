"""The list of read models: complete, and in step with the tables."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.base.agregado import Agregado, Evento
from domain.base.rechazo import Rechazo
from domain.base.reserva import Reserva
from domain.campanias.agregado import Campania
from domain.campanias.espera import Espera
from domain.cliente.agregado import Cliente
from domain.pagos.agregado import Payout
from projections.motor.generaciones import seguimiento_de
from projections.motor.proyeccion import Conmutador, EventoSinDestino, FilaAusente, Proyeccion
from projections.motor.tabla import Tabla
from projections.registro import PROYECCIONES
from tests.projections import formas
from tests.projections.banco_de_lectura import Lectura

DE_CADA_LOG: dict[str, tuple[type[Agregado], ...]] = {
    "clientes": (Cliente, Reserva, Rechazo),
    "pagos": (Payout, Reserva, Rechazo),
    "campanias": (Campania, Espera, Rechazo),
}
CONMUTADORES = [(una, conmutador) for una in PROYECCIONES for conmutador in una.conmutadores]
TABLAS = [tabla for una in PROYECCIONES for tabla in una.tablas]


def clases(agregado: type[Agregado]) -> list[type[Evento]]:
    return [
        clase
        for nombre, clase in vars(agregado).items()
        if isinstance(clase, type) and issubclass(clase, Evento) and nombre != "Event"
    ]


@pytest.mark.parametrize(("proyeccion", "conmutador"), CONMUTADORES)
def test_cada_hecho_tiene_destino_o_se_ignora_a_proposito(
    proyeccion: Proyeccion, conmutador: Conmutador[object]
) -> None:
    for clase in (una for agregado in DE_CADA_LOG[conmutador.aplicacion] for una in clases(agregado)):
        evento = object.__new__(clase)
        object.__setattr__(evento, "originator_id", "uno")
        try:
            conmutador.aplicar({}, evento)
        except EventoSinDestino:
            pytest.fail(f"{proyeccion.nombre} no dice qué hace con {clase.TOPIC}")
        except (FilaAusente, AttributeError, KeyError):
            pass


@pytest.mark.parametrize(("proyeccion", "conmutador"), CONMUTADORES)
def test_el_nombre_del_seguimiento_cabe(proyeccion: Proyeccion, conmutador: Conmutador[object]) -> None:
    """With room for ten thousand generations."""
    assert len(seguimiento_de(proyeccion.nombre, 9999, conmutador.aplicacion)) <= 32


def test_los_nombres_y_las_tablas_no_se_repiten() -> None:
    assert len({una.nombre for una in PROYECCIONES}) == len(PROYECCIONES)
    assert len({tabla.nombre for tabla in TABLAS}) == len(TABLAS)


def test_ninguna_version_ha_cambiado_de_forma() -> None:
    vigentes, guardadas = formas.presentes(), formas.guardadas()
    assert {cual: vigentes[cual] for cual in guardadas if cual in vigentes} == {
        cual: forma for cual, forma in guardadas.items() if cual in vigentes
    }, "una versión no cambia de columnas ni de eventos: súbale «version» a la proyección"
    assert set(vigentes) <= set(guardadas), "anote las versiones nuevas: python -m tests.projections.formas"


def test_un_cambio_de_columnas_o_de_eventos_se_nota() -> None:
    @dataclass
    class Fila:
        id: str
        monto: Decimal | None

    def forma(conmutador: Conmutador[Fila]) -> formas.Forma:
        return formas.describir(Proyeccion("vales", 1, (conmutador,)))

    tabla = Tabla("vales", Fila)
    antes = forma(Conmutador("pagos", tabla))
    assert antes["tablas"]["vales"] == {"(clave)": "id", "id": 'text COLLATE "C" NOT NULL', "monto": "numeric"}
    assert forma(Conmutador("pagos", replace(tabla, resto_de_clave=("monto",)))) != antes
    atento = Conmutador("pagos", tabla)
    atento.ignora(Payout.Confirmado)
    assert forma(atento)["eventos"] == {"pagos": {"dobla": [], "ignora": [Payout.Confirmado.TOPIC]}}


def test_las_columnas_son_las_de_la_base(lectura: Lectura) -> None:
    consulta = text(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = CAST(:tabla AS regclass) AND attnum > 0 AND NOT attisdropped"
    )
    with lectura.motor.connect() as conexion:
        for tabla in TABLAS:
            hay = {fila[0]: fila[1] for fila in conexion.execute(consulta, {"tabla": tabla.nombre})}
            assert hay == dict(zip(tabla.columnas, tabla.tipos, strict=True)), tabla.nombre


def test_la_clave_de_cada_tabla_es_una_columna() -> None:
    assert all(tabla.clave in tabla.columnas for tabla in TABLAS)
