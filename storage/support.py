"""The patient's side of sharing: invitations, links, what is shared, and the ledger of everything that ever was."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import Session

from care.due import DueState
from care.due import Kind as DueKind
from care.sharing import (
    CALL_AGAIN_AFTER,
    INVITATION_LIFE,
    Invitation,
    InvitationState,
    Link,
    LinkState,
    Scope,
    What,
    may_invite,
)
from storage import links, updates
from storage.rows import Person, person
from storage.tables import data_keys, due, invitations, patients, sharing_events, support_persons
from storage.writing import insert_new_id, run

_DAY = timedelta(days=1)
_I = invitations.c
_MINE = links.INVITATIONS.where(_I.patient_id == bindparam("owner"))
_BEGUN = (InvitationState.DRAFT,)
_WAITING = (*_BEGUN, InvitationState.OPEN)
_OPEN_ONES = _MINE.where(_I.state.in_(_WAITING), _I.expires_at > bindparam("moment")).order_by(_I.id)
_ONE = _MINE.where(_I.id == bindparam("number"))
_MADE = select(func.count()).where(
    _I.patient_id == bindparam("owner"), _I.made_at > bindparam("since"), _I.state != InvitationState.DRAFT
)
_CHANGE_INVITATION = update(invitations).where(_I.id == bindparam("number"), _I.patient_id == bindparam("owner"))
_FORGET_DRAFTS = delete(invitations).where(_I.patient_id == bindparam("owner"), _I.state == InvitationState.DRAFT)
_S = support_persons.c
_CHANGE_LINK = update(support_persons).where(_S.id == bindparam("number"), _S.patient_id == bindparam("owner"))
_NAME = select(patients.c.name_sealed).where(patients.c.id == bindparam("owner"))
_NAME_ME = update(patients).where(patients.c.id == bindparam("owner")).values(name_sealed=bindparam("sealed_name"))
_E = sharing_events.c
_LEDGER = (
    select(_E.id, _E.at, _E.kind, _E.scope, _E.outcome, _E.copy_sealed)
    .where(_E.patient_id == bindparam("owner"), _E.id < bindparam("before"))
    .order_by(_E.id.desc())
    .limit(bindparam("most"))
)
_CALLED = select(func.count()).where(
    due.c.patient_id == bindparam("owner"),
    due.c.kind == DueKind.SHARE,
    due.c.event.like(bindparam("like")),
    due.c.state.in_((DueState.WAITING, DueState.LEASED, DueState.SENT)),
    due.c.at > bindparam("since"),
)
_LATEST = 2**62


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that was shared: when, what, with whom by name, what came of it, and the words as they were sent."""

    id: int
    at: datetime
    what: str
    scope: str | None
    outcome: str
    name: str
    text: str


def links_of(session: Session, chat_id: int) -> list[Link]:
    """List a patient's links that have not ended."""
    whose = person(session, chat_id)
    return links.of_patient(session, whose.patient.id) if whose else []


def invitations_of(session: Session, chat_id: int, now: datetime) -> list[Invitation]:
    """List a patient's invitations that can still be answered or finished."""
    whose = person(session, chat_id)
    return _open_ones(session, whose, now) if whose else []


def invitation_of(session: Session, chat_id: int, number: int) -> Invitation | None:
    """Give an invitation of this patient; None when it is not theirs."""
    whose = person(session, chat_id)
    return _one(session, whose, number) if whose else None


def shown_name(session: Session, chat_id: int) -> str:
    """Give the name under which a patient invites; "" while they chose none."""
    whose = person(session, chat_id)
    return name_of(session, whose) if whose else ""


def name_of(session: Session, whose: Person) -> str:
    """Give the name under which a person invites."""
    sealed = run(session, _NAME, {"owner": whose.patient.id}).scalar_one_or_none()
    return whose.open(sealed, "patients/name") if sealed else ""


def name_me(session: Session, chat_id: int, name: str) -> bool:
    """Keep the name under which a patient invites. False for whoever is no patient."""
    whose = person(session, chat_id, locked=True)
    if whose is None:
        return False
    run(session, _NAME_ME, {"owner": whose.patient.id, "sealed_name": whose.seal(name, "patients/name")})
    return True


def why_not(session: Session, chat_id: int, now: datetime) -> str:
    """Name why a person cannot invite one more now: "full", "often" or "stranger"; "" when they can."""
    whose = person(session, chat_id)
    return _why_not(session, whose, now) if whose else "stranger"


