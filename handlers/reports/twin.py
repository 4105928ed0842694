"""A summary in words: the caption of the picture, and its twin with every number that the picture shows."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from care.trends import DayEntry, SideEffect, Summary
from handlers.words import Words

LETTERS_A_PAGE = 3000


def caption(summary: Summary, words: Words) -> str:
    """Give the period, how many days have answers, the middle and range of mood, and the days with side effects."""
    first, last = words.full_day(summary.first), words.full_day(summary.last)
    lines = [
        words("summary-period", days=summary.length, first=first, last=last),
        words("summary-answered", answered=summary.answered, days=summary.length),
        *_mood(summary, words),
        *(_effect(words, code, effect) for code, effect in summary.side_effects.items() if effect.answered),
        *([words("summary-extras", n=len(summary.extras))] if summary.extras else []),
        words("summary-own"),
    ]
    return "\n".join(lines)


def pages(summary: Summary, words: Words) -> list[str]:
    """Give the twin in pages that each fit a message, the newest days first; the first begins with the caption."""
    full: list[list[str]] = [[caption(summary, words), ""]]
    for line in _lines(summary, words):
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


def _effect(words: Words, code: str, effect: SideEffect) -> str:
    name = words(f"short-{code}")
    if not effect.any:
        return words("summary-effect-none", name=name, answered=effect.answered)
    worst = words(f"option-{code}-{effect.worst}")
    return words("summary-effect", name=name, days=effect.any, answered=effect.answered, worst=worst)


def _lines(summary: Summary, words: Words) -> Iterable[str]:
    """Yield a line for each answered day and for each run of days without answers, the newest first."""
    missing: list[date] = []
    for place in reversed(range(summary.length)):
        day, entry = summary.first + timedelta(days=place), summary.days[place]
        extras = [extra for extra in summary.extras if extra.day == day]
        if entry is None and not extras:
            missing.append(day)
            continue
        yield from _gap(words, missing)
        missing = []
        yield from (_day(words, "summary-extra-day", extra, None) for extra in extras)
        if entry is not None:
            yield _day(words, "summary-day", entry, summary.mood_week[place] if "mood" in entry.values else None)
    yield from _gap(words, missing)


def _gap(words: Words, missing: Sequence[date]) -> Iterable[str]:
    if len(missing) == 1:
        yield words("summary-gap-day", day=words.day(missing[0]))
    elif missing:
        yield words("summary-gap", first=words.day(missing[-1]), last=words.day(missing[0]))


def _day(words: Words, name: str, entry: DayEntry, week: float | None) -> str:
    told = [
        words("history-answer", name=words(f"short-{code}"), answer=words(f"option-{code}-{value}"))
        for code, value in entry.values.items()
    ]
    if week is not None:
        told.append(words("summary-week", mean=words.number(week)))
    if entry.entered_late:
        told.append(words("chart-late"))
    return words(name, day=words.day(entry.day), answers=" · ".join(told))
