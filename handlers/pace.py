"""How often the bot writes: the word that it will write less, the last one, and the line about a clock change."""

from datetime import date, datetime

from sqlmodel import Session
from telegram import Update

from care.clock_changes import tells_clock_change
from care.easing import Tone, pace_chosen
from care.people import Pace, Patient
from handlers.choices import often_words
from handlers.context import CareContext
from handlers.menu import command_button, standing
from handlers.screens import Button, Screen, button, in_rows
from handlers.words import Words
from storage import patients

VERB = "pc"


async def pressed(update: Update, context: CareContext) -> None:
    """Write as often as the button says; one that says nothing known shows how often the bot writes."""
    pace = context.press.word(0)
    chosen = Pace(pace) if pace in set(Pace) else None
    patient = await context.write(_choose, context.chat_id, chosen, context.now)
    if patient is None:
        await context.acknowledge()
    else:
        await context.present(set_screen(context.words(patient.language), patient, context.now))


def _choose(session: Session, chat_id: int, pace: Pace | None, now: datetime) -> Patient | None:
    patient = patients.find(session, chat_id)
    if patient is None or pace is None:
        return patient
    return patients.choose(session, chat_id, pace_chosen(patient, pace, now), now)


def pace_button(words: Words, pace: Pace) -> Button:
    """Give the button that sets a pace."""
    return button(words(f"pace-{pace.value}"), VERB, pace.value)


def set_screen(words: Words, patient: Patient, now: datetime) -> Screen:
    """Say how often the check-in comes; whoever is not written to at all is told so, with the way back."""
    if not patient.is_active(now):
        again = button(words("menu-resume"), "pa", "resume", style="success")
        return Screen(standing(words, patient, now), ((again,),))
    time = words.clock(patient.daily_minute or 0)
    row = (command_button(words, "checkin"), command_button(words, "reminders"))
    return Screen(words("pace-set", time=time, often=often_words(words, patient)), (row,))


def screen(words: Words, tone: Tone) -> Screen:
    """Give the message that comes in place of a card after a silence."""
    check_in = command_button(words, "checkin")
    if tone is Tone.LAST:
        again = button(words("pace-again"), "pa", "resume", style="success")
        return Screen(words("pace-last"), ((again,), (check_in, command_button(words, "urgent"))))
    paces = [pace_button(words, Pace.DAILY), pace_button(words, Pace.EVERY_2)]
    return Screen(words("pace-easing"), in_rows([check_in, *paces, command_button(words, "pause")], (2,)))


def clock_line(words: Words, patient: Patient, day: date) -> str:
    """Give the line about a clock change that a day's card carries; "" on almost every day."""
    change = tells_clock_change(patient, day)
    if change is None:
        return ""
    return words("pace-clocks", day=words.day(change), time=words.clock(patient.daily_minute or 0))
