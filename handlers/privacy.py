"""/privacy: what is stored, where, for how long, who can see it, and what was agreed to, each to be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session
from telegram import Update

from care.people import Consent, Patient
from care.schedule import local_time
from handlers.context import CareContext, Keeping
from handlers.menu import command_button
from handlers.screens import Row, Screen, button
from handlers.words import Words
from storage import consents, erasing, patients, support

VERB = "pr"


@dataclass(frozen=True, slots=True)
class Given:
    """What a person agreed to, the zone in which they read days, and with how many people they share."""

    patient: Patient
    consents: Sequence[Consent]
    links: int
    zone: str


async def privacy(update: Update, context: CareContext) -> None:
    """Show the policy in short, or what a button asks for: the full text, what was agreed to, the end of a consent."""
    kind = context.press.word(0) if context.press.verb == VERB else ""
    if kind == "back":
        await _take_back(context, context.press.word(1))
        return
    given = await context.read(_given, context.chat_id)
    words = context.words(given.patient.language if given else None)
    if kind == "agreed" and given is not None:
        await context.present(agreed_screen(words, given))
        return
    deps = context.deps
    await context.present(policy_screen(words, deps.clinic.name, given, deps.keeping, full=kind == "full"))


async def _take_back(context: CareContext, kind: str) -> None:
    """Take back one consent. Without the one to storing nothing can be kept, so that one leads to /delete."""
    if kind == consents.REMINDERS:
        await context.write(patients.stop, context.chat_id, context.now)
    elif kind == consents.SHARING:
        await context.write(erasing.end_sharing, context.chat_id, context.now)
    given = await context.read(_given, context.chat_id)
    if given is None:
        await context.acknowledge()
        return
    words = context.words(given.patient.language)
    await context.present(storing_screen(words) if kind == consents.STORING else agreed_screen(words, given))


def policy_screen(words: Words, clinic: str, given: Given | None, keeping: Keeping, *, full: bool) -> Screen:
    """Give the policy; clinic is whom to write to, if they said."""
    contact = words("privacy-contact-clinic", clinic=clinic) if clinic else words("privacy-contact")
    kept = words("privacy-idle", months=keeping.months) if keeping.months else words("privacy-for-ever")
    how_long = (
        words("privacy-kept-full", kept=kept, days=keeping.backup_days) if full else words("privacy-kept", kept=kept)
    )
    text = [words("privacy-full" if full else "privacy-short"), how_long]
    text += [words("privacy-rights"), contact] if full else [contact]
    other = button(words("privacy-less"), VERB, "short") if full else button(words("privacy-more"), VERB, "full")
    return Screen("\n\n".join(text), ((other,), *(_doors(words) if given else ())))


def agreed_screen(words: Words, given: Given) -> Screen:
    """List what the person agreed to and since when, with a button to take back each that holds."""
    lines = [_agreed(words, consent, given.zone) for consent in given.consents]
    lines += [words("privacy-links", n=given.links)] if given.links else []
    standing = dict.fromkeys(one.kind for one in given.consents if one.withdrawn_at is None)
    standing |= {consents.SHARING: None} if given.links else {}
    rows: list[Row] = [(button(words(f"privacy-back-{kind}"), VERB, "back", kind),) for kind in standing]
    if consents.REMINDERS not in standing:
        rows.append((button(words("privacy-again-reminders"), "pa", "resume"),))
    rows.append((button(words("privacy-return"), VERB, "short"),))
    return Screen("\n".join((words("privacy-agreed"), *lines, "", words("privacy-each"))), tuple(rows))


def storing_screen(words: Words) -> Screen:
    """Say that taking back the consent to storing is deleting, and offer that."""
    ways = (command_button(words, "export"), command_button(words, "delete"))
    return Screen(words("privacy-storing-back"), (ways, (button(words("privacy-return"), VERB, "agreed"),)))


def _doors(words: Words) -> tuple[Row, ...]:
    agreed = button(words("privacy-consents"), VERB, "agreed")
    return (agreed,), (command_button(words, "export"), command_button(words, "delete"))


def _agreed(words: Words, consent: Consent, zone: str) -> str:
    name = words(f"privacy-consent-{consent.kind}")
    day = words.full_day(local_time(consent.given_at, zone).date())
    if consent.withdrawn_at is None:
        return words("privacy-consent", name=name, day=day, version=consent.version)
    ended = words.full_day(local_time(consent.withdrawn_at, zone).date())
    return words("privacy-consent-ended", name=name, day=day, version=consent.version, ended=ended)


def _given(session: Session, chat_id: int) -> Given | None:
    patient = patients.find(session, chat_id)
    if patient is None:
        return None
    links = support.links_of(session, chat_id)
    return Given(patient, patients.consents(session, chat_id), len(links), patient.zone or "UTC")
