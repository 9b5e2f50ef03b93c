"""What is admitted as an email, a cedula, a name, a mask and a date."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from domain.base.fechas import (
    CompletadoAntesDeProcesado,
    FechaEnElFuturo,
    NacimientoFueraDeRango,
    exigir_no_futura,
    exigir_orden,
    nacimiento,
)
from domain.base.texto import CaracteresInvalidos
from domain.base.valores import (
    Cedula,
    CedulaInvalida,
    Email,
    EmailInvalido,
    Mascara,
    MascaraReveladora,
    Nombre,
    NombreInvalido,
)

AHORA = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def test_un_email_se_guarda_como_se_escribio_y_se_compara_sin_mayusculas() -> None:
    email = Email.de("  Ana.Pérez+x@Empresa-Sur.COM ")
    assert email.valor == "Ana.Pérez+x@Empresa-Sur.COM"
    assert email.normalizado == "ana.pérez+x@empresa-sur.com"
    assert email.dominio == "empresa-sur.com"


@pytest.mark.parametrize(
    ("valor", "empresarial"), [("a@alpes.com", True), ("a@GMAIL.com", False), ("a@yahoo.es", False), ("a@x.co", True)]
)
def test_un_email_es_empresarial_si_su_dominio_no_es_de_correo_gratuito(valor: str, empresarial: bool) -> None:
    assert Email.de(valor).es_empresarial is empresarial


@pytest.mark.parametrize(
    "valor",
    [
        "",
        "ana",
        "ana@",
        "@x.com",
        "ana@x",
        "a@b@x.com",
        "a b@x.com",
        "a@x .com",
        ".a@x.com",
        "a.@x.com",
        "a..b@x.com",
        "a@-x.com",
        "a@x-.com",
        "a@x..com",
        "a@x.com.",
        "a@x_y.com",
        "a@x.c",
        "a@x.12",
        "a\x00@x.com",
        "a\u200b@x.com",
        "a" * 65 + "@x.com",
        "a@" + "x." * 130 + "com",
        "a@[127.0.0.1]",
        "a@x.com\nb",
        "<a@x.com>",
    ],
)
def test_lo_que_no_es_un_email_se_rechaza(valor: str) -> None:
    with pytest.raises(EmailInvalido):
        Email.de(valor)


@pytest.mark.parametrize("valor", ["a@" + "a." * 500_000, "a@" + ("a-" * 31 + "a.") * 16_000, "@" * 1_000_000])
def test_un_email_enorme_se_rechaza_sin_leerlo(valor: str) -> None:
    empezo = time.process_time()
    with pytest.raises(EmailInvalido):
        Email.de(valor)
    assert time.process_time() - empezo < 0.05


@pytest.mark.parametrize("valor", ["12345", "00012345", "1" * 20])
def test_una_cedula_conserva_sus_ceros(valor: str) -> None:
    assert Cedula.de(valor).valor == valor


@pytest.mark.parametrize(
    "valor", ["", "1234", "1" * 21, "12a45", "12345\n", "１２３４５", "٣٣٣٣٣٣", "-12345", "1234.5"]
)
def test_una_cedula_debe_ser_numerica(valor: str) -> None:
    with pytest.raises(CedulaInvalida, match="Cédula debe ser numérica"):
        Cedula.de(valor)


@pytest.mark.parametrize("valor", ["Li", "Juan Pérez", "山田", "O'Neil-Smith", "x" * 120])
def test_un_nombre_tiene_de_2_a_120_caracteres_visibles(valor: str) -> None:
    assert Nombre.de(f" {valor} ").valor == valor


@pytest.mark.parametrize("valor", ["L", "x" * 121, "a\u200b\u200b", "e\u0301"])
def test_lo_que_no_se_ve_no_cuenta_en_un_nombre(valor: str) -> None:
    with pytest.raises(NombreInvalido):
        Nombre.de(valor)


def test_un_nombre_no_lleva_caracteres_de_control() -> None:
    with pytest.raises(CaracteresInvalidos):
        Nombre.de("Ana\x00Ruiz")


@pytest.mark.parametrize(
    "valor",
    [
        "****1234",
        "1234",
        "•••• 1234",
        "XXXX-XXXX-XXXX-1234",
        "411111******1111",
        "4111 11** **** 1111",
        "411111xxxxxx",
        "Visa ****1234",
        "PAYPAL",
        "AmEx 376612*****1004",
        "1234 ****5",
    ],
)
def test_una_mascara_deja_ver_cuatro_cifras_al_final_o_seis_y_cuatro(valor: str) -> None:
    assert Mascara.de(valor).valor == valor


@pytest.mark.parametrize(
    "valor",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "****12345",
        "12345",
        "4111111*****1111",
        "411111*****11112",
        "1234****5678****",
        "1*2*3*4*5",
        "٤١١١١١١١١١١١١١١١",
        "４１１１１１１１１１",
        "1234****٥٦٧٨٩",
    ],
)
def test_una_mascara_que_revela_mas_se_rechaza_sin_repetirla(valor: str) -> None:
    with pytest.raises(MascaraReveladora) as rechazo:
        Mascara.de(valor)
    assert valor not in str(rechazo.value)


@pytest.mark.parametrize("fecha", [datetime(1900, 1, 1, tzinfo=UTC), AHORA - timedelta(seconds=1)])
def test_se_nace_entre_1900_y_ahora(fecha: datetime) -> None:
    assert nacimiento(fecha, AHORA) == fecha


@pytest.mark.parametrize("fecha", [datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC), AHORA, AHORA + timedelta(days=1)])
def test_no_se_nace_ni_antes_de_1900_ni_en_el_futuro(fecha: datetime) -> None:
    with pytest.raises(NacimientoFueraDeRango):
        nacimiento(fecha, AHORA)


def test_un_reloj_ajeno_puede_ir_cinco_minutos_adelantado_y_no_mas() -> None:
    exigir_no_futura(AHORA + timedelta(minutes=5), "processed_at", AHORA)
    exigir_no_futura(None, "processed_at", AHORA)
    with pytest.raises(FechaEnElFuturo, match="processed_at"):
        exigir_no_futura(AHORA + timedelta(minutes=5, microseconds=1), "processed_at", AHORA)


def test_completado_y_procesado_se_comparan_por_segundos_enteros() -> None:
    exigir_orden(AHORA.replace(microsecond=999_999), AHORA)
    with pytest.raises(CompletadoAntesDeProcesado):
        exigir_orden(AHORA, AHORA - timedelta(microseconds=1))
