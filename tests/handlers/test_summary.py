"""/summary: the picture, its buttons and its twin in words."""

from datetime import timedelta
from typing import Any

import pytest

from care.people import Patient
from care.responses import fade
from care.trends import DayEntry
from handlers.summary import Aftermath, fade_screen
from handlers.words import Words
from storage import checkins, treatments
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


async def treated(room: Chatroom, user_id: int, *days_ago: int, told_the_end: bool = True) -> None:
    """Note treatments of the mornings so many days ago, 10:00 to 11:30 in Berlin."""
    for back in days_ago:
        at = START.replace(hour=8) - timedelta(days=back)
        ended = at + timedelta(minutes=90) if told_the_end else None
        await room.database.write(treatments.had, user_id, at, room.clock(), ended_at=ended)


async def answered_on_time(room: Chatroom, user_id: int, days: int, **values: int) -> None:
    """Live through some days that end today, with a check-in each evening."""
    room.clock.moment = START - timedelta(days=days - 1)
    for back in reversed(range(days)):
        room.clock.moment = START - timedelta(days=back) + timedelta(hours=9)
        card = await room.database.write(checkins.open_today, user_id, room.clock())
        assert card
        for code, value in ({"mood": 4 + (days - back) % 4, "energy": 2, "dizziness": 1, "nausea": 0} | values).items():
            await room.database.write(checkins.answer, user_id, card.check_in.id, code, value, 0, room.clock())


TREATED = ["7 days", "✓ 30 days", "90 days", "Since treatment", "After treatments", "By hours", "In words"]


async def test_treatments_bring_their_period_and_their_views(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 4)
    await treated(room, ANA, 9, 2)
    await ana.writes("/summary")
    assert "Treatments: 2, last on Mon, Oct 12" in ana.last.text.splitlines()
    assert ana.last.labels == TREATED


async def test_the_period_since_the_last_treatment_begins_with_it(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 4)
    await treated(room, ANA, 9, 2)
    await ana.writes("/summary")
    await taps_picture(ana, "Since treatment")
    assert len(ana.messages) == 1
    assert ana.last.text.startswith("Since your last treatment, 3 days: Oct 12, 2026 to Oct 14, 2026\nAnswered: 3 of 3")
    assert ana.last.labels[:4] == ["7 days", "30 days", "90 days", "✓ Since treatment"]
    await taps_picture(ana, "In words")
    assert "Mon, Oct 12: treatment · Mood: 6" in ana.last.text
    assert "Oct 11" not in ana.last.text


async def test_on_the_day_of_a_treatment_its_period_is_that_day(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 4)
    await treated(room, ANA, 0)
    await ana.writes("/summary")
    await taps_picture(ana, "Since treatment")
    assert ana.last.text.startswith("Since your last treatment, today: Oct 14, 2026\nAnswered: 1 of 1 day\n")


async def test_a_treatment_of_long_ago_has_no_period_any_more(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 4)
    await treated(room, ANA, 90)
    await ana.writes("/summary")
    assert ana.last.labels == ["7 days", "✓ 30 days", "90 days", "In words"]
    await presses_picture(ana, "1:su:show:since", ana.last.id)
    assert ana.last.text.startswith("30 days: ")


async def test_after_treatments_tells_how_mood_moved_and_leads_back(room: Chatroom, ana: Phone) -> None:
    await answered_on_time(room, ANA, 8)  # moods 5 6 7 4 5 6 7 4
    await treated(room, ANA, 6, 2)
    await ana.writes("/summary")
    await taps_picture(ana, "After treatments")
    assert len(ana.messages) == 2
    lines = ana.last.text.splitlines()
    assert "1 day after: +2 (2 answers)" in lines
    assert "3 days after: 0 (1 answer)" in lines
    assert "Mon, Oct 12: day before: 5 · 1 day: +2 · more days to come" in lines
    assert "Thu, Oct 8: day before: 5 · 1 day: +2 · 3 days: 0 · then the next treatment" in lines
    await ana.taps("Back")
    assert len(ana.messages) == 2
    assert ana.last.labels == TREATED


async def test_the_days_before_the_period_count_in_the_mean_of_its_first_day(room: Chatroom, ana: Phone) -> None:
    await answered_on_time(room, ANA, 11)
    await ana.presses("1:su:words:7")
    first = next(line for line in ana.last.text.splitlines() if line.startswith("Thu, Oct 8: "))
    assert "7-day mean: 5.4" in first  # 5 6 7 4 5
    assert "Wed, Oct 7" not in ana.last.text


