"""/reminders: when the bot will write next, what became of the last messages, and the way to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlmodel import Session
from telegram import Update

from care.checkin import Kind, Outcome
from care.due import DueState, coming_prompts
from care.due import Kind as DueKind
from care.people import Patient
from care.schedule import local_time, wall_minute
from handlers import choices
from handlers.choices import days_words, quiet_words
from handlers.context import CareContext
from handlers.menu import command_button, standing
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.words import Words
from storage import due, history, patients
from storage.due import PastDue

VERB = "re"
_AHEAD = 3
_BACK = 5
_CHANGES = ("time", "days", "quiet", "nudges")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a person's prompts: the days that need none any more, and what became of the last ones."""

    patient: Patient
    done: frozenset[date]
    past: tuple[PastDue, ...]


async def reminders(update: Update, context: CareContext) -> None:
    """Show the next prompts as they will really come."""
    plan = await context.read(_plan, context.chat_id, context.now)
    if plan:
        await context.present(reminders_screen(context.words(plan.patient.language), plan, context.now))


async def pressed(update: Update, context: CareContext) -> None:
    """Show what became of the last prompts and why, or the next ones again."""
    plan = await context.read(_plan, context.chat_id, context.now)
    if plan is None:
        await context.acknowledge()
        return
    words = context.words(plan.patient.language)
    past = context.press.word(0) == "why"
    await context.present(why_screen(words, plan) if past else reminders_screen(words, plan, context.now))


def _plan(session: Session, chat_id: int, now: datetime) -> Plan | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    today = patient.day_at(now)
    past = tuple(due.recent(session, chat_id, now, _BACK * 2))
    recent = history.recent(session, chat_id, today - timedelta(days=1), today + timedelta(days=1))
    settled = {found.day for found in recent if found.kind is Kind.DAILY and found.outcome is not Outcome.OPEN}
    prompted = {date.fromisoformat(row.event[:10]) for row in past if row.kind is DueKind.DAILY and row.attempted_at}
    return Plan(patient, frozenset(settled | prompted), past)


def reminders_screen(words: Words, plan: Plan, now: datetime) -> Screen:
    """Give the next prompts, or why there are none, and the rules they follow."""
    patient = plan.patient
    lines = [words("reminders-title"), *_coming(words, plan, now), ""]
    lines += [
        words("reminders-days", time=words.clock(patient.daily_minute or 0), days=days_words(words, patient.weekdays)),
        words("reminders-nudges", n=patient.nudges),
        words("reminders-quiet", hours=quiet_words(words, patient.quiet)),
    ]
    changes = [button(words(f"settings-{item}"), choices.VERB, item) for item in _CHANGES]
    rest: Row = (button(words("reminders-why"), VERB, "why"), _on_or_off(words, patient, now))
    return Screen("\n".join(lines), (*in_rows(changes, (2,)), rest))


def why_screen(words: Words, plan: Plan) -> Screen:
    """List what became of the last prompts, newest first."""
    told = [row for row in plan.past if row.why != "plan_changed"][:_BACK]
    lines = [words("reminders-past"), *(_past(words, plan.patient, row) for row in told)]
    if not told:
        lines.append(words("reminders-past-none"))
    return Screen("\n".join(lines), ((button(words("settings-back"), VERB, "next"),),))


def _coming(words: Words, plan: Plan, now: datetime) -> Sequence[str]:
    patient = plan.patient
    moments = islice(coming_prompts(patient, now, plan.done), _AHEAD)
    lines = [_moment(words, patient, date.fromisoformat(prompt.event), prompt.at) for prompt in moments]
    if patient.is_active(now):
        return lines or [words("reminders-none")]
    return [standing(words, patient, now), *([words("reminders-then"), *lines] if lines else [])]


def _moment(words: Words, patient: Patient, day: date, at: datetime) -> str:
    """Name a prompt by the time the person chose; the few minutes by which prompts are spread are left unsaid."""
    plan = patient.plan_on(day)
    planned = plan.moment(day) if plan else at
    local = local_time(planned, patient.zone_at(planned))
    return words("reminders-moment", day=words.day(local.date()), time=words.clock(local.hour * 60 + local.minute))


def _past(words: Words, patient: Patient, row: PastDue) -> str:
    zone = patient.zone_at(row.at)
    local = local_time(row.finished_at if row.state is DueState.SENT and row.finished_at else row.at, zone)
    when = words("reminders-moment", day=words.day(local.date()), time=words.clock(wall_minute(local, zone)))
    return words("reminders-past-line", when=when, kind=words(f"due-kind-{row.kind.value}"), what=_fate(words, row))


def _fate(words: Words, row: PastDue) -> str:
    if row.state is DueState.SENT:
        return words("due-sent")
    if row.state in (DueState.WAITING, DueState.LEASED):
        return words("due-on-its-way")
    name = f"due-why-{(row.why or '').replace('_', '-')}"
    return words("due-not-sent", why=words(name if words.has(name) else "due-why-other"))


def _on_or_off(words: Words, patient: Patient, now: datetime) -> Button:
    if patient.is_active(now):
        return command_button(words, "pause")
    return button(words("menu-resume"), "pa", "resume", style="success")
