"""The days after treatments in words: how mood moved, and side effects by the hours since. Lines that read aloud."""

from collections.abc import Iterable, Mapping

from care.responses import AFTER_DAYS, REACH, WINDOW_ENDS, Fade, Gap, Middle, Response, Window
from care.treatments import USUAL_LENGTH
from handlers.reports.twin import paged
from handlers.words import Words


def fade_pages(fade: Fade, words: Words) -> list[str]:
    """Give the middle change of mood after treatments, then each treatment's own, the newest first, in pages."""
    title = words("summary-fade", days=REACH)
    if fade.is_empty:
        return [f"{title}\n{words('summary-fade-few')}"]
    middles = (_middle(words, middle) for middle in fade.middles)
    head = [title, words("summary-fade-what"), "", words("summary-fade-middle"), *middles]
    each = (_response(words, response) for response in reversed(fade.responses))
    return paged([*head, "", words("summary-fade-each")], each)


def _middle(words: Words, middle: Middle) -> str:
    if middle.change is None:
        return words("summary-fade-all-none", days=middle.days_after)
    return words("summary-fade-all", days=middle.days_after, change=_signed(words, middle.change), n=middle.count)


def _response(words: Words, response: Response) -> str:
    return words("summary-day", day=words.day(response.day), answers=" · ".join(_told(words, response)))


def _told(words: Words, response: Response) -> Iterable[str]:
    if response.before is None:
        yield words("summary-fade-before-none")
        return
    yield words("summary-fade-before", mood=response.before)
    for days, change in zip(AFTER_DAYS, response.changes, strict=True):
        if change is Gap.NEXT_TREATMENT or change is Gap.TO_COME:
            yield words("summary-fade-next" if change is Gap.NEXT_TREATMENT else "summary-fade-coming")
            return
        told = words("summary-fade-none") if isinstance(change, Gap) else _signed(words, change)
        yield words("summary-fade-one", days=days, change=told)


def _signed(words: Words, change: float) -> str:
    """Write a change with its sign; the true minus is read aloud, a hyphen is not."""
    sign = "+" if change > 0 else "\u2212" if change < 0 else ""
    return sign + words.number(abs(change))


def hours_text(table: Mapping[str, tuple[Window, ...]], words: Words) -> str:
    """Give each body feeling's answers by the hours since treatment; a span of hours without answers has no line."""
    title = words("summary-hours-title", days=REACH)
    if not table:
        return f"{title}\n{words('summary-hours-few', days=REACH)}"
    blocks = ("\n".join(_block(words, code, windows)) for code, windows in table.items())
    return "\n\n".join((title, *blocks, *_guess(table, words)))


def _block(words: Words, code: str, windows: tuple[Window, ...]) -> Iterable[str]:
    yield words(f"short-{code}")
    yield from (_line(words, code, place, window) for place, window in enumerate(windows) if window.effect.answered)


def _line(words: Words, code: str, place: int, window: Window) -> str:
    effect, name = window.effect, _window(words, place, window)
    if not effect.any:
        return words("summary-hours-none", window=name, answered=effect.answered)
    worst = words(f"option-{code}-{effect.worst}")
    if not effect.moderate:
        return words("summary-hours-mild", window=name, any=effect.any, answered=effect.answered, worst=worst)
    return words(
        "summary-hours-felt",
        window=name,
        any=effect.any,
        answered=effect.answered,
        moderate=effect.moderate,
        worst=worst,
    )


def _window(words: Words, place: int, window: Window) -> str:
    first, *last = (0, *WINDOW_ENDS)[place : place + 2]
    name = words("summary-window", first=first, last=last[0]) if last else words("summary-window-last", first=first)
    return words("summary-window-guessed", window=name) if window.is_guessed else name


def _guess(table: Mapping[str, tuple[Window, ...]], words: Words) -> Iterable[str]:
    if any(window.is_guessed for windows in table.values() for window in windows):
        yield words("summary-hours-guess", hours=USUAL_LENGTH.total_seconds() / 3600)
