"""A process that stands still, as one does that its machine has frozen."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def detenido(proceso: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Nothing of ``proceso``, a child of this one, moves within the block.

    The signal is only on its way when the call that sends it returns: until the last thread stands, they all may act.
    """
    proceso.send_signal(signal.SIGSTOP)
    visto = os.waitid(os.P_PID, proceso.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert visto is not None
    assert visto.si_code == os.CLD_STOPPED, "ended instead"
    try:
        yield
    finally:
        proceso.send_signal(signal.SIGCONT)
