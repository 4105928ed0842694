"""The tables of the whole bot as they were first made.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


_TABLES = [
    "data_keys",
    "inbox",
    "leases",
    "marks",
    "newcomers",
    "pending_inputs",
    "patients",
    "consents",
    "due",
    "invitations",
    "support_persons",
    "treatments",
    "appointments",
    "sharing_events",
    "check_ins",
    "answer_revisions",
    "answers",
    "notes",
    "note_revisions",
]


def upgrade() -> None:
    """Make every table."""
    _data_keys()
    _inbox()
    _leases()
    _marks()
    _newcomers()
    _pending_inputs()
    _patients()
    _consents()
    _due()
    _invitations()
    _support_persons()
    _treatments()
    _appointments()
    _sharing_events()
    _check_ins()
    _answer_revisions()
    _answers()
    _notes()
    _note_revisions()


def downgrade() -> None:
    """Drop every table, children first."""
    for name in reversed(_TABLES):
        op.drop_table(name)


def _data_keys() -> None:
    op.create_table(
        "data_keys",
        sa.Column("id", row_id, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_data_keys"),
        sqlite_autoincrement=True,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_key", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("settled_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state_received_at", "inbox", ["state", "received_at"])


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )


def _newcomers() -> None:
    op.create_table(
        "newcomers",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_newcomers"),
    )
    op.create_index("ix_newcomers_written_at", "newcomers", ["written_at"])


def _pending_inputs() -> None:
    op.create_table(
        "pending_inputs",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("prompt_message_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_pending_inputs"),
    )


def _patients() -> None:
    op.create_table(
        "patients",
        sa.Column("id", row_id, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("key_id", row_id, nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("travel_zone", sa.Text(), nullable=True),
        sa.Column("travel_until", sa.Date(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("daily_minute", sa.SmallInteger(), nullable=True),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_start", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_end", sa.SmallInteger(), nullable=False),
        sa.Column("nudges", sa.SmallInteger(), nullable=False),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("day_start", sa.SmallInteger(), nullable=False),
        sa.Column("paused_until", moment, nullable=True),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_patients_key_id_data_keys", ondelete="SET NULL"),
        sa.UniqueConstraint("chat_id", name="uq_patients_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_patients_key_id", "patients", ["key_id"])


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_consents_patient_id_patients", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("patient_id", "kind", "version", name="uq_consents_patient_id_kind_version"),
        sqlite_autoincrement=True,
    )


def _due() -> None:
    op.create_table(
        "due",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sending", sa.Boolean(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("leased_until", moment, nullable=True),
        sa.Column("attempted_at", moment, nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_due"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_due_patient_id_patients", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "patient_id", "kind", "event", "slot", "plan_version", name="uq_due_patient_id_kind_event_slot_plan_version"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_due_leased_until",
        "due",
        ["leased_until"],
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_index("ix_due_state_at", "due", ["state", "at"])


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("bound_chat_id", sa.BigInteger(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_invitations_patient_id_patients", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitations_patient_id", "invitations", ["patient_id"])


def _support_persons() -> None:
    op.create_table(
        "support_persons",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("key_id", row_id, nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("linked_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_support_persons"),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_keys.id"], name="fk_support_persons_key_id_data_keys", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_support_persons_patient_id_patients", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("patient_id", "chat_id", name="uq_support_persons_patient_id_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_support_persons_chat_id", "support_persons", ["chat_id"])
    op.create_index("ix_support_persons_key_id", "support_persons", ["key_id"])


def _treatments() -> None:
    op.create_table(
        "treatments",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_treatments"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_treatments_patient_id_patients", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_treatments_patient_id_at", "treatments", ["patient_id", "at"])


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("treatment_id", row_id, nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ride", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("calendar_hash", sa.LargeBinary(), nullable=True),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_appointments_patient_id_patients", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatments.id"], name="fk_appointments_treatment_id_treatments", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("patient_id", "calendar_hash", name="uq_appointments_patient_id_calendar_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appointments_patient_id_at", "appointments", ["patient_id", "at"])
    op.create_index("ix_appointments_treatment_id", "appointments", ["treatment_id"])


def _sharing_events() -> None:
    op.create_table(
        "sharing_events",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("support_person_id", row_id, nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("copy_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sharing_events"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_sharing_events_patient_id_patients", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["support_person_id"],
            ["support_persons.id"],
            name="fk_sharing_events_support_person_id_support_persons",
            ondelete="SET NULL",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sharing_events_patient_id_at", "sharing_events", ["patient_id", "at"])
    op.create_index("ix_sharing_events_support_person_id", "sharing_events", ["support_person_id"])


def _check_ins() -> None:
    op.create_table(
        "check_ins",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("set_name", sa.Text(), nullable=False),
        sa.Column("set_version", sa.Integer(), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("completed_at", moment, nullable=True),
        sa.Column("entered_late", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("treatment_id", row_id, nullable=True),
        sa.Column("appointment_id", row_id, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_check_ins"),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name="fk_check_ins_appointment_id_appointments",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_check_ins_patient_id_patients", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatments.id"], name="fk_check_ins_treatment_id_treatments", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("patient_id", "kind", "key", name="uq_check_ins_patient_id_kind_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_check_ins_appointment_id", "check_ins", ["appointment_id"])
    op.create_index("ix_check_ins_patient_id_day", "check_ins", ["patient_id", "day"])
    op.create_index("ix_check_ins_treatment_id", "check_ins", ["treatment_id"])


def _answer_revisions() -> None:
    op.create_table(
        "answer_revisions",
        sa.Column("check_in_id", row_id, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("check_in_id", "question", "revision", name="pk_answer_revisions"),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name="fk_answer_revisions_check_in_id_check_ins", ondelete="CASCADE"
        ),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("check_in_id", row_id, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("check_in_id", "question", name="pk_answers"),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name="fk_answers_check_in_id_check_ins", ondelete="CASCADE"
        ),
    )


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", row_id, nullable=False),
        sa.Column("patient_id", row_id, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("check_in_id", row_id, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.ForeignKeyConstraint(
            ["check_in_id"], ["check_ins.id"], name="fk_notes_check_in_id_check_ins", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_notes_patient_id_patients", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("patient_id", "message_id", name="uq_notes_patient_id_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notes_check_in_id", "notes", ["check_in_id"])
    op.create_index("ix_notes_patient_id_day", "notes", ["patient_id", "day"])


def _note_revisions() -> None:
    op.create_table(
        "note_revisions",
        sa.Column("note_id", row_id, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("note_id", "revision", name="pk_note_revisions"),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_revisions_note_id_notes", ondelete="CASCADE"),
    )
