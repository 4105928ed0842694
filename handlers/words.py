"""The words of one language: Fluent messages, and numbers, days and times as that language writes them."""

from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource

FALLBACK = "en"
Value = str | int | float
_LONGEST_KEPT = 40
"""What is longer can be what a person wrote, and is not remembered."""


class MissingWords(LookupError):
    """A message, or a variable that it needs, does not exist; a mistake of ours."""


def _locales() -> Traversable:
    return files("handlers").joinpath("locales")


@cache
def languages() -> tuple[str, ...]:
    """List the languages that have a folder of words."""
    return tuple(sorted(folder.name for folder in _locales().iterdir() if folder.is_dir() and folder.name[0] != "_"))


@lru_cache(maxsize=64)
def language_for(code: str | None) -> str:
    """Give the language to use for a client's language code such as "pt-BR"."""
    wanted = (code or FALLBACK).replace("_", "-")
    choices = (wanted, wanted.split("-")[0], FALLBACK)
    return next(choice for choice in choices if choice in languages())


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted(_locales().joinpath(language).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(file.read_text("utf-8")))
    return bundle


@lru_cache(maxsize=2048)
def _say(language: str, name: str, values: tuple[tuple[str, Value], ...]) -> str:
    """Format a message. What a card says is said again and again: remembering it is a third of a card's cost."""
    bundle = _bundle(language)
    if not bundle.has_message(name):
        raise MissingWords(f"{language}: no message {name}")
    pattern = bundle.get_message(name).value
    if pattern is None:
        raise MissingWords(f"{language}: {name} has no text")
    text, errors = bundle.format_pattern(pattern, dict(values))
    if errors:
        raise MissingWords(f"{language}: {name}: {type(errors[0]).__name__}")
    return str(text)


@lru_cache(maxsize=512)
def _short_day(language: str, day: date) -> str:
    return str(format_skeleton("MMMEd", datetime.combine(day, time()), locale=language))


class Words:
    """The words of one language. A missing message or variable raises MissingWords; nothing is shown half."""

    __slots__ = ("_bundle", "language")

    def __init__(self, language: str | None) -> None:
        self.language = language_for(language)
        self._bundle = _bundle(self.language)

    def __call__(self, name: str, /, **values: Value) -> str:
        """Give a message with its variables filled in."""
        said = tuple(values.items())
        if any(isinstance(value, str) and len(value) > _LONGEST_KEPT for value in values.values()):
            return _say.__wrapped__(self.language, name, said)
        return _say(self.language, name, said)

    def has(self, name: str) -> bool:
        """Tell whether a message exists."""
        return self._bundle.has_message(name)

    def day(self, day: date) -> str:
        """Write a day as "Tue, Oct 14" is written in this language."""
        return _short_day(self.language, day)

    def full_day(self, day: date) -> str:
        """Write a day with its year, as in "Oct 14, 2026"."""
        return str(format_date(day, "medium", locale=self.language))

    def clock(self, minute: int) -> str:
        """Write a wall minute as a time of day, always as 24-hour digits such as 20:00."""
        return str(format_time(time(minute // 60 % 24, minute % 60), "HH:mm", locale=self.language))

    def number(self, value: float, digits: int = 1) -> str:
        """Write a number with at most this many decimals."""
        return str(format_decimal(round(value, digits), locale=self.language))

    def weekday(self, number: int, width: str = "abbreviated") -> str:
        """Write the name of a weekday; Monday is 0."""
        return str(format_date(date(2024, 1, 1 + number), "EEEE" if width == "wide" else "EEE", locale=self.language))
