"""The check says what is wrong in one line each, changes nothing, and never shows the token."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session
from typer.testing import CliRunner

from bot import __main__ as entrance
from bot.check import Finding, examine
from bot.demo.faults import Fault
from bot.demo.standin import StandIn
from bot.settings import Settings
from care.clock import system_clock
from care.due import Failure
from storage import due, inbox, keys, patients
from storage.database import Database
from storage.sealing import Keyring

TOKEN = "123456789:" + "T" * 35
KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER_KEY = "OTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTBmZWRjYmE="


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    standin = StandIn(token=TOKEN)
    await standin.start()
    yield standin
    await standin.stop()


def settings_for(standin: StandIn, database_url: str, **others: object) -> Settings:
    usual = {
        "telegram_bot_token": TOKEN,
        "telegram_api_url": standin.url,
        "database_url": database_url,
        "encryption_keys": KEY,
    }
    return Settings(_env_file=None, **{**usual, **others})


def wrong(findings: list[Finding]) -> list[str]:
    return [str(finding).removeprefix("WRONG  ") for finding in findings if not finding.ok]


async def test_all_is_well(standin: StandIn, database_url: str) -> None:
    findings = await examine(settings_for(standin, database_url))
    assert wrong(findings) == []
    assert [finding.what for finding in findings] == [
        "settings", "keys", "database", "keys of the database", "received updates", "messages owed", "token", "updates",
        "clock",
    ]  # fmt: skip


async def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(standin: StandIn, tmp_path: Path) -> None:
    findings = await examine(
        settings_for(
            standin, f"sqlite:///{tmp_path}/data/x.db", encryption_keys="", encryption_keys_file=tmp_path / "keys"
        )
    )
    assert wrong(findings) == []
    assert list(tmp_path.iterdir()) == []


async def test_a_refused_token_is_told_without_showing_it(standin: StandIn, database_url: str) -> None:
    other = "987654321:" + "U" * 35
    (line,) = wrong(await examine(settings_for(standin, database_url, telegram_bot_token=other)))
    assert line == "token: Telegram refuses: Unauthorized; check TELEGRAM_BOT_TOKEN"


async def test_an_unreachable_telegram_is_told_without_its_address(database_url: str, standin: StandIn) -> None:
    (line,) = wrong(await examine(settings_for(standin, database_url, telegram_api_url="http://127.0.0.1:9")))
    assert line.startswith("token: Telegram cannot be reached")
    assert "127.0.0.1" not in line


async def test_a_missing_token_is_told(standin: StandIn, database_url: str) -> None:
    (line,) = wrong(await examine(settings_for(standin, database_url, telegram_bot_token="")))
    assert line.startswith("token: TELEGRAM_BOT_TOKEN is not set")


async def test_something_that_is_no_bot_api_is_told(standin: StandIn, database_url: str) -> None:
    standin.misbehave(Fault(kind="garbage", method="getMe"))
    (line,) = wrong(await examine(settings_for(standin, database_url)))
    assert line.startswith("token: Telegram cannot be reached")


async def test_the_keys_of_another_database_are_told(standin: StandIn, database_url: str) -> None:
    database = Database.open(database_url, Keyring.from_text(OTHER_KEY))
    await database.write(keys.verify_keys)
    await database.close()
    (line,) = wrong(await examine(settings_for(standin, database_url)))
    assert line.startswith("keys of the database: ENCRYPTION_KEYS")


async def test_keys_that_are_none_are_told(standin: StandIn, database_url: str) -> None:
    (line,) = wrong(await examine(settings_for(standin, database_url, encryption_keys="not a key")))
    assert line.startswith("keys: ENCRYPTION_KEYS holds something that is no key")


async def test_a_shared_database_that_is_behind_is_told(standin: StandIn, empty_url: str) -> None:
    told = wrong(await examine(settings_for(standin, empty_url)))
    embedded = empty_url.startswith("sqlite")
    assert told == ([] if embedded else ["database: not migrated to this release: run python -m bot migrate"])


async def test_a_database_that_is_not_there_is_told(standin: StandIn) -> None:
    (line,) = wrong(await examine(settings_for(standin, "postgresql://nobody:hunter2@127.0.0.1:9/none")))
    assert line.startswith("database: ")
    assert "hunter2" not in line


async def test_updates_that_nobody_handles_are_told(standin: StandIn, database_url: str) -> None:
    database = Database.open(database_url, Keyring.from_text(KEY))
    await database.write(inbox.receive, [(7, 1001, b"{}")], datetime(2026, 1, 1, tzinfo=UTC))
    await database.close()
    (line,) = wrong(await examine(settings_for(standin, database_url)))
    assert line == "received updates: the oldest waits since 2026-01-01 00:00 UTC; is the bot running?"


async def test_messages_that_nobody_sends_are_told(standin: StandIn, database_url: str) -> None:
    database = Database.open(database_url, Keyring.from_text(KEY))
    then = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
    await database.write(patients.agree, 1001, "en", "1", then)
    await database.write(patients.choose, 1001, {"zone": "UTC", "daily_minute": 20 * 60, "country": "DE"}, then)
    evening = await database.read(due.next_moment)
    assert evening is not None
    since = f"WRONG  messages owed: the first of 1 overdue since {evening:%Y-%m-%d %H:%M} UTC; is the bot running?"
    settings = settings_for(standin, database_url)
    assert await owed(settings, evening + timedelta(minutes=4)) == "ok     messages owed: none is overdue"
    assert await owed(settings, evening + timedelta(minutes=6)) == since
    await database.write(give_up, evening + timedelta(minutes=6))
    told = await owed(settings, evening + timedelta(minutes=7))
    assert told == "ok     messages owed: none is overdue; 1 given up since yesterday"
    await database.close()


async def owed(settings: Settings, now: datetime) -> str:
    (finding,) = [one for one in await examine(settings, lambda: now) if one.what == "messages owed"]
    return str(finding)


def give_up(session: Session, now: datetime) -> None:
    """Let Telegram refuse what is due."""
    for row in due.claim(session, "t", now, 10, 60):
        due.begin(session, row.id, "t", now)
        due.failed(session, row.id, "t", Failure.REFUSED, None, now)


async def test_a_webhook_that_is_set_is_told(
    standin: StandIn, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import check

    ask = check._ask

    async def with_webhook(session: object, settings: Settings, method: str) -> check.Answer:
        answer = await ask(session, settings, method)
        return check.Answer({"url": "https://x"}, "", "") if method == "getWebhookInfo" else answer

    monkeypatch.setattr(check, "_ask", with_webhook)
    (line,) = wrong(await examine(settings_for(standin, database_url)))
    assert line.startswith("updates: a webhook is set")


async def test_a_clock_that_is_off_is_told(standin: StandIn, database_url: str) -> None:
    findings = await examine(settings_for(standin, database_url), lambda: system_clock() + timedelta(hours=1))
    (line,) = wrong(findings)
    assert re.match(r"clock: this machine is \+360\d s from Telegram's clock", line)


# The command.


@pytest.fixture
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_nothing_set")
def test_the_command_prints_a_line_each_and_exits_with_1_when_something_is_wrong() -> None:
    result = CliRunner().invoke(entrance.cli, ["check"])
    assert result.exit_code == 1
    assert "WRONG  token: TELEGRAM_BOT_TOKEN is not set; get one from @BotFather" in result.output.splitlines()


@pytest.mark.usefixtures("_nothing_set")
def test_the_command_names_a_setting_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_ZONE", "Berlin")
    result = CliRunner().invoke(entrance.cli, ["check"])
    assert result.exit_code == 1
    assert "WRONG  settings: DEFAULT_ZONE: must be a time zone name" in result.output


@pytest.mark.usefixtures("_nothing_set")
def test_migrate_makes_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/data/x.db")
    assert CliRunner().invoke(entrance.cli, ["migrate"]).exit_code == 0
    assert (tmp_path / "data" / "x.db").exists()
