"""The settings: names, defaults, and one message for all that is wrong."""

from pathlib import Path

import pytest

from gateway.config import RAIZ, ConfiguracionInvalida, leer, sin_clave

LLAVE = "0f" * 32
CON_BASE = {"DB_URL": "postgresql://ana:s3creta@h/b", "LLAVE_MAESTRA": LLAVE, "LLAVE_UNICIDAD": LLAVE}


def test_sin_nada_puesto_todo_queda_en_esta_maquina() -> None:
    config = leer({})
    assert (config.db_url, config.pulsar_broker_url) == (None, None)
    assert (config.api_host, config.api_port, config.debug) == ("127.0.0.1", 5000, False)
    assert (config.alpes_dir, config.procesador, config.partners_modo) == (RAIZ / ".alpes", "simulado", "abierto")


def test_una_variable_vacia_es_como_no_ponerla() -> None:
    assert leer({"API_PORT": "", "DB_URL": " ", "PROCESADOR": ""}) == leer({})


@pytest.mark.parametrize(
    ("dicha", "leida"),
    [
        ("postgres://u:c@h/b", "postgresql://u:c@h/b"),
        ("postgresql://u:c@h:6543/b", "postgresql://u:c@h:6543/b"),
        ("postgresql+psycopg2://u:c@h/b?sslmode=verify-full", "postgresql://u:c@h/b?sslmode=verify-full"),
        ("postgresql+psycopg://u:a%40b@h/b", "postgresql://u:a%40b@h/b"),
        ("postgresql+asyncpg://u@/b?host=%2Frun%2Fpg", "postgresql://u@/b?host=%2Frun%2Fpg"),
        ("postgresql://u@/b?host=h1:1&host=h2:2", "postgresql://u@/b?host=h1%2Ch2&port=1%2C2"),
        ("postgresql://u@/b?host=h1&host=h2", "postgresql://u@/b?host=h1%2Ch2&port=5432%2C5432"),
    ],
)
def test_db_url_admite_toda_forma_de_sqlalchemy(dicha: str, leida: str) -> None:
    assert leer(CON_BASE | {"DB_URL": dicha}).db_url == leida


@pytest.mark.parametrize(
    "mala", ["mysql://u:s3creta@h/b", "h/b", "postgresql://u:s3creta@h:x/b", "postgresql://h/b?a=1"]
)
def test_una_db_url_ilegible_se_rechaza_sin_repetirla(mala: str) -> None:
    with pytest.raises(ConfiguracionInvalida, match="DB_URL") as error:
        leer(CON_BASE | {"DB_URL": mala})
    assert "s3creta" not in str(error.value)


def test_un_solo_mensaje_dice_todo_lo_que_esta_mal() -> None:
    malas = {
        "API_PORT": "70000",
        "ALPES_DEBUG": "quizás",
        "PROCESADOR": "otro",
        "PARTNERS_MODO": "entornado",
        "PULSAR_BROKER_URL": "http://h",
        "LLAVE_MAESTRA": "corta",
        "DB_URL": "mysql://h/b",
    }
    with pytest.raises(ConfiguracionInvalida) as error:
        leer(malas)
    nombres = [linea.split(":")[0] for linea in error.value.problemas]
    assert sorted(nombres) == sorted([*malas, "LLAVE_UNICIDAD"])


def test_con_base_propia_faltar_una_llave_impide_empezar() -> None:
    with pytest.raises(ConfiguracionInvalida) as error:
        leer({"DB_URL": CON_BASE["DB_URL"]})
    assert [linea.split(":")[0] for linea in error.value.problemas] == ["LLAVE_MAESTRA", "LLAVE_UNICIDAD"]
    assert leer({"DB_URL": CON_BASE["DB_URL"]}, exigir_llaves=False).llave_maestra is None


@pytest.mark.parametrize(
    "llave", [LLAVE, "Dw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8=", "Dw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8PDw8"]
)
def test_una_llave_se_escribe_en_hexadecimal_o_base64(llave: str) -> None:
    assert leer({"LLAVE_MAESTRA": llave}).llave_maestra == bytes.fromhex(LLAVE)


def test_el_procesador_http_pide_su_url() -> None:
    with pytest.raises(ConfiguracionInvalida, match="PROCESADOR_URL"):
        leer({"PROCESADOR": "http"})
    assert leer({"PROCESADOR": "http", "PROCESADOR_URL": "http://h/pagos"}).procesador_url == "http://h/pagos"


def test_los_secretos_no_se_muestran() -> None:
    config = leer(CON_BASE)
    assert "s3creta" not in repr(config)
    assert "\\x0f" not in repr(config)
    assert sin_clave("postgresql://ana:s3creta@h:1/b?password=s3creta&sslmode=require") == (
        "postgresql://ana@h:1/b?sslmode=require"
    )


def test_una_carpeta_relativa_se_entiende_desde_donde_se_llama() -> None:
    assert leer({"ALPES_DIR": "otra"}).alpes_dir == Path.cwd() / "otra"
