"""Updates owed to support persons: written in the transaction that caused them, dropped when sharing ends."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from care.checkin import CheckIn, Kind
from care.due import DueState, NewDue
from care.due import Kind as DueKind
from care.people import Patient
from care.schedule import moment_at
from care.sharing import UPDATE_WORTH, Link, Scope, Update, What, read_update, side_effects_of
from care.visits import Appointment
from storage import agenda, links
from storage.owing import insert
from storage.rows import Person
from storage.tables import due
from storage.writing import run

MONDAY = 0
WEEK_MINUTE = 10 * 60
NOTICE_WORTH = timedelta(days=7)
_DAY = timedelta(days=1)
_SOON = timedelta(minutes=15)
"""How long a visit of the next day has to stand before it is told of: time to put a slip right."""
_D = due.c
_DROP = (
    update(due)
    .where(
        _D.patient_id == bindparam("owner"),
        _D.kind == DueKind.SHARE,
        _D.state == DueState.WAITING,
        _D.event.startswith(bindparam("of_link"), autoescape=False),
    )
    .values(state=DueState.DROPPED, why="sharing_changed", finished_at=bindparam("moment"))
)
_TOLD = select(_D.event).where(
    _D.patient_id == bindparam("owner"),
    _D.kind == DueKind.SHARE,
    _D.attempted_at.is_not(None),
    _D.event.contains(f"/{What.VISIT.value}/", autoescape=False),
)


def owe(session: Session, link: Link, what: What, key: str, at: datetime, until: datetime | None = None) -> None:
    """Owe an update to a support person; the same update is owed once."""
    event = Update(link.id, link.version, what, key).event
    insert(session, NewDue(link.patient_id, DueKind.SHARE, event, "1", 0, at, until or at + UPDATE_WORTH))


def notice(session: Session, about: str, patient_id: int, what: str, now: datetime, *, slot: str = "") -> None:
    """Owe the patient a word about a link or an invitation, named as "s12" or "i7"; the same slot only once."""
    new = NewDue(patient_id, DueKind.NOTICE, f"{about}/{what}", slot or now.isoformat(), 0, now, now + NOTICE_WORTH)
    insert(session, new)


def drop_of(session: Session, link: Link, now: datetime) -> None:
    """Drop every update that still waits for a support person."""
    run(session, _DROP, {"owner": link.patient_id, "of_link": f"s{link.id}.", "moment": now})


def on_complete(session: Session, patient: Patient, done: CheckIn, now: datetime) -> None:
    """Owe what a complete check-in of today shares: that it was made, side effects moderate or worse, and the week."""
    if done.entered_late or done.kind in (Kind.VISIT, Kind.FORM):
        return
    for link in links.of_patient(session, patient.id):
        if link.shares(Scope.CHECKED_IN) and done.kind is not Kind.EXTRA:
            owe(session, link, What.CHECKED_IN, done.day.isoformat(), now)
        if link.shares(Scope.SIDE_EFFECTS) and side_effects_of(done):
            owe(session, link, What.SIDE_EFFECTS, str(done.id), now)
        plan_week(session, patient, link, now)


def on_missed(session: Session, patient: Patient, missed: CheckIn, now: datetime) -> None:
    """Owe the word that a day ended without a check-in. It comes in the support person's own waking hours."""
    if missed.kind is not Kind.DAILY or missed.answers:
        return
    for link in links.of_patient(session, patient.id):
        if link.shares(Scope.CHECKED_IN):
            owe(session, link, What.MISSED, missed.day.isoformat(), now)


def plan_visits(session: Session, patient: Patient, visits: Iterable[Appointment], now: datetime) -> None:
    """Owe each support person who may know of visits a word the day before each; of one nearer than that, soon.

    Whoever was told of a visit, or may have been, is not told again because the sharing of other things changed.
    """
    standing = [visit for visit in visits if visit.is_ahead and visit.at > now]
    sharing = [link for link in links.of_patient(session, patient.id) if link.shares(Scope.VISITS)] if standing else []
    told = _told(session, patient.id) if sharing else set()
    for link in sharing:
        for visit in standing:
            key = f"{visit.id}.{visit.version}"
            if (link.id, key) not in told:
                owe(session, link, What.VISIT, key, max(visit.at - _DAY, now + _SOON), visit.at)


def visit_off(session: Session, patient: Patient, visit: Appointment, now: datetime) -> None:
    """Owe whoever was told of a visit the word that it does not take place then."""
    sharing = [link for link in links.of_patient(session, patient.id) if link.shares(Scope.VISITS)]
    told = _told(session, patient.id) if sharing else set()
    key = f"{visit.id}.{visit.version}"
    for link in sharing:
        if (link.id, key) in told:
            owe(session, link, What.VISIT_OFF, key, now)


def _told(session: Session, patient_id: int) -> set[tuple[int, str]]:
    """List who was told of which visit, or may have been: the link's number, the visit's with its version."""
    events = run(session, _TOLD, {"owner": patient_id}).scalars()
    found = [read_update(event) for event in events]
    return {(update.link_id, update.key) for update in found if update.what is What.VISIT}


def plan_week(session: Session, patient: Patient, link: Link, now: datetime) -> None:
    """Owe the mood of the patient's week on the coming Monday morning of the support person."""
    if not link.shares(Scope.MOOD_WEEK):
        return
    zone = link.zone or patient.zone_at(now)
    day = patient.day_at(now)
    days = (day + timedelta(days=n) for n in range(9))
    moments = ((one, moment_at(one, WEEK_MINUTE, zone)) for one in days if one.weekday() == MONDAY)
    coming: tuple[date, datetime] | None = next(((one, at) for one, at in moments if at > now), None)
    if coming is not None:
        owe(session, link, What.MOOD_WEEK, coming[0].isoformat(), coming[1])


def plan_link(session: Session, whose: Person, link: Link, now: datetime) -> None:
    """Owe what a link whose sharing has changed brings: the visits ahead and the coming week's mood."""
    plan_visits(session, whose.patient, agenda.standing(session, whose, now), now)
    plan_week(session, whose.patient, link, now)
