"""Files that come and go, through the real transport against the stand-in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from telegram.error import NetworkError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot

from bot.demo.faults import Fault
from bot.demo.phones import Phone as DemoPhone
from bot.demo.standin import StandIn
from bot.transport import Transport
from handlers.context import CareContext
from handlers.files import download, send_file
from handlers.screens import button
from tests.handlers.harness import Phone, Telegram

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@asynccontextmanager
async def standing_in() -> AsyncIterator[tuple[StandIn, DemoPhone, CareContext]]:
    """Serve a stand-in with Ana on it; gives the context of something that she did."""
    standin = StandIn()
    await standin.start()
    ana = standin.person(1001, "Ana")
    ana.start()
    async with Transport() as transport:
        bot: Any = ExtBot(
            standin.token,
            base_url=f"{standin.url}/bot",
            base_file_url=f"{standin.url}/file/bot",
            request=transport,
            get_updates_request=transport,
        )
        types = ContextTypes(context=CareContext, bot_data=dict, chat_data=dict, user_data=dict)
        application: Any = ApplicationBuilder().bot(bot).updater(None).job_queue(None).context_types(types).build()
        yield standin, ana, CareContext(application, chat_id=1001, user_id=1001)
    await standin.stop()


def sent_by(ana: DemoPhone, content: bytes = CALENDAR) -> dict[str, Any]:
    number = ana.sends_document("visits.ics", content, "text/calendar")
    return cast(dict[str, Any], ana.room.messages[number].to_api()["document"])


async def test_a_file_that_a_person_sent_is_fetched() -> None:
    async with standing_in() as (_, ana, context):
        document = sent_by(ana)
        assert await download(context, document["file_id"], document["file_size"], 1000) == CALENDAR
        assert await download(context, document["file_id"], None, len(CALENDAR)) == CALENDAR


async def test_a_file_that_says_it_is_too_large_is_not_even_asked_for() -> None:
    async with standing_in() as (standin, ana, context):
        document = sent_by(ana)
        assert await download(context, document["file_id"], 1001, 1000) is None
        assert standin.calls_to("getFile") == []


async def test_a_file_that_is_larger_than_it_said_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    async with standing_in() as (standin, ana, context):
        document = sent_by(ana, b"x" * 2000)
        assert await download(context, document["file_id"], 10, 1000) is None
        stored = standin.world.files.files[document["file_id"]]
        monkeypatch.setattr(type(stored), "as_file", lambda one: {**one._ids(), "file_size": 10, "file_path": one.path})
        assert await download(context, document["file_id"], 10, 1000) is None
        assert await download(context, document["file_id"], 10, 2000) == b"x" * 2000


async def test_a_file_that_telegram_no_longer_has_is_none() -> None:
    async with standing_in() as (standin, ana, context):
        document = sent_by(ana)
        assert await download(context, "gone", 10, 1000) is None
        standin.world.files.files["other"] = standin.world.files.files[document["file_id"]]
        assert await download(context, "other", 10, 1000) == CALENDAR
        del standin.world.files.files[document["file_id"]]
        assert await download(context, "other", 10, 1000) is None, "the path leads nowhere any more: a 404"


async def test_a_line_that_breaks_is_a_failure_and_not_a_missing_file() -> None:
    async with standing_in() as (standin, ana, context):
        document = sent_by(ana)
        standin.misbehave(Fault("drop_after", method="getFile"))
        with pytest.raises(NetworkError) as caught:
            await download(context, document["file_id"], 10, 1000)
        assert standin.token not in repr(caught.value) + repr(caught.value.__context__)


async def test_a_file_is_sent_with_its_name_caption_and_buttons() -> None:
    async with standing_in() as (standin, ana, context):
        rows = ((button("Done", "menu"),),)
        number = await send_file(context, CALENDAR, "appointment.ics", "For your calendar", rows, protect=True)
        shown = ana.messages[-1]
        assert (shown.message_id, shown.content, shown.document) == (number, "For your calendar", CALENDAR)
        assert shown.document_file is not None
        assert (shown.document_file.name, shown.document_file.content_type) == ("appointment.ics", "text/calendar")
        assert (shown.buttons, shown.protected) == (["Done"], True)
        assert all(call.ok for call in standin.calls)


async def test_a_file_can_answer_a_message_even_one_that_is_gone() -> None:
    async with standing_in() as (_, ana, context):
        asked = ana.writes("my file, please")
        await send_file(context, CALENDAR, "a.ics", "", reply_to=asked)
        assert ana.messages[-1].reply_to is ana.room.messages[asked]
        ana.deletes(asked)
        assert ana.messages[-1].reply_to is None
        await send_file(context, CALENDAR, "a.ics", "", reply_to=asked)
        assert ana.messages[-1].reply_to is None


# The chat in memory does the same.


def _context(phone: Phone) -> CareContext:
    application: Any = phone.room.application
    return CareContext(application, chat_id=phone.user_id, user_id=phone.user_id)


async def test_the_chat_in_memory_carries_files_too(ana: Phone) -> None:
    telegram: Telegram = ana.room.telegram
    await ana.sends_document("visits.ics", CALENDAR, "text/calendar")
    context = _context(ana)
    file_id = ana.last_update["message"]["document"]["file_id"]
    assert await download(context, file_id, len(CALENDAR), 1000) == CALENDAR
    assert await download(context, "gone", None, 1000) is None
    telegram.files.clear()
    assert await download(context, file_id, None, 1000) is None
    number = await send_file(context, CALENDAR, "appointment.ics", "For your calendar")
    assert ana.last.id == number
    assert (ana.last.text, ana.last.file) == ("For your calendar", ("appointment.ics", CALENDAR))


async def test_in_memory_a_press_below_a_reply_brings_the_message_that_was_answered(ana: Phone) -> None:
    number = await ana.sends_document("visits.ics", CALENDAR, "text/calendar")
    bot = ana.room.application.bot
    sent = await bot.send_message(ana.user_id, "Is this right?", reply_to_message_id=number)
    await ana.presses("1:nothing", sent.message_id)
    message = ana.last_update["callback_query"]["message"]
    assert message["reply_to_message"]["document"]["file_id"] == "file1"
    await ana.presses("1:nothing", number)
    assert "reply_to_message" not in ana.last_update["callback_query"]["message"]
