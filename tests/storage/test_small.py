"""Pending inputs, leases, marks, and the column types."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from storage import leases, marks, pending
from storage.database import Database
from storage.tables import LeaseRow, PatientRow
from tests.storage.people import ANA, CLEO, HOUR, MINUTE, NOON, begin_as

SECOND = timedelta(seconds=1)


def test_a_chat_may_type_one_thing_for_half_an_hour(session: Session) -> None:
    pending.expect(session, ANA, "note", "7", 100, NOON)
    pending.expect(session, ANA, "time", "", None, NOON)
    assert pending.expected(session, ANA, NOON + 29 * MINUTE) == pending.Pending("time", "", None)
    assert pending.expected(session, ANA, NOON + 30 * MINUTE) is None
    assert pending.expected(session, CLEO, NOON) is None
    pending.forget(session, ANA)
    pending.forget(session, ANA)
    assert pending.expected(session, ANA, NOON) is None


def test_a_lease_is_one_holders_until_it_ends_or_is_given_back(session: Session) -> None:
    assert leases.hold(session, "polling", "one", NOON + 10 * SECOND, NOON)
    assert leases.hold(session, "polling", "one", NOON + 20 * SECOND, NOON + 5 * SECOND)
    assert not leases.hold(session, "polling", "two", NOON + HOUR, NOON + 19 * SECOND)
    assert leases.hold(session, "other", "two", NOON + HOUR, NOON)
    leases.release(session, "polling", "two")
    assert not leases.hold(session, "polling", "two", NOON + HOUR, NOON + 19 * SECOND)
    assert leases.hold(session, "polling", "two", NOON + HOUR, NOON + 20 * SECOND)
    leases.release(session, "polling", "two")
    assert leases.hold(session, "polling", "one", NOON + HOUR, NOON + 20 * SECOND)


async def test_of_sixteen_who_want_a_lease_one_gets_it(database: Database) -> None:
    results = await asyncio.gather(
        *(database.write(leases.hold, "polling", str(n), NOON + HOUR, NOON) for n in range(16))
    )
    assert sum(results) == 1


def test_a_mark_is_what_was_last_put(session: Session) -> None:
    assert marks.get(session, "profile") is None
    marks.put(session, "profile", "1")
    marks.put(session, "profile", "2")
    assert marks.get(session, "profile") == "2"


def test_a_moment_without_a_zone_is_refused_and_any_zone_becomes_utc(session: Session) -> None:
    tokyo = timezone(timedelta(hours=9))
    session.add(LeaseRow(name="a", holder="x", until=datetime(2025, 3, 1, 9, 0, 0, 123456, tzinfo=tokyo)))
    session.flush()
    session.expire_all()
    until = session.get_one(LeaseRow, "a").until
    assert until == datetime(2025, 3, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert until.tzinfo is UTC
    with pytest.raises((ValueError, StatementError)):
        leases.hold(session, "b", "x", datetime(2025, 3, 1), NOON)  # noqa: DTZ001 - that is the point


def test_a_weekday_that_is_none_is_refused(session: Session) -> None:
    begin_as(session, ANA)
    with pytest.raises((ValueError, StatementError)):
        session.connection().execute(PatientRow.__table__.update().values(weekdays=frozenset({7})))  # type: ignore[attr-defined]
