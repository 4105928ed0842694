"""Words to a patient about an invitation or a support person: all pure, but for the reading of what they are about."""

from dataclasses import dataclass

from sqlmodel import Session

from care.schedule import local_time, wall_minute
from care.sharing import Invitation, Link, LinkState
from care.visits import Appointment, Ride
from handlers.screens import Row, Screen, button
from handlers.support_screens import confirm_row
from handlers.visit_screens import ride_row
from handlers.words import Words
from storage import support, visits

WISHES = ("thinking", "glad", "here", "soon", "rest")
"""The fixed texts that a support person can send; no other word goes through the bot."""


@dataclass(frozen=True, slots=True)
class About:
    """What a word to the patient is about."""

    what: str
    link: Link | None = None
    invitation: Invitation | None = None
    visit: Appointment | None = None


def about_of(session: Session, chat_id: int, event: str) -> About:
    """Gather what a notice is about; its event is "s12/accepted", "s12/can_drive.5.2" or "i7/declined"."""
    about, _, what = event.partition("/")
    number, (what, *visit) = int(about[1:]), what.split(".")
    if about.startswith("i"):
        return About(what, invitation=support.invitation_of(session, chat_id, number))
    found = support.link_of(session, chat_id, number)
    meant = visits.find(session, chat_id, int(visit[0])) if visit else None
    stands = meant is not None and meant.is_ahead and str(meant.version) == visit[1]
    return About(what, found[1] if found else None, visit=meant if stands else None)


def told(words: Words, about: About, zone: str) -> Screen | None:
    """Give a word to the patient; zone is theirs. None for what does not hold any more."""
    if about.what in ("left", "unreachable"):
        return Screen(words(f"updates-told-{about.what}"), (_support(words),))
    if about.invitation is not None and about.what in ("declined", "wrong_account"):
        whom = about.invitation.name or words("updates-someone-invited")
        text = words(f"updates-told-{about.what.replace('_', '-')}", name=whom)
        return Screen(text, (_support(words),))
    return _told_of_link(words, about, about.link, zone) if about.link is not None else None


def _told_of_link(words: Words, about: About, link: Link, zone: str) -> Screen | None:
    name = link.name or words("updates-someone")
    if about.what == "accepted":
        return _told_accepted(words, link, name)
    if about.what.startswith("wish_"):
        wish = about.what.removeprefix("wish_")
        if wish not in WISHES or link.wishes_muted:
            return None
        mute = button(words("support-wishes-off"), "sh", "wish", link.id, "off")
        text = words("updates-told-wish", name=name, wish=words(f"updates-wish-{wish}"))
        return Screen(text, ((mute,),))
    return _told_of_ride(words, about.what, name, about.visit, zone) if about.visit is not None else None


def _told_accepted(words: Words, link: Link, name: str) -> Screen | None:
    """Ask whether it is the right person; None once that was answered."""
    if link.state is not LinkState.WAITING:
        return None
    return Screen(words("updates-told-accepted", name=name), (confirm_row(words, link.id),))


def _told_of_ride(words: Words, what: str, name: str, visit: Appointment, zone: str) -> Screen | None:
    day, time = words.day(local_time(visit.at, zone).date()), words.clock(wall_minute(visit.at, zone))
    when = words("updates-moment", day=day, time=time)
    if what == "can_drive":
        return Screen(words("updates-told-can-drive", name=name, when=when), (ride_row(words, visit),))
    if what != "cannot_drive":
        return None
    if visit.ride is Ride.YES:
        return Screen(words("updates-told-cannot-drive-noted", name=name, when=when), (ride_row(words, visit),))
    return Screen(words("updates-told-cannot-drive", name=name, when=when))


def _support(words: Words) -> Row:
    return (button(words("updates-told-support"), "he", "support"),)
