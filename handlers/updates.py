"""Updates to support persons and words to patients about them, as messages.

Both come unasked and light up on lock screens: their first lines hold no word of health, and how somebody is stays
covered until it is tapped.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from care.crisis import ELSEWHERE, country
from care.due import Due, Lane
from care.schedule import local_time, wall_minute
from care.sharing import SCOPES, Link, Scope, What
from care.visits import Appointment, Ride, VisitKind
from handlers.context import Bot, Deps
from handlers.helplines import emergency_words
from handlers.onboarding import guess_country
from handlers.pickers import city
from handlers.profile import set_menu
from handlers.screens import Button, Row, Screen, button, call, show
from handlers.told import about_of, told
from handlers.words import Words
from storage import shares
from storage.due import Begun
from storage.shares import Share

VERB = "ben"
_LANES = {
    What.PLEASE_CALL: Lane.SAFETY,
    What.VISIT: Lane.APPOINTMENT,
    What.VISIT_OFF: Lane.APPOINTMENT,
    What.MOOD_WEEK: Lane.DIGEST,
}
_SAME = 0.5
"""Two weeks whose mean moods differ by less are about the same."""
_DAY = timedelta(days=1)


async def deliver(bot: Bot, deps: Deps, owed: Due, share: Share) -> int:
    """Send an update to a support person, written into the patient's ledger first."""
    words, what = Words(share.link.language), share.update.what
    shown = screen(words, share, deps.clock())
    await deps.database.write(shares.note, owed, share, shown.text, deps.clock())
    lane, silent = _LANES.get(what, Lane.PROMPT), what is What.MOOD_WEEK
    number = await show(bot, share.link.chat_id, shown, lane=lane, silent=silent, protected=True)
    if what is What.ENDED:
        await set_menu(bot, deps, share.link.chat_id, words)
    return number


async def take_back(bot: Bot, deps: Deps, share: Share, message_id: int) -> None:
    """Delete an update that was on its way while its sharing ended, and say so in the ledger."""
    if await deps.database.read(shares.stands, share):
        return
    await call(bot, "delete_Message", {"chat_id": share.link.chat_id, "message_id": message_id})
    await deps.database.write(shares.taken_back, share, message_id)


async def tell_patient(bot: Bot, deps: Deps, begun: Begun) -> int | None:
    """Send the patient a word about a link or an invitation; None when there is nothing left to say."""
    patient = begun.patient
    about = await deps.database.read(about_of, patient.chat_id, begun.due.event)
    moment = about.visit.at if about.visit else deps.clock()
    shown = told(Words(patient.language), about, patient.zone_at(moment))
    return None if shown is None else await show(bot, patient.chat_id, shown, lane=Lane.PROMPT)


def screen(words: Words, share: Share, now: datetime) -> Screen:
    """Give an update as the support person sees it; now decides what is today and what is tomorrow."""
    if share.update.what is What.MOOD_WEEK:
        return _covered(*_week(words, share))
    if share.update.what is What.SIDE_EFFECTS:
        return _covered(*_effects(words, share))
    if share.update.what is What.VISIT:
        return _visit(words, share, now)
    if share.update.what is What.VISIT_OFF:
        return _visit_off(words, share)
    return Screen(_TEXTS[share.update.what](words, share))


def name_of(words: Words, share: Share) -> str:
    """Give the name of the patient; for one who chose none, a word in its place."""
    return share.patient_name or words("updates-someone")


def scope_lines(words: Words, scopes: frozenset[Scope], name: str) -> str:
    """List in plain words what is shared; a word for nothing where nothing is."""
    lines = [words(f"updates-scope-{scope.replace('_', '-')}", name=name) for scope in SCOPES if scope in scopes]
    return "\n".join(words("updates-scope-line", scope=line) for line in lines) or words("updates-scope-none")


def _checked_in(words: Words, share: Share) -> str:
    name = "updates-checked-in" if share.update.what is What.CHECKED_IN else "updates-not-checked-in"
    return words(name, name=name_of(words, share), day=_day(words, share))


def please_call(words: Words, share: Share) -> str:
    """Give the request to call as the support person reads it."""
    place = country(guess_country(share.link.zone, "", ""))
    known = place.code != ELSEWHERE
    emergency = emergency_words(words, place) if known else words("updates-emergency-there")
    return words("updates-please-call", name=name_of(words, share), emergency=emergency)


def _started(words: Words, share: Share) -> str:
    name = name_of(words, share)
    return words("updates-started", name=name, list=scope_lines(words, share.link.scopes, name))


_TEXTS: Mapping[What, Callable[[Words, Share], str]] = {
    What.CHECKED_IN: _checked_in,
    What.MISSED: _checked_in,
    What.PLEASE_CALL: please_call,
    What.STARTED: _started,
    What.ENDED: lambda words, share: words("updates-ended"),
}


