"""What a support person chooses, and how often a wrong code was tried.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)

_COLUMNS: list[sa.Column[object]] = [
    sa.Column("quiet_start", sa.SmallInteger(), nullable=False, server_default="1320"),
    sa.Column("quiet_end", sa.SmallInteger(), nullable=False, server_default="480"),
    sa.Column("paused_at", moment, nullable=True),
    sa.Column("wishes_muted", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("last_wish_at", moment, nullable=True),
]


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("support_persons", column)
    with op.batch_alter_table("sharing_events") as batch:
        batch.add_column(sa.Column("due_id", sa.BigInteger(), nullable=True))
        batch.create_unique_constraint("uq_sharing_events_due_id", ["due_id"])
    op.create_table(
        "code_tries",
        sa.Column("id", row_id, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_tries"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_code_tries_chat_id_at", "code_tries", ["chat_id", "at"])


def downgrade() -> None:
    op.drop_table("code_tries")
    with op.batch_alter_table("sharing_events") as batch:
        batch.drop_constraint("uq_sharing_events_due_id", type_="unique")
        batch.drop_column("due_id")
    with op.batch_alter_table("support_persons") as batch:
        for column in reversed(_COLUMNS):
            batch.drop_column(column.name)
