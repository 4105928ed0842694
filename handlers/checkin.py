"""The check-in in the chat: what each button of the card does. The screens themselves stand in card.py."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session
from telegram import Update

from care.checkin import Kind, Outcome, asked, next_question
from care.forms import forms
from care.guidance import is_alone
from care.questions import Question
from care.schedule import is_quiet
from care.sharing import Link
from care.steps import Step
from care.trends import span
from handlers import card
from handlers.card import View
from handlers.context import CareContext
from handlers.form_screens import FormBeside
from handlers.guidance import Beside
from handlers.screens import Screen, retire
from storage import checkins, guides, history, offers, support
from storage import forms as form_rows
from storage.checkins import Card

_WEEK = timedelta(days=6)
_SUNDAY = 6
_SHUT = (Outcome.DECLINED, Outcome.CLOSED)


async def today(update: Update, context: CareContext) -> None:
    """Show today's card as a new message; one that was left out or closed is open again."""
    view = await _write(context, lambda session: _open_today(session, context.chat_id, context.now))
    if view is None:
        await not_found(context)
        return
    complete = view.check_in.outcome is Outcome.COMPLETE
    await _show(context, view, card.saved(view, another=True) if complete else card.card(view), fresh=True)


def _open_today(session: Session, chat_id: int, now: datetime) -> Card | None:
    found = checkins.open_today(session, chat_id, now)
    if found is None or found.check_in.outcome not in _SHUT:
        return found
    return checkins.reopen(session, chat_id, found.check_in.id, now)


async def answered(update: Update, context: CareContext) -> None:
    """Take an answer and show what comes next; a press that is late, doubled or forged shows the present card."""
    press, chat_id, now = context.press, context.chat_id, context.now
    check_in_id, code, revision = press.number(0), press.word(1), press.number(3)
    value, skips = press.number(2), press.word(2) == card.SKIP
    if check_in_id is None or revision is None or (value is None and not skips):
        await not_found(context)
        return
    view = await _write(
        context, lambda session: _answer(session, chat_id, check_in_id, Given(code, value, revision), now)
    )
    await _show_present(context, view)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as a button carries it, with how often the question had been answered when it was drawn."""

    code: str
    value: int | None
    revision: int


def _answer(session: Session, chat_id: int, check_in_id: int, given: Given, now: datetime) -> Card | None:
    card_now = checkins.answer(session, chat_id, check_in_id, given.code, given.value, given.revision, now)
    return _with_offer(session, card_now, now)


def _with_offer(session: Session, found: Card | None, now: datetime) -> Card | None:
    """Choose the card or the small step that a check-in which is complete now shows, in the same transaction."""
    if found is not None and found.changed and found.check_in.outcome is Outcome.COMPLETE:
        offers.offer(session, found.patient, found.check_in, now)
    return found


async def ticked(update: Update, context: CareContext) -> None:
    """Show what is ticked so far where many may be; nothing is stored before "That's all"."""
    press = context.press
    check_in_id, code, mask, revision = press.number(0), press.word(1), press.number(2), press.number(3)
    view = await _found(context, check_in_id)
    question = _open_question(view, code) if view else None
    is_present = view is not None and view.check_in.revision(code) == revision
    if view and question and is_present and _can_be_ticked(question, mask):
        await _show(context, view, card.ask(view, question, ticked=mask))
    else:
        await _show_present(context, view)


def _can_be_ticked(question: Question, mask: int | None) -> bool:
    return question.many and mask is not None and (mask == 0 or question.takes(mask))


async def question_pressed(update: Update, context: CareContext) -> None:
    """Open a question of the card again, or show the present card."""
    await _with_question(context, context.press.number(0), context.press.word(1), explained=False)


async def pressed(update: Update, context: CareContext) -> None:
    """Do what a button of the card other than an answer says."""
    act = _ACTS.get(context.press.word(0))
    if act is not None:
        await act(context)
        return
    view = await _found(context, context.press.number(1))
    if view is None:
        await not_found(context)
        return
    screen = _SCREENS.get(context.press.word(0), card.card)
    await _show(context, view, screen(view))


async def not_found(context: CareContext) -> None:
    """Answer a press on a card that is no check-in of this person's; nothing changes."""
    await context.acknowledge(context.words()("press-not-found"))


async def _explain(context: CareContext) -> None:
    await _with_question(context, context.press.number(1), context.press.word(2), explained=True)


async def _with_question(context: CareContext, check_in_id: int | None, code: str, *, explained: bool) -> None:
    view = await _found(context, check_in_id)
    question = _open_question(view, code) if view else None
    if view and question:
        await _show(context, view, card.ask(view, question, explained=explained))
    else:
        await _show_present(context, view)


