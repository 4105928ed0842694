"""The screens of the first minutes, from hello to "Try one now?". Handlers of several topics show the open step."""

from collections.abc import Sequence
from datetime import datetime

from babel.core import get_global

from care.crisis import ELSEWHERE, Country, countries
from care.people import Patient, State, onboarding_step
from care.zones import likely_offsets
from handlers.context import CareContext, Defaults
from handlers.helplines import emergency_words, line_words
from handlers.menu import likeliest
from handlers.pickers import (
    EVENING,
    ZoneAsk,
    countries_screen,
    country_name,
    help_keyboard,
    time_screen,
    zone_screen,
)
from handlers.profile import set_menu
from handlers.screens import Screen, button, in_rows
from handlers.words import Words
from storage import patients

ZONE, TIME, COUNTRY = ("zo",), ("tm",), ("st", "country")


def language_screen(names: Sequence[tuple[str, str]], words: Words) -> Screen:
    """Ask for the language; names are pairs of code and the language's own name."""
    buttons = [button(name, "st", "lang", code) for code, name in names]
    return Screen(words("start-language"), in_rows(buttons, (2,)))


def hello_screen(words: Words, country: Country) -> Screen:
    """Say what this is and is not and where help is. It brings the help key, so it can never be edited."""
    numbers = {"emergency": emergency_words(words, country), "line": line_words(words, country)}
    parts = (words("intro-what"), words("intro-not"), words("intro-emergency", **numbers))
    return Screen("\n\n".join(parts), keyboard=help_keyboard(words))


def age_screen(words: Words) -> Screen:
    """Ask whether the person is an adult."""
    yes, no = button(words("age-yes"), "st", "age", "yes"), button(words("age-no"), "st", "age", "no")
    return Screen(words("intro-age"), ((yes, no),))


def consent_screen(words: Words, *, more: bool = False) -> Screen:
    """Ask for consent; more shows the long text. The button carries the version that was read."""
    text = "\n\n".join((words("intro-privacy"), *([words("consent-more")] if more else []), words("intro-consent")))
    agree = button(words("consent-agree"), "st", "agree", words("consent-version"), style="success")
    read = [] if more else [button(words("consent-read"), "st", "more")]
    no = button(words("consent-no"), "st", "no")
    return Screen(text, ((agree,), (*read, no)))


def step_screen(words: Words, patient: Patient, now: datetime, language_code: str, defaults: Defaults) -> Screen | None:
    """Give the screen of the first thing not yet chosen; None when all is chosen."""
    step = onboarding_step(patient)
    if step == "zone":
        return zone_screen(zone_ask(words, patient, now, language_code, defaults))
    if step == "time":
        return time_screen(words, TIME)
    if step == "country":
        return country_screen(words, guess_country(patient.zone, language_code, defaults.country))
    return None


def zone_ask(words: Words, patient: Patient, now: datetime, language_code: str, defaults: Defaults) -> ZoneAsk:
    """Give what the zone picker of the first minutes needs."""
    minute = EVENING if patient.daily_minute is None else patient.daily_minute
    return ZoneAsk(words, ZONE, now, likely_offsets(language_code, defaults.zone, now), minute)


def guess_country(zone: str | None, language_code: str, default: str) -> str | None:
    """Guess the country from the zone that the person chose, then their language; never from an address."""
    guesses = (get_global("zone_territories").get(zone or ""), language_code.partition("-")[2].upper(), default)
    return next((guess for guess in guesses if guess in countries() and guess != ELSEWHERE), None)


def country_screen(words: Words, guess: str | None) -> Screen:
    """Ask for the country of the help numbers: the guess first, and the way to all of them."""
    if guess is None:
        return all_countries(words)
    yes = button(country_name(words, guess), *COUNTRY, guess)
    return Screen(words("country-ask"), ((yes,), (button(words("country-other"), "st", "countries"),)))


def all_countries(words: Words) -> Screen:
    """Ask for the country among all that have help numbers."""
    return countries_screen(words, COUNTRY, countries(), words("country-ask"))


def done_screen(words: Words, minute: int) -> Screen:
    """Say that all is set, and offer a first check-in and the dates that the bot can remind of."""
    now = (button(words("start-try"), "c", "open"), button(words("start-not-now"), "st", "later"))
    dates = (button(words("start-treatments"), "he", "treatment"), button(words("start-visit"), "he", "appointments"))
    return Screen(words("start-done", time=words.clock(minute)), (now, dates))


def back_screen(words: Words, patient: Patient, now: datetime) -> Screen:
    """Greet a person who is known: the usual buttons, or the way back when unprompted messages are off."""
    if patient.is_active(now):
        return Screen(words("start-hello"), likeliest(words))
    on = button(words("menu-resume"), "pa", "resume", style="success")
    return Screen(words("start-off"), ((on, button(words("start-stay-off"), "st", "later")),))


def where_they_stand(context: CareContext, patient: Patient) -> Screen:
    """Give the screen where a known person stands: the open step of the first minutes, or the greeting."""
    return _open_step(context, patient) or back_screen(context.words(patient.language), patient, context.now)


def what_comes_next(context: CareContext, patient: Patient) -> Screen:
    """Give the screen after a choice of the first minutes: the next step, or that all is set."""
    return _open_step(context, patient) or done_screen(context.words(patient.language), patient.daily_minute or 0)


def _open_step(context: CareContext, patient: Patient) -> Screen | None:
    if patient.state is not State.ONBOARDING:
        return None
    words, code = context.words(patient.language), client_language(context)
    return step_screen(words, patient, context.now, code, context.deps.defaults)


def client_language(context: CareContext) -> str:
    """Give the language code that the person's client names, or the default."""
    user = context.incoming.effective_user if context.incoming else None
    return (user.language_code if user else None) or context.deps.defaults.language


async def choose(context: CareContext, patient: Patient, **choice: object) -> Patient:
    """Keep a choice and give the patient as they now stand; with the last one comes the patient's menu.

    The menu is set again on every choice after that: the process may have died between the write and the menu.
    """
    chosen = await context.write(patients.choose, context.chat_id, choice, context.now) or patient
    if chosen.state is State.ACTIVE:
        await set_menu(context.bot, context.deps, context.chat_id, context.words(chosen.language))
    return chosen
