"""crisis.toml as frozen values: whom to call in which country, and the words that ask for it.

Nothing here needs a database or a network. Nonsense in the file stops the start.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from care.errors import BadResources

ELSEWHERE = "ZZ"
"""The code of the place of people whose country is not listed."""

WARN_AFTER_DAYS, EXPIRES_AFTER_DAYS = 150, 180
"""How many days after its check a number is to be checked again, and how many after it none is released unchecked."""

_LONGEST = 40
"""No word in the lists has half as many letters."""

_GRADES = ("A", "B", "C")
_SHOWN = "A"
_NUMBER = re.compile(r"[*0-9][0-9 +-]{1,19}")
_HOURS = re.compile(r"(24/7|[0-9]{1,2}(:[0-9]{2})?-[0-9]{1,2}(:[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One service: how it is reached, when, how sure its number is (A, B or C) and who checked it last.

    text is the number to send a message to, say the word to write in it; hours is "24/7", a span or "" when not known.
    """

    name: str
    grade: str
    source: str
    phones: tuple[str, ...] = ()
    text: str = ""
    say: str = ""
    whatsapp: str = ""
    chat: str = ""
    hours: str = ""
    verified_on: str = ""
    verified_by: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """List every number of the line, each once."""
        others = (number for number in (self.text, self.whatsapp) if number)
        return tuple(dict.fromkeys((*self.phones, *others)))


@dataclass(frozen=True, slots=True)
class Country:
    """Where to turn in one country; code is its ISO code, ELSEWHERE where it is not listed."""

    code: str
    emergency: tuple[str, ...]
    directory: str
    lines: tuple[Line, ...] = ()

    @property
    def shown(self) -> tuple[Line, ...]:
        """List the lines that are sure enough to be shown: a wrong number costs lives (Netherlands, 2019)."""
        return tuple(line for line in self.lines if line.grade == _SHOWN)

    @property
    def chats(self) -> tuple[Line, ...]:
        """List the shown lines that have a chat."""
        return tuple(line for line in self.shown if line.chat)


@dataclass(frozen=True, slots=True)
class Resources:
    """The whole file."""

    countries: Mapping[str, Country]
    reviewed_by: str = ""
    help_words: frozenset[str] = field(default_factory=frozenset)
    stop_words: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Aging:
    """A line whose check lies so many days back that it is due again."""

    country: str
    line: str
    days: int

    @property
    def is_expired(self) -> bool:
        """Tell whether a build with this line must not be released."""
        return self.days >= EXPIRES_AFTER_DAYS


@cache
def resources() -> Resources:
    """Give the packaged resources; raises BadResources."""
    return read_resources(files("care").joinpath("crisis.toml").read_text("utf-8"))


def countries() -> Mapping[str, Country]:
    """Give every country by its ISO code, and what holds everywhere else under ELSEWHERE."""
    return resources().countries


def country(code: str | None) -> Country:
    """Give where to turn in a country; for any other code the number that most of the world answers."""
    return countries().get((code or "").upper(), countries()[ELSEWHERE])


def aging(known: Resources, today: date) -> list[Aging]:
    """List the lines that were checked 150 days ago or more, oldest first; a line that nobody checked has its grade."""
    found = [
        Aging(place.code, line.name, (today - date.fromisoformat(line.verified_on)).days)
        for place in known.countries.values()
        for line in place.lines
        if line.verified_on
    ]
    return sorted((one for one in found if one.days >= WARN_AFTER_DAYS), key=lambda one: -one.days)


def asks_for_help(text: str) -> bool:
    """Tell whether a whole message is a word that asks for help, in any language."""
    return plain(text) in resources().help_words


def asks_to_stop(text: str) -> bool:
    """Tell whether a whole message is a word that asks the bot to stop, in any language."""
    return plain(text) in resources().stop_words


def plain(text: str) -> str:
    """Give a short text without case, accents, and what surrounds its words; a longer one or a command gives ""."""
    if len(text) > _LONGEST or text.lstrip().startswith("/"):
        return ""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"^\W+|\W+$", "", " ".join(bare.split()))


def read_resources(text: str) -> Resources:
    """Read resources from TOML; raises BadResources with the country and the fault."""
    try:
        raw = tomllib.loads(text)
        return Resources(
            countries={code: _read_country(code, item, raw["directory"]) for code, item in raw["countries"].items()}
            | {ELSEWHERE: Country(ELSEWHERE, (raw["elsewhere"],), raw["directory"])},
            reviewed_by=raw["reviewed_by"],
            help_words=frozenset(map(plain, raw["typed"]["help"])),
            stop_words=frozenset(map(plain, raw["typed"]["stop"])),
        )
    except (KeyError, TypeError, AttributeError, tomllib.TOMLDecodeError) as error:
        raise BadResources(f"crisis.toml: {type(error).__name__}: {error}") from error


def _read_country(code: str, raw: Mapping[str, Any], directory: str) -> Country:
    lines = tuple(_read_line(code, item) for item in raw.get("lines", ()))
    read = Country(code, tuple(raw["emergency"]), f"{directory}/{code.lower()}", lines)
    _refuse(
        code,
        {
            "the code must be two capitals": not re.fullmatch(r"[A-Z]{2}", code),
            "the emergency number is missing or no number": not read.emergency or not _all_numbers(read.emergency),
        },
    )
    return read


def _read_line(code: str, raw: Mapping[str, Any]) -> Line:
    line = Line(**dict(raw) | {"phones": tuple(raw.get("phones", ()))})
    _refuse(
        f"{code}, {line.name}",
        {
            "the line has no name or no source": not line.name or not line.source,
            "the grade must be A, B or C": line.grade not in _GRADES,
            "the line has no number": not line.numbers,
            "a number is not a number": not _all_numbers(line.numbers),
            "a word to write needs a number to send it to": bool(line.say and not line.text),
            "a chat needs an https address": bool(line.chat) and not line.chat.startswith("https://"),
            "the hours must be 24/7, a span or empty": not _HOURS.fullmatch(line.hours),
            "the day of a check must be a date": bool(line.verified_on) and not _is_date(line.verified_on),
            "a check needs both its day and its person": bool(line.verified_on) != bool(line.verified_by),
        },
    )
    return line


def _all_numbers(numbers: Iterable[str]) -> bool:
    return all(_NUMBER.fullmatch(number) for number in numbers)


def _is_date(day: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _refuse(where: str, faults: Mapping[str, bool]) -> None:
    for fault, is_wrong in faults.items():
        if is_wrong:
            raise BadResources(f"{where}: {fault}")
