"""The peer of POST /pagos/pagar: plain Flask and SQLAlchemy, which validate the same body and insert it as one row."""

import functools
import json
import os
import sys
import uuid
from decimal import Decimal
from typing import Any

from flask import Flask, Response, jsonify, request
from granian.constants import Interfaces
from granian.server import Server
from marshmallow import ValidationError
from sqlalchemy import JSON, DateTime, Engine, Text, create_engine, func, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from gateway.http.esquemas.pagos import Pagar
from gateway.servidor import HILOS, TRABAJADORES


class Base(DeclarativeBase):
    pass


class Pago(Base):
    __tablename__ = "pago_crud"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    cuerpo: Mapped[dict[str, Any]] = mapped_column(JSON)
    creado = mapped_column(DateTime(timezone=True), server_default=func.now())


def crear_app(db_url: str) -> Flask:
    """One route, one row, one commit."""
    app = Flask(__name__)
    motor = _motor(db_url)
    esquema = Pagar()

    @app.post("/pagos/pagar")
    def pagar() -> tuple[Response, int]:
        try:
            cuerpo = json.loads(request.get_data(), parse_float=Decimal)
            esquema.load(cuerpo)
        except ValidationError as error:
            return jsonify(error=str(error.messages)), 400
        pago = Pago(id=f"payout-{uuid.uuid4()}", cuerpo=cuerpo)
        identificador = pago.id
        with Session(motor) as sesion:
            sesion.add(pago)
            sesion.commit()
        return jsonify(id=identificador), 202

    return app


def _motor(db_url: str) -> Engine:
    return create_engine(
        make_url(db_url).set(drivername="postgresql+psycopg"),
        pool_size=20,
        max_overflow=0,
        json_serializer=functools.partial(json.dumps, default=float),
    )


if __name__ == "__main__":
    # Here, and not by each worker: of two that create a table at once one fails.
    Base.metadata.create_all(_motor(os.environ["DB_URL"]))
    Server(
        "par",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=TRABAJADORES,
        blocking_threads=HILOS,
    ).serve(target_loader=functools.partial(crear_app, os.environ["DB_URL"]), wrap_loader=False)
