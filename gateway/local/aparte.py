"""Work beside the main thread, which goes on watching over the children; it never delays the end."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def aparte(tarea: Callable[[], T]) -> "Future[T]":
    futuro: Future[T] = Future()

    def correr() -> None:
        try:
            futuro.set_result(tarea())
        except Exception as error:
            futuro.set_exception(error)

    threading.Thread(target=correr, daemon=True).start()
    return futuro
