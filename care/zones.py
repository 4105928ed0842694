"""Finding a person's zone by what their clock shows: offsets from UTC, and the places that keep them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from care.errors import UnknownZone
from care.schedule import local_time, zone_named

FEW = 4


@dataclass(frozen=True, slots=True)
class Places:
    """The zones offered by name, and for each language the ones whose clocks are offered first."""

    names: tuple[str, ...]
    likely: Mapping[str, tuple[str, ...]]


@cache
def places() -> Places:
    """Give the packaged places."""
    raw = tomllib.loads(files("care").joinpath("zones.toml").read_text("utf-8"))
    return Places(tuple(raw["names"]), {code: tuple(names) for code, names in raw["likely"].items()})


def offset_of(zone: str, now: datetime) -> int:
    """Give how many minutes a zone's clock is ahead of UTC now."""
    return int((local_time(now, zone).utcoffset() or timedelta()).total_seconds() // 60)


def offsets(now: datetime) -> list[int]:
    """List every offset that some place keeps now, west to east."""
    return sorted({offset_of(name, now) for name in places().names})


def zones_at(offset: int, now: datetime) -> list[str]:
    """List the places that keep an offset now, the best known first."""
    return [name for name in places().names if offset_of(name, now) == offset]


def likely_offsets(language_code: str, default_zone: str, now: datetime) -> list[int]:
    """List the four offsets to offer first, west to east: around the operator's zone, then where the language lives."""
    home = [] if default_zone == "UTC" else [offset_of(default_zone, now)]
    around = [offset + hour for offset in home for hour in (0, -60, 60)]
    spoken = [offset_of(zone, now) for zone in (*_spoken_in(language_code), *places().likely["en"])]
    known = dict.fromkeys(offset for offset in (*around, *spoken) if offset in offsets(now))
    return sorted(list(known)[:FEW])


def _spoken_in(language_code: str) -> Sequence[str]:
    likely = places().likely
    return likely.get(language_code) or likely.get(language_code.partition("-")[0], ())


def is_zone(name: str) -> bool:
    """Tell whether an IANA zone of this name exists."""
    try:
        zone_named(name)
    except UnknownZone:
        return False
    return "/" in name
