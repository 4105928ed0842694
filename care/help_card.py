"""When the help card is shown, what comes instead of it, and the one message on the day after."""

from datetime import datetime, timedelta
from enum import StrEnum

from care.due import Decision, Drop, Due, DueState, Kind, Later, NewDue, Send
from care.people import Patient, State
from care.schedule import local_time, moment_at, quiet_ends

CARD_AGAIN_AFTER = timedelta(minutes=30)
LATE_AFTER = timedelta(minutes=10)
NEXT_DAY_MINUTE = 10 * 60
FOLLOW_UP_WORTH = timedelta(hours=10)


class Shows(StrEnum):
    """What a text that speaks of suicide or self-harm is answered with: the card, the late card, or one line."""

    CARD = "card"
    LATE = "late"
    LINE = "line"


def shows(last: datetime | None, said_at: datetime, now: datetime) -> Shows:
    """Give what a text said at a moment is answered with; last is when the person saw the card before."""
    if last is not None and now - last < CARD_AGAIN_AFTER:
        return Shows.LINE
    return Shows.LATE if now - said_at > LATE_AFTER else Shows.CARD


def follow_up(patient: Patient, shown_at: datetime) -> NewDue:
    """Give the one message of the next calendar day: at 10:00 where the person is, or when quiet hours end.

    The slot is the second at which the card was shown: the row is also the memory of that.
    """
    zone = patient.zone_at(shown_at)
    day = local_time(shown_at, zone).date()
    at = quiet_ends(moment_at(day + timedelta(days=1), NEXT_DAY_MINUTE, zone), zone, patient.quiet)
    event, slot = f"c{day.isoformat()}", str(int(shown_at.timestamp()))
    return NewDue(patient.id, Kind.CARE, event, slot, 0, at, at + FOLLOW_UP_WORTH)


def follow_up_still_wanted(due: Due, patient: Patient, now: datetime) -> Decision:
    """Decide on the message of the next day: a pause does not keep it, "stop" does. It is never sent twice.

    Without a zone its hour would be anybody's guess, so that it does not come.
    """
    reasons = {
        "stopped": patient.state is State.STOPPED,
        "zone_unknown": patient.zone is None,
        "outcome_unknown": due.outcome_unknown,
    }
    for why, is_so in reasons.items():
        if is_so:
            return Drop(why)
    if now >= due.expires_at:
        return Drop("too_late", DueState.EXPIRED)
    free = quiet_ends(now, patient.zone_at(now), patient.quiet)
    if free <= now:
        return Send()
    return Later(free, "quiet_hours") if free < due.expires_at else Drop("quiet_hours", DueState.EXPIRED)
