"""Every route of the bot, in order, on one page."""

from collections.abc import Awaitable, Callable, Mapping

from telegram import Chat, Update
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from care.crisis import asks_to_stop
from care.people import State
from handlers import (
    checkin,
    groups,
    history,
    notes,
    pause,
    privacy,
    reminders,
    settings,
    start,
    summary,
    typed,
    urgent,
    zone,
)
from handlers import help as help_
from handlers.context import CareApplication, CareContext
from handlers.screens import Screen, button
from storage import patients

Handler = Callable[[Update, CareContext], Awaitable[None]]


def patients_only(handler: Handler) -> Handler:
    """Let only people who have finished the first minutes reach a handler; others see the step they are at."""

    async def guarded(update: Update, context: CareContext) -> None:
        patient = await context.read(patients.find, context.chat_id)
        known = patient is not None and patient.state is not State.ONBOARDING
        await (handler if known else start.start)(update, context)

    return guarded


COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "checkin": patients_only(checkin.today),
    "summary": patients_only(summary.summary),
    "history": patients_only(history.history),
    "reminders": patients_only(reminders.reminders),
    "settings": patients_only(settings.settings),
    "pause": pause.pause,
    "stop": pause.stop,
    "resume": pause.resume,
    "urgent": urgent.urgent,
    "privacy": privacy.privacy,
    "help": help_.help_,
    "about": help_.about,
    "cancel": help_.cancel,
}
"""What each typed command does; the buttons "he:<command>" do the same."""

LINKS: dict[str, Handler] = {"checkin": COMMANDS["checkin"]}
"""What a deep link, /start with a payload, opens."""

PRESSES: dict[str, Handler] = {
    "st": start.pressed,
    "zo": zone.pressed,
    "tm": start.time_pressed,
    "a": checkin.answered,
    "q": checkin.question_pressed,
    "c": checkin.pressed,
    "n": notes.pressed,
    "su": summary.pressed,
    "hi": history.pressed,
    "se": settings.pressed,
    "re": reminders.pressed,
    "pa": pause.pressed,
    "pr": privacy.privacy,
    "ur": urgent.pressed,
    "he": help_.by_button(COMMANDS),
}
"""What a button does, by the verb it carries."""

TYPED: Mapping[str, typed.Taker] = {notes.KIND: notes.take, settings.TIME_TYPED: settings.typed}
"""Who takes the text that a prompt of a kind asked for."""


def build(application: CareApplication) -> None:
    """Register the routes; the first that fits takes an update."""
    private = filters.ChatType.PRIVATE
    new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
    application.add_handlers(
        [
            CallbackQueryHandler(pressed),
            MessageHandler(private & new & filters.TEXT, sent),
            MessageHandler(private & edited & filters.TEXT, changed),
            MessageHandler(private & new & filters.LOCATION, zone.location_shared),
            MessageHandler(private & new & ~filters.StatusUpdate.ALL, notes.unreadable),
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
    else:
        await typed.received(update, context, TYPED)


def command(text: str) -> Handler:
    """Give what a typed command does; case and the bot's name after it do not matter."""
    words = text.split(maxsplit=2)
    name = words[0].lstrip("/").partition("@")[0].casefold()
    if name == "start" and len(words) > 1:
        return LINKS.get(words[1], start.start)
    return COMMANDS.get(name, help_.unknown)


async def changed(update: Update, context: CareContext) -> None:
    """Route an edited text: it may have become a cry for help, or it is a note."""
    await (urgent.urgent if urgent.wanted(context.text) else notes.edited)(update, context)


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
