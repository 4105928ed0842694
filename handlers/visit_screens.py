"""The screens of /appointments: the list, one appointment, and every question on the way. All pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from care.people import Patient
from care.schedule import local_time
from care.visits import Appointment, Ride, VisitKind, VisitState
from handlers.context import Clinic
from handlers.pickers import city
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.when import When, echo, moment_label, refusal
from handlers.words import Words

VERB = "ap"
CODES = {"t": VisitKind.TREATMENT, "v": VisitKind.FOLLOW_UP}
"""How a button names the kind of an appointment."""
PAGE = 6
"""How many appointments a page of the list has."""
LONGEST_NOTE = 1000
"""How many characters of a preparation note are kept: a reminder with it fits into one message."""
_RIDES = (Ride.YES, Ride.NOT_YET, Ride.NOT_NEEDED)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MINUTE = 2**27


@dataclass(frozen=True, slots=True)
class View:
    """What the screens are drawn from. Times are shown in the person's zone."""

    words: Words
    patient: Patient
    now: datetime
    clinic: Clinic = field(default_factory=Clinic)

    def moment(self, at: datetime) -> str:
        """Write a moment as the person's clock shows it then."""
        return moment_label(self.words, at, self.patient.zone_at(at), self.now)

    def there(self, at: datetime, zone: str) -> str:
        """Write the moment by the clinic's clock; "" where both clocks show the same."""
        mine, theirs = (local_time(at, one).replace(tzinfo=None) for one in (self.patient.zone_at(at), zone))
        if mine == theirs:
            return ""
        return self.words(
            "appt-there", city=city(self.words, zone), moment=moment_label(self.words, at, zone, self.now)
        )


@dataclass(frozen=True, slots=True)
class Ask:
    """What a typed date is for: what the button that says yes carries before the minute, and the one that asks anew.

    visit_id is the appointment that is to move, None for a new one.
    """

    yes: tuple[object, ...]
    anew: tuple[object, ...]
    visit_id: int | None = None


def minute_of(at: datetime) -> int:
    """Give a moment as a button carries it: minutes since 1970, UTC."""
    return int((at - _EPOCH) / timedelta(minutes=1))


def moment_of(minute: int | None) -> datetime | None:
    """Read a moment that a button carried; None when it is none."""
    if minute is None or not 0 <= minute < _LAST_MINUTE:
        return None
    return _EPOCH + timedelta(minutes=minute)