def draft(
    session: Session, chat_id: int, now: datetime, *, bound_chat_id: int | None = None, name: str = ""
) -> Invitation | None:
    """Begin an invitation in place of one that was begun before; None when there are too many, or for a stranger."""
    whose = person(session, chat_id, locked=True)
    if whose is None:
        return None
    run(session, _FORGET_DRAFTS, {"owner": whose.patient.id})
    if _why_not(session, whose, now):
        return None
    values = {
        "patient_id": whose.patient.id,
        "code_hash": sha256(f"draft/{whose.patient.id}/{now.isoformat()}".encode()).digest(),
        "bound_chat_id": bound_chat_id,
        "scopes": frozenset[str](),
        "state": InvitationState.DRAFT,
        "name_sealed": whose.seal(name, "invitations/name") if name else None,
        "made_at": now,
        "expires_at": now + INVITATION_LIFE,
    }
    number = insert_new_id(session, invitations, values)
    return None if number is None else _one(session, whose, number)


def set_scopes(session: Session, chat_id: int, number: int, scopes: Collection[Scope]) -> Invitation | None:
    """Choose what an invitation will share, as long as nobody can have seen it."""
    return _change_invitation(session, chat_id, number, {"scopes": frozenset(scopes)}, _BEGUN)


def issue(session: Session, chat_id: int, number: int, code: str, now: datetime) -> Invitation | None:
    """Give an invitation its code; an earlier code of it holds no more. Only a hash is kept. None shares nothing."""
    whose = person(session, chat_id, locked=True)
    found = _one(session, whose, number) if whose else None
    if found is None or not found.scopes or links.is_over(found, now):
        return None
    changes = {
        "state": InvitationState.OPEN,
        "code_hash": hash_of(code),
        "made_at": now,
        "expires_at": now + INVITATION_LIFE,
    }
    return _change_invitation(session, chat_id, number, changes)


def withdraw(session: Session, chat_id: int, number: int) -> Invitation | None:
    """Take an invitation back that was not answered yet."""
    return _change_invitation(session, chat_id, number, {"state": InvitationState.WITHDRAWN})


def link_of(session: Session, chat_id: int, number: int, *, locked: bool = False) -> tuple[Person, Link] | None:
    """Give a link of this patient that has not ended; None when it is not theirs."""
    whose = person(session, chat_id)
    found = links.one(session, number, locked=locked) if whose else None
    if whose is None or found is None or found.patient_id != whose.patient.id or not found.is_open:
        return None
    return whose, found


def confirm(session: Session, chat_id: int, number: int, now: datetime) -> Link | None:
    """Say that a link is with the right person: from now on chosen things are shared."""
    found = link_of(session, chat_id, number, locked=True)
    if found is None or found[1].state is not LinkState.WAITING:
        return found[1] if found else None
    after = _change_link(session, found, {"state": LinkState.ACTIVE}, now)
    updates.owe(session, after, What.STARTED, "1", now)
    return after


def change(session: Session, chat_id: int, number: int, scopes: Collection[Scope], now: datetime) -> Link | None:
    """Choose anew what is shared; what waits under the old choice is dropped."""
    found = link_of(session, chat_id, number, locked=True)
    if found is None or found[1].scopes == frozenset(scopes):
        return found[1] if found else None
    return _change_link(session, found, {"scopes": frozenset(scopes)}, now)


def pause(session: Session, chat_id: int, number: int, paused: bool, now: datetime) -> Link | None:
    """Share nothing for a while, or go on."""
    found = link_of(session, chat_id, number, locked=True)
    if found is None:
        return None
    wanted = LinkState.PAUSED if paused else LinkState.ACTIVE
    if found[1].state in (wanted, LinkState.WAITING):
        return found[1]
    return _change_link(session, found, {"state": wanted}, now)


def mute_wishes(session: Session, chat_id: int, number: int, muted: bool) -> Link | None:
    """Let a support person's wishes through, or not."""
    found = link_of(session, chat_id, number, locked=True)
    if found is None:
        return None
    run(session, _CHANGE_LINK.values(wishes_muted=muted), {"number": number, "owner": found[0].patient.id})
    return links.one(session, number)


def end(session: Session, chat_id: int, number: int, now: datetime) -> Link | None:
    """End a link for good: all that waits is dropped, and the support person is told that sharing has ended."""
    found = link_of(session, chat_id, number, locked=True)
    if found is None:
        return None
    return end_link(session, found[1], now)


