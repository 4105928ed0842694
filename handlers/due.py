"""One due row becomes one message: the daily prompt, the nudge, the card that comes again, the closing of a card."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram.error import BadRequest

from care.checkin import CheckIn
from care.due import Due, Failure, Kind, lane
from care.people import Patient
from handlers import card
from handlers.card import View
from handlers.context import Bot, Deps
from handlers.errors import classify
from handlers.screens import call, replace, show
from handlers.words import Words
from storage import checkins
from storage.due import Begun

PLANNED = timedelta(hours=1)
"""A prompt that comes more than this after its planned time says so."""


async def deliver(bot: Bot, deps: Deps, begun: Begun) -> int | None:
    """Send what is owed and give the message id; None when there was nothing to show. Raises Telegram's errors."""
    if begun.check_in is None:
        return None
    view = view_of(begun.patient, begun.check_in, deps)
    return await _DELIVERIES[begun.due.kind](bot, view, begun.due)


async def catch_up(bot: Bot, deps: Deps, begun: Begun, message_id: int) -> None:
    """Redraw a card that came after its question was answered on another message: the question must not stand twice.

    That happens when a prompt of unknown outcome is repeated just as the person answers the first one.
    """
    if begun.check_in is None or begun.due.kind is Kind.CLOSE:
        return
    present = await deps.database.read(checkins.find, begun.patient.chat_id, begun.check_in.id)
    if present is None or present.check_in.answers == begun.check_in.answers:
        return
    view = view_of(present.patient, present.check_in, deps)
    await replace(bot, begun.patient.chat_id, message_id, card.card(view))


def view_of(patient: Patient, check_in: CheckIn, deps: Deps) -> View:
    """Give what the card's screens are drawn from, in the language that the person chose."""
    return View(Words(patient.language), patient, check_in, deps.clock())


async def _daily(bot: Bot, view: View, owed: Due) -> int:
    lines = [card.heading(view), *([view.words("due-late")] if is_late(view, owed) else [])]
    screen = card.unprompted(view, above="\n".join(lines))
    return await show(bot, view.patient.chat_id, screen, lane=lane(owed.kind))


def is_late(view: View, owed: Due) -> bool:
    """Tell whether a prompt comes so long after the person's own time that a word is owed about it."""
    plan = view.patient.plan_on(owed.day)
    return plan is not None and view.now - plan.moment(owed.day) > PLANNED


async def _nudge(bot: Bot, view: View, owed: Due) -> int:
    until = view.clock(view.patient.day_over(view.check_in.day))
    screen = card.unprompted(view, above=view.words("due-nudge", time=until))
    return await show(bot, view.patient.chat_id, screen, lane=lane(owed.kind), silent=True)


async def _again(bot: Bot, view: View, owed: Due) -> int:
    return await show(bot, view.patient.chat_id, card.unprompted(view), lane=lane(owed.kind))


async def _close(bot: Bot, view: View, owed: Due) -> int | None:
    """Turn the live card into the closed one. Where it is gone nothing is sent: nobody is called for a closing."""
    message_id = view.check_in.message_id
    if message_id is None:
        return None
    params = {"chat_id": view.patient.chat_id, "message_id": message_id, **card.closed(view).as_json()}
    try:
        await call(bot, "edit_Message_Text", params, lane(owed.kind))
    except BadRequest as error:
        if classify(error)[0] is not Failure.REFUSED:
            raise
    return message_id


_DELIVERIES: dict[Kind, Callable[[Bot, View, Due], Awaitable[int | None]]] = {
    Kind.DAILY: _daily,
    Kind.NUDGE: _nudge,
    Kind.SNOOZE: _again,
    Kind.CLOSE: _close,
}
