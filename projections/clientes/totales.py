"""What clients were paid, kept up to date from three logs that have no common order.

Every payment counts for exactly one id: the client told with it, else the client of its campaign, else its partner.
That a partner or a client is registered decides only whether a row of ``clientes`` shows the total, so the order in
which clients, payments and campaigns become known leaves no trace.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from projections.clientes.conteo import CUENTAS
from projections.clientes.tabla import CLIENTES, DUENOS, VINCULOS, FilaDeCliente, FilaDeDueno, FilaDeVinculo
from projections.motor.escritura import traer
from projections.motor.proyeccion import Cambios

Sumas = dict[tuple[str, str], tuple[int, Decimal]]
"""Payments and amount to add, by client and currency; negative to take back."""

# The payments that were their partner's, since no such campaign was known, become its client's.
_MUDAR = """
    WITH mudados AS (
        UPDATE clientes_vinculos v SET cliente_id = d.cliente_id
        FROM unnest(%b::text[], %b::text[]) AS d (campania_id, cliente_id)
        WHERE v.campania_id = d.campania_id AND NOT v.cliente_dicho
        RETURNING v.partner_id, v.cliente_id, v.moneda, v.monto, v.completado_en
    ), contados AS (SELECT * FROM mudados WHERE completado_en IS NOT NULL)
    SELECT cliente_id, moneda, count(*), sum(monto) FROM contados GROUP BY 1, 2
    UNION ALL
    SELECT partner_id, moneda, -count(*), -sum(monto) FROM contados GROUP BY 1, 2
"""
_SUMAR = """
    INSERT INTO clientes_totales AS t (cliente_id, moneda, pagos, monto)
    SELECT * FROM unnest(%b::text[], %b::text[], %b::bigint[], %b::numeric[])
    ON CONFLICT (cliente_id, moneda) DO UPDATE SET pagos = t.pagos + excluded.pagos, monto = t.monto + excluded.monto
"""
_LIMPIAR = "DELETE FROM clientes_totales WHERE cliente_id = ANY(%b) AND pagos = 0"
_TOTALES = """
    LATERAL (
        SELECT coalesce(sum(pagos), 0)::bigint AS total_pagos,
               coalesce((array_agg(monto ORDER BY pagos DESC, moneda))[1], 0) AS monto,
               (array_agg(moneda ORDER BY pagos DESC, moneda))[1] AS moneda
        FROM clientes_totales WHERE cliente_id = tocado.id
    ) AS t
    CROSS JOIN LATERAL (
        SELECT min(completado_en) AS primero, max(completado_en) AS ultimo
        FROM clientes_vinculos WHERE cliente_id = tocado.id AND completado_en IS NOT NULL
    ) AS p
"""
_MOSTRAR = f"""
    UPDATE clientes c
    SET total_pagos = t.total_pagos, monto_total = t.monto, moneda = t.moneda, primer_pago = p.primero,
        ultimo_pago = p.ultimo
    FROM clientes tocado CROSS JOIN {_TOTALES}
    WHERE tocado.id = ANY(%b) AND c.id = tocado.id
"""  # noqa: S608 - a part of the statement, not a value
_BUSCAR = f"""
    SELECT tocado.id, t.total_pagos, t.monto, t.moneda, p.primero, p.ultimo
    FROM unnest(%b::text[]) AS tocado (id) CROSS JOIN {_TOTALES}
"""  # noqa: S608 - a part of the statement, not a value


class Totales:
    """Carries each batch of clients, payments or campaigns on to links and totals. Stateless."""

    def completar(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """A new payment of a campaign that is known is its client's; a new client begins with what was paid before."""
        if cambios.tabla is CLIENTES:
            _completar_clientes(cursor, cambios)
        if cambios.tabla is not VINCULOS:
            return
        nuevos: list[FilaDeVinculo] = [
            fila
            for clave, fila in cambios.ahora.items()
            if clave not in cambios.antes and not fila.cliente_dicho and fila.campania_id is not None
        ]
        duenos = traer(cursor, DUENOS, {str(fila.campania_id) for fila in nuevos}) if nuevos else {}
        for fila in nuevos:
            dueno = duenos.get(str(fila.campania_id))
            if dueno is not None:
                fila.cliente_id = dueno.cliente_id

    def extender(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Move what new campaigns change, add up, and show it where the client is known."""
        if cambios.tabla is CLIENTES:
            CUENTAS.extender(cursor, cambios)
            return
        if cambios.tabla is DUENOS:
            sumas = _mudar(cursor, cambios.ahora.values())
        else:
            sumas = _diferencia(cambios.antes, cambios.ahora)
        if sumas:
            _sumar(cursor, sumas)
            _mostrar(cursor, {cliente for cliente, _ in sumas})


def _completar_clientes(cursor: Any, cambios: Cambios[FilaDeCliente]) -> None:
    nuevos = list(cambios.ahora.keys() - cambios.antes.keys())
    if nuevos:
        cursor.execute(_BUSCAR, (nuevos,))
        for cliente, *totales in cursor.fetchall():
            fila = cambios.ahora[cliente]
            fila.total_pagos, fila.monto_total, fila.moneda, fila.primer_pago, fila.ultimo_pago = totales


def _mudar(cursor: Any, duenos: Iterable[FilaDeDueno]) -> Sumas:
    duenos = list(duenos)
    cursor.execute(_MUDAR, ([dueno.campania_id for dueno in duenos], [dueno.cliente_id for dueno in duenos]))
    sumas: Sumas = {}
    for cliente, moneda, pagos, monto in cursor.fetchall():
        _acumular(sumas, (cliente, moneda), pagos, monto)
    return sumas


def _diferencia(antes: Mapping[str, FilaDeVinculo], ahora: Mapping[str, FilaDeVinculo]) -> Sumas:
    """What a batch of payments changes. A vínculo never changes its client, amount or currency here."""
    sumas: Sumas = {}
    for clave, fila in ahora.items():
        previa = antes.get(clave)
        habia = previa is not None and previa.completado_en is not None
        hay = fila.completado_en is not None
        if habia != hay:
            signo = 1 if hay else -1
            _acumular(sumas, (fila.cliente_id, fila.moneda), signo, signo * fila.monto)
    return sumas


def _acumular(sumas: Sumas, cliente_y_moneda: tuple[str, str], pagos: int, monto: Decimal) -> None:
    pagos_previos, monto_previo = sumas.get(cliente_y_moneda, (0, Decimal(0)))
    sumas[cliente_y_moneda] = (pagos_previos + pagos, monto_previo + monto)


def _sumar(cursor: Any, sumas: Sumas) -> None:
    clientes, monedas = zip(*sumas, strict=True)
    pagos, montos = zip(*sumas.values(), strict=True)
    cursor.execute(_SUMAR, (list(clientes), list(monedas), list(pagos), list(montos)))
    if min(pagos) < 0:
        cursor.execute(_LIMPIAR, (list(clientes),))


def _mostrar(cursor: Any, clientes: Iterable[str]) -> None:
    clientes = list(clientes)
    if clientes:
        cursor.execute(_MOSTRAR, (clientes,))
