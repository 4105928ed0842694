"""Who writes and where help is near: asked of the database for a second, and guessed when it does not answer."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from care.crisis import Country, country
from care.people import Patient
from care.sharing import Link, Scope
from handlers.context import CareContext, Deps
from handlers.onboarding import guess_country
from handlers.words import Words
from storage import follow_ups, patients, support

R = TypeVar("R")
PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows: the patient, the support persons they may ask to call, and their last help card."""

    patient: Patient
    supporters: tuple[Link, ...]
    card_at: datetime | None
    name: str


@dataclass(frozen=True, slots=True)
class Near:
    """In which words and for which country help is shown. known is None for strangers and with the database away."""

    words: Words
    place: Country
    known: Known | None = None

    @property
    def supporters(self) -> tuple[Link, ...]:
        """List the support persons who may be asked to call."""
        return self.known.supporters if self.known else ()


async def near(context: CareContext) -> Near:
    """Give where help is near; a database that is slow or gone never keeps the person waiting."""
    user = context.incoming.effective_user if context.incoming else None
    guessed = guess(user.language_code if user else None, context.deps)
    known = await in_time(context.read(_known, context.chat_id))
    if known is None:
        return Near(context.words(), guessed)
    chosen = known.patient.country
    return Near(context.words(known.patient.language), country(chosen) if chosen else guessed, known)


async def in_time(work: Awaitable[R]) -> R | None:
    """Give what comes of asking the database; None when it fails or takes longer than a second."""
    try:
        return await asyncio.wait_for(work, PATIENCE_SECONDS)
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, help is shown
        return None


def guess(language_code: str | None, deps: Deps) -> Country:
    """Guess a stranger's country from their language's region, else the operator's; never from an address."""
    return country(guess_country(None, language_code or "", deps.defaults.country))


def _known(session: Session, chat_id: int) -> Known | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    callable_ = tuple(link for link in support.links_of(session, chat_id) if link.shares(Scope.PLEASE_CALL))
    name = support.shown_name(session, chat_id) if callable_ else ""
    return Known(patient, callable_, follow_ups.last_card(session, patient.id), name)
