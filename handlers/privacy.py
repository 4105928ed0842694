"""/privacy: what is stored, where, for how long, who can see it, and what the person agreed to."""

from collections.abc import Sequence

from telegram import Update

from care.people import Consent
from care.schedule import local_time
from handlers.context import CareContext
from handlers.menu import command_button
from handlers.screens import Screen, button
from handlers.words import Words
from storage import patients

VERB = "pr"


async def privacy(update: Update, context: CareContext) -> None:
    """Show the policy in short, or in full where the button asks for it."""
    full = context.press.verb == VERB and context.press.word(0) == "full"
    patient = await context.read(patients.find, context.chat_id)
    given = await context.read(patients.consents, context.chat_id) if patient else []
    zone = patient.zone_at(context.now) if patient else "UTC"
    words = context.words(patient.language if patient else None)
    await context.present(policy_screen(words, context.deps.clinic.name, given, zone, full=full))


def policy_screen(words: Words, clinic: str, given: Sequence[Consent], zone: str, *, full: bool) -> Screen:
    """Give the policy; given is what the person agreed to, clinic is whom to write to, if they said."""
    contact = words("privacy-contact-clinic", clinic=clinic) if clinic else words("privacy-contact")
    text = [words("privacy-full" if full else "privacy-short"), contact]
    text += (
        [words("privacy-agreed", list="\n".join(_agreed(words, consent, zone) for consent in given))] if given else []
    )
    other = button(words("privacy-less"), VERB, "short") if full else button(words("privacy-more"), VERB, "full")
    rest = (command_button(words, "pause"),) if given else ()
    return Screen("\n\n".join(text), ((other, *rest),))


def _agreed(words: Words, consent: Consent, zone: str) -> str:
    name = words(f"privacy-consent-{consent.kind}")
    day = words.full_day(local_time(consent.given_at, zone).date())
    if consent.withdrawn_at is None:
        return words("privacy-consent", name=name, day=day, version=consent.version)
    ended = words.full_day(local_time(consent.withdrawn_at, zone).date())
    return words("privacy-consent-ended", name=name, day=day, version=consent.version, ended=ended)
