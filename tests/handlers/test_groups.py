"""Groups, blocks and coming back."""

from typing import Any

from care.people import State
from storage import patients
from tests.handlers.harness import ANA, Chatroom, Phone

PERSON = {"id": ANA, "is_bot": False, "first_name": "Ana", "language_code": "en"}
GROUP = {"id": -500, "type": "group", "title": "Friends"}
BOT = {"id": 1, "is_bot": True, "first_name": "Bot"}


def member(status: str) -> dict[str, Any]:
    return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})


def change(chat: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    change = {"chat": chat, "from": PERSON, "date": 0, "old_chat_member": member(old), "new_chat_member": member(new)}
    return {"update_id": 900, "my_chat_member": change}


PRIVATE = {"id": ANA, "type": "private", "first_name": "Ana"}


async def state_of(room: Chatroom) -> State:
    patient = await room.database.read(patients.find, ANA)
    assert patient
    return patient.state


async def test_a_group_gets_one_sentence_and_is_left(room: Chatroom) -> None:
    await room.bring(change(GROUP, "left", "member"))
    assert [params["chat_id"] for params in room.telegram.said("sendMessage")] == [-500]
    assert room.telegram.said("leaveChat") == [{"chat_id": -500}]


async def test_a_command_in_a_group_answers_nothing_personal(room: Chatroom, ana: Phone) -> None:
    message = {"message_id": 4, "date": 0, "chat": GROUP, "from": PERSON, "text": "/summary"}
    await room.bring({"update_id": 901, "message": message})
    assert [params["text"] for params in room.telegram.said("sendMessage")] == [
        "I only work in a private chat, so I am leaving this group now."
    ]
    assert room.telegram.said("leaveChat")
    assert not room.telegram.said("sendPhoto")


async def test_a_group_where_the_bot_may_not_speak_is_left_all_the_same(room: Chatroom) -> None:
    room.telegram.fail("sendMessage", 403, "Forbidden: bot was kicked from the group chat")
    await room.bring(change(GROUP, "left", "member"))
    assert room.telegram.said("leaveChat")


async def test_having_left_a_group_is_no_reason_to_speak(room: Chatroom) -> None:
    await room.bring(change(GROUP, "member", "left"))
    assert not room.telegram.said("sendMessage")
    assert not room.telegram.said("leaveChat")


async def test_a_block_stops_everything_and_a_return_asks_before_going_on(room: Chatroom, ana: Phone) -> None:
    await room.bring(change(PRIVATE, "member", "kicked"))
    assert await state_of(room) is State.UNREACHABLE
    await room.bring(change(PRIVATE, "kicked", "member"))
    assert ana.last.labels == ["Resume", "Not now"]
    assert await state_of(room) is State.UNREACHABLE
    await ana.taps("Not now")
    assert await state_of(room) is State.UNREACHABLE
    await ana.taps("Resume")
    assert await state_of(room) is State.ACTIVE


async def test_a_stranger_who_blocks_or_comes_back_hears_nothing(room: Chatroom, stranger: Phone) -> None:
    await room.bring(change(PRIVATE, "member", "kicked"))
    await room.bring(change(PRIVATE, "kicked", "member"))
    assert stranger.messages == []
