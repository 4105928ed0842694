"""Updates are stored before they are confirmed, whatever Telegram, the database or another process does."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from telegram.ext import ExtBot

from bot import lease as lease_module
from bot import polling
from bot.dispatcher import Incoming
from bot.health import Health
from bot.lease import Lease
from bot.patience import Patience
from bot.polling import ALLOWED_UPDATES, Poller
from bot.transport import Transport
from handlers.context import Deps
from storage import inbox
from storage.database import Database, StorageUnavailable
from tests.bot.telegram_stub import TOKEN, refuse, serving
from tests.bot.updates import ANA, BEN, press, text
from tests.clocks import StillClock
from tests.faults.poison import NONSENSE

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)


class Telegram:
    """Answers getUpdates as the real one does: what is not confirmed comes again."""

    def __init__(self) -> None:
        self.queue: list[dict[str, Any]] = []
        self.polls: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.nonsense: list[dict[str, Any]] = []
        self.refusals: list[Callable[[web.Request], Awaitable[web.StreamResponse]]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        params = json.loads(await request.read())
        if not request.path.endswith("getUpdates"):
            self.sent.append(params)
            return web.json_response({"ok": True, "result": {"message_id": 1}})
        self.polls.append(params)
        if self.refusals:
            return await self.refusals.pop(0)(request)
        self.queue = [update for update in self.queue if update["update_id"] >= params.get("offset", 0)]
        await asyncio.sleep(0 if self.queue else 0.02)
        return web.json_response({"ok": True, "result": [*self.nonsense, *self.queue[:100]]})


class Line:
    """In the place of the dispatcher: keeps what it is fed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.backlog = 0
        self.fed: list[int] = []
        self.replays = 0

    def feed(self, updates: Sequence[Incoming]) -> None:
        self.fed += [update.update_id for update in updates]

    async def replay(self) -> int:
        self.replays += 1
        rows = await self.database.read(inbox.waiting, 100)
        self.fed += [update_id for update_id, _, _ in rows if update_id not in self.fed]
        return len(rows)


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
def line(database: Database) -> Line:
    return Line(database)


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
async def poller(
    telegram: Telegram, line: Line, database: Database, health: Health, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Poller]:
    monkeypatch.setattr(polling, "STORAGE_BACK_OFF", (0.01,))
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    lease = Lease(database, "poller")
    async with serving(telegram.answer) as (url, _), Transport() as transport:
        bot = ExtBot(TOKEN, base_url=f"{url}/bot", request=transport, get_updates_request=transport)
        await lease.renew()
        yield Poller(bot, Deps(database, StillClock(NOW)), line, lease, health)


async def waiting(database: Database) -> dict[int, tuple[int, dict[str, Any]]]:
    return {number: (chat, json.loads(raw)) for number, chat, raw in await database.read(inbox.waiting, 100)}


async def polling_until(poller: Poller, condition: Callable[[], object], seconds: float = 5.0) -> None:
    running = asyncio.create_task(poller.run())
    try:
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.005)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_an_update_is_stored_fed_and_then_confirmed(
    poller: Poller, telegram: Telegram, line: Line, database: Database
) -> None:
    telegram.queue = [text(7, ANA), text(8, BEN)]
    await polling_until(poller, lambda: len(telegram.polls) >= 2)
    assert line.fed == [7, 8]
    stored = await waiting(database)
    assert [stored[7][0], stored[8][0]] == [ANA, BEN]
    assert "offset" not in telegram.polls[0]
    assert telegram.polls[1]["offset"] == 9


async def test_it_asks_for_exactly_the_four_kinds_and_waits_long(poller: Poller, telegram: Telegram) -> None:
    await polling_until(poller, lambda: len(telegram.polls) >= 2)
    assert telegram.polls[1] == {"limit": 100, "timeout": 25, "allowed_updates": ALLOWED_UPDATES}
    assert ALLOWED_UPDATES == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_it_waits_only_after_it_has_what_came_before(poller: Poller, telegram: Telegram, line: Line) -> None:
    telegram.queue = [text(number, ANA) for number in range(7, 7 + 101)]
    await polling_until(poller, poller.caught_up.is_set)
    assert len(line.fed) == 101
    await polling_until(poller, lambda: len(telegram.polls) >= 3)
    assert [poll["timeout"] for poll in telegram.polls[:3]] == [0, 0, 25]


async def test_an_update_that_comes_twice_is_fed_once(poller: Poller, telegram: Telegram, line: Line) -> None:
    telegram.queue = [text(7, ANA)]
    await poller._lease.wait()
    poller._must_replay = False
    await poller.poll_once()
    poller._offset = 0
    await poller.poll_once()
    assert line.fed == [7]


async def test_the_keyboard_of_a_pressed_card_is_not_kept(
    poller: Poller, telegram: Telegram, database: Database
) -> None:
    telegram.queue = [press(7, ANA, "1:a:3:mood:7")]
    await poller.poll_once()
    chat, raw = (await waiting(database))[7]
    assert chat == ANA
    assert "reply_markup" not in raw["callback_query"]["message"]
    assert raw["callback_query"]["data"] == "1:a:3:mood:7"


@pytest.mark.parametrize(
    "broken",
    [
        {"update_id": 7},
        {"update_id": 7, "message": None},
        {"update_id": 7, "message": {"chat": {"id": "x"}}},
        {"update_id": 7, "message": {"chat": {"id": 1 << 80}}},
        {"update_id": 7, "message": {"chat": {"id": ANA}, "text": "half a pair \ud83d"}},
    ],
)
async def test_a_malformed_update_is_stored_like_any_other(
    broken: dict[str, Any], poller: Poller, telegram: Telegram, database: Database
) -> None:
    telegram.queue = [broken, text(8, ANA)]
    assert await poller.poll_once() == 2
    assert sorted(await waiting(database)) == [7, 8]


