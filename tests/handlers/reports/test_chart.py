"""The picture of /summary and its twin in words."""

import asyncio
import re
import struct
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from care.trends import DayEntry, Summary, summarise
from handlers.reports import chart, twin
from handlers.words import Words

EN = Words("en")
LAST = date(2026, 10, 14)
MOODS = [5, 6, None, 7, 6, 5, None, None, None, 4, 3, 5, 6, 8]


def entry(back: int, late: bool = False, extra: bool = False, **values: int) -> DayEntry:
    return DayEntry(LAST - timedelta(days=back), values, late, extra)


def of_moods(*moods: int | None, length: int | None = None) -> Summary:
    """Summarise days whose moods are given oldest first; None is a day without an answer."""
    entries = [entry(len(moods) - 1 - n, mood=mood) for n, mood in enumerate(moods) if mood is not None]
    return summarise(entries, LAST, length or len(moods))


def full(length: int) -> Summary:
    entries = [
        entry(n, late=n % 9 == 0, mood=n * 7 % 11, energy=n % 5, dizziness=n % 4, nausea=(n + 1) % 4)
        for n in range(length)
        if n % 6
    ]
    return summarise([*entries, entry(2, extra=True, mood=9)], LAST, length)


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("length", [7, 30, 90])
def test_the_picture_is_a_png_of_1280_by_880(length: int) -> None:
    assert size_of(chart.render(chart.picture(full(length), EN))) == (1280, 880)


def test_the_same_answers_give_the_same_picture_in_any_thread() -> None:
    scene = chart.picture(full(30), EN)
    drawn = [chart.render(scene)]
    thread = threading.Thread(target=lambda: drawn.append(chart.render(scene)))
    thread.start()
    thread.join()
    chart.render(chart.picture(full(7), EN))
    assert {*drawn, chart.render(scene)} == {drawn[0]}


def test_other_answers_give_another_picture() -> None:
    assert chart.render(chart.picture(of_moods(5, 6), EN)) != chart.render(chart.picture(of_moods(5, 7), EN))


def test_a_day_without_an_answer_is_in_no_list() -> None:
    scene = chart.picture(of_moods(*MOODS), EN)
    answered = [n for n, mood in enumerate(MOODS) if mood is not None]
    assert [place for place, _, _ in scene.dots] == answered
    assert {place for line in scene.lines for place, _ in line} == set(answered)
    assert {place for line in scene.means for place, _ in line} <= set(answered)
    assert all(value != 0 for _, value, _ in scene.dots)


def test_no_line_between_days_crosses_a_day_without_an_answer() -> None:
    lines = chart.picture(of_moods(*MOODS), EN).lines
    assert [[place for place, _ in line] for line in lines] == [[0, 1], [3, 4, 5], [9, 10, 11, 12, 13]]


def test_the_line_of_the_week_crosses_two_missing_days_and_not_three() -> None:
    steady = [5] * 7
    two = chart.picture(of_moods(*steady, None, None, *steady), EN)
    three = chart.picture(of_moods(*steady, None, None, None, *steady), EN)
    assert len(two.means) == 1
    assert len(three.means) == 2


def test_the_answer_none_is_drawn_and_is_not_a_missing_day() -> None:
    scene = chart.picture(summarise([entry(1, dizziness=0), entry(0, mood=0, dizziness=2)], LAST, 7), EN)
    dizziness, nausea = scene.strips
    assert dizziness.marks == ((5, 0.0, False), (6, 2.0, False))
    assert nausea.marks == ()
    assert scene.dots == ((6, 0.0, False),)


def test_days_filled_in_later_are_hollow_and_extra_check_ins_stand_apart() -> None:
    entries = [entry(1, late=True, mood=4), entry(0, mood=5), entry(0, extra=True, mood=9)]
    scene = chart.picture(summarise(entries, LAST, 7), EN)
    assert scene.dots == ((5, 4.0, True), (6, 5.0, False))
    assert scene.extras == ((6, 9.0),)
    assert [kind for kind, _ in scene.legend] == ["dot", "late", "extra"]


def test_energy_has_a_strip_only_when_it_was_answered() -> None:
    without = chart.picture(of_moods(5, 6), EN)
    assert [strip.shape for strip in without.strips] == ["solid", "hatched"]
    assert [strip.shape for strip in chart.picture(full(7), EN).strips] == ["diamond", "solid", "hatched"]


