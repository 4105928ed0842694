"""The screens of /treatment and /treated: the list, one treatment, and what is said after it was marked. All pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from care.course import after_moment
from care.people import Patient
from care.schedule import local_time, moment_at
from care.treatments import Treatment, TreatmentKind
from care.visits import Appointment
from handlers.screens import Button, Row, Screen, button, in_rows
from handlers.visit_screens import View, minute_of
from handlers.when import Unread, When, refusal
from handlers.words import Words

VERB = "tx"
ADD = ("ap", "new", "t")
"""What the button carries that adds one treatment appointment."""
ONLY_NOW = "now"
"""What the button of somebody carries who was not done when the bot asked."""
LAST = 3
"""How many treatments the list shows."""
COMING = 4
"""How many appointments the list shows."""
FEEL_WITHIN = timedelta(hours=6)
"""How long after its moment the card of a treatment day is offered when the treatment is told late."""
_MOST_HOURS = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A person's treatments, oldest first, and the treatment appointments ahead of them, the nearest first."""

    patient: Patient
    had: Sequence[Treatment]
    coming: Sequence[Appointment]

    def one(self, number: int | None) -> Treatment | None:
        """Give a treatment by its number."""
        return next((one for one in self.had if one.id == number), None)

    @property
    def kind_is_known(self) -> bool:
        """Tell whether the person ever said how the medicine is given."""
        return any(one.kind is not None for one in self.had)


def overview(view: View, sheet: Sheet, above: str = "") -> Screen:
    """List the last treatments and the coming ones, and say what is asked after one; covered in discreet mode."""
    words = view.words
    lines = [*([above, ""] if above else []), words("treatment-title"), "", *_told(view, sheet.had), ""]
    lines += [*_ahead(view, sheet.coming), ""] if sheet.coming else []
    rows: list[Row] = [(button(words("treatment-had"), VERB, "mark"),)]
    rows += [(_opener(view, visit),) for visit in sheet.coming[:COMING]]
    rows += [(button(words("treatment-correct"), VERB, "which"),)] if sheet.had else []
    set_up, add = button(words("treatment-set-up"), VERB, "course"), button(words("treatment-add"), *ADD)
    text = "\n".join((*lines, words("treatment-asked")))
    return Screen(text, (*rows, (set_up,), (add,)), (0, len(text)) if view.patient.discreet else None)


def _told(view: View, had: Sequence[Treatment]) -> list[str]:
    if not had:
        return [view.words("treatment-none")]
    lines = [view.words("treatment-line", moment=_named(view, one)) for one in had[-LAST:]]
    return [view.words("treatment-count", n=len(had)), *lines]


def _ahead(view: View, coming: Sequence[Appointment]) -> list[str]:
    lines = [view.words("treatment-line", moment=view.moment(visit.at)) for visit in coming[:COMING]]
    more = [view.words("treatment-more", n=len(coming) - COMING)] if len(coming) > COMING else []
    return [view.words("treatment-coming"), *lines, *more]


def _opener(view: View, visit: Appointment) -> Button:
    return button(view.words("treatment-open", moment=view.moment(visit.at)), "ap", "see", visit.id)


def _named(view: View, one: Treatment) -> str:
    """Write a treatment's moment, and its kind where that is known."""
    moment = view.moment(one.at)
    if one.kind is None:
        return moment
    return view.words("treatment-with-kind", moment=moment, kind=view.words(f"treatment-kind-{one.kind}"))


def which(view: View, sheet: Sheet) -> Screen:
    """Ask which treatment is to be corrected, the last one first."""
    buttons = [button(_named(view, one), VERB, "one", one.id) for one in reversed(sheet.had[-LAST * 2 :])]
    return Screen(view.words("treatment-which"), in_rows([*buttons, _back(view.words)], (1,)))


def _back(words: Words) -> Button:
    return button(words("treatment-back"), VERB)


def own(view: View, one: Treatment, above: str = "") -> Screen:
    """Give one treatment with what can be corrected about it."""
    words, about = view.words, (one.id, one.version)
    text = "\n".join((*([above] if above else []), words("treatment-one", moment=_named(view, one))))
    change = (
        button(words("treatment-time"), VERB, "retime", *about),
        button(words("treatment-kind"), VERB, "rekind", *about),
    )
    return Screen(text, (change, (button(words("treatment-take-back"), VERB, "undo", *about),), (_back(words),)))


def ask_kind(view: View, one: Treatment, *, first: bool = False) -> Screen:
    """Ask how the medicine was given: first when it was just marked, where it can be skipped."""
    words, verb = view.words, "kind" if first else "newkind"
    options = [
        button(words(f"treatment-kind-{kind}"), VERB, verb, one.id, one.version, kind.value) for kind in TreatmentKind
    ]
    skip = button(words("treatment-skip"), VERB, "noted", one.id)
    back = button(words("treatment-back"), VERB, "one", one.id)
    text = words("treatment-kind-ask")
    lines = [words("treated-noted", moment=view.moment(one.at)), text] if first else [text]
    return Screen("\n".join(lines), in_rows([*options, skip if first else back], (3, 1, 2)))


