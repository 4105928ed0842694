"""/reminders: when the bot will write next and why, what became of the last messages, and the way to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from telegram import Update

from care.course import DAILY_SET
from care.due import DueState, Kind
from care.easing import Tone
from care.outlook import Coming, Known, outlook
from care.people import Pace, Patient
from care.schedule import local_time, wall_minute
from handlers import choices, pace
from handlers.choices import often_words, quiet_words
from handlers.context import CareContext
from handlers.menu import command_button, standing
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.words import Words
from storage import outlook as rows
from storage.outlook import Past

VERB = "re"
WHY = "why"
_SHORT, _AHEAD, _BACK = 3, 5, 5
_CHANGES = ("time", "days", "quiet", "nudges", "pace", "visits")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a person's messages: what the next ones follow from, and what became of the last ones."""

    known: Known
    past: tuple[Past, ...]

    @property
    def patient(self) -> Patient:
        """Give whose messages they are."""
        return self.known.patient


async def reminders(update: Update, context: CareContext) -> None:
    """Show the next messages as they will really come; with "why" after the command also for what reason."""
    command, *rest = context.text.casefold().split(maxsplit=1) or [""]
    await _show(context, explained=command.startswith("/") and rest == [WHY])


async def pressed(update: Update, context: CareContext) -> None:
    """Show why messages come and what became of the last ones, or the next ones again."""
    await _show(context, explained=context.press.word(0) == WHY)


async def _show(context: CareContext, *, explained: bool) -> None:
    plan = await context.read(_plan, context.chat_id, context.now)
    if plan is None:
        await context.acknowledge()
        return
    words = context.words(plan.patient.language)
    await context.present((why_screen if explained else reminders_screen)(words, plan, context.now))


def _plan(session: Session, chat_id: int, now: datetime) -> Plan | None:
    known = rows.known(session, chat_id, now)
    return None if known is None else Plan(known, tuple(rows.past(session, chat_id, now, _BACK)))


def reminders_screen(words: Words, plan: Plan, now: datetime) -> Screen:
    """Give the next messages, or why there are none, and the rules they follow."""
    patient = plan.patient
    coming = [_noun_line(words, patient, one) for one in outlook(plan.known, now, _SHORT)]
    lines = [*_ahead(words, patient, coming, now), ""]
    lines += [
        words("reminders-days", time=words.clock(patient.daily_minute or 0), days=often_words(words, patient)),
        words("reminders-nudges", n=patient.nudges),
        words("reminders-quiet", hours=quiet_words(words, patient.quiet)),
    ]
    changes = in_rows([button(words(f"settings-{item}"), choices.VERB, item) for item in _CHANGES], (2,))
    rest: Row = (button(words("reminders-why"), VERB, WHY), _on_or_off(words, patient, now))
    daily = () if patient.pace is Pace.DAILY else ((pace.pace_button(words, Pace.DAILY),),)
    return _covered(patient, words("reminders-title"), lines, (*daily, *changes, rest))


def why_screen(words: Words, plan: Plan, now: datetime) -> Screen:
    """List the next messages with a few words why, and what became of the last ones, newest first."""
    patient = plan.patient
    coming = [_why_line(words, patient, one) for one in outlook(plan.known, now, _AHEAD)]
    past = [_past_line(words, patient, row) for row in plan.past] or [words("reminders-past-none")]
    lines = [*_ahead(words, patient, coming, now), "", words("reminders-past"), *past]
    return _covered(patient, words("reminders-title"), lines, ((button(words("settings-back"), VERB, "next"),),))


def _covered(patient: Patient, title: str, lines: Sequence[str], rows_: tuple[Row, ...]) -> Screen:
    """Put lines under a title; in discreet mode they are covered until they are tapped."""
    text = "\n".join((title, *lines))
    return Screen(text, rows_, hidden=(len(title) + 1, len(text)) if patient.discreet else None)


def _ahead(words: Words, patient: Patient, coming: Sequence[str], now: datetime) -> list[str]:
    if patient.is_active(now):
        return [*coming] or [words("reminders-none")]
    return [standing(words, patient, now), *([words("reminders-then"), *coming] if coming else [])]


def _noun_line(words: Words, patient: Patient, one: Coming) -> str:
    return words("reminders-line", when=_when(words, patient, one.at), what=kind_words(words, one.due.kind))


def _why_line(words: Words, patient: Patient, one: Coming) -> str:
    what = coming_words(words, patient, one)
    if one.held:
        time = words.clock(wall_minute(one.at, patient.zone_at(one.at)))
        what = words("coming-held", what=what, time=time, why=why_words(words, one.held))
    return words("reminders-line", when=_when(words, patient, one.at), what=what)


def coming_words(words: Words, patient: Patient, one: Coming) -> str:
    """Say what a message to come is and why it comes."""
    if one.tone is not Tone.USUAL:
        return words(f"coming-{one.tone.value}")
    if one.visit is not None:
        return words(f"coming-{one.due.kind.value}", visit=_when(words, patient, one.visit.at))
    if one.treatment is not None:
        name = one.due.kind.value if one.set_name == DAILY_SET else one.set_name
        return words(f"coming-{_dashed(name)}", day=words.day(patient.day_at(one.treatment.at)))
    return words(f"coming-{_dashed(one.due.kind.value)}")


def kind_words(words: Words, kind: Kind) -> str:
    """Name a kind of message."""
    return words(f"due-kind-{_dashed(kind.value)}")


def why_words(words: Words, why: str) -> str:
    """Say in a few words why something was held or not sent."""
    name = f"due-why-{_dashed(why)}"
    return words(name if words.has(name) else "due-why-other")


def _past_line(words: Words, patient: Patient, row: Past) -> str:
    what = words("reminders-past-line", kind=kind_words(words, row.kind), what=_fate(words, row))
    return words("reminders-line", when=_when(words, patient, row.moment), what=what)


def _fate(words: Words, row: Past) -> str:
    if row.state is DueState.SENT:
        return words("due-sent")
    if row.state is DueState.LEASED:
        return words("due-on-its-way")
    return words("due-not-sent", why=why_words(words, row.why or ""))


def _when(words: Words, patient: Patient, at: datetime) -> str:
    local = local_time(at, patient.zone_at(at))
    return words("reminders-moment", day=words.day(local.date()), time=words.clock(local.hour * 60 + local.minute))


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _on_or_off(words: Words, patient: Patient, now: datetime) -> Button:
    if patient.is_active(now):
        return command_button(words, "pause")
    return button(words("menu-resume"), "pa", "resume", style="success")