def test_the_last_day_always_has_its_date() -> None:
    for length in (7, 30, 90):
        assert chart.picture(full(length), EN).ticks[-1][0] == length - 1
    assert chart.picture(full(7), EN).ticks[-1][1] == "Wed\nOct 14"


def test_a_discreet_title_names_nothing_of_health() -> None:
    summary = full(30)
    assert "mood" in chart.picture(summary, EN).title.lower()
    assert chart.picture(summary, EN, discreet=True).title == "Your last 30 days"


def test_a_period_without_answers_says_so() -> None:
    assert chart.picture(of_moods(None, None, length=7), EN).nothing == "No answers in these days"
    assert chart.picture(full(7), EN).nothing == ""


def test_words_of_any_script_and_markup_are_drawn_as_they_are() -> None:
    scene = chart.picture(full(7), EN)
    for title in ("مزاجك خلال 7 أيام", "מצב הרוח שלך", "आपका मन", '#image("x") *_$ \\ </text>', ""):
        assert size_of(chart.render(replace(scene, title=title))) == (1280, 880)


def treated(*back: int) -> list[date]:
    """List days with a treatment by how long ago they were."""
    return [LAST - timedelta(days=n) for n in back]


def test_treatment_days_are_marked_in_the_picture_and_its_legend() -> None:
    plain, marked = (chart.picture(summarise([entry(0, mood=5)], LAST, 7, days), EN) for days in ([], treated(1, 5)))
    assert (plain.treatments, marked.treatments) == ((), (1, 5))
    assert ("treatment", "treatment") in marked.legend
    assert "treatment" not in dict(plain.legend)
    assert chart.render(plain) != chart.render(marked)


def test_forty_treatments_in_ninety_days_are_forty_marks() -> None:
    days = treated(*(2 * n + n // 4 for n in range(40)))
    scene = chart.picture(summarise([entry(0, mood=5)], LAST, 90, days), EN)
    assert len(scene.treatments) == 40
    assert size_of(chart.render(scene)) == (1280, 880)


@pytest.mark.parametrize(
    ("length", "ticks"),
    [(1, [0]), (2, [0, 1]), (8, [*range(8)]), (9, [0, 2, 4, 6, 8]), (31, [0, 5, 10, 15, 20, 25, 30]), (90, None)],
)
def test_since_the_last_treatment_days_are_counted_from_it(length: int, ticks: list[int] | None) -> None:
    scene = chart.picture(summarise([entry(0, mood=5)], LAST, length, treated(length - 1)), EN, since=True)
    places = [place for place, _ in scene.ticks]
    assert places == (ticks or [0, 15, 30, 45, 60, 75])
    assert [label.split("\n")[0] for _, label in scene.ticks] == [str(place) for place in places]
    assert scene.title == "Your mood since your last treatment"
    assert scene.axis == "Days since treatment"
    assert scene.treatments == (0,)
    assert size_of(chart.render(scene)) == (1280, 880)


def test_a_single_day_is_named_once_and_counted_in_the_singular() -> None:
    summary = summarise([entry(0, mood=5)], LAST, 1, treated(0))
    assert chart.picture(summary, EN, since=True).dates == "Oct 14, 2026"
    assert chart.picture(summary, EN, discreet=True, since=True).title == "Your day"


async def test_pictures_are_drawn_beside_the_loop_two_at_once() -> None:
    scene = chart.picture(full(30), EN)
    pictures = await asyncio.gather(*(chart.draw(scene) for _ in range(5)))
    assert len(set(pictures)) == 1
    assert sum(thread.name.startswith("chart") for thread in threading.enumerate()) <= 2


def test_the_twin_holds_every_number_of_the_picture() -> None:
    summary = full(90)
    scene = chart.picture(summary, EN)
    text = "\n".join(twin.pages(summary, EN))
    for place, value, late in scene.dots:
        line = line_of(text, summary.first + timedelta(days=place))
        assert f"Mood: {value:.0f}" in line
        assert ("filled in later" in line) == late
    for strip, options in zip(scene.strips, (None, SEVERITY, SEVERITY), strict=True):
        for place, value, _ in strip.marks:
            line = line_of(text, summary.first + timedelta(days=place))
            word = ENERGY[int(value)] if options is None else options[int(value)]
            assert f"{strip.name}: {word}" in line
    for run in scene.means:
        for place, value in run:
            assert f"7-day mean: {EN.number(value)}" in line_of(text, summary.first + timedelta(days=place))
    assert "extra: Mood: 9" in text


SEVERITY = ("None", "Mild", "Moderate", "Severe")
ENERGY = ("None", "Low", "Some", "Good", "A lot")


def line_of(text: str, day: date) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"{EN.day(day)}: "))


