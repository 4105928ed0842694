"""What is sent without being asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import Forbidden

from care.checkin import Outcome
from care.due import Due, Kind, Send
from care.people import State
from handlers import due as deliveries
from storage import checkins, history, patients, treatments
from storage.due import Begun
from tests.handlers.harness import ANA, GOOD_DAY, HOUR, START, Chatroom, Phone, check_in, settle_in

PROMPT = datetime(2026, 10, 14, 17, 5, tzinfo=UTC)
"""19:05 in Berlin: the person's own offset of up to four minutes has passed."""

NEVER_UNASKED = ("ketamine", "depress", "treatment", "score", "sick", "dizz", "Mood:", "Nausea")

LATE, MINUTE = "This comes later than planned.", timedelta(minutes=1)

NUDGE = PROMPT + timedelta(hours=2, minutes=5)


def sent_texts(room: Chatroom) -> list[str]:
    return [params["text"] for params in room.telegram.said("sendMessage")]


async def test_the_prompt_comes_at_the_persons_time_and_is_the_card(room: Chatroom, ana: Phone) -> None:
    await room.reach(PROMPT)
    assert ana.last.text == (
        "Time for your check-in · Wed, Oct 14\n1 of 4 · How was your mood today? 0 is the worst. 10 is the best."
    )
    assert not ana.last.silent
    await ana.taps("6")
    assert len(ana.messages) == 1


async def test_no_prompt_comes_after_the_person_has_checked_in(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await room.reach(PROMPT)
    assert len(ana.messages) == 1


async def test_a_discreet_prompt_says_nothing_until_it_is_opened(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, discreet=True)
    await room.reach(PROMPT)
    assert phone.last.text == "Time for your check-in · Wed, Oct 14"
    assert phone.last.labels == ["Start", "Not today"]
    await phone.taps("Start")
    assert "1 of 4" in phone.last.text


async def test_one_silent_nudge_takes_the_place_of_the_card(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, daily_minute=13 * 60)
    await room.reach(datetime(2026, 10, 14, 11, 5, tzinfo=UTC))
    first = phone.last
    await phone.taps("4")
    await room.reach(datetime(2026, 10, 14, 19, 0, tzinfo=UTC))
    assert phone.last.text.startswith("Your check-in is still open until 04:00. It is fine to skip.\n2 of 4")
    assert phone.last.silent
    assert first.id not in [message.id for message in phone.messages]
    assert len(phone.live) == 1


async def test_nothing_unasked_names_health_or_an_answer_in_its_first_line(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, daily_minute=13 * 60, nudges=2)
    for _ in range(3):
        await room.reach(room.clock() + 8 * HOUR)
    for params in room.telegram.said("sendMessage"):
        first, *_ = params["text"].split("\n")
        assert not any(word.lower() in first.lower() for word in NEVER_UNASKED), first


async def test_the_card_closes_at_the_end_of_the_day_without_a_new_message(room: Chatroom, ana: Phone) -> None:
    await room.reach(NUDGE)
    shown = ana.last.id
    await room.reach(datetime(2026, 10, 15, 2, 1, tzinfo=UTC))
    assert ana.last.id == shown
    assert ana.last.labels == ["Fill in", "Fine, leave it"]


async def test_a_card_that_was_deleted_closes_in_silence(room: Chatroom, ana: Phone) -> None:
    await room.reach(NUDGE)
    room.telegram.chats[ANA].clear()
    await room.reach(datetime(2026, 10, 15, 2, 1, tzinfo=UTC))
    assert ana.messages == []
    (check,) = await room.database.read(history.recent, ANA, PROMPT.date(), PROMPT.date())
    assert check.outcome is Outcome.CLOSED


async def test_a_person_in_the_middle_of_the_card_gets_half_an_hour_more(room: Chatroom, ana: Phone) -> None:
    await room.reach(datetime(2026, 10, 15, 1, 50, tzinfo=UTC))
    await ana.taps("6")
    await room.reach(datetime(2026, 10, 15, 2, 1, tzinfo=UTC))
    assert "2 of 4" in ana.last.text
    await room.reach(datetime(2026, 10, 15, 2, 25, tzinfo=UTC))
    assert "closed" in ana.last.text


async def test_a_prompt_that_comes_late_says_so_once(room: Chatroom, ana: Phone) -> None:
    room.clock.moment = PROMPT + 2 * HOUR
    await room.drain()
    assert "This comes later than planned." in ana.last.text
    await ana.taps("6")
    assert "later than planned" not in ana.last.text


async def test_only_the_first_card_after_an_outage_says_that_it_is_late(room: Chatroom, ana: Phone) -> None:
    room.clock.moment = PROMPT + 90 * MINUTE
    for _ in range(2):
        await room.reach(room.clock() + 24 * HOUR)
    cards = [text for text in sent_texts(room) if text.startswith("Time for your check-in")]
    assert [LATE in text for text in cards] == [True, False, False]


async def test_the_morning_card_is_late_by_its_own_time(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, daily_minute=7 * 60)
    await room.database.write(treatments.had, ANA, START - 2 * HOUR, START)
    await room.reach(datetime(2026, 10, 15, 7, 5, tzinfo=UTC))  # 09:05, two hours after her daily time
    assert phone.last.text.startswith("Good morning")
    assert not any(LATE in text for text in sent_texts(room))


async def test_a_morning_card_that_comes_late_says_so(room: Chatroom, ana: Phone) -> None:
    await room.database.write(treatments.had, ANA, START - 2 * HOUR, START)
    room.clock.moment = datetime(2026, 10, 15, 8, 30, tzinfo=UTC)
    await room.drain()
    (card,) = [text for text in sent_texts(room) if text.startswith("Good morning")]
    assert LATE in card


async def test_an_outage_that_ends_after_the_days_time_is_followed_by_one_late_card(room: Chatroom, ana: Phone) -> None:
    room.clock.moment = datetime(2026, 10, 17, 18, 30, tzinfo=UTC)
    await room.reach(datetime(2026, 10, 17, 23, tzinfo=UTC))
    (card,) = [text for text in sent_texts(room) if text.startswith("Time for your check-in")]
    assert card.splitlines()[:2] == ["Time for your check-in · Sat, Oct 17", LATE]


async def test_an_outage_of_three_days_is_followed_by_one_card(room: Chatroom, ana: Phone) -> None:
    room.clock.moment = datetime(2026, 10, 17, 9, tzinfo=UTC)
    await room.drain()
    assert sent_texts(room) == []
    await room.reach(datetime(2026, 10, 17, 22, tzinfo=UTC))
    cards = [text.split("\n")[0] for text in sent_texts(room) if text.startswith("Time for your check-in")]
    assert cards == ["Time for your check-in · Sat, Oct 17"]


async def test_a_person_who_blocked_the_bot_raises_forbidden_for_the_loops(room: Chatroom, ana: Phone) -> None:
    room.telegram.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Forbidden):
        await room.reach(PROMPT)


