"""Each chat in order, chats in parallel, nothing lost, nobody blocked by another's trouble."""

import asyncio
import copy
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Message, Update
from telegram.error import BadRequest, Forbidden, NetworkError, TimedOut
from telegram.ext import ExtBot

from bot import dispatcher as module
from bot.dispatcher import Dispatcher, Incoming, parse
from handlers.context import Deps
from storage import inbox
from storage.database import Database, StorageUnavailable
from tests.bot.updates import ANA, BEN, CLEO, incoming, press, text
from tests.clocks import StillClock

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
Handle = Callable[[Update], Awaitable[None]]


class Handlers:
    """In the place of PTB's Application: hands failures to the error handler, as the real one does."""

    bot = None

    def __init__(self) -> None:
        self.handle: Handle = self.nothing
        self.seen: list[int] = []
        self.given_up: list[int] = []
        self.dispatcher: Dispatcher

    async def nothing(self, update: Update) -> None:
        pass

    async def process_update(self, update: Update) -> None:
        self.seen.append(update.update_id)
        try:
            await self.handle(update)
        except Exception as error:  # noqa: BLE001 - as PTB does
            if await self.dispatcher.failed(update, error):
                self.given_up.append(update.update_id)


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
def dispatcher(handlers: Handlers, database: Database, monkeypatch: pytest.MonkeyPatch) -> Dispatcher:
    monkeypatch.setattr(module, "OUR_BACK_OFF", (0.01, 0.01))
    monkeypatch.setattr(module, "PASSING_BACK_OFF", (0.02,))
    handlers.dispatcher = Dispatcher(handlers, Deps(database, StillClock(NOW)), in_flight=4)
    return handlers.dispatcher


async def stored(database: Database, *updates: Incoming) -> tuple[Incoming, ...]:
    rows = [(update.update_id, update.chat, json.dumps(update.raw).encode()) for update in updates]
    await database.write(inbox.receive, rows, NOW)
    return updates


async def waiting(database: Database) -> list[int]:
    return [update_id for update_id, _, _ in await database.read(inbox.waiting, 100)]


async def settled(dispatcher: Dispatcher) -> None:
    await asyncio.wait_for(dispatcher.idle(), 5)


async def test_one_chat_in_order_and_all_marked(dispatcher: Dispatcher, handlers: Handlers, database: Database) -> None:
    async def slower_first(update: Update) -> None:
        await asyncio.sleep(0.02 / update.update_id)

    handlers.handle = slower_first
    dispatcher.feed(await stored(database, *(incoming(number, ANA) for number in range(1, 6))))
    await settled(dispatcher)
    assert handlers.seen == [1, 2, 3, 4, 5]
    assert await waiting(database) == []


