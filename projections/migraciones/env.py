"""Alembic's entry point: runs the versions on the connection that ``migrar`` has locked."""

from alembic import context

context.configure(connection=context.config.attributes["conexion"])
context.run_migrations()
