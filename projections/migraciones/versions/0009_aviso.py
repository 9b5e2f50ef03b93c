"""What keeps a relay from going on, beside its position, for whoever looks from another process or machine."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE seguimiento ADD COLUMN aviso text")
