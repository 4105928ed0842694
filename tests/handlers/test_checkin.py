"""The daily card, tap by tap."""

from datetime import date, timedelta

from care.checkin import CheckIn, Outcome
from storage import history
from tests.handlers.harness import ANA, CLEO, GOOD_DAY, HOUR, Chatroom, Phone, check_in, settle_in

TODAY = date(2026, 10, 14)


async def kept(room: Chatroom, chat_id: int = ANA, days: int = 8) -> list[CheckIn]:
    now = room.clock().date()
    return await room.database.read(history.recent, chat_id, now - timedelta(days=days), now + timedelta(days=1))


async def test_a_normal_day_takes_four_taps_in_one_message(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    assert len(ana.messages) == 1
    assert ana.last.text == (
        "Thanks. Your check-in is saved.\nSaved 11:00 · Mood: 6 · Energy: Some · Dizziness: None · Nausea: None"
    )
    assert [c.values for c in await kept(room)] == [{"mood": 6, "energy": 2, "dizziness": 0, "nausea": 0}]


async def test_the_card_shows_its_place_and_what_was_said_so_far(ana: Phone) -> None:
    await check_in(ana, "6", "Some")
    assert ana.last.text == (
        "Time for your check-in · Wed, Oct 14\n"
        "Mood: 6 · Energy: Some\n"
        "3 of 4 · In the last 24 hours, did you feel dizzy? How bad was it at its worst?"
    )
    assert ana.last.labels == ["None", "Mild", "Moderate", "Severe", "What do these mean?", "Back", "Skip", "Later"]


async def test_the_first_question_offers_skip_later_and_not_today(ana: Phone) -> None:
    await ana.writes("/checkin")
    assert ana.last.labels == [*map(str, range(11)), "Skip", "Later", "Not today"]


async def test_the_scale_is_explained_on_the_card_itself(ana: Phone) -> None:
    await check_in(ana, "6", "Some")
    await ana.taps("What do these mean?")
    assert "Severe: I had to stop or lie down." in ana.last.text
    assert "What do these mean?" not in ana.last.labels
    await ana.taps("Mild")
    assert "4 of 4" in ana.last.text


async def test_a_worrying_answer_asks_one_question_more(ana: Phone) -> None:
    await check_in(ana, "6", "Some", "Moderate")
    assert "4 of 5 · Did you faint or fall?" in ana.last.text
    await ana.taps("No")
    await ana.taps("Severe")
    assert "6 of 6 · Did you throw up?" in ana.last.text
    await ana.taps("I can't keep water down")
    assert "No one is reading this right now" in ana.last.text


async def test_a_low_mood_gets_plain_words(ana: Phone) -> None:
    await check_in(ana, "2", "None", "None", "None")
    assert ana.last.text.startswith("Thank you for telling me. Hard days count too.")
    assert "No one is reading this right now" in ana.last.text


async def test_a_good_mood_gets_glad_words(ana: Phone) -> None:
    await check_in(ana, "8", "Good", "None", "None")
    assert ana.last.text.startswith("Thanks, that is good to hear.")


async def test_everything_can_be_skipped(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, "Skip", "Skip", "Skip", "Skip")
    assert "Mood: skipped" in ana.last.text
    (check,) = await kept(room)
    assert (check.outcome, check.values) == (Outcome.COMPLETE, {})


async def test_back_opens_the_question_before_and_the_new_answer_stands(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, "6")
    await ana.taps("Back")
    assert "1 of 4" in ana.last.text
    assert ana.last.labels[-2:] == ["No answer", "Keep it"]
    await ana.taps("3")
    assert "2 of 4" in ana.last.text
    assert "Mood: 3" in ana.last.text
    assert (await kept(room))[0].answers["mood"].revision == 2


async def test_keeping_an_answer_goes_on_where_one_was(ana: Phone) -> None:
    await check_in(ana, "6")
    await ana.taps("Back")
    await ana.taps("Keep it")
    assert "2 of 4" in ana.last.text


async def test_an_answer_of_a_saved_card_can_be_changed(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.taps("Change an answer")
    assert ana.last.labels == ["Mood: 6", "Energy: Some", "Dizziness: None", "Nausea: None", "Back"]
    await ana.taps("Energy: Some")
    await ana.taps("A lot")
    assert "Energy: A lot" in ana.last.text
    assert (await kept(room))[0].value("energy") == 4


async def test_a_changed_answer_that_calls_for_a_question_asks_it(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    for label in ("Change an answer", "Dizziness: None", "Severe"):
        await ana.taps(label)
    assert "4 of 5 · Did you faint or fall?" in ana.last.text
    await ana.taps("Almost")
    assert ana.last.text.startswith("Thanks. Your check-in is saved.")


async def test_a_changed_answer_that_no_longer_calls_for_a_question_hides_its_answer(ana: Phone) -> None:
    await check_in(ana, "6", "Some", "Severe", "Yes", "None")
    for label in ("Change an answer", "Dizziness: Severe", "None"):
        await ana.taps(label)
    assert "Faint" not in ana.last.text


async def test_done_leaves_the_saved_card_without_buttons(ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.taps("Done")
    assert not ana.live
    assert "Saved 11:00" in ana.last.text


async def test_the_middle_of_the_week_appears_with_the_second_answer(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, "6", "Some", "None", "None")
    assert "7-day" not in ana.last.text
    room.clock.advance(timedelta(days=1))
    await check_in(ana, "4", "Some", "None", "None")
    assert "Mood: 7-day middle 5 (2 answers)" in ana.last.text


async def test_a_doubled_press_answers_once(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    data = ana.data("6")
    await ana.presses(data)
    await ana.presses(data)
    assert "2 of 4" in ana.last.text
    assert (await kept(room))[0].answers["mood"].revision == 1


async def test_a_press_from_an_older_drawing_never_overwrites_a_newer_answer(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    old = ana.data("2")
    await ana.taps("7")
    await ana.presses(old)
    assert (await kept(room))[0].value("mood") == 7
    assert "Mood: 7" in ana.last.text


async def test_each_press_handled_twice_shows_the_same_screen(ana: Phone) -> None:
    await ana.writes("/checkin")
    taps = [
        "6",
        "Back",
        "5",
        "Some",
        "What do these mean?",
        "Moderate",
        "Almost",
        "Skip",
        "Change an answer",
        "Mood: 5",
    ]
    for label in [*taps, "Keep it", "Done"]:
        await ana.taps(label)
        shown, count = ana.last, len(ana.messages)
        await ana.again()
        assert (ana.last, len(ana.messages)) == (shown, count), label


async def test_cleo_cannot_touch_what_is_anas(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await check_in(ana, "6")
    number = (await kept(room))[0].id
    await cleo.writes("/checkin")
    before = cleo.last
    forged = [f"a:{number}:energy:1:0", f"q:{number}:mood", *(f"c:{act}:{number}" for act in ALL_ACTS)]
    for data in [*forged, f"n:add:{number}", f"c:snooze:{number}:29700000", f"c:sure:{number}:29700000"]:
        await cleo.presses(f"1:{data}", before.id)
        assert cleo.last == before, data
    mine = (await kept(room))[0]
    assert (mine.values, mine.outcome) == ({"mood": 6}, Outcome.OPEN)
    assert len(await kept(room, CLEO)) == 1


ALL_ACTS = ("show", "later", "next", "no", "fill", "leave", "change", "done", "explain", "unknown")


async def test_values_out_of_scale_and_questions_not_asked_change_nothing(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    number, shown = (await kept(room))[0].id, ana.last
    for tail in ("mood:11:0", "mood:-1:0", "mood:99999999999999999999:0", "faint:1:0", "nothing:1:0", "mood:5:7"):
        await ana.presses(f"1:a:{number}:{tail}")
        assert ana.last == shown, tail
    for broken in ("1:a", f"1:a:{number}", f"1:a:{number}:mood", f"1:a:{number}:mood:x:0", f"1:a:{number}:mood:5:x"):
        await ana.presses(broken)
        assert ana.last == shown, broken
    assert (await kept(room))[0].values == {}


async def test_forged_and_oversized_presses_lead_to_a_fresh_card(ana: Phone) -> None:
    for data in ("0:a:1:mood:3", "nonsense", "1:xx:1", "1:a:" + "9" * 200, "1:a:💥", ""):
        await ana.presses(data)
        assert ana.last.labels == ["Open my check-in"], data
    await ana.taps("Open my check-in")
    assert "1 of 4" in ana.last.text


async def test_a_new_card_takes_the_place_of_the_old_one(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, "6")
    await ana.writes("/checkin")
    assert len(ana.live) == 1
    assert "2 of 4" in ana.last.text


async def test_a_press_on_a_card_that_is_gone_shows_a_new_one(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    data, number = ana.data("6"), ana.last.id
    del room.telegram.chats[ANA][number]
    await ana.presses(data, number)
    assert "2 of 4" in ana.last.text
    assert (await kept(room))[0].message_id == ana.last.id


async def test_not_today_is_taken_kindly_and_can_be_taken_back(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    await ana.taps("Not today")
    assert ana.last.text == "OK, no check-in for Wed, Oct 14. You can still fill it in."
    assert (await kept(room))[0].outcome is Outcome.DECLINED
    await ana.taps("Fill in after all")
    assert "1 of 4" in ana.last.text


async def test_asking_for_a_declined_card_opens_it(ana: Phone) -> None:
    await ana.writes("/checkin")
    await ana.taps("Not today")
    await ana.writes("/checkin")
    assert "1 of 4" in ana.last.text


async def test_later_shows_the_card_again(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, "6")
    await ana.taps("Later")
    assert ana.last.labels == ["In 30 min", "In 2 hours", "This evening", "Tomorrow with the next one", "Back"]
    await ana.taps("In 2 hours")
    assert ana.last.text == "OK. I will show it again at 13:00."
    await ana.again()
    before = ana.last.id
    await room.reach(room.clock() + 2 * HOUR)
    assert ana.last.id != before
    assert "2 of 4" in ana.last.text
    assert "Mood: 6" not in ana.last.text, "an unprompted card lights up on a lock screen"
    assert len(ana.live) == 1


async def test_later_inside_quiet_hours_is_asked_about_once(room: Chatroom, ana: Phone) -> None:
    room.clock.advance(10.5 * HOUR)
    await ana.writes("/checkin")
    await ana.taps("Later")
    await ana.taps("In 2 hours")
    assert ana.last.text == "That is 23:30, in your quiet hours. Still remind me?"
    await ana.taps("Yes")
    assert ana.last.text == "OK. I will show it again at 23:30."
    await room.reach(room.clock() + 2 * HOUR)
    assert "1 of 4" in ana.last.text


async def test_later_never_reaches_past_the_end_of_the_day(room: Chatroom, ana: Phone) -> None:
    room.clock.advance(16 * HOUR)
    await ana.writes("/checkin")
    await ana.taps("Later")
    assert ana.last.labels == ["In 30 min", "Tomorrow with the next one", "Back"]


async def test_a_late_press_on_later_offers_moments_anew(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    await ana.taps("Later")
    data = ana.data("In 30 min")
    room.clock.advance(HOUR)
    await ana.presses(data)
    assert "When should I show it again?" in ana.last.text


async def test_tomorrow_leaves_today_out(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    await ana.taps("Later")
    await ana.taps("Tomorrow with the next one")
    assert ana.last.text == "OK. I will write again with your next check-in."
    assert ana.last.labels == ["Fill in after all"]
    assert (await kept(room))[0].outcome is Outcome.DECLINED


async def test_a_closed_card_says_so_and_can_be_filled_in(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, "6")
    data = ana.data("Some")
    await room.reach(room.clock() + 18 * HOUR)
    assert ana.last.text == "Check-in for Wed, Oct 14: closed. You can still fill it in."
    await ana.presses(data)
    assert ana.last.labels == ["Fill in", "Fine, leave it"]
    assert (await kept(room))[0].values == {"mood": 6}
    await ana.taps("Fill in")
    assert ana.last.text.startswith("Check-in for Wed, Oct 14. Please answer as it was on that day.\nMood: 6\n2 of 4")
    for label in ("Some", "None", "None"):
        await ana.taps(label)
    (check,) = await kept(room)
    assert check.entered_late
    assert "Saved 05:00 for Wed, Oct 14" in ana.last.text


async def test_a_closed_card_can_be_left(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    await room.reach(room.clock() + 18 * HOUR)
    await ana.taps("Fine, leave it")
    assert ana.last.text.endswith("That is fine.")
    assert not ana.live


async def test_a_card_older_than_a_week_stays_closed(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/stop")
    await ana.writes("/checkin")
    number, data = (await kept(room))[0].id, ana.data("6")
    await room.reach(room.clock() + timedelta(days=8))
    for pressed in (data, f"1:c:fill:{number}", f"1:c:show:{number}"):
        await ana.presses(pressed)
        assert ana.last.text == "Check-in for Wed, Oct 14: closed."
    assert (await kept(room, days=10))[0].outcome is Outcome.CLOSED


async def test_a_past_day_can_be_filled_in_for_a_week(room: Chatroom, ana: Phone) -> None:
    await ana.presses("1:c:past:2026-10-12")
    assert ana.last.text.startswith("Check-in for Mon, Oct 12. Please answer as it was on that day.\n1 of 4")
    for label in GOOD_DAY:
        await ana.taps(label)
    check = (await kept(room))[0]
    assert (check.day, check.entered_late, check.outcome) == (date(2026, 10, 12), True, Outcome.COMPLETE)


async def test_days_that_cannot_be_filled_in_are_refused_quietly(room: Chatroom, ana: Phone) -> None:
    for day in ("2026-10-06", "2026-10-15", "2026-13-99", "x", ""):
        await ana.presses(f"1:c:past:{day}")
    assert ana.messages == []
    assert await kept(room) == []


async def test_another_entry_stands_beside_the_days_own(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.writes("/checkin")
    await ana.taps("Another entry")
    assert ana.last.text.startswith("Extra check-in · Wed, Oct 14\n1 of 4")
    await ana.again()
    assert len(await kept(room)) == 2
    for label in ("3", "Low", "None", "None"):
        await ana.taps(label)
    assert [check.value("mood") for check in await kept(room)] == [6, 3]


async def test_an_answer_after_midnight_belongs_to_the_evening_before(room: Chatroom, ana: Phone) -> None:
    room.clock.advance(14.5 * HOUR)
    await check_in(ana, *GOOD_DAY)
    assert [check.day for check in await kept(room)] == [TODAY]


async def test_checkin_before_the_first_minutes_are_over_shows_the_open_step(stranger: Phone) -> None:
    await stranger.writes("/checkin")
    assert "18 or older" in stranger.last.text


async def test_a_press_of_a_person_nobody_knows_is_only_acknowledged(room: Chatroom, stranger: Phone) -> None:
    for data in ("1:a:1:mood:5:0", "1:c:show:1", "1:c:open", "1:c:extra:1", "1:q:1:mood", "1:n:keep:1", "1:zo:all"):
        await stranger.presses(data)
    assert stranger.messages == []


async def test_a_person_in_new_york_gets_their_own_clock(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, zone="America/New_York")
    await check_in(phone, *GOOD_DAY)
    assert "Saved 05:00" in phone.last.text


async def test_a_press_on_an_older_card_acts_there_and_retires_the_newer_one(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/checkin")
    data, number = ana.data("6"), ana.last.id
    room.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await ana.writes("/checkin")
    newer = ana.last.id
    await ana.presses(data, number)
    assert [message.id for message in ana.live] == [number]
    assert newer not in [message.id for message in ana.messages]
    assert "2 of 4" in ana.last.text
