"""Brings what people type to plain words: no fillers, numbers as digits, abbreviations and slips put right."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORTEST_SLIP, _TWO_SLIPS = 5, 7
_SIGNS = ("So", "Sk", "Cf", "Mn", "Cc")
"""Emoji, their variations and what cannot be seen."""
_MARKS = frozenset(("-", "a", "am", "a.m", "p", "pm", "p.m", "m"))
_WORD = re.compile(r"[^\W\d_][\w'.\-]*|@|\S+")
_NUMBER = re.compile(r"[\d:./\-]+(?:st|[nr]d|th|[ap]\.?m?|h\d{0,2}|hrs?|-[a-z]{3,9})?")


def plain(text: str, language: str) -> str | None:
    """Give a typed text in plain words; None where an English text has a word that says nothing about time."""
    said = _without_signs(unicodedata.normalize("NFKC", text).lower().strip())
    for short in dict.fromkeys((language.split("-", maxsplit=1)[0], "en")):
        for pattern, instead in _rewrites(short):
            said = pattern.sub(instead, said)
    words = [_plain_word(word, language) for word in _WORD.findall(said)]
    if language.startswith("en") and not all(word is None or _is_known(word) for word in words):
        return None
    return " ".join(word for word in words if word)


def _without_signs(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in _SIGNS)


def _plain_word(word: str, language: str) -> str | None:
    """Give the word that is meant; None for one that may be left out."""
    bare, aliases = word.rstrip("."), _aliases(language)
    if not bare or (language.startswith("en") and bare in _english()["drop"]):
        return None
    return aliases.get(word) or aliases.get(bare) or _put_right(bare, language) or bare


def _is_known(word: str) -> bool:
    return word in _vocabulary() or word in _MARKS or _NUMBER.fullmatch(word) is not None


def _put_right(word: str, language: str) -> str | None:
    """Give the one word that is nearest by letters typed wrong, left out, doubled or swapped."""
    if not language.startswith("en") or len(word) < _SHORTEST_SLIP or not word.isalpha():
        return None
    allowed = 1 + (len(word) >= _TWO_SLIPS)
    near = sorted((slips(word, known), known) for known in _slippery() if abs(len(known) - len(word)) <= allowed)
    best = [known for n, known in near if n == near[0][0] <= allowed]
    return best[0] if len(best) == 1 else None


def slips(word: str, meant: str) -> int:
    """Count the letters that were typed wrong, left out, added or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(word):
        older, before, row = before, row, [i + 1]
        for j, other in enumerate(meant):
            cost = min(before[j] + (letter != other), before[j + 1] + 1, row[j] + 1)
            if i and j and letter == meant[j - 1] and word[i - 1] == other:
                cost = min(cost, older[j - 1] + 1)
            row.append(cost)
    return row[-1]


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("handlers.dates").joinpath("words.toml").read_text("utf-8"))


def _english() -> dict[str, Any]:
    found: dict[str, Any] = _tables()["en"]
    return found


@cache
def _rewrites(language: str) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), instead) for pattern, instead in _tables().get(language, {}).get("rewrite", ())]


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(_english()["words"])


@cache
def _slippery() -> frozenset[str]:
    """List the words that are put right: long ones, and short ones that hardly anything else is near to."""
    return frozenset(
        word for word in _vocabulary() if len(word) > _SHORTEST_SLIP or word in ("today", "april", "march")
    )


@cache
def _aliases(language: str) -> dict[str, str]:
    """Map what people write to plain words, with the names of weekdays in a language."""
    numbers: dict[str, str] = _english()["numbers"]
    known = {alias: word for word, aliases in _english()["words"].items() for alias in (word, *aliases)}
    return known | numbers | dict(_weekdays(language))


def _weekdays(language: str) -> Iterator[tuple[str, str]]:
    """Yield the weekdays of a language, whole and short; not what can also begin a month, as Spanish "mar"."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return
    months = tuple(name.lower() for name in locale.months["format"]["wide"].values())
    for width in ("wide", "abbreviated"):
        for number, name in locale.days["format"][width].items():
            word = name.lower().rstrip(".")
            if not any(month.startswith(word) for month in months):
                yield word, WEEKDAYS[number]
