"""Whether a server answers: ``python salud.py URL``. Exit status: 0 it does, 1 it does not. Stdlib only."""

import sys
import urllib.error
import urllib.request


def responde(url: str) -> bool:
    """Whether a GET is answered with a success within some seconds."""
    try:
        with urllib.request.urlopen(url, timeout=4):  # noqa: S310 - the health check's own http URL
            return True
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if responde(sys.argv[1]) else 1)
