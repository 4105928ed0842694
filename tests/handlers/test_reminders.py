"""/reminders tells truly when the bot will write and why, and what became of the last messages."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import care
import storage
from care.checkin import Outcome
from care.due import Due, Failure, Kind
from care.easing import Tone
from care.outlook import Coming
from care.people import Patient
from care.treatments import Treatment, TreatmentKind
from care.visits import Appointment, VisitKind
from handlers.reminders import coming_words, kind_words
from handlers.words import Words
from storage import due, history, treatments, visits
from storage.planning import PLANNED
from storage.visits import NewVisit
from tests.handlers.harness import ANA, GOOD_DAY, START, Chatroom, Phone, check_in, settle_in


async def coming(phone: Phone) -> list[str]:
    """Give the lines of /reminders about what comes, without the name of the usual card."""
    await phone.writes("/reminders")
    return [line.removesuffix(" · check-in") for line in phone.last.text.split("\n\n")[0].splitlines()[1:]]


async def why(phone: Phone) -> tuple[list[str], list[str]]:
    """Give the lines of /reminders why: what comes, and what became of the last messages."""
    await phone.writes("/reminders why")
    ahead, past = phone.last.text.split("\n\n")
    return ahead.splitlines()[1:], past.splitlines()[1:]


async def next_prompt(room: Chatroom) -> datetime:
    moment = await room.database.read(due.next_moment)
    assert moment
    return moment


async def test_the_next_three_prompts_are_named_at_the_time_the_person_chose(ana: Phone) -> None:
    assert await coming(ana) == ["Wed, Oct 14, 19:00", "Thu, Oct 15, 19:00", "Fri, Oct 16, 19:00"]
    assert "Your time: 19:00, every day." in ana.last.text
    assert "Quiet hours: 22:00 to 08:00." in ana.last.text


async def test_a_day_that_is_answered_already_is_not_promised_again(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    assert (await coming(ana))[0] == "Thu, Oct 15, 19:00"
    assert (await next_prompt(room)).date() == START.date() + timedelta(days=1)


async def test_an_open_check_in_is_still_asked_for(ana: Phone) -> None:
    await check_in(ana, "6")
    assert (await coming(ana))[0] == "Wed, Oct 14, 19:00"


async def test_a_day_that_was_prompted_is_not_promised_again(room: Chatroom, ana: Phone) -> None:
    await room.reach(START + timedelta(hours=8, minutes=30))
    assert await coming(ana) == ["Wed, Oct 14, 21:00 · reminder to answer", "Thu, Oct 15, 19:00", "Fri, Oct 16, 19:00"]


async def test_what_is_named_is_what_comes(room: Chatroom, ana: Phone) -> None:
    for _ in range(6):  # the fourth says that the next one comes in a week
        promised = (await coming(ana))[0]
        moment = await next_prompt(room)
        assert promised == f"{moment:%a, %b} {moment.day}, 19:00"
        await room.reach(moment + timedelta(hours=10))


async def test_a_pause_is_named_with_what_comes_after_it(ana: Phone) -> None:
    await ana.writes("/pause")
    await ana.taps("3 days")
    lines = await coming(ana)
    assert lines[0].startswith("I am quiet until Sat, Oct 17, 11:00.")
    assert lines[1:] == ["After that:", "Sat, Oct 17, 19:00", "Sun, Oct 18, 19:00", "Mon, Oct 19, 19:00"]
    assert "Resume" in ana.last.labels


async def test_after_a_stop_nothing_is_promised(ana: Phone) -> None:
    await ana.writes("/stop")
    assert (await coming(ana))[0].startswith("I have stopped")
    assert "19:00" not in "".join(await coming(ana))


async def test_chosen_days_are_the_only_ones_named(ana: Phone) -> None:
    await ana.writes("/settings")
    for label in ("Days", "✓ Wed", "✓ Thu", "✓ Sat", "✓ Sun"):
        await ana.taps(label)
    assert await coming(ana) == ["Fri, Oct 16, 19:00", "Mon, Oct 19, 19:00", "Tue, Oct 20, 19:00"]


async def test_what_became_of_the_last_messages_is_told_with_the_reason(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/settings")
    await ana.taps("Time")
    await ana.taps("Midday 13:00")
    await room.reach(START + timedelta(hours=3))
    await ana.taps("6")
    for label in GOOD_DAY[1:]:
        await ana.taps(label)
    await room.reach(START + timedelta(hours=7))
    await ana.writes("/reminders")
    await ana.taps("Why")
    ahead, past = ana.last.text.split("\n\n")
    assert ahead.splitlines()[1] == "Thu, Oct 15, 13:00 · check-in, at the time you chose"
    assert len(ahead.splitlines()) == 1 + 5
    nudge, prompt = past.splitlines()[1:]
    assert nudge.endswith("reminder to answer · not sent: you had answered")
    assert prompt.startswith("Wed, Oct 14, 13:0")
    assert prompt.endswith(" · check-in · sent")
    await ana.taps("Back")
    assert "Your time: 13:00, every day." in ana.last.text


async def test_the_word_after_the_command_leads_there_as_well(ana: Phone) -> None:
    for text in ("/reminders why", "/Reminders WHY", "/reminders@checkin_bot why"):
        await ana.writes(text)
        assert ana.last.text.endswith("What became of my last messages:\nThere were none yet."), text
    await ana.writes("/reminders please")
    assert "Quiet hours" in ana.last.text


async def test_changes_of_the_plan_do_not_hide_what_happened(room: Chatroom, ana: Phone) -> None:
    await room.reach(START + timedelta(hours=12))
    for minute in range(600, 1200, 60):
        await ana.presses(f"1:se:time:m:{minute}")
    await room.reach(START + timedelta(hours=13))
    _, past = await why(ana)
    assert any(line.endswith("check-in · sent") for line in past)


async def test_a_treatment_and_visits_are_named_with_their_reasons(room: Chatroom, ana: Phone) -> None:
    write = room.database.write
    session = NewVisit(START + timedelta(days=2, hours=5), "Europe/Berlin", VisitKind.TREATMENT)
    await write(visits.make, ANA, [session], room.clock())
    await write(treatments.had, ANA, START - timedelta(hours=3), room.clock())
    ahead, _ = await why(ana)
    visit = "because of your visit on Fri, Oct 16, 16:00"
    assert ahead == [
        "Wed, Oct 14, 12:00 · check-in, because of your treatment on Wed, Oct 14",
        f"Wed, Oct 14, 16:00 · reminder, {visit}",
        "Thu, Oct 15, 09:00 · check-in, the day after your treatment on Wed, Oct 14",
        f"Thu, Oct 15, 16:00 · reminder, {visit}",
        f"Fri, Oct 16, 14:00 · reminder, {visit}",
    ]
    assert (await coming(ana))[:2] == [
        "Wed, Oct 14, 12:00 · check-in after a treatment",
        "Wed, Oct 14, 16:00 · reminder of a visit",
    ]


async def test_a_card_put_off_is_named_as_what_the_person_asked_for(ana: Phone) -> None:
    await check_in(ana, "6")
    await ana.taps("Later")
    await ana.taps("In 2 hours")
    ahead, past = await why(ana)
    assert ahead[0] == "Wed, Oct 14, 13:00 · check-in, because you asked for it then"
    assert ahead[1].startswith("Thu, Oct 15, 19:00")
    assert past == ["There were none yet."]


async def test_what_is_held_says_until_when_and_why(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone)
    visit = NewVisit(datetime(2026, 10, 15, 8, tzinfo=UTC), "Europe/Berlin", VisitKind.FOLLOW_UP)
    await room.database.write(visits.make, ANA, [visit], room.clock())
    room.clock.moment = datetime(2026, 10, 15, 6, tzinfo=UTC)
    (row,) = [row for row in await room.database.write(due.claim, "t", room.clock(), 9, 60) if row.slot == "2"]
    await room.database.write(due.failed, row.id, "t", Failure.SLOW_DOWN, timedelta(minutes=10), room.clock())
    ahead, _ = await why(phone)
    assert ahead[0] == (
        "Thu, Oct 15, 08:10 · reminder, because of your visit on Thu, Oct 15, 10:00; "
        "held until 08:10: Telegram asked me to wait"
    )


async def test_in_discreet_mode_everything_but_the_first_line_is_covered(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, discreet=True)
    for text in ("/reminders", "/reminders why"):
        await phone.writes(text)
        (cover,) = room.telegram.said("sendMessage")[-1]["entities"]
        first, *_ = phone.last.text.splitlines()
        assert cover == {"type": "spoiler", "offset": len(first) + 1, "length": len(phone.last.text) - len(first) - 1}


async def test_a_pace_that_is_not_daily_is_named_with_the_way_back(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone)
    await phone.presses("1:pc:weekly")
    assert await coming(phone) == ["Wed, Oct 14, 19:00", "Wed, Oct 21, 19:00", "Wed, Oct 28, 19:00"]
    assert "Your time: 19:00, once a week." in phone.last.text
    await phone.taps("Every day")
    assert phone.last.text == "OK. Your check-in comes at 19:00: every day."
    assert await coming(phone) == ["Wed, Oct 14, 19:00", "Thu, Oct 15, 19:00", "Fri, Oct 16, 19:00"]
    assert "Every day" not in phone.last.labels


async def test_the_buttons_lead_to_the_settings(ana: Phone) -> None:
    for label in ("Time", "Days", "Quiet hours", "If I forget", "How often", "Before visits", "Why", "Pause"):
        await ana.writes("/reminders")
        before = ana.last.text
        await ana.taps(label)
        assert ana.last.text != before


async def test_nothing_of_somebody_else_is_told(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    found = await room.database.read(history.recent, ANA, START.date(), START.date())
    assert found[0].outcome is Outcome.COMPLETE
    assert (await coming(cleo))[0] == "Wed, Oct 14, 19:00"


VISIT = Appointment(7, 1, START, "Europe/Berlin", VisitKind.TREATMENT)
TREATMENT = Treatment(7, 1, START, "Europe/Berlin", TreatmentKind.NASAL, None, 1)


def test_every_kind_of_message_has_its_words() -> None:
    words, patient = Words("en"), Patient(1, ANA, "en", zone="Europe/Berlin", daily_minute=0)
    about = {Kind.TREATED: VISIT, Kind.VISIT: VISIT, Kind.AFTERWARDS: VISIT}
    had = {Kind.AFTER: TREATMENT, Kind.NEXT_DATE: TREATMENT}
    for kind in PLANNED:
        owed = Due(1, 1, kind, "x", "1", 1, START, START)
        one = Coming(owed, START, visit=about.get(kind), treatment=had.get(kind))
        assert kind_words(words, kind)
        assert coming_words(words, patient, one)
    card = Coming(Due(1, 1, Kind.DAILY, "x", "1", 1, START, START), START, treatment=TREATMENT)
    for set_name in ("next_morning", "day_three"):
        assert coming_words(words, patient, replace(card, set_name=set_name)).endswith("Wed, Oct 14")
    for tone in (Tone.EASING, Tone.LAST):
        assert "because I did not hear from you" in coming_words(words, patient, replace(card, tone=tone))


def test_every_reason_that_the_code_can_write_has_its_words() -> None:
    words, found = Words("en"), set(reasons())
    assert {
        "answered",
        "declined",
        "snoozed",
        "plan_changed",
        "enough_today",
        "unreachable",
        "still_answering",
    } <= found
    assert {"slow_down", "quiet_hours", "too_late", "visit_known", "outcome_unknown", "confirmed"} <= found
    missing = {why for why in found if not words.has(f"due-why-{why.replace('_', '-')}")}
    assert not missing


def reasons() -> Iterator[str]:
    """Find every word that can come to stand in the column why."""
    yield from (failure.value for failure in Failure)
    folders = (Path(care.__file__).parent, Path(storage.__file__).parent)
    for file in (file for folder in folders for file in folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "_reasons_against":
                yield from _words_in(key for made in ast.walk(node) if isinstance(made, ast.Dict) for key in made.keys)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                yield from _words_in(_reasons_given(node))
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                yield from _words_in(value for key, value in pairs if _is(key, "reason") or _is(key, "why"))


def _reasons_given(call: ast.Call) -> list[ast.expr]:
    """Give the arguments of a call that are reasons: of a decision, of dropping rows, or named why."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    places = {"Drop": 0, "Later": 1, "drop_prompts_of": 2, "drop_everything": 2}
    given = call.args[places[name] : places[name] + 1] if name in places else []
    return [*given, *(keyword.value for keyword in call.keywords if keyword.arg == "why")]


def _words_in(nodes: Iterable[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("[a-z_]+", node.value):
            yield node.value


def _is(key: ast.expr | None, name: str) -> bool:
    return isinstance(key, ast.Constant) and key.value == name
