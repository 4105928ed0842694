"""Treatments on both databases: marked once, corrected, taken back; hours and messages follow each time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from care.due import DueState, Kind
from care.treatments import Treatment, TreatmentKind
from care.visits import Appointment, VisitKind, VisitState
from storage import checkins, patients, treatments, visits
from storage.database import Database
from storage.tables import AnswerRevisionRow, AnswerRow
from storage.visits import NewVisit
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
    fill_in,
    open_card,
    rows_of,
)

BERLIN = "Europe/Berlin"
WAITING = DueState.WAITING


def mark(session: Session, at: datetime = NOON - 2 * HOUR, now: datetime = NOON) -> Treatment:
    found = treatments.had(session, ANA, at, now)
    assert found is not None
    return found


def plan_visit(
    session: Session, at: datetime, chat_id: int = ANA, kind: VisitKind = VisitKind.TREATMENT
) -> Appointment:
    made = visits.make(session, chat_id, [NewVisit(at, BERLIN, kind)], at - 3 * DAY)
    assert made is not None
    return made.new[0]


def visit_now(session: Session, number: int) -> Appointment:
    found = visits.find(session, ANA, number)
    assert found is not None
    return found


def version_of(session: Session, chat_id: int = ANA) -> int:
    found = patients.find(session, chat_id)
    assert found is not None
    return found.plan_version


def waiting(session: Session, kind: Kind) -> list[tuple[str, datetime]]:
    return [(row.event, row.at) for row in rows_of(session, ANA, kind=kind, state=WAITING)]


def hours_of(session: Session, check_in_id: int) -> dict[str, float | None]:
    """Give what stands beside each answer; what stands beside its last revision must be the same."""
    session.expire_all()
    said = session.exec(select(AnswerRow).where(AnswerRow.check_in_id == check_in_id)).all()
    for row in said:
        assert session.get_one(AnswerRevisionRow, (check_in_id, row.question, row.revision)).hours == row.hours
    return {row.question: row.hours for row in said}


def body(session: Session, check_in_id: int) -> set[float | None]:
    found = hours_of(session, check_in_id)
    assert (found["mood"], found["energy"]) == (None, None)
    return {found["dizziness"], found["nausea"]}


def test_a_treatment_is_noted_with_where_the_person_was(session: Session) -> None:
    ana = begin_as(session, ANA)
    found = treatments.had(session, ANA, NOON - 3 * HOUR, NOON, kind=TreatmentKind.DRIP, ended_at=NOON - HOUR)
    assert found == Treatment(1, ana.id, NOON - 3 * HOUR, BERLIN, TreatmentKind.DRIP, NOON - HOUR, 1)
    assert treatments.of_patient(session, ANA) == [found]
    assert treatments.last_kind(session, ANA) is TreatmentKind.DRIP


@pytest.mark.parametrize("apart", [timedelta(0), 20 * MINUTE, -2 * HOUR, 2 * HOUR + 59 * MINUTE])
def test_marked_twice_is_one_treatment_and_one_plan(session: Session, apart: timedelta) -> None:
    begin_as(session, ANA)
    first = mark(session, NOON - 4 * HOUR)
    version = version_of(session)
    assert mark(session, NOON - 4 * HOUR + apart) == first
    assert version_of(session) == version
    assert treatments.of_patient(session, ANA) == [first]
    assert len(waiting(session, Kind.NEXT_DATE)) == 1


def test_three_hours_later_it_is_another_one(session: Session) -> None:
    begin_as(session, ANA)
    assert mark(session, NOON - 4 * HOUR).id != mark(session, NOON - HOUR).id


@pytest.mark.parametrize("at", [NOON + MINUTE, NOON + DAY, NOON - 14 * DAY - MINUTE])
def test_one_to_come_and_one_long_ago_change_nothing(session: Session, at: datetime) -> None:
    begin_as(session, ANA)
    version = version_of(session)
    assert treatments.had(session, ANA, at, NOON) is None
    known = mark(session)
    assert treatments.correct(session, ANA, known.id, at, None, NOON) is None
    assert treatments.of_patient(session, ANA) == [known]
    assert version_of(session) == version + 1


def test_a_stranger_has_no_treatments(session: Session) -> None:
    assert treatments.had(session, STRANGER, NOON, NOON) is None
    assert treatments.of_patient(session, STRANGER) == []
    assert treatments.last_kind(session, STRANGER) is None


def test_the_card_after_it_and_the_question_for_a_next_date_are_owed(session: Session) -> None:
    begin_as(session, ANA)
    found = mark(session)
    event = f"t{found.id}.1"
    assert waiting(session, Kind.AFTER) == [(event, NOON + 2 * HOUR)]
    assert waiting(session, Kind.NEXT_DATE) == [(event, NOON + 21 * DAY)]


def test_a_dose_at_home_is_asked_about_three_hours_after_it(session: Session) -> None:
    begin_as(session, ANA)
    found = mark(session)
    named = treatments.name_kind(session, ANA, found.id, TreatmentKind.TABLET, NOON)
    assert named is not None
    assert (named.kind, named.version) == (TreatmentKind.TABLET, 2)
    assert waiting(session, Kind.AFTER) == [(f"t{found.id}.2", NOON + HOUR)]


def test_what_was_asked_already_is_not_asked_again_when_the_plan_changes(session: Session) -> None:
    begin_as(session, ANA)
    mark(session)
    sent = deliver_all(session, NOON + 2 * HOUR)
    assert [one.due.kind for one in sent] == [Kind.AFTER]
    plan_visit(session, NOON + 30 * DAY)
    assert waiting(session, Kind.AFTER) == []
    assert len(rows_of(session, ANA, kind=Kind.AFTER, state=DueState.SENT)) == 1


def test_a_treatment_that_moves_takes_its_card_along(session: Session) -> None:
    begin_as(session, ANA)
    found = mark(session)
    moved = treatments.correct(session, ANA, found.id, NOON - HOUR, NOON - 10 * MINUTE, NOON)
    assert moved is not None
    assert (moved.at, moved.ended_at, moved.version) == (NOON - HOUR, NOON - 10 * MINUTE, 2)
    assert waiting(session, Kind.AFTER) == [(f"t{found.id}.2", NOON + HOUR + 50 * MINUTE)]
    (old,) = rows_of(session, ANA, kind=Kind.AFTER, state=DueState.DROPPED)
    assert (old.event, old.why) == (f"t{found.id}.1", "plan_changed")


def test_a_treatment_cannot_be_moved_onto_another(session: Session) -> None:
    begin_as(session, ANA)
    first, second = mark(session, NOON - 2 * DAY), mark(session)
    assert treatments.correct(session, ANA, second.id, first.at + HOUR, None, NOON) is None
    assert treatments.of_patient(session, ANA) == [first, second]
    assert treatments.correct(session, ANA, second.id, second.at + HOUR, None, NOON) is not None


def test_a_treatment_taken_back_is_gone_with_all_that_hung_on_it(session: Session) -> None:
    begin_as(session, ANA)
    found = mark(session)
    assert treatments.remove(session, ANA, found.id, NOON) == found
    assert treatments.of_patient(session, ANA) == []
    assert waiting(session, Kind.AFTER) + waiting(session, Kind.NEXT_DATE) == []
    version = version_of(session)
    assert treatments.remove(session, ANA, found.id, NOON) is None
    assert version_of(session) == version
    again = mark(session)
    assert again.id != found.id


def test_of_the_kinds_that_were_said_the_last_counts(session: Session) -> None:
    begin_as(session, ANA)
    treatments.had(session, ANA, NOON - 5 * DAY, NOON, kind=TreatmentKind.SHOT)
    treatments.had(session, ANA, NOON - 3 * DAY, NOON, kind=TreatmentKind.NASAL)
    mark(session)
    assert treatments.last_kind(session, ANA) is TreatmentKind.NASAL


def test_body_answers_know_the_hours_since_the_last_treatment(session: Session) -> None:
    begin_as(session, ANA)
    mark(session, NOON - 7 * HOUR)
    number = open_card(session, ANA).check_in.id
    fill_in(session, ANA, number, NOON)
    assert body(session, number) == {5.0}


def test_a_treatment_marked_after_the_answers_gives_them_their_hours(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    fill_in(session, ANA, number, NOON)
    assert body(session, number) == {None}
    mark(session, NOON - 5 * HOUR, NOON + DAY)
    assert body(session, number) == {3.0}


def test_a_treatment_marked_in_between_takes_over_what_came_after_it_alone(session: Session) -> None:
    begin_as(session, ANA)
    mark(session, NOON - 4 * DAY, NOON)
    before = open_card(session, ANA, NOON).check_in.id
    fill_in(session, ANA, before, NOON)
    after = open_card(session, ANA, NOON + DAY).check_in.id
    for code, value in {"mood": 5, "energy": 1, "dizziness": 1, "nausea": 0}.items():
        checkins.answer(session, ANA, after, code, value, 0, NOON + DAY)
    assert (body(session, before), body(session, after)) == ({94.0}, {118.0})
    mark(session, NOON + 16 * HOUR, NOON + 2 * DAY)
    assert (body(session, before), body(session, after)) == ({94.0}, {6.0})


@pytest.mark.parametrize(
    ("change", "hours"),
    [
        (lambda s, n: treatments.correct(s, ANA, n, NOON - 7 * HOUR, None, NOON), 5.0),
        (lambda s, n: treatments.correct(s, ANA, n, NOON - 5 * HOUR, NOON - 4 * HOUR, NOON), 4.0),
        (lambda s, n: treatments.correct(s, ANA, n, NOON - HOUR, None, NOON), 0.0),
        (lambda s, n: treatments.correct(s, ANA, n, NOON + HOUR, None, NOON + 3 * HOUR), 48.0),
        (lambda s, n: treatments.remove(s, ANA, n, NOON), 48.0),
        (lambda s, n: treatments.name_kind(s, ANA, n, TreatmentKind.SHOT, NOON), 3.0),
    ],
    ids=["earlier", "with its end", "still lasting", "after the answers", "taken back", "named"],
)
def test_hours_are_counted_again_when_a_treatment_changes(
    session: Session, change: Callable[[Session, int], Treatment | None], hours: float
) -> None:
    begin_as(session, ANA)
    mark(session, NOON - 50 * HOUR)
    found = mark(session, NOON - 5 * HOUR)
    number = open_card(session, ANA).check_in.id
    fill_in(session, ANA, number, NOON)
    assert body(session, number) == {3.0}
    assert change(session, found.id) is not None
    assert body(session, number) == {hours}


def test_hours_of_somebody_else_stay_as_they_are(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    number = open_card(session, CLEO).check_in.id
    fill_in(session, CLEO, number, NOON)
    mark(session, NOON - 5 * HOUR)
    assert body(session, number) == {None}


def test_a_planned_treatment_that_was_had_is_done_and_asked_about_no_more(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session, NOON - HOUR)
    assert waiting(session, Kind.TREATED) == [(f"a{visit.id}.1", NOON + HOUR + 30 * MINUTE)]
    found = treatments.had(session, ANA, visit.at, NOON, ended_at=NOON, visit_id=visit.id)
    assert found is not None
    done = visit_now(session, visit.id)
    assert (done.state, done.treatment_id, done.version) == (VisitState.DONE, found.id, 1)
    assert waiting(session, Kind.TREATED) == []
    assert waiting(session, Kind.AFTER) == [(f"t{found.id}.1", NOON + 2 * HOUR)]


def test_a_planned_treatment_marked_twice_is_one(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session, NOON - HOUR)
    first = treatments.had(session, ANA, visit.at, NOON, visit_id=visit.id)
    version = version_of(session)
    assert treatments.had(session, ANA, visit.at, NOON + HOUR, visit_id=visit.id) == first
    assert version_of(session) == version


def test_a_treatment_told_without_the_appointment_is_the_one_of_that_day(session: Session) -> None:
    begin_as(session, ANA)
    far = plan_visit(session, NOON + 6 * DAY)
    near, other = plan_visit(session, NOON + 3 * HOUR), plan_visit(session, NOON - HOUR, kind=VisitKind.FOLLOW_UP)
    found = mark(session, NOON - 2 * HOUR)
    assert visit_now(session, near.id).treatment_id == found.id
    assert [visit_now(session, one.id).state for one in (far, other)] == [VisitState.PLANNED] * 2
    assert [event for event, _ in waiting(session, Kind.TREATED)] == [f"a{far.id}.1"]


def test_told_again_it_takes_no_second_appointment(session: Session) -> None:
    begin_as(session, ANA)
    first, second = plan_visit(session, NOON - 3 * HOUR), plan_visit(session, NOON + 5 * HOUR)
    assert mark(session, NOON - 3 * HOUR) == mark(session, NOON - 2 * HOUR)
    states = [visit_now(session, one.id).state for one in (first, second)]
    assert states == [VisitState.DONE, VisitState.PLANNED]


def test_an_appointment_named_after_the_treatment_was_told_is_settled_as_well(session: Session) -> None:
    begin_as(session, ANA)
    first = mark(session, NOON - 3 * HOUR)
    visit = plan_visit(session, NOON - 2 * HOUR)
    assert treatments.had(session, ANA, visit.at, NOON, visit_id=visit.id) == first
    assert visit_now(session, visit.id).treatment_id == first.id
    assert waiting(session, Kind.TREATED) == []


def test_taken_back_the_appointment_stands_again_and_is_asked_about_again(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session, NOON - HOUR)
    found = treatments.had(session, ANA, visit.at, NOON, visit_id=visit.id)
    assert found is not None
    treatments.remove(session, ANA, found.id, NOON + 5 * MINUTE)
    again = visit_now(session, visit.id)
    assert (again.state, again.treatment_id, again.version) == (VisitState.PLANNED, None, 2)
    assert waiting(session, Kind.TREATED) == [(f"a{visit.id}.2", NOON + HOUR + 30 * MINUTE)]


def test_a_cancelled_appointment_is_no_treatments(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session, NOON - HOUR)
    visits.cancel(session, ANA, visit.id, NOON)
    assert mark(session) is not None
    assert visit_now(session, visit.id).state is VisitState.CANCELLED


USES: dict[str, Callable[[Session, int, int], object]] = {
    "name": lambda s, chat, n: treatments.name_kind(s, chat, n, TreatmentKind.SHOT, NOON),
    "correct": lambda s, chat, n: treatments.correct(s, chat, n, NOON - HOUR, None, NOON),
    "remove": lambda s, chat, n: treatments.remove(s, chat, n, NOON),
}


@pytest.mark.parametrize("use", USES)
def test_cleo_never_reaches_anas_treatment(session: Session, use: str) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    found = mark(session)
    versions = version_of(session), version_of(session, CLEO)
    for chat_id in (CLEO, STRANGER):
        assert USES[use](session, chat_id, found.id) is None
        assert treatments.of_patient(session, chat_id) == []
    assert treatments.of_patient(session, ANA) == [found]
    assert (version_of(session), version_of(session, CLEO)) == versions


def test_cleo_never_marks_anas_appointment(session: Session) -> None:
    begin_as(session, ANA)
    begin_as(session, CLEO)
    visit = plan_visit(session, NOON - HOUR)
    treatments.had(session, CLEO, visit.at, NOON, visit_id=visit.id)
    assert visit_now(session, visit.id) == visit
    assert treatments.of_patient(session, ANA) == []
    assert len(waiting(session, Kind.TREATED)) == 1


async def test_of_eight_marks_at_once_one_treatment_comes_and_one_plan(database: Database) -> None:
    await database.write(begin_as, ANA)
    visit = await database.write(plan_visit, NOON - HOUR)
    found = await asyncio.gather(
        *(database.write(treatments.had, ANA, visit.at, NOON, visit_id=visit.id) for _ in range(8))
    )
    assert len({one.id for one in found if one}) == 1
    assert await database.read(treatments.of_patient, ANA) == [found[0]]
    rows = await database.read(rows_of, ANA, kind=Kind.AFTER)
    assert len(rows) == 1


def test_nothing_is_left_of_a_mark_whose_transaction_failed(session: Session) -> None:
    begin_as(session, ANA)
    visit = plan_visit(session, NOON - HOUR)
    before = [(row.id, row.state, row.at) for row in rows_of(session, ANA)]
    with session.begin_nested() as unfinished:
        treatments.had(session, ANA, visit.at, NOON, visit_id=visit.id)
        unfinished.rollback()
    assert [(row.id, row.state, row.at) for row in rows_of(session, ANA)] == before
    assert treatments.of_patient(session, ANA) == []
    assert visit_now(session, visit.id) == visit
