"""What Telegram shows of the bot."""

import pytest
from telegram.error import NetworkError

from handlers import profile
from handlers.menu import PATIENT_COMMANDS
from handlers.routes import COMMANDS
from handlers.words import Words
from tests.handlers.harness import Chatroom, Phone


async def test_the_profile_is_set_once_and_again_only_where_it_changed(room: Chatroom) -> None:
    bot, telegram = room.application.bot, room.telegram
    await profile.publish(bot, room.deps)
    first = len(telegram.calls)
    assert {"setMyCommands", "setMyName", "setMyDescription", "setMyShortDescription"} <= {
        name for name, _ in telegram.calls
    }
    await profile.publish(bot, room.deps)
    assert len(telegram.calls) == first


async def test_a_newcomer_sees_four_commands_and_a_group_none(room: Chatroom) -> None:
    await profile.publish(room.application.bot, room.deps)
    menus = {params["scope"]["type"]: params["commands"] for params in room.telegram.said("setMyCommands")}
    assert [command["command"] for command in menus["default"]] == ["start", "help", "urgent", "privacy"]
    assert menus["all_group_chats"] == []


async def test_a_patient_gets_the_menu_in_their_own_chat(room: Chatroom, ana: Phone) -> None:
    await profile.set_menu(room.application.bot, room.deps, 1001, Words("en"))
    (menu,) = room.telegram.said("setMyCommands")
    assert menu["scope"] == {"type": "chat", "chat_id": 1001}
    assert {command["command"] for command in menu["commands"]} <= set(COMMANDS)
    assert [command["command"] for command in menu["commands"]] == list(PATIENT_COMMANDS)


async def test_who_is_nobody_any_more_has_no_menu_of_their_own(room: Chatroom) -> None:
    await profile.set_menu(room.application.bot, room.deps, 1001, Words("en"))
    assert room.telegram.said("deleteMyCommands") == [{"scope": {"type": "chat", "chat_id": 1001}}]


def test_a_menu_goes_by_both_roles() -> None:
    both, supports = profile.menu_of(True, True), profile.menu_of(False, True)
    assert both == (*profile.menu_of(True, False), "updates", "leave")
    assert supports == ("updates", "urgent", "pause", "leave", "privacy", "help")
    assert set(both + supports) <= set(COMMANDS)


async def test_profile_texts_fit_and_say_what_it_is_not_for(room: Chatroom) -> None:
    for method, params in profile.steps(room.deps):
        assert len(params.get("name", "")) <= 64, method
        assert len(params.get("short_description", "")) <= 120, method
        assert len(params.get("description", "")) <= 512, method
        for command in params.get("commands", []):
            assert 1 <= len(command["description"]) <= 256
    description = next(params["description"] for _, params in profile.steps(room.deps) if "description" in params)
    assert "not for emergencies" in description
    assert "112" in description
    assert "988" in description
    assert "Lindenhof Clinic" in description


async def test_a_profile_that_telegram_refuses_is_tried_again_from_there(room: Chatroom) -> None:
    room.telegram.fail("setMyName", 502, "Bad Gateway")
    with pytest.raises(NetworkError):
        await profile.publish(room.application.bot, room.deps)
    before = len(room.telegram.said("setMyCommands"))
    await profile.publish(room.application.bot, room.deps)
    assert len(room.telegram.said("setMyName")) == 2
    assert len(room.telegram.said("setMyCommands")) == before
