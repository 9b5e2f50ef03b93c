"""What the read side can't work without."""


class FaltaExtension(RuntimeError):
    """The database lacks a part of PostgreSQL that the migration's role may not add. The message is in Spanish."""
