"""Another master key for the persons' keys of a database, while nobody works on it."""

import secrets

from gateway.config import Config
from gateway.eventos.datastore import Datastore
from gateway.eventos.llavero import LARGO, LlaveMaestraEquivocada, Llavero
from gateway.local.base import con_base
from gateway.local.errores import FallaLocal
from gateway.local.secretos import anotar_cambio, cumplir_cambio

_OTROS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def cambiar_maestra(config: Config, nueva: bytes | None) -> int:
    """Wrap every person's key anew with ``nueva`` (32 bytes); returns how many. May be repeated after a crash.

    ``nueva`` None: make one, which is possible only where the present one is kept in ALPES_DIR too; there the new one
    is written down before and takes its place afterwards. Raises FallaLocal, LlaveMaestraEquivocada.
    """
    guardada = config.db_url is None and config.llave_maestra is None
    if nueva is None:
        if not guardada:
            raise FallaLocal("Ponga en LLAVE_MAESTRA_NUEVA la llave nueva: 32 bytes en hexadecimal o base64")
        nueva = secrets.token_bytes(LARGO)
    with con_base(config) as completa:
        vieja = completa.llave_maestra
        if completa.db_url is None or vieja is None:
            raise FallaLocal("Con DB_URL hace falta también LLAVE_MAESTRA")
        if guardada:
            nueva = bytes.fromhex(anotar_cambio(config.alpes_dir, nueva.hex()))
        cuantas = _reenvolver(completa.db_url, vieja, nueva)
        if guardada:
            cumplir_cambio(config.alpes_dir)
    return cuantas


def _reenvolver(db_url: str, vieja: bytes, nueva: bytes) -> int:
    datastore = Datastore(db_url, conexiones=1)
    try:
        ((otros,),) = datastore.filas(_OTROS)
        if otros:
            raise FallaLocal(f"Hay {otros} conexiones a la base: detenga antes todo lo que trabaja con ella")
        try:
            return Llavero(datastore, vieja).reenvolver(nueva)
        except LlaveMaestraEquivocada:
            # An earlier change that was cut off after it was stored.
            Llavero(datastore, nueva).comprobar()
            return 0
    finally:
        datastore.close()
