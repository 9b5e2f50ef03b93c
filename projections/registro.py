"""The list of read models. What is not here is not kept up to date."""

from projections.campanias.proyeccion import PROYECCION as CAMPANIAS
from projections.clientes.proyeccion import PROYECCION as CLIENTES
from projections.event_store.proyeccion import PROYECCION as EVENT_STORE
from projections.motor.proyeccion import Proyeccion
from projections.payouts.proyeccion import PROYECCION as PAYOUTS
from projections.por_procesar.proyeccion import PROYECCION as POR_PROCESAR

PROYECCIONES: tuple[Proyeccion, ...] = (CLIENTES, PAYOUTS, CAMPANIAS, POR_PROCESAR, EVENT_STORE)

ANTERIORES: tuple[Proyeccion, ...] = ()
"""Older versions whose code is still here, so that what they made before the newest one is followed while kept."""
CODIGO = (*PROYECCIONES, *ANTERIORES)
"""All versions that this process can follow."""