def test_a_treatment_every_other_day_is_told_in_pages() -> None:
    days = [START.date() - timedelta(days=n) for n in range(90)]
    entries = [DayEntry(day, {"mood": day.day % 11}) for day in days]
    seen = Aftermath(Patient(1, ANA, "en"), fade(entries, days[::2]), {}, "since")
    screens = [fade_screen(Words("en"), seen, page) for page in (-1, 0, 1, 99)]
    assert [[button.label for button in screen.rows[0]] for screen in screens[1:3]] == [
        ["Earlier days"],
        ["Later days"],
    ]
    assert [button.data for button in screens[1].rows[0]] == ["1:su:fade:since:1"]
    assert [button.data for button in screens[1].rows[-1]] == ["1:su:hours:since", "1:su:back:since"]
    assert (screens[0], screens[3]) == (screens[1], screens[2])
    assert all(len(screen.text) <= 4096 for screen in screens)


async def test_by_hours_counts_side_effects_and_marks_an_end_that_nobody_told(room: Chatroom, ana: Phone) -> None:
    await answered_on_time(room, ANA, 4, dizziness=2)
    await treated(room, ANA, 1, told_the_end=False)
    await treated(room, ANA, 0)
    await ana.writes("/summary")
    await taps_picture(ana, "By hours")
    assert (
        "Dizziness\n~4 to 24 hours: felt 2 of 2 times, moderate or severe 2 times, at worst Moderate" in ana.last.text
    )
    assert "~ means I guessed when a treatment ended: 2 hours after it began." in ana.last.text
    await ana.taps("After treatments")
    await ana.taps("By hours")
    assert len(ana.messages) == 2
    await ana.taps("Back")
    assert ana.last.labels == TREATED


async def test_the_way_back_leads_to_the_period_one_came_from(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 4)
    await treated(room, ANA, 2)
    await ana.writes("/summary")
    for label in ("Since treatment", "90 days"):
        await taps_picture(ana, label)
        await taps_picture(ana, "By hours")
        await ana.taps("After treatments")
        await ana.taps("Back")
        assert f"✓ {label}" in ana.last.labels


async def test_views_without_enough_answers_say_kindly_what_they_need(room: Chatroom, ana: Phone) -> None:
    await treated(room, ANA, 2)
    for data, begins in (("1:su:fade:30", "This needs your mood"), ("1:su:hours:30", "This needs an answer about")):
        await ana.presses(data)
        assert ana.last.text.splitlines()[1].startswith(begins)
        await ana.taps("Back")
        assert ana.last.text.startswith("There are no answers from these 30 days yet.")
    await ana.taps("Since treatment")
    assert ana.last.text.startswith("There are no answers from this time yet.")


async def test_discreet_mode_covers_the_views_and_names_no_treatment_on_buttons(room: Chatroom) -> None:
    ana = room.phone(ANA)
    await settle_in(ana, discreet=True)
    await answered_days(room, ANA, 3)
    await treated(room, ANA, 2)
    await ana.writes("/summary")
    assert ana.last.labels == ["7 days", "✓ 30 days", "90 days", "Since last", "After each", "By hours", "In words"]
    for label in ("After each", "By hours"):
        await taps_picture(ana, label)
        said = room.telegram.said("sendMessage")[-1]
        assert said["entities"] == [{"type": "spoiler", "offset": 0, "length": len(said["text"])}]
        assert not any("treatment" in shown.lower() for shown in ana.last.labels)


async def test_treatments_of_somebody_else_are_nowhere(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await answered_days(room, ANA, 5)
    await treated(room, ANA, 2, 9)
    await answered_days(room, CLEO, 3)
    await cleo.writes("/summary")
    assert cleo.last.labels == ["7 days", "✓ 30 days", "90 days", "In words"]
    for data in ("1:su:fade:30", "1:su:hours:since", "1:su:back:since"):
        await cleo.presses(data)
        assert "Oct 12:" not in cleo.last.text
        assert "Dizziness\n" not in cleo.last.text


async def test_forged_presses_of_the_views_show_ones_own(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 3)
    await treated(room, ANA, 2)
    for data in ("1:su:fade", "1:su:fade:8:99", "1:su:fade:since:-3", "1:su:fade:x:x", "1:su:fade:030"):
        await ana.presses(data)
        assert ana.last.text.startswith("After treatments, last 90 days"), data
    await ana.presses("1:su:hours:99:99")
    assert ana.last.text.startswith("Side effects by hours")


async def test_back_pressed_twice_changes_nothing(room: Chatroom, ana: Phone) -> None:
    await answered_days(room, ANA, 3)
    await treated(room, ANA, 2)
    await ana.writes("/summary")
    await taps_picture(ana, "By hours")
    back = ana.data("Back")
    await ana.taps("Back")
    await presses_picture(ana, back, ana.last.id)
    assert len(ana.messages) == 2
    assert ana.last.labels == TREATED


async def test_a_stranger_is_welcomed_instead(stranger: Phone, room: Chatroom) -> None:
    await stranger.writes("/summary")
    assert not room.telegram.said("sendPhoto")
    await stranger.presses("1:su:show:7")
    assert not room.telegram.said("sendPhoto")
