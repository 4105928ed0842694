"""Small steps: the line and the two buttons under a saved card, and what the person says of a step."""

from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.steps import MORE, NOT, Step, steps
from handlers.context import CareContext
from handlers.screens import Row, button
from handlers.words import Words
from storage import patients
from storage import steps as shown_steps

VERB = "sp"


def lines(words: Words, step: Step) -> str:
    """Give the lines that stand under a saved card: an offer, and the step."""
    return words("step-offer") + "\n" + words(f"step-{step.code}")


def row(words: Words, check_in_id: int, step: Step) -> Row:
    """Give the buttons that tell what the person thinks of a step. They stay: a mind can be changed."""
    more = button(words("step-more"), VERB, MORE, check_in_id, step.code)
    return (more, button(words("step-not"), VERB, NOT, check_in_id, step.code))


async def pressed(update: Update, context: CareContext) -> None:
    """Keep what the person says of a step and thank them in a short notice; the card stays as it is."""
    verdict, check_in_id, code = context.press.word(0), context.press.number(1), context.press.word(2)
    if check_in_id is None or verdict not in (MORE, NOT) or code not in steps():
        await context.acknowledge(context.words()("press-not-found"))
        return
    language, is_kept = await context.write(_judge, context.chat_id, check_in_id, code, verdict, context.now)
    await context.acknowledge(context.words(language)(f"step-thanks-{verdict}" if is_kept else "press-not-found"))


def _judge(
    session: Session, chat_id: int, check_in_id: int, code: str, verdict: str, now: datetime
) -> tuple[str | None, bool]:
    """Keep a verdict; give the language to answer in, and whether the step was shown there at all."""
    patient = patients.find(session, chat_id)
    is_kept = shown_steps.judge(session, chat_id, check_in_id, code, verdict, now)
    return patient.language if patient else None, is_kept
