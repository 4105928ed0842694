"""Guidance after answers in the chat: what a saved card says, its buttons, and when it no longer says it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from care.checkin import Kind
from care.guidance import Severity, rules
from care.people import REMINDERS
from care.steps import steps
from handlers import guidance
from handlers.guidance import Beside
from handlers.words import Words, languages
from storage import checkins, treatments
from storage import steps as shown_steps
from storage.guides import Guide
from tests.handlers.harness import ANA, HOUR, START, Chatroom, Phone, check_in, settle_in
from tests.handlers.supported import ben_of, link

EN = Words("en")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
RED = EN("guide-red")
EARLY = EN("guide-dizzy_early")
LATE = "It is more than a day since your treatment and you still feel dizzy."
FELT = EN("guide-felt-before")
HARD_TIME = "It sounds like a hard time."
LOOK_IN = "Is there someone you can ask to look in on you?"
DOORS = ["Help now", "Small steps", "Not now"]
LARGEST = 2**62 - 1


async def treated(room: Chatroom, ago: timedelta) -> None:
    """Let Ana have had a treatment that ended so long ago."""
    end = room.clock() - ago
    assert await room.database.write(treatments.had, ANA, end - HOUR, end)


async def with_steps(room: Chatroom) -> Phone:
    phone = room.phone(ANA)
    await settle_in(phone, items=frozenset({"steps", *REMINDERS}))
    return phone


async def another(phone: Phone, *labels: str) -> None:
    """Fill in another check-in of the same day."""
    await phone.writes("/checkin")
    for label in ("Another entry", *labels):
        await phone.taps(label)


async def later(room: Chatroom, by: timedelta) -> None:
    await room.reach(room.clock() + by)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("phone", ["", "+49 30 5550100"])
@pytest.mark.parametrize("place", ["US", "DE", "JP", None])
@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_every_card_has_its_words_everywhere(language: str, phone: str, place: str | None, rule: object) -> None:
    beside = Beside(Guide(rule, felt_before=True), clinic_phone=phone)  # type: ignore[arg-type]
    (_, text) = guidance.lines(Words(language), beside, place)
    assert len(text) <= 600, "it is read because it is short"
    assert "  " not in text
    assert ": ." not in text
    assert "{" not in text


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_red_card_says_so_in_words(rule: object) -> None:
    beside = Beside(Guide(rule))  # type: ignore[arg-type]
    (_, text) = guidance.lines(EN, beside, "DE")
    assert text.startswith(RED) == (beside.guide is not None and beside.guide.rule.severity is Severity.RED)


def test_the_buttons_can_be_carried() -> None:
    low = next(rule for rule in rules() if rule.buttons)
    (row,) = guidance.rows(EN, LARGEST, Beside(Guide(low), steps()["low1"]))
    assert [one.label for one in row] == DOORS
    assert all(len(one.data.encode()) <= 64 for one in row)


async def test_who_fainted_reads_first_whom_to_call(room: Chatroom) -> None:
    ana = await with_steps(room)
    await check_in(ana, "9", "Some", "Severe", "Yes", "None")
    assert ana.last.text == (
        "Thanks. Your check-in is saved.\n"
        "Saved 11:00 · Mood: 9 · Energy: Some · Dizziness: Severe · Faint or fall: Yes · Nausea: None\n"
        "No one is reading this right now. If you need help, tap Help now.\n"
        "\n"
        "Please read this now:\n"
        "Please sit or lie down. Call 112 now if you fainted, hit your head, feel confused, or have chest pain, "
        "trouble breathing, a sudden very bad headache, or weakness on one side. "
        "If not, call your clinic today: +49 30 5550100."
    )
    assert await room.database.read(shown_steps.shown, ANA) == [], "no small step beside it"


async def test_a_red_card_comes_again_with_the_next_check_in(ana: Phone) -> None:
    await check_in(ana, "6", "Some", "None", "Severe", "I can't keep water down")
    assert RED in ana.last.text
    await another(ana, "6", "Some", "None", "Severe", "I can't keep water down")
    assert RED in ana.last.text


async def test_feeling_dizzy_on_treatment_day_is_explained_once(room: Chatroom, ana: Phone) -> None:
    await treated(room, 3 * HOUR)
    await check_in(ana, "6", "Some", "Mild", "None")
    assert ana.last.text.endswith(f"\n\n{EARLY}")
    await another(ana, "6", "Some", "Moderate", "No", "None")
    assert EARLY not in ana.last.text


async def test_the_card_of_the_first_check_in_stays_what_it_is(room: Chatroom, ana: Phone) -> None:
    await treated(room, 3 * HOUR)
    await check_in(ana, "6", "Some", "Mild", "None")
    number = ana.data("Done").rsplit(":", 1)[1]
    await later(room, 30 * HOUR)
    await ana.presses(f"1:c:show:{number}")
    assert EARLY in ana.last.text
    await ana.presses(f"1:c:done:{number}")
    assert EARLY in ana.last.text


async def test_what_was_felt_after_the_last_treatment_too_is_told(room: Chatroom, ana: Phone) -> None:
    await treated(room, 3 * HOUR)
    await check_in(ana, "6", "Some", "Moderate", "No", "Mild")
    assert FELT not in ana.last.text
    await later(room, 7 * DAY)
    await treated(room, 2 * HOUR)
    await check_in(ana, "6", "Some", "Mild", "None")
    assert ana.last.text.endswith(f"{EARLY}\n{FELT}")


async def test_a_mild_feeling_after_the_last_treatment_is_not_told(room: Chatroom, ana: Phone) -> None:
    await treated(room, 3 * HOUR)
    await check_in(ana, "6", "Some", "Mild", "Moderate", "No")
    await later(room, 7 * DAY)
    await treated(room, 2 * HOUR)
    await check_in(ana, "6", "Some", "Mild", "None")
    assert EARLY in ana.last.text
    assert FELT not in ana.last.text


async def test_dizzy_for_more_than_a_day_is_for_the_clinic_and_said_once_a_day(room: Chatroom, ana: Phone) -> None:
    await treated(room, 50 * HOUR)
    await check_in(ana, "6", "Some", "Moderate", "No", "None")
    assert ana.last.text.endswith(f"{LATE} Please call your clinic today: +49 30 5550100.")
    await later(room, HOUR)
    await another(ana, "6", "Some", "Moderate", "No", "None")
    assert LATE not in ana.last.text


async def test_a_clinic_without_a_phone_is_still_to_be_called(room: Chatroom, ana: Phone) -> None:
    room.application.bot_data["deps"] = replace(room.deps, clinic=replace(room.deps.clinic, phone=""))
    await treated(room, 50 * HOUR)
    await check_in(ana, "6", "Some", "Moderate", "No", "None")
    assert ana.last.text.endswith(f"{LATE} Please call your clinic today.")


async def test_dizzy_without_a_treatment_says_what_is_known(ana: Phone) -> None:
    await check_in(ana, "6", "Some", "Moderate", "No", "None")
    assert "I know of no treatment in the last 7 days" in ana.last.text


async def test_an_answer_that_was_put_right_takes_the_card_away(ana: Phone) -> None:
    await check_in(ana, "6", "Some", "Severe", "Almost", "None")
    assert RED in ana.last.text
    for label in ("Change an answer", "Dizziness: Severe", "None"):
        await ana.taps(label)
    assert ana.last.text == (
        "Thanks. Your check-in is saved.\nSaved 11:00 · Mood: 6 · Energy: Some · Dizziness: None · Nausea: None"
    )


async def test_an_answer_that_turns_out_worse_brings_the_card_in_place_of_the_step(room: Chatroom) -> None:
    ana = await with_steps(room)
    await check_in(ana, "6", "Some", "None", "None")
    assert EN("step-offer") in ana.last.text
    for label in ("Change an answer", "Dizziness: None", "Severe", "No"):
        await ana.taps(label)
    assert RED in ana.last.text
    assert EN("step-offer") not in ana.last.text


async def test_a_low_mood_opens_three_doors(room: Chatroom) -> None:
    ana = await with_steps(room)
    await check_in(ana, "2", "Some", "None", "None")
    assert (
        f"\n\n{HARD_TIME} You do not have to wait for your next visit. Your clinic: +49 30 5550100. " in ana.last.text
    )
    assert ana.last.labels[-3:] == DOORS
    assert ana.data("Help now").startswith("1:ur")


async def test_small_steps_shows_one_that_stays_the_same(room: Chatroom) -> None:
    ana = await with_steps(room)
    await check_in(ana, "1", "Some", "None", "None")
    await ana.taps("Small steps")
    first = ana.last.text
    assert HARD_TIME in first
    assert EN("step-offer") in first
    assert ana.last.labels[-2:] == ["Help now", "Not now"]
    await ana.again()
    assert ana.last.text == first


async def test_not_now_puts_the_card_away_and_keeps_the_check_in(room: Chatroom) -> None:
    ana = await with_steps(room)
    await check_in(ana, "1", "Some", "None", "None")
    await ana.taps("Not now")
    await ana.again()
    assert HARD_TIME not in ana.last.text
    assert "Saved 11:00 · Mood: 1" in ana.last.text
    assert not set(DOORS) & set(ana.last.labels)


async def test_whoever_wants_no_steps_is_offered_none(ana: Phone) -> None:
    await check_in(ana, "1", "Some", "None", "None")
    assert ana.last.labels[-2:] == ["Help now", "Not now"]
    await ana.presses(ana.data("Not now").replace("aside", "idea"))
    assert EN("step-offer") not in ana.last.text


async def test_a_door_of_somebody_elses_card_opens_nothing(room: Chatroom, cleo: Phone) -> None:
    ana = await with_steps(room)
    await check_in(ana, "1", "Some", "None", "None")
    before = len(cleo.messages)
    for label in ("Small steps", "Not now"):
        await cleo.presses(ana.data(label))
    assert len(cleo.messages) == before


@pytest.mark.parametrize("door", ["idea", "aside"])
async def test_a_door_of_an_open_card_shows_the_card(ana: Phone, door: str) -> None:
    await ana.writes("/checkin")
    number = ana.data("Skip").split(":")[2]
    await ana.presses(f"1:c:{door}:{number}")
    assert "1 of 4" in ana.last.text


async def test_a_mood_far_below_the_weeks_is_said(room: Chatroom, ana: Phone) -> None:
    for _ in range(4):
        await check_in(ana, "8", "Some", "None", "None")
        await later(room, DAY)
    await check_in(ana, "5", "Some", "None", "None")
    assert "Your mood is lower than in your last week." in ana.last.text


async def test_a_day_filled_in_later_knows_no_hours_but_is_not_left_alone_with_what_is_red(
    room: Chatroom, ana: Phone
) -> None:
    await treated(room, 50 * HOUR)
    day = (room.clock() - DAY).date().isoformat()
    await ana.presses(f"1:c:past:{day}")
    for label in ("6", "Some", "Moderate", "No", "None"):
        await ana.taps(label)
    assert LATE not in ana.last.text
    for label in ("Change an answer", "Faint or fall: No", "Yes"):
        await ana.taps(label)
    assert RED in ana.last.text


async def after_card(room: Chatroom, phone: Phone, *labels: str) -> None:
    """Fill in the card after a treatment that ended two hours ago."""
    await treated(room, 2 * HOUR)
    (one,) = await room.database.read(treatments.of_patient, ANA)
    await phone.presses(f"1:c:after:{one.id}")
    for label in labels:
        await phone.taps(label)


async def test_who_has_nobody_near_is_asked_whether_somebody_could_look_in(room: Chatroom, ana: Phone) -> None:
    await after_card(room, ana, "None", "None", "None", "None", "None", "No")
    assert ana.last.text.endswith(f"\n\n{LOOK_IN}")


async def test_who_has_nobody_near_can_ask_a_support_person_to_call(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben)
    await after_card(room, ana, "Mild", "None", "None", "None", "None", "No")
    assert f"\n\n{EARLY}\n\n{LOOK_IN} I can ask a support person to call you." in ana.last.text
    assert ana.last.labels[-1] == "Ask Ben to call"
    told = len(ben.messages)
    await ana.taps("Ask Ben to call")
    await later(room, MINUTE)
    assert any("Ana asked me to send you this" in message.text for message in ben.messages[told:])


@pytest.mark.parametrize("answer", ["Soon", "Yes"])
async def test_who_has_somebody_near_is_not_asked(room: Chatroom, ana: Phone, answer: str) -> None:
    await after_card(room, ana, "None", "None", "None", "None", "None", answer)
    assert LOOK_IN not in ana.last.text


async def test_all_fine_needs_no_card(room: Chatroom, ana: Phone) -> None:
    await after_card(room, ana, "All fine")
    assert ana.last.text.endswith(EN("after-care"))


async def test_what_happened_since_the_last_visit_is_answered_too(room: Chatroom, ana: Phone) -> None:
    from care.visits import VisitKind
    from storage import visits
    from storage.visits import NewVisit

    new = NewVisit(START + 2 * DAY, "Europe/Berlin", VisitKind.FOLLOW_UP)
    made = await room.database.write(visits.make, ANA, [new], START)
    assert made
    card = await room.database.write(checkins.open_visit, ANA, made.new[0].id, START)
    assert card
    assert card.check_in.kind is Kind.VISIT
    await ana.presses(f"1:c:show:{card.check_in.id}")
    for label in ("The same", "Chest pain", "That's all"):
        await ana.taps(label)
    assert RED in ana.last.text
