"""The first minutes: hello, age, consent, time of day, country. /start shows the first open step."""

from babel import Locale
from telegram import Update

from care.crisis import countries, country
from care.people import Patient, State, onboarding_step
from handlers import onboarding
from handlers.context import CareContext
from handlers.pickers import chosen_minute, read_clock, time_screen
from handlers.screens import Screen
from handlers.words import Words, language_for, languages
from storage import patients


async def start(update: Update, context: CareContext) -> None:
    """Show the first open step; to a person who is known, the greeting."""
    patient = await context.read(patients.find, context.chat_id)
    if patient is None:
        await _welcome(context)
    else:
        await context.say(onboarding.where_they_stand(context, patient))


async def _welcome(context: CareContext) -> None:
    language = language_for(onboarding.client_language(context))
    await context.write(patients.remember_newcomer, context.chat_id, language, context.now)
    if len(languages()) > 1:
        names = [(code, Locale.parse(code).get_display_name(code) or code) for code in languages()]
        await context.say(onboarding.language_screen(names, Words(language)))
    else:
        await _introduce(context, Words(language))


async def _introduce(context: CareContext, words: Words) -> None:
    defaults = context.deps.defaults
    zone = None if defaults.zone == "UTC" else defaults.zone
    guess = onboarding.guess_country(zone, onboarding.client_language(context), defaults.country)
    await context.say(onboarding.hello_screen(words, country(guess)))
    await context.say(onboarding.age_screen(words))


async def pressed(update: Update, context: CareContext) -> None:
    """Act on a button of the first minutes; an old one shows a known person where they stand."""
    kind, word = context.press.word(0), context.press.word(1)
    patient = await context.read(patients.find, context.chat_id)
    if patient is None:
        await _newcomer_pressed(context, kind, word)
    elif kind == "country" and word in countries():
        await _country_pressed(context, patient, word)
    else:
        await context.present(_known_screen(context, patient, kind))


def _known_screen(context: CareContext, patient: Patient, kind: str) -> Screen:
    words = context.words(patient.language)
    if kind == "countries":
        return onboarding.all_countries(words)
    if kind == "later":
        return Screen(words("start-later"))
    return onboarding.where_they_stand(context, patient)


async def _newcomer_pressed(context: CareContext, kind: str, word: str) -> None:
    language = await context.read(patients.newcomer_language, context.chat_id, context.now)
    words = context.words(language)
    if kind == "lang" and word in languages():
        await context.write(patients.remember_newcomer, context.chat_id, word, context.now)
        await _introduce(context, Words(word))
    elif kind == "agree" and word == words("consent-version"):
        patient = await context.write(patients.agree, context.chat_id, words.language, word, context.now)
        await context.present(onboarding.where_they_stand(context, patient))
    else:
        await context.present(_before_consent(words, kind, word))


def _before_consent(words: Words, kind: str, word: str) -> Screen:
    if (kind, word) == ("age", "no"):
        return Screen(words("age-stop"))
    if kind == "no":
        return Screen(words("consent-declined"))
    known = kind in ("more", "agree") or (kind, word) == ("age", "yes")
    return onboarding.consent_screen(words, more=kind == "more") if known else onboarding.age_screen(words)


async def _country_pressed(context: CareContext, patient: Patient, code: str) -> None:
    if patient.state is State.ONBOARDING:
        patient = await onboarding.choose(context, patient, country=code)
    if patient.country == code:
        await context.present(onboarding.what_comes_next(context, patient))
    else:
        await context.present(onboarding.where_they_stand(context, patient))


async def time_pressed(update: Update, context: CareContext) -> None:
    """Act on a button of the time picker of the first minutes."""
    patient = await context.read(patients.find, context.chat_id)
    minute = chosen_minute(context.press.args)
    if patient is None:
        await _welcome(context)
    elif patient.state is not State.ONBOARDING:
        await context.present(onboarding.where_they_stand(context, patient))
    elif minute is None:
        await context.present(time_screen(context.words(patient.language), onboarding.TIME, context.press.args))
    else:
        patient = await onboarding.choose(context, patient, daily_minute=minute)
        await context.present(onboarding.what_comes_next(context, patient))


async def typed(update: Update, context: CareContext, patient: Patient) -> None:
    """Take a time of day typed in the first minutes where that is asked; anything else gets the buttons again.

    Under a help card they do not: its "go on" leads back to them.
    """
    minute = read_clock(context.text) if onboarding_step(patient) == "time" else None
    if minute is None and context.is_answered:
        return
    if minute is None:
        await context.say(Screen(context.words(patient.language)("start-buttons")))
    else:
        patient = await onboarding.choose(context, patient, daily_minute=minute)
    await context.say(onboarding.what_comes_next(context, patient))
