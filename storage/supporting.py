"""The support person's side of sharing: answering an invitation, and what they choose for themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import Session

from care.due import Kind
from care.people import State as PatientState
from care.schedule import QuietHours
from care.sharing import (
    MOST_SUPPORT,
    MOST_WRONG_CODES_AN_HOUR,
    WISH_AGAIN_AFTER,
    Invitation,
    InvitationState,
    Link,
    Scope,
)
from care.sharing import LinkState as State
from storage import agenda, links, support, updates
from storage.rows import Person, keyring, person, person_by_id
from storage.tables import code_tries, data_keys, due, invitations, support_persons
from storage.writing import insert_new_id, run

_HOUR, _TRIES_KEPT = timedelta(hours=1), timedelta(days=1)
_I = invitations.c
_BY_CODE = links.INVITATIONS.where(_I.code_hash == bindparam("hashed"))
_ANSWER = (
    update(invitations)
    .where(_I.id == bindparam("number"), _I.state == InvitationState.OPEN)
    .values(state=bindparam("new_state"), answered_at=bindparam("moment"))
)
_TRIES = select(func.count()).where(code_tries.c.chat_id == bindparam("chat_id"), code_tries.c.at > bindparam("since"))
_FORGET_TRIES = delete(code_tries).where(code_tries.c.at <= bindparam("since"))
_S = support_persons.c
_CHANGE = update(support_persons).where(
    _S.id == bindparam("number"), _S.chat_id == bindparam("supporter"), _S.state != State.ENDED
)
_CHANGE_ALL = update(support_persons).where(_S.chat_id == bindparam("supporter"), _S.state != State.ENDED)
_LAST_SAID = (
    select(due.c.event)
    .where(
        due.c.patient_id == bindparam("owner"),
        due.c.kind == Kind.NOTICE,
        due.c.event.in_(bindparam("events", expanding=True)),
    )
    .order_by(due.c.id.desc())
    .limit(1)
)
_FRESH = QuietHours()


@dataclass(frozen=True, slots=True)
class Look:
    """What a code leads to. refused says why it cannot be answered: "" when it can.

    "unknown", "used", "expired", "other" (meant for another account), "own", "full", "already", "too_many_tries".
    """

    refused: str
    invitation: Invitation | None = None
    patient_name: str = ""


def look(session: Session, chat_id: int, code: str | None, now: datetime) -> Look:
    """Look at an invitation by its code; wrong codes are counted, and after five in an hour none is looked at."""
    if run(session, _TRIES, {"chat_id": chat_id, "since": now - _HOUR}).scalar_one() >= MOST_WRONG_CODES_AN_HOUR:
        return Look("too_many_tries")
    whose, found = _by_code(session, code) if code else (None, None)
    if whose is None or found is None:
        insert_new_id(session, code_tries, {"chat_id": chat_id, "at": now})
        return Look("unknown")
    refused = _refused(session, whose, found, chat_id, now)
    if refused == "other" and found.state is InvitationState.OPEN and not links.is_over(found, now):
        updates.notice(session, f"i{found.id}", found.patient_id, "wrong_account", now, slot="1")
    if refused not in ("", "already"):
        return Look(refused)
    return Look(refused, found, support.name_of(session, whose))


def accept(session: Session, chat_id: int, code: str, name: str, language: str, now: datetime) -> Link | None:
    """Accept an invitation: a link that waits until the patient confirms the name. None when it cannot be."""
    seen = look(session, chat_id, code, now)
    if seen.refused or seen.invitation is None:
        return None
    _settle(session, seen.invitation, InvitationState.ACCEPTED, now)
    number = _link(session, seen.invitation, chat_id, name, language, now)
    updates.notice(session, f"s{number}", seen.invitation.patient_id, "accepted", now)
    return links.one(session, number)


def refuse(session: Session, chat_id: int, code: str, now: datetime, *, reported: bool = False) -> bool:
    """Decline an invitation, or report it as unwanted; the patient learns that it was declined, nothing more."""
    seen = look(session, chat_id, code, now)
    if seen.refused or seen.invitation is None:
        return False
    state = InvitationState.REPORTED if reported else InvitationState.DECLINED
    _settle(session, seen.invitation, state, now)
    updates.notice(session, f"i{seen.invitation.id}", seen.invitation.patient_id, "declined", now)
    return True


def supported(session: Session, chat_id: int) -> list[tuple[Link, str]]:
    """List the links of a support person, each with the name under which the patient invited them."""
    return [(link, patient_name(session, link)) for link in links.of_supporter(session, chat_id)]


def patient_name(session: Session, link: Link) -> str:
    """Give the name of a link's patient as the support person knows it."""
    whose = person_by_id(session, link.patient_id)
    return support.name_of(session, whose) if whose else ""


