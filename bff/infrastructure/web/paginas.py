"""Pages at hand: each made once for all who ask for it at the same time, and kept while it holds."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext

from bff.domain.exceptions import FallaDeServicio, ServicioLento
from bff.infrastructure.adapters.almacen import Almacen, Pagina
from bff.infrastructure.adapters.conteo import Conteo
from bff.infrastructure.adapters.vigencia import Vigencia
from bff.infrastructure.lazo import Ceder, resultado
from bff.infrastructure.plazo import queda
from bff.infrastructure.web.respuestas import Hecha


class Paginas:
    """``almacen`` None: nothing is kept, and each page is made for whoever asks.

    ``segundos``: for which one waits at most, ``ceder`` its place to others, for what another is making.
    """

    def __init__(
        self,
        almacen: Almacen | None,
        vigencia: Vigencia,
        conteo: Conteo,
        segundos: float,
        ceder: Ceder = nullcontext,
    ) -> None:
        self._almacen, self._vigencia, self._conteo = almacen, vigencia, conteo
        self._segundos, self._ceder = segundos, ceder
        self._candado = threading.Lock()
        self._en_curso: dict[tuple[str, str], Future[Hecha]] = {}

    def servir(self, clave: str, lecturas: tuple[str, ...], hacer: Callable[[], Hecha], *, al_dia: bool) -> Hecha:
        """The page ``clave``, made from the read models ``lecturas`` by ``hacer``.

        ``al_dia``: somebody has just waited for its tables, so that what was seen of them before is too old.
        """
        if self._almacen is None:
            self._conteo.falta()
            return hacer()
        # Looked at before the page is read: it may be newer than its mark, and is then read again, but never older.
        marca = self._vigencia.marca(lecturas, ahora=al_dia)
        return self._guardada(clave, marca) or self._una_vez(clave, marca, lecturas, hacer)

    def _guardada(self, clave: str, marca: str) -> Hecha | None:
        una = self._almacen.traer(clave) if self._almacen is not None else None
        if una is None or una.marca != marca:
            return None
        self._conteo.acierto()
        return Hecha(una.cuerpo, una.etag, una.version)

    def _una_vez(self, clave: str, marca: str, lecturas: tuple[str, ...], hacer: Callable[[], Hecha]) -> Hecha:
        with self._candado:
            suya = self._en_curso.get((clave, marca))
            if suya is None:
                propia = self._en_curso[clave, marca] = Future[Hecha]()
        if suya is not None:
            return self._de_otro(suya, hacer)
        try:
            # Another may have made and kept it since this one looked.
            hecha = self._guardada(clave, marca) or self._hacer(clave, marca, lecturas, hacer)
            propia.set_result(hecha)
        except BaseException as error:
            propia.set_exception(error)
            raise
        finally:
            with self._candado:
                del self._en_curso[clave, marca]
        return hecha

    def _hacer(self, clave: str, marca: str, lecturas: tuple[str, ...], hacer: Callable[[], Hecha]) -> Hecha:
        self._conteo.falta()
        hecha = hacer()
        if hecha.entera and self._almacen is not None:
            self._almacen.guardar(clave, Pagina(lecturas, marca, hecha.cuerpo, hecha.etag, hecha.version))
            if self._vigencia.vista(lecturas) != marca:
                # What was kept of them had been dropped before: a person may have been forgotten meanwhile.
                self._almacen.olvidar(frozenset(lecturas))
        return hecha

    def _de_otro(self, suya: "Future[Hecha]", hacer: Callable[[], Hecha]) -> Hecha:
        """What another request is making now; a failure that was the other's own is not shared."""
        try:
            hecha = resultado(suya, queda(self._segundos), self._ceder)
        except TimeoutError:
            raise ServicioLento("BFF") from None
        except FallaDeServicio:
            raise
        except Exception:
            self._conteo.falta()
            return hacer()
        self._conteo.acierto()
        return hecha
