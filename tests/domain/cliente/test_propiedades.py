"""Whatever is asked of clients, in whatever order: it is refused, or what is stored reads back the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.base.errores import ErrorDeDominio
from domain.base.reserva import Reserva
from domain.base.valores import Cedula, Email
from domain.cliente.agregado import Cliente
from domain.cliente.aplicacion import Clientes
from domain.cliente.comandos import (
    ActualizarCliente,
    AnonimizarCliente,
    DesactivarCliente,
    ReactivarCliente,
    RegistrarCliente,
)
from domain.cliente.estado import Estado
from tests.domain.especificacion import AHORA, ID, exigir_rechazo_o_relectura
from tests.domain.memoria import en_memoria, huella_clara, reloj_parado

IDS = ["a", "b", "c"]
EMAILS = ["uno@x.com", "UNO@x.com", "dos@x.com", "tres@x.com"]
CEDULAS = ["11111", "22222", "33333"]
NACIMIENTO = datetime(1990, 1, 1, tzinfo=UTC)

ids, emails, cedulas, motivos = map(st.sampled_from, (IDS, EMAILS, CEDULAS, ["x", "y"]))
ordenes = st.one_of(
    st.builds(RegistrarCliente, ids, st.just("Ana Ruiz"), emails, cedulas, st.just(NACIMIENTO)),
    st.builds(ActualizarCliente, ids, email=st.none() | emails, cedula=st.none() | cedulas),
    st.builds(DesactivarCliente, ids, motivos),
    st.builds(ReactivarCliente, ids),
    st.builds(AnonimizarCliente, ids, motivos),
)

verbos = st.one_of(
    st.builds(
        lambda email, cedula: lambda cliente: cliente.actualizar(None, email, cedula, None, huella_clara),
        st.none() | emails.map(Email),
        st.none() | cedulas.map(Cedula),
    ),
    st.builds(lambda motivo: lambda cliente: cliente.desactivar(motivo), motivos | st.just("")),
    st.just(Cliente.reactivar),
    st.builds(lambda motivo: lambda cliente: cliente.anonimizar(motivo), motivos | st.just("")),
)


@given(st.lists(verbos, max_size=20))
def test_toda_secuencia_se_rechaza_o_se_relee_igual(secuencia: list[Callable[[Cliente], None]]) -> None:
    exigir_rechazo_o_relectura(
        lambda: Cliente(
            id=ID,
            nombre="Ana Ruiz",
            email="uno@x.com",
            cedula="11111",
            fecha_nacimiento=NACIMIENTO,
            huella_email="email=uno@x.com",
            huella_cedula="cedula=11111",
        ),
        secuencia,
    )


@given(st.lists(ordenes, max_size=25))
def test_cada_email_y_cada_cedula_son_de_uno_solo(secuencia: list[object]) -> None:
    clientes = Clientes(en_memoria, reloj_parado(AHORA), huella=huella_clara)
    for orden in secuencia:
        antes = clientes.recorder.max_notification_id()
        try:
            posicion = clientes.ejecutar(orden)
        except ErrorDeDominio:
            assert clientes.recorder.max_notification_id() == antes
            continue
        assert posicion.version == len(list(clientes.events.get(posicion.id)))
    todos = [cliente for uno in IDS if (cliente := clientes.buscar(Cliente, uno)) is not None]
    titulares = [cliente for cliente in todos if cliente.estado is not Estado.ANONIMIZADO]
    for cliente in titulares:
        for valor in (f"email:{cliente.huella_email}", f"cedula:{cliente.huella_cedula}"):
            reserva = clientes.buscar(Reserva, valor)
            assert reserva is not None
            assert reserva.titular == cliente.id
    assert len({cliente.huella_email for cliente in titulares}) == len(titulares)
    assert len({cliente.huella_cedula for cliente in titulares}) == len(titulares)


@given(st.lists(ordenes, max_size=15), ids)
def test_lo_que_nadie_tiene_se_puede_registrar(secuencia: list[object], nuevo: str) -> None:
    clientes = Clientes(en_memoria, reloj_parado(AHORA), huella=huella_clara)
    for orden in secuencia:
        try:
            clientes.ejecutar(orden)
        except ErrorDeDominio:
            continue
    libre = RegistrarCliente(f"{nuevo}-nuevo", "Ana Ruiz", "libre@x.com", "99999", NACIMIENTO)
    for email in EMAILS:
        reserva = clientes.buscar(Reserva, f"email:{huella_clara('email', email.casefold())}")
        if reserva is None or reserva.titular is None:
            libre = replace(libre, email=email)
    assert clientes.ejecutar(libre).version == 1
