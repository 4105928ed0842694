"""A whole year of somebody: every kind of row that the bot keeps of a person, some of each."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from care.people import Patient
from care.sharing import Scope, new_code
from care.treatments import TreatmentKind
from care.visits import Ride, VisitKind
from storage import asks, checkins, notes, patients, steps, support, supporting, treatments, visits
from storage.asks import LineKind
from storage.visits import NewVisit
from tests.storage.people import DAY, HOUR, MINUTE, NOON, begin_as, deliver_all, fill_in

SECRETS = ("the quiet river", "my sister was there", "ask about sleep", "bring the blue form", "Anastasia", "Benedikt")
"""Words that stand nowhere but in what this person said, or in how they and their support person are called."""
_RIVER, _SISTER, _ASK, _FORM, _NAME, _HELPER = SECRETS


def live(session: Session, chat_id: int, helper: int, *, days: int = 3, now: datetime = NOON) -> Patient:
    """Live through some days: check-ins with changes, notes with changes, treatments, visits and a support person."""
    begin_as(session, chat_id, now - days * DAY)
    for n in range(days):
        _day(session, chat_id, n, now - (days - n) * DAY)
    _visit(session, chat_id, now)
    share(session, chat_id, helper, now)
    deliver_all(session, now + 8 * HOUR)
    patient = patients.find(session, chat_id)
    assert patient is not None
    return patient


def _day(session: Session, chat_id: int, n: int, now: datetime) -> None:
    card = checkins.open_today(session, chat_id, now)
    assert card is not None
    number = card.check_in.id
    if card.check_in.set_name == "daily":
        fill_in(session, chat_id, number, now)
        checkins.answer(session, chat_id, number, "mood", 4, 1, now + MINUTE)
        checkins.answer(session, chat_id, number, "energy", None, 1, now + MINUTE)
    steps.note(session, card.patient.id, number, "care1", now)
    notes.write(session, chat_id, 10_000 + 4 * n, f"{_RIVER} {n}", number, now)
    notes.revise(session, chat_id, 10_000 + 4 * n, f"=1+1 {_SISTER}", now + HOUR)
    if n % 9 == 0:
        treatments.had(session, chat_id, now + 3 * HOUR, now + 4 * HOUR, kind=TreatmentKind.NASAL)
    due_before = now + 9 * HOUR
    deliver_all(session, due_before, by=f"d{n}", message_id=20_000 + n)


def _visit(session: Session, chat_id: int, now: datetime) -> None:
    made = visits.make(
        session, chat_id, [NewVisit(now + 5 * DAY, "Europe/Berlin", VisitKind.TREATMENT, mark=b"\x01\xfe")], now
    )
    assert made is not None
    (visit,) = made.new
    visits.ride(session, chat_id, visit.id, Ride.YES, now)
    visits.prepare(session, chat_id, visit.id, _FORM, now)
    assert asks.add(session, chat_id, 30_001, LineKind.QUESTION, _ASK, now)
    assert asks.add(session, chat_id, 30_002, LineKind.MAIN, f"@{_ASK}", now, visit.id)
    assert checkins.open_visit(session, chat_id, visit.id, now)
    assert checkins.open_extra(session, chat_id, "1/77", now)
    form = checkins.open_form(session, chat_id, "phq9", now)
    assert form
    assert checkins.answer(session, chat_id, form.check_in.id, "phq1", 2, 0, now)
    notes.offer(session, chat_id, 30_003, f"+{_RIVER}", now)


def share(session: Session, chat_id: int, helper: int, now: datetime) -> Any:
    """Invite a support person, who accepts; share everything that can be shared."""
    support.name_me(session, chat_id, _NAME)
    drafted = support.draft(session, chat_id, now, bound_chat_id=helper, name=_HELPER)
    assert drafted is not None
    support.set_scopes(session, chat_id, drafted.id, tuple(Scope))
    code = new_code(bytes(range(chat_id % 200, chat_id % 200 + 13)))
    support.issue(session, chat_id, drafted.id, code, now)
    link = supporting.accept(session, helper, code, _HELPER, "en", now)
    assert link is not None
    return support.confirm(session, chat_id, link.id, now)
