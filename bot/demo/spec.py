"""The Bot API's own description of itself, and the check of a call against it.

Stricter than Telegram on purpose: Telegram ignores a parameter it does not know, and a bot that misspells
one would look right here and be wrong there.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from bot.demo.refused import Refused, bad_request

ARRAY = "Array of "
TRUE_WORDS = {"true", "yes", "1"}
FALSE_WORDS = {"false", "no", "0"}
USUAL_WORDS = {"chat_id": "chat_id is empty", "text": "message text is empty"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a method or field of a type."""

    name: str
    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A method or a type: its fields, or the types it may be."""

    name: str
    fields: Mapping[str, Field]
    subtypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """Every method and type of one version of the Bot API."""

    version: str
    methods: Mapping[str, Shape]
    types: Mapping[str, Shape]


@cache
def spec() -> Spec:
    """Give the packaged description, read once."""
    raw = json.loads((files("bot.demo") / "bot_api" / "bot-api-10.0.json").read_text("utf-8"))
    version = raw["version"].removeprefix("Bot API ")
    return Spec(version, _shapes(raw["methods"]), _shapes(raw["types"]))


def _shapes(raw: Mapping[str, Any]) -> dict[str, Shape]:
    return {name: Shape(name, _fields(entry), tuple(entry.get("subtypes", ()))) for name, entry in raw.items()}


def _fields(entry: Mapping[str, Any]) -> dict[str, Field]:
    return {raw["name"]: Field(raw["name"], tuple(raw["types"]), raw["required"]) for raw in entry.get("fields", [])}


def checked(method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Give a call's parameters in their proper types; refuses what the method does not take."""
    shape = spec().methods.get(method)
    if shape is None:
        raise Refused(404, "Not Found: method not found")
    return _fit_fields(shape, params, at_top=True)


def _fit_fields(shape: Shape, values: Mapping[str, Any], *, at_top: bool) -> dict[str, Any]:
    for name in values:
        if name not in shape.fields:
            raise bad_request(f'unknown parameter "{name}" in {shape.name}')
    for wanted in shape.fields.values():
        if wanted.required and values.get(wanted.name) is None:
            usual = USUAL_WORDS.get(wanted.name) if at_top else None
            raise bad_request(usual or f'parameter "{wanted.name}" is required in {shape.name}')
    return {
        name: _fit(value, shape.fields[name], f"{shape.name}.{name}", at_top=at_top)
        for name, value in values.items()
        if value is not None
    }


def _fit(value: Any, field: Field, where: str, *, at_top: bool) -> Any:
    refusal: Refused | None = None
    for kind in _likeliest_first(field.types, value):
        try:
            return _fit_one(value, kind, where, at_top=at_top)
        except Refused as reason:
            refusal = refusal or reason
    raise refusal or bad_request(f"{where} takes nothing")


def _likeliest_first(kinds: tuple[str, ...], value: Any) -> list[str]:
    """Put the type whose required fields are all there first, so that its complaint is the one reported."""
    opened = _opened(value)
    return sorted(kinds, key=lambda kind: not _looks_like(opened, kind))


def _looks_like(value: Any, kind: str) -> bool:
    shape = spec().types.get(kind)
    return isinstance(value, dict) and shape is not None and bool(value.keys() & _tell_tales(shape))


def _tell_tales(shape: Shape) -> set[str]:
    return {one.name for one in shape.fields.values() if one.required}


def _opened(value: Any) -> Any:
    """Read an object or a list that came as a JSON string; anything else stays as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _fit_one(value: Any, kind: str, where: str, *, at_top: bool) -> Any:
    if kind in _SIMPLE:
        fitted = _SIMPLE[kind](value)
        if fitted is None:
            raise bad_request(f"{where} must be {kind}")
        return fitted
    inner = _opened(value) if at_top else value
    if kind.startswith(ARRAY):
        return _fit_array(inner, kind.removeprefix(ARRAY), where)
    return _fit_object(inner, kind, where)


def _fit_array(value: Any, kind: str, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request(f"{where} must be an array of {kind}")
    return [_fit_one(item, kind, f"{where}[{place}]", at_top=False) for place, item in enumerate(value)]


def _fit_object(value: Any, kind: str, where: str) -> dict[str, Any]:
    shape = spec().types[kind]
    if not isinstance(value, dict):
        raise bad_request(f"{where} must be an object of type {kind}")
    if shape.subtypes:
        return _fit_subtype(value, shape, where)
    return _fit_fields(shape, value, at_top=False)


def _fit_subtype(value: dict[str, Any], shape: Shape, where: str) -> dict[str, Any]:
    for name in shape.subtypes:
        if value.get("type") == _snake(name.removeprefix(shape.name)):
            return _fit_fields(spec().types[name], value, at_top=False)
    raise bad_request(f"{where} has no known type")


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else None
    return value if isinstance(value, int) else None


def _float(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    return word in TRUE_WORDS if word in TRUE_WORDS | FALSE_WORDS else None


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _file(value: Any) -> Upload | None:
    return value if isinstance(value, Upload) else None


_SIMPLE = {"Integer": _integer, "Float": _float, "Boolean": _boolean, "String": _string, "InputFile": _file}
