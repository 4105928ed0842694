"""Whom to call, in words and buttons: pure pieces for every screen that names a number."""

from collections.abc import Iterable

from care.crisis import ELSEWHERE, Country, Line
from handlers.screens import Button, Row, in_rows
from handlers.words import Words

_SHORT_LABEL = 14


def emergency_words(words: Words, country: Country) -> str:
    """Write a country's emergency numbers, as in "999 or 112"."""
    first, *others = country.emergency
    return words("helpline-or", first=first, second=others[0]) if others else first


def danger_words(words: Words, country: Country) -> str:
    """Write what to call in danger; where the country is not known, with the hint to the local number."""
    numbers = emergency_words(words, country)
    return words("helpline-or-local", number=numbers) if country.code == ELSEWHERE else numbers


def line_words(words: Words, country: Country) -> str:
    """Write the first way to talk to a person in half a sentence, as in "call or text 988 (24/7)"."""
    lines = country.shown
    return _reach(words, lines[0]) if lines else words("helpline-directory", place=address(country.directory))


def line_rows(words: Words, line: Line) -> list[str]:
    """Write a line as a heading and one row for each way to reach it, each number in a row of its own."""
    rows = [words("helpline-name", name=line.name, hours=line.hours) if line.hours else line.name]
    rows += [words("helpline-row-call", number=number) for number in line.phones]
    if line.text:
        rows.append(words("helpline-row-say", word=line.say, number=line.text) if line.say else _row_text(words, line))
    if line.whatsapp:
        rows.append(words("helpline-row-whatsapp", number=line.whatsapp))
    return rows


def copies(words: Words, numbers: Iterable[str]) -> tuple[Row, ...]:
    """Give a button to copy each number, each once: a button cannot call one."""
    buttons = [Button(words("urgent-copy", number=number), copy=number) for number in dict.fromkeys(numbers)]
    short = all(len(copy.label) <= _SHORT_LABEL for copy in buttons)
    return in_rows(buttons, (2 if short else 1,))


def numbers_of(country: Country) -> tuple[str, ...]:
    """List the emergency numbers of a country and every number of its lines that is shown."""
    return (*country.emergency, *(number for line in country.shown for number in line.numbers))


def chats(words: Words, country: Country) -> tuple[Row, ...]:
    """Give a button for the chat of each line."""
    return tuple((Button(words("urgent-chat", name=line.name), url=line.chat),) for line in country.chats)


def address(url: str) -> str:
    """Give a web address as people read it."""
    return url.removeprefix("https://")


def _row_text(words: Words, line: Line) -> str:
    return words("helpline-row-text", number=line.text)


def _reach(words: Words, line: Line) -> str:
    if not line.phones:
        way = words("helpline-say", word=line.say, number=line.text)
    elif line.text == line.phones[0] and not line.say:
        way = words("helpline-call-or-text", number=line.text)
    else:
        way = words("helpline-call", number=line.phones[0])
    return words("helpline-hours", way=way, hours=line.hours) if line.hours else way
