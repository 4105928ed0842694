"""Telegram's HTML: reads it into text and entities and refuses what Telegram refuses, in its words."""

import re
import sys
from dataclasses import dataclass, field
from typing import Any, NoReturn

from bot.demo.entities import Entity, Rich, entity, in_order, units
from bot.demo.refused import bad_request

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-time": "date_time",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PLAIN = re.compile(r"[^<&]+")
START = re.compile(r"<([^\s>]*)")
END = re.compile(r"</([^\s>]*)\s*")
REFERENCE = re.compile(r"&(?:#(?P<dec>[0-9]{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>lt|gt|amp|quot));?")
ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>/"']*)\s*(?:=\s*(?:"(?P<dq>[^"]*)(?:"|$)|'(?P<sq>[^']*)(?:'|$)|(?P<bare>[\w.-]*)))?"""
)
LINK = re.compile(
    r"(?:https?|tg|ton|mailto|tel)://?[^\s]+|mailto:\S+|tel:\S+|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE
)


def fail(text: str) -> NoReturn:
    """Refuse a text as one that cannot be read."""
    raise bad_request(f"can't parse entities: {text}")


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Reader:
    source: str
    place: int = 0
    text: str = ""
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def byte_offset(self, place: int) -> int:
        return len(self.source[:place].encode())

    def add(self, piece: str) -> None:
        self.text += piece
        self.length += units(piece)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.source, self.place)
        if found is None:
            fail(f"Unexpected text at byte offset {self.byte_offset(self.place)}")
        return found


def parse_html(source: str) -> Rich:
    """Give the text and entities of a text in Telegram's HTML."""
    reader = _Reader(source)
    while reader.place < len(source):
        _step(reader)
    if reader.stack:
        fail(f'Can\'t find end tag corresponding to start tag "{reader.stack[-1].tag}"')
    return Rich(reader.text, in_order(_code_in_pre(reader.entities)))


def _step(reader: _Reader) -> None:
    following = reader.source[reader.place]
    if following == "<":
        if reader.source[reader.place + 1 : reader.place + 2] == "/":
            _end_tag(reader)
        else:
            _start_tag(reader)
    elif following == "&":
        _reference(reader)
    else:
        plain = reader.match(PLAIN)
        reader.add(plain.group())
        reader.place = plain.end()


def _reference(reader: _Reader) -> None:
    match = REFERENCE.match(reader.source, reader.place)
    reader.add(_decoded(match) if match else "&")
    reader.place = match.end() if match else reader.place + 1


def _decoded(match: re.Match[str]) -> str:
    if match["name"]:
        return NAMED[match["name"]]
    code = int(match["dec"]) if match["dec"] else int(match["hex"], 16)
    return chr(code) if 0 < code <= sys.maxunicode else match.group()


def _start_tag(reader: _Reader) -> None:
    begin = reader.place
    name = reader.match(START)
    if name.end() == len(reader.source):
        fail(f"Unclosed start tag at byte offset {reader.byte_offset(begin)}")
    tag = name[1].lower()
    if tag not in TYPES:
        fail(f'Unsupported start tag "{tag}" at byte offset {reader.byte_offset(begin)}')
    reader.place = name.end()
    attributes = _attributes(reader, tag, begin)
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        fail(f'Tag "span" must have class "tg-spoiler" at byte offset {reader.byte_offset(begin)}')
    reader.stack.append(_Open(tag, reader.length, attributes))


def _attributes(reader: _Reader, tag: str, begin: int) -> dict[str, str]:
    found: dict[str, str] = {}
    while True:
        reader.place += len(reader.source[reader.place :]) - len(reader.source[reader.place :].lstrip())
        if reader.place >= len(reader.source):
            fail(f"Unclosed start tag at byte offset {reader.byte_offset(begin)}")
        if reader.source[reader.place] == ">":
            reader.place += 1
            return found
        match = ATTRIBUTE.match(reader.source, reader.place)
        if match is None or not match["name"]:
            fail(f'Empty attribute name in the tag "{tag}" at byte offset {reader.byte_offset(begin)}')
        value = next((match[part] for part in ("dq", "sq", "bare") if match[part] is not None), "")
        found[match["name"].lower()] = REFERENCE.sub(_decoded, value)
        reader.place = match.end()


def _end_tag(reader: _Reader) -> None:
    begin = reader.place
    offset = reader.byte_offset(begin)
    if not reader.stack:
        fail(f"Unexpected end tag at byte offset {offset}")
    match = reader.match(END)
    if reader.source[match.end() : match.end() + 1] != ">":
        fail(f"Unclosed end tag at byte offset {offset}")
    opened = reader.stack.pop()
    found = match[1].lower()
    if found not in ("", opened.tag):
        fail(f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{found}>"')
    reader.place = match.end() + 1
    _close(reader, opened)


def _close(reader: _Reader, opened: _Open) -> None:
    length = reader.length - opened.offset
    if length <= 0:
        return
    kind = TYPES[opened.tag]
    more = _more(kind, opened.attributes, reader.text)
    if more is not None:
        reader.entities.append(entity(more.pop("type", kind), opened.offset, length, **more))


def _more(kind: str, attributes: dict[str, str], text: str) -> dict[str, Any] | None:
    """Give an entity's further fields; None when Telegram keeps the text and drops the entity."""
    if kind == "text_link":
        link = attributes.get("href", "")
        return {"url": link} if LINK.fullmatch(link) else None
    if kind == "date_time":
        unix = attributes.get("unix", "")
        return {"unix_time": int(unix), "date_time_format": attributes.get("format", "")} if unix.isdigit() else None
    if kind == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if kind in ("code", "pre"):
        language = attributes.get("class", "")
        return {"language": language.removeprefix("language-")} if language.startswith("language-") else {}
    return None if kind == "custom_emoji" else {}


def _code_in_pre(entities: list[Entity]) -> list[Entity]:
    """Make one entity of a code inside a pre of the same extent, as Telegram does; code alone has no language."""
    spans = {(one["offset"], one["length"]): one for one in entities if one["type"] == "pre"}
    kept = []
    for one in entities:
        pre = spans.get((one["offset"], one["length"]))
        if one["type"] == "code" and pre is not None:
            pre.update({"language": one["language"]} if "language" in one else {})
        else:
            kept.append(one if one["type"] != "code" else {k: v for k, v in one.items() if k != "language"})
    return kept
