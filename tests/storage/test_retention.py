"""People who are not heard of any more: two notices, then nothing is kept; any sign of life keeps it all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, col, update

from care import retention as rules
from care.due import Drop, DueState, Failure, Kind, Later, Send
from care.people import State
from storage import checkins, due, inbox, notes, patients, retention
from storage.tables import PatientRow
from tests.storage.people import ANA, CLEO, DAY, HOUR, NOON, begin_as, claimed, fill_in, rows_of

MONTHS = 24
END = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
"""24 months after Ana was last heard of."""


def sweep(session: Session, now: datetime, months: int = MONTHS) -> list[int]:
    """Do what the bot does once a day; list the patients who were erased."""
    retention.hear(session, now)
    return [n for n in retention.silent(session, months, now) if retention.settle(session, n, months, now)]


def quiet(session: Session, chat_id: int = ANA) -> int:
    """Somebody who began, stopped the messages and was never heard of again."""
    patient = begin_as(session, chat_id, NOON)
    patients.stop(session, chat_id, NOON)
    return patient.id


def told(session: Session, now: datetime, failure: Failure | None = None) -> list[str]:
    """Send what is due; list the slots of the notices."""
    sent = []
    for row in claimed(session, now, by=now.isoformat()):
        begun = due.begin(session, row.id, now.isoformat(), now)
        if begun is None or not isinstance(begun.decision, Send):
            continue
        if failure:
            due.failed(session, row.id, now.isoformat(), failure, None, now)
        else:
            due.sent(session, row.id, now.isoformat(), 1, now)
        sent += [row.slot] if row.kind is Kind.RETENTION else []
    return sent


@pytest.mark.parametrize(
    ("last", "months", "end"),
    [
        ("2025-3-1", 24, date(2027, 3, 1)),
        ("2025-1-31", 1, date(2025, 2, 28)),
        ("2024-2-29", 12, date(2025, 2, 28)),
        ("2025-12-15", 24, date(2027, 12, 15)),
        ("2025-11-30", 3, date(2026, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(last: str, months: int, end: date) -> None:
    assert rules.ends(datetime.strptime(last, "%Y-%m-%d").replace(tzinfo=UTC), months) == end


@pytest.mark.parametrize("months", [3, 6, 12, 24, 60])
def test_nobody_who_is_due_for_a_notice_is_overlooked(months: int) -> None:
    for n in range(400):
        now = NOON + n * DAY
        last = next(now - d * DAY for d in range(20, 2000) if rules.needs_notice(now - d * DAY, months, now))
        assert last <= rules.latest_sign(now, months)


def test_two_notices_come_thirty_and_seven_days_before_and_then_it_is_over(session: Session) -> None:
    number = quiet(session)
    said: list[tuple[int, str]] = []
    erased: list[int] = []
    for n in range(720 - 45, 740):
        now = NOON + n * DAY
        gone = sweep(session, now)
        erased += [(END.date() - now.date()).days for _ in gone]
        said += [((END.date() - now.date()).days, slot) for slot in told(session, now)]
    assert said == [(30, "30"), (7, "7")]
    assert erased == [0]
    assert patients.find(session, ANA) is None
    assert retention.settle(session, number, MONTHS, END) is None


def test_zero_months_and_people_who_were_heard_of_are_left_alone(session: Session) -> None:
    quiet(session)
    begin_as(session, CLEO, END - 40 * DAY)
    assert retention.silent(session, 600, END) == []
    sweep(session, END - 20 * DAY)
    assert not rows_of(session, CLEO, kind="retention")
    assert rows_of(session, ANA, kind="retention")


@pytest.mark.parametrize("sign", ["keep", "answer", "note", "choice", "resume", "anything"])
def test_any_sign_of_life_voids_the_notices_and_the_end(session: Session, sign: str) -> None:
    begin_as(session, ANA, NOON)
    now = END - 29 * DAY
    sweep(session, now)
    assert told(session, now) == ["30"]
    alive = now + HOUR
    if sign == "keep":
        retention.keep(session, ANA, alive)
    elif sign == "answer":
        card = checkins.open_today(session, ANA, alive)
        assert card is not None
        fill_in(session, ANA, card.check_in.id, alive)
    elif sign == "note":
        notes.write(session, ANA, 4, "here", None, alive)
    elif sign == "choice":
        patients.choose(session, ANA, {"discreet": True, "heard_at": alive}, alive)
    elif sign == "resume":
        patients.resume(session, ANA, alive)
    else:
        inbox.receive(session, [(1, ANA, b"a press")], alive)
    for n in range(60):
        assert sweep(session, alive + n * DAY + HOUR) == []
        assert told(session, alive + n * DAY + HOUR) == []
    assert patients.find(session, ANA) is not None


def test_a_notice_waits_for_the_end_of_quiet_hours(session: Session) -> None:
    quiet(session)
    night = END - 30 * DAY + 12 * HOUR
    sweep(session, night)
    (row,) = [row for row in claimed(session, night) if row.kind is Kind.RETENTION]
    begun = due.begin(session, row.id, "t", night)
    assert begun is not None
    assert isinstance(begun.decision, Later)


def test_who_cannot_be_reached_is_erased_without_a_notice_at_the_end(session: Session) -> None:
    begin_as(session, ANA, NOON)
    patients.blocked(session, ANA, NOON)
    assert sweep(session, END - 2 * DAY) == []
    assert not rows_of(session, ANA, kind="retention")
    assert len(sweep(session, END)) == 1
    assert patients.find(session, ANA) is None


def test_a_block_that_shows_only_with_the_notice_does_not_keep_anything(session: Session) -> None:
    quiet(session)
    first = END - 30 * DAY
    sweep(session, first)
    told(session, first, Failure.UNREACHABLE)
    found = patients.find(session, ANA)
    assert found is not None
    assert found.state is State.STOPPED
    assert sweep(session, END - DAY) == []
    assert len(sweep(session, END)) == 1


def test_whoever_was_never_told_because_the_bot_was_off_is_told_before_anything_goes(session: Session) -> None:
    quiet(session)
    late = END + 200 * DAY
    assert sweep(session, late) == []
    events = {row.event[:10] for row in rows_of(session, ANA, kind="retention")}
    assert events == {(late + 30 * DAY).date().isoformat()}
    # Off again, for so long that both notices are worth nothing any more.
    later = late + 60 * DAY
    due.sweep(session, later)
    assert sweep(session, later) == []
    assert told(session, later) == ["30"]
    assert told(session, later + 23 * DAY) == ["7"]
    assert sweep(session, later + 29 * DAY) == []
    assert len(sweep(session, later + 30 * DAY)) == 1


def test_a_notice_that_nobody_wants_any_more_is_dropped_and_not_sent(session: Session) -> None:
    quiet(session)
    now = END - 30 * DAY
    sweep(session, now)
    retention.keep(session, ANA, now)
    (row,) = [row for row in claimed(session, now) if row.kind is Kind.RETENTION]
    begun = due.begin(session, row.id, "t", now)
    assert begun is not None
    assert begun.decision == Drop("heard_of")
    assert [row.state for row in rows_of(session, ANA, kind="retention")] == [DueState.DROPPED, DueState.WAITING]


def test_people_who_answer_are_not_counted_as_heard_by_the_sweep(session: Session) -> None:
    """heard_at also decides how often a silent person is written to: only the long silent are touched."""
    begin_as(session, ANA, NOON)
    inbox.receive(session, [(1, ANA, b"/summary")], NOON + 20 * DAY)
    retention.hear(session, NOON + 20 * DAY)
    found = patients.find(session, ANA)
    assert found is not None
    assert found.heard_at is None
    session.connection().execute(update(PatientRow).values(heard_at=None).where(col(PatientRow.chat_id) == ANA))
    retention.hear(session, NOON + 21 * DAY + timedelta(days=12))
    again = patients.find(session, ANA)
    assert again is not None
    assert again.heard_at == NOON + 20 * DAY
