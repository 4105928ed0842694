"""What an operator does for a person who asks, and for the database: one line each, and never a word that was said."""

import os
import shutil
import sqlite3
import stat
from asyncio import to_thread
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import __main__ as entrance
from bot import requests
from bot.demo.standin import StandIn
from bot.settings import Settings
from handlers.copy_files import unpack
from storage import checkins, copies, keys
from storage.backups import BackupFault, back_up, check, dump_command
from storage.database import Database
from storage.sealing import Keyring
from tests.databases import OPERATOR_KEY
from tests.storage.lives import SECRETS, live, share
from tests.storage.people import ANA, CLEO, NOON, begin_as, fill_in

BEN = 7_000_000_002
NEWER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
TOKEN = "123456789:" + "T" * 35
Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line on the test's database, in an empty folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ENCRYPTION_KEYS", OPERATOR_KEY)
    monkeypatch.chdir(tmp_path)

    def call(*words: str, **more: Any) -> Result:
        result = CliRunner().invoke(entrance.cli, list(words), **more)
        assert not any(secret in result.output for secret in SECRETS), "nobody's words are printed"
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


@pytest.fixture
async def somebody(database: Database) -> dict[str, int]:
    await database.write(live, ANA, BEN)
    return await database.read(copies.counts, ANA)


def test_a_copy_is_written_for_its_owner_alone_and_never_over_a_file(
    run: Run, somebody: dict[str, int], tmp_path: Path
) -> None:
    done = run("export", str(ANA), "--file", "copy.zip")
    assert done.exit_code == 0, done.output
    assert "It is not locked." in done.output
    assert stat.S_IMODE(os.stat("copy.zip").st_mode) == 0o600
    assert len(unpack((tmp_path / "copy.zip").read_bytes())["notes"]) == somebody["notes"]
    assert run("export", str(ANA), "--file", "copy.zip").exit_code == 1
    assert run("export", str(ANA)).exit_code == 0
    assert list(tmp_path.glob("my-copy-*.zip"))
    assert run("export", str(CLEO)).exit_code == 1


def test_a_person_is_erased_after_a_yes_and_comes_back_from_their_copy(run: Run, somebody: dict[str, int]) -> None:
    run("export", str(ANA), "--file", "copy.zip")
    refused = run("erase", str(ANA))
    assert (refused.exit_code, "Nothing was erased" in refused.output) == (1, True)
    assert f"notes {somebody['note_changes']}" in refused.output
    done = run("erase", str(ANA), "--yes")
    assert done.exit_code == 0, done.output
    assert "0 of 1 support persons were told" in done.output
    code = done.output.split("Receipt: ")[1].split()[0]
    assert run("check-receipt", code).output.startswith("Real. Erased at ")
    assert run("check-receipt", code + "A").exit_code == 1
    assert run("erase", str(ANA), "--yes").exit_code == 1
    assert run("import", "copy.zip").exit_code == 0
    again = run("import", "copy.zip")
    assert (again.exit_code, "in this database" in again.output) == (1, True)
    for bad in ("none.zip", "."):
        assert run("import", bad).exit_code == 1
    assert run("export", str(ANA), "--file", "again.zip").exit_code == 0
    assert unpack(Path("again.zip").read_bytes())["notes"] == unpack(Path("copy.zip").read_bytes())["notes"]


def test_what_is_no_copy_is_not_imported(run: Run, somebody: dict[str, int]) -> None:
    Path("bad.json").write_text('{"copy": 1, "parts": {"person": [{"state": "the quiet river"}]}}')
    done = run("import", "bad.json")
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 1


