"""How the stand-in hands out updates: offsets, lifetimes, one poll at a time."""

import asyncio
from datetime import timedelta

import pytest

from bot.demo.clock import MovableClock
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.bot.demo.caller import Caller

OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def test_an_update_comes_again_until_the_offset_passes_it(call: Caller, ana: Phone) -> None:
    ana.writes("one")
    ana.writes("two")
    first = await call("getUpdates")
    assert await call("getUpdates") == first
    assert [update["message"]["text"] for update in first] == ["one", "two"]
    assert await call("getUpdates", offset=first[0]["update_id"] + 1) == first[1:]
    assert await call("getUpdates", offset=first[1]["update_id"] + 1) == []
    assert await call("getUpdates") == []


async def test_limit_and_negative_offset(call: Caller, ana: Phone) -> None:
    for text in ("one", "two", "three"):
        ana.writes(text)
    assert [update["message"]["text"] for update in await call("getUpdates", limit=2)] == ["one", "two"]
    assert [update["message"]["text"] for update in await call("getUpdates", offset=-1)] == ["three"]
    assert len(await call("getUpdates")) == 1


async def test_an_offset_far_beyond_the_tail_counts_as_none(call: Caller, ana: Phone) -> None:
    ana.writes("one")
    (update,) = await call("getUpdates")
    assert await call("getUpdates", offset=update["update_id"] + 50) == [update]


async def test_a_poll_waits_for_the_next_update(call: Caller, ana: Phone) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    ana.writes("now")
    assert [update["message"]["text"] for update in await poll] == ["now"]


