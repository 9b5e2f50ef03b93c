"""The library's subscription, made to survive lost hints and lost connections."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import InterfaceError, ListenNotifySubscription, OperationalError

from gateway.eventos.avisos import SONDEO

if TYPE_CHECKING:
    from gateway.eventos.recorder import Recorder


class Suscripcion(ListenNotifySubscription[Any]):
    """Pulls when a hint comes, and every SONDEO seconds without one."""

    def __init__(self, recorder: "Recorder", gt: int | None, topics: Sequence[str]) -> None:
        # Before the base class, which starts the thread that uses it.
        self._novedades = recorder.novedades()
        super().__init__(recorder, gt, topics)

    def _loop_on_pull(self) -> None:
        try:
            while not self._has_been_stopped:
                self._tirar()
                # A gap that settles needs no append, hence no hint: the timer finds it.
                self._novedades.esperar(SONDEO)
        except BaseException as error:
            self._thread_error = error
            self.stop()

    def _tirar(self) -> None:
        try:
            self._pull()
        except (InterfaceError, OperationalError):
            # The recorder has been patient already; a follower is for ever.
            if self._recorder.datastore.pool.closed:
                raise