async def test_support_persons_are_told_when_there_is_a_token(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.write(begin_as, ANA)
    await database.write(share, ANA, BEN, NOON)
    standin = StandIn(token=TOKEN)
    await standin.start()
    ben = standin.person(BEN, "Ben")
    ben.start()
    settings = Settings(_env_file=None, telegram_bot_token=TOKEN, telegram_api_url=standin.url)
    done = await requests.erase(database, settings, ANA, lambda: NOON)
    assert done is not None
    assert done[1] == 1
    assert ben.messages[-1].content == "Sharing has ended."
    await standin.stop()


async def test_rotating_takes_the_older_key_out_of_use(
    database: Database, database_url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.write(begin_as, ANA)
    await database.write(begin_as, CLEO)
    monkeypatch.setenv("ENCRYPTION_KEYS", f"{NEWER_KEY},{OPERATOR_KEY}")
    assert (await to_thread(run, "rotate-keys")).output.startswith("2 keys were wrapped anew.")
    assert (await to_thread(run, "rotate-keys")).output.startswith("0 keys were wrapped anew.")
    monkeypatch.setenv("ENCRYPTION_KEYS", NEWER_KEY)
    assert (await to_thread(run, "export", str(ANA))).exit_code == 0
    monkeypatch.setenv("ENCRYPTION_KEYS", OPERATOR_KEY)
    lost = await to_thread(run, "export", str(CLEO))
    assert (lost.exit_code, "ENCRYPTION_KEYS does not hold the key" in lost.output) == (1, True)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_of_another_release_or_none_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none/none.db")
    for words in (("export", "1"), ("erase", "1", "--yes"), ("rotate-keys",)):
        done = run(*words)
        assert (done.exit_code, "run python -m bot migrate" in done.output) == (1, True)
    assert run("backup", "new.db").exit_code == 1
    assert not (tmp_path / "none").exists()


# Backups, and the drill that docs/operations.md describes.


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_drill_a_backup_made_under_writes_opens_with_the_keys_alone(
    database: Database, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, somebody: dict[str, int]
) -> None:
    done = await to_thread(run, "backup", "drill.db")
    assert (done.exit_code, "is whole" in done.output) == (0, True), done.output
    card = await database.write(checkins.open_today, CLEO, NOON)
    assert card is None
    await database.write(begin_as, CLEO)  # said after the backup: lost
    assert stat.S_IMODE(os.stat("drill.db").st_mode) == 0o600
    assert (await to_thread(run, "backup", "drill.db")).exit_code == 1
    (tmp_path / "drill" / "data").mkdir(parents=True)
    (tmp_path / "drill" / "secrets").mkdir()
    shutil.move("drill.db", "drill/data/checkins.db")
    (tmp_path / "drill/secrets/encryption-keys").write_text(OPERATOR_KEY)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///drill/data/checkins.db")
    monkeypatch.delenv("ENCRYPTION_KEYS")
    monkeypatch.setenv("ENCRYPTION_KEYS_FILE", "drill/secrets/encryption-keys")
    lines = (await to_thread(run, "check")).output
    for line in ("ok     keys: readable", "ok     database: at revision", "ok     keys of the database: they open it"):
        assert line in lines
    assert (await to_thread(run, "export", str(ANA), "--file", "drill/copy.zip")).exit_code == 0
    assert len(unpack((tmp_path / "drill/copy.zip").read_bytes())["answers"]) == somebody["answers"]
    assert (await to_thread(run, "export", str(CLEO))).exit_code == 1
    (tmp_path / "drill/secrets/encryption-keys").write_text(NEWER_KEY)
    assert "WRONG  keys of the database" in (await to_thread(run, "check")).output


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_restored_backup_is_written_to_like_any_other(
    database: Database, database_url: str, keyring: Keyring, tmp_path: Path
) -> None:
    await database.write(begin_as, ANA)
    size = back_up(database_url, tmp_path / "b.db")
    assert size == (tmp_path / "b.db").stat().st_size
    restored = Database.open(f"sqlite:///{tmp_path}/b.db", keyring)
    await restored.write(keys.verify_keys)
    card = await restored.write(checkins.open_today, ANA, NOON)
    assert card is not None
    await restored.write(fill_in, ANA, card.check_in.id)
    await restored.close()
    assert not list(tmp_path.glob(".b.db.*"))


def test_a_damaged_copy_is_not_called_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE b (a_id INTEGER REFERENCES a (id))")
        connection.execute("INSERT INTO b VALUES (5)")
    connection.close()
    with pytest.raises(BackupFault, match="rows that are not there"):
        check(path)
    with pytest.raises(BackupFault, match="no backup was made"):
        back_up(f"sqlite:///{path}", tmp_path / "nowhere" / "y.db")


@pytest.mark.parametrize("backend", ["postgresql"])
def test_for_postgresql_the_command_is_printed_without_the_password(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter2@db.example/checkins")
    done = run("backup", "my backup.dump")
    assert done.output.strip() == (
        "pg_dump --format=custom '--file=my backup.dump' postgresql://bot@db.example/checkins"
    )
    assert "hunter2" not in dump_command("postgresql://bot:hunter2@db.example/checkins", Path("x"))
