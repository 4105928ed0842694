"""Finding a person's time zone: by what their clock shows, or by a place that they share once."""

from dataclasses import replace

from telegram import Location, Update

from care.people import Patient, State
from care.zones import is_zone
from handlers import onboarding
from handlers.context import CareContext
from handlers.pickers import (
    ZoneAsk,
    chosen_zone,
    city,
    confirm_zone,
    help_keyboard,
    location_keyboard,
    zone_screen,
)
from handlers.screens import Screen
from storage import patients

MOVE = ("zo", "move")
"""What the picker carries for a person who has long chosen a zone and now shares a new place."""


async def pressed(update: Update, context: CareContext) -> None:
    """Act on a button of the zone picker: a step of it, the person's yes, or the wish to share a location."""
    patient = await context.read(patients.find, context.chat_id)
    if patient is None:
        await context.acknowledge()
    elif context.press.word(0) == "here":
        words = context.words(patient.language)
        await context.say(Screen(words("zone-here-ask"), keyboard=location_keyboard(words)))
    elif context.press.word(0) == "move" or patient.state is State.ONBOARDING:
        await _step(context, patient)
    else:
        await context.present(onboarding.where_they_stand(context, patient))


async def _step(context: CareContext, patient: Patient) -> None:
    moving = context.press.word(0) == "move"
    args = context.press.args[1:] if moving else context.press.args
    zone = chosen_zone(args)
    if zone is None:
        await context.present(zone_screen(_ask(context, patient, moving=moving), args))
        return
    patient = await onboarding.choose(context, patient, zone=zone)
    words = context.words(patient.language)
    moved = Screen(words("zone-moved", city=city(words, zone)))
    await context.present(moved if moving else onboarding.what_comes_next(context, patient))


def _ask(context: CareContext, patient: Patient, *, moving: bool) -> ZoneAsk:
    words, code = context.words(patient.language), onboarding.client_language(context)
    ask = onboarding.zone_ask(words, patient, context.now, code, context.deps.defaults)
    return replace(ask, carry=MOVE) if moving else ask


async def location_shared(update: Update, context: CareContext) -> None:
    """Find the zone of a shared place and ask whether it is right. The place itself is kept nowhere."""
    patient = await context.read(patients.find, context.chat_id)
    place = update.effective_message.location if update.effective_message else None
    if patient is None or place is None:
        await context.say(Screen(context.words()("unreadable")))
        return
    words = context.words(patient.language)
    ask = _ask(context, patient, moving=patient.state is not State.ONBOARDING)
    zone = zone_of(place)
    await context.say(Screen(words("zone-here-done"), keyboard=help_keyboard(words)))
    await context.say(confirm_zone(ask, zone) if zone else zone_screen(ask))


def zone_of(place: Location) -> str | None:
    """Give the zone of a place on land; None at sea, where zones have no city."""
    from tzfpy import get_tz  # noqa: PLC0415 - its map takes 40 MB; most people never share a place

    zone = get_tz(place.longitude, place.latitude)
    return zone if zone and is_zone(zone) and not zone.startswith("Etc/") else None
