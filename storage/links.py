"""Links between patients and support persons as values: reading them, and the keys that open their names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from care.schedule import QuietHours
from care.sharing import Invitation, InvitationState, Link, LinkState, Scope
from storage.rows import Person, keyring
from storage.sealing import seal, unseal
from storage.tables import data_keys, invitations, support_persons
from storage.writing import run

_S = support_persons.c
_LINK = [
    *(_S.id, _S.patient_id, _S.chat_id, _S.language, _S.zone, _S.scopes, _S.state, _S.name_sealed, _S.version),
    *(_S.quiet_start, _S.quiet_end, _S.paused_at, _S.wishes_muted, _S.last_wish_at, data_keys.c.wrapped),
]
_WITH_KEY = support_persons.outerjoin(data_keys, data_keys.c.id == _S.key_id)
_LINKS = select(*_LINK).select_from(_WITH_KEY)
_OPEN = _S.state != LinkState.ENDED
_OF_PATIENT = _LINKS.where(_S.patient_id == bindparam("owner"), _OPEN).order_by(_S.id)
_OF_SUPPORTER = _LINKS.where(_S.chat_id == bindparam("chat_id"), _OPEN).order_by(_S.id)
_ONE = _LINKS.where(_S.id == bindparam("number"))
_BY_PAIR = _LINKS.where(_S.patient_id == bindparam("owner"), _S.chat_id == bindparam("chat_id"))
_I = invitations.c
_INVITATION = [
    *(_I.id, _I.patient_id, _I.bound_chat_id, _I.scopes, _I.state, _I.name_sealed, _I.made_at, _I.expires_at),
]
INVITATIONS = select(*_INVITATION)


def of_patient(session: Session, patient_id: int) -> list[Link]:
    """List a patient's links that have not ended, oldest first."""
    return _links(session, _OF_PATIENT, {"owner": patient_id})


def of_supporter(session: Session, chat_id: int) -> list[Link]:
    """List the links that have not ended in which a chat's person is the support person, oldest first."""
    return _links(session, _OF_SUPPORTER, {"chat_id": chat_id})


def one(session: Session, number: int, *, locked: bool = False) -> Link | None:
    """Give a link by its number, ended ones too; locked keeps others from changing it until the transaction ends."""
    statement = _ONE.with_for_update(of=support_persons) if locked else _ONE
    found = _links(session, statement, {"number": number})
    return found[0] if found else None


def between(session: Session, patient_id: int, chat_id: int) -> Link | None:
    """Give the link of a patient and a support person, an ended one too; None when there never was one."""
    found = _links(session, _BY_PAIR, {"owner": patient_id, "chat_id": chat_id})
    return found[0] if found else None


def sealed_name(session: Session, wrapped: bytes, patient_id: int, chat_id: int, name: str) -> bytes:
    """Seal a support person's name with their own key."""
    return seal(keyring(session).unwrap(wrapped), name.encode(), _place(patient_id, chat_id))


def invitation(whose: Person, row: Any) -> Invitation:
    """Read an invitation of a patient."""
    number, patient_id, bound, scopes, state, name, made_at, expires_at = row
    opened = whose.open(name, "invitations/name") if name else ""
    return Invitation(number, patient_id, bound, _scopes(scopes), InvitationState(state), opened, made_at, expires_at)


def _links(session: Session, statement: Any, values: Mapping[str, Any]) -> list[Link]:
    return [_link(session, row) for row in run(session, statement, values)]


def _link(session: Session, row: Any) -> Link:
    number, patient_id, chat_id, language, zone, scopes, state, name, version, *rest = row
    start, end, paused_at, muted, last_wish_at, wrapped = rest
    opened = ""
    if name is not None and wrapped is not None:
        opened = unseal(keyring(session).unwrap(wrapped), name, _place(patient_id, chat_id)).decode()
    state, quiet = LinkState(state), QuietHours(start, end)
    told = (opened, version, quiet, paused_at, muted, last_wish_at)
    return Link(number, patient_id, chat_id, language, zone, _scopes(scopes), state, *told)


def _scopes(codes: frozenset[str]) -> frozenset[Scope]:
    return frozenset(Scope(code) for code in codes)


def _place(patient_id: int, chat_id: int) -> str:
    return f"support_persons/{patient_id}/{chat_id}"


def is_over(found: Invitation, now: datetime) -> bool:
    """Tell whether an invitation can be answered no more because its time is over."""
    return now >= found.expires_at