async def test_every_day_has_one_card_over_a_week_with_a_clock_change(room: Chatroom, ana: Phone) -> None:
    end = datetime(2026, 11, 1, 12, tzinfo=UTC)
    while room.clock() < end:
        await room.reach(room.clock() + timedelta(hours=6))
        await room.database.write(patients.choose, ANA, {"heard_at": room.clock()}, room.clock())  # nobody is silent
    texts = [params["text"].split("\n")[0] for params in room.telegram.said("sendMessage")]
    prompts = [text for text in texts if text.startswith("Time for your check-in")]
    assert len(prompts) == len(set(prompts)) == 18
    assert len(ana.live) <= 18
    patient = await room.database.read(patients.find, ANA)
    assert patient is not None
    assert patient.state is State.ACTIVE


async def test_a_card_that_comes_after_its_answer_is_redrawn_at_once(room: Chatroom, ana: Phone) -> None:
    await room.reach(PROMPT)
    (check,) = await room.database.read(history.recent, ANA, PROMPT.date(), PROMPT.date())
    patient = await room.database.read(patients.find, ANA)
    assert patient
    late = Due(1, patient.id, Kind.DAILY, check.day.isoformat(), "1", 1, PROMPT, PROMPT + HOUR)
    begun = Begun(late, Send(), patient, check)
    bot, deps = room.application.bot, room.deps
    shown = ana.last.text
    await deliveries.catch_up(bot, deps, begun, ana.last.id)
    assert ana.last.text == shown
    await room.database.write(checkins.answer, ANA, check.id, "mood", 6, 0, PROMPT)
    await deliveries.catch_up(bot, deps, begun, ana.last.id)
    assert "2 of 4" in ana.last.text
    await deliveries.catch_up(bot, deps, replace(begun, due=replace(late, kind=Kind.CLOSE)), ana.last.id)
    assert "2 of 4" in ana.last.text


async def test_a_morning_card_that_was_not_known_of_in_the_morning_is_not_late(room: Chatroom, ana: Phone) -> None:
    room.clock.moment = START + 2 * HOUR
    await room.database.write(treatments.had, ANA, START - 20 * HOUR, room.clock())
    await room.reach(PROMPT)
    assert "Time for your check-in" in sent_texts(room)[-1]
    assert LATE not in sent_texts(room)[-1]
