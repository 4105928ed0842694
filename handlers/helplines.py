"""Whom to call, in words: pure pieces for every screen that names a number."""

from care.crisis import Country, Line
from handlers.words import Words

ALL_DAY = "24/7"


def emergency_words(words: Words, country: Country) -> str:
    """Write a country's emergency numbers, as in "999 or 112"."""
    first, *others = country.emergency
    return words("helpline-or", first=first, second=others[0]) if others else first


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
