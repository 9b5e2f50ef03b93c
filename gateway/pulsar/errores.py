"""What can go wrong between us and a broker, told so that a person can put it right."""


class FallaDeBroker(Exception):
    """The broker can't be used. Its text is Spanish, and names neither a secret nor what a message carried."""
