"""A summary in words: the caption of the picture, and its twin with every number that the picture shows."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from care.questions import question_named
from care.trends import DayEntry, SideEffect, Summary
from handlers.words import Words

LETTERS_A_PAGE = 3000


def caption(summary: Summary, words: Words, *, since: bool = False) -> str:
    """Give the period, the days with answers, the middle and range of mood, days with side effects, and treatments."""
    first, last = words.full_day(summary.first), words.full_day(summary.last)
    extras = sum(entry.extra for entry in summary.extras)
    lines = [
        words("summary-period-since" if since else "summary-period", days=summary.length, first=first, last=last),
        words("summary-answered", answered=summary.answered, days=summary.length),
        *_mood(summary, words),
        *(_effect(words, code, effect) for code, effect in summary.side_effects.items() if effect.answered),
        *([words("summary-extras", n=extras)] if extras else []),
        *_treatments(summary, words),
        words("summary-own"),
    ]
    return "\n".join(lines)


def pages(summary: Summary, words: Words, *, since: bool = False) -> list[str]:
    """Give the twin in pages that each fit a message, the newest days first; the first begins with the caption."""
    return paged([caption(summary, words, since=since), ""], _lines(summary, words))


def paged(head: list[str], lines: Iterable[str]) -> list[str]:
    """Spread lines over pages that each fit a message; the first page begins with the head."""
    full = [head]
    for line in lines:
        if sum(len(kept) + 1 for kept in full[-1]) + len(line) > LETTERS_A_PAGE:
            full.append([])
        full[-1].append(line)
    return ["\n".join(page) for page in full]


def _mood(summary: Summary, words: Words) -> Iterable[str]:
    if summary.mood is not None:
        yield words(
            "summary-mood",
            middle=words.number(summary.mood.middle),
            lowest=summary.mood.lowest,
            highest=summary.mood.highest,
            n=summary.mood.count,
        )


def _treatments(summary: Summary, words: Words) -> Iterable[str]:
    days = summary.treatments
    if days:
        yield words("summary-treatments", n=len(days), last=words.day(days[-1]))


def _effect(words: Words, code: str, effect: SideEffect) -> str:
    name = words(f"short-{code}")
    if not effect.any:
        return words("summary-effect-none", name=name, answered=effect.answered)
    worst = words(f"option-{code}-{effect.worst}")
    return words("summary-effect", name=name, days=effect.any, answered=effect.answered, worst=worst)


def _lines(summary: Summary, words: Words) -> Iterable[str]:
    """Yield the lines of each day that holds something and of each run of days without answers, the newest first."""
    missing: list[date] = []
    for place in reversed(range(summary.length)):
        told = list(_of_day(summary, words, place))
        if not told:
            missing.append(summary.first + timedelta(days=place))
            continue
        yield from _gap(words, missing)
        missing = []
        yield from told
    yield from _gap(words, missing)


def _of_day(summary: Summary, words: Words, place: int) -> Iterable[str]:
    day, entry = summary.first + timedelta(days=place), summary.days[place]
    extras = [extra for extra in summary.extras if extra.day == day]
    treated = day in summary.treatments
    yield from (_day(words, extra) for extra in extras)
    if entry is not None:
        week = summary.mood_week[place] if "mood" in entry.values else None
        yield _day(words, entry, week, treated=treated and not entry.after)
    elif treated:
        yield words("summary-treated-alone" if extras else "summary-treated-gap", day=words.day(day))


def _gap(words: Words, missing: Sequence[date]) -> Iterable[str]:
    if len(missing) == 1:
        yield words("summary-gap-day", day=words.day(missing[0]))
    elif missing:
        yield words("summary-gap", first=words.day(missing[-1]), last=words.day(missing[0]))


def _day(words: Words, entry: DayEntry, week: float | None = None, *, treated: bool = False) -> str:
    told = [words("summary-treated")] if treated else []
    told += [_answer(words, code, value) for code, value in entry.values.items()]
    if week is not None:
        told.append(words("summary-week", mean=words.number(week)))
    if entry.entered_late:
        told.append(words("chart-late"))
    return words(_kind_of_line(entry), day=words.day(entry.day), answers=" · ".join(told))


def _kind_of_line(entry: DayEntry) -> str:
    if entry.after:
        return "summary-after-day"
    return "summary-extra-day" if entry.extra else "summary-day"


def _answer(words: Words, code: str, value: int) -> str:
    question = question_named(code)
    chosen = question.chosen(value) if question else (value,)
    told = ", ".join(words(f"option-{code}-{one}") for one in chosen)
    return words("history-answer", name=words(f"short-{code}"), answer=told)
