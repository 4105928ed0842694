"""The buttons that stand for commands, and where a person stands: pure pieces that every topic may show."""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches

from care.people import Patient, State
from care.schedule import local_time, wall_minute
from handlers.screens import Button, Row, button
from handlers.words import Words

PATIENT_COMMANDS = (
    "checkin",
    "summary",
    "history",
    "appointments",
    "treatment",
    "ask",
    "forms",
    "support",
    "reminders",
    "pause",
    "settings",
    "privacy",
    "urgent",
    "help",
)
"""The menu of a patient, in its order."""

SUPPORT_COMMANDS = ("updates", "urgent", "pause", "leave", "privacy", "help")
"""The menu of somebody who only supports a patient."""

BESIDES = ("updates", "leave")
"""What a patient's menu has besides when they support another one too."""

NEWCOMER_COMMANDS = ("start", "help", "urgent", "privacy")
"""The menu of everybody else."""

_USUAL = ("checkin", "summary", "help")


def command_button(words: Words, command: str) -> Button:
    """Give the button that does what a command does."""
    return button(words(f"menu-{command}"), "he", command)


def likeliest(words: Words, typed: str = "") -> tuple[Row, ...]:
    """Give the three commands that a person most likely meant, one row."""
    return (tuple(command_button(words, command) for command in _three(typed)),)


def _three(typed: str) -> Iterable[str]:
    meant = get_close_matches(typed.casefold(), PATIENT_COMMANDS, n=3, cutoff=0.6)
    return tuple(dict.fromkeys((*meant, *_USUAL)))[:3]


def standing(words: Words, patient: Patient, now: datetime) -> str:
    """Say whether the bot writes first, and if not, why and until when."""
    if patient.is_active(now):
        return words("pause-active", time=words.clock(patient.daily_minute or 0))
    names = {
        State.ONBOARDING: "pause-not-begun",
        State.STOPPED: "pause-stopped",
        State.UNREACHABLE: "pause-unreachable",
    }
    if patient.state in names:
        return words(names[patient.state])
    return _paused(words, patient, patient.paused_until)


def _paused(words: Words, patient: Patient, until: datetime | None) -> str:
    if until is None:
        return words("pause-paused-open")
    zone = patient.zone_at(until)
    day, time = local_time(until, zone).date(), words.clock(wall_minute(until, zone))
    return words("pause-paused", day=words.day(day), time=time)