async def test_a_second_waiting_poll_ends_the_first_with_409(call: Caller, ana: Phone) -> None:
    first = asyncio.create_task(call.raw("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    assert await call("getUpdates", timeout=0) == []
    assert not first.done(), "a poll that does not wait displaces nobody"
    second = asyncio.create_task(call.raw("getUpdates", timeout=10))
    answer = await first
    assert (answer["error_code"], answer["description"]) == (409, OTHER_POLL)
    ana.writes("now")
    assert (await second)["ok"]


async def test_presses_expire_after_150_seconds_and_messages_after_24_hours(
    call: Caller, ana: Phone, clock: MovableClock
) -> None:
    ana.writes("kept for a day")
    ana.presses("a", 9999)
    clock.advance(timedelta(seconds=149))
    assert [update.keys() - {"update_id"} for update in await call("getUpdates")] == [{"message"}, {"callback_query"}]
    clock.advance(timedelta(seconds=2))
    assert ["message" in update for update in await call("getUpdates")] == [True]
    clock.advance(timedelta(hours=24))
    assert await call("getUpdates") == []


async def test_only_subscribed_kinds_arrive(call: Caller, ana: Phone) -> None:
    await call("getUpdates", allowed_updates=["message"])
    ana.presses("a", 9999)
    note = ana.writes("one")
    ana.edits(note, "two")
    assert [update["message"]["text"] for update in await call("getUpdates")] == ["one"]


async def test_asking_for_the_same_again_is_held_for_three_seconds(call: Caller, standin: StandIn, ana: Phone) -> None:
    standin.world.updates.hold_repeats = True
    await call("getUpdates", offset=5)
    again = asyncio.create_task(call.raw("getUpdates", offset=5))
    await asyncio.sleep(0.1)
    assert not again.done()
    ana.writes("now")
    assert len((await again)["result"]) == 1


async def test_a_webhook_ends_polling_and_polling_is_refused_while_it_is_set(call: Caller) -> None:
    poll = asyncio.create_task(call.raw("getUpdates", timeout=10))
    await asyncio.sleep(0.05)
    await call("setWebhook", url="https://example.org/hook", secret_token="s")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert (await call("getWebhookInfo"))["url"] == "https://example.org/hook"
    assert "while webhook is active" in await call.refusal("getUpdates")
    assert (await call.raw("setWebhook", url="https://example.org/hook"))["parameters"] == {"retry_after": 1}
    assert await call("deleteWebhook")
    assert await call("getUpdates") == []


async def test_blocking_and_unblocking_arrive_as_membership(call: Caller, ana: Phone) -> None:
    ana.blocks()
    ana.start("again")
    updates = await call("getUpdates")
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in updates[:2]]
    assert statuses == ["kicked", "member"]
    assert updates[2]["message"]["text"] == "/start again"
    assert updates[2]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_group_adds_the_bot_and_the_bot_leaves(call: Caller, standin: StandIn, ana: Phone) -> None:
    family = standin.group(-4001, "Family")
    family.adds_bot(ana)
    family.writes(ana, "/checkin")
    updates = await call("getUpdates")
    assert updates[1]["message"]["chat"]["type"] == "group"
    assert updates[1]["message"]["from"]["id"] == 1001
    assert await call("leaveChat", chat_id=-4001)
    assert await call.refusal("sendMessage", chat_id=-4001, text="x") == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_a_file_that_a_person_sent_can_be_fetched(call: Caller, ana: Phone) -> None:
    ana.sends_document("visits.ics", b"BEGIN:VCALENDAR", "text/calendar")
    (update,) = await call("getUpdates")
    found = await call("getFile", file_id=update["message"]["document"]["file_id"])
    address = f"{call.standin.url}/file/bot{call.standin.token}/{found['file_path']}"
    async with call.session.get(address) as response:
        assert await response.read() == b"BEGIN:VCALENDAR"


async def test_a_press_below_a_reply_brings_the_message_that_was_answered(call: Caller, ana: Phone) -> None:
    asked = ana.sends_document("visits.ics", b"BEGIN:VCALENDAR", "text/calendar", caption="my visits")
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    reply = {"message_id": asked}
    sent = await call("sendMessage", chat_id=1001, text="Right?", reply_markup=keyboard, reply_parameters=reply)
    await call("editMessageText", chat_id=1001, message_id=sent["message_id"], text="Sure?", reply_markup=keyboard)
    ana.taps("Yes")
    update = (await call("getUpdates"))[-1]
    answered = update["callback_query"]["message"]["reply_to_message"]
    assert (answered["message_id"], answered["caption"]) == (asked, "my visits")
    found = await call("getFile", file_id=answered["document"]["file_id"])
    assert found["file_size"] == answered["document"]["file_size"] == 15
    ana.deletes(asked)
    ana.taps("Yes")
    update = (await call("getUpdates"))[-1]
    assert "reply_to_message" not in update["callback_query"]["message"]


async def test_a_file_can_answer_a_message(call: Caller, ana: Phone) -> None:
    card = (await call("sendMessage", chat_id=1001, text="Send me the file"))["message_id"]
    ana.sends_document("visits.ics", b"BEGIN:VCALENDAR", "text/calendar", reply_to=card)
    (update,) = await call("getUpdates")
    assert update["message"]["reply_to_message"]["message_id"] == card
    with pytest.raises(ValueError, match="non-empty"):
        ana.sends_document("nothing.ics", b"")


async def test_the_narrowest_command_menu_in_the_persons_language_wins(call: Caller, standin: StandIn) -> None:
    ben = standin.person(1002, "Ben", "de")
    everybody = [{"command": "help", "description": "Help"}]
    await call("setMyCommands", commands=everybody)
    assert ben.commands == everybody
    german = [{"command": "help", "description": "Hilfe"}]
    await call("setMyCommands", commands=german, language_code="de")
    assert ben.commands == german
    his = [{"command": "updates", "description": "Updates"}]
    await call("setMyCommands", commands=his, scope={"type": "chat", "chat_id": 1002})
    assert ben.commands == his
    await call("deleteMyCommands", scope={"type": "chat", "chat_id": 1002})
    assert ben.commands == german
