"""The first minutes."""

from typing import Any

import pytest
from sqlmodel import Session, text

from care.people import State
from handlers import start
from storage import patients
from tests.handlers.harness import ANA, Chatroom, Phone


def _rows(session: Session, table: str) -> int:
    return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - a test's own table


async def count(room: Chatroom, table: str) -> int:
    return await room.database.read(_rows, table)


async def ana_now(room: Chatroom) -> Any:
    return await room.database.read(patients.find, ANA)


async def test_eight_taps_lead_from_hello_to_the_first_card(stranger: Phone) -> None:
    taps = [
        "I am 18 or older",
        "I agree",
        "Wed 05:00",
        "New York",
        "Yes, that is right",
        "Evening 19:00",
        "United States",
    ]
    await stranger.starts()
    for label in taps:
        await stranger.taps(label)
    assert stranger.last.text.startswith("All set.")
    await stranger.taps("Try one now")
    assert "1 of 5 · How was your mood today?" in stranger.last.text
    assert len(taps) + 1 <= 8
    assert len(stranger.live) == 1


async def test_hello_says_what_the_bot_is_not_and_brings_the_help_key_before_anything_else(stranger: Phone) -> None:
    await stranger.starts()
    hello, age = stranger.messages
    assert "not a doctor" in hello.text
    assert "No one reads your messages" in hello.text
    assert "If you are in danger, call 112" in hello.text
    assert hello.keyboard == ["Help now"]
    assert age.labels == ["I am 18 or older", "I am younger"]


async def test_nothing_is_stored_before_consent_but_the_language(room: Chatroom, stranger: Phone) -> None:
    await stranger.starts()
    await stranger.taps("I am 18 or older")
    await stranger.taps("Read more")
    await stranger.writes("I feel low today")
    assert await count(room, "patients") == 0
    assert await count(room, "notes") == 0
    assert await count(room, "newcomers") == 1


async def test_consent_names_the_version_that_was_read(room: Chatroom, stranger: Phone) -> None:
    await stranger.starts()
    await stranger.taps("I am 18 or older")
    await stranger.taps("I agree")
    consents = await room.database.read(patients.consents, ANA)
    assert {consent.version for consent in consents} == {"2026-11-2"}
    assert await count(room, "newcomers") == 0


async def test_a_consent_to_an_older_text_shows_the_present_text_again(room: Chatroom, stranger: Phone) -> None:
    await stranger.starts()
    await stranger.presses("1:st:agree:2020-1")
    assert "Your answers are health data" in stranger.last.text
    assert await count(room, "patients") == 0


async def test_no_thanks_stores_nothing_and_leaves_the_door_open(room: Chatroom, stranger: Phone) -> None:
    await stranger.starts()
    await stranger.taps("I am 18 or older")
    await stranger.taps("No thanks")
    assert "I store nothing" in stranger.last.text
    assert not stranger.live
    assert await count(room, "patients") == 0


async def test_people_under_18_are_pointed_to_help_and_stored_nowhere(room: Chatroom, stranger: Phone) -> None:
    await stranger.starts()
    await stranger.taps("I am younger")
    assert "Help now" in stranger.last.text
    assert await count(room, "patients") == 0


async def test_start_shows_the_open_step_wherever_a_person_left_off(stranger: Phone) -> None:
    await stranger.starts()
    await stranger.taps("I am 18 or older")
    await stranger.taps("I agree")
    await stranger.starts()
    assert "What time is it for you now?" in stranger.last.text
    await stranger.taps("Other")
    await stranger.taps("Wed 11:00")
    await stranger.taps("Berlin")
    assert "in 8 h 0 min. Right?" in stranger.last.text
    await stranger.taps("Yes, that is right")
    await stranger.starts()
    assert "When should I write to you each day?" in stranger.last.text


async def test_a_time_of_day_can_be_typed(room: Chatroom, stranger: Phone) -> None:
    await _to_the_time(stranger)
    await stranger.writes("20:30")
    assert (await ana_now(room)).daily_minute == 20 * 60 + 30
    assert "Which country" in stranger.last.text


async def test_other_text_in_the_first_minutes_gets_the_buttons_again(stranger: Phone) -> None:
    await _to_the_time(stranger)
    await stranger.writes("whenever")
    assert "When should I write to you" in stranger.last.text
    assert "Please use the buttons" in stranger.messages[-2].text


async def test_every_half_hour_can_be_chosen(room: Chatroom, stranger: Phone) -> None:
    await _to_the_time(stranger)
    await stranger.taps("Other")
    await stranger.taps("23:30")
    assert (await ana_now(room)).daily_minute == 23 * 60 + 30


