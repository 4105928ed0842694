"""Every route of the bot, in order, on one page."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from care.crisis import asks_to_stop
from care.people import State
from handlers import (
    appointments,
    asks,
    calendar_files,
    checkin,
    erasing,
    exports,
    form_screens,
    forms,
    groups,
    history,
    invitations,
    inviting,
    notes,
    pace,
    pause,
    privacy,
    reminders,
    safety,
    safety_screens,
    settings,
    start,
    steps,
    summary,
    support,
    supporting,
    supporting_screens,
    treatments,
    typed,
    urgent,
    visit,
    zone,
)
from handlers import help as help_
from handlers.context import CareApplication, CareContext
from handlers.safety import heard
from handlers.screens import Screen, button
from storage import patients
from storage import supporting as support_persons

Handler = Callable[[Update, CareContext], Awaitable[None]]


def patients_only(handler: Handler) -> Handler:
    """Let only people who have finished the first minutes reach a handler; others see the step they are at."""

    async def guarded(update: Update, context: CareContext) -> None:
        patient = await context.read(patients.find, context.chat_id)
        known = patient is not None and patient.state is not State.ONBOARDING
        await (handler if known else supporting.hello)(update, context)

    return guarded


def by_role(of_others: Handler, of_support: Handler) -> Handler:
    """Give the handler of a command that means something else to somebody who only supports a patient."""

    async def chosen(update: Update, context: CareContext) -> None:
        only_supports = await context.read(support_persons.is_only_one, context.chat_id)
        await (of_support if only_supports else of_others)(update, context)

    return chosen


COMMANDS: dict[str, Handler] = {
    "start": supporting.hello,
    "checkin": patients_only(checkin.today),
    "summary": patients_only(summary.summary),
    "history": patients_only(history.history),
    "appointments": patients_only(appointments.appointments),
    "treatment": patients_only(treatments.treatment),
    "treated": patients_only(treatments.treated),
    "ask": patients_only(asks.ask),
    "forms": patients_only(forms.forms_),
    "support": patients_only(support.support),
    "reminders": patients_only(reminders.reminders),
    "settings": patients_only(settings.settings),
    "pause": by_role(pause.pause, supporting.pause),
    "stop": by_role(pause.stop, supporting.pause),
    "resume": by_role(pause.resume, supporting.resume),
    "updates": supporting.updates,
    "leave": supporting.leave,
    "urgent": urgent.urgent,
    "privacy": by_role(privacy.privacy, supporting.privacy),
    "export": exports.export,
    "delete": erasing.delete,
    "help": by_role(help_.help_, supporting.help_),
    "about": help_.about,
    "cancel": help_.cancel,
}
"""What each typed command does; the buttons "he:<command>" do the same."""

UNKNOWN = by_role(help_.unknown, supporting.help_)
"""What a command that does not exist leads to."""

LINKS: dict[str, Handler] = {"checkin": COMMANDS["checkin"]}
"""What a deep link, /start with a payload, opens."""

PRESSES: dict[str, Handler] = {
    "st": start.pressed,
    "zo": zone.pressed,
    "tm": start.time_pressed,
    "a": checkin.answered,
    "q": checkin.question_pressed,
    "c": checkin.pressed,
    "m": checkin.ticked,
    "n": notes.pressed,
    "su": summary.pressed,
    "hi": history.pressed,
    "ap": appointments.pressed,
    "tx": treatments.pressed,
    "vi": visit.pressed,
    "as": asks.pressed,
    form_screens.VERB: forms.pressed,
    "se": settings.pressed,
    "re": reminders.pressed,
    "pa": pause.pressed,
    "pc": pace.pressed,
    "sh": support.pressed,
    "in": supporting.answered,
    "ben": supporting.pressed,
    "pr": privacy.privacy,
    "ex": exports.pressed,
    "de": erasing.pressed,
    "ur": urgent.pressed,
    safety_screens.VERB: safety.pressed(COMMANDS["checkin"]),
    "sp": steps.pressed,
    "he": help_.by_button(COMMANDS),
}
"""What a button does, by the verb it carries."""

TYPED: Mapping[str, typed.Taker] = {
    notes.KIND: notes.take,
    settings.TIME_TYPED: settings.typed,
    asks.KIND: asks.typed,
    inviting.NAME_TYPED: invitations.typed,
    visit.KIND: visit.typed,
    **dict.fromkeys(appointments.TYPED, appointments.typed),
    **dict.fromkeys(treatments.TYPED, treatments.typed),
}
"""Who takes the text that a prompt of a kind asked for."""


def build(application: CareApplication) -> None:
    """Register the routes; the first that fits takes an update. What can hold words is read first: heard."""
    private = filters.ChatType.PRIVATE
    new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
    application.add_handlers(
        [
            CallbackQueryHandler(pressed),
            MessageHandler(private & new & filters.TEXT, heard(sent)),
            MessageHandler(private & edited & filters.TEXT, heard(changed)),
            MessageHandler(private & edited & ~filters.TEXT, heard(caption_changed)),
            MessageHandler(private & new & filters.LOCATION, zone.location_shared),
            MessageHandler(private & new & filters.Document.ALL, heard(file_sent)),
            MessageHandler(private & new & filters.StatusUpdate.USERS_SHARED, invitations.users_shared),
            MessageHandler(private & new & ~filters.StatusUpdate.ALL, heard(notes.unreadable)),
            MessageHandler(~private & new, groups.leave),
            ChatMemberHandler(membership_changed, ChatMemberHandler.MY_CHAT_MEMBER),
        ]
    )


async def sent(update: Update, context: CareContext) -> None:
    """Route a text: a cry for help first, whatever is open; then commands; then whatever the text was typed for."""
    text = context.text
    if urgent.wanted(text):
        await urgent.urgent(update, context)
    elif asks_to_stop(text):
        await COMMANDS["stop"](update, context)
    elif text.startswith("/"):
        await command(text)(update, context)
    elif supporting_screens.code_in(text):
        await supporting.code_typed(update, context)
    else:
        await typed.received(update, context, TYPED, supporting.written)


def command(text: str) -> Handler:
    """Give what a typed command does; case and the bot's name after it do not matter."""
    words = text.split(maxsplit=2)
    name = words[0].lstrip("/").partition("@")[0].casefold()
    if name == "start" and len(words) > 1:
        return LINKS.get(words[1], supporting.linked)
    return COMMANDS.get(name, UNKNOWN)


