"""The whole bot against the stand-in: it starts, waits for what is not there yet, and stops without losing anything."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import app as module
from bot.app import App, StartFault, build
from bot.demo.faults import Fault
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.settings import Settings
from storage import inbox, patients
from storage.sealing import KeyFault
from tests.clocks import StillClock

TOKEN = "123456789:" + "T" * 35
ANA = 1001


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    standin = StandIn(token=TOKEN)
    standin.world.updates.hold_repeats = False
    await standin.start()
    yield standin
    await standin.stop()


@pytest.fixture
def ana(standin: StandIn) -> Phone:
    return standin.person(ANA, "Ana")


def settings_for(standin: StandIn, database_url: str, folder: Path, **others: object) -> Settings:
    usual = {
        "telegram_bot_token": TOKEN,
        "telegram_api_url": standin.url,
        "database_url": database_url,
        "encryption_keys": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "encryption_keys_file": folder / "keys" / "encryption-keys",
    }
    return Settings(_env_file=None, **{**usual, **others})


@pytest.fixture
async def app(standin: StandIn, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    app = build(settings_for(standin, database_url, tmp_path))
    yield app
    await app.stop()


async def answered(standin: StandIn, phone: Phone) -> None:
    await standin.until(lambda: any(message.from_bot for message in phone.messages))


async def test_a_person_who_presses_start_is_greeted(app: App, standin: StandIn, ana: Phone) -> None:
    await app.start()
    ana.start()
    await answered(standin, ana)
    await app.dispatcher.idle()
    assert await app.database.read(inbox.oldest_waiting) is None


async def test_what_came_while_the_bot_was_away_is_answered_at_its_start(
    app: App, standin: StandIn, ana: Phone
) -> None:
    ana.start()
    await app.start()
    await answered(standin, ana)


async def test_with_telegram_unreachable_the_bot_waits_and_then_serves(
    app: App, standin: StandIn, ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_CONNECT_SECONDS", 0.1)
    standin.misbehave(Fault(kind="drop_before", method="getMe", times=2))
    await app.start()
    assert app.health.trouble == "Telegram cannot be reached"
    ana.start()
    await answered(standin, ana)
    assert app.health.trouble == ""


async def test_a_refused_token_leaves_the_process_alive_and_told(
    app: App, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_CONNECT_SECONDS", 0.1)
    standin.misbehave(Fault(kind="401", times=None))
    await app.start()
    assert "TELEGRAM_BOT_TOKEN" in app.health.trouble
    assert not any(task.done() for task in app._serving)


async def test_what_was_received_and_not_handled_is_handled_after_a_restart(
    app: App, standin: StandIn, ana: Phone, database_url: str, tmp_path: Path
) -> None:
    await app.start()
    standin.misbehave(Fault(kind="500", method="sendMessage", times=None))
    ana.start()
    await standin.until(lambda: app.dispatcher.backlog == 1)
    await app.stop()
    standin.behave()
    heir = build(settings_for(standin, database_url, tmp_path))
    await heir.start()
    await answered(standin, ana)
    await heir.stop()


async def test_an_answer_given_while_the_bot_was_away_is_taken_before_the_card_is_closed(
    standin: StandIn, ana: Phone, database_url: str, tmp_path: Path
) -> None:
    """The prompt comes at 19:00 in Berlin, the bot dies, Ana answers, and the bot is back after 04:00."""
    clock = StillClock(datetime(2026, 10, 14, 9, tzinfo=UTC))
    first = build(settings_for(standin, database_url, tmp_path), clock)
    await first.start()
    ana.start()
    await answered(standin, ana)
    await first.database.write(patients.agree, ANA, "en", "1", clock())
    choices = {"zone": "Europe/Berlin", "daily_minute": 19 * 60, "country": "DE", "items": frozenset[str]()}
    await first.database.write(patients.choose, ANA, choices, clock())
    clock.moment = datetime(2026, 10, 14, 17, 10, tzinfo=UTC)
    await first.loops.drain_once()
    await first.stop()
    ana.taps("6")
    clock.moment = datetime(2026, 10, 15, 2, 1, tzinfo=UTC)
    heir = build(settings_for(standin, database_url, tmp_path), clock)
    await heir.start()
    await standin.until(lambda: "2 of 4" in ana.messages[-1].text)
    await heir.stop()


async def test_run_until_stops_when_it_is_told_and_stop_may_be_repeated(app: App) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(app.run_until(stop))
    await asyncio.wait_for(app._connected.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)
    await app.stop()


async def test_a_part_that_breaks_ends_the_run_instead_of_leaving_it_deaf(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def burst() -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(app.poller, "run", burst)
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(app.run_until(asyncio.Event()), 5)


async def test_keys_of_another_database_stop_the_start_in_one_line(
    standin: StandIn, database_url: str, tmp_path: Path
) -> None:
    first = build(settings_for(standin, database_url, tmp_path))
    await first.start()
    await first.stop()
    other_key = "OTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTBmZWRjYmE="
    other = build(settings_for(standin, database_url, tmp_path, encryption_keys=other_key))
    with pytest.raises(KeyFault) as caught:
        await other.run_until(asyncio.Event())
    assert "\n" not in str(caught.value)


async def test_an_embedded_database_is_made_with_its_key_file(standin: StandIn, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/checkins.db"
    app = build(settings_for(standin, url, tmp_path, encryption_keys=""))
    await app.start()
    await app.stop()
    key_file = tmp_path / "keys" / "encryption-keys"
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data" / "checkins.db").exists()


def test_a_key_file_inside_the_data_folder_is_refused(standin: StandIn, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/checkins.db"
    inside = tmp_path / "data" / "keys"
    with pytest.raises(KeyFault, match="inside the data folder"):
        build(settings_for(standin, url, tmp_path, encryption_keys="", encryption_keys_file=inside))


async def test_a_shared_database_that_is_behind_is_not_migrated_unasked(
    standin: StandIn, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.migrate, "current", lambda _url: None)
    app = build(settings_for(standin, database_url, tmp_path))
    if app.settings.is_embedded:
        monkeypatch.undo()
        await app.start()
    else:
        with pytest.raises(StartFault, match="python -m bot migrate"):
            await app.start()
    await app.stop()


def test_another_package_of_the_same_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "strangers").mkdir()
    (tmp_path / "strangers" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "PACKAGES", ("bot", "strangers"))
    with pytest.raises(StartFault, match="another package named strangers"):
        module._check_packages()


# The process.


async def run_bot(*arguments: str, folder: Path, **variables: str) -> asyncio.subprocess.Process:
    root = Path(__file__).resolve().parents[2]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), **variables}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_without_a_token_the_message_names_the_demo_and_the_exit_code_is_2(tmp_path: Path) -> None:
    process = await run_bot(folder=tmp_path)
    _, told = await process.communicate()
    assert process.returncode == 2
    assert b"TELEGRAM_BOT_TOKEN is not set" in told
    assert b"python -m bot demo" in told


async def test_a_setting_that_makes_no_sense_stops_the_start_in_one_line(tmp_path: Path) -> None:
    process = await run_bot(folder=tmp_path, UPDATES="webhook", TELEGRAM_BOT_TOKEN=TOKEN)
    _, told = await process.communicate()
    assert process.returncode == 2
    assert told == b"UPDATES: this version receives by polling only; set UPDATES=polling or remove the line\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_serves_and_stops_within_five_seconds(
    number: signal.Signals, standin: StandIn, ana: Phone, tmp_path: Path
) -> None:
    process = await run_bot(folder=tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=standin.url)
    ana.start()
    await standin.until(lambda: any(message.from_bot for message in ana.messages), 20)
    process.send_signal(number)
    out, told = await asyncio.wait_for(process.communicate(), 5)
    assert (process.returncode, told) == (0, b"")
    assert TOKEN.encode() not in out
    assert b"Hi" not in out
