"""What can go wrong between us and a broker, told so that a person can put it right."""


class FallaDeBroker(Exception):
    """The broker can't be used. Its text is Spanish, and names neither a secret nor what a message carried."""


class IntentoFallido(RuntimeError):
    """A message could not be counted, and will be tried again. Tells kind and place of the error, and no data."""