async def test_no_number_of_a_chat_or_an_update_can_hold_up_the_rest(
    poller: Poller, telegram: Telegram, line: Line, database: Database
) -> None:
    spoiled = [text(7 + n, ANA) for n in range(len(NONSENSE))]
    for update, value in zip(spoiled, NONSENSE, strict=True):
        update["message"]["chat"]["id"] = value
    numbered = [{"update_id": value, "message": text(1, ANA)["message"]} for value in (True, 2**63, -(2**63), "7", 0.5)]
    telegram.queue = [*spoiled, text(100, BEN)]
    telegram.nonsense = numbered
    await polling_until(poller, lambda: 100 in line.fed)
    stored = await waiting(database)
    assert stored[100][0] == BEN
    assert {stored[update["update_id"]][0] for update in spoiled} <= {0, -1}


async def test_what_is_no_update_at_all_does_not_hold_up_the_rest(
    poller: Poller, telegram: Telegram, database: Database
) -> None:
    telegram.queue = [{"update_id": 1 << 70}, text(8, ANA)]
    assert await poller.poll_once() == 1
    assert sorted(await waiting(database)) == [8]


async def test_whoever_waits_for_a_slow_database_is_told_once(
    poller: Poller, telegram: Telegram, line: Line, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.polling.TELL_SECONDS", 0.05)
    telegram.queue = [text(7, ANA, "hello"), text(8, ANA, "are you there"), text(9, BEN, "/urgent")]
    write, slow = database.write, asyncio.Event()

    async def waiting(fn: Any, *args: Any) -> Any:
        if fn is inbox.receive:
            await slow.wait()
        return await write(fn, *args)

    monkeypatch.setattr(database, "write", waiting)
    polling = asyncio.create_task(polling_until(poller, lambda: line.fed == [7, 8, 9]))
    while len(telegram.sent) < 2:
        await asyncio.sleep(0.01)
    slow.set()
    await polling
    assert [sent["chat_id"] for sent in telegram.sent] == [ANA, BEN]
    assert telegram.sent[0]["text"] == "I can't save right now, but I keep trying. No need to send it again."


async def test_while_the_database_is_away_nothing_is_confirmed_and_help_is_answered_once(
    poller: Poller, telegram: Telegram, line: Line, database: Database, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram.queue = [text(7, ANA, "/urgent"), text(8, BEN, "hello")]
    write = database.write

    async def away(fn: Any, *args: Any) -> Any:
        if fn is inbox.receive:
            raise StorageUnavailable("disk full")
        return await write(fn, *args)

    monkeypatch.setattr(database, "write", away)
    await polling_until(poller, lambda: len(telegram.polls) >= 4)
    assert [sent["chat_id"] for sent in telegram.sent] == [ANA, BEN]
    assert telegram.sent[1]["text"].startswith("I can't save right now")
    assert all("offset" not in poll for poll in telegram.polls)
    assert "database" in health.trouble
    monkeypatch.setattr(database, "write", write)
    await polling_until(poller, lambda: line.fed == [7, 8])
    await polling_until(poller, lambda: telegram.polls[-1].get("offset") == 9)
    assert health.trouble == ""


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(401, "token"), (404, "token"), (409, "another process"), (500, "reached"), (502, "reached")],
)
async def test_a_refused_poll_is_told_and_tried_again(
    status: int, trouble: str, poller: Poller, telegram: Telegram, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Patience, "_wait", lambda _self, _error: told.append(health.trouble) or 0.0)
    telegram.refusals = [refuse(status, "Some reason")] * 3
    telegram.queue = [text(7, ANA)]
    await polling_until(poller, lambda: len(telegram.polls) >= 5)
    assert [trouble in words for words in told] == [True] * 3
    assert health.trouble == ""


async def test_a_second_process_stands_by_until_the_first_gives_the_lease_back(database: Database) -> None:
    first, second = Lease(database, "poller"), Lease(database, "poller")
    await first.renew()
    await second.renew()
    assert await first.wait() is True
    assert await first.wait() is False
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(second.wait(), 0.05)
    await first.release()
    await second.renew()
    assert await asyncio.wait_for(second.wait(), 1) is True


async def test_a_holder_that_died_elsewhere_is_followed_within_ten_seconds(database: Database) -> None:
    clock = StillClock(NOW)
    dead, heir = Lease(database, "poller", clock), Lease(database, "poller", clock)
    await dead.renew()
    clock.advance(timedelta(seconds=7))
    await heir.renew()
    assert not heir._held.is_set()
    clock.advance(timedelta(seconds=2))
    await heir.renew()
    assert heir._held.is_set()
    assert lease_module.LEASE + timedelta(seconds=lease_module.STAND_BY_SECONDS) < timedelta(seconds=10)


async def test_a_holder_that_died_on_this_machine_is_followed_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "_place", lambda: "this boot")
    dead, heir = Lease(database, "poller"), Lease(database, "poller")
    finished = await asyncio.create_subprocess_exec("true")
    await finished.wait()
    dead._holder = f"this boot/{finished.pid}/dead"
    await dead.renew()
    await heir.renew()
    assert heir._held.is_set()
    await dead.renew()
    assert not dead._held.is_set()


async def test_with_the_database_away_the_holder_keeps_its_lease(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = Lease(database, "poller")
    await lease.renew()

    async def away(*_: Any) -> Any:
        raise StorageUnavailable("gone")

    monkeypatch.setattr(database, "write", away)
    await lease.renew()
    assert await asyncio.wait_for(lease.wait(), 1) is True