def end_link(session: Session, link: Link, now: datetime) -> Link:
    """End a link that was read and locked: its waiting updates die in this transaction.

    The support person is told; one who was never confirmed is told nothing, and nothing is kept of them.
    """
    ended = replace(link, state=LinkState.ENDED, version=link.version + 1)
    updates.drop_of(session, link, now)
    if link.state is LinkState.WAITING:
        forget(session, link)
        return ended
    values = {"state": ended.state, "version": ended.version, "ended_at": now}
    run(session, _CHANGE_LINK.values(values), {"number": link.id, "owner": link.patient_id})
    updates.owe(session, ended, What.ENDED, "1", now)
    return ended


def forget(session: Session, link: Link) -> None:
    """Erase what is kept of a support person: the link with its key. What was shared stays in the ledger."""
    key = run(session, select(_S.key_id).where(_S.id == link.id)).scalar_one_or_none()
    run(session, delete(support_persons).where(_S.id == link.id))
    if key is not None:
        run(session, delete(data_keys).where(data_keys.c.id == key))


def ask_to_call(session: Session, chat_id: int, number: int, key: str, now: datetime) -> str | None:
    """Ask a support person to call, once a day: "asked" or "lately"; None where that is not shared."""
    found = link_of(session, chat_id, number, locked=True)
    if found is None or not found[1].shares(Scope.PLEASE_CALL):
        return None
    like = f"s{number}.%/{What.PLEASE_CALL.value}/%"
    values = {"owner": found[0].patient.id, "like": like, "since": now - CALL_AGAIN_AFTER}
    if run(session, _CALLED, values).scalar_one():
        return "lately"
    updates.owe(session, found[1], What.PLEASE_CALL, key, now)
    return "asked"


def ledger(session: Session, chat_id: int, limit: int, before: int = _LATEST) -> list[Shared]:
    """List what was shared, newest first, from before an entry."""
    whose = person(session, chat_id)
    if whose is None:
        return []
    rows = run(session, _LEDGER, {"owner": whose.patient.id, "before": before, "most": limit})
    return [_shared(whose, row) for row in rows]


def hash_of(code: str) -> bytes:
    """Give what is kept of a code; its 100 random bits need no salt."""
    return sha256(b"invitation/" + code.encode()).digest()


def _shared(whose: Person, row: Any) -> Shared:
    number, at, what, scope, outcome, sealed = row
    copy = json.loads(whose.open(sealed, "sharing_events")) if sealed else {}
    return Shared(number, at, what, scope, outcome, copy.get("name", ""), copy.get("text", ""))


def _open_ones(session: Session, whose: Person, now: datetime) -> list[Invitation]:
    rows = run(session, _OPEN_ONES, {"owner": whose.patient.id, "moment": now})
    return [links.invitation(whose, row) for row in rows]


def _why_not(session: Session, whose: Person, now: datetime) -> str:
    made = run(session, _MADE, {"owner": whose.patient.id, "since": now - _DAY}).scalar_one()
    waiting = sum(one.state is InvitationState.OPEN for one in _open_ones(session, whose, now))
    present = len(links.of_patient(session, whose.patient.id))
    if may_invite(present, waiting, made):
        return ""
    return "often" if may_invite(present, waiting, 0) else "full"


def _one(session: Session, whose: Person, number: int) -> Invitation | None:
    row = run(session, _ONE, {"owner": whose.patient.id, "number": number}).first()
    return None if row is None else links.invitation(whose, row)


def _change_invitation(
    session: Session,
    chat_id: int,
    number: int,
    changes: Mapping[str, Any],
    out_of: Collection[InvitationState] = _WAITING,
) -> Invitation | None:
    whose = person(session, chat_id, locked=True)
    if whose is None:
        return None
    change = _CHANGE_INVITATION.where(_I.state.in_(out_of)).values(dict(changes))
    run(session, change, {"number": number, "owner": whose.patient.id})
    return _one(session, whose, number)


def _change_link(session: Session, found: tuple[Person, Link], changes: Mapping[str, Any], now: datetime) -> Link:
    """Change a locked link: its version rises, what waits is dropped, and what it now shares is planned."""
    whose, link = found
    updates.drop_of(session, link, now)
    values = {**changes, "version": link.version + 1}
    run(session, _CHANGE_LINK.values(values), {"number": link.id, "owner": whose.patient.id})
    after = links.one(session, link.id)
    if after is None:
        raise LookupError("a link that was just changed is gone")
    updates.plan_link(session, whose, after, now)
    return after
