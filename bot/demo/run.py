"""The demo command: the stand-in, the page and the real bot in one process, on this machine alone."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import webbrowser
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from bot import logs
from bot.app import App, StartFault, build
from bot.demo.clock import MovableClock
from bot.demo.control import Control
from bot.demo.course import Course
from bot.demo.moving import ClockMover
from bot.demo.page import serve_page
from bot.demo.standin import StandIn
from bot.settings import Settings
from care.clock import system_clock
from storage import due, patients
from storage.database import StorageUnavailable
from storage.sealing import KeyFault

HOST = "127.0.0.1"
PORT = 8765
PORTS_TRIED = 10
DATA = Path("data/demo")
KEYS = Path("secrets/demo-encryption-keys")
DATABASE_FILE = "checkins.db"
CLOCK_FILE = "clock"
PEOPLE = ((1001, "Ana"), (1002, "Ben"))
CLINIC = ("Demo Clinic", "+1 555 0100")  # 555 01xx numbers belong to nobody
WORK_SECONDS = 5.0
SENDS_PER_SECOND = 500.0  # a month is lived in seconds here, and the stand-in has no limits


@dataclass(frozen=True, slots=True)
class BotSteps:
    """What the clock asks of the bot when it moves."""

    app: App
    folder: Path

    @property
    def ready(self) -> bool:
        """Tell whether the bot has its tables and is at work."""
        return self.app.health.last_drain_at is not None

    async def next_moment(self) -> datetime | None:
        """Give the earliest moment at which something is due."""
        return await self.app.database.read(due.next_moment)

    async def work(self) -> None:
        """Plan, send what is due and wait for the handlers; not for long, Telegram may be unreachable just now."""
        await self.app.loops.plan_once()
        await self.app.loops.drain_once()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.answered(), WORK_SECONDS)

    async def answered(self) -> None:
        """Wait for the handlers."""
        await self.app.dispatcher.idle()

    async def arrived(self) -> None:
        """Sweep, and note where the clock stands for a demo that goes on later."""
        await self.app.loops.sweep_once()
        (self.folder / CLOCK_FILE).write_text(self.app.clock().isoformat())

    async def zone_of(self, chat_id: int) -> str | None:
        """Give the zone of a patient, as far as the bot knows it."""
        if not self.ready:
            return None
        patient = await self.app.database.read(patients.find, chat_id)
        return patient.zone_at(self.app.clock()) if patient and patient.zone else None


def run(port: int = PORT, open_browser: bool = True, with_bot: bool = True, keep: bool = False) -> None:
    """Run the demo until Ctrl-C. It starts anew each time unless keep is set: the chats live in memory only."""
    logs.configure("warning", "text")
    try:
        asyncio.run(_until_told(port, open_browser=open_browser, with_bot=with_bot, keep=keep))
    except (StartFault, KeyFault, StorageUnavailable) as fault:
        sys.exit(str(fault))


async def _until_told(port: int, *, open_browser: bool, with_bot: bool, keep: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(stop, port, open_browser=open_browser, with_bot=with_bot, keep=keep)


async def serve(
    stop: asyncio.Event,
    port: int = PORT,
    data_dir: Path = DATA,
    keys_file: Path = KEYS,
    clock: MovableClock | None = None,
    *,
    open_browser: bool = False,
    with_bot: bool = True,
    keep: bool = False,
) -> None:
    """Serve the demo until the event is set; a taken port is passed over for the next free one."""
    free = free_port(port)
    folder = prepared(data_dir / str(free), keep=keep)
    clock = clock or (_clock(folder) if with_bot else MovableClock())
    standin = StandIn(clock)
    standin.begin_after(clock())
    serve_page(standin.app)
    control = Control(standin)
    await standin.start(HOST, free)
    for chat_id, name in PEOPLE:
        standin.person(chat_id, name)
    _greet(standin, with_bot=with_bot, other_port=port not in (0, free))
    if open_browser and _has_screen():
        await asyncio.to_thread(webbrowser.open, standin.url)
    try:
        await (_with_bot(stop, standin, control, clock, folder, keys_file) if with_bot else stop.wait())
    finally:
        await standin.stop()
        if not keep:
            _erase(folder)


async def _with_bot(
    stop: asyncio.Event, standin: StandIn, control: Control, clock: MovableClock, folder: Path, keys_file: Path
) -> None:
    app = build(settings(standin, folder, keys_file), clock, chat_per_second=SENDS_PER_SECOND)
    steps = BotSteps(app, folder)
    control.zone_of = steps.zone_of
    control.mover = mover = ClockMover(clock, standin, steps)
    control.course = course = Course(standin, mover)
    try:
        await app.run_until(stop)
    finally:
        await course.stop()


def settings(standin: StandIn, folder: Path, keys_file: Path) -> Settings:
    """Give the bot's settings for the demo, whatever the environment of a real bot says."""
    return Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(standin.token),
        telegram_api_url=standin.url,
        database_url=SecretStr(f"sqlite:///{folder / DATABASE_FILE}"),
        updates="polling",
        encryption_keys=SecretStr(""),
        encryption_keys_file=keys_file,
        clinic_name=CLINIC[0],
        clinic_phone=CLINIC[1],
        default_language="en",
        default_country="",
        default_zone="UTC",
        sends_per_second=SENDS_PER_SECOND,
    )


def prepared(folder: Path, *, keep: bool) -> Path:
    """Make the folder of one demo; what an earlier one left there is erased unless it is to be kept."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not keep:
        for old in _files(folder):
            old.unlink(missing_ok=True)
    return folder


def _erase(folder: Path) -> None:
    for old in _files(folder):
        old.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _files(folder: Path) -> list[Path]:
    return [*folder.glob(f"{DATABASE_FILE}*"), folder / CLOCK_FILE]


def _clock(folder: Path) -> MovableClock:
    """Give a clock that goes on where a kept demo stood: its answers must not lie in the future."""
    clock = MovableClock()
    with contextlib.suppress(OSError, ValueError):
        stood = datetime.fromisoformat((folder / CLOCK_FILE).read_text())
        clock.set(max(stood, system_clock()))
    return clock


def free_port(port: int) -> int:
    """Give the wished port or the next free one; 0 asks the system for any."""
    for candidate in [*range(port, port + PORTS_TRIED), 0] if port else [0]:
        with contextlib.suppress(OSError), socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((HOST, candidate))
            return int(trial.getsockname()[1])
    raise StartFault("there is no free port on this machine")


def _greet(standin: StandIn, *, with_bot: bool, other_port: bool) -> None:
    if other_port:
        print("The usual port is taken, so the demo uses another one.")
    print(f"The demo is at {standin.url}/ (Ctrl-C stops it)")
    if not with_bot:
        print("Run the bot against it with these settings:")
        print(f"  TELEGRAM_API_URL={standin.url}")
        print(f"  TELEGRAM_BOT_TOKEN={standin.token}")
    sys.stdout.flush()


def _has_screen() -> bool:
    """Tell whether a browser window can open; without one webbrowser would start a text browser in the terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