def test_the_twin_names_each_day_once_and_runs_of_missing_days_together() -> None:
    text = "\n".join(twin.pages(of_moods(*MOODS), EN))
    assert "Tue, Oct 7: no answers" not in text
    assert "Oct 7 to Fri, Oct 9: no answers" in text.replace("Wed, ", "")
    assert "Sat, Oct 3: no answers" in text
    assert len(re.findall(r"Mood: \d+ ", text)) <= len([m for m in MOODS if m is not None])


def test_each_page_fits_a_message_and_the_caption_fits_a_picture() -> None:
    for length in (7, 30, 90):
        summary = full(length)
        assert len(twin.caption(summary, EN)) <= 1024
        assert all(0 < len(page) <= 4096 for page in twin.pages(summary, EN))


def test_the_caption_counts_what_was_answered() -> None:
    entries = [entry(2, mood=4, dizziness=0, nausea=0), entry(1, mood=8, dizziness=2), entry(0, mood=5)]
    assert twin.caption(summarise(entries, LAST, 7), EN).splitlines()[1:-1] == [
        "Answered: 3 of 7 days",
        "Mood: middle 5, from 4 to 8 (3 answers)",
        "Dizziness: on 1 of 2 days, at worst Moderate",
        "Nausea: none (1 day)",
    ]


def test_the_caption_names_the_treatments_of_the_period() -> None:
    def line(*back: int) -> list[str]:
        text = twin.caption(summarise([entry(0, mood=5)], LAST, 30, treated(*back)), EN)
        return [line for line in text.splitlines() if line.startswith("Treatments")]

    assert line() == []
    assert line(40) == []
    assert line(11) == ["Treatments: 1, on Sat, Oct 3"]
    assert line(4, 11, 18) == ["Treatments: 3, last on Sat, Oct 10"]


def test_the_caption_of_the_days_since_a_treatment_says_so() -> None:
    summary = summarise([entry(0, mood=5)], LAST, 12, treated(11))
    assert twin.caption(summary, EN, since=True).startswith("Since your last treatment, 12 days: Oct 3, 2026 to ")
    today = summarise([entry(0, mood=5)], LAST, 1, treated(0))
    assert twin.caption(today, EN, since=True).startswith("Since your last treatment, today: Oct 14, 2026\n")


def test_the_twin_marks_each_treatment_day_whether_answered_or_not() -> None:
    entries = [entry(0, mood=5), entry(4, mood=6), entry(5, extra=True, mood=2)]
    text = "\n".join(twin.pages(summarise(entries, LAST, 7, treated(2, 4, 5)), EN)).split("\n\n")[1]
    assert text.splitlines() == [
        "Wed, Oct 14: Mood: 5",
        "Tue, Oct 13: no answers",
        "Mon, Oct 12: treatment, no answers",
        "Sun, Oct 11: no answers",
        "Sat, Oct 10: treatment · Mood: 6",
        "Fri, Oct 9, extra: Mood: 2",
        "Fri, Oct 9: treatment",
        "Thu, Oct 8: no answers",
    ]


def test_the_twin_tells_the_card_after_a_treatment_apart_and_every_kind_of_answer() -> None:
    card = replace(entry(0, dizziness=2, sleepy=1, safe=2), after=True)
    own = entry(0, mood=6, did=0b11, events=0b100, change=4, tolerability=3)
    alone = replace(entry(2, floaty=1), after=True)
    text = "\n".join(twin.pages(summarise([card, own, alone], LAST, 7, treated(0, 2)), EN))
    assert "Wed, Oct 14, after treatment: Dizziness: Moderate · Sleepiness: Mild · Someone near: Yes" in text
    assert "Wed, Oct 14: treatment · Mood: 6 · Did today: Moved my body, Went outside · Came up: Chest pain" in text
    assert "Mon, Oct 12, after treatment: Spaced out: Mild" in text
    assert "extra check-in" not in text
