"""The steps towards an invitation, each in one transaction. A button drawn from an older choice does nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from care.sharing import Invitation, InvitationState, Scope, mask_of, scopes_of
from handlers.press import Press
from handlers.sharing import Sharing, read
from handlers.words import Words
from storage import consents, pending, previews, support
from storage.shares import Share

NAME_TYPED = "support-name"
"""What is expected of a person who is asked under which name they invite."""
MAKES = ("make", "again")
"""The steps that need a new code."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a person stands after a step: the invitation they are at, the example of it, what was done or refused.

    done: the link was made, or the invitation was taken back.
    """

    sharing: Sharing
    invitation: Invitation | None = None
    refused: str = ""
    done: bool = False
    example: dict[Scope, list[Share]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """What a step is given: what was pressed, the name that Telegram shows of the person, a new code for a link."""

    press: Press
    first_name: str
    code: str

    @property
    def mask(self) -> int | None:
        """Give the choice of scopes, or the moment, that the button was drawn from."""
        return self.press.number(2)


def step(session: Session, chat_id: int, given: Given, now: datetime) -> Step | None:
    """Do the step that a button stands for; None for whoever is no patient."""
    sharing, kind = read(session, chat_id, now), given.press.word(0)
    if sharing is None:
        return None
    _expect_name(session, chat_id, now, wanted=kind == "name" or not sharing.name)
    if kind in _BEGINNINGS:
        return _BEGINNINGS[kind](session, sharing, given, now)
    number = given.press.number(1)
    found = _standing(session, chat_id, number, now) if number is not None else None
    return _STEPS[kind](session, sharing, found, given, now) if found else Step(sharing)


def pick(session: Session, chat_id: int, picked_id: int, name: str, now: datetime) -> Step | None:
    """Begin an invitation for the account of somebody who was picked."""
    sharing = read(session, chat_id, now)
    if sharing is None or not sharing.name:
        return Step(sharing) if sharing else None
    if picked_id == chat_id:
        return Step(sharing, refused="pick-self")
    if any(link.chat_id == picked_id for link in sharing.links):
        return Step(sharing, refused="pick-linked")
    return _draft(session, sharing, now, picked_id, name)


def _expect_name(session: Session, chat_id: int, now: datetime, *, wanted: bool) -> None:
    """Expect a typed name while it is asked for; whoever has gone on is not expected to type one any more."""
    expected = pending.expected(session, chat_id, now)
    if wanted:
        pending.expect(session, chat_id, NAME_TYPED, "", None, now)
    elif expected is not None and expected.kind == NAME_TYPED:
        pending.forget(session, chat_id)


def _standing(session: Session, chat_id: int, number: int, now: datetime) -> Invitation | None:
    waiting = support.invitations_of(session, chat_id, now)
    return next((one for one in waiting if one.id == number), None)


def _ask(session: Session, sharing: Sharing, given: Given, now: datetime) -> Step:
    """Come to the name or to the person; nothing is written."""
    why = support.why_not(session, sharing.patient.chat_id, now) if given.press.word(0) != "name" else ""
    return Step(sharing, refused=why)


def _called(session: Session, sharing: Sharing, given: Given, now: datetime) -> Step:
    """Keep the name that Telegram shows as the one to invite under."""
    chat_id = sharing.patient.chat_id
    if given.first_name:
        support.name_me(session, chat_id, given.first_name)
        pending.forget(session, chat_id)
    return Step(read(session, chat_id, now) or sharing)


def _anyone(session: Session, sharing: Sharing, given: Given, now: datetime) -> Step:
    return _draft(session, sharing, now) if sharing.name else Step(sharing)


def _draft(session: Session, sharing: Sharing, now: datetime, picked_id: int | None = None, name: str = "") -> Step:
    chat_id = sharing.patient.chat_id
    draft = support.draft(session, chat_id, now, bound_chat_id=picked_id, name=name)
    return Step(sharing, draft, refused="" if draft else support.why_not(session, chat_id, now))


def _tick(session: Session, sharing: Sharing, found: Invitation, given: Given, now: datetime) -> Step:
    wanted = given.press.number(3)
    if given.mask != mask_of(found.scopes) or wanted is None:
        return Step(sharing, found)
    return Step(sharing, support.set_scopes(session, sharing.patient.chat_id, found.id, scopes_of(wanted)))


def _look(session: Session, sharing: Sharing, found: Invitation, given: Given, now: datetime) -> Step:
    if found.state is not InvitationState.DRAFT or given.mask != mask_of(found.scopes):
        return Step(sharing, found)
    return Step(sharing, found, example=previews.of_invitation(session, sharing.patient.chat_id, found.id, now))


def _open(session: Session, sharing: Sharing, found: Invitation, given: Given, now: datetime) -> Step:
    return Step(sharing, found)


def _make(session: Session, sharing: Sharing, found: Invitation, given: Given, now: datetime) -> Step:
    """Make the link of what was shown as the example, once."""
    if found.state is not InvitationState.DRAFT or given.mask != mask_of(found.scopes):
        return Step(sharing, found)
    return _issue(session, sharing, found, given, now)


def _again(session: Session, sharing: Sharing, found: Invitation, given: Given, now: datetime) -> Step:
    """Make a new link in place of the one that was made at the moment the button carries."""
    if found.state is not InvitationState.OPEN or given.mask != int(found.made_at.timestamp()):
        return Step(sharing, found)
    return _issue(session, sharing, found, given, now)


def _issue(session: Session, sharing: Sharing, found: Invitation, given: Given, now: datetime) -> Step:
    issued = support.issue(session, sharing.patient.chat_id, found.id, given.code, now)
    if issued is None:
        return Step(sharing, found)
    version = Words(sharing.patient.language)("support-consent-version")
    consents.give(session, sharing.patient.id, consents.SHARING, version, now)
    return Step(sharing, issued, done=True)


def _drop(session: Session, sharing: Sharing, found: Invitation, given: Given, now: datetime) -> Step:
    chat_id = sharing.patient.chat_id
    support.withdraw(session, chat_id, found.id)
    return Step(read(session, chat_id, now) or sharing, done=found.state is InvitationState.OPEN)


_BEGINNINGS: Mapping[str, Callable[[Session, Sharing, Given, datetime], Step]] = {
    "invite": _ask,
    "name": _ask,
    "pick": _ask,
    "called": _called,
    "anyone": _anyone,
}
_STEPS: Mapping[str, Callable[[Session, Sharing, Invitation, Given, datetime], Step]] = {
    "tick": _tick,
    "look": _look,
    "edit": _open,
    "open": _open,
    "make": _make,
    "again": _again,
    "drop": _drop,
}
STEPS = frozenset((*_BEGINNINGS, *_STEPS))
"""The words that buttons of an invitation carry."""