def mine(session: Session, chat_id: int, number: int) -> Link | None:
    """Give a link of this support person that has not ended; None when it is not theirs."""
    found = links.one(session, number)
    return _locked(session, found) if found is not None and found.chat_id == chat_id else None


def set_zone(session: Session, chat_id: int, zone: str) -> None:
    """Keep the zone in which a support person reads times, for all of their links."""
    run(session, _CHANGE_ALL.values(zone=zone), {"supporter": chat_id})


def set_language(session: Session, chat_id: int, language: str) -> None:
    """Keep the language that a support person reads, for all of their links."""
    run(session, _CHANGE_ALL.values(language=language), {"supporter": chat_id})


def set_quiet(session: Session, chat_id: int, quiet: QuietHours) -> None:
    """Keep a support person's quiet hours, for all of their links."""
    run(session, _CHANGE_ALL.values(quiet_start=quiet.start, quiet_end=quiet.end), {"supporter": chat_id})


def rest(session: Session, chat_id: int, paused: bool, now: datetime) -> None:
    """Send a support person nothing for a while, or go on."""
    run(session, _CHANGE_ALL.values(paused_at=now if paused else None), {"supporter": chat_id})
    for link in () if paused else links.of_supporter(session, chat_id):
        whose = person_by_id(session, link.patient_id)
        if whose is not None:
            updates.plan_link(session, whose, link, now)


def leave(session: Session, chat_id: int, number: int, now: datetime) -> bool:
    """Leave a patient for good: the patient is told, and what is kept of the support person goes."""
    link = mine(session, chat_id, number)
    if link is None:
        return False
    updates.notice(session, f"s{link.id}", link.patient_id, "left", now)
    forget(session, link, now)
    return True


def unreachable(session: Session, number: int, now: datetime) -> None:
    """End a link whose support person cannot be reached any more; the patient is told."""
    found = links.one(session, number)
    link = _locked(session, found) if found is not None else None
    if link is not None:
        updates.notice(session, f"s{link.id}", link.patient_id, "unreachable", now)
        forget(session, link, now)


def lost(session: Session, chat_id: int, now: datetime) -> None:
    """End every link of a support person who has blocked the bot."""
    for link in links.of_supporter(session, chat_id):
        unreachable(session, link.id, now)


def roles(session: Session, chat_id: int) -> tuple[bool, bool]:
    """Tell whether a chat's person is a patient who has begun, and whether they are a support person."""
    whose = person(session, chat_id)
    return whose is not None and whose.patient.state is not PatientState.ONBOARDING, is_one(session, chat_id)


def is_one(session: Session, chat_id: int) -> bool:
    """Tell whether a chat's person is a support person, whatever else they are."""
    return bool(links.of_supporter(session, chat_id))


def is_only_one(session: Session, chat_id: int) -> bool:
    """Tell whether a chat's person is a support person and no patient."""
    return person(session, chat_id) is None and is_one(session, chat_id)


def forget(session: Session, link: Link, now: datetime) -> None:
    """Erase what is kept of a support person: what waits for them, and the link with its key."""
    updates.drop_of(session, link, now)
    support.forget(session, link)


def wish(session: Session, chat_id: int, number: int, code: str, now: datetime) -> str | None:
    """Send the patient one of the fixed wishes, once a day: "sent" or "lately"; None when the link is not theirs.

    A patient who muted wishes gets none; the support person is not told of that.
    """
    link = mine(session, chat_id, number)
    if link is None or link.state is State.WAITING:
        return None
    if link.last_wish_at is not None and now < link.last_wish_at + WISH_AGAIN_AFTER:
        return "lately"
    run(session, _CHANGE.values(last_wish_at=now), {"number": link.id, "supporter": chat_id})
    if not link.wishes_muted:
        updates.notice(session, f"s{link.id}", link.patient_id, f"wish_{code}", now)
    return "sent"


