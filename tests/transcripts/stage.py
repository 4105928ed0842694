"""The stage of the transcripts: the whole bot, run against the stand-in over HTTP, and a clock that stands still.

A transcript is a plain dialogue. Lines at the margin are what happens; indented lines are what the chat then shows,
and they are compared to the letter. `pytest tests/transcripts --rewrite` writes them anew; a person judges the diff.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App, build
from bot.demo.faults import Fault
from bot.demo.messages import ChatMessage
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from bot.settings import Settings
from storage import due
from tests.clocks import StillClock
from tests.databases import OPERATOR_KEY

PEOPLE = {"Ana": 1001, "Ben": 1002, "Cleo": 1003}
"""Ana is a patient. Ben is her support person. Cleo is another patient and must never see anything of Ana's."""

START = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
TOKEN = "123456789:" + "T" * 35
FIRST_NAMES = "|".join(PEOPLE)
_LETTERS = "[0-9A-HJKMNP-TV-Z]{5}"
CODE = re.compile(rf"\b{_LETTERS}(?:-?{_LETTERS}){{3}}\b")
"""An invitation's code is another one each time, and is drawn as (code)."""


class Stage:
    """One bot, one Telegram, three phones."""

    def __init__(self, database_url: str, folder: Path, *, restarts: bool = False) -> None:
        self.clock = StillClock(START)
        self.zone = "Europe/Berlin"
        self.database_url = database_url
        self.folder = folder
        self.restarts = restarts
        self.standin = StandIn(self.clock, token=TOKEN)
        self.phones: dict[str, Phone] = {}
        self.seen: dict[str, dict[int, str]] = {}
        self.flashed = dict.fromkeys(PEOPLE, 0)
        self.app: App | None = None

    async def __aenter__(self) -> "Stage":
        await self.standin.start()
        for name, user_id in PEOPLE.items():
            self.phones[name] = self.standin.person(user_id, name, language_code="en")
            self.seen[name] = {}
        await self._start_bot()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stop_bot()
        await self.standin.stop()

    async def _start_bot(self) -> None:
        settings = settings_for(self.database_url, self.standin.url, self.folder)
        self.app = build(settings, self.clock, chat_per_second=1000)  # the clock runs fast here
        await self.app.start()
        await self.settle()

    async def _stop_bot(self) -> None:
        assert self.app
        await self.app.stop()

    async def restart(self) -> None:
        await self._stop_bot()
        await self._start_bot()

    async def settle(self) -> None:
        """Wait until Telegram has handed over everything and the bot has answered it."""
        assert self.app
        await self.standin.idle()
        await self.app.dispatcher.idle()

    async def move_clock(self, target: datetime) -> None:
        """Move the clock through every due moment up to the target."""
        assert self.app
        while True:
            moment = await self.app.database.read(due.next_moment)
            if moment is None or moment > target:
                break
            self.clock.moment = max(moment, self.clock.moment)
            await self._work()
        self.clock.moment = target
        await self._work()

    async def _work(self) -> None:
        assert self.app
        await self.app.loops.plan_once()
        await self._send()

    async def _send(self) -> None:
        """Send what is due now, as the bot does every two seconds."""
        assert self.app
        await self.app.loops.drain_once()
        await self.settle()

    async def play(self, line: str) -> list[str]:
        """Do what a line says and list what the chats then show that they did not show before."""
        for pattern, act in ACTS:
            match = re.fullmatch(pattern, line)
            if match:
                await act(self, *match.groups())
                break
        else:
            raise ValueError(f"nobody knows how to play: {line}")
        await self.settle()
        await self._send()
        shown = self.news()
        if self.restarts and self.app:
            await self.restart()
            assert self.news() == [], "a restart changed what the chat shows"
        return shown

    def news(self) -> list[str]:
        """List what changed in the chats, as lines."""
        return [line for name, phone in self.phones.items() for line in self._news_of(name, phone)]

    def _news_of(self, name: str, phone: Phone) -> list[str]:
        now = {message.message_id: render(message) for message in phone.messages}
        own = {message.message_id for message in phone.messages if not message.from_bot}
        before, self.seen[name] = self.seen[name], now
        lines = [f"(a message to {name} is deleted)" for gone in before.keys() - now.keys()]
        for message_id, text in now.items():
            if before.get(message_id) != text and (message_id not in own or "(reaction" in text):
                verb = "Bot reacts to" if message_id in own else "Bot edits to" if message_id in before else "Bot to"
                lines += [f"{verb} {name}:", *(f"  | {line}".rstrip() for line in text.split("\n"))]
        flashed = phone.toasts[self.flashed[name] :]
        self.flashed[name] = len(phone.toasts)
        return lines + [f"Bot flashes to {name}: {toast.text}" for toast in flashed if toast.text]


