"""How many clients there are, kept. The forgotten are in no count."""

from dataclasses import dataclass

from projections.clientes.tabla import CLIENTES, FilaDeCliente
from projections.motor.conteos import Conteo, Cuentas
from projections.motor.tabla import Tabla


@dataclass(slots=True)
class FilaDeConteo:
    """``clientes`` of them are in this state."""

    estado: str
    clientes: int


def _celda(fila: FilaDeCliente) -> tuple[str] | None:
    return None if fila.busqueda is None else (fila.estado,)


TABLA = Tabla("clientes_por_estado", FilaDeConteo, clave="estado")
CONTEO = Conteo(CLIENTES, TABLA, _celda, cuentan="busqueda IS NOT NULL")
CUENTAS = Cuentas((CONTEO,))
