"""The peer of GET /api/v1/pagos: a plain Flask handler that asks SQLAlchemy the same two questions."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, func, make_url, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

CUBETAS = {
    "PENDIENTE": "pagos_pendientes",
    "PROCESANDO": "pagos_pendientes",
    "COMPLETADO": "pagos_completados",
}


class Base(DeclarativeBase):
    pass


class Pago(Base):
    __tablename__ = "payouts"

    id: Mapped[str] = mapped_column(primary_key=True)
    partner_id: Mapped[str]
    cycle_id: Mapped[str]
    monto: Mapped[Decimal]
    moneda: Mapped[str]
    estado: Mapped[str]
    fecha_creacion: Mapped[datetime]
    fecha_completado: Mapped[datetime | None]


class PorEstado(Base):
    __tablename__ = "payouts_por_estado"

    estado: Mapped[str] = mapped_column(primary_key=True)
    moneda: Mapped[str] = mapped_column(primary_key=True)
    pagos: Mapped[int]
    monto: Mapped[Decimal]


def crear_app(db_url: str) -> Flask:
    """One route, one session, two queries, one moment of the tables."""
    url = make_url(db_url).set(drivername="postgresql+psycopg")
    motor = create_engine(url, isolation_level="REPEATABLE READ", connect_args={"prepare_threshold": None})
    app = Flask(__name__)
    app.extensions["motor"] = motor

    @app.get("/api/v1/pagos")
    def pagos() -> Response:
        pagina, por_pagina = request.args.get("page", 1, int), request.args.get("per_page", 20, int)
        with Session(motor) as sesion:
            celdas = sesion.execute(
                select(PorEstado.estado, PorEstado.moneda, func.sum(PorEstado.pagos), func.sum(PorEstado.monto))
                .group_by(PorEstado.estado, PorEstado.moneda)
            ).all()  # fmt: skip
            orden = (Pago.fecha_creacion.desc(), Pago.id.desc())
            filas = sesion.scalars(
                select(Pago).order_by(*orden).limit(por_pagina).offset((pagina - 1) * por_pagina)
            ).all()  # fmt: skip
            return jsonify(
                data=[_como_dict(fila) for fila in filas],
                pagination=_paginacion(pagina, por_pagina, sum(int(celda[2]) for celda in celdas)),
                agregaciones=_sumas(celdas),
            )

    return app


def _como_dict(pago: Pago) -> dict[str, Any]:
    return {
        "id": pago.id,
        "partner_id": pago.partner_id,
        "cycle_id": pago.cycle_id,
        "monto": float(pago.monto),
        "moneda": pago.moneda,
        "estado": pago.estado,
        "fecha_creacion": pago.fecha_creacion.isoformat(),
        "fecha_completado": pago.fecha_completado.isoformat() if pago.fecha_completado else None,
    }


def _paginacion(pagina: int, por_pagina: int, total: int) -> dict[str, Any]:
    paginas = -(-total // por_pagina)
    return {
        "page": pagina,
        "per_page": por_pagina,
        "total": total,
        "pages": paginas,
        "has_next": pagina < paginas,
        "has_prev": pagina > 1,
    }


def _sumas(celdas: Any) -> dict[str, Any]:
    cuentas: dict[str, int] = {"pagos_completados": 0, "pagos_pendientes": 0, "pagos_fallidos": 0}
    monedas: dict[str, int] = {}
    totales: dict[str, float] = {}
    for estado, moneda, pagos, monto in celdas:
        cuentas[CUBETAS.get(estado, "pagos_fallidos")] += int(pagos)
        monedas[moneda] = monedas.get(moneda, 0) + int(pagos)
        totales[moneda] = totales.get(moneda, 0.0) + float(monto)
    principal = max(monedas, key=lambda moneda: monedas[moneda])
    return {"total_monto": totales[principal], "moneda": principal, "totales_por_moneda": totales, **cuentas}