def ask_when(view: View) -> Screen:
    """Ask when the treatment was. "Just now" carries the moment of asking, so that a late press notes nothing."""
    words = view.words
    just = button(words("treated-just"), VERB, "just", minute_of(view.now))
    earlier = [button(words("treated-earlier"), VERB, "earlier")] if _hours(view) else []
    return Screen(words("treated-ask"), in_rows([just, *earlier, button(words("treated-other"), VERB, "other")], (1,)))


def ask_hour(view: View) -> Screen:
    """Offer the full hours of the day that have gone by."""
    zone = view.patient.zone_at(view.now)
    buttons = [
        button(view.words.clock(local_time(at, zone).hour * 60), VERB, "at", minute_of(at)) for at in _hours(view)
    ]
    return Screen(view.words("treated-hour"), (*in_rows(buttons, (4,)), (_back(view.words),)))


def _hours(view: View) -> list[datetime]:
    """List the last full hours of the person's day."""
    patient, zone = view.patient, view.patient.zone_at(view.now)
    today, date = patient.day_at(view.now), local_time(view.now, zone).date()
    hours = [moment_at(date, hour * 60, zone) for hour in range(24)]
    return [at for at in hours if at < view.now and patient.day_at(at) == today][-_MOST_HOURS:]


def ask_moment(words: Words) -> Screen:
    """Ask for the day and the time at which a treatment began."""
    return Screen(words("treated-type"), ((_back(words),),))


def unclear(view: View, found: When, carry: tuple[object, ...]) -> Screen:
    """Ask which of several moments was meant, or say why a text has none; carry is what a moment's button says."""
    if not found.readings:
        unread = found.unread is Unread.NOTHING
        text = view.words("treated-unread") if unread else refusal(view.words, found)
        return Screen(text, ((_back(view.words),),))
    buttons = [button(view.moment(at), VERB, *carry, minute_of(at)) for at in found.readings]
    return Screen(view.words("when-which"), in_rows([*buttons, _back(view.words)], (1,)))


def refused(view: View, at: datetime) -> Screen:
    """Say why a treatment at a moment cannot be noted."""
    if at > view.now:
        mark = button(view.words("treatment-had"), VERB, "mark")
        return Screen(view.words("treated-ahead", moment=view.moment(at)), ((mark,),))
    return Screen(view.words("treated-long-ago"), ((_back(view.words),),))


def near_another(words: Words) -> Screen:
    """Say that a treatment cannot be moved to where another one is."""
    return Screen(words("treatment-near"), ((_back(words),),))


def marked(view: View, sheet: Sheet, one: Treatment) -> Screen:
    """Give what follows a mark: the question for the kind until it was answered once, else the calm message."""
    return noted(view, sheet, one) if sheet.kind_is_known else ask_kind(view, one, first=True)


def noted(view: View, sheet: Sheet, one: Treatment) -> Screen:
    """Say that a treatment is noted, when the bot asks next, and on its day what not to do. No other advice."""
    words, is_first = view.words, sheet.had[0].id == one.id
    lines = [words("treated-noted", moment=view.moment(one.at)), _asks_next(view, one)]
    if _is_today(view, one):
        lines += ["", words("after-care" if is_first else "treated-care")]
    feel = button(words("treated-feel"), "c", "after", one.id, style="primary")
    wrong = button(words("treated-wrong"), VERB, "undo", one.id, one.version)
    return Screen("\n".join(lines), (*(((feel,),) if _can_tell(view, one) else ()), (wrong,)))


def _is_today(view: View, one: Treatment) -> bool:
    return view.patient.day_at(one.at) == view.patient.day_at(view.now)


def _can_tell(view: View, one: Treatment) -> bool:
    after = after_moment(view.patient, one)
    return after is not None and after <= view.now < after + FEEL_WITHIN


def _asks_next(view: View, one: Treatment) -> str:
    words, patient = view.words, view.patient
    after = after_moment(patient, one)
    if not patient.is_active(view.now):
        return words("treated-paused")
    if after is not None and after > view.now:
        local = local_time(after, patient.zone_at(after))
        return words("treated-next-at", time=words.clock(local.hour * 60 + local.minute))
    if _is_today(view, one):
        return words("treated-next-morning", time=words.clock(patient.waking_minute))
    return words("treated-next-usual")


def not_yet(words: Words, visit: Appointment) -> Screen:
    """Wait for the person to say that they are done."""
    about = (visit.id, visit.version)
    done, moved = (
        button(words("treated-done"), VERB, "done", *about, ONLY_NOW),
        button(words("treated-moved"), "ap", "move", *about),
    )
    return Screen(words("treated-not-yet"), ((done, moved),))
