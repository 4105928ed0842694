"""Appointments on both databases: whatever changes one plans everything anew, in one transaction."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from sqlmodel import Session

from care.due import DueState, Kind, Send
from care.people import USUAL_ITEMS
from care.visits import FARTHEST, MOST_AHEAD, Appointment, Ride, VisitKind, VisitState
from storage import patients, visits
from storage.database import Database
from storage.rows import person
from storage.sealing import KeyFault
from storage.tables import AppointmentRow
from storage.visits import Made, NewVisit
from tests.storage.people import (
    ANA,
    CLEO,
    DAY,
    HOUR,
    MINUTE,
    NOON,
    STRANGER,
    begin_as,
    deliver_all,
    rows_of,
)

BERLIN = "Europe/Berlin"
AT = NOON + 5 * DAY
WAITING, DROPPED, SENT = DueState.WAITING, DueState.DROPPED, DueState.SENT
TREATMENT, FOLLOW_UP = VisitKind.TREATMENT, VisitKind.FOLLOW_UP


def marked(word: str) -> bytes:
    return sha256(word.encode()).digest()


def make_all(session: Session, *new: NewVisit, chat_id: int = ANA, now: datetime = NOON) -> Made:
    made = visits.make(session, chat_id, new, now)
    assert made is not None
    return made


def make(session: Session, at: datetime = AT, kind: VisitKind = TREATMENT, chat_id: int = ANA) -> Appointment:
    return make_all(session, NewVisit(at, BERLIN, kind), chat_id=chat_id).new[0]


def visit_now(session: Session, number: int, chat_id: int = ANA) -> Appointment:
    found = visits.find(session, chat_id, number)
    assert found is not None
    return found


def version_of(session: Session, chat_id: int = ANA) -> int:
    found = patients.find(session, chat_id)
    assert found is not None
    return found.plan_version


def reminders(session: Session, state: DueState = WAITING) -> list[tuple[str, str, datetime]]:
    rows = rows_of(session, ANA, kind=Kind.VISIT, state=state)
    return sorted((row.event, row.slot, row.at) for row in rows)


def waiting(session: Session) -> dict[Kind, int]:
    """Count what waits, by kind; the same event twice in one slot fails."""
    rows = rows_of(session, ANA, state=WAITING)
    assert len({(row.kind, row.event, row.slot) for row in rows}) == len(rows), "owed twice"
    assert {row.plan_version for row in rows if row.kind != Kind.CLOSE} <= {version_of(session)}
    return {Kind(kind): sum(row.kind == kind for row in rows) for kind in sorted({row.kind for row in rows})}


def around(number: int, version: int, at: datetime) -> list[tuple[str, str, datetime]]:
    """Give the reminders of a visit at one o'clock; the ones at midday need no other moment."""
    return [(f"a{number}.{version}", str(hours), at - hours * HOUR) for hours in (2, 24, 48)]


def test_a_new_appointment_is_reminded_of_three_times_and_asked_about(session: Session) -> None:
    ana = begin_as(session, ANA)
    version = version_of(session)
    visit = make(session)
    assert visit == Appointment(visit.id, ana.id, AT, BERLIN, TREATMENT)
    assert reminders(session) == around(visit.id, 1, AT)
    assert waiting(session) == {Kind.DAILY: 1, Kind.TREATED: 1, Kind.VISIT: 3}
    assert version_of(session) == version + 1
    assert visits.ahead(session, ANA, NOON) == [visit]


def test_another_visit_is_asked_about_the_day_after(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session, kind=FOLLOW_UP)
    (row,) = rows_of(session, ANA, kind=Kind.AFTERWARDS)
    assert (row.event, row.at) == (f"a{visit.id}.1", AT + 2 * HOUR + DAY)


def test_only_the_reminders_that_are_switched_on_are_owed(session: Session) -> None:
    begin_as(session, ANA, items=USUAL_ITEMS - {"visit48", "visit2"})
    visit = make(session)
    assert reminders(session) == [(f"a{visit.id}.1", "24", AT - DAY)]


def test_reminders_whose_moment_has_gone_by_are_not_owed(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session, NOON + 3 * HOUR)
    assert reminders(session) == [(f"a{visit.id}.1", "2", NOON + HOUR)]


