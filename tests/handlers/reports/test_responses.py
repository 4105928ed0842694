"""The days after treatments in words."""

import re
from datetime import date, timedelta

from care.responses import fade, side_effects_by_hours
from care.trends import DayEntry
from handlers.reports.responses import fade_pages, hours_text
from handlers.words import Words

EN = Words("en")
FIRST = date(2026, 10, 3)
VERDICTS = re.compile(
    r"\b(better|worse|works?|working|improved?|good|bad|success|respon\w+|relapse|effective)\b", re.IGNORECASE
)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def mood(day: int, value: int) -> DayEntry:
    return DayEntry(on(day), {"mood": value})


def felt(day: int, hours: float, **values: int) -> DayEntry:
    return DayEntry(on(day), values, hours=dict.fromkeys(values, hours), after=True)


FADE = fade([mood(-1, 4), mood(1, 6), mood(3, 7), mood(6, 5), mood(8, 4), mood(30, 5)], map(on, (0, 7, 29)), on(31))


def test_the_middle_of_all_comes_first_and_then_each_treatment_the_newest_first() -> None:
    (text,) = fade_pages(FADE, EN)
    assert text.splitlines() == [
        "After treatments, last 90 days",
        "Each number is your mood next to the day before the treatment. +2 means two points up.",
        "",
        "Middle of all",
        "1 day after: +0.5 (2 answers)",
        "3 days after: +3 (1 answer)",
        "7 days after: no answers",
        "14 days after: no answers",
        "",
        "Each treatment",
        "Sun, Nov 1: no answer the day before",
        "Sat, Oct 10: day before: 5 · 1 day: −1 · 3 days: no answer · 7 days: no answer · 14 days: no answer",
        "Sat, Oct 3: day before: 4 · 1 day: +2 · 3 days: +3 · then the next treatment",
    ]


def test_days_still_to_come_are_not_called_unanswered() -> None:
    (text,) = fade_pages(fade([mood(-1, 4), mood(1, 4)], [on(0)], on(2)), EN)
    assert text.endswith("Sat, Oct 3: day before: 4 · 1 day: 0 · more days to come")


def test_too_little_says_kindly_what_is_needed() -> None:
    (text,) = fade_pages(fade([mood(1, 6)], [on(0)]), EN)
    assert text.splitlines()[1].startswith("This needs your mood from the day before a treatment and from a later day.")
    assert hours_text({}, EN).splitlines()[1].startswith("This needs an answer about how your body felt")


def test_side_effects_stand_by_hours_with_their_counts() -> None:
    entries = [felt(0, 2, dizziness=3, floaty=1), felt(0, 3, dizziness=1), felt(7, 90, dizziness=0, floaty=1)]
    text = hours_text(side_effects_by_hours(entries, {on(0): True, on(4): False}), EN)
    assert text.split("\n\n") == [
        "Side effects by hours since treatment, last 90 days",
        "Dizziness\n~0 to 4 hours: felt 2 of 2 times, moderate or severe 1 time, at worst Severe\n"
        "over 72 hours: none (1 answer)",
        "Spaced out\n~0 to 4 hours: felt 1 of 1 time, at worst Mild\nover 72 hours: felt 1 of 1 time, at worst Mild",
        "~ means I guessed when a treatment ended: 2 hours after it began.",
    ]


def test_where_no_end_was_guessed_nothing_is_marked() -> None:
    assert "~" not in hours_text(side_effects_by_hours([felt(0, 2, nausea=0)], {on(0): False}), EN)


def test_forty_treatments_fit_messages_and_name_each_once() -> None:
    days = [on(2 * n) for n in range(40)]
    pages = fade_pages(fade([mood(day, day % 11) for day in range(-1, 80)], days, on(80)), EN)
    assert all(len(page) <= 4096 for page in pages)
    text = "\n".join(pages)
    assert all(sum(line.startswith(f"{EN.day(day)}: ") for line in text.splitlines()) == 1 for day in days)


def test_numbers_stand_there_without_a_verdict() -> None:
    table = side_effects_by_hours([felt(0, 30, dizziness=3, nausea=2, sleepy=1, headache=0, floaty=2)], {on(0): True})
    for text in (*fade_pages(FADE, EN), *fade_pages(fade([], []), EN), hours_text(table, EN), hours_text({}, EN)):
        assert not VERDICTS.search(text.replace("at worst", "")), text
