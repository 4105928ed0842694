"""Telegram's MarkdownV2: reads it into text and entities and refuses what Telegram refuses, in its words."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from bot.demo.entities import Entity, Rich, entity, in_order, units
from bot.demo.html_text import LINK, fail

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = {"||": "spoiler", "__": "underline", "*": "bold", "_": "italic", "~": "strikethrough"}
NAMES = {
    "spoiler": "Spoiler",
    "underline": "Underline",
    "bold": "Bold",
    "italic": "Italic",
    "strikethrough": "Strikethrough",
}
CODE = re.compile(
    r"```(?:(?P<language>[^\s`]+)\n)?(?P<pre>(?:\\.|[^`\\]|`(?!``))*)```|`(?!``)(?P<code>(?:\\.|[^`\\])*)`", re.DOTALL
)


@dataclass(slots=True)
class _Reader:
    source: str
    place: int = 0
    text: str = ""
    length: int = 0
    stack: list[tuple[str, int, int]] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text += piece
        self.length += units(piece)

    def byte_offset(self, place: int) -> int:
        return len(self.source[:place].encode())

    def at(self, mark: str) -> bool:
        return self.source.startswith(mark, self.place)


def parse_markdown(source: str) -> Rich:
    """Give the text and entities of a text in Telegram's MarkdownV2."""
    reader = _Reader(source)
    while reader.place < len(source):
        _step(reader)
    _end_quote(reader)
    if reader.stack:
        kind, _, begin = reader.stack[-1]
        fail(f"Can't find end of {NAMES.get(kind, kind)} entity at byte offset {reader.byte_offset(begin)}")
    return Rich(reader.text, in_order(reader.entities))


def _step(reader: _Reader) -> None:
    character = reader.source[reader.place]
    if character == "\\" and reader.place + 1 < len(reader.source):
        reader.add(reader.source[reader.place + 1])
        reader.place += 2
    elif character == "`":
        _code(reader)
    elif character == "[" or reader.at("!["):
        _open_link(reader)
    elif character == "]" and reader.stack and reader.stack[-1][0] == "link":
        _close_link(reader)
    elif character == ">" and (not reader.text or reader.text.endswith("\n")):
        _quote(reader)
    else:
        _mark_or_text(reader, character)


def _mark_or_text(reader: _Reader, character: str) -> None:
    mark = next((mark for mark in MARKS if reader.at(mark)), None)
    if mark is not None:
        _mark(reader, mark)
    elif character in RESERVED:
        fail(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
    else:
        reader.add(character)
        reader.place += 1
        if character == "\n" and not reader.at(">"):
            _end_quote(reader)


def _mark(reader: _Reader, mark: str) -> None:
    kind = MARKS[mark]
    if reader.stack and reader.stack[-1][0] == kind:
        _, start, _ = reader.stack.pop()
        if reader.length > start:
            reader.entities.append(entity(kind, start, reader.length - start))
    else:
        reader.stack.append((kind, reader.length, reader.place))
    reader.place += len(mark)


def _code(reader: _Reader) -> None:
    match = CODE.match(reader.source, reader.place)
    if match is None:
        name = "Pre" if reader.at("```") else "Code"
        fail(f"Can't find end of {name} entity at byte offset {reader.byte_offset(reader.place)}")
    body = match["code"] if match["pre"] is None else match["pre"]
    start = reader.length
    reader.add(re.sub(r"\\(.)", r"\1", body, flags=re.DOTALL))
    if reader.length > start:
        kind = "code" if match["pre"] is None else "pre"
        reader.entities.append(entity(kind, start, reader.length - start, language=match["language"]))
    reader.place = match.end()


def _open_link(reader: _Reader) -> None:
    reader.stack.append(("link", reader.length, reader.place))
    reader.place += 2 if reader.at("!") else 1


def _close_link(reader: _Reader) -> None:
    _, start, _ = reader.stack.pop()
    reader.place += 1
    if not reader.at("("):
        return
    end = re.compile(r"\((?P<link>(?:\\.|[^)\\])*)\)", re.DOTALL).match(reader.source, reader.place)
    if end is None:
        fail(f"Can't find end of a URL at byte offset {reader.byte_offset(reader.place + 1)}")
    reader.place = end.end()
    link = re.sub(r"\\(.)", r"\1", end["link"])
    if reader.length > start:
        reader.entities += _link_entities(link, start, reader.length - start)


def _link_entities(link: str, start: int, length: int) -> list[Entity]:
    if link.startswith("tg://time?"):
        query = parse_qs(urlsplit(link).query)
        more = {"unix_time": int(query["unix"][0]), "date_time_format": query.get("format", [""])[0]}
        return [entity("date_time", start, length, **more)]
    return [entity("text_link", start, length, url=link)] if LINK.fullmatch(link) else []


def _quote(reader: _Reader) -> None:
    if not any(kind == "blockquote" for kind, _, _ in reader.stack):
        reader.stack.append(("blockquote", reader.length, reader.place))
    reader.place += 1


def _end_quote(reader: _Reader) -> None:
    if reader.stack and reader.stack[-1][0] == "blockquote":
        _, start, _ = reader.stack.pop()
        if reader.length > start:
            reader.entities.append(entity("blockquote", start, reader.length - start))