def test_made_twice_is_one_appointment_and_one_plan(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    version = version_of(session)
    made = make_all(session, NewVisit(AT, BERLIN, TREATMENT))
    assert (made.new, made.there) == ((), (visit,))
    assert version_of(session) == version
    assert waiting(session)[Kind.VISIT] == 3


def test_the_same_moment_for_another_purpose_is_another_appointment(session: Session) -> None:
    begin_as(session, ANA)
    assert make(session).id != make(session, kind=FOLLOW_UP).id


def test_many_are_made_in_one_plan(session: Session) -> None:
    begin_as(session, ANA)
    version = version_of(session)
    new = [NewVisit(AT + n * DAY, BERLIN, TREATMENT) for n in (0, 3, 7, 7, 10)]
    made = make_all(session, *new)
    assert [visit.at for visit in made.new] == [AT + n * DAY for n in (0, 3, 7, 10)]
    assert len(made.there) == 1
    assert version_of(session) == version + 1
    assert waiting(session) == {Kind.DAILY: 1, Kind.TREATED: 4, Kind.VISIT: 12}


@pytest.mark.parametrize(("at", "why"), [(NOON, "past"), (NOON - DAY, "past"), (NOON + FARTHEST + MINUTE, "far")])
def test_a_moment_that_makes_no_sense_is_refused(session: Session, at: datetime, why: str) -> None:
    begin_as(session, ANA)
    version = version_of(session)
    made = make_all(session, NewVisit(at, BERLIN, TREATMENT))
    assert made == Made(refused=(why,))
    assert version_of(session) == version


def test_nobody_has_more_than_sixty_ahead(session: Session) -> None:
    begin_as(session, ANA)
    new = [NewVisit(AT + n * DAY, BERLIN, TREATMENT) for n in range(MOST_AHEAD + 2)]
    made = make_all(session, *new)
    assert (len(made.new), made.refused) == (MOST_AHEAD, ("many", "many"))
    assert make_all(session, new[0]).there == (made.new[0],)
    visits.cancel(session, ANA, made.new[0].id, NOON)
    assert len(make_all(session, new[-1]).new) == 1


def test_a_stranger_makes_nothing(session: Session) -> None:
    new = [NewVisit(AT, BERLIN, TREATMENT, mark=marked("x"))]
    assert visits.make(session, STRANGER, new, NOON) is None
    assert visits.make_once(session, STRANGER, new, NOON) is None
    assert visits.ahead(session, STRANGER, NOON) == []
    assert visits.last_before(session, STRANGER, NOON) is None


def test_moved_the_old_reminders_are_gone_at_once_and_new_ones_there(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    moved = visits.move(session, ANA, visit.id, AT + 2 * DAY, NOON)
    assert moved is not None
    assert (moved.at, moved.version, moved.state) == (AT + 2 * DAY, 2, VisitState.PLANNED)
    assert reminders(session) == around(visit.id, 2, AT + 2 * DAY)
    assert reminders(session, DROPPED) == around(visit.id, 1, AT)
    assert {row.why for row in rows_of(session, ANA, state=DROPPED)} == {"plan_changed"}
    assert waiting(session) == {Kind.DAILY: 1, Kind.TREATED: 1, Kind.VISIT: 3}


def test_moved_twice_to_the_same_moment_is_one_move(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    moved = visits.move(session, ANA, visit.id, AT + DAY, NOON)
    version = version_of(session)
    assert visits.move(session, ANA, visit.id, AT + DAY, NOON) == moved
    assert version_of(session) == version


def test_a_move_keeps_the_length_and_asks_again_whether_they_come(session: Session) -> None:
    begin_as(session, ANA)
    (visit,) = make_all(session, NewVisit(AT, BERLIN, TREATMENT, AT + 90 * MINUTE)).new
    visits.confirm(session, ANA, visit.id, NOON)
    moved = visits.move(session, ANA, visit.id, AT + DAY, NOON)
    assert moved is not None
    assert (moved.ends_at, moved.state) == (AT + DAY + 90 * MINUTE, VisitState.PLANNED)
    (row,) = rows_of(session, ANA, kind=Kind.TREATED, state=WAITING)
    assert row.at == AT + DAY + 2 * HOUR


@pytest.mark.parametrize("at", [NOON, NOON - DAY, NOON + FARTHEST + MINUTE])
def test_nothing_moves_to_a_moment_that_makes_no_sense(session: Session, at: datetime) -> None:
    begin_as(session, ANA)
    visit = make(session)
    assert visits.move(session, ANA, visit.id, at, NOON) is None
    assert visit_now(session, visit.id) == visit


def test_what_went_out_for_the_old_moment_does_not_go_out_again_for_it(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    sent = deliver_all(session, AT - 48 * HOUR)
    assert [(one.due.kind, one.due.slot) for one in sent if isinstance(one.decision, Send)] == [(Kind.VISIT, "48")]
    make(session, AT + 9 * DAY)
    assert [slot for event, slot, _ in reminders(session) if event == f"a{visit.id}.1"] == ["2", "24"]
    assert len(reminders(session, SENT)) == 1
    assert not [one for one in deliver_all(session, AT - 47 * HOUR) if one.due.kind is Kind.VISIT]


def test_moved_by_an_hour_after_a_reminder_the_new_moment_has_its_own(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    deliver_all(session, AT - 48 * HOUR)
    visits.move(session, ANA, visit.id, AT + HOUR, AT - 48 * HOUR + MINUTE)
    assert reminders(session) == around(visit.id, 2, AT + HOUR)


def test_a_reminder_that_was_claimed_before_the_move_is_not_sent(session: Session) -> None:
    from storage import due
    from tests.storage.people import claimed

    begin_as(session, ANA)
    visit = make(session)
    rows = claimed(session, AT - 48 * HOUR)
    visits.move(session, ANA, visit.id, AT + 3 * DAY, AT - 48 * HOUR)
    begun = [due.begin(session, row.id, "t", AT - 48 * HOUR) for row in rows if row.kind is Kind.VISIT]
    assert len(begun) == 1
    assert not any(one and isinstance(one.decision, Send) for one in begun)


def test_cancelled_nothing_comes_any_more(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    gone = visits.cancel(session, ANA, visit.id, NOON)
    assert gone is not None
    assert gone.state is VisitState.CANCELLED
    assert waiting(session) == {Kind.DAILY: 1}
    assert visits.ahead(session, ANA, NOON) == []
    assert visits.last_before(session, ANA, AT + DAY) is None


def test_cancelled_twice_is_one_cancelling(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    visits.cancel(session, ANA, visit.id, NOON)
    version = version_of(session)
    again = visits.cancel(session, ANA, visit.id, NOON)
    assert again is not None
    assert again.state is VisitState.CANCELLED
    assert version_of(session) == version


def test_a_cancelling_taken_back_brings_back_what_had_not_gone_out(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    deliver_all(session, AT - 48 * HOUR)
    now = AT - 47 * HOUR
    visits.cancel(session, ANA, visit.id, now)
    back = visits.restore(session, ANA, visit.id, now)
    assert back is not None
    assert back.state is VisitState.PLANNED
    assert reminders(session) == around(visit.id, 1, AT)[:2]
    assert waiting(session)[Kind.TREATED] == 1


def test_a_cancelling_cannot_be_taken_back_once_the_moment_has_gone_by(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    visits.cancel(session, ANA, visit.id, NOON)
    back = visits.restore(session, ANA, visit.id, AT)
    assert back is not None
    assert back.state is VisitState.CANCELLED


def test_confirmed_the_early_question_is_not_asked(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    sure = visits.confirm(session, ANA, visit.id, NOON)
    assert sure is not None
    assert sure.state is VisitState.CONFIRMED
    assert visits.ahead(session, ANA, NOON) == [sure]
    (early,) = [one for one in deliver_all(session, AT - 48 * HOUR) if one.due.kind is Kind.VISIT]
    assert not isinstance(early.decision, Send)
    (row,) = rows_of(session, ANA, kind=Kind.VISIT, slot="48")
    assert (row.state, row.why) == (DROPPED, "confirmed")
    assert [slot for _, slot, _ in reminders(session)] == ["2", "24"]


RESTATED: dict[str, tuple[Callable[[Session, int], object], VisitState]] = {
    "missed": (lambda s, n: visits.missed(s, ANA, n, AT + DAY), VisitState.MISSED),
    "went": (lambda s, n: visits.went(s, ANA, n, AT + DAY), VisitState.DONE),
    "cancel": (lambda s, n: visits.cancel(s, ANA, n, NOON), VisitState.CANCELLED),
}


@pytest.mark.parametrize("done", RESTATED)
@pytest.mark.parametrize("then", RESTATED)
def test_what_is_over_is_over(session: Session, done: str, then: str) -> None:
    begin_as(session, ANA)
    visit = make(session)
    RESTATED[done][0](session, visit.id)
    over = visit_now(session, visit.id)
    assert over.state is RESTATED[done][1]
    RESTATED[then][0](session, visit.id)
    visits.confirm(session, ANA, visit.id, NOON)
    assert visits.move(session, ANA, visit.id, AT + DAY, NOON) is None
    assert visit_now(session, visit.id) == over


def test_a_pause_keeps_reminders_back_and_a_change_meanwhile_brings_none(session: Session) -> None:
    begin_as(session, ANA)
    patients.pause(session, ANA, None, NOON)
    visit = make(session)
    assert waiting(session) == {}
    patients.resume(session, ANA, NOON)
    assert reminders(session) == around(visit.id, 1, AT)


def test_ride_and_preparation_are_kept_with_the_appointment(session: Session) -> None:
    begin_as(session, ANA)
    visit = make(session)
    version = version_of(session)
    visits.ride(session, ANA, visit.id, Ride.NOT_YET, NOON)
    noted = visits.prepare(session, ANA, visit.id, "No food for 2 hours before.", NOON)
    assert noted is not None
    assert (noted.ride, noted.prep_note) == (Ride.NOT_YET, "No food for 2 hours before.")
    whose = person(session, ANA)
    assert whose is not None
    assert visits.last_note(session, whose) == "No food for 2 hours before."
    bare = visits.prepare(session, ANA, visit.id, "", NOON)
    assert bare is not None
    assert bare.prep_note == visits.last_note(session, whose) == ""
    assert version_of(session) == version


def test_a_preparation_note_is_sealed_to_its_appointment(session: Session) -> None:
    begin_as(session, ANA)
    first, second = make(session), make(session, AT + DAY)
    visits.prepare(session, ANA, first.id, "No food for 2 hours before.", NOON)
    rows = [session.get_one(AppointmentRow, one.id) for one in (first, second)]
    assert b"food" not in (rows[0].notes_sealed or b"")
    rows[1].notes_sealed = rows[0].notes_sealed
    session.add(rows[1])
    session.flush()
    with pytest.raises(KeyFault):
        visits.find(session, ANA, second.id)


def from_file(word: str, at: datetime, ends_at: datetime | None = None) -> NewVisit:
    return NewVisit(at, BERLIN, FOLLOW_UP, ends_at, marked(word))


def test_the_same_calendar_entry_is_the_same_appointment(session: Session) -> None:
    begin_as(session, ANA)
    (visit,) = make_all(session, from_file("a", AT)).new
    version = version_of(session)
    assert make_all(session, from_file("a", AT)).there == (visit,)
    assert version_of(session) == version


def test_a_calendar_entry_at_another_moment_has_moved(session: Session) -> None:
    begin_as(session, ANA)
    visit, other = make_all(session, from_file("a", AT), from_file("b", AT + DAY)).new
    made = make_all(session, from_file("a", AT + 3 * DAY, AT + 3 * DAY + HOUR), from_file("b", AT + DAY))
    assert (made.new, made.there) == ((), (other,))
    (moved,) = made.moved
    assert (moved.id, moved.at, moved.ends_at, moved.version) == (visit.id, AT + 3 * DAY, AT + 3 * DAY + HOUR, 2)
    assert {event for event, _, _ in reminders(session)} == {f"a{visit.id}.2", f"a{other.id}.1"}


def test_a_mark_belongs_to_one_person(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    (hers,) = make_all(session, from_file("a", AT)).new
    (other,) = make_all(session, from_file("a", AT + DAY), chat_id=CLEO).new
    assert other.id != hers.id
    assert visit_now(session, hers.id) == hers


def test_a_calendar_entry_that_is_done_stays_done(session: Session) -> None:
    begin_as(session, ANA)
    (visit,) = make_all(session, from_file("a", AT)).new
    visits.went(session, ANA, visit.id, AT + DAY)
    made = make_all(session, from_file("a", AT + 9 * DAY), now=AT + DAY)
    assert (made.new, made.moved, len(made.there)) == ((), (), 1)
    assert visit_now(session, visit.id).at == AT


def course(first: datetime = AT) -> list[NewVisit]:
    return [NewVisit(first + n * DAY, BERLIN, TREATMENT, mark=marked(f"course {n}")) for n in (0, 3, 7)]


def test_a_course_is_made_once_whatever_became_of_it(session: Session) -> None:
    begin_as(session, ANA)
    made = visits.make_once(session, ANA, course(), NOON)
    assert made is not None
    first, second, third = made.new
    visits.move(session, ANA, first.id, AT + DAY, NOON)
    visits.cancel(session, ANA, second.id, NOON)
    version = version_of(session)
    again = visits.make_once(session, ANA, course(), NOON)
    assert again is not None
    assert (again.new, again.moved, len(again.there)) == ((), (), 3)
    assert version_of(session) == version
    assert [visit.at for visit in visits.ahead(session, ANA, NOON)] == [AT + DAY, third.at]


def test_a_course_that_was_cancelled_altogether_can_be_made_again(session: Session) -> None:
    begin_as(session, ANA)
    made = visits.make_once(session, ANA, course(), NOON)
    assert made is not None
    for visit in made.new:
        visits.cancel(session, ANA, visit.id, NOON)
    again = visits.make_once(session, ANA, course(), NOON)
    assert again is not None
    assert [visit.id for visit in again.moved] == [visit.id for visit in made.new]
    assert waiting(session)[Kind.VISIT] == 9


USES: dict[str, Callable[[Session, int, int], object]] = {
    "find": visits.find,
    "move": lambda s, chat, n: visits.move(s, chat, n, AT + DAY, NOON),
    "cancel": lambda s, chat, n: visits.cancel(s, chat, n, NOON),
    "restore": lambda s, chat, n: visits.restore(s, chat, n, NOON),
    "confirm": lambda s, chat, n: visits.confirm(s, chat, n, NOON),
    "missed": lambda s, chat, n: visits.missed(s, chat, n, NOON),
    "went": lambda s, chat, n: visits.went(s, chat, n, NOON),
    "ride": lambda s, chat, n: visits.ride(s, chat, n, Ride.YES, NOON),
    "prepare": lambda s, chat, n: visits.prepare(s, chat, n, "x", NOON),
}


@pytest.mark.parametrize("use", USES)
def test_cleo_never_reaches_anas_appointment(session: Session, use: str) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    visit = make(session)
    versions = version_of(session), version_of(session, CLEO)
    for chat_id in (CLEO, STRANGER):
        assert USES[use](session, chat_id, visit.id) is None
        assert visits.ahead(session, chat_id, NOON) == []
    assert USES[use](session, ANA, 2**62 - 1) is None
    assert visit_now(session, visit.id) == visit
    assert (version_of(session), version_of(session, CLEO)) == versions


@pytest.mark.parametrize("use", ["move", "cancel"])
def test_a_change_and_its_plan_are_one_transaction(session: Session, use: str) -> None:
    begin_as(session, ANA)
    visit = make(session)
    before = [(row.id, row.state, row.plan_version) for row in rows_of(session, ANA)]
    with session.begin_nested() as unfinished:
        USES[use](session, ANA, visit.id)
        assert [(row.id, row.state, row.plan_version) for row in rows_of(session, ANA)] != before
        unfinished.rollback()
    assert [(row.id, row.state, row.plan_version) for row in rows_of(session, ANA)] == before
    assert visit_now(session, visit.id) == visit


async def test_a_course_pressed_eight_times_at_once_is_one_course(database: Database) -> None:
    await database.write(begin_as, ANA)
    await asyncio.gather(*(database.write(visits.make_once, ANA, course(), NOON) for _ in range(8)))
    ahead = await database.read(visits.ahead, ANA, NOON)
    assert [visit.at for visit in ahead] == [AT, AT + 3 * DAY, AT + 7 * DAY]
    rows = await database.read(rows_of, ANA, kind=Kind.VISIT, state=WAITING)
    assert len(rows) == 9


async def test_of_two_moves_at_once_one_holds_with_its_reminders_alone(database: Database) -> None:
    await database.write(begin_as, ANA)
    visit = await database.write(make)
    moments = [AT + n * DAY for n in (1, 2, 3)]
    await asyncio.gather(*(database.write(visits.move, ANA, visit.id, at, NOON) for at in moments))
    now = await database.read(visit_now, visit.id)
    assert now.at in moments
    assert now.version == 4
    assert await database.read(reminders) == around(visit.id, 4, now.at)


def test_the_last_appointment_behind_is_the_nearest_that_was_not_cancelled(session: Session) -> None:
    begin_as(session, ANA)
    first, second, third = make(session), make(session, AT + DAY), make(session, AT + 2 * DAY)
    visits.cancel(session, ANA, second.id, NOON)
    assert visits.last_before(session, ANA, AT - timedelta(seconds=1)) is None
    assert visits.last_before(session, ANA, AT + DAY) == first
    assert visits.last_before(session, ANA, AT + 3 * DAY) == third