def settings_for(database_url: str, telegram_url: str, folder: Path) -> Settings:
    """Give the settings of a bot under test; nothing is taken from the environment."""
    return Settings(
        _env_file=None,
        telegram_bot_token=TOKEN,
        telegram_api_url=telegram_url,
        database_url=database_url,
        encryption_keys=OPERATOR_KEY,
        encryption_keys_file=folder / "keys" / "encryption-keys",
        clinic_name="Lindenhof Clinic",
        clinic_phone="+49 30 5550100",
    )


def render(message: ChatMessage) -> str:
    """Draw a message as a person sees it."""
    head = "(picture) " if message.photo else f"(file {message.document_file.name}) " if message.document_file else ""
    marks = [f"(reaction {message.reaction})"] if message.reaction else []
    marks += ["(silent)"] if message.silent else []
    rows = [" ".join(f"[{button.text}]" for button in row) for row in message.rows]
    keyboard = [" ".join(f"<{button.text}>" for button in row) for row in message.keyboard]
    content = CODE.sub("(code)", message.content)
    return "\n".join([head + content, *marks, *rows, *keyboard])


async def _starts(stage: Stage, name: str) -> None:
    stage.phones[name].start()


async def _taps(stage: Stage, name: str, label: str) -> None:
    stage.phones[name].taps(label)


async def _presses(stage: Stage, name: str, data: str) -> None:
    phone = stage.phones[name]
    phone.presses(data, phone.messages[-1].message_id)


async def _presses_like(stage: Stage, name: str, label: str, other: str) -> None:
    """Press, with one's own phone, what a button on somebody else's phone carries."""
    data = next(
        button.data
        for message in reversed(stage.phones[other].messages)
        for row in message.rows
        for button in row
        if button.text == label and button.data
    )
    phone = stage.phones[name]
    phone.presses(data, phone.messages[-1].message_id)


async def _writes(stage: Stage, name: str, text: str) -> None:
    stage.phones[name].writes(text)


async def _writes_copied(stage: Stage, name: str, other: str) -> None:
    """Write what somebody else copied with a button and handed on."""
    stage.phones[name].writes(stage.phones[other].clipboard)


async def _writes_almost_copied(stage: Stage, name: str, other: str) -> None:
    """Write a code that differs in its last letter from what somebody else copied."""
    code = stage.phones[other].clipboard
    stage.phones[name].writes(code[:-1] + ("2" if code[-1] == "1" else "1"))


async def _opens_copied(stage: Stage, name: str, other: str) -> None:
    """Open the link that somebody else copied with a button and handed on."""
    stage.phones[name].start(stage.phones[other].clipboard.partition("start=")[2])


async def _picks(stage: Stage, name: str, other: str) -> None:
    stage.phones[name].picks(stage.phones[other])


async def _edits(stage: Stage, name: str, old: str, new: str) -> None:
    phone = stage.phones[name]
    message = next(m for m in reversed(phone.messages) if not m.from_bot and m.text == old)
    phone.edits(message.message_id, new)


async def _sends(stage: Stage, name: str, kind: str) -> None:
    getattr(stage.phones[name], f"sends_{kind}")()


async def _sends_calendar(stage: Stage, name: str, file: str) -> None:
    content = (Path(__file__).parent / file).read_bytes()
    stage.phones[name].sends_document(file, content, "text/calendar")


