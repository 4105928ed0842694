"""How a patient shares: the links, the open invitations and the name they invite under, read in one hop."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from care.people import Patient, State
from care.sharing import Invitation, InvitationState, Link
from storage import patients, support


@dataclass(frozen=True, slots=True)
class Sharing:
    """A patient, the links that have not ended and the invitations that are open; name is how the patient invites."""

    patient: Patient
    name: str
    links: tuple[Link, ...]
    invitations: tuple[Invitation, ...]

    def link(self, number: int | None) -> Link | None:
        """Give one of the links; None when there is none of that number."""
        return next((link for link in self.links if link.id == number), None)


def read(session: Session, chat_id: int, now: datetime) -> Sharing | None:
    """Read how a patient shares; None for whoever is no patient, or has not finished the first minutes."""
    patient = patients.find(session, chat_id)
    if patient is None or patient.state is State.ONBOARDING:
        return None
    waiting = support.invitations_of(session, chat_id, now)
    open_ones = tuple(one for one in waiting if one.state is InvitationState.OPEN)
    links = tuple(support.links_of(session, chat_id))
    return Sharing(patient, support.shown_name(session, chat_id), links, open_ones)
