"""What a button carries: version, verb and arguments, at most 64 bytes, enough to act on after any restart."""

import re
from dataclasses import dataclass

VERSION = "1"
_DATA = re.compile(r"[A-Za-z0-9_./+:-]{1,64}")
_LARGEST_ID = 2**62


@dataclass(frozen=True, slots=True)
class Press:
    """A verb and its arguments as text. Their meaning is checked against the database, never trusted."""

    verb: str
    args: tuple[str, ...] = ()

    def word(self, place: int) -> str:
        """Give an argument as text; "" when it is not there."""
        return self.args[place] if place < len(self.args) else ""

    def number(self, place: int) -> int | None:
        """Give an argument as a whole number; None when it is not one."""
        word = self.word(place)
        if not re.fullmatch(r"-?[0-9]{1,19}", word):
            return None
        return int(word) if abs(int(word)) < _LARGEST_ID else None


NO_PRESS = Press("")


def pack(verb: str, *args: object) -> str:
    """Give the callback data of a button; raises ValueError when it cannot be carried."""
    parts = [verb, *(str(arg) for arg in args)]
    data = ":".join((VERSION, *parts))
    if not _DATA.fullmatch(data) or data.count(":") != len(parts):
        raise ValueError(f"a button cannot carry {verb} with {len(args)} arguments")
    return data


def unpack(data: object) -> Press:
    """Read callback data; anything that we did not write gives NO_PRESS."""
    if not isinstance(data, str) or not _DATA.fullmatch(data):
        return NO_PRESS
    version, *parts = data.split(":")
    if version != VERSION or not parts:
        return NO_PRESS
    return Press(parts[0], tuple(parts[1:]))
