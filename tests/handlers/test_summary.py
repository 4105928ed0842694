"""/summary: the picture, its buttons and its twin in words."""

from datetime import timedelta
from typing import Any

import pytest

from storage import checkins
from tests.handlers.harness import ANA, CLEO, START, Chatroom, Phone, Shown, settle_in


def _caption(params: dict[str, Any]) -> dict[str, Any]:
    media = params.get("media") or params
    markup = params["reply_markup"]
    assert len(media["caption"]) <= 1024
    return {"text": media["caption"], "rows": markup["inline_keyboard"]}


@pytest.fixture(autouse=True)
def pictures(room: Chatroom) -> None:
    """Let this Telegram take pictures."""
    telegram = room.telegram

    def send(chat: dict[int, Shown], params: dict[str, Any]) -> None:
        telegram.last_id += 1
        chat[telegram.last_id] = Shown(telegram.last_id, **_caption(params))

    def edit(chat: dict[int, Shown], params: dict[str, Any]) -> str | None:
        there = chat.get(params["message_id"])
        if there is None:
            return "message to edit not found"
        new = Shown(there.id, **_caption(params))
        if new == there:
            return "message is not modified: specified new message content and reply markup are exactly the same"
        chat[there.id] = new
        return None

    telegram.__dict__.update(_sendPhoto=send, _editMessageMedia=edit)


async def taps_picture(phone: Phone, label: str) -> None:
    """Tap a button below a picture."""
    data = phone.data(label)
    number = next(message.id for message in reversed(phone.messages) if label in message.labels)
    await presses_picture(phone, data, number)


async def presses_picture(phone: Phone, data: str, number: int) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1280, "height": 880}]
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    message = phone._message(number) | {"from": bot, "photo": photo, "caption": "x"}
    query = {"id": "9", "from": phone._user(), "chat_instance": "1", "message": message, "data": data}
    await phone._bring(callback_query=query)


async def answered_days(room: Chatroom, user_id: int, count: int, mood: int = 6) -> None:
    """Fill in the last days, today among them."""
    for back in range(count):
        day = START - timedelta(days=back)
        card = await room.database.write(checkins.open_past, user_id, day.date(), room.clock())
        card = card or await room.database.write(checkins.open_today, user_id, room.clock())
        assert card
        for code, value in {"mood": mood, "energy": 2, "dizziness": back % 2, "nausea": 0}.items():
            await room.database.write(checkins.answer, user_id, card.check_in.id, code, value, 0, room.clock())


async def test_the_summary_is_a_picture_with_its_numbers_below(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 4)
    await ana.writes("/summary")
    assert ana.last.text.splitlines() == [
        "30 days: Sep 15, 2026 to Oct 14, 2026",
        "Answered: 4 of 30 days",
        "Mood: middle 6, from 6 to 6 (4 answers)",
        "Dizziness: on 2 of 4 days, at worst Mild",
        "Nausea: none (4 days)",
        "These are your own answers. They are not a test result.",
    ]
    assert ana.last.labels == ["7 days", "✓ 30 days", "90 days", "In words"]
    assert room.telegram.said("sendChatAction") == [{"chat_id": ANA, "action": "upload_photo"}]


async def test_another_period_is_shown_in_the_same_message(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 3)
    await ana.writes("/summary")
    await taps_picture(ana, "7 days")
    assert len(ana.messages) == 1
    assert ana.last.text.startswith("7 days: ")
    assert ana.last.labels[0] == "✓ 7 days"


async def test_a_press_is_answered_before_the_picture_is_there(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 3)
    await ana.writes("/summary")
    await taps_picture(ana, "90 days")
    names = [name for name, _ in room.telegram.calls]
    assert names.index("answerCallbackQuery") < names.index("editMessageMedia")


async def test_the_same_press_twice_changes_nothing(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 3)
    await ana.writes("/summary")
    await taps_picture(ana, "✓ 30 days")
    assert len(ana.messages) == 1


async def test_a_picture_that_was_deleted_comes_as_a_new_one(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 3)
    await presses_picture(ana, "1:su:show:7", 4711)
    assert ana.last.text.startswith("7 days: ")


async def test_in_words_gives_each_day_and_leaves_the_picture(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 2)
    await ana.writes("/summary")
    await taps_picture(ana, "In words")
    assert len(ana.messages) == 2
    assert "Wed, Oct 14: Mood: 6 · Energy: Some · Dizziness: None · Nausea: None" in ana.last.text
    assert "Tue, Oct 13: Mood: 6 · Energy: Some · Dizziness: Mild · Nausea: None · filled in later" in ana.last.text
    assert "Tue, Sep 15 to Mon, Oct 12: no answers" in ana.last.text


async def test_too_few_answers_get_kind_words_and_the_way_to_a_check_in(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/summary")
    assert ana.last.text.startswith("There are no answers from these 30 days yet.")
    assert "Check in" in ana.last.labels
    await answered_days(room, ANA, 1)
    await ana.writes("/summary")
    assert ana.last.text.startswith("There is 1 answer from these 30 days.")
    assert not room.telegram.said("sendPhoto")


async def test_a_period_with_too_few_answers_says_so_below_its_picture(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 2)
    await ana.writes("/summary")
    room.clock.moment += timedelta(days=8)
    await taps_picture(ana, "7 days")
    assert ana.last.text.endswith("These days hold too few answers to see much.")


async def test_words_about_too_few_answers_turn_into_a_picture_when_another_period_has_enough(
    room: Chatroom, ana: Phone
) -> None:
    await answered_days(room, ANA, 3)
    room.clock.moment += timedelta(days=40)
    await ana.writes("/summary")
    assert "no answers" in ana.last.text
    await ana.taps("90 days")
    assert ana.last.text.startswith("90 days: ")
    assert room.telegram.said("sendPhoto")


async def test_discreet_mode_covers_picture_caption_and_words(room: Chatroom) -> None:
    ana = room.phone(ANA)
    await settle_in(ana, discreet=True)
    await answered_days(room, ANA, 3)
    await ana.writes("/summary")
    (sent,) = room.telegram.said("sendPhoto")
    assert sent["has_spoiler"] is True
    assert sent["caption_entities"] == [{"type": "spoiler", "offset": 0, "length": len(sent["caption"])}]
    await taps_picture(ana, "In words")
    said = room.telegram.said("sendMessage")[-1]
    assert said["entities"][0]["length"] == len(said["text"])


async def test_nobody_sees_the_answers_of_somebody_else(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await answered_days(room, ANA, 5, mood=9)
    await answered_days(room, CLEO, 2, mood=1)
    await cleo.writes("/summary")
    assert "Answered: 2 of 30 days" in cleo.last.text
    assert "from 1 to 1" in cleo.last.text


async def test_a_forged_press_shows_a_summary_of_ones_own(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 3)
    await ana.writes("/summary")
    for data in ("1:su", "1:su:show:8", "1:su:show:-7", "1:su:page:30:99", "1:su:page:30:x"):
        await ana.presses(data)
        assert ana.last.text.startswith("30 days: "), data


async def test_a_stranger_is_welcomed_instead(stranger: Phone, room: Chatroom) -> None:
    await stranger.writes("/summary")
    assert not room.telegram.said("sendPhoto")
    await stranger.presses("1:su:show:7")
    assert not room.telegram.said("sendPhoto")