async def _shares_location(stage: Stage, name: str, lat: str, lon: str) -> None:
    stage.phones[name].shares_location(float(lat), float(lon))


async def _blocks(stage: Stage, name: str, un: str) -> None:
    phone = stage.phones[name]
    phone.unblocks() if un else phone.blocks()


async def _clock_reaches(stage: Stage, clock: str, day: str | None, zone: str | None) -> None:
    stage.zone = zone or stage.zone
    await stage.move_clock(stage_moment(stage, clock, day))


def stage_moment(stage: Stage, clock: str, day: str | None) -> datetime:
    """Give the next moment at which a wall clock shows a time, or that time on a named day of this or next year."""
    tz = ZoneInfo(stage.zone)
    wall = time.fromisoformat(clock)
    now = stage.clock.moment
    if day is None:
        moments = (datetime.combine(now.astimezone(tz).date() + timedelta(days=n), wall, tz) for n in range(3))
        return next(m.astimezone(UTC) for m in moments if m > now)
    named = datetime.strptime(f"{day} 2000", "%d %B %Y")  # noqa: DTZ007 - only day and month are read
    days = (date(now.year + n, named.month, named.day) for n in range(2))
    return next(m for m in (datetime.combine(d, wall, tz).astimezone(UTC) for d in days) if m > now)


async def _passes(stage: Stage, count: str, unit: str) -> None:
    await stage.move_clock(stage.clock.moment + timedelta(**{unit.rstrip("s") + "s": int(count)}))


async def _restarted(stage: Stage) -> None:
    await stage.restart()


async def _down(stage: Stage, minutes: str) -> None:
    """The bot is off for a while: the clock moves on without it."""
    await stage._stop_bot()
    stage.clock.advance(timedelta(minutes=int(minutes)))
    await stage._start_bot()
    await stage._work()


async def _twice(stage: Stage) -> None:
    stage.standin.duplicate_next_update()


async def _fault(stage: Stage, method: str, kind: str) -> None:
    stage.standin.misbehave(Fault(kind=kind, method=method, times=1))


Act = Callable[..., Awaitable[None]]
WHO = f"({FIRST_NAMES})"
ACTS: list[tuple[str, Act]] = [
    (rf"{WHO} starts the bot", _starts),
    (rf"{WHO} taps (.+)", _taps),
    (rf"{WHO} presses the button \[(.+)\] of {WHO}", _presses_like),
    (rf"{WHO} forges a press carrying (.+)", _presses),
    (rf'{WHO} writes "(.+)"', _writes),
    (rf"{WHO} writes what {WHO} copied", _writes_copied),
    (rf"{WHO} writes almost what {WHO} copied", _writes_almost_copied),
    (rf"{WHO} opens what {WHO} copied", _opens_copied),
    (rf"{WHO} picks {WHO}", _picks),
    (rf'{WHO} edits "(.+)" to "(.+)"', _edits),
    (rf"{WHO} sends a (voice|sticker|photo|document)", _sends),
    (rf"{WHO} sends the calendar file (\S+\.ics)", _sends_calendar),
    (rf"{WHO} shares the location ([-\d.]+), ([-\d.]+)", _shares_location),
    (rf"{WHO} (un)?blocks the bot", _blocks),
    (r"the clock reaches (\d\d:\d\d)(?: on (\d+ \w+))?(?: in (\S+))?", _clock_reaches),
    (r"(\d+) (minutes?|hours?|days?) pass(?:es)?", _passes),
    (r"the bot is restarted", _restarted),
    (r"the bot is down for (\d+) minutes", _down),
    (r"Telegram delivers the next update twice", _twice),
    (r"Telegram answers the next (\w+) with (\w+)", _fault),
]


async def perform(stage: Stage, lines: list[str]) -> list[str]:
    """Play the margin lines of a transcript and give the whole transcript as it happened."""
    performed: list[str] = []
    for line in lines:
        if line.startswith("    "):
            continue
        performed.append(line)
        if line and not line.startswith("#"):
            performed += ["    " + shown for shown in await stage.play(line)]
    return performed
