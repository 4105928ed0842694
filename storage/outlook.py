"""What the bot owes a person next and what became of the last messages, as /reminders tells it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlmodel import Session

from care.due import ABOUT_TREATMENTS, ABOUT_VISITS, UNASKED, Due, DueState, Kind, Message
from care.outlook import Coming, Known
from storage import agenda, planning, silence
from storage.planning import FINAL, PLANNED
from storage.rows import Person, person
from storage.tables import due
from storage.writing import run

_LOOK_BACK = timedelta(days=3)

_D = due.c
_OWN = _D.patient_id == bindparam("owner")
_WAITING = (
    select(
        *(_D.id, _D.patient_id, _D.kind, _D.event, _D.slot, _D.plan_version, _D.at, _D.expires_at, _D.attempts),
        *(_D.sending, _D.why),
    )
    .where(_OWN, _D.kind.in_(PLANNED), _D.state == DueState.WAITING)
    .order_by(_D.at, _D.id)
)
_SAID = select(_D.attempted_at, _D.kind, _D.slot).where(
    _OWN, _D.kind.in_(UNASKED), _D.state != DueState.WAITING, _D.attempted_at >= bindparam("since")
)
_PAST = (
    select(_D.kind, _D.at, _D.state, _D.why, _D.finished_at)
    .where(
        _OWN,
        _D.kind.in_(PLANNED),
        _D.at <= bindparam("moment"),
        or_(_D.state == DueState.LEASED, and_(_D.state.in_(FINAL), or_(_D.why.is_(None), _D.why != "plan_changed"))),
    )
    .order_by(_D.at.desc(), _D.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Past:
    """What became of one message: when it was owed, how it stands, why in a short word, and when it was settled."""

    kind: Kind
    at: datetime
    state: DueState
    why: str | None
    finished_at: datetime | None

    @property
    def moment(self) -> datetime:
        """Give when it came, or when it was to come."""
        return self.finished_at if self.state is DueState.SENT and self.finished_at else self.at


def known(session: Session, chat_id: int, now: datetime) -> Known | None:
    """Give all that the next messages of a person follow from; None for whoever is no patient."""
    whose = person(session, chat_id)
    if whose is None:
        return None
    patient = whose.patient
    own = {"owner": patient.id, "since": now - _LOOK_BACK}
    return Known(
        patient,
        waiting=[_coming(session, whose, row) for row in run(session, _WAITING, {"owner": patient.id}).all()],
        done=frozenset(planning._done(session, patient, now)),
        visits=agenda.standing(session, whose, now - _LOOK_BACK),
        treatments=agenda.lately(session, patient.id, now),
        said=[(moment, Message(Kind(kind), slot, True)) for moment, kind, slot in run(session, _SAID, own)],
        silence=silence.of_patient(session, patient),
    )


def past(session: Session, chat_id: int, now: datetime, most: int) -> list[Past]:
    """List what became of a person's last messages, newest first; those that a new plan replaced are left out."""
    whose = person(session, chat_id)
    if whose is None:
        return []
    rows = run(session, _PAST, {"owner": whose.patient.id, "moment": now, "most": most})
    return [Past(Kind(kind), at, DueState(state), *rest) for kind, at, state, *rest in rows]


def _coming(session: Session, whose: Person, row: Any) -> Coming:
    number, patient_id, kind, *rest, why = row
    owed = Due(number, patient_id, Kind(kind), *rest)
    visit = agenda.visit(session, whose, owed.about[0]) if owed.kind in ABOUT_VISITS else None
    treatment = agenda.treatment(session, patient_id, owed.about[0]) if owed.kind in ABOUT_TREATMENTS else None
    return Coming(owed, owed.at, why, visit, treatment)