def overview(view: View, ahead: Sequence[Appointment], page: int = 0) -> Screen:
    """List what lies ahead, a page at a time, with a button for each; in discreet mode what it is for is covered."""
    words = view.words
    page = min(max(page, 0), max(len(ahead) - 1, 0) // PAGE)
    shown = ahead[page * PAGE : (page + 1) * PAGE]
    title = words("appt-title" if ahead else "appt-none")
    text = "\n".join((title, *(_line(view, visit) for visit in shown)))
    buttons = [button(view.moment(visit.at), VERB, "see", visit.id) for visit in shown]
    ways = (
        *((button(words("appt-previous"), VERB, "list", page - 1),) if page else ()),
        *((button(words("appt-next"), VERB, "list", page + 1),) if (page + 1) * PAGE < len(ahead) else ()),
    )
    add = ((button(words("appt-add"), VERB, "add"),), (button(words("appt-from-file"), VERB, "in"),))
    covered = (len(title) + 1, len(text)) if view.patient.discreet and shown else None
    return Screen(text, (*in_rows(buttons, (1,)), *((ways,) if ways else ()), *add), covered)


def _line(view: View, visit: Appointment) -> str:
    parts = [view.moment(visit.at), view.words(f"appt-kind-{_code(visit.kind)}")]
    if visit.state is VisitState.CONFIRMED:
        parts.append(view.words("appt-mark"))
    there = view.there(visit.at, visit.zone)
    return view.words("appt-line", line=" · ".join(parts)) + (f"\n{there}" if there else "")


def _code(kind: VisitKind) -> str:
    return next(code for code, one in CODES.items() if one is kind)


def own(view: View, visit: Appointment, above: str = "") -> Screen:
    """Give an appointment as it stands, with what can be done about it. Only its time is seen in discreet mode."""
    is_open = visit.is_ahead and visit.at > view.now
    zone = city(view.words, view.patient.zone_at(visit.at))
    head = view.words("appt-moment", moment=view.moment(visit.at), city=zone)
    seen = "\n".join(line for line in (above, head, view.there(visit.at, visit.zone)) if line)
    text = "\n".join((seen, *_told(view, visit, is_open=is_open)))
    covered = (len(seen) + 1, len(text)) if view.patient.discreet else None
    rows = _open_rows(view, visit) if is_open else _other_rows(view, visit)
    return Screen(text, (*rows, (button(view.words("appt-back"), VERB, "list"),)), covered)


def _told(view: View, visit: Appointment, *, is_open: bool) -> list[str]:
    words = view.words
    lines = [words(f"appt-is-{_code(visit.kind)}")]
    if visit.is_ahead and not is_open:
        lines.append(words("appt-gone-by"))
    elif visit.state is not VisitState.PLANNED:
        lines.append(words(f"appt-is-{visit.state}"))
    if is_open and visit.kind is VisitKind.TREATMENT:
        lines += ["", words("appt-ride-ask")]
    if is_open and visit.prep_note:
        lines += ["", words("appt-before"), visit.prep_note]
    if visit.state is VisitState.CANCELLED and visit.at > view.now:
        lines += ["", _tell_clinic(view)]
    return lines


def _tell_clinic(view: View) -> str:
    if not view.clinic.phone:
        return view.words("appt-tell-clinic")
    return view.words("appt-tell-clinic-at", phone=view.clinic.phone)


def _open_rows(view: View, visit: Appointment) -> tuple[Row, ...]:
    words = view.words
    can_not, file = cant_button(words, visit), button(words("appt-file"), VERB, "file", visit.id)
    first: tuple[Row, ...] = ((move_button(words, visit), can_not), (file, ready_button(words, visit)))
    if visit.state is VisitState.PLANNED:
        first = (
            (confirm_button(words, visit), move_button(words, visit)),
            (can_not, file),
            (ready_button(words, visit),),
        )
    if visit.kind is not VisitKind.TREATMENT:
        return first
    note = button(words("appt-note"), VERB, "note", visit.id)
    return (ride_row(words, visit), *first[:-1], (*first[-1], note))


def _other_rows(view: View, visit: Appointment) -> tuple[Row, ...]:
    words = view.words
    if visit.state is VisitState.CANCELLED and visit.at > view.now:
        undo = button(words("appt-undo"), VERB, "undo", visit.id, visit.version)
        return (*phone_rows(view), (undo, button(words("appt-add"), VERB, "add")))
    if visit.is_ahead:
        return were_you_rows(words, visit) if visit.kind is VisitKind.TREATMENT else (_date_row(words),)
    return (_date_row(words),)


def _date_row(words: Words) -> Row:
    return (button(words("appt-add-date"), VERB, "add"),)


def confirm_button(words: Words, visit: Appointment) -> Button:
    """Give the button that says the person will be there."""
    return button(words("appt-confirm"), VERB, "confirm", visit.id, visit.version, style="success")


def move_button(words: Words, visit: Appointment) -> Button:
    """Give the button that leads to another time."""
    return button(words("appt-move"), VERB, "move", visit.id, visit.version)


def cant_button(words: Words, visit: Appointment) -> Button:
    """Give the button that asks whether to cancel."""
    return button(words("appt-cant"), VERB, "cant", visit.id, visit.version)


def ready_button(words: Words, visit: Appointment) -> Button:
    """Give the button that opens what there is to do before a visit."""
    return button(words("appt-ready"), "vi", "open", visit.id)


def ride_row(words: Words, visit: Appointment) -> Row:
    """Give the answers to the question for a ride home; the one that holds carries a mark."""
    return tuple(_ride_button(words, visit, ride) for ride in _RIDES)


def _ride_button(words: Words, visit: Appointment, ride: Ride) -> Button:
    label = words(f"appt-ride-{ride.replace('_', '-')}")
    carried = (VERB, "ride", visit.id, visit.version, ride.value)
    if visit.ride is not ride:
        return button(label, *carried)
    return button(words("appt-present", label=label), *carried, style="success")


def were_you_rows(words: Words, visit: Appointment) -> tuple[Row, ...]:
    """Give the answers to the question whether the person was at their visit."""
    about = (visit.id, visit.version)
    done, not_yet = (
        button(words("appt-done"), "tx", "done", *about),
        button(words("appt-not-yet"), "tx", "notyet", *about),
    )
    moved, off = button(words("appt-moved-it"), VERB, "move", *about), button(words("appt-off"), VERB, "cancel", *about)
    return ((done, not_yet), (moved,), (off,))


def phone_rows(view: View) -> tuple[Row, ...]:
    """Give the button that copies the clinic's number; none where it is not known."""
    phone = view.clinic.phone
    return ((Button(view.words("appt-copy", phone=phone), copy=phone),),) if phone else ()


def kinds(words: Words) -> Screen:
    """Ask what a new appointment is for."""
    buttons = [button(words(f"appt-new-{code}"), VERB, "new", code) for code in CODES]
    ways = [button(words("appt-from-file"), VERB, "in"), button(words("appt-back"), VERB, "list")]
    return Screen(words("appt-which-kind"), in_rows([*buttons, *ways], (1,)))


def type_date(words: Words) -> Screen:
    """Ask for the day and the time of a new appointment."""
    return Screen(words("when-ask"), ((button(words("appt-back"), VERB, "list"),),))


def type_new_date(view: View, visit: Appointment) -> Screen:
    """Ask for the new time of an appointment; while it lies ahead the clinic is to be asked first."""
    words = view.words
    lines = [words("appt-moving", moment=view.moment(visit.at))]
    ahead = visit.at > view.now
    if ahead:
        lines.append(_ask_clinic(view))
    keep = button(words("appt-keep"), VERB, "see", visit.id)
    return Screen("\n\n".join((*lines, words("when-ask"))), (*(phone_rows(view) if ahead else ()), (keep,)))


def _ask_clinic(view: View) -> str:
    if not view.clinic.phone:
        return view.words("appt-ask-clinic")
    return view.words("appt-ask-clinic-at", phone=view.clinic.phone)


def type_note(view: View, visit: Appointment) -> Screen:
    """Ask what the clinic said about getting ready; what is kept already can be taken away."""
    words = view.words
    back = button(words("appt-back"), VERB, "see", visit.id)
    if not visit.prep_note:
        return Screen(words("appt-note-ask"), ((back,),))
    head = words("appt-note-ask") + "\n\n" + words("appt-note-now") + "\n"
    covered = (len(head), len(head) + len(visit.prep_note)) if view.patient.discreet else None
    remove = button(words("appt-note-remove"), VERB, "bare", visit.id, visit.version)
    return Screen(head + visit.prep_note, ((remove, back),), covered)


def cancel_ask(view: View, visit: Appointment) -> Screen:
    """Ask whether an appointment is to be cancelled."""
    words = view.words
    yes = button(words("appt-cancel"), VERB, "cancel", visit.id, visit.version)
    text = words("appt-cancel-ask", moment=view.moment(visit.at))
    return Screen(text, ((yes, button(words("appt-keep"), VERB, "see", visit.id)),))


def dated(view: View, found: When, ask: Ask, ahead: Sequence[Appointment]) -> Screen:
    """Answer a typed date: say it back, ask which of several was meant, or say why it cannot be."""
    if not found.readings:
        stop = button(view.words("appt-stop"), VERB, "list")
        return Screen(refusal(view.words, found), ((stop,),))
    if len(found.readings) > 1:
        return _which(view, found.readings, ask)
    (at,) = found.readings
    same = next((visit for visit in ahead if visit.at == at), None)
    return _echo(view, at, ask) if same is None else _taken(view, same, ask)


def _echo(view: View, at: datetime, ask: Ask) -> Screen:
    words = view.words
    yes = button(words("appt-yes"), VERB, *ask.yes, minute_of(at), style="success")
    text = echo(words, at, view.patient.zone_at(at), view.now)
    return Screen(text, ((yes, button(words("appt-change"), VERB, *ask.anew)),))


def _which(view: View, readings: Sequence[datetime], ask: Ask) -> Screen:
    zone = city(view.words, view.patient.zone_at(readings[0]))
    buttons = [button(view.moment(at), VERB, *ask.yes, minute_of(at)) for at in readings]
    neither = button(view.words("appt-neither"), VERB, *ask.anew)
    text = "\n".join((view.words("when-which"), view.words("appt-zone", city=zone)))
    return Screen(text, in_rows([*buttons, neither], (1,)))


def _taken(view: View, same: Appointment, ask: Ask) -> Screen:
    words = view.words
    show = button(words("appt-show"), VERB, "see", same.id)
    text = words("appt-taken", moment=view.moment(same.at))
    return Screen(text, ((show, button(words("appt-change"), VERB, *ask.anew)),))


def not_made(view: View, why: str) -> Screen:
    """Say why an appointment could not be made or moved: "past", "far" or "many"."""
    names = {"past": "when-unread-past", "far": "when-unread-too-far", "many": "appt-many"}
    back = button(view.words("appt-back"), VERB, "list")
    return Screen(view.words(names[why]), ((button(view.words("appt-add"), VERB, "add"), back),))


def send_file(words: Words) -> Screen:
    """Tell how a calendar file comes here."""
    return Screen(words("appt-file-how"), ((button(words("appt-back"), VERB, "list"),),))
