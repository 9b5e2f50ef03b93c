"""Personal data: sealed under a key of the person's own, from the first event until it is destroyed."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import IntegrityError

from domain.base.contexto import Contexto, en_contexto
from domain.base.dinero import Dinero
from domain.base.errores import EscrituraDisputada
from gateway.eventos.fabrica import Tienda
from gateway.eventos.llavero import LlaveMaestraEquivocada, Llavero, SujetoOlvidado
from gateway.eventos.mapper import MapperTipado
from gateway.eventos.nombres import Nombres
from tests.gateway.eventos.apoyo import AHORA, MAESTRA, eventos_de, filas_de
from tests.gateway.eventos.inventado import ANTERIORES, Vale, Vales

DIEZ = Dinero(1000, "USD")


class LlaveroQueCuenta(Llavero):
    """Counts how often keys are looked for."""

    consultas = 0

    def claves(self, sujetos: Collection[str]) -> dict[str, AESGCM | None]:
        self.consultas += 1
        return super().claves(sujetos)


def emitir(id: str = "vale-1", titular: str = "Ana Pérez") -> Callable[[Vales], Any]:
    return lambda vales: vales.guardar(Vale(id=id, titular=titular, correo="ana@x.com", monto=DIEZ, vence=None))


def con(id: str, accion: Callable[[Vale], object]) -> Callable[[Vales], Any]:
    def orden(vales: Vales) -> Any:
        vale = vales.buscar(Vale, id)
        assert vale is not None
        accion(vale)
        return vales.guardar(vale)

    return orden


def leido(vales: Vales, id: str = "vale-1") -> Vale:
    vale = vales.buscar(Vale, id)
    assert vale is not None
    return vale


def test_un_dato_personal_no_se_guarda_en_claro_y_se_lee_entero(vales: Vales) -> None:
    vales.ejecutar(emitir())
    (fila,) = filas_de(vales)
    # With its space, which no sealed text has: three letters it has by chance.
    assert b"Ana P" not in fila.state
    assert b"ana@x.com" not in fila.state
    assert (leido(vales).titular, leido(vales).correo) == ("Ana Pérez", "ana@x.com")


def test_olvidar_se_nota_enseguida_en_el_mismo_proceso_y_queda_el_resto(vales: Vales, sql: psycopg.Connection) -> None:
    vales.ejecutar(emitir())
    vales.ejecutar(con("vale-1", lambda vale: vale.usar(("Lima",))))
    vales.ejecutar(con("vale-1", lambda vale: vale.olvidar()))
    emitido, _, _ = eventos_de(vales)
    assert (emitido.titular, emitido.correo, emitido.monto) == (None, None, DIEZ)
    assert (leido(vales).lugares, leido(vales).version) == (("Lima",), 3)
    assert sql.execute("SELECT sujeto, clave, destruida IS NOT NULL FROM claves").fetchall() == [("vale-1", None, True)]


def test_una_clave_destruida_no_se_hace_de_nuevo(vales: Vales, sql: psycopg.Connection) -> None:
    vales.ejecutar(emitir("vale-1"))
    vales.ejecutar(emitir("vale-2"))
    vales.ejecutar(con("vale-1", lambda vale: vale.olvidar()))
    vale = leido(vales, "vale-2")
    with en_contexto(Contexto(ahora=AHORA)):
        vale.ceder("vale-1", "Ana")
        with pytest.raises(SujetoOlvidado):
            vales.guardar(vale)
    with pytest.raises(EscrituraDisputada):
        vales.ejecutar(con("vale-2", lambda vale: vale.ceder("vale-1", "Ana")))
    assert sql.execute("SELECT clave FROM claves WHERE sujeto = 'vale-1'").fetchone() == (None,)
    assert leido(vales, "vale-2").poseedor is None


def test_conocer_y_olvidar_a_la_vez_no_deja_clave(vales: Vales, sql: psycopg.Connection) -> None:
    def orden(vales: Vales) -> Any:
        vale = Vale(id="vale-1", titular="Ana", correo=None, monto=DIEZ, vence=None)
        vale.olvidar()
        return vales.guardar(vale)

    vales.ejecutar(orden)
    assert leido(vales).titular is None
    assert sql.execute("SELECT clave FROM claves").fetchall() == [(None,)]


def test_el_sujeto_puede_ser_otro_que_el_del_flujo(vales: Vales, sql: psycopg.Connection) -> None:
    vales.ejecutar(emitir("vale-1"))
    vales.ejecutar(con("vale-1", lambda vale: vale.ceder("luis", "Luis Soto")))
    vales.ejecutar(con("vale-1", lambda vale: vale.ceder("luis", "Luis Soto Mena")))
    assert leido(vales).poseedor == ("luis", "Luis Soto Mena")
    assert sql.execute("SELECT sujeto FROM claves ORDER BY 1").fetchall() == [("luis",), ("vale-1",)]
    # One who was spoken of before may begin a stream: the key is the same.
    vales.ejecutar(emitir("luis", "Luis Soto"))
    assert leido(vales, "luis").titular == "Luis Soto"
    assert leido(vales).poseedor == ("luis", "Luis Soto Mena")


def test_dos_eventos_de_una_persona_nueva_en_una_escritura_llevan_una_clave(vales: Vales) -> None:
    def orden(vales: Vales) -> Any:
        vale = Vale(id="vale-1", titular="Ana", correo=None, monto=DIEZ, vence=None)
        vale.ceder("luis", "Luis")
        vale.ceder("luis", "Luis S.")
        vale.ceder("vale-1", "Ana otra vez")
        return vales.guardar(vale)

    vales.ejecutar(orden)
    assert (leido(vales).titular, leido(vales).poseedor) == ("Ana", ("vale-1", "Ana otra vez"))


def test_de_muchos_primeros_eventos_a_la_vez_ninguno_queda_ilegible(vales: Vales, sql: psycopg.Connection) -> None:
    salida = Barrier(12)

    def agregar(numero: int) -> None:
        salida.wait()
        with en_contexto(Contexto(ahora=AHORA)):
            # Two streams whose first event may be written by many, all speaking of one new person.
            vale = Vale(id=f"vale-{numero % 2}", titular=f"Ana {numero}", correo=None, monto=DIEZ, vence=None)
            vale.ceder("luis", f"Luis {numero}")
            try:
                vales.guardar(vale)
            except IntegrityError:
                return

    with ThreadPoolExecutor(12) as hilos:
        list(hilos.map(agregar, range(12)))
    leidos = eventos_de(vales)
    assert 2 <= len(leidos) <= 4
    claves = sql.execute("SELECT count(*) FROM claves").fetchone()
    assert claves == (len(leidos) // 2 + 1,)


def test_el_que_pierde_no_deja_su_clave(vales: Vales, sql: psycopg.Connection) -> None:
    with en_contexto(Contexto(ahora=AHORA)):
        primero, segundo = (Vale(id="vale-1", titular=quien, correo=None, monto=DIEZ, vence=None) for quien in "AB")
        vales.guardar(primero)
        antes = sql.execute("SELECT * FROM claves").fetchall()
        with pytest.raises(IntegrityError):
            vales.guardar(segundo)
    assert sql.execute("SELECT * FROM claves").fetchall() == antes
    assert leido(vales).titular == "A"


def test_una_tanda_busca_las_claves_con_una_consulta(tienda_de_vales: Tienda, vales: Vales) -> None:
    for numero in range(50):
        vales.ejecutar(emitir(f"vale-{numero}"))
    llavero = LlaveroQueCuenta(tienda_de_vales.datastore, MAESTRA)
    leidos = MapperTipado(Nombres((Vale,), ANTERIORES), llavero).to_domain_events(filas_de(vales))
    assert len(leidos) == 50
    assert llavero.consultas == 1


def test_la_llave_maestra_se_cambia_y_la_vieja_ya_no_abre(db_url: str, tienda_de_vales: Tienda, vales: Vales) -> None:
    for numero in range(5):
        vales.ejecutar(emitir(f"vale-{numero}", titular=f"Ana {numero}"))
    vales.ejecutar(con("vale-0", lambda vale: vale.olvidar()))
    assert tienda_de_vales.llavero.reenvolver(b"n" * 32) == 4
    assert leido(vales, "vale-1").titular == "Ana 1"
    for maestra, abre in ((b"n" * 32, True), (MAESTRA, False)):
        otra = Tienda(db_url, maestra, nombres=Nombres((Vale,), ANTERIORES))
        app = Vales(otra.fabrica, lambda: AHORA)
        if abre:
            assert [leido(app, f"vale-{n}").titular for n in range(5)] == [None, "Ana 1", "Ana 2", "Ana 3", "Ana 4"]
        else:
            with pytest.raises(LlaveMaestraEquivocada):
                leido(app, "vale-1")
        otra.cerrar()
