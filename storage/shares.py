"""Updates at the moment of sharing: whether they may still go, what they are made from, and the ledger of what went."""

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from statistics import fmean

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from care.checkin import Kind as CheckInKind
from care.due import Decision, Drop, Due
from care.due import Kind as DueKind
from care.people import Patient
from care.sharing import (
    Link,
    LinkState,
    Scope,
    ShareSituation,
    Update,
    What,
    read_update,
    scope_of,
    side_effects_of,
    still_shared,
)
from care.visits import Appointment
from storage import agenda, links, supporting, updates
from storage.rows import Person, check_in_of_patient, check_ins_between, person_by_id
from storage.tables import due, sharing_events
from storage.writing import insert_new, run

SENDING, SENT, UNKNOWN, NOT_SENT, TAKEN_BACK = "sending", "sent", "unknown", "not_sent", "taken_back"
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_D = due.c
_SENT_LATELY = select(func.count()).where(
    _D.patient_id == bindparam("owner"),
    _D.kind == DueKind.SHARE,
    _D.event.like(bindparam("like")),
    _D.attempted_at > bindparam("since"),
    _D.id != bindparam("but"),
)
_E = sharing_events.c
_OUTCOME = (
    update(sharing_events)
    .where(_E.due_id == bindparam("owed"))
    .values(outcome=bindparam("came_of_it"), message_id=bindparam("shown"))
)
_AGAIN = (
    update(sharing_events)
    .where(_E.due_id == bindparam("owed"))
    .values(at=bindparam("moment"), copy_sealed=bindparam("copy"))
)
_TAKEN_BACK = (
    update(sharing_events)
    .where(_E.patient_id == bindparam("owner"), _E.message_id == bindparam("shown"), _E.outcome == SENT)
    .values(outcome=TAKEN_BACK)
)


@dataclass(frozen=True, slots=True)
class Share:
    """An update whose turn has come: to whom, about whom, and what it is made from.

    weeks are the mean moods of the last week and of the week before it; answered counts the last week's days.
    zone is the one in which the support person reads times.
    """

    link: Link
    update: Update
    patient_name: str
    zone: str
    day: date | None = None
    weeks: tuple[float | None, float | None] = (None, None)
    answered: int = 0
    effects: dict[str, int] = field(default_factory=dict)
    visit: Appointment | None = None


def prepare(session: Session, owed: Due, whose: Person, now: datetime) -> tuple[Decision, Share | None]:
    """Decide on an update and gather what it says; the link is locked, so that ending it comes before or after."""
    wanted = read_update(owed.event)
    link = links.one(session, wanted.link_id, locked=True)
    if link is None or link.patient_id != whose.patient.id:
        return Drop("not_shared"), None
    share = gathered(session, whose, link, wanted, now)
    lately = {"owner": whose.patient.id, "like": f"s{link.id}.%", "since": now - _DAY, "but": owed.id}
    situation = ShareSituation(
        link=link,
        zone=share.zone,
        is_current=_is_current(share),
        sent_today=run(session, _SENT_LATELY, lately).scalar_one(),
    )
    return still_shared(wanted, situation, now, owed.expires_at, unknown=owed.outcome_unknown), share


def of_visit(session: Session, link: Link, number: int, version: int, now: datetime) -> Share | None:
    """Give the update about a visit that a link may know of; None when the visit does not stand so any more."""
    whose = person_by_id(session, link.patient_id)
    if whose is None or not link.shares(Scope.VISITS):
        return None
    wanted = Update(link.id, link.version, What.VISIT, f"{number}.{version}")
    share = gathered(session, whose, link, wanted, now)
    return share if _is_current(share) and share.visit is not None and share.visit.at > now else None


