"""What can go wrong on one machine, told so that a person can put it right."""


class FallaLocal(Exception):
    """The local stack can't go on. Its text is Spanish and names what to do or where to look."""
