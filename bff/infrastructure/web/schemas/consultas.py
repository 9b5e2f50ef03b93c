"""What may be said in the query string of each list."""

from typing import Any

from bff.domain.models.search_result import LETRAS, LIMITE, LIMITE_MAXIMO, Tipo
from bff.infrastructure.web.schemas.campos import (
    DePagina,
    Entero,
    Estados,
    Instante,
    InstanteFinal,
    Momento,
    Monto,
    Opcion,
    Parametro,
    Parametros,
)
from projections.campanias.consultas import SIGNIFICADOS as DE_CAMPANIA
from projections.campanias.consultas import estados as estados_de_campania
from projections.payouts.filtro import SIGNIFICADOS as DE_PAGO
from projections.payouts.filtro import estados as estados_de_pago

DE_CUALQUIERA = "all"


class Texto(Parametro):
    """A text of ``minimo`` to 200 characters."""

    def __init__(self, minimo: int = 1, **mas: Any) -> None:
        super().__init__(minLength=minimo, maxLength=200, **mas)
        self._minimo = minimo

    def error(self) -> str:
        return f"debe tener de {self._minimo} a 200 caracteres"

    def leer(self, texto: str) -> str:
        if not self._minimo <= len(texto.strip()) <= 200:
            raise ValueError
        return texto.strip()


class Clientes(DePagina):
    search = Texto(description="Parte del nombre o del email, sin importar tildes ni mayúsculas")
    sort_by = Opcion(("nombre", "fecha_registro"), si_falta="fecha_registro")
    sort_order = Opcion(("asc", "desc"), si_falta="desc")


class Pagos(DePagina):
    partner_id = Texto()
    estado = Estados(estados_de_pago, DE_PAGO)
    fecha_desde = Instante()
    fecha_hasta = InstanteFinal()
    monto_min = Monto()
    monto_max = Monto()


class Campanias(DePagina):
    estado = Estados(estados_de_campania, DE_CAMPANIA)
    cliente_id = Texto()


class Busqueda(Parametros):
    q = Texto(LETRAS, requerido=True, description="Lo que contienen ids, nombres, emails, partners o ciclos")
    type = Opcion((*Tipo, DE_CUALQUIERA), si_falta=DE_CUALQUIERA)
    limit = Entero(
        1, lambda: LIMITE_MAXIMO, si_falta=LIMITE, maximum=LIMITE_MAXIMO, description="De cada tipo, como mucho"
    )


class ComoDe(Parametros):
    """``como_de``: an instant of recording; what was known then. The core reads it."""

    como_de = Momento()
