"""/ask: questions for the next visit."""

from datetime import timedelta

import pytest

from care.visits import Appointment, VisitKind
from storage import asks, visits
from storage.asks import MOST_QUESTIONS, LineKind
from storage.visits import NewVisit
from tests.handlers.harness import ANA, CLEO, START, Chatroom, Phone, settle_in

NONE_YET = "You have no questions for your next visit yet."


async def kept(room: Chatroom, chat_id: int = ANA) -> list[str]:
    return [line.text for line in await room.database.read(asks.questions, chat_id)]


async def plan_visit(room: Chatroom, chat_id: int = ANA, days: int = 6) -> Appointment:
    new = [NewVisit(START + timedelta(days=days), "Europe/Berlin", VisitKind.FOLLOW_UP)]
    made = await room.database.write(visits.make, chat_id, new, room.clock())
    assert made
    return made.new[0]


async def ask(phone: Phone, *texts: str) -> None:
    for text in texts:
        await phone.writes(f"/ask {text}")


async def test_without_a_question_it_says_how_to_keep_one(ana: Phone) -> None:
    await ana.writes("/ask")
    assert ana.last.text.startswith(NONE_YET)
    assert "/ask Can I drive the next day?" in ana.last.text
    assert ana.last.labels == ["Add a question"]


async def test_a_question_is_typed_after_a_tap_and_the_list_stands_once(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/ask")
    await ana.taps("Add a question")
    assert ana.last.asks
    assert "No one reads it right now" in ana.last.text
    await ana.writes("Can I drive the next day?")
    assert await kept(room) == ["Can I drive the next day?"]
    prompt, only = ana.messages
    assert prompt.keyboard == ["Help now"]
    assert only.text == "Kept.\nYour questions for your next visit:\n1. \u2068Can I drive the next day?\u2069"
    assert only.labels == ["1", "Add a question"]
    await ana.again()
    assert ana.messages == [prompt, only]
    await ana.writes("And this is a note")
    assert "Keep this as a note" in ana.last.text


async def test_a_question_behind_the_command_is_kept_at_once(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/ask Does it matter if I skip lunch?")
    await ana.again()
    await ana.writes("/ASK@checkin_bot\nAnd dinner?")
    assert await kept(room) == ["Does it matter if I skip lunch?", "And dinner?"]
    assert ana.last.labels == ["1", "2", "Add a question"]


async def test_the_list_names_the_visit_that_comes_next(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await ask(ana, "Why?")
    assert "Your questions for your visit on Tue, Oct 20:" in ana.last.text
    assert ana.data("Get ready for the visit") == f"1:vi:hub:{visit.id}"


async def test_a_question_is_asked_or_removed_or_kept(room: Chatroom, ana: Phone) -> None:
    await ask(ana, "One?", "Two?", "Three?")
    await ana.taps("2")
    assert ana.last.text.startswith("Question 2 of 3\n\u2068Two?\u2069")
    assert ana.last.labels == ["Asked it", "Remove", "Keep"]
    await ana.taps("Keep")
    assert len(await kept(room)) == 3
    await ana.taps("2")
    await ana.taps("Asked it")
    assert await kept(room) == ["One?", "Three?"]
    await ana.again()
    await ana.taps("1")
    await ana.taps("Remove")
    assert await kept(room) == ["Three?"]
    assert ana.last.labels == ["1", "Add a question"]


async def test_a_late_press_on_a_question_that_is_gone_shows_the_list(room: Chatroom, ana: Phone) -> None:
    await ask(ana, "One?", "Two?")
    await ana.taps("1")
    removes, asked = ana.data("Remove"), ana.data("Asked it")
    await ana.presses(removes)
    for data in (removes, asked, "1:as:show:1", "1:as:show:nonsense", "1:as:asked", "1:as"):
        await ana.presses(data)
        assert "1. \u2068Two?\u2069" in ana.last.text
    assert await kept(room) == ["Two?"]


async def test_editing_the_message_edits_the_question(room: Chatroom, ana: Phone) -> None:
    number = await ana.writes("/ask Can I drve?")
    await ana.edits(number, "/ask Can I drive?")
    await ana.again()
    assert await kept(room) == ["Can I drive?"]
    await ana.taps("Add a question")
    typed = await ana.writes("How lnog?")
    await ana.edits(typed, "How long?")
    assert await kept(room) == ["Can I drive?", "How long?"]
    nods = [params["message_id"] for params in room.telegram.said("setMessageReaction")]
    assert nods == [number, number, typed]


async def test_editing_a_question_to_nothing_or_one_that_was_asked_changes_nothing(room: Chatroom, ana: Phone) -> None:
    number = await ana.writes("/ask Can I drive?")
    await ana.edits(number, "/ask")
    assert await kept(room) == ["Can I drive?"]
    await ana.taps("1")
    await ana.taps("Asked it")
    await ana.edits(number, "/ask Can I fly?")
    assert room.telegram.said("setMessageReaction") == []


async def test_a_long_question_is_kept_whole_and_said_to_be_shortened(room: Chatroom, ana: Phone) -> None:
    text = "why " * 500
    await ana.writes("/ask")
    await ana.taps("Add a question")
    await ana.writes(text)
    assert await kept(room) == [text.strip()]
    assert "I show the first 1,000 letters" in ana.last.text
    await ana.taps("1")
    assert "(shortened)" in ana.last.text


async def test_thirty_long_questions_fit_and_one_more_is_kindly_refused(room: Chatroom, ana: Phone) -> None:
    for n in range(MOST_QUESTIONS):
        text = f"{n} " + "word " * 700
        await room.database.write(asks.add, ANA, 9000 + n, LineKind.QUESTION, text, room.clock())
    await ana.writes("/ask")
    assert "Add a question" not in ana.last.labels
    assert "That is the most I can keep." in ana.last.text
    await ana.presses("1:as:add")
    assert not ana.last.asks
    await ask(ana, "One more?")
    assert ana.last.text.startswith("I could not keep this one.")
    assert len(await kept(room)) == MOST_QUESTIONS


async def test_in_discreet_mode_the_questions_are_covered(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, discreet=True)
    await ask(phone, "Can I drive?")
    sent = room.telegram.said("sendMessage")[-1]
    (cover,) = sent["entities"]
    assert cover["type"] == "spoiler"
    assert sent["text"][cover["offset"] :] == "1. \u2068Can I drive?\u2069"
    await phone.taps("1")
    edited = room.telegram.said("editMessageText")[-1]
    (cover,) = edited["entities"]
    assert edited["text"][cover["offset"] : cover["offset"] + cover["length"]] == "\u2068Can I drive?\u2069"


@pytest.mark.parametrize("kind", ["show", "asked", "remove"])
async def test_cleo_reaches_no_question_of_anas(room: Chatroom, ana: Phone, cleo: Phone, kind: str) -> None:
    await ask(ana, "Can I drive?")
    (line,) = await room.database.read(asks.questions, ANA)
    await cleo.presses(f"1:as:{kind}:{line.id}")
    assert cleo.last.text.startswith(NONE_YET)
    assert await kept(room) == ["Can I drive?"]
    assert await kept(room, CLEO) == []


async def test_a_stranger_is_led_to_the_start(stranger: Phone, room: Chatroom) -> None:
    await stranger.writes("/ask Can I drive?")
    assert await kept(room) == []
    await stranger.presses("1:as:add")
    assert not stranger.last.asks
