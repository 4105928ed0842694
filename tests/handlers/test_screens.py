"""Screens without Telegram, and the few ways they are sent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from telegram.error import BadRequest

from care import zones
from care.checkin import Answer, CheckIn, Kind, Outcome
from care.people import Patient, State
from care.replies import is_worrying, thanks
from care.schedule import zone_names
from care.trends import Span
from handlers import card
from handlers.card import View
from handlers.onboarding import guess_country
from handlers.pickers import ZoneAsk, chosen_minute, chosen_zone, city, read_clock, time_screen, zone_screen
from handlers.press import unpack
from handlers.screens import Button, Screen, button, in_rows, replace, retire, show, spoiler
from handlers.words import Words
from tests.handlers.harness import ANA, Chatroom

NOW = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
WORDS = Words("en")
ANA_AT_HOME = Patient(7, ANA, "en", State.ACTIVE, "Europe/Berlin", country="DE", daily_minute=19 * 60)


def view(
    outcome: Outcome = Outcome.OPEN, *, day: date = date(2026, 10, 14), week: Span | None = None, **said: int
) -> View:
    answers = {code: Answer(value, 1, NOW) for code, value in said.items()}
    check_in = CheckIn(42, 7, Kind.DAILY, day, NOW, outcome=outcome, completed_at=NOW, answers=answers)
    return View(WORDS, ANA_AT_HOME, check_in, NOW, week)


def test_the_mood_stands_in_two_rows_of_six_and_five() -> None:
    rows = card.card(view()).rows
    assert [len(row) for row in rows] == [6, 5, 3]


def test_an_answer_carries_all_a_press_needs() -> None:
    assert card.card(view(mood=6)).rows[0][0].data == "1:a:42:energy:0:0"
    reopened = card.ask(view(mood=6), view().check_in.questions.questions[0])
    assert unpack(reopened.rows[1][0].data).args == ("42", "mood", "6", "1")
    assert [b.label for row in reopened.rows for b in row if b.style == "success"] == ["6"]


@pytest.mark.parametrize(("mood", "kind"), [(0, "low"), (3, "low"), (4, "mid"), (6, "mid"), (7, "high"), (10, "high")])
def test_the_thanks_go_by_mood(mood: int, kind: str) -> None:
    assert thanks(view(mood=mood).check_in) == kind


@pytest.mark.parametrize(
    ("said", "worrying"),
    [
        ({"mood": 3}, True),
        ({"mood": 4}, False),
        ({"mood": 8, "dizziness": 2}, True),
        ({"dizziness": 1, "nausea": 1}, False),
        ({"faint": 1, "dizziness": 2}, True),
        ({}, False),
    ],
)
def test_the_card_says_that_nobody_reads_where_an_answer_is_worrying(said: dict[str, int], worrying: bool) -> None:
    assert is_worrying(view(**said).check_in) is worrying


def test_the_week_is_shown_from_two_answers_on() -> None:
    said = {"mood": 5, "energy": 1, "dizziness": 0, "nausea": 0}
    assert "7-day" not in card.saved(view(Outcome.COMPLETE, week=Span(5, 5, 5, 1), **said)).text
    assert "7-day middle 5.5 (6 answers)" in card.saved(view(Outcome.COMPLETE, week=Span(5.5, 2, 8, 6), **said)).text


def test_a_closed_card_offers_to_fill_in_for_seven_days() -> None:
    assert card.closed(view(Outcome.CLOSED, day=date(2026, 10, 7))).rows
    assert not card.closed(view(Outcome.CLOSED, day=date(2026, 10, 6))).rows


def test_a_discreet_card_and_an_unprompted_one_keep_answers_to_themselves() -> None:
    assert "Mood" not in card.unprompted(view(mood=2)).text
    discreet = Patient(7, ANA, "en", State.ACTIVE, "Europe/Berlin", discreet=True)
    folded = card.unprompted(View(WORDS, discreet, view(mood=2).check_in, NOW))
    assert (folded.text, len(folded.rows)) == ("Time for your check-in · Wed, Oct 14", 1)


@pytest.mark.parametrize("minute", [0, -5, 2**62, 10**12])
def test_moments_that_no_clock_shows_are_none(minute: int) -> None:
    assert card.moment_of(minute) is None


def test_every_set_of_clock_rules_in_use_has_a_city() -> None:
    months = [NOW + timedelta(days=30 * n) for n in range(13)]
    named = {tuple(zones.offset_of(name, month) for month in months) for name in zones.places().names}
    real = [name for name in zone_names() if "/" in name and not name.startswith(("Etc/", "SystemV/"))]
    lacking = [name for name in real if tuple(zones.offset_of(name, month) for month in months) not in named]
    assert lacking == []


def test_no_screen_of_the_zone_picker_has_more_than_a_hundred_buttons() -> None:
    ask = ZoneAsk(WORDS, ("zo",), NOW, zones.likely_offsets("en", "UTC", NOW))
    for offset in zones.offsets(NOW):
        rows = zone_screen(ask, ("o", str(offset))).rows
        assert 2 <= sum(map(len, rows)) <= 100
    assert sum(map(len, zone_screen(ask, ("all",)).rows)) <= 100


@pytest.mark.parametrize("language", ["en", "de", "pt-BR", "xx", "", "en-GB", "es"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_four_clocks_are_offered_first_and_the_operators_is_one(language: str, zone: str) -> None:
    found = zones.likely_offsets(language, zone, NOW)
    assert len(found) == len(set(found)) == 4
    assert zone == "UTC" or zones.offset_of(zone, NOW) in found


def test_each_city_leads_to_a_question_that_leads_to_its_zone() -> None:
    ask = ZoneAsk(WORDS, ("se", "zone"), NOW, [60], 20 * 60)
    for name in zones.places().names:
        yes = zone_screen(ask, ("z", name)).rows[0][0]
        assert chosen_zone(unpack(yes.data).args[1:]) == name
        assert city(WORDS, name)


def test_the_confirmation_says_how_far_away_the_check_in_is() -> None:
    ask = ZoneAsk(WORDS, ("zo",), NOW + timedelta(minutes=48), [60], 20 * 60)
    assert "at 20:00 is in 8 h 12 min. Right?" in zone_screen(ask, ("z", "Europe/Berlin")).text


CLOCKS = [
    ("20:30", 1230),
    ("8.30 pm", 1230),
    ("9 am", 540),
    ("12 am", 0),
    ("12pm", 720),
    ("7h", 420),
    ("20 Uhr", 1200),
    (" 07:05 ", 425),
    ("7", None),
    ("24:00", None),
    ("20:70", None),
    ("13 pm", None),
    ("tomorrow", None),
    ("", None),
    ("1" * 5000, None),
]


@pytest.mark.parametrize(("text", "minute"), CLOCKS)
def test_times_of_day_are_read_as_people_type_them(text: str, minute: int | None) -> None:
    assert read_clock(text) == minute


def test_the_grid_holds_every_half_hour() -> None:
    grid = time_screen(WORDS, ("tm",), ("grid",))
    minutes = [chosen_minute(unpack(b.data).args) for row in grid.rows for b in row]
    assert minutes == list(range(0, 24 * 60, 30))


@pytest.mark.parametrize(
    ("zone", "language", "default", "country"),
    [
        ("Europe/Vienna", "de-DE", "", "AT"),
        (None, "en-GB", "", "GB"),
        (None, "en", "CA", "CA"),
        (None, "en", "", None),
        ("Etc/UTC", "en-XX", "XX", None),
    ],
)
def test_a_country_is_guessed_and_never_made_up(
    zone: str | None, language: str, default: str, country: str | None
) -> None:
    assert guess_country(zone, language, default) == country


def test_buttons_are_laid_out_in_rows_the_last_width_repeating() -> None:
    buttons = [Button(str(n), "x") for n in range(7)]
    assert [len(row) for row in in_rows(buttons, (3, 2))] == [3, 2, 2]


def test_a_spoiler_counts_as_telegram_counts() -> None:
    assert spoiler("🙂 six", 2, 5) == {"type": "spoiler", "offset": 3, "length": 3}


def test_a_copy_button_and_a_link_carry_no_press() -> None:
    assert Button("Copy", copy="988").as_json() == {"text": "Copy", "copy_text": {"text": "988"}}
    assert Button("Open", url="https://a.b", style="primary").as_json()["style"] == "primary"


SCREEN = Screen("Hello", ((button("Go", "c", "open"),),))


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_card_that_is_too_old_to_delete_loses_its_buttons(room: Chatroom) -> None:
    bot = room.application.bot
    number = await show(bot, ANA, SCREEN)
    room.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await retire(bot, ANA, number)
    assert room.telegram.said("editMessageReplyMarkup") == [{"chat_id": ANA, "message_id": number}]


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_what_telegram_refuses_for_another_reason_is_raised(room: Chatroom) -> None:
    bot = room.application.bot
    number = await show(bot, ANA, SCREEN)
    room.telegram.fail("editMessageText", 400, "Bad Request: BUTTON_DATA_INVALID")
    with pytest.raises(BadRequest):
        await replace(bot, ANA, number, Screen("Other"))


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_picture_that_cannot_become_text_is_followed_by_a_new_message(room: Chatroom) -> None:
    bot = room.application.bot
    room.telegram.fail("editMessageText", 400, "Bad Request: there is no text in the message to edit")
    assert await replace(bot, ANA, 77, SCREEN) == room.telegram.last_id
