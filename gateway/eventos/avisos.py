"""Wake-up hints between processes. A hint may be lost: whoever follows a log also looks on a timer."""

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache
from typing import Any

import psycopg
from psycopg import sql

COSECHA, COSECHA_MAXIMA = 0.002, 0.02
"""Seconds for which hints are gathered, for each that was gathered before, and at most: alone they go out at once,
and the more appends there are, the more share one. Shorter costs writers, longer costs readers."""
SONDEO = 0.25
"""Seconds after which a follower looks without a hint."""

Conectar = Callable[[], "psycopg.Connection[Any]"]


class _Hilo(ABC):
    """A daemon thread that its first use starts, in whichever process that is: a fork leaves threads behind."""

    def __init__(self, conectar: Conectar) -> None:
        self._conectar = conectar
        self._cerrado = threading.Event()
        self._candado = threading.Lock()
        self._hilo: threading.Thread | None = None
        self._pid = 0

    def _arrancar(self) -> None:
        if self._pid == os.getpid():
            return
        with self._candado:
            if self._pid != os.getpid() and not self._cerrado.is_set():
                self._hilo = threading.Thread(target=self._insistir, name=type(self).__name__, daemon=True)
                self._hilo.start()
                self._pid = os.getpid()

    def _insistir(self) -> None:
        while not self._cerrado.is_set():
            try:
                with self._conectar() as conexion:
                    self._atender(conexion)
            except psycopg.Error:
                self._cerrado.wait(SONDEO)

    @abstractmethod
    def _atender(self, conexion: "psycopg.Connection[Any]") -> None:
        """Work on one connection until it is lost or ``_cerrado`` is set."""

    def cerrar(self) -> None:
        """Stop the thread and close its connection."""
        self._cerrado.set()
        if self._hilo is not None and self._pid == os.getpid():
            self._hilo.join(2)


class Avisador(_Hilo):
    """Tells other processes that a log has grown, after the commit and never inside a transaction."""

    def __init__(self, conectar: Conectar) -> None:
        super().__init__(conectar)
        self._hay = threading.Event()
        self._canales: set[str] = set()
        self._juntos = 0

    def avisar(self, canal: str) -> None:
        """Send a hint soon. Returns at once and never fails."""
        # Threads may lose a count to each other: it only says how busy they are.
        self._juntos += 1
        if self._hay.is_set() and canal in self._canales and self._pid == os.getpid():
            # The thread has not taken this hint yet, and will take it after our commit.
            return
        with self._candado:
            self._canales.add(canal)
        self._hay.set()
        self._arrancar()

    def cerrar(self) -> None:
        self._cerrado.set()
        self._hay.set()
        super().cerrar()

    def _atender(self, conexion: "psycopg.Connection[Any]") -> None:
        # A NOTIFY is a transaction of its own: flushed to disk it would take every writer's turn, and it may be lost.
        conexion.execute("SET synchronous_commit = off")
        while self._hay.wait() and not self._cerrado.is_set():
            self._hay.clear()
            with self._candado:
                canales, self._canales = self._canales, set()
            juntos, self._juntos = self._juntos, 0
            for canal in canales:
                conexion.execute(_aviso(canal), prepare=True)
            self._cerrado.wait(min(juntos * COSECHA, COSECHA_MAXIMA))


@cache
def _aviso(canal: str) -> str:
    return sql.SQL("NOTIFY {}").format(sql.Identifier(canal)).as_string()


class Oyente(_Hilo):
    """Hears the hints on ``canales``: one thread and one connection, however many follow."""

    def __init__(self, conectar: Conectar, canales: tuple[str, ...]) -> None:
        super().__init__(conectar)
        self._cuentas = dict.fromkeys(canales, 0)
        # One each: who follows one log is not woken by the others.
        self._llegadas = {canal: threading.Condition() for canal in canales}

    def novedades(self, canal: str) -> "Novedades":
        """A follower of this channel, one of those that are heard."""
        return Novedades(self, canal)

    def esperar(self, canal: str, visto: int, segundos: float) -> int:
        """Wait until the hints on ``canal`` are more than ``visto``, or time is up. Returns their number."""
        self._arrancar()
        with self._llegadas[canal]:
            self._llegadas[canal].wait_for(lambda: self._cuentas[canal] != visto, segundos)
            return self._cuentas[canal]

    def _atender(self, conexion: "psycopg.Connection[Any]") -> None:
        for canal in self._cuentas:
            conexion.execute(sql.SQL("LISTEN {}").format(sql.Identifier(canal)))
        # What was said while nobody listened is not known: everyone looks.
        for canal in self._cuentas:
            self._llego(canal)
        while not self._cerrado.is_set():
            for aviso in conexion.notifies(timeout=SONDEO):
                self._llego(aviso.channel)
                if self._cerrado.is_set():
                    break

    def _llego(self, canal: str) -> None:
        with self._llegadas[canal]:
            self._cuentas[canal] += 1
            self._llegadas[canal].notify_all()


class Novedades:
    """One follower's view of the hints. A hint that comes between two waits is kept for the next one."""

    def __init__(self, oyente: Oyente, canal: str) -> None:
        self._oyente, self._canal, self._visto = oyente, canal, 0

    def esperar(self, segundos: float = SONDEO) -> bool:
        """Wait for a hint, ``segundos`` at most. Returns whether one came; look at the log either way."""
        antes, self._visto = self._visto, self._oyente.esperar(self._canal, self._visto, segundos)
        return antes != self._visto
