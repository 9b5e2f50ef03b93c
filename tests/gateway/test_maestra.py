"""The master key is changed while nobody works, whatever cuts the change off, and the old one opens nothing then."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.cliente.agregado import Cliente
from domain.cliente.comandos import RegistrarCliente
from gateway.composicion import construir
from gateway.config import Config
from gateway.eventos.llavero import LlaveMaestraEquivocada
from gateway.local.base import con_base
from gateway.local.errores import FallaLocal
from gateway.local.secretos import CAMBIO, anotar_cambio
from gateway.maestra import cambiar_maestra
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import config_de

NUEVA, OTRA = b"n" * 32, b"o" * 32
ANA = RegistrarCliente("ana", "Ana Ruiz", "ana@example.com", "0102030405", datetime(1990, 5, 20, tzinfo=UTC))


def registrar(config: Config) -> None:
    with construir(config) as sistema:
        sistema.clientes.ejecutar(ANA)


def nombre(config: Config) -> str | None:
    with construir(config) as sistema:
        ana: Any = sistema.clientes.repository.get("ana")
        assert isinstance(ana, Cliente)
        return ana.nombre


def test_con_la_nueva_se_lee_con_la_vieja_no_y_repetirlo_no_hace_dano(db_url: str, tmp_path: Path) -> None:
    config = config_de(db_url)
    registrar(config)
    alpes = Alpes(db_url, tmp_path)
    sin_nueva = alpes("llaves", "maestra")
    assert (sin_nueva.returncode, "LLAVE_MAESTRA_NUEVA" in sin_nueva.stderr) == (1, True)
    alpes.entorno["LLAVE_MAESTRA_NUEVA"] = NUEVA.hex()
    assert alpes("llaves", "maestra").stdout.startswith("1 claves envueltas")
    assert alpes("llaves", "maestra").stdout.startswith("0 claves envueltas")
    assert nombre(config_de(db_url, llave_maestra=NUEVA)) == "Ana Ruiz"
    with pytest.raises(LlaveMaestraEquivocada):
        nombre(config)
    with pytest.raises(LlaveMaestraEquivocada):
        cambiar_maestra(config, OTRA)


def test_mientras_alguien_trabaja_no_se_cambia(db_url: str) -> None:
    config = config_de(db_url)
    registrar(config)
    with construir(config) as sistema:
        sistema.clientes.ejecutar(ANA)
        with pytest.raises(FallaLocal, match="detenga antes"):
            cambiar_maestra(config, NUEVA)
    assert nombre(config) == "Ana Ruiz"


def test_en_esta_maquina_se_hace_una_y_lo_que_quedo_a_medias_se_termina(tmp_path: Path) -> None:
    config = Config(alpes_dir=tmp_path)
    with con_base(config) as completa:
        registrar(completa)
    antes = json.loads((tmp_path / "secretos.json").read_text())
    # Cut off before the database had it, and after.
    nueva = anotar_cambio(tmp_path, NUEVA.hex())
    with con_base(config) as completa:
        assert nombre(completa) == "Ana Ruiz"
    assert cambiar_maestra(config, OTRA) == 1
    hoy = json.loads((tmp_path / "secretos.json").read_text())
    assert hoy == {**antes, "llave_maestra": nueva}
    (tmp_path / CAMBIO).write_text(json.dumps(hoy))
    (tmp_path / "secretos.json").write_text(json.dumps(antes))
    with con_base(config) as completa, pytest.raises(LlaveMaestraEquivocada, match="alpes llaves maestra"):
        nombre(completa)
    assert cambiar_maestra(config, None) == 0
    with con_base(config) as completa:
        assert nombre(completa) == "Ana Ruiz"
