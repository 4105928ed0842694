"""What a failure means, and what people hear of it."""

from datetime import timedelta
from typing import Any

import pytest
from telegram import Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from care.due import Failure
from handlers.context import CareContext
from handlers.errors import LineCut, classify, on_error
from storage.database import StorageUnavailable
from tests.handlers.harness import ANA, Chatroom, Phone

MEANINGS = [
    (Forbidden("Forbidden: bot was blocked by the user"), Failure.UNREACHABLE),
    (Forbidden("Forbidden: user is deactivated"), Failure.UNREACHABLE),
    (Forbidden("Forbidden: bot can't initiate conversation with a user"), Failure.UNREACHABLE),
    (BadRequest("Chat not found"), Failure.UNREACHABLE),
    (BadRequest("User is deactivated"), Failure.UNREACHABLE),
    (BadRequest("Message text is empty"), Failure.REFUSED),
    (BadRequest("Button_data_invalid"), Failure.REFUSED),
    (TimedOut(), Failure.UNKNOWN),
    (LineCut("ServerDisconnectedError"), Failure.UNKNOWN),
    (NetworkError("Bad Gateway"), Failure.PASSING),
    (Conflict("terminated by other getUpdates request"), Failure.PASSING),
    (InvalidToken(), Failure.PASSING),
    (StorageUnavailable("locked"), Failure.PASSING),
    (ValueError("ours"), Failure.OURS),
    (KeyError("ours"), Failure.OURS),
]


@pytest.mark.parametrize(("error", "meaning"), MEANINGS, ids=lambda value: str(value)[:40])
def test_each_failure_has_one_meaning(error: Exception, meaning: Failure) -> None:
    assert classify(error) == (meaning, None)


def test_slow_down_says_for_how_long() -> None:
    assert classify(RetryAfter(timedelta(seconds=7))) == (Failure.SLOW_DOWN, timedelta(seconds=7))


async def _fail(room: Chatroom, update: dict[str, Any], error: Exception) -> None:
    parsed = Update.de_json(update, room.application.bot)
    context = CareContext.from_error(parsed, error, room.application)
    assert isinstance(context, CareContext)
    context.incoming = parsed
    await on_error(parsed, context)


async def test_a_fault_of_ours_is_said_in_one_plain_sentence(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    await ana.taps("6")
    await _fail(room, ana.last_update, ValueError("Slept well"))
    assert ana.last.text == "That was not saved. Please tap again."
    await ana.writes("hello")
    await _fail(room, ana.last_update, StorageUnavailable("locked"))
    assert ana.last.text == "That was not saved. Please send it again."


async def test_what_telegram_refuses_is_not_told_to_the_person(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    shown = list(ana.messages)
    await _fail(room, ana.last_update, BadRequest("Message is too long"))
    await _fail(room, ana.last_update, Forbidden("Forbidden: bot was blocked by the user"))
    assert ana.messages == shown


async def test_an_update_without_a_person_is_passed_over(room: Chatroom) -> None:
    context = CareContext.from_error(None, ValueError("x"), room.application)
    assert isinstance(context, CareContext)
    await on_error(None, context)
    assert room.telegram.said("sendMessage") == []


@pytest.mark.parametrize(
    ("method", "description"),
    [
        ("answerCallbackQuery", "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        ("editMessageText", "Bad Request: message is not modified"),
        ("editMessageText", "Bad Request: message to edit not found"),
        ("editMessageText", "Bad Request: message can't be edited"),
    ],
)
async def test_refusals_that_mean_nothing_never_reach_the_person(
    room: Chatroom, ana: Phone, method: str, description: str
) -> None:
    await ana.writes("/checkin")
    room.telegram.fail(method, 400, description)
    await ana.taps("6")
    assert all("not saved" not in message.text for message in ana.messages)
    assert room.telegram.chats[ANA]