async def file_sent(update: Update, context: CareContext) -> None:
    """Route a file: a cry for help under it first; then a calendar. No other file can be read."""
    message = update.effective_message
    if message and urgent.wanted(message.caption or ""):
        await urgent.urgent(update, context)
    elif message and calendar_files.is_calendar(message.document):
        await patients_only(calendar_files.received)(update, context)
    else:
        await notes.unreadable(update, context)


async def changed(update: Update, context: CareContext) -> None:
    """Route an edited text: it may have become a cry for help, or it is a note or a line for a visit."""
    await (urgent.urgent if urgent.wanted(context.text) else notes.edited)(update, context)


async def caption_changed(update: Update, context: CareContext) -> None:
    """Route an edit of anything but a text: only a cry for help under a picture or file means something."""
    message = update.effective_message
    if message and urgent.wanted(message.caption or ""):
        await urgent.urgent(update, context)


async def pressed(update: Update, context: CareContext) -> None:
    """Route a press by its verb; one that we did not write in this version leads to a fresh card."""
    query = update.callback_query
    if query is None or query.message is None or query.message.chat.type != Chat.PRIVATE:
        await context.acknowledge()
        return
    await PRESSES.get(context.press.verb, out_of_date)(update, context)


async def out_of_date(update: Update, context: CareContext) -> None:
    """Answer a button of an older version, or a forged one, with the way to a new card."""
    words = context.words()
    await context.say(Screen(words("press-out-of-date"), ((button(words("press-fresh"), "he", "checkin"),),)))


async def membership_changed(update: Update, context: CareContext) -> None:
    """Route a change of what we are in a chat: a block or its end in a private one, an invitation in any other."""
    chat = update.effective_chat
    private = chat is not None and chat.type == Chat.PRIVATE
    await (groups.membership if private else groups.leave)(update, context)
