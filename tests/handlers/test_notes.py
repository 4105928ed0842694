"""Notes and texts that nobody asked for."""

from datetime import date, timedelta

import pytest

from care.notes import Note
from care.people import State
from storage import notes, patients
from tests.handlers.harness import ANA, CLEO, GOOD_DAY, Chatroom, Phone, check_in

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
HARD_TEXTS = (
    "🙂👨‍👩‍👧",
    "שלום, היום היה קשה",
    "مرحبا",
    "<b>bold</b> *_`[x](y) &amp;",
    "a\n\n  b\tc",
    "x" * 4096,
    "'; --",
    "\u202eabc",
)


async def kept(room: Chatroom, chat_id: int = ANA) -> list[Note]:
    return await room.database.read(notes.of_days, chat_id, FIRST, LAST)


def nods(room: Chatroom) -> list[int]:
    said = room.telegram.said("setMessageReaction")
    assert all(params["reaction"] == [{"type": "emoji", "emoji": "👌"}] for params in said)
    return [params["message_id"] for params in said]


async def test_a_note_after_the_card_is_kept_quietly(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.taps("Add a note")
    prompt = ana.last
    assert prompt.asks
    assert "No one reads it right now" in prompt.text
    number = await ana.writes("Slept well")
    assert [note.text for note in await kept(room)] == ["Slept well"]
    assert nods(room) == [number]
    assert prompt in ana.messages  # deleting it would take the key to help away
    assert prompt.keyboard == ["Help now"]


async def test_the_same_note_delivered_twice_is_kept_once_without_a_word(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.taps("Add a note")
    await ana.writes("Slept well")
    shown = list(ana.messages)
    await ana.again()
    assert ana.messages == shown
    assert len(await kept(room)) == 1


async def test_a_note_for_a_day_that_was_filled_in_later_belongs_to_that_day(room: Chatroom, ana: Phone) -> None:
    await ana.presses("1:c:past:2026-10-12")
    for label in (*GOOD_DAY, "Add a note"):
        await ana.taps(label)
    await ana.writes("It was a long day")
    assert [note.day for note in await kept(room)] == [date(2026, 10, 12)]


@pytest.mark.parametrize("text", HARD_TEXTS)
async def test_a_note_is_kept_letter_by_letter(room: Chatroom, ana: Phone, text: str) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.taps("Add a note")
    await ana.writes(text)
    assert [note.text for note in await kept(room)] == [text]


async def test_a_text_that_comes_by_itself_is_kept_after_one_tap(room: Chatroom, ana: Phone) -> None:
    await ana.writes("The garden was nice")
    assert await kept(room) == []
    assert ana.last.text == "Keep this as a note for today?"
    await ana.taps("Save as note")
    assert [note.text for note in await kept(room)] == ["The garden was nice"]
    assert "Saved as a note. No one reads it right now." in ana.last.text
    await ana.again()
    assert "Saved as a note." in ana.last.text


async def test_a_text_that_comes_by_itself_can_be_dropped(room: Chatroom, ana: Phone) -> None:
    await ana.writes("Nothing")
    data = ana.data("Save as note")
    await ana.taps("No")
    assert ana.last.text == "OK. I did not keep it."
    await ana.presses(data)
    assert "no longer here" in ana.last.text
    assert await kept(room) == []


async def test_a_text_where_a_button_is_expected_points_to_the_card(ana: Phone) -> None:
    await ana.writes("/checkin")
    await ana.writes("about a six")
    assert "please tap a button on the card" in ana.last.text
    await ana.taps("My check-in")
    assert "1 of 4" in ana.last.text


async def test_a_prompt_waits_half_an_hour(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.taps("Add a note")
    room.clock.advance(timedelta(minutes=31))
    await ana.writes("Too late?")
    assert "Keep this as a note" in ana.last.text


async def test_editing_the_message_edits_the_note(room: Chatroom, ana: Phone) -> None:
    number = await ana.writes("Slept wel")
    await ana.taps("Save as note")
    await ana.edits(number, "Slept well")
    (note,) = await kept(room)
    assert (note.text, note.revision) == ("Slept well", 2)
    assert nods(room) == [number]
    await ana.again()
    assert (await kept(room))[0].revision == 2


async def test_editing_what_is_no_note_changes_nothing(room: Chatroom, ana: Phone) -> None:
    number = await ana.writes("/checkin")
    await ana.edits(number, "hello")
    assert nods(room) == []
    assert len(ana.messages) == 1


async def test_an_edit_that_asks_for_help_gets_it(ana: Phone) -> None:
    number = await ana.writes("fine")
    await ana.edits(number, "help")
    assert "nobody is reading this" in ana.last.text


@pytest.mark.parametrize("text", ["help", "Help now", "ayuda", "HILFE", "aide", "ajuda", "SOS", "/urgent"])
async def test_asking_for_help_goes_before_everything(room: Chatroom, ana: Phone, text: str) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.taps("Add a note")
    await ana.writes(text)
    assert "If you are in danger, call 112" in ana.last.text
    assert await kept(room) == []


async def test_a_stranger_who_asks_for_help_gets_it(stranger: Phone) -> None:
    await stranger.writes("sos")
    assert "If you are in danger" in stranger.last.text


async def test_stop_in_any_language_stops(room: Chatroom, ana: Phone) -> None:
    await ana.writes("STOP")
    patient = await room.database.read(patients.find, ANA)
    assert patient is not None
    assert patient.state is State.STOPPED


VOICE = {"file_id": "1", "file_unique_id": "1", "duration": 1}
STICKER = {**VOICE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
PHOTO = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]


@pytest.mark.parametrize(
    "content",
    [
        {"voice": VOICE},
        {"photo": PHOTO, "caption": "secret"},
        {"sticker": STICKER},
        {"document": {"file_id": "1", "file_unique_id": "1"}},
        {"contact": {"phone_number": "1", "first_name": "Ben"}},
        {"dice": {"emoji": "🎲", "value": 1}},
    ],
    ids=["voice", "photo", "sticker", "file", "contact", "dice"],
)
async def test_what_cannot_be_read_is_said_to_be_so(room: Chatroom, ana: Phone, content: dict[str, object]) -> None:
    await ana.sends(**content)
    assert ana.last.text == "I can only read text and buttons. If you need help now, tap Help now."
    assert await kept(room) == []


async def test_cleo_cannot_keep_or_read_anas_text(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    number = await ana.writes("mine alone")
    for act in ("keep", "no"):
        await cleo.presses(f"1:n:{act}:{number}")
    await cleo.edits(number, "changed")
    await ana.taps("Save as note")
    assert [note.text for note in await kept(room)] == ["mine alone"]
    assert await kept(room, CLEO) == []
    assert not any("mine alone" in message.text for message in cleo.messages)


async def test_no_note_is_ever_said_back(room: Chatroom, ana: Phone) -> None:
    await ana.writes("a private thing")
    await ana.taps("Save as note")
    await ana.writes("/checkin")
    assert not any("a private thing" in str(params) for _, params in room.telegram.calls)


async def test_senseless_presses_about_notes_are_only_acknowledged(room: Chatroom, ana: Phone) -> None:
    for data in ("1:n", "1:n:add", "1:n:add:x", "1:n:add:999", "1:n:keep", "1:n:keep:x", "1:n:zap:1"):
        await ana.presses(data)
    assert ana.messages == []
    assert len(room.telegram.said("answerCallbackQuery")) == 7
