"""What treatments, appointments, rotating questions and easing off need.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)

_COLUMNS: list[tuple[str, sa.Column[object]]] = [
    (
        "patients",
        sa.Column(
            "items", sa.Text(), nullable=False, server_default="anxious connect did sleep steps visit2 visit24 visit48"
        ),
    ),
    ("patients", sa.Column("pace", sa.Text(), nullable=False, server_default="daily")),
    ("patients", sa.Column("pace_from", sa.Date(), nullable=True)),
    ("patients", sa.Column("heard_at", moment, nullable=True)),
    ("treatments", sa.Column("ended_at", moment, nullable=True)),
    ("check_ins", sa.Column("extras", sa.Text(), nullable=False, server_default="")),
    ("answers", sa.Column("hours", sa.Float(), nullable=True)),
    ("answer_revisions", sa.Column("hours", sa.Float(), nullable=True)),
    ("notes", sa.Column("picked_at", moment, nullable=True)),
]


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, column)
    op.create_table(
        "visit_lines",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("appointment_id", row_id, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_visit_lines_patient_id_patients", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name="fk_visit_lines_appointment_id_appointments",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_visit_lines"),
        sa.UniqueConstraint("patient_id", "message_id", name="uq_visit_lines_patient_id_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_visit_lines_appointment_id", "visit_lines", ["appointment_id"])
    op.create_table(
        "steps_shown",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("check_in_id", row_id, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("shown_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_steps_shown_patient_id_patients", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name="fk_steps_shown_check_in_id_check_ins", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_steps_shown"),
        sa.UniqueConstraint("check_in_id", name="uq_steps_shown_check_in_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_steps_shown_patient_id_shown_at", "steps_shown", ["patient_id", "shown_at"])


def downgrade() -> None:
    op.drop_table("steps_shown")
    op.drop_table("visit_lines")
    for table, column in reversed(_COLUMNS):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column.name)
