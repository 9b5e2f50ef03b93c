"""A broker behind TLS: whom we trust, whom we don't, and that the token goes only to the former."""

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pulsar
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateway.config import Config
from gateway.pulsar.cliente import cliente, sondear
from gateway.pulsar.errores import FallaDeBroker

TOKEN = "s3creto-de-prueba"


def _certificado(carpeta: Path, nombre: str) -> tuple[Path, Path]:
    """A certificate that vouches for itself and for 127.0.0.1, and its key."""
    clave = ec.generate_private_key(ec.SECP256R1())
    sujeto = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, nombre)])
    ahora = datetime.now(UTC)
    anfitriones = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificado = (
        x509.CertificateBuilder(sujeto, sujeto, clave.public_key(), x509.random_serial_number())
        .not_valid_before(ahora - timedelta(hours=1))
        .not_valid_after(ahora + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(anfitriones, critical=False)
        .sign(clave, hashes.SHA256())
    )
    rutas = carpeta / f"{nombre}.pem", carpeta / f"{nombre}.clave"
    rutas[0].write_bytes(certificado.public_bytes(serialization.Encoding.PEM))
    formato = serialization.PrivateFormat.PKCS8
    rutas[1].write_bytes(clave.private_bytes(serialization.Encoding.PEM, formato, serialization.NoEncryption()))
    return rutas


class Tls:
    """Listens with a certificate and keeps the first bytes that each caller it agreed with says."""

    def __init__(self, certificado: Path, clave: Path) -> None:
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexto.load_cert_chain(certificado, clave)
        self.dichos: list[bytes] = []
        self._enchufe = socket.create_server(("127.0.0.1", 0))
        self._contexto = contexto
        self._hilo = threading.Thread(target=self._atender)

    def __enter__(self) -> "Tls":
        self._hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enchufe.shutdown(socket.SHUT_RDWR)
        self._enchufe.close()
        self._hilo.join()

    @property
    def url(self) -> str:
        return f"pulsar+ssl://127.0.0.1:{self._enchufe.getsockname()[1]}"

    def _atender(self) -> None:
        while True:
            try:
                crudo, _ = self._enchufe.accept()
            except OSError:
                return
            crudo.settimeout(5)
            try:
                with self._contexto.wrap_socket(crudo, server_side=True) as uno:
                    self.dichos.append(uno.recv(65536))
            except OSError:
                crudo.close()


@pytest.fixture
def ca(tmp_path: Path) -> tuple[Path, Path]:
    return _certificado(tmp_path, "propia")


@pytest.fixture
def broker(ca: tuple[Path, Path]) -> Iterator[Tls]:
    with Tls(*ca) as broker:
        yield broker


@pytest.fixture
def config(broker: Tls, ca: tuple[Path, Path]) -> Config:
    return Config(pulsar_broker_url=broker.url, pulsar_tls_ca=ca[0], pulsar_token=TOKEN)


def _hablar(config: Config) -> None:
    """Have the client itself say what it says first; nobody here answers it."""
    uno = cliente(config)
    with pytest.raises(pulsar.PulsarException):
        uno.create_producer("persistent://public/default/x")
    uno.close()


def test_a_quien_trae_un_certificado_de_los_nuestros_se_le_muestra_el_token(broker: Tls, config: Config) -> None:
    sondear(config)
    _hablar(config)
    assert any(TOKEN.encode() in dicho for dicho in broker.dichos)


def test_a_quien_no_lo_trae_no_se_le_dice_nada(broker: Tls, config: Config, tmp_path: Path) -> None:
    for otra in (replace(config, pulsar_tls_ca=_certificado(tmp_path, "otra")[0]), replace(config, pulsar_tls_ca=None)):
        with pytest.raises(FallaDeBroker, match="no se acepta su certificado") as error:
            sondear(otra)
        assert TOKEN not in str(error.value)
        _hablar(otra)
    assert not any(broker.dichos)


def test_ni_a_quien_lo_trae_para_otro_nombre(broker: Tls, config: Config) -> None:
    otro_nombre = replace(config, pulsar_broker_url=broker.url.replace("127.0.0.1", "localhost"))
    with pytest.raises(FallaDeBroker, match="no se acepta su certificado"):
        sondear(otro_nombre)
    _hablar(otro_nombre)
    assert not any(broker.dichos)


def test_si_se_pide_no_mirarlo_vale_cualquiera(broker: Tls, config: Config) -> None:
    sin_mirar = replace(config, pulsar_tls_ca=None, pulsar_tls_verificar=False)
    sondear(sin_mirar)
    _hablar(sin_mirar)
    assert any(TOKEN.encode() in dicho for dicho in broker.dichos)
