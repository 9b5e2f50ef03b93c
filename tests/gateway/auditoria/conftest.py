"""The API and the system over a database of their own."""

from tests.gateway.http.conftest import api, app, sistema

__all__ = ["api", "app", "sistema"]
