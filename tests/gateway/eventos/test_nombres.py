"""Stored names and shapes are for ever: every one resolves in a fresh process, and none changes unseen."""

import pkgutil
import subprocess
import sys
from collections.abc import Collection
from importlib import import_module
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.utils import TopicError
from hypothesis import given, settings
from hypothesis import strategies as st

import domain
from domain.base.agregado import Agregado
from gateway.eventos.llavero import Llavero
from gateway.eventos.mapper import MapperTipado
from gateway.eventos.nombres import FUERA_DEL_ESTADO, Anterior, Forma, Nombres, agregados, version_de_esquema
from tests.gateway.eventos import formas
from tests.gateway.eventos.inventado import ANTERIORES, Vale
from tests.gateway.eventos.valores import valores_de

FRESCO = """
import sys
from eventsourcing.utils import resolve_topic
from gateway.eventos.nombres import Nombres
nombres = Nombres()
for topic in sys.stdin.read().split():
    print(topic, resolve_topic(topic) is nombres.forma(topic).clase)
"""


def test_todo_nombre_guardado_se_resuelve_en_un_proceso_recien_nacido() -> None:
    nombres = list(formas.guardadas())
    hecho = subprocess.run(
        [sys.executable, "-c", FRESCO], input=" ".join(nombres), capture_output=True, text=True, check=True, timeout=120
    )
    assert hecho.stdout.split("\n")[:-1] == [f"{nombre} True" for nombre in nombres]


def test_ninguna_forma_guardada_ha_cambiado() -> None:
    vigentes, guardadas = formas.presentes(), formas.guardadas()
    anteriores = Nombres().anteriores
    assert {nombre: vigentes[nombre] for nombre in guardadas if nombre not in anteriores} == {
        nombre: forma for nombre, forma in guardadas.items() if nombre not in anteriores
    }, "una forma guardada no cambia: declare una versión nueva y deje la vieja en nombres.ANTERIORES"
    assert set(vigentes) <= set(guardadas), "anote los nombres nuevos: python -m tests.gateway.eventos.formas"
    assert set(anteriores) <= set(guardadas)


def test_un_cambio_de_forma_se_nota() -> None:
    cambiada = Forma(Vale, Vale.Emitido)
    antes = formas.describir(cambiada)
    assert antes["titular"] == "personal None | str"
    assert antes["monto"] == "{unidades: int, moneda: str}"
    cambiada.campos["monto"] = str
    assert formas.describir(cambiada) != antes


def test_todos_los_agregados_del_dominio_estan_registrados() -> None:
    for modulo in pkgutil.walk_packages(domain.__path__, "domain."):
        import_module(modulo.name)
    en_el_dominio = {clase for clase in _descendientes(Agregado) if clase.__module__.startswith("domain.")}
    assert en_el_dominio == set(agregados())


def test_todo_nombre_lleva_su_version_y_el_nombre_de_quien_le_ocurre() -> None:
    for topic in formas.guardadas():
        assert version_de_esquema(topic) >= 1
    with pytest.raises(ValueError, match="PagoCreado"):
        version_de_esquema("PagoCreado")


def test_un_nombre_desconocido_no_se_resuelve() -> None:
    with pytest.raises(TopicError, match=r"Nada\.v1"):
        Nombres().forma("Nada.v1")


def test_un_nombre_de_antes_lleva_a_la_clase_de_hoy() -> None:
    nombres = Nombres((Vale,), ANTERIORES)
    assert {nombres.forma(topic).clase for topic in ("ValeEmitido.v1", "ValeEmitido.v2", "ValeEmitido.v3")} == {
        Vale.Emitido
    }
    with pytest.raises(TopicError):
        Nombres((Vale,), {"ValeRoto.v1": Anterior("ValeRoto.v2", lambda estado: estado)})


class LlaveroEnMemoria(Llavero):
    """Keys that no database keeps."""

    def __init__(self) -> None:
        self._claves: dict[str, AESGCM | None] = {}

    def claves(self, sujetos: Collection[str]) -> dict[str, AESGCM | None]:
        return {sujeto: self._claves[sujeto] for sujeto in sujetos if sujeto in self._claves}

    def nueva(self, sujeto: str) -> tuple[AESGCM, bytes]:
        clave = self._claves[sujeto] = AESGCM(AESGCM.generate_key(256))
        return clave, b""


@settings(max_examples=25, deadline=None)
@given(datos=st.data())
@pytest.mark.parametrize("topic", sorted(Nombres().formas))
def test_todo_evento_se_guarda_y_se_lee_igual(topic: str, datos: st.DataObject) -> None:
    forma = Nombres().forma(topic)
    campos: dict[str, Any] = {campo: datos.draw(valores_de(tipo), campo) for campo, tipo in forma.campos.items()}
    if forma.es_inicial:
        campos["originator_topic"] = forma.agregado
    clase: Any = forma.clase
    evento = clase(originator_id="uno", originator_version=1, **campos)
    mapper = MapperTipado(Nombres(), LlaveroEnMemoria())
    (guardado,) = mapper.to_stored_events([evento])
    assert (guardado.originator_id, guardado.originator_version, guardado.topic) == ("uno", 1, topic)
    leido = mapper.to_domain_event(guardado)
    assert type(leido) is clase
    assert vars(leido) == vars(evento)


def _descendientes(clase: type) -> set[type]:
    hijas: set[type] = set(clase.__subclasses__())
    return hijas.union(*map(_descendientes, hijas))


def test_los_campos_de_la_fila_no_se_repiten_en_el_estado() -> None:
    for forma in Nombres().formas.values():
        assert not FUERA_DEL_ESTADO & set(forma.campos)