def _covered(above: str, below: str) -> Screen:
    return Screen(f"{above}\n{below}", hidden=(len(above) + 1, len(above) + 1 + len(below)))


def _week(words: Words, share: Share) -> tuple[str, str]:
    name = name_of(words, share)
    if share.day is None:
        return words("updates-from", name=name), words("updates-no-mood")
    first, last = words.day(share.day - 7 * _DAY), words.day(share.day - _DAY)
    above = words("updates-week", name=name, first=first, last=last)
    this, before = share.weeks
    if this is None:
        return above, words("updates-no-mood")
    below = words("updates-mood", mean=words.number(this), days=share.answered)
    return above, below if before is None else f"{below}\n{words(f'updates-mood-{_arrow(this - before)}')}"


def _arrow(difference: float) -> str:
    if abs(difference) < _SAME:
        return "same"
    return "higher" if difference > 0 else "lower"


def _effects(words: Words, share: Share) -> tuple[str, str]:
    felt = [
        words("updates-effect", effect=words(f"short-{code}"), level=words(f"option-{code}-{value}"))
        for code, value in share.effects.items()
    ]
    return words("updates-from-day", name=name_of(words, share), day=_day(words, share)), "\n".join(felt)


def _day(words: Words, share: Share) -> str:
    return words.day(share.day) if share.day else ""


def _visit(words: Words, share: Share, now: datetime) -> Screen:
    visit, name = share.visit, name_of(words, share)
    if visit is None:
        return Screen(words("updates-from", name=name))
    text = words(f"updates-visit-{_near(visit, share.zone, now)}", name=name, when=_when(words, share, visit))
    if not asks_for_ride(visit):
        return _with_moment(text, words, share, visit)
    text = f"{text}\n\n{words('updates-ride-ask', name=name)}"
    return _with_moment(text, words, share, visit, (ride_answers(words, share.link, visit),))


def ride_answers(words: Words, link: Link, visit: Appointment) -> Row:
    """Give the two answers to the question whether a support person can take the patient."""
    return tuple(_ride_button(words, link, visit, answer) for answer in ("can", "cannot"))


def _ride_button(words: Words, link: Link, visit: Appointment, answer: str) -> Button:
    return button(words(f"updates-ride-{answer}"), VERB, "ride", link.id, visit.id, visit.version, answer)


def asks_for_ride(visit: Appointment) -> bool:
    """Tell whether somebody is still needed to take the patient home."""
    return visit.kind is VisitKind.TREATMENT and visit.ride in (None, Ride.NOT_YET)


def _visit_off(words: Words, share: Share) -> Screen:
    visit, name = share.visit, name_of(words, share)
    if visit is None:
        return Screen(words("updates-visit-gone", name=name))
    text = words(
        "updates-visit-moved" if visit.is_ahead else "updates-visit-off", name=name, when=_when(words, share, visit)
    )
    return _with_moment(text, words, share, visit)


def _with_moment(text: str, words: Words, share: Share, visit: Appointment, rows: tuple[Row, ...] = ()) -> Screen:
    """Mark the part of a text that says when a visit is, so that the client shows it in the reader's own zone."""
    said = _moment(words, share, visit)
    start = text.index(said)
    return Screen(text, rows, moment=(start, start + len(said), visit.at))


def visit_screen(words: Words, share: Share, said: str) -> Screen:
    """Give what the question for a ride turns into: the answer that was told, and the way to change it."""
    visit = share.visit
    if visit is None:
        return Screen(words("updates-ride-changed"))
    other = "cannot" if said == "can" else "can"
    text = words(f"updates-ride-said-{said}", name=name_of(words, share), when=_when(words, share, visit))
    return _with_moment(text, words, share, visit, ((_ride_button(words, share.link, visit, other),),))


def _near(visit: Appointment, zone: str, now: datetime) -> str:
    day, today = local_time(visit.at, zone).date(), local_time(now, zone).date()
    return {today: "today", today + _DAY: "tomorrow"}.get(day, "ahead")


def _when(words: Words, share: Share, visit: Appointment) -> str:
    said = _moment(words, share, visit)
    return words("updates-your-time", moment=said) if share.link.zone else said


def _moment(words: Words, share: Share, visit: Appointment) -> str:
    """Say when a visit is in the support person's zone; while that is unknown, in which zone it is said."""
    day = words.day(local_time(visit.at, share.zone).date())
    time = words.clock(wall_minute(visit.at, share.zone))
    if share.link.zone:
        return words("updates-moment", day=day, time=time)
    return words("updates-moment-in", day=day, time=time, city=city(words, share.zone))