async def test_the_country_is_guessed_from_the_zone_and_all_others_can_be_chosen(
    room: Chatroom, stranger: Phone
) -> None:
    await _to_the_time(stranger)
    await stranger.taps("Morning 09:00")
    assert stranger.last.labels == ["Germany", "Another country"]
    await stranger.taps("Another country")
    assert "Somewhere else" in stranger.last.labels
    await stranger.taps("Austria")
    patient = await ana_now(room)
    assert (patient.country, patient.state) == ("AT", State.ACTIVE)


async def test_each_update_of_the_first_minutes_handled_twice_shows_the_same_screen(stranger: Phone) -> None:
    await stranger.starts()
    for label in [
        "I am 18 or older",
        "I agree",
        "Other",
        "Wed 11:00",
        "Berlin",
        "Yes, that is right",
        "Midday 13:00",
        "Germany",
    ]:
        await stranger.taps(label)
        shown = stranger.last
        await stranger.again()
        assert stranger.last == shown, label


async def test_an_old_button_of_the_first_minutes_changes_nothing_later(room: Chatroom, ana: Phone) -> None:
    await ana.starts()
    for data in ("1:zo:y:Asia/Tokyo", "1:tm:m:60", "1:st:country:US", "1:st:agree:2026-11-2"):
        await ana.presses(data)
    patient = await ana_now(room)
    assert (patient.zone, patient.daily_minute, patient.country) == ("Europe/Berlin", 19 * 60, "DE")


async def test_senseless_presses_of_the_first_minutes_show_the_step(room: Chatroom, stranger: Phone) -> None:
    await stranger.starts()
    for data in ("1:st", "1:st:lang:xx", "1:st:age", "1:st:country:XX", "1:zo:y:Mars/Base", "1:tm:m:9999", "1:tm:m:-1"):
        await stranger.presses(data)
    await stranger.taps("I am 18 or older")
    await stranger.taps("I agree")
    for data in ("1:zo:y:Mars/Base", "1:zo:z:x", "1:zo:o:1", "1:zo:o:-99999", "1:tm:m:1500", "1:st:country:XX", "1:st"):
        await stranger.presses(data)
    patient = await ana_now(room)
    assert (patient.zone, patient.daily_minute, patient.country) == (None, None, None)


async def test_a_shared_location_finds_the_zone_and_is_kept_nowhere(room: Chatroom, stranger: Phone) -> None:
    await stranger.starts()
    await stranger.taps("I am 18 or older")
    await stranger.taps("I agree")
    await stranger.taps("Use my location")
    assert stranger.last.keyboard == ["Share my location", "Help now"]
    await stranger.sends(location={"latitude": 52.52, "longitude": 13.405})
    assert "I do not keep your location" in stranger.messages[-2].text
    assert stranger.messages[-2].keyboard == ["Help now"]
    assert "It is 11:00 in Berlin" in stranger.last.text
    await stranger.taps("Yes, that is right")
    assert (await ana_now(room)).zone == "Europe/Berlin"


async def test_a_place_at_sea_leads_back_to_the_clocks(stranger: Phone) -> None:
    await stranger.starts()
    await stranger.taps("I am 18 or older")
    await stranger.taps("I agree")
    await stranger.sends(location={"latitude": 0.0, "longitude": -140.0})
    assert "What time is it for you now?" in stranger.last.text


async def test_a_location_shared_later_moves_the_zone_after_a_yes(room: Chatroom, ana: Phone) -> None:
    await ana.sends(location={"latitude": 38.72, "longitude": -9.14})
    assert "Lisbon" in ana.last.text
    assert (await ana_now(room)).zone == "Europe/Berlin"
    await ana.taps("Yes, that is right")
    assert (await ana_now(room)).zone == "Europe/Lisbon"


async def test_a_known_person_is_greeted_with_the_usual_buttons(ana: Phone) -> None:
    await ana.starts()
    assert ana.last.labels == ["Check in", "My chart", "Help"]


async def test_a_link_opens_the_card(ana: Phone) -> None:
    await ana.starts("checkin")
    assert "1 of 4" in ana.last.text


async def test_a_link_to_nothing_is_a_plain_start(ana: Phone) -> None:
    await ana.starts("x" * 64)
    assert "What would you like to do?" in ana.last.text


async def test_a_person_who_stopped_is_asked_before_anything_is_sent_again(room: Chatroom, ana: Phone) -> None:
    await ana.writes("STOP")
    await ana.starts()
    assert "Shall I write to you again?" in ana.last.text
    await ana.taps("Resume")
    assert (await ana_now(room)).state is State.ACTIVE


async def test_with_more_languages_than_one_the_language_is_asked_first(
    room: Chatroom, stranger: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "languages", lambda: ("de", "en"))
    await stranger.starts()
    assert stranger.last.labels == ["Deutsch", "English"]
    await stranger.taps("English")
    assert "18 or older" in stranger.last.text


async def _to_the_time(phone: Phone) -> None:
    await phone.starts()
    for label in ("I am 18 or older", "I agree", "Other", "Wed 11:00", "Berlin", "Yes, that is right"):
        await phone.taps(label)