def can_drive(session: Session, chat_id: int, number: int, visit: tuple[int, int], can: bool, now: datetime) -> bool:
    """Tell the patient whether the support person can take them; visit is the appointment's number and version.

    The same answer twice tells nothing new. False when the visit does not stand so, or the link may not know of it.
    """
    link = mine(session, chat_id, number)
    if link is None or link.state is not State.ACTIVE or Scope.VISITS not in link.scopes:
        return False
    whose = person_by_id(session, link.patient_id)
    known = agenda.visit(session, whose, visit[0]) if whose else None
    if known is None or not known.is_ahead or known.version != visit[1] or known.at <= now:
        return False
    said = {yes: f"{'can' if yes else 'cannot'}_drive.{visit[0]}.{visit[1]}" for yes in (True, False)}
    events = [f"s{link.id}/{what}" for what in said.values()]
    last = run(session, _LAST_SAID, {"owner": link.patient_id, "events": events}).scalar_one_or_none()
    if last != f"s{link.id}/{said[can]}":
        updates.notice(session, f"s{link.id}", link.patient_id, said[can], now)
    return True


def forget_tries(session: Session, now: datetime) -> None:
    """Delete wrong codes that were tried more than a day ago."""
    run(session, _FORGET_TRIES, {"since": now - _TRIES_KEPT})


def _locked(session: Session, link: Link) -> Link | None:
    """Give a link as it stands once nobody else can change it; None when it has ended meanwhile.

    The patient's row is locked first, as everywhere: two who lock in different orders would wait for each other.
    """
    person_by_id(session, link.patient_id, locked=True)
    found = links.one(session, link.id, locked=True)
    return found if found is not None and found.is_open else None


def _by_code(session: Session, code: str) -> tuple[Person | None, Invitation | None]:
    """Give an invitation by its code and whose it is; whoever else answers one of that patient's waits meanwhile."""
    values = {"hashed": support.hash_of(code)}
    row = run(session, _BY_CODE, values).first()
    whose = person_by_id(session, row.patient_id, locked=True) if row is not None else None
    row = run(session, _BY_CODE, values).first() if whose is not None else None
    return (whose, links.invitation(whose, row)) if whose is not None and row is not None else (None, None)


def _refused(session: Session, whose: Person, found: Invitation, chat_id: int, now: datetime) -> str:
    if found.patient_id == whose.patient.id and whose.patient.chat_id == chat_id:
        return "own"
    if found.bound_chat_id not in (None, chat_id):
        return "other"
    present = links.of_patient(session, found.patient_id)
    reasons = {
        "already": any(link.chat_id == chat_id for link in present),
        "used": found.state is not InvitationState.OPEN,
        "expired": links.is_over(found, now),
        "full": len(present) >= MOST_SUPPORT,
    }
    return next((why for why, is_so in reasons.items() if is_so), "")


def _settle(session: Session, found: Invitation, state: InvitationState, now: datetime) -> None:
    run(session, _ANSWER, {"number": found.id, "new_state": state, "moment": now})


def _link(session: Session, found: Invitation, chat_id: int, name: str, language: str, now: datetime) -> int:
    keys = keyring(session)
    wrapped = keys.wrap(keys.new_data_key())
    key_id = insert_new_id(session, data_keys, {"wrapped": wrapped, "made_at": now})
    values = {
        "key_id": key_id,
        "name_sealed": links.sealed_name(session, wrapped, found.patient_id, chat_id, name),
        "language": language,
        "scopes": found.scopes,
        "state": State.WAITING,
        "quiet_start": _FRESH.start,
        "quiet_end": _FRESH.end,
        "wishes_muted": False,
        "linked_at": now,
    }
    earlier = links.between(session, found.patient_id, chat_id)
    if earlier is not None:
        updates.drop_of(session, earlier, now)
        return _again(session, earlier, values)
    new = {"patient_id": found.patient_id, "chat_id": chat_id, "version": 1, **values}
    number = insert_new_id(session, support_persons, new)
    if number is None:
        raise LookupError("a link that was just made is gone")
    return number


def _again(session: Session, earlier: Link, values: Mapping[str, Any]) -> int:
    """Link two people again whose link had ended; its version goes on, so that nothing old passes for new."""
    own_key = select(_S.key_id).where(_S.id == earlier.id)
    old = run(session, own_key).scalar_one_or_none()
    again = {**values, "version": earlier.version + 1, "ended_at": None, "paused_at": None, "last_wish_at": None}
    run(session, update(support_persons).where(_S.id == earlier.id).values(again))
    if old is not None:
        run(session, delete(data_keys).where(data_keys.c.id == old))
    return earlier.id
