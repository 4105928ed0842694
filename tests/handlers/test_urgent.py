"""Get help now: always, for everybody, whatever is broken."""

import asyncio
from typing import Any, Never

import pytest

from care.crisis import countries, country
from handlers import nearby, urgent
from handlers.context import Clinic, Defaults
from handlers.nearby import Near
from handlers.words import Words
from storage import patients
from storage.database import Database, StorageUnavailable
from tests.handlers.harness import ANA, Chatroom, Phone, settle_in

EN = Words("en")
CLINIC = Clinic("Lindenhof Clinic", "+49 30 5550100")


def test_every_card_is_short_and_says_that_nobody_reads() -> None:
    for place in countries().values():
        text = urgent.card(Near(EN, place), CLINIC).text
        assert len(text) <= 600
        assert text.startswith("I am a program and nobody is reading this right now.")
        assert place.emergency[0] in text


def test_a_card_shows_each_number_as_text_and_to_copy() -> None:
    screen = urgent.card(Near(EN, country("DE")), CLINIC)
    copies = [button.copy for row in screen.rows for button in row if button.copy]
    assert copies == ["112", "0800 111 0 111", "0800 111 0 222"]
    assert all(f"Call {number}" in screen.text or f"call {number}" in screen.text for number in copies)
    assert "Lindenhof Clinic +49 30 5550100" in screen.text


def test_chats_and_more_places_open_as_pages() -> None:
    urls = [button.url for row in urgent.card(Near(EN, country("US")), CLINIC).rows for button in row if button.url]
    assert urls == ["https://988lifeline.org", "https://findahelpline.com/us"]


def test_a_number_that_nobody_is_sure_of_is_not_shown() -> None:
    text = urgent.card(Near(EN, country("NO")), Clinic()).text
    assert "116 123" not in text
    assert "findahelpline.com/no" in text
    assert "clinic" not in text


def test_a_country_that_is_not_known_gets_112_and_a_hint_to_the_local_number() -> None:
    text = urgent.card(Near(EN, country("XX")), Clinic()).text
    assert "call 112 or your local emergency number" in text


def test_words_the_key_and_the_command_ask_for_the_card() -> None:
    for text in ("/urgent", "/urgent@checkin_bot", "/URGENT now", "Help now", "hilfe", "SOS!"):
        assert urgent.wanted(text), text
    for text in ("", "/help", "/urgently", "it helps", "urgently tired"):
        assert not urgent.wanted(text), text


async def test_a_patient_sees_the_numbers_of_their_country(ana: Phone) -> None:
    await ana.writes("/urgent")
    assert "TelefonSeelsorge" in ana.last.text
    assert "These numbers are for Germany." in ana.last.text


async def test_a_stranger_gets_the_card_and_nothing_is_stored(room: Chatroom) -> None:
    phone = room.phone(ANA, language="en-GB")
    await phone.writes("Help now")
    assert "999 or 112" in phone.last.text
    assert await room.database.read(patients.find, ANA) is None


async def test_the_card_works_while_everything_is_stopped(ana: Phone) -> None:
    await ana.writes("/stop")
    await ana.writes("Help now")
    assert "call 112" in ana.last.text


async def test_another_country_can_be_looked_at_without_changing_the_setting(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/urgent")
    await ana.taps("I am in another country")
    await ana.taps("France")
    assert "3114" in ana.last.text
    patient = await room.database.read(patients.find, ANA)
    assert patient
    assert patient.country == "DE"


async def test_what_happens_when_i_call_leads_back_to_the_same_card(ana: Phone) -> None:
    await ana.writes("/urgent")
    card = ana.last.text
    await ana.taps("What happens if I call")
    assert "You do not have to give your name." in ana.last.text
    await ana.taps("Back")
    assert ana.last.text == card


async def test_a_forged_press_shows_a_card(ana: Phone) -> None:
    for data in ("1:ur:card:QQ", "1:ur", "1:ur:what:ever", "1:ur:call:../.."):
        await ana.writes("/urgent")
        await ana.presses(data)
        assert ana.last.text


async def test_a_database_that_hangs_does_not_keep_the_card_waiting(
    ana: Phone, room: Chatroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: Any) -> Never:
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(Database, "read", hang)
    monkeypatch.setattr(nearby, "PATIENCE_SECONDS", 0.01)
    await ana.writes("/urgent")
    assert "call 112 or your local emergency number" in ana.last.text


async def test_a_database_that_is_gone_does_not_either(ana: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: Any) -> Never:
        raise StorageUnavailable

    monkeypatch.setattr(Database, "read", gone)
    await ana.writes("help")
    assert "nobody is reading" in ana.last.text


def message(text: str, **chat: Any) -> dict[str, Any]:
    person = {"id": ANA, "is_bot": False, "first_name": "Ana", "language_code": "de"}
    return {"update_id": 1, "message": {"chat": {"id": ANA, "type": "private", **chat}, "from": person, "text": text}}


def press(data: str) -> dict[str, Any]:
    person = {"id": ANA, "is_bot": False, "first_name": "Ana"}
    return {"update_id": 2, "callback_query": {"id": "77", "from": person, "data": data, "message": {"message_id": 5}}}


async def test_without_storage_help_comes_from_the_package_alone(room: Chatroom) -> None:
    bot, phone = room.application.bot, room.phone(ANA)
    for raw in (message("/urgent"), message("Help now"), message("hilfe")):
        assert await urgent.without_storage(bot, raw, room.deps)
        assert "nobody is reading" in phone.last.text
    assert len(phone.messages) == 3


async def test_without_storage_a_press_shows_its_card_in_place_and_is_answered(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await phone.writes("/urgent")
    raw = press("1:ur:card:FR")
    raw["callback_query"]["message"]["message_id"] = phone.last.id
    assert await urgent.without_storage(room.application.bot, raw, room.deps)
    assert "3114" in phone.last.text
    assert len(phone.messages) == 1
    assert room.telegram.said("answerCallbackQuery")[-1]["callback_query_id"] == "77"


NOT_FOR_HELP: list[dict[str, Any]] = [
    {},
    {"update_id": 3},
    {"message": None},
    {"message": {"chat": {}}},
    {"message": "text"},
    {"callback_query": None},
    {"callback_query": {"data": "1:ur:card"}},
    {"callback_query": {"data": "1:a:4:mood:3:0"}},
    message("a note about my day"),
    message("/urgent", type="group"),
    message(""),
]


async def test_without_storage_everything_else_is_left_alone(room: Chatroom) -> None:
    for raw in NOT_FOR_HELP:
        assert not await urgent.without_storage(room.application.bot, raw, room.deps), raw
    assert not room.telegram.said("sendMessage")


async def test_the_operators_country_counts_for_people_whose_client_names_none(database: Database) -> None:
    async with Chatroom(database, defaults=Defaults(country="AU")) as room:
        phone = room.phone(ANA, language="en")
        await phone.writes("/urgent")
        assert "13 11 14" in phone.last.text


async def test_a_person_without_a_country_yet_gets_the_guess(room: Chatroom) -> None:
    phone = room.phone(ANA, language="fr-FR")
    await settle_in(phone, country=None)
    await phone.writes("/urgent")
    assert "3114" in phone.last.text
