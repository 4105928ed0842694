"""The message after a help card: one that waits at most, known by the second of the card, gone with the person."""

from datetime import timedelta

from sqlmodel import Session

from care.due import DueState, Kind
from storage import due, erasing, follow_ups, patients
from tests.storage.people import ANA, CLEO, DAY, HOUR, NOON, STRANGER, begin_as, rows_of

NEXT_DAY = NOON + DAY - 2 * HOUR
"""Ten in the morning in Berlin."""


def test_a_card_is_remembered_by_its_second(session: Session) -> None:
    ana = begin_as(session, ANA)
    cleo = begin_as(session, CLEO)
    assert follow_ups.last_card(session, ana.id) is None
    follow_ups.owe(session, ANA, NOON + timedelta(milliseconds=7))
    assert follow_ups.last_card(session, ana.id) == NOON
    assert follow_ups.last_card(session, cleo.id) is None


def test_the_same_card_is_owed_one_message(session: Session) -> None:
    begin_as(session, ANA)
    for _ in range(3):
        follow_ups.owe(session, ANA, NOON)
    (row,) = rows_of(session, ANA, kind=Kind.CARE)
    assert (row.at, row.state, row.lane) == (NEXT_DAY, DueState.WAITING, 3)


def test_a_newer_card_takes_over(session: Session) -> None:
    begin_as(session, ANA)
    follow_ups.owe(session, ANA, NOON)
    follow_ups.owe(session, ANA, NOON + HOUR)
    old, new = sorted(rows_of(session, ANA, kind=Kind.CARE), key=lambda row: row.id or 0)
    assert (old.state, old.why) == (DueState.DROPPED, "newer_card")
    assert new.state == DueState.WAITING


def test_got_me_wrong_drops_the_message_of_its_own_card_only(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    follow_ups.owe(session, ANA, NOON)
    stamp = int(NOON.timestamp())
    follow_ups.call_off(session, ANA, stamp - 1, NOON)
    follow_ups.call_off(session, CLEO, stamp, NOON)
    follow_ups.call_off(session, STRANGER, stamp, NOON)
    assert rows_of(session, ANA, kind=Kind.CARE)[0].state == DueState.WAITING
    for _ in range(2):
        follow_ups.call_off(session, ANA, stamp, NOON)
    (row,) = rows_of(session, ANA, kind=Kind.CARE)
    assert (row.state, row.why) == (DueState.DROPPED, "wrong")


def test_nothing_is_kept_of_a_stranger(session: Session) -> None:
    follow_ups.owe(session, STRANGER, NOON)
    assert due.next_moment(session) is None


def test_a_changed_plan_leaves_it_and_erasing_takes_it(session: Session) -> None:
    begin_as(session, ANA)
    follow_ups.owe(session, ANA, NOON)
    patients.choose(session, ANA, {"daily_minute": 600}, NOON)
    assert rows_of(session, ANA, kind=Kind.CARE)[0].state == DueState.WAITING
    erasing.erase(session, ANA, NOON)
    assert due.next_moment(session) is None


def test_it_is_swept_after_ninety_days(session: Session) -> None:
    begin_as(session, ANA)
    follow_ups.owe(session, ANA, NOON)
    follow_ups.call_off(session, ANA, int(NOON.timestamp()), NOON)
    due.sweep(session, NOON + 89 * DAY)
    assert rows_of(session, ANA, kind=Kind.CARE)
    due.sweep(session, NOON + 91 * DAY)
    assert not rows_of(session, ANA, kind=Kind.CARE)
