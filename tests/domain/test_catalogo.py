"""Every refusal has a name, a code of its own and a place in the one table."""

import importlib
import pkgutil

import domain
from domain.base.errores import Conflicto, ErrorDeDominio, ReglaRota
from domain.catalogo import ERRORES

CLASES_DE_RECHAZO = {ErrorDeDominio, ReglaRota, Conflicto}


def _descendientes(clase: type[ErrorDeDominio]) -> set[type[ErrorDeDominio]]:
    return {clase}.union(*(_descendientes(hija) for hija in clase.__subclasses__()))


def _del_dominio() -> set[type[ErrorDeDominio]]:
    for modulo in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(modulo.name)
    return {clase for clase in _descendientes(ErrorDeDominio) if clase.__module__.startswith("domain.")}


def test_todo_error_del_dominio_esta_en_la_tabla() -> None:
    assert set(ERRORES.values()) == _del_dominio() - CLASES_DE_RECHAZO


def test_cada_codigo_es_de_un_solo_error() -> None:
    codigos = [clase.codigo for clase in _del_dominio() - CLASES_DE_RECHAZO]
    assert sorted(codigos) == sorted(set(codigos))


def test_un_codigo_se_escribe_en_mayusculas_y_sale_del_nombre() -> None:
    for codigo, clase in ERRORES.items():
        palabras = "".join(parte.capitalize() for parte in codigo.split("_"))
        assert palabras == clase.__name__