async def test_many_chats_at_once_but_no_more_than_the_slots(
    dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    busy, busiest = 0, 0

    async def count(_update: Update) -> None:
        nonlocal busy, busiest
        busy += 1
        busiest = max(busy, busiest)
        await asyncio.sleep(0.01)
        busy -= 1

    handlers.handle = count
    dispatcher.feed(await stored(database, *(incoming(number, number) for number in range(1, 21))))
    await settled(dispatcher)
    assert (busiest, len(handlers.seen)) == (4, 20)


async def test_what_a_death_would_show_again_is_never_more_than_the_slots(
    dispatcher: Dispatcher, handlers: Handlers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates = await stored(database, *(incoming(number, number) for number in range(1, 21)))
    write, on_disk = database.write, asyncio.Event()

    async def slow_marks(fn: Any, *args: Any) -> Any:
        if fn is inbox.handled:
            await on_disk.wait()
        return await write(fn, *args)

    monkeypatch.setattr(database, "write", slow_marks)
    dispatcher.feed(updates)
    await asyncio.sleep(0.1)
    assert len(handlers.seen) == 4
    on_disk.set()
    await settled(dispatcher)
    assert (len(handlers.seen), await waiting(database)) == (20, [])


async def test_an_update_is_marked_only_after_its_handler_finished(
    dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    go = asyncio.Event()

    async def hold(_update: Update) -> None:
        await go.wait()

    handlers.handle = hold
    dispatcher.feed(await stored(database, incoming(1, ANA)))
    await asyncio.sleep(0.05)
    assert await waiting(database) == [1]
    go.set()
    await settled(dispatcher)
    assert await waiting(database) == []


async def test_what_an_earlier_process_left_is_handled_and_nothing_twice(
    dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    left = await stored(database, incoming(1, ANA), incoming(2, BEN))
    assert await dispatcher.replay() == 2
    dispatcher.feed(left)
    await settled(dispatcher)
    assert sorted(handlers.seen) == [1, 2]
    assert await dispatcher.replay() == 0


async def test_a_malformed_update_is_set_aside_at_once_and_blocks_nobody(
    dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    broken = {"update_id": 1, "message": {"text": "no date, no chat"}}
    dispatcher.feed(await stored(database, incoming(1, ANA, broken), incoming(2, ANA), incoming(3, BEN)))
    await settled(dispatcher)
    assert sorted(handlers.seen) == [2, 3]
    assert await waiting(database) == []


async def test_our_own_failure_is_tried_three_times_and_then_set_aside(
    dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    async def stumble(update: Update) -> None:
        if update.update_id == 1:
            raise KeyError("a bug")

    handlers.handle = stumble
    dispatcher.feed(await stored(database, incoming(1, ANA), incoming(2, ANA)))
    await settled(dispatcher)
    assert handlers.seen == [1, 1, 1, 2]
    assert handlers.given_up == [1]
    assert await waiting(database) == []


async def test_a_passing_failure_is_tried_until_it_passes_and_never_counted(
    dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    errors: list[Exception] = [NetworkError("cut"), TimedOut(), StorageUnavailable("locked"), NetworkError("cut")]

    async def come_round(_update: Update) -> None:
        if errors:
            raise errors.pop()

    handlers.handle = come_round
    dispatcher.feed(await stored(database, incoming(1, ANA)))
    await settled(dispatcher)
    assert (handlers.seen, handlers.given_up) == ([1] * 5, [])


async def test_whoever_waits_for_a_retry_holds_no_slot(
    dispatcher: Dispatcher, handlers: Handlers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PASSING_BACK_OFF", (30.0,))

    async def unreachable_for_most(update: Update) -> None:
        if update.update_id <= 8:
            raise NetworkError("cut")

    handlers.handle = unreachable_for_most
    dispatcher.feed(await stored(database, *(incoming(number, number) for number in range(1, 10))))
    async with asyncio.timeout(2):
        while 9 not in handlers.seen or dispatcher.backlog > 8:
            await asyncio.sleep(0.01)
    assert await dispatcher.drain(1) is True


async def test_a_passing_failure_that_does_not_pass_is_set_aside_in_the_end(
    dispatcher: Dispatcher, handlers: Handlers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PASSING_SECONDS", 0.05)

    async def cut(_update: Update) -> None:
        raise NetworkError("cut")

    handlers.handle = cut
    dispatcher.feed(await stored(database, incoming(1, ANA)))
    await settled(dispatcher)
    assert handlers.given_up == [1]
    assert await waiting(database) == []


@pytest.mark.parametrize("error", [Forbidden("bot was blocked by the user"), BadRequest("can't parse entities")])
async def test_what_telegram_refuses_for_good_is_not_tried_again(
    error: Exception, dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    async def refuse(_update: Update) -> None:
        raise error

    handlers.handle = refuse
    dispatcher.feed(await stored(database, incoming(1, ANA)))
    await settled(dispatcher)
    assert (handlers.seen, handlers.given_up) == ([1], [1])
    assert await waiting(database) == []


async def test_a_failure_that_the_application_itself_raises_counts_as_ours(
    dispatcher: Dispatcher, handlers: Handlers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def burst(update: Update) -> None:
        handlers.seen.append(update.update_id)
        raise RuntimeError("not initialized")

    monkeypatch.setattr(handlers, "process_update", burst)
    dispatcher.feed(await stored(database, incoming(1, ANA)))
    await settled(dispatcher)
    assert handlers.seen == [1, 1, 1]


async def test_a_failure_whose_telling_fails_too_counts_once_and_ends(
    dispatcher: Dispatcher, handlers: Handlers, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def burst(update: Update) -> None:
        handlers.seen.append(update.update_id)
        await dispatcher.failed(update, ValueError("a handler"))
        raise TypeError("the application itself")

    monkeypatch.setattr(handlers, "process_update", burst)
    dispatcher.feed(await stored(database, incoming(1, ANA), incoming(2, ANA)))
    await settled(dispatcher)
    assert handlers.seen == [1, 1, 1, 2, 2, 2]
    assert await waiting(database) == []


async def test_stopping_lets_what_is_in_flight_finish_and_leaves_the_rest_in_the_inbox(
    dispatcher: Dispatcher, handlers: Handlers, database: Database
) -> None:
    async def take_time(_update: Update) -> None:
        await asyncio.sleep(0.05)

    handlers.handle = take_time
    dispatcher.feed(await stored(database, incoming(1, ANA), incoming(2, ANA), incoming(3, BEN)))
    await asyncio.sleep(0.01)
    assert await dispatcher.drain(2) is True
    assert sorted(handlers.seen) == [1, 3]
    assert await waiting(database) == [2]


async def test_stopping_does_not_wait_for_ever(dispatcher: Dispatcher, handlers: Handlers, database: Database) -> None:
    async def hang(_update: Update) -> None:
        await asyncio.sleep(60)

    handlers.handle = hang
    dispatcher.feed(await stored(database, incoming(1, CLEO)))
    await asyncio.sleep(0.01)
    assert await dispatcher.drain(0.05) is False
    assert await waiting(database) == [1]


async def test_marks_that_could_not_be_written_are_written_later(
    dispatcher: Dispatcher, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STORAGE_WAIT_SECONDS", 0.01)
    await stored(database, incoming(1, ANA))
    write, failures = database.write, [1, 1]

    async def away_at_first(fn: Any, *args: Any) -> Any:
        if failures:
            failures.pop()
            raise StorageUnavailable("locked")
        return await write(fn, *args)

    monkeypatch.setattr(database, "write", away_at_first)
    dispatcher.feed([incoming(1, ANA)])
    await settled(dispatcher)
    assert await waiting(database) == []


async def test_a_failure_outside_an_update_is_only_logged(dispatcher: Dispatcher) -> None:
    assert await dispatcher.failed(None, ValueError("a job of a library")) is False
    assert await dispatcher.failed(Update.de_json(text(99, ANA), None), ValueError("long done")) is False


def test_a_press_is_parsed_as_the_library_does_but_for_the_card_it_was_on() -> None:
    raw = press(7, ANA, "1:a:1:mood:3:0")
    card = raw["callback_query"]["message"] = {
        name: raw["callback_query"]["message"][name] for name in ("message_id", "date", "chat")
    }
    bot = ExtBot("1:x")
    ours, whole = parse(copy.deepcopy(raw), bot), Update.de_json(copy.deepcopy(raw), bot)
    assert (ours, ours.update_id) == (whole, 7)
    query, other = ours.callback_query, whole.callback_query
    assert query is not None
    assert other is not None
    assert query.message is not None
    assert (query.id, query.data, query.from_user, query.chat_instance) == (
        *(other.id, other.data, other.from_user, other.chat_instance),
    )
    assert (query.message.message_id, ours.effective_chat, ours.effective_user) == (
        *(card["message_id"], whole.effective_chat, whole.effective_user),
    )
    assert query.get_bot() is ours.get_bot() is bot


@pytest.mark.parametrize("more", [{"photo": []}, {"text": "words"}, {"reply_to_message": None}])
def test_a_press_on_a_card_of_which_more_was_kept_is_parsed_whole(more: dict[str, Any]) -> None:
    raw = press(7, ANA, "1:x")
    raw["callback_query"]["message"] |= more
    query = parse(raw, ExtBot("1:x")).callback_query
    assert query is not None
    assert isinstance(query.message, Message)


@pytest.mark.parametrize("wrong", ["from", "id", "chat_instance"])
def test_a_press_that_lacks_something_is_refused(wrong: str) -> None:
    raw = press(7, ANA, "1:x")
    card = raw["callback_query"]["message"]
    raw["callback_query"]["message"] = {name: card[name] for name in ("message_id", "date", "chat")}
    del raw["callback_query"][wrong]
    with pytest.raises(KeyError):
        parse(raw, ExtBot("1:x"))
