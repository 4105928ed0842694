"""Formatted text as Telegram keeps it: trimmed text and entities counted in UTF-16 units."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.demo.refused import bad_request

Entity = dict[str, Any]

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_RAW_BYTES = 32768
COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@\w+)?(?![\w/])")
ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
GIVEN_TYPES = frozenset(
    [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
FOUND_TYPES = frozenset(["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"])


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and its entities."""

    text: str
    entities: list[Entity] = field(default_factory=list)


def units(text: str) -> int:
    """Count UTF-16 code units, which is what Telegram's offsets count."""
    return len(text) + sum(character > "\uffff" for character in text)


def entity(kind: str, offset: int, length: int, **more: object) -> Entity:
    """Make an entity; what is None is left out."""
    return {"type": kind, "offset": offset, "length": length} | {k: v for k, v in more.items() if v is not None}


def in_order(entities: list[Entity]) -> list[Entity]:
    """Sort entities as Telegram gives them: by place, the wider first."""
    return sorted(entities, key=lambda one: (one["offset"], -one["length"], one["type"]))


def trimmed(rich: Rich) -> Rich:
    """Cut white space at both ends and move the entities along; an entity that holds nothing any more goes."""
    left = units(rich.text) - units(rich.text.lstrip())
    text = rich.text.strip()
    end = units(text)
    kept = []
    for one in rich.entities:
        start = max(one["offset"] - left, 0)
        stop = min(one["offset"] + one["length"] - left, end)
        if stop > start:
            kept.append(one | {"offset": start, "length": stop - start})
    return Rich(text, in_order(kept))


def with_found(rich: Rich) -> Rich:
    """Add the commands and addresses that Telegram finds in a text by itself."""
    found = list(rich.entities)
    for kind, pattern in (("bot_command", COMMAND), ("url", ADDRESS)):
        for match in pattern.finditer(rich.text):
            start = units(rich.text[: match.start()])
            one = entity(kind, start, units(match.group()))
            if not any(
                _overlap(one, other) for other in rich.entities if other["type"] in ("code", "pre", "text_link")
            ):
                found.append(one)
    return Rich(rich.text, in_order(found))


def _overlap(one: Entity, other: Entity) -> bool:
    ends = one["offset"] + one["length"], other["offset"] + other["length"]
    return bool(one["offset"] < ends[1] and other["offset"] < ends[0])


def given_entities(text: str, given: list[Entity]) -> Rich:
    """Check entities that came with a text; those that Telegram finds by itself are dropped."""
    end = units(text)
    for one in given:
        _check_entity(one, end)
    return Rich(text, in_order([one for one in given if one["type"] in GIVEN_TYPES]))


def _check_entity(one: Entity, end: int) -> None:
    start = one["offset"]
    if one["type"] not in GIVEN_TYPES | FOUND_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if start < 0 or one["length"] <= 0:
        raise bad_request(f"entity beginning at UTF-16 offset {start} has no length")
    if start + one["length"] > end:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
        )
    needs = {"text_link": "url", "date_time": "unix_time", "text_mention": "user"}.get(one["type"])
    if needs is not None and needs not in one:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needs}\"")


Parser = Callable[[str], Rich]


def formatted(
    text: str,
    parse_mode: str | None,
    given: list[Entity] | None,
    parsers: Mapping[str, Parser],
    *,
    caption: bool = False,
) -> Rich:
    """Give a text as Telegram would keep it, or refuse it with Telegram's words."""
    if len(text.encode()) > LONGEST_RAW_BYTES:
        raise bad_request("text is too long")
    rich = trimmed(_parsed(text, parse_mode, given, parsers))
    if not rich.text and not caption:
        raise bad_request("text must be non-empty")
    if len(rich.text) > (LONGEST_CAPTION if caption else LONGEST_TEXT):
        raise bad_request("message caption is too long" if caption else "message is too long")
    return with_found(rich)


def _parsed(text: str, parse_mode: str | None, given: list[Entity] | None, parsers: Mapping[str, Parser]) -> Rich:
    if not parse_mode:
        return given_entities(text, given or [])
    parser = parsers.get(parse_mode.lower())
    if parser is None:
        raise bad_request("unsupported parse_mode")
    return parser(text)
