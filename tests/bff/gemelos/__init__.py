"""The in-memory twins of the BFF's ports: plain folds over what happened."""

from tests.bff.gemelos.cache import CuentaEnMemoria
from tests.bff.gemelos.campanias import CampaniasEnMemoria
from tests.bff.gemelos.cliente import ClientesEnMemoria
from tests.bff.gemelos.hechos import Hechos
from tests.bff.gemelos.pagos import PagosEnMemoria

__all__ = ["CampaniasEnMemoria", "ClientesEnMemoria", "CuentaEnMemoria", "Hechos", "PagosEnMemoria"]
