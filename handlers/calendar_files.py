"""Calendar files in the chat: one that a person sends becomes appointments, and an appointment becomes a file.

Nothing of a file is kept before the person says what it holds: the offer is a reply to it, so that the press brings
it along, and it is read once more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session
from telegram import Document, Message, Update

from care.people import Patient
from care.visits import Appointment, VisitKind
from handlers.calendars import MOST_BYTES, BadCalendar, Calendar, Found, read, write_calendar
from handlers.context import CareContext
from handlers.files import download, send_file
from handlers.pickers import city
from handlers.screens import Screen, button, call, replace
from handlers.visit_changes import equip
from handlers.visit_screens import CODES, VERB, View
from storage import patients, visits
from storage.visits import Made, NewVisit

SHOWN = 10
"""How many dates of a file an offer lists."""
_ENDINGS = (".ics", ".ical", ".icalendar")
_KINDS = ("text/calendar", "application/ics")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the dates of a file. there counts those whose moment had an appointment before."""

    patient: Patient | None
    made: Made
    there: int = 0


def is_calendar(document: Document | None) -> bool:
    """Tell by its name or its kind whether a document may be a calendar file."""
    if document is None:
        return False
    return (document.file_name or "").lower().endswith(_ENDINGS) or (document.mime_type or "").lower() in _KINDS


async def received(update: Update, context: CareContext) -> None:
    """Say what a calendar file holds and ask what it is; the answer is a reply to the file."""
    message = update.effective_message
    patient, ahead = await context.read(_patient_and_moments, context.chat_id, context.now)
    if message is None or message.document is None or patient is None:
        return
    view = View(context.words(patient.language), patient, context.now)
    calendar = await _fetched(context, message.document, patient)
    screen = gone(view) if calendar is None else offer(view, calendar, ahead)
    params = {"chat_id": context.chat_id, **screen.as_json()}
    reply = {"message_id": message.message_id, "allow_sending_without_reply": True}
    await call(context.bot, "send_Message", params | {"reply_parameters": reply})


async def take(context: CareContext, kind: VisitKind) -> None:
    """Read the file that the pressed offer replies to once more, and make its dates appointments."""
    await context.acknowledge()
    patient = await context.read(patients.find, context.chat_id)
    if patient is None:
        return
    view = View(context.words(patient.language), patient, context.now)
    document = _replied_to(context)
    calendar = await _fetched(context, document, patient) if document else None
    if calendar is None or calendar.bad:
        screen = gone(view) if calendar is None else offer(view, calendar, ())
    else:
        new = [NewVisit(one.at, one.zone, kind, one.ends_at, one.mark) for one in calendar.found]
        screen = added_screen(view, await context.write(_add, context.chat_id, new, context.now))
    if context.pressed_message_id is not None:
        await replace(context.bot, context.chat_id, context.pressed_message_id, screen)


async def give(context: CareContext, patient: Patient, visit: Appointment) -> None:
    """Send an appointment as a file for the phone's calendar. Its title tells nobody what it is for."""
    words = context.words(patient.language)
    await context.acknowledge()
    uid = sha256(f"{context.bot.id}/{visit.id}".encode()).hexdigest()[:24] + "@check-in"
    content = await asyncio.to_thread(
        write_calendar,
        visit.at,
        visit.ends_at,
        visit.zone,
        words("appt-file-title"),
        uid,
        stamp=context.now,
        sequence=visit.version,
    )
    await send_file(context, content, "visit.ics", words("appt-file-caption"))


def offer(view: View, calendar: Calendar, ahead: Sequence[datetime]) -> Screen:
    """Say what a file holds and ask what it is for; ahead are the moments that have an appointment already."""
    words = view.words
    left_out = [words("appt-file-all-day", n=calendar.all_day)] if calendar.all_day else []
    if calendar.bad:
        text = "\n".join((words(f"appt-file-{calendar.bad.replace('_', '-')}"), *left_out))
        again = calendar.bad is not BadCalendar.TOO_BIG
        return Screen(text, ((button(words("appt-add"), VERB, "add"),),) if again else ())
    lines = [words("appt-file-found", n=len(calendar.found)), ""]
    lines += [_line(view, one, ahead) for one in calendar.found[:SHOWN]]
    more = len(calendar.found) - SHOWN
    lines += [words("appt-file-more", n=more)] if more > 0 else []
    lines += ["", *_about_zones(view, calendar), *left_out, words("appt-file-ask")]
    takes = [(button(words(f"appt-take-{code}"), VERB, "take", code),) for code in CODES]
    return Screen("\n".join(lines), (*takes, (button(words("appt-take-none"), VERB, "drop"),)))


def _line(view: View, one: Found, ahead: Sequence[datetime]) -> str:
    there = view.there(one.at, one.zone)
    known = f" · {view.words('appt-file-known')}" if one.at in ahead else ""
    return view.words("appt-line", line=view.moment(one.at) + known) + (f"\n{there}" if there else "")


def _about_zones(view: View, calendar: Calendar) -> list[str]:
    zone = city(view.words, view.patient.zone_at(view.now))
    doubtful = any(one.doubtful for one in calendar.found)
    return [view.words("appt-file-no-zone" if doubtful else "appt-zone", city=zone)]


def gone(view: View) -> Screen:
    """Ask for a file once more that cannot be had any longer."""
    return Screen(view.words("appt-file-gone"))


def added_screen(view: View, added: Added) -> Screen:
    """Tell what became of the dates of a file."""
    words, made = view.words, added.made
    counts = {
        "new": len(made.new),
        "moved": len(made.moved),
        "known-count": len(made.there) + added.there,
        "full": made.refused.count("many"),
    }
    lines = [words(f"appt-file-{name}", n=n) for name, n in counts.items() if n]
    text = "\n".join(lines or [words("appt-file-empty")])
    return Screen(text, ((button(words("appt-show-list"), VERB, "list"),),))


async def _fetched(context: CareContext, document: Document, patient: Patient) -> Calendar | None:
    """Fetch and read a file; None when Telegram has it no more."""
    if (document.file_size or 0) > MOST_BYTES:
        return Calendar((), BadCalendar.TOO_BIG)
    content = await download(context, document.file_id, document.file_size, MOST_BYTES)
    return None if content is None else await read(content, context.now, patient.zone_at(context.now))


def _replied_to(context: CareContext) -> Document | None:
    """Give the document that the pressed message is a reply to; None where that is gone."""
    query = context.incoming.callback_query if context.incoming else None
    pressed = query.message if query else None
    first = pressed.reply_to_message if isinstance(pressed, Message) else None
    return first.document if first else None


def _patient_and_moments(session: Session, chat_id: int, now: datetime) -> tuple[Patient | None, list[datetime]]:
    return patients.find(session, chat_id), [visit.at for visit in visits.ahead(session, chat_id, now)]


def _add(session: Session, chat_id: int, new: Sequence[NewVisit], now: datetime) -> Added:
    """Make appointments of those dates that have none yet, whatever for."""
    patient, taken = _patient_and_moments(session, chat_id, now)
    free = [one for one in new if one.at not in taken]
    made = visits.make(session, chat_id, free, now) if patient else None
    if patient is None or made is None:
        return Added(None, Made())
    equip(session, patient, made.new, now)
    return Added(patient, made, len(new) - len(free))