def _open_question(view: View, code: str) -> Question | None:
    """Give a question that may be shown now: one with an answer to change, or the one whose turn it is."""
    check_in = view.check_in
    if check_in.outcome in _SHUT:
        return None
    may = [q for q in asked(check_in.questions, check_in.answers) if q.code in check_in.answers]
    turn = next_question(check_in.questions, check_in.answers)
    return next((q for q in (*may, turn) if q is not None and q.code == code), None)


async def _open_in_place(context: CareContext) -> None:
    view = await _write(context, lambda session: _open_today(session, context.chat_id, context.now))
    await _show_present(context, view)


async def _open_past(context: CareContext) -> None:
    try:
        day = date.fromisoformat(context.press.word(1))
    except ValueError:
        await not_found(context)
        return
    view = await _write(context, lambda session: checkins.open_past(session, context.chat_id, day, context.now))
    await _show_present(context, view, fresh=True)


async def _open_extra(context: CareContext) -> None:
    """Open another entry. The card it was asked from is its key, so that a doubled press opens one."""
    key = f"{context.press.number(1)}/{context.pressed_message_id}"
    view = await _write(context, lambda session: checkins.open_extra(session, context.chat_id, key, context.now))
    await _show_present(context, view, fresh=True)


async def _all_fine(context: CareContext) -> None:
    check_in_id = context.press.number(1)
    if check_in_id is None:
        await not_found(context)
        return
    view = await _write(context, lambda session: _answer_all_fine(session, context.chat_id, check_in_id, context.now))
    await _show_present(context, view)


def _answer_all_fine(session: Session, chat_id: int, check_in_id: int, now: datetime) -> Card | None:
    return _with_offer(session, checkins.answer_all_fine(session, chat_id, check_in_id, now), now)


async def _open_after(context: CareContext) -> None:
    """Open the card after a treatment at once, because the person asked for it."""
    number = context.press.number(1)
    view = await _write(
        context, lambda session: checkins.open_after_now(session, context.chat_id, number or 0, context.now)
    )
    await _show_present(context, view, fresh=True)


async def _open_form(context: CareContext) -> None:
    """Open a standard form where its button stands; without item 9 where the operator leaves it out."""
    form = forms().get(context.press.word(1))
    if form is None:
        await not_found(context)
        return
    name = form.set_name(item_nine=context.deps.item_nine)
    view = await _write(context, lambda session: checkins.open_form(session, context.chat_id, name, context.now))
    await _show_present(context, view)


async def _decline(context: CareContext) -> None:
    await _settle(context, checkins.decline)


async def _until_next(context: CareContext) -> None:
    await _settle(context, checkins.decline, card.until_next)


async def _fill_in(context: CareContext) -> None:
    await _settle(context, checkins.reopen)


async def _settle(
    context: CareContext,
    settle: Callable[[Session, int, int, datetime], Card | None],
    declined: Callable[[View], Screen] = card.card,
) -> None:
    check_in_id = context.press.number(1)
    if check_in_id is None:
        await not_found(context)
        return
    view = await _write(context, lambda session: settle(session, context.chat_id, check_in_id, context.now))
    if view is not None and view.check_in.outcome is Outcome.DECLINED:
        await _show(context, view, declined(view))
    else:
        await _show_present(context, view)


async def _snooze(context: CareContext) -> None:
    """Show the card again at the moment the button carries; one inside quiet hours is asked about first."""
    view = await _found(context, context.press.number(1))
    at = card.moment_of(context.press.number(2) or 0)
    if view is None or at is None:
        await not_found(context)
    elif view.check_in.outcome is not Outcome.OPEN:
        await _show_present(context, view)
    elif not card.fits(view, at):
        await _show(context, view, card.later(view))
    elif context.press.word(0) == "snooze" and is_quiet(at, view.patient.zone_at(at), view.patient.quiet):
        await _show(context, view, card.sure(view, at))
    else:
        await _set_snooze(context, view, at)


async def _set_snooze(context: CareContext, view: View, at: datetime) -> None:
    await context.write(checkins.snooze, context.chat_id, view.check_in.id, at, context.now)
    await _show(context, view, card.snoozed(view, at))


async def _found(context: CareContext, check_in_id: int | None) -> View | None:
    if check_in_id is None:
        return None
    drawn = await context.read(
        lambda session: _drawn(session, checkins.find(session, context.chat_id, check_in_id), context.now)
    )
    return _view(context, drawn)


