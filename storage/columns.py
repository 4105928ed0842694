"""Column types and names that every table shares."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints and indexes are called, on both databases, so that a migration can name them."""

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A row's own number: SQLite counts up only a column declared INTEGER."""


class UTCDateTime(TypeDecorator[datetime]):
    """A moment. Refuses naive values; what comes back is aware UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; a naive one is a bug and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Weekdays(TypeDecorator[frozenset[int]]):
    """A set of weekdays (Monday is 0) as the seven bits of a small number."""

    impl = SmallInteger()
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> int | None:
        """Turn weekdays into bits; a number that is no weekday raises ValueError."""
        if value is None:
            return None
        if not value <= set(range(7)):
            raise ValueError("a weekday is a number from 0 to 6")
        return sum(1 << day for day in value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> frozenset[int] | None:
        """Turn bits into weekdays."""
        return None if value is None else _WEEKDAYS[value]


class Codes(TypeDecorator[frozenset[str]]):
    """A set of codes, such as switches that are on, as sorted words with spaces between."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        """Write the codes in their order."""
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str] | None:
        """Read the codes."""
        return None if value is None else _codes(value)


@lru_cache(maxsize=256)
def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WEEKDAYS = tuple(frozenset(day for day in range(7) if bits >> day & 1) for bits in range(128))


def own_id() -> Any:
    """A row's own number, given by the database."""
    return Field(default=None, primary_key=True, sa_type=cast(Any, RowId))


def refers(to: str, *, index: bool = True, gone: str = "CASCADE", **more: Any) -> Any:
    """The number of another row; gone says what happens when that row goes."""
    return Field(foreign_key=to, ondelete=cast(Any, gone), sa_type=cast(Any, RowId), index=index, **more)


def clear(**more: Any) -> Any:
    """Clear text: a state, a code, a zone; never what a person said."""
    return Field(sa_type=Text, **more)


def moment(**more: Any) -> Any:
    """A moment in UTC."""
    return Field(sa_type=cast(Any, UTCDateTime), **more)


def sealed(**more: Any) -> Any:
    """Sealed bytes, or a hash."""
    return Field(sa_type=LargeBinary, **more)


def telegram(**more: Any) -> Any:
    """A number of Telegram: up to 52 bits, so never a plain INTEGER."""
    return Field(sa_type=BigInteger, **more)


def small(**more: Any) -> Any:
    """A small number: minutes, counts, lanes."""
    return Field(sa_type=SmallInteger, **more)
