"""What a support person would have received in the last week, made by what makes the updates themselves."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlmodel import Session

from care.checkin import CheckIn, Kind, Outcome
from care.schedule import QuietHours
from care.sharing import SCOPES, Invitation, Link, LinkState, Scope, Update, What, side_effects_of
from storage import agenda, shares
from storage.rows import Person, check_ins_between, person
from storage.shares import Share
from storage.support import invitation_of

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
NOBODY = 0
"""The number of a link that is not there yet."""


def of_invitation(session: Session, chat_id: int, number: int, now: datetime) -> dict[Scope, list[Share]]:
    """List by scope what an invitation of this patient would have shared in the last week, newest first.

    A scope without anything to show has an empty list. Of visits the last week's are told, else the next one.
    """
    whose, found = person(session, chat_id), invitation_of(session, chat_id, number)
    if whose is None or found is None:
        return {}
    link = _as_if(whose, found)
    happened = dict.fromkeys(_happened(session, whose, now))  # a day is told of once
    return {
        scope: [
            shares.gathered(session, whose, link, Update(link.id, link.version, what, key), now)
            for of_scope, what, key in happened
            if of_scope is scope
        ]
        for scope in SCOPES
        if scope in found.scopes
    }


def _as_if(whose: Person, found: Invitation) -> Link:
    patient, chat_id = whose.patient, found.bound_chat_id or NOBODY
    told = (found.scopes, LinkState.ACTIVE, found.name, 1, QuietHours())
    return Link(NOBODY, patient.id, chat_id, patient.language, None, *told)


def _happened(session: Session, whose: Person, now: datetime) -> Iterator[tuple[Scope, What, str]]:
    today = whose.patient.day_at(now)
    days = check_ins_between(session, whose.patient.chat_id, today - 2 * _WEEK, today)
    for one in reversed([one for one in days if one.day > today - _WEEK and not one.entered_late]):
        yield from _of_check_in(one)
    yield from _of_weeks(days, today)
    yield from _of_visits(session, whose, now)
    yield Scope.PLEASE_CALL, What.PLEASE_CALL, "1"


def _of_check_in(one: CheckIn) -> Iterator[tuple[Scope, What, str]]:
    """Yield what a check-in brought, by the rules of storage/updates.py."""
    if one.outcome is Outcome.COMPLETE and one.kind not in (Kind.VISIT, Kind.FORM):
        if one.kind is not Kind.EXTRA:
            yield Scope.CHECKED_IN, What.CHECKED_IN, one.day.isoformat()
        if side_effects_of(one):
            yield Scope.SIDE_EFFECTS, What.SIDE_EFFECTS, str(one.id)
    elif one.outcome is Outcome.CLOSED and one.kind is Kind.DAILY and not one.answers:
        yield Scope.CHECKED_IN, What.MISSED, one.day.isoformat()


def _of_weeks(days: list[CheckIn], today: date) -> Iterator[tuple[Scope, What, str]]:
    """Yield the week that this Monday closed; where nothing is known of it, the week that is running."""
    monday = today - today.weekday() * _DAY
    moods = [one.day for one in days if one.kind is Kind.DAILY and "mood" in one.values]
    for end in (monday, monday + _WEEK):
        if any(end - _WEEK <= day < end for day in moods):
            yield Scope.MOOD_WEEK, What.MOOD_WEEK, end.isoformat()
            return


def _of_visits(session: Session, whose: Person, now: datetime) -> Iterator[tuple[Scope, What, str]]:
    standing = agenda.standing(session, whose, now - _WEEK + _DAY)
    told = [visit for visit in standing if visit.at - _DAY <= now] or standing[:1]
    for visit in reversed(told):
        yield Scope.VISITS, What.VISIT, f"{visit.id}.{visit.version}"