async def _write(context: CareContext, fn: Callable[[Session], Card | None]) -> View | None:
    return _view(context, await context.write(lambda session: _drawn(session, fn(session), context.now)))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card with what it shows beside the answers once it is complete."""

    card: Card
    moods: tuple[int, ...] = ()
    step: Step | None = None
    links: tuple[Link, ...] = ()
    beside: Beside = field(default_factory=Beside)
    form: FormBeside = field(default_factory=FormBeside)


def _drawn(session: Session, found: Card | None, now: datetime) -> Drawn | None:
    """Read in the same hop what a complete card shows.

    That is its week's moods, what its answers call for or else a small step, and on Sundays who can see.
    """
    if found is None:
        return None
    if found.check_in.outcome is not Outcome.COMPLETE:
        return Drawn(found)
    beside, form = _beside(session, found), _form_beside(session, found, now)
    if found.check_in.kind in (Kind.VISIT, Kind.FORM):
        return Drawn(found, beside=beside, form=form)
    last, chat_id = found.check_in.day, found.patient.chat_id
    week = history.entries(session, chat_id, last - _WEEK, last)
    moods = tuple(entry.values["mood"] for entry in week if "mood" in entry.values and not entry.extra)
    reminds = found.check_in.kind is Kind.DAILY and last.weekday() == _SUNDAY
    links = tuple(support.links_of(session, chat_id)) if reminds else ()
    return Drawn(found, moods, offers.of_check_in(session, found.patient, found.check_in), links, beside, form)


def _form_beside(session: Session, found: Card, now: datetime) -> FormBeside:
    """Read what a saved card shows of the forms: the one filled in before, and the one that is offered."""
    patient, done = found.patient, found.check_in
    earlier = form_rows.before(session, patient.chat_id, done, now) if done.kind is Kind.FORM else None
    is_told = form_rows.is_told(session, patient, done)
    return FormBeside(earlier, form_rows.offered(session, patient, done, now), is_told)


def _beside(session: Session, found: Card) -> Beside:
    """Read what the answers call for, and whom to ask for somebody who has nobody near."""
    patient, done = found.patient, found.check_in
    alone = is_alone(done.values)
    near = tuple(support.links_of(session, patient.chat_id)) if alone else ()
    guide = guides.of_check_in(session, patient, done)
    idea = offers.idea(session, patient, done) if guide and guide.rule.buttons else None
    return Beside(guide, idea, is_alone=alone, near=near)


def _view(context: CareContext, drawn: Drawn | None) -> View | None:
    if drawn is None:
        return None
    patient, words = drawn.card.patient, context.words(drawn.card.patient.language)
    beside = replace(drawn.beside, clinic_phone=context.deps.clinic.phone)
    return View(
        words, patient, drawn.card.check_in, context.now, span(drawn.moods), drawn.step, drawn.links, beside, drawn.form
    )


async def _show_present(context: CareContext, view: View | None, *, fresh: bool = False) -> None:
    if view is None:
        await not_found(context)
    else:
        await _show(context, view, card.card(view), fresh=fresh)


async def _show(context: CareContext, view: View, screen: Screen, *, fresh: bool = False) -> None:
    """Show a card where it was pressed, or as a new message; only one message of a check-in keeps buttons."""
    shown = await (context.say(screen) if fresh else context.present(screen))
    if shown == view.check_in.message_id:
        return
    previous = await context.write(checkins.card_shown, context.chat_id, view.check_in.id, shown)
    if previous is not None:
        await retire(context.bot, context.chat_id, previous)


def _later(view: View) -> Screen:
    asks_today = (
        view.check_in.outcome is Outcome.OPEN and view.check_in.kind in (Kind.DAILY, Kind.AFTER) and view.is_today
    )
    return card.later(view) if asks_today else card.card(view)


def _left(view: View) -> Screen:
    return card.left(view) if view.check_in.outcome is Outcome.CLOSED else card.card(view)


def _change(view: View) -> Screen:
    return card.card(view) if view.check_in.outcome in _SHUT else card.change(view)


def _idea(view: View) -> Screen:
    """Show a small step under a card that offered one."""
    return card.card(replace(view, beside=replace(view.beside, is_opened=True)))


def _aside(view: View) -> Screen:
    """Put the card that the answers called for away; the check-in is still shown."""
    return card.card(replace(view, beside=replace(view.beside, guide=None)))


def _done(view: View) -> Screen:
    return card.saved(view, finished=True) if view.check_in.outcome is Outcome.COMPLETE else card.card(view)


_SCREENS: dict[str, Callable[[View], Screen]] = {
    "show": card.card,
    "later": _later,
    "leave": _left,
    "change": _change,
    "done": _done,
    "idea": _idea,
    "aside": _aside,
}
_ACTS: dict[str, Callable[[CareContext], Awaitable[None]]] = {
    "open": _open_in_place,
    "past": _open_past,
    "extra": _open_extra,
    "no": _decline,
    "next": _until_next,
    "fill": _fill_in,
    "snooze": _snooze,
    "sure": _snooze,
    "explain": _explain,
    "fine": _all_fine,
    "after": _open_after,
    "form": _open_form,
}
