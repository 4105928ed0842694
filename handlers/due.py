"""One due row becomes one message: the daily prompt, the nudge, the card that comes again, the closing of a card."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram.error import BadRequest

from care.checkin import CheckIn
from care.course import DAILY_SET
from care.due import Due, Failure, Kind, lane
from care.easing import Tone
from care.forms import form_in
from care.owed import card_moment
from care.people import Patient
from care.visits import Appointment
from handlers import card, erasing, exports, form_screens, pace, safety_screens, updates, visit_reminders
from handlers.card import View
from handlers.context import Bot, Deps
from handlers.errors import classify
from handlers.screens import Screen, call, replace, show
from handlers.words import Words
from storage import checkins, visits
from storage.due import Begun

PLANNED = timedelta(hours=1)
"""A prompt that comes more than this after its planned time says so."""


async def deliver(bot: Bot, deps: Deps, begun: Begun) -> int | None:
    """Send what is owed and give the message id; None when there was nothing to show. Raises Telegram's errors."""
    if begun.share is not None:
        return await updates.deliver(bot, deps, begun.due, begun.share)
    if begun.due.kind is Kind.NOTICE:
        return await updates.tell_patient(bot, deps, begun)
    if begun.due.kind is Kind.EXPORT:
        return await exports.deliver(bot, deps, begun)
    if begun.due.kind is Kind.RETENTION:
        return await erasing.deliver_notice(bot, begun)
    if begun.due.kind not in _DELIVERIES:
        return await _plain(bot, begun, _plain_screen(begun, deps))
    if begun.tone is not Tone.USUAL:
        return await _plain(bot, begun, pace.screen(_words(begun), begun.tone))
    if begun.check_in is None:
        return None
    view = view_of(begun.patient, begun.check_in, deps)
    return await _DELIVERIES[begun.due.kind](bot, view, begun.due)


async def _plain(bot: Bot, begun: Begun, screen: Screen) -> int:
    return await show(bot, begun.patient.chat_id, screen, lane=lane(begun.due.kind))


def _plain_screen(begun: Begun, deps: Deps) -> Screen:
    """Give what is no card of a check-in: the word after a help card, a form's turn, or what is about a visit."""
    if begun.due.kind is Kind.CARE:
        return safety_screens.next_day(_words(begun), discreet=begun.patient.discreet)
    if begun.due.kind is Kind.FORM:
        return form_screens.prompt(_words(begun), form_in(begun.due.event))
    return visit_reminders.screen(_words(begun), begun, deps.clock())


def _words(begun: Begun) -> Words:
    return Words(begun.patient.language)


async def catch_up(bot: Bot, deps: Deps, begun: Begun, message_id: int) -> None:
    """Redraw what was overtaken while it was on its way: a card that was answered, a visit that was moved.

    A question must not stand twice when a prompt of unknown outcome is repeated just as the person answers the
    first one, and a reminder must not stand for a moment that holds no more.
    """
    if begun.share is not None:
        await updates.take_back(bot, deps, begun.share, message_id)
    elif begun.visit is not None:
        await _catch_up_visit(bot, deps, begun.patient, begun.visit, message_id)
    elif begun.check_in is not None and begun.due.kind is not Kind.CLOSE:
        await _catch_up_card(bot, deps, begun.patient, begun.check_in, message_id)


async def _catch_up_card(bot: Bot, deps: Deps, patient: Patient, drawn: CheckIn, message_id: int) -> None:
    present = await deps.database.read(checkins.find, patient.chat_id, drawn.id)
    if present is None or present.check_in.answers == drawn.answers:
        return
    view = view_of(present.patient, present.check_in, deps)
    await replace(bot, patient.chat_id, message_id, card.card(view))


async def _catch_up_visit(bot: Bot, deps: Deps, patient: Patient, drawn: Appointment, message_id: int) -> None:
    present = await deps.database.read(visits.find, patient.chat_id, drawn.id)
    if present is None or (present.version, present.state) == (drawn.version, drawn.state):
        return
    await replace(
        bot,
        patient.chat_id,
        message_id,
        visit_reminders.redrawn(Words(patient.language), patient, present, deps.clock()),
    )


def view_of(patient: Patient, check_in: CheckIn, deps: Deps) -> View:
    """Give what the card's screens are drawn from, in the language that the person chose."""
    return View(Words(patient.language), patient, check_in, deps.clock())


async def _daily(bot: Bot, view: View, owed: Due) -> int:
    lines = [card.heading(view), *([view.words("due-late")] if is_late(view, owed) else [])]
    lines += [pace.clock_line(view.words, view.patient, owed.day)]
    screen = card.unprompted(view, above="\n".join(line for line in lines if line))
    return await show(bot, view.patient.chat_id, screen, lane=lane(owed.kind))


def is_late(view: View, owed: Due) -> bool:
    """Tell whether a prompt comes so long after the person's own time that a word is owed about it."""
    moments = (card_moment(view.patient, owed.day, name) for name in (view.check_in.set_name, DAILY_SET))
    planned = max((at for at in moments if at is not None and at <= owed.at), default=view.now)
    return view.now - planned > PLANNED


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
    Kind.AFTER: _again,
}