def note(session: Session, owed: Due, share: Share, text: str, now: datetime) -> None:
    """Write an update into the patient's ledger before it is sent, with the words as they will stand there."""
    whose = person_by_id(session, owed.patient_id)
    scope = scope_of(share.update.what)
    copy = json.dumps({"name": share.link.name, "text": text}, ensure_ascii=False)
    values = {
        "patient_id": owed.patient_id,
        "support_person_id": share.link.id,
        "due_id": owed.id,
        "at": now,
        "kind": share.update.what,
        "scope": scope,
        "outcome": SENDING,
        "copy_sealed": whose.seal(copy, "sharing_events") if whose else None,
    }
    if not insert_new(session, sharing_events, values):
        run(session, _AGAIN, {"owed": owed.id, "moment": now, "copy": values["copy_sealed"]})


def stands(session: Session, share: Share) -> bool:
    """Tell whether an update that was just sent may stay in the chat: its link and its scope still hold."""
    link, scope = links.one(session, share.link.id), scope_of(share.update.what)
    if share.update.what is What.ENDED:
        return True
    return link is not None and link.is_open and (scope is None or link.shares(scope))


def taken_back(session: Session, share: Share, message_id: int) -> None:
    """Write into the ledger that an update was deleted again; a message id is no other message's of this bot."""
    run(session, _TAKEN_BACK, {"owner": share.link.patient_id, "shown": message_id})


def settle(session: Session, owed: Due, whose: Person, outcome: str, message_id: int | None, now: datetime) -> None:
    """Write what came of an update, and owe what follows: the next week, or the end of a link's data."""
    run(session, _OUTCOME, {"owed": owed.id, "came_of_it": outcome, "shown": message_id})
    wanted = read_update(owed.event)
    link = links.one(session, wanted.link_id)
    if link is None:
        return
    if wanted.what is What.MOOD_WEEK:
        updates.plan_week(session, whose.patient, link, now)
    if wanted.what is What.ENDED and link.state is LinkState.ENDED:
        supporting.forget(session, link, now)


def gathered(session: Session, whose: Person, link: Link, wanted: Update, now: datetime) -> Share:
    """Give what an update says, made from what is stored now. Whether it may be shared is not asked here."""
    patient = whose.patient
    share = Share(link, wanted, supporting.patient_name(session, link), link.zone or patient.zone_at(now))
    if wanted.what in (What.CHECKED_IN, What.MISSED):
        return replace(share, day=date.fromisoformat(wanted.key))
    if wanted.what is What.MOOD_WEEK:
        return _with_weeks(session, share, patient, date.fromisoformat(wanted.key))
    if wanted.what is What.SIDE_EFFECTS:
        found = check_in_of_patient(session, patient.id, int(wanted.key))
        return replace(share, day=found[1].day, effects=side_effects_of(found[1])) if found else share
    if wanted.what in (What.VISIT, What.VISIT_OFF):
        return replace(share, visit=agenda.visit(session, whose, int(wanted.key.partition(".")[0])))
    return share


def _is_current(share: Share) -> bool:
    """Tell whether what an update is about still stands: the visit at that moment, the side effect as it was felt."""
    if share.update.what in (What.VISIT, What.VISIT_OFF):
        visit, version = share.visit, share.update.key.partition(".")[2]
        stands = visit is not None and visit.is_ahead and str(visit.version) == version
        return stands is (share.update.what is What.VISIT)
    if share.update.what is What.SIDE_EFFECTS:
        return bool(share.effects)
    return True


def _with_weeks(session: Session, share: Share, patient: Patient, monday: date) -> Share:
    """Add the mean mood of the week before a Monday, and of the week before that; None with nothing to go by."""
    found = check_ins_between(session, patient.chat_id, monday - 2 * _WEEK, monday - _DAY)
    own = [one for one in found if one.kind is CheckInKind.DAILY and "mood" in one.values]
    this = [one.values["mood"] for one in own if one.day >= monday - _WEEK]
    before = [one.values["mood"] for one in own if one.day < monday - _WEEK]
    weeks = (fmean(this) if this else None, fmean(before) if before else None)
    return replace(share, day=monday, weeks=weeks, answered=len(this))
