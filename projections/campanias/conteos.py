"""How many campaigns there are, kept."""

from dataclasses import dataclass

from projections.campanias.tabla import CAMPANIAS
from projections.motor.conteos import Conteo, Cuentas
from projections.motor.tabla import Tabla


@dataclass(slots=True)
class FilaDeEstado:
    """``campanias`` of them are in this state."""

    estado: str
    campanias: int


@dataclass(slots=True)
class FilaDeCliente:
    """``campanias`` of this client are in this state."""

    cliente_id: str
    estado: str
    campanias: int


POR_ESTADO = Tabla("campanias_por_estado", FilaDeEstado, clave="estado")
POR_CLIENTE = Tabla("campanias_por_cliente", FilaDeCliente, clave="cliente_id", resto_de_clave=("estado",))

CUENTAS = Cuentas(
    (
        Conteo(CAMPANIAS, POR_ESTADO, lambda fila: (fila.estado,)),
        Conteo(CAMPANIAS, POR_CLIENTE, lambda fila: (fila.cliente_id, fila.estado)),
    )
)
