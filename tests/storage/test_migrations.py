"""Migrations on both databases."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from storage import engines, migrate
from storage.tables import metadata


def test_migrated_tables_are_the_tables_of_the_models(database_url: str) -> None:
    engine = create_engine(engines.url_of(database_url))
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    engine.dispose()
    assert differences == []


def test_every_index_and_constraint_is_there_under_its_name(database_url: str) -> None:
    engine = create_engine(engines.url_of(database_url))
    found = inspect(engine)
    for table in metadata.sorted_tables:
        assert {i.name for i in table.indexes} <= {i["name"] for i in found.get_indexes(table.name)}
        uniques = {c["name"] for c in found.get_unique_constraints(table.name)}
        assert {c.name for c in table.constraints if str(c.name).startswith("uq_")} == uniques
        wanted = {(fk.parent.name, fk.ondelete) for fk in table.foreign_keys}
        assert wanted == {
            (fk["constrained_columns"][0], fk["options"].get("ondelete")) for fk in found.get_foreign_keys(table.name)
        }
        assert {c.name: c.nullable for c in table.columns} == {
            c["name"]: c["nullable"] for c in found.get_columns(table.name)
        }
    engine.dispose()


def test_the_written_head_is_the_newest_migration() -> None:
    script = ScriptDirectory.from_config(migrate.configuration())
    assert script.get_heads() == [migrate.head()]


def test_an_empty_database_is_migrated_and_a_second_time_left_alone(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == migrate.head()
    migrate.upgrade(empty_url)


def test_a_newer_database_is_refused(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    engine = create_engine(engines.url_of(empty_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(migrate.DatabaseTooNew, match="9999"):
        migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == "9999"


def test_migrating_from_three_processes_at_once_ends_well(empty_url: str) -> None:
    code = f"from storage import migrate; migrate.upgrade({empty_url!r})"
    racers = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    assert [racer.communicate()[1] for racer in racers] == [b""] * 3
    assert migrate.current(empty_url) == migrate.head()


def test_a_start_at_the_newest_revision_does_not_load_alembic(database_url: str) -> None:
    code = (
        f"import sys; from storage import migrate; migrate.upgrade({database_url!r}); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_file_is_taken_down_to_nothing_and_up_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    migrate.upgrade(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    engine.dispose()
    with sqlite3.connect(tmp_path / "x.db") as plain:
        assert [row[0] for row in plain.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")] == [
            "alembic_version"
        ]
    plain.close()
    migrate.upgrade(url)


def test_a_populated_database_of_the_first_version_keeps_everything(empty_url: str) -> None:
    address = engines.url_of(empty_url)
    if address.get_backend_name() == "sqlite":
        Path(str(address.database)).parent.mkdir()
    engine = create_engine(address)
    with engine.begin() as connection:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in _FIRST_VERSION:
            connection.execute(text(statement))
    migrate.upgrade(empty_url)
    with engine.connect() as connection:
        patient = connection.execute(text("SELECT items, pace, plan_version FROM patients")).one()
        assert tuple(patient) == ("anxious connect did sleep steps visit2 visit24 visit48", "daily", 1)
        assert connection.execute(text("SELECT question, hours FROM answers")).all() == [("mood", None)]
        assert connection.execute(text("SELECT extras FROM check_ins")).scalar() == ""
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar() == 1
    engine.dispose()


_MOMENT = "'2026-10-14 19:00:00+00:00'"
_FIRST_VERSION = [
    statement.replace("MOMENT", _MOMENT)
    for statement in (
        "INSERT INTO patients (id, chat_id, language, state, weekdays, quiet_start, quiet_end, nudges, discreet,"
        " day_start, plan_version, created_at)"
        " VALUES (1, 7, 'en', 'active', 127, 1320, 480, 1, FALSE, 240, 1, MOMENT)",
        "INSERT INTO check_ins (id, patient_id, kind, key, day, language, set_name, set_version, opened_at, outcome,"
        " entered_late) VALUES (1, 1, 'daily', '2026-10-14', '2026-10-14', 'en', 'daily', 1, MOMENT, 'open', FALSE)",
        "INSERT INTO answers (check_in_id, question, revision, value, answered_at) VALUES (1, 'mood', 1, '', MOMENT)",
        "INSERT INTO notes (id, patient_id, message_id, state, day, revision, text_sealed, written_at)"
        " VALUES (1, 1, 5, 'kept', '2026-10-14', 1, '', MOMENT)",
    )
]
