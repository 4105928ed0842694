"""The help card comes first, whatever is going on; the quiet line comes last; then everything goes on as it was."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Never

import pytest

from bot.limiter import Lanes
from care.crisis import ELSEWHERE, countries, country
from care.due import Lane
from care.schedule import QuietHours
from care.sharing import Scope
from handlers import nearby, routes, safety_screens, urgent
from handlers.nearby import Near
from handlers.press import unpack
from handlers.screens import show
from handlers.words import Words
from storage import due, erasing, notes, patients, pending, support
from storage.database import Database, StorageUnavailable
from tests.handlers import harness
from tests.handlers.harness import ANA, BEN, Chatroom, Phone, Shown, check_in, settle_in
from tests.handlers.supported import ben_of, link

PLAINLY = "I want to die"
PERHAPS = "I feel like a burden"
CARD, LATE, LINE = "I am glad you told me.", "I was offline", "If any of that is about not feeling safe"
EN = Words("en")
NEXT_DAY = datetime(2026, 10, 15, 8, 0, tzinfo=UTC)
"""Ten in the morning in Berlin, the day after the harness begins."""

POLL = {
    "id": "1",
    "question": PLAINLY,
    "options": [{"text": "a", "voter_count": 0, "persistent_id": "a"}],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}

Way = Callable[[Chatroom], Awaitable[Phone]]


def cards(phone: Phone) -> list[Shown]:
    return [message for message in phone.messages if message.text.startswith(CARD)]


def lines(phone: Phone) -> list[Shown]:
    return [message for message in phone.messages if message.text.startswith(LINE)]


async def comes_first(phone: Phone, says: Callable[[], Awaitable[object]], beginning: str = CARD) -> None:
    """Check that the very first thing that the bot does about a message is to show the card."""
    calls = phone.room.telegram.calls
    before = len(calls)
    await says()
    name, params = calls[before]
    assert (name, params["chat_id"]) == ("sendMessage", phone.user_id)
    assert params["text"].startswith(beginning)
    assert not params.get("disable_notification")


# Every state that somebody can be in.


async def stranger(room: Chatroom) -> Phone:
    return room.phone(ANA)


async def asked_for_age(room: Chatroom) -> Phone:
    phone = room.phone(ANA)
    await phone.starts()
    return phone


async def too_young(room: Chatroom) -> Phone:
    phone = await asked_for_age(room)
    await phone.taps("I am younger")
    return phone


async def asked_for_consent(room: Chatroom) -> Phone:
    phone = await asked_for_age(room)
    await phone.taps("I am 18 or older")
    return phone


async def declined(room: Chatroom) -> Phone:
    phone = await asked_for_consent(room)
    await phone.taps("No thanks")
    return phone


async def asked_for_zone(room: Chatroom) -> Phone:
    phone = await asked_for_consent(room)
    await phone.taps("I agree")
    return phone


async def asked_for_time(room: Chatroom) -> Phone:
    phone = await asked_for_zone(room)
    await room.database.write(patients.choose, ANA, {"zone": "Europe/Berlin"}, room.clock())
    return phone


async def asked_for_country(room: Chatroom) -> Phone:
    phone = await asked_for_time(room)
    await room.database.write(patients.choose, ANA, {"daily_minute": 1140}, room.clock())
    return phone


async def settled(room: Chatroom) -> Phone:
    phone = room.phone(ANA)
    await settle_in(phone)
    return phone


async def with_open_card(room: Chatroom) -> Phone:
    phone = await settled(room)
    await check_in(phone, "6")
    return phone


async def with_complete_card(room: Chatroom) -> Phone:
    phone = await settled(room)
    await check_in(phone, *harness.GOOD_DAY)
    return phone


async def in_a_form(room: Chatroom) -> Phone:
    phone = await settled(room)
    await phone.presses("1:c:form:phq9")
    await phone.taps("Several days")
    return phone


async def before_item_nine(room: Chatroom) -> Phone:
    phone = await in_a_form(room)
    for _ in range(7):
        await phone.taps("Not at all")
    return phone


async def after_item_nine(room: Chatroom) -> Phone:
    phone = await before_item_nine(room)
    await phone.taps("Go on")
    await phone.taps("Several days")
    return phone


async def with_offered_note(room: Chatroom) -> Phone:
    phone = await settled(room)
    await phone.writes("The garden was nice")
    return phone


async def paused(room: Chatroom) -> Phone:
    phone = await settled(room)
    await room.database.write(patients.pause, ANA, None, room.clock())
    return phone


async def stopped(room: Chatroom) -> Phone:
    phone = await settled(room)
    await phone.writes("/stop")
    return phone


async def back_after_a_block(room: Chatroom) -> Phone:
    phone = await settled(room)
    await room.database.write(patients.blocked, ANA, room.clock())
    return phone


async def erased(room: Chatroom) -> Phone:
    phone = await with_open_card(room)
    assert await room.database.write(erasing.erase, ANA, room.clock())
    return phone


async def support_person(room: Chatroom) -> Phone:
    await settled(room)
    ben = ben_of(room)
    await link(room, ben)
    return ben


async def support_person_at_rest(room: Chatroom) -> Phone:
    ben = await support_person(room)
    await ben.writes("/pause")
    return ben


STATES: tuple[Way, ...] = (
    *(stranger, asked_for_age, too_young, asked_for_consent, declined),
    *(asked_for_zone, asked_for_time, asked_for_country),
    *(settled, with_open_card, with_complete_card, with_offered_note, in_a_form, before_item_nine, after_item_nine),
    *(paused, stopped, back_after_a_block, erased, support_person, support_person_at_rest),
)
PENDING = (
    *("note", "settings-time", "question", "support-name", "visit-main", "visit-new", "visit-move", "visit-note"),
    *("treated-at", "treatment-time", "course-first"),
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_the_card_is_the_first_thing_in_every_state(room: Chatroom, state: Way) -> None:
    phone = await state(room)
    await comes_first(phone, lambda: phone.writes(PLAINLY))
    assert len(cards(phone)) == 1


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_every_door_of_the_card_opens_in_every_state(room: Chatroom, state: Way) -> None:
    phone = await state(room)
    for label in ("What happens if I call", "I'd rather text", "Message someone I trust", "Message my support person"):
        await phone.sends(text=PLAINLY)
        room.clock.moment += timedelta(hours=1)
        card = cards(phone)[-1]
        if label in card.labels:
            await phone.presses(phone.data(label), card.id)
            await phone.presses(phone.data("Back"), card.id)
            assert room.telegram.chats[phone.user_id][card.id].text == card.text
    await phone.writes(PLAINLY)
    card = cards(phone)[-1]
    await phone.presses(phone.data("I'm OK, go on"), card.id)
    assert room.telegram.chats[phone.user_id][card.id].text.startswith("OK.")


def test_no_kind_of_prompt_is_forgotten_here() -> None:
    assert set(PENDING) == set(routes.TYPED)


@pytest.mark.parametrize("kind", PENDING)
async def test_the_card_is_the_first_thing_while_a_text_is_awaited(room: Chatroom, ana: Phone, kind: str) -> None:
    await room.database.write(
        pending.expect, ANA, kind, "1.1" if kind in ("visit-move", "treatment-time") else "1", None, room.clock()
    )
    await comes_first(ana, lambda: ana.writes(PLAINLY))
    assert len(cards(ana)) == 1


# Every way in which words can come.


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}], "caption": PLAINLY},
        {"video": {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}, "caption": PLAINLY},
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}, "caption": PLAINLY},
        {"document": {"file_id": "d", "file_unique_id": "d"}, "caption": PLAINLY},
        {"document": {"file_id": "d", "file_unique_id": "d", "mime_type": "text/calendar"}, "caption": PLAINLY},
        {"poll": POLL},
        {"text": f"/ask {PLAINLY}"},
        {"text": f"/nonsense {PLAINLY}"},
        {"text": f"/start {PLAINLY}"},
        {"text": f"{PLAINLY} " + "and so on " * 400},
        {"text": "and so on " * 400 + PLAINLY},
        {"text": f"> {PLAINLY}\n\na song"},
    ],
    ids=lambda content: next(iter(content)),
)
async def test_words_are_read_wherever_they_stand(ana: Phone, content: dict[str, Any]) -> None:
    await comes_first(ana, lambda: ana.sends(**content))


async def test_an_edit_is_read_too(ana: Phone) -> None:
    number = await ana.writes("A good day")
    await comes_first(ana, lambda: ana.edits(number, PLAINLY))


async def test_an_edited_caption_is_read_too(ana: Phone, room: Chatroom) -> None:
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    now = int(room.clock().timestamp())
    message = ana._message(5) | {"photo": photo, "caption": PLAINLY, "edit_date": now}
    await comes_first(ana, lambda: ana._bring(edited_message=message))


async def test_in_a_group_nothing_is_said_but_good_bye(room: Chatroom) -> None:
    chat = {"id": -5, "type": "group", "title": "g"}
    await room.phone(ANA).sends(text=PLAINLY, chat=chat)
    assert not any(params["text"].startswith(CARD) for params in room.telegram.said("sendMessage"))


# The text then goes where it was going.


async def test_a_note_stays_a_note(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *harness.GOOD_DAY)
    await ana.taps("Add a note")
    await ana.writes(PLAINLY)
    day = room.clock().date()
    assert [one.text for one in await room.database.read(notes.of_days, ANA, day, day)] == [PLAINLY]
    assert room.telegram.said("setMessageReaction")


async def test_an_answer_to_a_prompt_is_still_taken(room: Chatroom) -> None:
    phone = await asked_for_time(room)
    await phone.writes("20:30")
    patient = await room.database.read(patients.find, ANA)
    assert patient
    assert patient.daily_minute == 20 * 60 + 30


async def test_a_question_for_the_visit_is_kept_under_the_card(ana: Phone) -> None:
    await ana.writes(f"/ask {PLAINLY}")
    assert ana.messages[-2].text.startswith(CARD)
    assert ana.last.text.startswith("Kept")


async def test_words_that_may_mean_it_bring_one_quiet_line_after_the_reply(room: Chatroom, ana: Phone) -> None:
    await ana.writes(PERHAPS)
    assert ana.messages[-2].text.startswith("Keep this as a note")
    assert ana.last.text.startswith(LINE)
    assert ana.last.silent
    assert not cards(ana)
    await ana.taps("Help now")
    assert "TelefonSeelsorge" in ana.last.text


async def test_a_quiet_line_comes_once_for_a_message(ana: Phone) -> None:
    await ana.writes(PERHAPS)
    await ana.again()
    assert len(lines(ana)) == 1


async def test_an_ordinary_note_brings_nothing(ana: Phone) -> None:
    await ana.writes("Slept well, the garden was nice")
    assert len(ana.messages) == 1


# Not twice in half an hour.


async def test_within_half_an_hour_a_short_line_comes_instead(room: Chatroom, ana: Phone) -> None:
    await ana.writes(PLAINLY)
    for _ in range(9):
        room.clock.moment += timedelta(seconds=6)
        await comes_first(ana, lambda: ana.writes(PLAINLY), LINE)
    assert len(cards(ana)) == 1
    room.clock.moment += timedelta(minutes=30)
    await comes_first(ana, lambda: ana.writes(PLAINLY))


async def test_a_restart_does_not_forget_a_patients_card(room: Chatroom, ana: Phone, database: Database) -> None:
    await ana.writes(PLAINLY)
    async with Chatroom(database, room.clock) as later:
        again = later.phone(ANA)
        await comes_first(again, lambda: again.writes(PLAINLY), LINE)


async def test_two_people_have_each_their_own_card(ana: Phone, cleo: Phone) -> None:
    await ana.writes(PLAINLY)
    await comes_first(cleo, lambda: cleo.writes(PLAINLY))


async def test_a_message_that_comes_again_is_answered_once(ana: Phone) -> None:
    await ana.writes(PLAINLY)
    await ana.again()
    assert len(cards(ana)) == 1
    assert not lines(ana)


# When things are broken.


async def gone(*_: Any, **__: Any) -> Never:
    raise StorageUnavailable


async def test_with_the_database_down_the_card_comes_once_and_the_note_later(
    room: Chatroom, ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Database, "read", gone)
        broken.setattr(Database, "write", gone)
        before = len(room.telegram.calls)
        with pytest.raises(StorageUnavailable):
            await ana.writes(PLAINLY)
        assert room.telegram.calls[before][1]["text"].startswith(CARD)
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await ana.again()
    await ana.again()
    assert len(cards(ana)) == 1
    assert ana.last.text.startswith("Keep this as a note")
    await room.reach(NEXT_DAY + timedelta(minutes=1))
    assert follow_ups_in(ana) == 1


async def test_a_database_that_hangs_keeps_nobody_waiting(
    room: Chatroom, ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: Any, **__: Any) -> Never:
        await asyncio.sleep(3600)
        raise AssertionError

    monkeypatch.setattr(nearby, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(Database, "read", hang)
    monkeypatch.setattr(Database, "write", hang)
    task = asyncio.create_task(ana.writes(PLAINLY))
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(cards(ana)) == 1


def raw(text: str, number: int = 900, at: datetime = harness.START, **content: Any) -> dict[str, Any]:
    person = {"id": ANA, "is_bot": False, "first_name": "Ana", "language_code": "de"}
    chat = {"id": ANA, "type": "private"}
    message = {"message_id": 3, "date": int(at.timestamp()), "chat": chat, "from": person}
    return {"update_id": number, "message": message | ({"text": text} if text else {}) | content}


async def test_without_storage_the_card_comes_from_the_package_alone(room: Chatroom, ana: Phone) -> None:
    bot = room.application.bot
    assert await urgent.without_storage(bot, raw(PLAINLY), room.deps)
    assert await urgent.without_storage(bot, raw("", 901, caption="ich will sterben"), room.deps)
    assert [message.text[:22] for message in ana.messages] == [CARD, LINE[:22]]
    assert not await urgent.without_storage(bot, raw("a good day", 902), room.deps)
    await room.bring(raw(PLAINLY))
    assert len(cards(ana)) == 1


async def test_without_storage_every_door_opens(room: Chatroom, ana: Phone) -> None:
    await ana.writes(PLAINLY)
    card = cards(ana)[0]
    person = {"id": ANA, "is_bot": False, "first_name": "Ana"}
    pressed = [button["callback_data"] for row in card.rows for button in row if "callback_data" in button]
    assert len(pressed) == 5
    for data in (*pressed, "1:sf", "1:sf:card:DE:7", "1:sf:send:DE:7:1:1", "1:sf:one:QQ:-1:x"):
        query = {"id": "7", "from": person, "data": data, "message": {"message_id": card.id}}
        assert await urgent.without_storage(room.application.bot, {"update_id": 1, "callback_query": query}, room.deps)


async def test_after_an_outage_the_card_says_that_it_is_late(room: Chatroom, ana: Phone) -> None:
    update = raw(PLAINLY)
    room.clock.moment += timedelta(minutes=11)
    await comes_first(ana, lambda: room.bring(update), LATE)
    assert "I'm OK, go on" in ana.messages[0].labels
    await room.bring(raw(PLAINLY, 901))
    assert len(lines(ana)) == 1


async def test_what_waits_in_line_does_not_keep_the_card(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "NoLimits", lambda: Lanes(1.0, 1.0))
    async with Chatroom(database) as room:
        bot, phone = room.application.bot, room.phone(ANA)
        screen = safety_screens.next_day(EN, discreet=False)
        waiting = [asyncio.create_task(show(bot, ANA, screen, lane=Lane.PROMPT)) for _ in range(30)]
        await asyncio.sleep(0.1)
        async with asyncio.timeout(2):
            await phone.writes(PLAINLY)
        assert len(cards(phone)) == 1
        assert not all(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_429_puts_the_card_off_and_everything_else_with_it(room: Chatroom, ana: Phone) -> None:
    room.telegram.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
    with pytest.raises(Exception, match="Flood control"):
        await ana.writes(PLAINLY)
    assert not ana.messages
    await comes_first(ana, ana.again)


# The doors.


async def test_going_on_leads_back_to_the_open_card(ana: Phone) -> None:
    await check_in(ana, "6")
    await ana.writes(PLAINLY)
    await ana.taps("I'm OK, go on")
    assert "OK. Your check-in is saved. Help now is always at the bottom of this chat." in [
        m.text for m in ana.messages
    ]
    assert "2 of" in ana.last.text


async def test_going_on_leads_back_to_the_open_step_of_the_first_minutes(room: Chatroom) -> None:
    phone = await asked_for_time(room)
    await phone.writes(PLAINLY)
    await phone.taps("I'm OK, go on")
    assert "When should I write to you" in phone.last.text
    assert "OK. Help now is always at the bottom of this chat." in [message.text for message in phone.messages]


@pytest.mark.parametrize("state", [stranger, asked_for_consent, asked_for_zone, asked_for_country, erased])
async def test_in_the_first_minutes_nothing_pushes_the_card_away_and_going_on_leads_back(
    room: Chatroom, state: Way
) -> None:
    phone = await state(room)
    await phone.writes(PLAINLY)
    await phone.writes(PLAINLY)
    assert phone.last.text.startswith(LINE)
    assert phone.messages[-2].text.startswith(CARD)
    card = cards(phone)[-1]
    await phone.presses(phone.data("I'm OK, go on"), card.id)
    assert phone.last.id > card.id
    assert phone.last.labels


async def test_going_on_opens_nothing_that_was_not_open(ana: Phone) -> None:
    await ana.writes(PLAINLY)
    count = len(ana.messages)
    await ana.taps("I'm OK, go on")
    assert len(ana.messages) == count


async def test_got_me_wrong_is_taken_without_a_word_more_and_no_message_follows(room: Chatroom, ana: Phone) -> None:
    await ana.writes(PLAINLY)
    data, number = ana.data("You got me wrong"), cards(ana)[0].id
    for _ in range(2):
        await ana.presses(data, number)
        shown = room.telegram.chats[ANA][number].text
        assert shown == "Thanks for telling me. I look for some words, so I get it wrong at times."
    await room.reach(NEXT_DAY + timedelta(hours=11))
    assert follow_ups_in(ana) == 0


async def test_what_happens_if_i_call_leads_back_to_the_card(ana: Phone) -> None:
    await ana.writes(PLAINLY)
    card = cards(ana)[0]
    await ana.taps("What happens if I call")
    assert "You do not have to give your name." in ana.room.telegram.chats[ANA][card.id].text
    await ana.taps("Back")
    assert ana.room.telegram.chats[ANA][card.id] == card


async def test_texting_instead_shows_only_numbers_that_are_sure(room: Chatroom) -> None:
    phone = room.phone(ANA, language="en-US")
    await phone.writes(PLAINLY)
    await phone.taps("I'd rather text")
    shown = phone.messages[0]
    assert "Text 988" in shown.text
    assert "741741" not in shown.text
    assert shown.labels == ["Copy 988", "Chat with 988 Suicide & Crisis Lifeline", "More places", "Back"]


async def test_where_no_line_takes_texts_the_directory_is_named(room: Chatroom) -> None:
    phone = room.phone(ANA, language="nb-NO")
    await phone.writes(PLAINLY)
    await phone.taps("I'd rather text")
    assert "findahelpline.com/no" in phone.messages[0].text


async def test_a_support_person_is_asked_to_call_only_by_tapping_send(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben, scopes=frozenset({Scope.PLEASE_CALL}))
    before = len(ben.messages)
    await ana.writes(PLAINLY)
    await ana.taps("Message my support person")
    preview = room.telegram.chats[ANA][cards_or_edited(ana)].text
    await room.drain()
    assert len(ben.messages) == before
    await ana.taps("Send")
    await room.drain()
    assert len(ben.messages) == before + 1
    assert "please call or text them when you can" in ben.last.text
    assert ben.last.text in preview
    assert PLAINLY not in ben.last.text


async def test_a_support_person_is_asked_once_a_day_however_often_one_taps(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben)
    await ana.writes(PLAINLY)
    number = cards(ana)[0].id
    await ana.taps("Message my support person")
    send, before = ana.data("Send"), len(ben.messages)
    for _ in range(3):
        await ana.presses(send, number)
        await room.drain()
    assert len(ben.messages) == before + 1
    assert "in the last 24 hours" in room.telegram.chats[ANA][number].text


async def test_with_several_support_persons_one_is_chosen(room: Chatroom, ana: Phone) -> None:
    ben, dora = ben_of(room), room.phone(BEN + 5, "Dora")
    await link(room, ben)
    await link(room, dora, code="1" * 20)
    await ana.writes(PLAINLY)
    number = cards(ana)[0].id
    await ana.taps("Message my support person")
    assert {"Ben", "Dora"} <= set(room.telegram.chats[ANA][number].labels)
    await ana.taps("Dora")
    await ana.taps("Send")
    before = len(ben.messages)
    await room.drain()
    assert len(ben.messages) == before
    assert "please call" in dora.last.text


async def test_without_the_tick_nobody_is_asked_and_words_to_copy_are_given(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben, scopes=frozenset({Scope.CHECKED_IN}))
    before = len(ben.messages)
    await ana.writes(PLAINLY)
    await ana.taps("Message someone I trust")
    shown = room.telegram.chats[ANA][cards_or_edited(ana)]
    copied = [button["copy_text"]["text"] for row in shown.rows for button in row if "copy_text" in button]
    assert copied == ["Please call or text me when you can. I would like to talk."]
    await room.drain()
    assert len(ben.messages) == before


async def test_a_link_that_has_ended_meanwhile_is_asked_nothing(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    made = await link(room, ben)
    await ana.writes(PLAINLY)
    await ana.taps("Message my support person")
    await room.database.write(support.end, ANA, made.id, room.clock())
    await room.drain()
    before = len(ben.messages)
    await ana.taps("Send")
    await room.drain()
    assert len(ben.messages) == before
    assert "Copy this text" in room.telegram.chats[ANA][cards_or_edited(ana)].labels


async def test_nobody_hears_of_a_card_by_itself(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben)
    before = len(ben.messages)
    await ana.writes(PLAINLY)
    await room.drain()
    assert len(ben.messages) == before


async def test_somebody_elses_link_cannot_be_used(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    ben = ben_of(room)
    made = await link(room, ben)
    before = len(ben.messages)
    await cleo.writes(PLAINLY)
    await cleo.presses(f"1:sf:send:DE:1:{made.id}:{made.version}")
    await room.drain()
    assert len(ben.messages) == before


async def test_the_urgent_card_has_the_same_door(ana: Phone) -> None:
    await ana.writes("/urgent")
    card = ana.last.text
    await ana.taps("Message someone I trust")
    await ana.taps("Back")
    assert ana.last.text == card


async def test_a_card_from_before_the_country_was_known_leads_on_to_the_persons_own(room: Chatroom) -> None:
    phone = await asked_for_country(room)
    phone.language = "xx"
    await phone.writes(PLAINLY)
    number = cards(phone)[0].id
    await room.database.write(patients.choose, ANA, {"country": "FR"}, room.clock())
    await phone.presses(phone.data("What happens if I call"), number)
    await phone.presses(phone.data("Back"), number)
    assert "3114" in room.telegram.chats[ANA][number].text


@pytest.mark.parametrize(
    "data",
    [
        "1:sf",
        "1:sf:ok",
        "1:sf:wrong:DE:x",
        "1:sf:one:DE:1:99",
        "1:sf:send",
        "1:sf:people:../..",
        "1:sf:text:QQ:-4",
        "1:sf:card:DE:99999999999999",
    ],
)
async def test_a_forged_press_shows_something_sane(ana: Phone, data: str) -> None:
    await ana.writes(PLAINLY)
    await ana.presses(data, cards(ana)[0].id)
    assert ana.room.telegram.chats[ANA]


def cards_or_edited(phone: Phone) -> int:
    """Give the number of the message that the card was: the first with the button that leads back to it."""
    return next(message.id for message in phone.messages if "Back" in message.labels)


# The next day.


def follow_ups_in(phone: Phone) -> int:
    return sum("Yesterday I showed you the help card" in message.text for message in phone.messages)


async def test_one_word_follows_the_next_day_at_ten(room: Chatroom, ana: Phone) -> None:
    await ana.writes(PLAINLY)
    room.clock.moment += timedelta(hours=1)
    await ana.writes(PLAINLY)
    await room.reach(NEXT_DAY - timedelta(minutes=1))
    assert follow_ups_in(ana) == 0
    await room.reach(NEXT_DAY)
    assert follow_ups_in(ana) == 1
    assert "I hope today is a bit easier. Help now is still here." in ana.last.text
    await room.reach(NEXT_DAY + timedelta(days=3))
    assert follow_ups_in(ana) == 1


async def test_a_new_card_puts_the_word_off_to_its_own_next_day(room: Chatroom, ana: Phone) -> None:
    await ana.writes(PLAINLY)
    await room.reach(NEXT_DAY - timedelta(minutes=10))
    await ana.writes(PLAINLY)
    await room.reach(NEXT_DAY + timedelta(hours=12))
    assert follow_ups_in(ana) == 0
    await room.reach(NEXT_DAY + timedelta(days=1))
    assert follow_ups_in(ana) == 1


@pytest.mark.parametrize(("state", "comes"), [(paused, 1), (stopped, 0), (back_after_a_block, 1), (asked_for_zone, 0)])
async def test_a_pause_does_not_keep_the_word_but_stop_does(room: Chatroom, state: Way, comes: int) -> None:
    phone = await state(room)
    await phone.writes(PLAINLY)
    await room.reach(NEXT_DAY + timedelta(hours=11))
    assert follow_ups_in(phone) == comes


async def test_the_word_waits_for_the_end_of_quiet_hours(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, quiet=QuietHours(22 * 60, 11 * 60))
    await phone.writes(PLAINLY)
    await room.reach(NEXT_DAY + timedelta(minutes=59))
    assert follow_ups_in(phone) == 0
    await room.reach(NEXT_DAY + timedelta(hours=1))
    assert follow_ups_in(phone) == 1


async def test_in_discreet_mode_all_but_the_greeting_is_covered(room: Chatroom) -> None:
    shown = safety_screens.next_day(EN, discreet=True)
    assert shown.hidden
    assert shown.text[: shown.hidden[0]].strip() == "Hello. A short word from me."
    assert shown.hidden[1] == len(shown.text)


async def test_of_a_card_only_its_moment_is_kept(room: Chatroom, ana: Phone) -> None:
    await ana.writes(PLAINLY)
    token = "t"
    rows = await room.database.write(due.claim, token, NEXT_DAY, 100, 60)
    (row,) = [row for row in rows if row.kind == "care"]
    assert (row.event, row.slot) == ("c2026-10-14", str(int(harness.START.timestamp())))


async def test_of_strangers_and_support_persons_nothing_is_kept(room: Chatroom) -> None:
    ben = await support_person(room)
    await ben.writes(PLAINLY)
    await room.phone(BEN + 9).writes(PLAINLY)
    rows = await room.database.write(due.claim, "t", NEXT_DAY + timedelta(hours=1), 100, 60)
    assert not [row for row in rows if row.kind == "care"]


# The card itself.


@pytest.mark.parametrize("code", countries())
def test_every_card_is_short_and_names_the_numbers_of_its_country(code: str) -> None:
    here = Near(EN, country(code))
    for card in (safety_screens.card(here, 1), safety_screens.card(here, 1, late=True)):
        assert len(card.text) <= 600
        assert here.place.emergency[0] in card.text
        for line in here.place.shown:
            assert all(
                re.search(rf"(?:Call|Text) {re.escape(number)}$", card.text, re.MULTILINE) for number in line.phones
            )
        copied = [button.copy for row in card.rows for button in row if button.copy]
        assert copied[0] == here.place.emergency[0]
        assert card.rows[-1][0].label == "I'm OK, go on"


def test_a_country_that_is_not_known_gets_112_and_the_hint_to_the_local_number() -> None:
    text = safety_screens.card(Near(EN, country(ELSEWHERE)), 1).text
    assert "Call 112 or your local emergency number." in text
    assert "findahelpline.com" in text


def test_a_door_that_names_another_country_keeps_it_on_the_way_back() -> None:
    shown = safety_screens.door(Near(EN, country("DE")), unpack("1:sf:what:FR:5"))
    assert shown.rows[-1][0].data == "1:sf:card:FR:5"
