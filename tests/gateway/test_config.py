"""The settings: names, defaults, and one message for all that is wrong."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import certifi
import pytest

from gateway.cli.__main__ import alpes
from gateway.config import RAIZ, ConfiguracionInvalida, leer, para_hijos, sin_clave
from gateway.topics import Topics

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
        ("postgresql://u:a%20b+c@h/b?options=-c%20x%3D1%2B1", "postgresql://u:a%20b+c@h/b?options=-c%20x%3D1%2B1"),
        ("postgresql+psycopg2://u:c@/b?host=127.0.0.1:41125", "postgresql://u:c@/b?host=127.0.0.1&port=41125"),
        ("postgresql://u@/b?host=/run/p:1", "postgresql://u@/b?host=%2Frun%2Fp%3A1"),
        ("postgresql://u@/b?host=fe80::1", "postgresql://u@/b?host=fe80%3A%3A1"),
        ("postgresql://u@/b?host=h1&host=h2", "postgresql://u@/b?host=h1%2Ch2&port=5432%2C5432"),
    ],
)
def test_db_url_admite_toda_forma_de_sqlalchemy(dicha: str, leida: str) -> None:
    assert leer(CON_BASE | {"DB_URL": dicha}).db_url == leida


@pytest.mark.parametrize(
    "mala",
    ["mysql://u:s3creta@h/b", "h/b", "postgresql://u:s3creta@h:x/b", "postgresql://u:s3creta", "postgresql://h/b?a=1"],
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
    assert sin_clave("pulsar://ana:s3creta@h:1,g:2") == "pulsar://h:1,g:2"


def test_del_broker_se_leen_su_token_su_tls_y_los_nombres_de_los_topics(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3creto\n")
    shutil.copy(certifi.where(), tmp_path / "ca.pem")
    config = leer(
        {
            "PULSAR_BROKER_URL": "pulsar+ssl://h:6651",
            "PULSAR_ADMIN_URL": "https://h:8443",
            "PULSAR_TOKEN_FILE": str(tmp_path / "token"),
            "PULSAR_TLS_TRUST_CERTS": str(tmp_path / "ca.pem"),
            "PULSAR_TLS_VERIFICAR": "no",
            "TOPIC_EVENTOS_PAGOS": "pagos",
            "TOPIC_COMANDOS_CLIENTE": "alpes/personas/comandos",
        }
    )
    assert (config.pulsar_token, config.pulsar_tls_ca, config.pulsar_tls_verificar) == (
        "s3creto", tmp_path / "ca.pem", False,
    )  # fmt: skip
    assert config.topics.eventos["pagos"] == "persistent://public/default/pagos"
    assert config.topics.eventos["campanias"] == "persistent://public/default/eventos.campanias"
    assert config.topics.comandos["cliente"] == "persistent://alpes/personas/comandos"
    assert "s3creto" not in repr(config)
    assert leer({"PULSAR_TOKEN": "otro", "PULSAR_TOKEN_FILE": str(tmp_path / "token")}).pulsar_token == "otro"


def test_lo_que_un_broker_no_admite_se_dice() -> None:
    malas = {
        "PULSAR_ADMIN_URL": "pulsar://h", "PULSAR_TOKEN_FILE": "/no/hay", "PULSAR_TLS_TRUST_CERTS": "/no/hay",
        "PULSAR_TLS_VERIFICAR": "quizás", "TOPIC_EVENTOS_PAGOS": "non-persistent://public/default/x",
    }  # fmt: skip
    with pytest.raises(ConfiguracionInvalida) as error:
        leer(malas)
    assert [linea.split(":")[0] for linea in error.value.problemas] == list(malas)
    with pytest.raises(ConfiguracionInvalida, match="más de un topic"):
        leer({"TOPIC_EVENTOS_PAGOS": "a", "TOPIC_COMANDOS_PAGOS": "public/default/a"})


@pytest.mark.parametrize(
    ("variable", "texto"),
    [
        ("PULSAR_BROKER_URL", "pulsar://h:99999"),
        ("PULSAR_BROKER_URL", "pulsar://h:puerto"),
        ("PULSAR_BROKER_URL", "pulsar://h:6650,g:70000"),
        ("PULSAR_BROKER_URL", "pulsar://h:6650,"),
        ("PULSAR_ADMIN_URL", "http://h:99999"),
        ("PULSAR_TOKEN", "señal"),
        ("PULSAR_TOKEN", "dos\nrenglones"),
    ],
)
def test_una_url_o_un_token_que_nadie_puede_usar_se_dicen_al_empezar(variable: str, texto: str) -> None:
    with pytest.raises(ConfiguracionInvalida) as error:
        leer({variable: texto})
    (problema,) = error.value.problemas
    assert problema.startswith(f"{variable}: debe ser ")
    assert texto not in problema


@pytest.mark.parametrize("contenido", [b"", b"\n", b"\xff\xfe", "señal".encode()])
def test_un_archivo_sin_token_ni_autoridades_se_dice_al_empezar(contenido: bytes, tmp_path: Path) -> None:
    archivo = tmp_path / "archivo"
    archivo.write_bytes(contenido)
    with pytest.raises(ConfiguracionInvalida) as error:
        leer({"PULSAR_TOKEN_FILE": str(archivo), "PULSAR_TLS_TRUST_CERTS": str(archivo)})
    assert [linea.split(":")[0] for linea in error.value.problemas] == ["PULSAR_TOKEN_FILE", "PULSAR_TLS_TRUST_CERTS"]


def test_un_grupo_de_brokers_se_nombra_en_una_url() -> None:
    assert leer({"PULSAR_BROKER_URL": "pulsar://h:6650,g"}).pulsar_broker_url == "pulsar://h:6650,g"


def test_un_hijo_recibe_lo_mismo_y_no_el_broker_que_se_dejo_fuera() -> None:
    config = leer({"TOPIC_EVENTOS_PAGOS": "otro"})
    con_broker = replace(config, pulsar_broker_url="pulsar://h:1", pulsar_admin_url="http://h:2")
    for una in (config, con_broker):
        hijo = leer(para_hijos(una))
        assert (hijo.topics, hijo.pulsar_broker_url, hijo.pulsar_admin_url) == (
            una.topics, una.pulsar_broker_url, una.pulsar_admin_url,
        )  # fmt: skip


def test_una_carpeta_relativa_se_entiende_desde_donde_se_llama() -> None:
    assert leer({"ALPES_DIR": "otra"}).alpes_dir == Path.cwd() / "otra"


LEIDA = re.compile(r'variables\.(?:opcional|leer|exigir)\(\s*"([A-Z_]+)"')


def test_cada_variable_y_cada_comando_estan_en_la_portada() -> None:
    portada = (RAIZ / "README.md").read_text()
    codigo = "gateway/config.py", "gateway/acceso/ajustes.py", "bff/infrastructure/config.py"
    variables = {nombre for archivo in codigo for nombre in LEIDA.findall((RAIZ / archivo).read_text())}
    assert len(variables) > 25
    assert [nombre for nombre in sorted(variables) if f"`{nombre}`" not in portada] == []
    assert [nombre for nombre in Topics().todos() if not re.search(rf"`{nombre.rpartition('_')[0]}_…`", portada)] == []
    assert [nombre for nombre in alpes.commands if not re.search(rf"`{nombre}\b", portada)] == []
    assert len(portada.splitlines()) <= 200
