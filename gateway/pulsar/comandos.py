"""Every command of the API as a message: the same fields, read by the same rules, refused with the same words."""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from uuid_utils.compat import uuid7

from domain.base.errores import ReglaRota
from domain.base.texto import IdentificadorInvalido
from domain.campanias import comandos as campanias
from domain.cliente import comandos as clientes
from domain.pagos import comandos as pagos
from gateway.http.esquemas.campanias import Crear, Gasto, Presupuesto
from gateway.http.esquemas.campos import Pedido
from gateway.http.esquemas.cliente import Actualizar, Registrar
from gateway.http.esquemas.comun import ConMotivo, Vacio
from gateway.http.esquemas.pagos import Confirmar, Fallar, Pagar
from gateway.pulsar.contratos import PUBLICO
from gateway.pulsar.hechos import PAYOUT
from gateway.pulsar.recibidos import Leido

SOBRE: Mapping[str, Any] = json.loads((PUBLICO / "comando.avsc").read_text("utf-8"))
"""The Avro schema of a command's envelope."""
Campos = dict[str, Any]
_DE_PAYOUT = re.compile(r"payout-[0-9a-f]+(-[0-9a-f]+)*")
"""An id that a payout may have: with other letters the search would never find it."""


class ComandoDesconocido(ReglaRota):
    codigo = "COMANDO_DESCONOCIDO"
    mensaje = "Este módulo no tiene ese comando"


class IdsDistintos(ReglaRota):
    codigo = "IDS_DISTINTOS"
    mensaje = "El mensaje nombra con aggregateId una cosa y en sus datos otra"


class PayoutMalNombrado(ReglaRota):
    codigo = IdentificadorInvalido.codigo
    mensaje = "aggregateId empieza por payout- y no sigue con un UUID"


@dataclass(frozen=True, slots=True)
class _Forma:
    pedido: Pedido
    hacer: Callable[[Leido, Campos], object]
    """The command, from the message and the fields that ``pedido`` read in it."""


def _sobre(comando: Callable[..., object], pedido: Pedido | None = None) -> _Forma:
    """A command on what is there. As over HTTP: what can't be an id names no stream."""
    return _Forma(pedido or Vacio(), lambda leido, campos: comando(leido.stream, **campos))


def _registrar(leido: Leido, campos: Campos) -> object:
    return clientes.RegistrarCliente(**{"id": leido.agregado or str(uuid.uuid4()), **campos})


def _crear_pago(leido: Leido, campos: Campos) -> object:
    """Raises PayoutMalNombrado: whoever gave it an id would wait for it under that one."""
    if not leido.agregado.startswith(PAYOUT):
        return pagos.CrearPago(f"{PAYOUT}{uuid7()}", **campos)
    if _DE_PAYOUT.fullmatch(leido.agregado) is None:
        raise PayoutMalNombrado
    return pagos.CrearPago(leido.agregado, **campos)


COMANDOS: Mapping[str, Mapping[str, _Forma]] = {
    "cliente": {
        "RegistrarCliente": _Forma(Registrar(), _registrar),
        "ActualizarCliente": _sobre(clientes.ActualizarCliente, Actualizar()),
        "DesactivarCliente": _sobre(clientes.DesactivarCliente, ConMotivo()),
        "ReactivarCliente": _sobre(clientes.ReactivarCliente),
        "AnonimizarCliente": _sobre(clientes.AnonimizarCliente, ConMotivo()),
    },
    "pagos": {
        "CrearPago": _Forma(Pagar(), _crear_pago),
        "ProcesarPago": _sobre(pagos.ProcesarPago),
        "ConfirmarPago": _sobre(pagos.ConfirmarPago, Confirmar()),
        "FallarPago": _sobre(pagos.FallarPago, Fallar()),
        "ReintentarPago": _sobre(pagos.ReintentarPago),
        "RevertirPago": _sobre(pagos.RevertirPago, ConMotivo()),
        "CancelarPago": _sobre(pagos.CancelarPago, ConMotivo()),
    },
    "campanias": {
        "CrearCampania": _Forma(Crear(), lambda _, campos: campanias.CrearCampania(**campos)),
        "ActivarCampania": _sobre(campanias.ActivarCampania),
        "PausarCampania": _sobre(campanias.PausarCampania),
        "ReanudarCampania": _sobre(campanias.ReanudarCampania),
        "FinalizarCampania": _sobre(campanias.FinalizarCampania),
        "CancelarCampania": _sobre(campanias.CancelarCampania, ConMotivo()),
        "RegistrarGasto": _sobre(campanias.RegistrarGasto, Gasto()),
        "AjustarPresupuesto": _sobre(campanias.AjustarPresupuesto, Presupuesto()),
    },
}
"""By module and by the command's name, without version."""
_EN_DATOS = {"CrearCampania": "idCampania", "RegistrarCliente": "id"}
"""Where the data may name what is made, as those of the API do."""


def campos_de(modulo: str, tipo: str) -> set[str]:
    """The names of the data that a command may have; none when there is no such command."""
    forma = COMANDOS[modulo].get(tipo)
    return set() if forma is None else {campo.data_key or nombre for nombre, campo in forma.pedido.fields.items()}


def nombrado_en_datos(leido: Leido) -> str:
    """The id that the data of a command give to what it makes; empty when they give none."""
    dicho = leido.datos.get(_EN_DATOS.get(leido.tipo, ""))
    return dicho if isinstance(dicho, str) else ""


def orden_de(modulo: str, leido: Leido) -> object:
    """The command that a message asks for. Raises ReglaRota as the API does, ComandoDesconocido, IdsDistintos.

    Also PayoutMalNombrado.
    """
    forma = COMANDOS[modulo].get(leido.tipo)
    if forma is None:
        raise ComandoDesconocido
    datos = leido.datos
    suyo = datos.get(_EN_DATOS.get(leido.tipo, ""))
    # Its order among others hangs on the one, and it would act on the other.
    if leido.agregado and suyo and suyo != leido.agregado:
        raise IdsDistintos
    if leido.tipo == "CrearCampania":
        datos = {"idCampania": leido.agregado, **datos}
    return forma.hacer(leido, forma.pedido.leer(datos))
