"""Who gives commands at a terminal."""

import os
import pwd

from domain.base.contexto import Actor


def quien() -> Actor:
    """The machine's user, by what the system knows and not by what the environment says."""
    numero = os.getuid()
    try:
        return Actor("cli", pwd.getpwuid(numero).pw_name)
    except KeyError:
        # In a container a user may have a number only.
        return Actor("cli", str(numero))
