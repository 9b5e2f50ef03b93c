"""The fingerprint of the key that names reservations: one row, which the first process writes."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE llave_de_unicidad (
            unica boolean PRIMARY KEY DEFAULT true CHECK (unica),
            huella bytea NOT NULL
        )
        """
    )
