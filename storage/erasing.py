"""Erasing a person: every row of theirs in every table, and their key, in one transaction."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session

from care.due import Kind
from care.sharing import InvitationState, LinkState
from storage import consents, links, support, supporting, tables, updates
from storage.copies import counts
from storage.receipts import by_kind, code_of
from storage.rows import Person, keyring, person, person_by_id
from storage.writing import run

DELETABLE = timedelta(hours=47)
"""How long Telegram lets a bot take a message back; an hour less than it says."""

_OWNER: Any = bindparam("owner")
_CHAT: Any = bindparam("chat")
_SINCE: Any = bindparam("since")
_D, _S, _I, _E = tables.due.c, tables.support_persons.c, tables.invitations.c, tables.sharing_events.c
_KEYS = select(_S.key_id).where(_S.patient_id == _OWNER, _S.key_id.is_not(None))
_OWN_KEY = select(tables.patients.c.key_id).where(tables.patients.c.id == _OWNER)
_SHOWN = (
    select(_D.message_id).where(_D.patient_id == _OWNER, _D.finished_at > _SINCE, _D.kind != Kind.EXPORT),
    select(tables.check_ins.c.message_id).where(
        tables.check_ins.c.patient_id == _OWNER, tables.check_ins.c.opened_at > _SINCE
    ),
    *(
        select(table.c.message_id).where(table.c.patient_id == _OWNER, table.c.written_at > _SINCE)
        for table in (tables.notes, tables.visit_lines)
    ),
)
_OF_CHAT = (
    delete(tables.newcomers).where(tables.newcomers.c.chat_id == _CHAT),
    delete(tables.pending_inputs).where(tables.pending_inputs.c.chat_id == _CHAT),
    delete(tables.inbox).where(tables.inbox.c.chat_key == _CHAT),
    delete(tables.code_tries).where(tables.code_tries.c.chat_id == _CHAT),
)
_HELPING = select(_S.id).where(_S.chat_id == _CHAT).order_by(_S.id)
_UNBIND = update(tables.invitations).where(_I.bound_chat_id == _CHAT)
_OPEN = (InvitationState.DRAFT, InvitationState.OPEN)
_LEDGER = select(_E.id, _E.patient_id, _E.copy_sealed).where(
    _E.support_person_id == bindparam("link"), _E.copy_sealed.is_not(None)
)
_REWORD = update(tables.sharing_events).where(_E.id == bindparam("n")).values(copy_sealed=bindparam("words"))


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is to be told that sharing has ended."""

    chat_id: int
    language: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: how many rows by kind, whom to tell, the messages of the last two days, and the receipt's code.

    language is the person's; "" for somebody who was a support person only.
    """

    at: datetime
    language: str
    counts: dict[str, int]
    told: tuple[Told, ...]
    messages: tuple[int, ...]
    code: str


def erase(session: Session, chat_id: int, now: datetime) -> Erased | None:
    """Erase everything that is kept of a chat's person, as a patient and as a support person; None for a stranger.

    Whose support person they were is told that they left. Nothing of a person remains, so this may be repeated.
    """
    whose = person(session, chat_id, locked=True)
    helped = _leave_all(session, chat_id, now)
    erased = _erase_patient(session, whose, now) if whose else None
    for statement in _OF_CHAT:
        run(session, statement, {"chat": chat_id})
    if erased is None and helped:
        told = by_kind({"support_persons": helped})
        erased = Erased(now, "", told, (), (), code_of(keyring(session), told, now))
    return erased


def end_sharing(session: Session, chat_id: int, now: datetime) -> None:
    """Take back the consent to sharing: every link ends, every open invitation is withdrawn, what waits is dropped."""
    whose = person(session, chat_id, locked=True)
    if whose is None:
        return
    for link in support.links_of(session, chat_id):
        support.end(session, chat_id, link.id, now)
    for open_one in support.invitations_of(session, chat_id, now):
        support.withdraw(session, chat_id, open_one.id)
    consents.withdraw(session, whose.patient.id, consents.SHARING, now)


def _erase_patient(session: Session, whose: Person, now: datetime) -> Erased:
    patient = whose.patient
    owner = {"owner": patient.id}
    told = [link for link in links.of_patient(session, patient.id) if link.state is not LinkState.WAITING]
    went = by_kind(counts(session, patient.chat_id))
    messages = _messages(session, patient.id, now)
    keys = [*run(session, _KEYS, owner).scalars(), *run(session, _OWN_KEY, owner).scalars()]
    # Everything else that is the person's goes with this row: the tables say so themselves.
    run(session, delete(tables.patients).where(tables.patients.c.id == _OWNER), owner)
    _drop_keys(session, keys)
    chats = tuple(Told(link.chat_id, link.language) for link in told)
    return Erased(now, patient.language, went, chats, messages, code_of(keyring(session), went, now))


def _messages(session: Session, patient_id: int, now: datetime) -> tuple[int, ...]:
    values = {"owner": patient_id, "since": now - DELETABLE}
    found = {number for statement in _SHOWN for number in run(session, statement, values).scalars()}
    return tuple(sorted(number for number in found if number is not None))


def _drop_keys(session: Session, keys: Iterable[int | None]) -> None:
    numbers = [number for number in keys if number is not None]
    run(session, delete(tables.data_keys).where(tables.data_keys.c.id.in_(numbers)))
    keyring(session).forget()


def _leave_all(session: Session, chat_id: int, now: datetime) -> int:
    """Leave every patient as a support person, tell them so, and take the name out of what they keep; give how many."""
    numbers = run(session, _HELPING, {"chat": chat_id}).scalars().all()
    for number in numbers:
        link = links.one(session, number, locked=True)
        if link is None:
            continue
        _unname(session, number)
        if link.is_open:
            updates.notice(session, f"s{number}", link.patient_id, "left", now)
        supporting.forget(session, link, now)
    unbound = {"bound_chat_id": None, "name_sealed": None}
    run(session, _UNBIND.where(_I.state.in_(_OPEN)).values(unbound | {"state": "withdrawn"}), {"chat": chat_id})
    run(session, _UNBIND.values(unbound), {"chat": chat_id})
    return len(numbers)


def _unname(session: Session, link_id: int) -> None:
    """Take a support person's name out of the copies of what was sent to them."""
    for number, patient_id, sealed in run(session, _LEDGER, {"link": link_id}).all():
        whose = person_by_id(session, patient_id)
        if whose is not None:
            copy = json.loads(whose.open(sealed, "sharing_events")) | {"name": ""}
            words = whose.seal(json.dumps(copy, ensure_ascii=False), "sharing_events")
            run(session, _REWORD, {"n": number, "words": words})
