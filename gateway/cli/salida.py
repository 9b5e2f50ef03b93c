"""What commands write for programs."""

import sys

import msgspec


def escribir_json(valor: object) -> None:
    """``valor`` on standard output, as JSON that a person can read too; amounts with the very digits they have."""
    from gateway.http.escritura import a_json

    sys.stdout.buffer.write(msgspec.json.format(a_json(valor), indent=2) + b"\n")
    sys.stdout.buffer.flush()
