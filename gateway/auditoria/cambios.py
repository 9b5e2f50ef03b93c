"""What each event of a stream changed in its aggregate, field by field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.base.agregado import Agregado
from gateway.auditoria.historia import Contado, seguidos
from gateway.auditoria.muestra import datos, mostrar, partes_de

Foto = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cambio:
    """A field before and after. Something that joined a collection was None before, what left it is None after."""

    campo: str
    antes: Any
    despues: Any


@dataclass(frozen=True, slots=True)
class Paso:
    """An event, what it changed, and the aggregate as it left it (the next step changes it in place)."""

    contado: Contado
    cambios: list[Cambio]
    agregado: Agregado


def pasos(contados: Iterable[Contado]) -> Iterator[Paso]:
    """Fold the events of one stream, from its first on, and tell what each one did. Raises HistoriaIncompleta."""
    actual: Any = None
    antes: Foto = {}
    for contado in seguidos(contados):
        actual = contado.evento.mutate(actual)
        despues = _fotografiar(datos(actual))
        yield Paso(contado, list(_comparar(antes, despues)), actual)
        antes = despues


def comparar(antes: Mapping[str, Any], despues: Mapping[str, Any]) -> list[Cambio]:
    """What differs between two sets of named values."""
    return list(_comparar(_fotografiar(antes), _fotografiar(despues)))


def _fotografiar(valores: Mapping[str, Any], camino: str = "") -> Foto:
    """Copies of what may change in place; parts of a part are named ``parte.campo``."""
    foto: Foto = {}
    for campo, valor in valores.items():
        nombre = f"{camino}{campo}"
        partes = partes_de(valor)
        if partes is not None:
            foto |= _fotografiar(partes, f"{nombre}.")
        elif isinstance(valor, dict):
            foto[nombre] = dict(valor)
        else:
            foto[nombre] = set(valor) if isinstance(valor, set) else valor
    return foto


def _comparar(antes: Foto, despues: Foto) -> Iterator[Cambio]:
    for campo in {**antes, **despues}:
        viejo, nuevo = antes.get(campo), despues.get(campo)
        if viejo == nuevo:
            continue
        match viejo, nuevo:
            case (set() | None, set()) | (set(), None):
                yield from (Cambio(campo, None, mostrar(uno)) for uno in sorted((nuevo or set()) - (viejo or set())))
                yield from (Cambio(campo, mostrar(uno), None) for uno in sorted((viejo or set()) - (nuevo or set())))
            case (dict() | None, dict()) | (dict(), None):
                viejas, nuevas = viejo or {}, nuevo or {}
                for clave in {**viejas, **nuevas}:
                    if viejas.get(clave) != nuevas.get(clave):
                        par = (mostrar(viejas.get(clave)), mostrar(nuevas.get(clave)))
                        yield Cambio(f"{campo}.{clave}", *par)
            case _:
                yield Cambio(campo, mostrar(viejo), mostrar(nuevo))
