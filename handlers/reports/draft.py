"""The draft of the summary for a visit in words, part by part; every part that is in, and nothing of those left out."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from care.drafts import LIST, Draft, Event, Part, compared_from, is_in
from care.forms import score
from care.notes import Note
from care.responses import WINDOW_ENDS
from handlers.answers import answer_words
from handlers.excerpts import excerpt, is_cut
from handlers.form_words import form_name, score_words
from handlers.reports.responses import hours_text
from handlers.reports.twin import paged
from handlers.words import Words

LONGEST = 1000
"""How many letters of a note or a question are shown; that more was written is said."""


def draft_pages(draft: Draft, words: Words, mask: int, day: str) -> list[str]:
    """Give the draft in pages that each fit a message. mask says which parts are in, day when the visit is."""
    blocks = (_block(words, part, _LINES[part](draft, words)) for part in draft.parts if is_in(mask, part))
    lines = (line for block in blocks for line in block)
    return [page.strip("\n") for page in paged(_head(draft, words, mask, day), lines)]


def _head(draft: Draft, words: Words, mask: int, day: str) -> list[str]:
    """Give the lines above the first part; the first of all is for the person alone and says nothing of health."""
    kept_back = bool(draft.private) and not is_in(mask, Part.PRIVATE)
    return [
        words("visit-draft-top"),
        *([words("visit-draft-kept-back")] if kept_back else []),
        "",
        words("visit-draft-title", day=day),
        words("visit-draft-own"),
        _period(draft, words),
    ]


def _period(draft: Draft, words: Words) -> str:
    period = draft.period
    first, last = words.full_day(period.first), words.full_day(period.last)
    if period.since_visit:
        return words("visit-draft-since", first=first, last=last)
    return words("visit-draft-days", days=period.length, first=first, last=last)


def _block(words: Words, part: Part, lines: Iterable[str]) -> Iterator[str]:
    """Yield a part's lines; its heading goes with the first, so that no page ends with a heading."""
    first, *rest = lines
    yield "\n".join(("", words(f"visit-head-{name_of(part)}"), first))
    yield from rest


def name_of(part: Part) -> str:
    """Give a part's name as messages carry it."""
    return part.name.lower().replace("_", "-")


def _treatments(draft: Draft, words: Words) -> list[str]:
    told = [
        words("visit-treatment", day=words.day(day), kind=words(f"visit-kind-{kind}")) if kind else words.day(day)
        for day, kind in draft.treatments
    ]
    return [" · ".join(told) or words("visit-treatments-none")]


def _mood(draft: Draft, words: Words) -> list[str]:
    mood = draft.summary.mood
    if mood is None:
        return [words("visit-mood-none")]
    middle = words.number(mood.middle)
    told = words("visit-mood", middle=middle, lowest=mood.lowest, highest=mood.highest, n=mood.count)
    return [told, _mood_change(draft, words)]


def _mood_change(draft: Draft, words: Words) -> str:
    before, change = draft.before, draft.mood_change
    if before is None or change is None:
        return words("visit-mood-few")
    return words(
        "visit-mood-before",
        first=words.day(compared_from(draft.period)),
        middle=words.number(before.middle),
        n=before.count,
        change=_signed(words, change),
    )


def _signed(words: Words, change: float) -> str:
    sign = "+" if change > 0 else "\u2212" if change < 0 else ""
    return sign + words.number(abs(change))


def _side_effects(draft: Draft, words: Words) -> list[str]:
    _, _, below_the_title = hours_text(draft.windows, words).partition("\n\n")
    return below_the_title.split("\n\n")


def _events(draft: Draft, words: Words) -> list[str]:
    return _came_up(draft.events, words) or [words("visit-events-none")]


def _private(draft: Draft, words: Words) -> list[str]:
    return _came_up(draft.private, words)


def _came_up(events: Iterable[Event], words: Words) -> list[str]:
    return [_event(event, words) for event in events]


def _event(event: Event, words: Words) -> str:
    """Write what came up. Only the day and the hour of the telling are known, and called so."""
    day, told = words.day(event.day), answer_words(words, event.code, event.value)
    if event.code == LIST:
        return words("visit-event-told", day=day, what=told)
    what = words("card-answer", name=words(f"short-{event.code}"), answer=told)
    if event.hours is None or event.hours > WINDOW_ENDS[-1]:
        return words("visit-event-answer", day=day, what=what)
    return words("visit-event-hours", day=day, what=what, hours=max(round(event.hours), 1))


def _change(draft: Draft, words: Words) -> list[str]:
    return [answer_words(words, "change", draft.change or 0)]


def _forms(draft: Draft, words: Words) -> list[str]:
    return [
        words("visit-form", day=words.day(one.day), name=form_name(words, one.set_name), score=score_words(words, now))
        for one in draft.forms
        if (now := score(one)) is not None
    ]


def _main(draft: Draft, words: Words) -> list[str]:
    return [shown(words, draft.main)]


def _questions(draft: Draft, words: Words) -> list[str]:
    return [words("visit-question", n=n, text=shown(words, text)) for n, text in enumerate(draft.questions, 1)]


def _notes(draft: Draft, words: Words) -> list[str]:
    return [_note(note, words) for note in draft.notes]


def _note(note: Note, words: Words) -> str:
    return words("visit-note", day=words.day(note.day), text=shown(words, note.text))


def shown(words: Words, text: str) -> str:
    """Give what a person wrote on one line; where a part is cut off, that is said."""
    told = excerpt(text, LONGEST)
    return words("visit-shortened", text=told) if is_cut(text, LONGEST) else told


_LINES: Mapping[Part, Callable[[Draft, Words], list[str]]] = {
    Part.TREATMENTS: _treatments,
    Part.MOOD: _mood,
    Part.SIDE_EFFECTS: _side_effects,
    Part.EVENTS: _events,
    Part.PRIVATE: _private,
    Part.CHANGE: _change,
    Part.FORMS: _forms,
    Part.MAIN: _main,
    Part.QUESTIONS: _questions,
    Part.NOTES: _notes,
}
