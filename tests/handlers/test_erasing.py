"""/delete: asked twice, done at once, said to whom it concerns, and nobody is known afterwards."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from handlers import erasing
from storage import copies, inbox, notes, patients, receipts, supporting
from storage.sealing import Keyring
from tests.handlers.harness import ANA, BEN, GOOD_DAY, START, Chatroom, Phone, check_in, settle_in
from tests.storage.lives import share


async def to_the_last_question(phone: Phone) -> None:
    await phone.writes("/delete")
    await phone.taps("Go on")


async def kept_of(phone: Phone) -> dict[str, int]:
    return await phone.room.database.read(copies.counts, phone.user_id)


async def test_everything_goes_after_two_questions_and_a_receipt_stays(
    room: Chatroom, ana: Phone, keyring: Keyring
) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.writes("/delete")
    first = ana.last
    assert "1 check-in\n4 answers, with every change\n" in first.text
    assert "for good" in first.text
    assert first.labels == ["Make a copy first", "Go on", "Keep it all"]
    await ana.taps("Go on")
    second = ana.last
    assert second.id == first.id
    assert second.text != first.text
    await ana.taps("Delete everything")
    assert await kept_of(ana) == {}
    receipt = ana.last.text
    assert "All is deleted" in receipt
    assert "1 check-in\n4 answers" in receipt
    assert "gone after 30 days" in receipt
    code = re.search(r"Code of this receipt: (\S+)", receipt)
    assert code is not None
    at, counts = receipts.read_code(keyring, code[1]) or (None, {})
    assert at == START.replace(second=0)
    assert counts["answers"] == 4
    assert ana.last.labels == ["Start"]


async def test_the_receipt_holds_no_word_of_health(ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await to_the_last_question(ana)
    await ana.taps("Delete everything")
    for word in ("mood", "ketamine", "depress", "treat", "dizz", "nausea", "Ana"):
        assert word.lower() not in ana.last.text.lower()


async def test_keeping_is_as_easy_at_both_questions(ana: Phone) -> None:
    await ana.writes("/delete")
    await ana.taps("Keep it all")
    assert ana.last.text == "OK. I keep it all."
    await to_the_last_question(ana)
    await ana.taps("No, keep it")
    assert ana.last.text == "OK. I keep it all."
    assert await kept_of(ana) != {}


async def test_a_copy_is_offered_first(ana: Phone) -> None:
    await ana.writes("/delete")
    await ana.taps("Make a copy first")
    assert ana.last.labels == ["Make my copy", "Not now"]


@pytest.mark.parametrize("wait", [timedelta(minutes=31), timedelta(days=3)])
async def test_a_last_question_that_lies_around_erases_nobody(room: Chatroom, ana: Phone, wait: timedelta) -> None:
    await to_the_last_question(ana)
    room.clock.advance(wait)
    await ana.taps("Delete everything")
    assert ana.last.labels == ["Make a copy first", "Go on", "Keep it all"]
    assert await kept_of(ana) != {}


async def test_an_old_last_question_does_not_erase_who_began_anew(room: Chatroom, ana: Phone) -> None:
    await to_the_last_question(ana)
    data = ana.data("Delete everything")
    await ana.taps("Delete everything")
    await settle_in(ana)
    await ana.presses(data)
    assert await kept_of(ana) != {}
    assert "Go on" in ana.last.labels


@pytest.mark.parametrize(
    "data", ["1:de:all", "1:de:all:1", "1:de:clear:99:1", "1:de:all:0:0", "1:de:x", "1:de:all:-1:5"]
)
async def test_forged_presses_erase_nobody(ana: Phone, cleo: Phone, data: str) -> None:
    await to_the_last_question(ana)
    for press in (data, ana.data("Delete everything")):
        await cleo.presses(press)
    assert await kept_of(cleo) != {}
    assert await kept_of(ana) != {}


async def test_pressed_twice_the_second_press_finds_nothing(ana: Phone) -> None:
    await to_the_last_question(ana)
    await ana.taps("Delete everything")
    receipts_so_far = [message.text for message in ana.messages if "receipt" in message.text]
    await ana.again()
    assert ana.last.text == "I keep nothing about you. What was deleted stays deleted."
    assert [message.text for message in ana.messages if "receipt" in message.text] == receipts_so_far


async def test_clearing_takes_back_messages_and_notes_and_leaves_the_copy(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    card = ana.last.id
    number = await ana.writes("a note of mine")
    await ana.taps("Save as note")
    await ana.writes("/export")
    await ana.taps("Make my copy")
    await room.drain()
    await to_the_last_question(ana)
    question = ana.last.id
    await ana.taps("Delete, and clear this chat")
    chat = room.telegram.chats[ANA]
    assert not {card, number, question} & chat.keys()
    assert [message for message in ana.messages if message.file], "the copy may be the only one"
    assert "All is deleted" in ana.last.text


async def test_one_message_that_is_too_old_keeps_no_other(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    card = ana.last.id
    await to_the_last_question(ana)
    room.telegram.fail("deleteMessages", 400, "Bad Request: message can't be deleted for everyone")
    await ana.taps("Delete, and clear this chat")
    assert card not in room.telegram.chats[ANA]


async def test_whatever_telegram_refuses_afterwards_the_data_are_gone_and_the_receipt_comes(
    room: Chatroom, ana: Phone
) -> None:
    await to_the_last_question(ana)
    for method in ("deleteMyCommands", "deleteMessage", "answerCallbackQuery", "editMessageReplyMarkup"):
        room.telegram.fail(method, 400, "Bad Request: something")
    await ana.taps("Delete everything")
    assert "All is deleted" in ana.last.text
    assert await kept_of(ana) == {}


@pytest.mark.parametrize("code", [429, 500, 502])
async def test_a_line_that_fails_costs_nobody_the_receipt(
    code: int, room: Chatroom, ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "RECEIPT_PAUSES", (0.0, 0.0))
    await to_the_last_question(ana)
    for _ in range(2):
        room.telegram.fail("sendMessage", code, "Something", retry_after=1)
    await ana.taps("Delete everything")
    assert "All is deleted" in ana.last.text
    assert await kept_of(ana) == {}


async def test_afterwards_the_person_is_a_stranger(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    old = ana.data("7")
    await to_the_last_question(ana)
    await ana.taps("Delete everything")
    await ana.presses(old)
    assert await kept_of(ana) == {}
    await ana.writes("/delete")
    assert ana.last.text.startswith("I keep nothing about you.")
    await ana.writes("hello?")
    assert ana.last.labels == ["I am 18 or older", "I am younger"]
    await room.reach(START + timedelta(days=3))
    assert ana.last.labels == ["I am 18 or older", "I am younger"], "nothing unasked comes any more"


async def test_somebody_in_the_first_minutes_can_delete_too(room: Chatroom, stranger: Phone) -> None:
    await room.database.write(patients.agree, ANA, "en", "1", START)
    await to_the_last_question(stranger)
    await stranger.taps("Delete everything")
    assert await kept_of(stranger) == {}


async def test_erasing_during_a_check_in_or_a_typed_note_leaves_nothing(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    await ana.taps("6")
    await ana.writes("a note that waits")
    await to_the_last_question(ana)
    await ana.taps("Delete everything")
    assert await kept_of(ana) == {}
    assert await room.database.read(inbox.waiting, 10) == []
    await ana.taps("Start")
    assert await room.database.read(notes.of_days, ANA, START.date(), START.date()) == []


# Those who are linked.


async def test_a_support_person_hears_one_sentence_and_no_reason(room: Chatroom, ana: Phone) -> None:
    ben = room.phone(BEN, "Ben")
    await room.database.write(share, ANA, BEN, START)
    await to_the_last_question(ana)
    await ana.taps("Delete everything")
    assert [message.text for message in ben.messages] == ["Sharing has ended."]


async def test_a_support_person_who_blocked_the_bot_keeps_nobody_from_erasing(room: Chatroom, ana: Phone) -> None:
    await room.database.write(share, ANA, BEN, START)
    await to_the_last_question(ana)
    room.telegram.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await ana.taps("Delete everything")
    assert "All is deleted" in ana.last.text


async def test_a_support_person_can_delete_what_is_kept_of_them(room: Chatroom, ana: Phone) -> None:
    ben = room.phone(BEN, "Ben")
    await room.database.write(share, ANA, BEN, START)
    await ben.writes("/delete")
    assert "You stop being a support person." in ben.last.text
    assert "Make a copy first" not in ben.last.labels
    await ben.taps("Go on")
    await ben.taps("Delete everything")
    assert "1 line on sharing" in ben.last.text
    assert await room.database.read(supporting.supported, BEN) == []
    assert await kept_of(ana) != {}


# People who are not heard of.


async def test_who_is_not_heard_of_is_told_in_kind_words_and_one_tap_keeps_it_all(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/stop")
    room.clock.moment = START + timedelta(days=701)
    await erasing.erase_idle(room.application.bot, room.deps)
    await room.drain()
    assert "Oct 14, 2028" in ana.last.text
    first_line, *_ = ana.last.text.split("\n")
    assert not any(word in first_line.lower() for word in ("ketamine", "health", "mood", "treatment"))
    await ana.taps("Keep it for me")
    assert ana.last.text == "OK. I keep it all."
    for day in range(702, 800):
        room.clock.moment = START + timedelta(days=day)
        await erasing.erase_idle(room.application.bot, room.deps)
        await room.drain()
    assert await kept_of(ana) != {}


async def test_who_says_nothing_is_erased_and_their_support_person_is_told(room: Chatroom, ana: Phone) -> None:
    ben = room.phone(BEN, "Ben")
    await room.database.write(share, ANA, BEN, START)
    await ana.writes("/stop")
    for day in days_until_the_end():
        room.clock.moment = START + timedelta(days=day)
        await erasing.erase_idle(room.application.bot, room.deps)
        for row in await room.database.write(_claim, room.clock.moment):
            await room._send(row, str(day))
    assert await kept_of(ana) == {}
    assert ben.messages[-1].text == "Sharing has ended."


def days_until_the_end() -> Iterable[int]:
    return range(695, 735)


def _claim(session: Any, now: Any) -> Any:
    from care.due import Kind
    from storage import due

    day = str((now - START).days)
    return [row for row in due.claim(session, day, now, 100, 60) if row.kind is Kind.RETENTION]
