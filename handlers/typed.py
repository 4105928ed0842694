"""Where a typed text goes: to the prompt that asked for it, to the open step of the first minutes, or to the notes."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.people import Patient, State
from handlers import notes, start
from handlers.context import CareContext
from storage import patients, pending
from storage.pending import Pending

Handler = Callable[[Update, CareContext], Awaitable[None]]
Taker = Callable[[Update, CareContext, Pending], Awaitable[None]]
"""Takes the text that a prompt of one kind asked for; it forgets the prompt itself, last of all."""


async def received(update: Update, context: CareContext, takers: Mapping[str, Taker], others: Handler) -> None:
    """Hand a typed text to whoever asked for it; a text that nobody asked for is offered as a note.

    others takes the texts of people who are no patients.
    """
    patient, expected = await context.read(_who_and_what, context.chat_id, context.now)
    if patient is None:
        await others(update, context)
    elif patient.state is State.ONBOARDING:
        await start.typed(update, context, patient)
    elif expected is not None and expected.kind in takers:
        await takers[expected.kind](update, context, expected)
    else:
        await notes.offer(update, context)


def _who_and_what(session: Session, chat_id: int, now: datetime) -> tuple[Patient | None, Pending | None]:
    patient = patients.find(session, chat_id)
    return patient, pending.expected(session, chat_id, now) if patient else None
