"""Standard forms in the chat: switched on, filled in, their sums, and the text after thoughts of death."""

from dataclasses import replace
from datetime import timedelta

import pytest

from care.checkin import Kind, Outcome
from care.people import FORM_DAYS
from care.visits import VisitKind
from storage import checkins, forms, patients, visits
from storage.visits import NewVisit
from tests.handlers.harness import ANA, CLEO, GOOD_DAY, START, Chatroom, Phone, check_in

DAY = timedelta(days=1)
THOUGHTS = "You said you have had thoughts of death or of hurting yourself."
BEFORE_NINE = "The next question is about thoughts of death or of hurting yourself. You can skip it."
SAFE_WORDS = ("PHQ", "mood", "depress", "worry", "score", "ketamine", "treatment")


async def open_form(ana: Phone, name: str) -> None:
    await ana.writes("/forms")
    await ana.taps(name)
    await ana.taps("Fill in now")


async def fill(ana: Phone, name: str, *answers: str) -> None:
    """Open a form from its page and tap answers in their order."""
    await open_form(ana, name)
    for answer in answers:
        await ana.taps(answer)


async def items(room: Chatroom) -> frozenset[str]:
    patient = await room.database.read(patients.find, ANA)
    assert patient
    return patient.items


NOT, SOME, MORE, DAILY = "Not at all", "Several days", "More than half the days", "Nearly every day"
TO_NINE = [NOT] * 8


async def test_forms_are_off_until_each_is_switched_on(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/forms")
    assert ana.last.text.count(": off") == 4
    assert ana.last.labels[:4] == ["PHQ-9", "GAD-7", "PHQ-2", "GAD-2"]
    await ana.taps("PHQ-9")
    assert "Your answers alert no one" in ana.last.text
    await ana.taps("Switch on")
    assert "phq9" in await items(room)
    await ana.taps("Back")
    assert "PHQ-9: on, next on Wed, Oct 14" in ana.last.text
    await ana.taps("PHQ-9")
    await ana.taps("Switch off")
    assert "phq9" not in await items(room)


async def test_a_form_says_what_it_is_and_uses_the_instruments_words(ana: Phone) -> None:
    await open_form(ana, "PHQ-9")
    assert ana.last.text == (
        "PHQ-9\nThis is a standard form about low mood. It asks about the last 2 weeks. It takes about 2 minutes. "
        "You can stop at any time.\n\n"
        "Over the last 2 weeks, how often have you been bothered by any of the following problems?\n"
        "1 of 9 · Little interest or pleasure in doing things."
    )
    assert ana.last.labels == [NOT, SOME, MORE, DAILY, "Skip", "Leave it"]
    await ana.taps(SOME)
    assert "This is a standard form" not in ana.last.text
    assert "Over the last 2 weeks" in ana.last.text
    assert "Interest" not in ana.last.text  # what was said before would colour the next answer


async def test_a_form_without_problems_ends_after_item_nine(room: Chatroom, ana: Phone) -> None:
    await fill(ana, "PHQ-9", *TO_NINE, "Go on", NOT)
    assert ana.last.text == (
        "PHQ-9: saved. No one reads it right now.\nYour score is 0 out of 27.\n"
        "A score is not a diagnosis. Your care team can tell you what it means for you."
    )
    assert len(ana.messages) == 1


async def test_any_problem_brings_how_hard_it_is_made_which_counts_nothing(ana: Phone) -> None:
    await fill(ana, "PHQ-9", SOME, *TO_NINE[1:], "Go on", NOT)
    assert "How difficult have these problems made it" in ana.last.text
    assert "Over the last 2 weeks" not in ana.last.text
    await ana.taps("Extremely difficult")
    assert "Your score is 1 out of 27." in ana.last.text


async def test_no_band_no_colour_and_no_verdict_is_shown(ana: Phone) -> None:
    await fill(ana, "PHQ-9", *[DAILY] * 8, "Go on", NOT, "Extremely difficult")
    text = ana.last.text.casefold()
    assert "24 out of 27" in text
    assert not any(word in text for word in ("severe", "moderate", "mild", "high", "low", "worse", "better", "normal"))


async def test_the_score_before_is_shown_and_so_is_a_sum_with_gaps(room: Chatroom, ana: Phone) -> None:
    await fill(ana, "GAD-7", *[SOME] * 7)
    assert "Last time" not in ana.last.text
    room.clock.moment += 8 * DAY
    await fill(ana, "GAD-7", *[MORE] * 6, "Skip")
    assert "You answered 6 of 7 questions. Their sum is 12.\nLast time it was 7." in ana.last.text
    room.clock.moment += 8 * DAY
    await fill(ana, "GAD-7", *["Skip"] * 7)
    assert ana.last.text == "GAD-7: saved. No one reads it right now."


async def test_item_nine_is_introduced_and_can_be_skipped_unseen(ana: Phone) -> None:
    await fill(ana, "PHQ-9", *TO_NINE)
    assert ana.last.text == f"{BEFORE_NINE} Your answer does not alert anyone."
    assert ana.last.labels == ["Go on", "Skip it", "Back"]
    await ana.taps("Skip it")
    assert "You answered 8 of 9 questions." in ana.last.text
    assert THOUGHTS not in ana.last.text


async def test_back_from_the_introduction_opens_the_item_before(ana: Phone) -> None:
    await fill(ana, "PHQ-9", *TO_NINE, "Back")
    assert "Moving or speaking so slowly" in ana.last.text


@pytest.mark.parametrize("answer", [SOME, MORE, DAILY])
async def test_thoughts_of_death_are_answered_at_once_and_before_anything_else(ana: Phone, answer: str) -> None:
    await fill(ana, "PHQ-9", *TO_NINE, "Go on", answer)
    assert ana.last.text == (
        f"{THOUGHTS} Many people have such thoughts, and help works. Please tell your care team soon. Your answer did "
        "not alert anyone. To talk to a person now: call 0800 111 0 111 (24/7). In danger? Call 112."
    )
    assert ana.last.labels[-2:] == ["Help now", "Go on"]
    assert "Copy 112" in ana.last.labels
    await ana.taps("Go on")
    assert "How difficult" in ana.last.text
    await ana.taps("Skip")
    assert ana.last.text.startswith(THOUGHTS)
    assert "Copy 112" in ana.last.labels


async def test_a_doubled_press_on_item_nine_shows_the_same_help_again(ana: Phone) -> None:
    await fill(ana, "PHQ-9", *TO_NINE, "Go on")
    await ana.taps(DAILY)
    once = (ana.last.text, ana.last.labels)
    await ana.again()
    assert (ana.last.text, ana.last.labels) == once
    assert once[0].startswith(THOUGHTS)


async def test_the_door_to_help_leaves_the_form_where_it_is(ana: Phone) -> None:
    await fill(ana, "PHQ-9", *TO_NINE, "Go on", SOME)
    await ana.taps("Help now")
    assert "I cannot call for help" in ana.last.text
    await ana.taps("Go on")
    assert [one.text.startswith("PHQ-9\n10 of 10 · How difficult") for one in ana.live] == [True, False]


async def test_nobody_is_told_of_a_form_nor_of_its_answers(room: Chatroom, ana: Phone) -> None:
    before = len(room.telegram.calls)
    await fill(ana, "PHQ-9", *TO_NINE, "Go on", DAILY, "Go on", "Skip")
    assert {params.get("chat_id") for _, params in room.telegram.calls[before:] if "chat_id" in params} == {ANA}


async def test_a_form_without_item_nine_where_the_operator_leaves_it_out(room: Chatroom, ana: Phone) -> None:
    room.deps = replace(room.deps, item_nine=False)
    room.application.bot_data["deps"] = room.deps
    await ana.writes("/forms")
    assert ana.last.labels[0] == "PHQ-8"
    await fill(ana, "PHQ-8", SOME, *TO_NINE[1:])
    assert "How difficult" in ana.last.text
    await ana.taps("Skip")
    assert "PHQ-8: saved." in ana.last.text
    assert "Your score is 1 out of 24." in ana.last.text


async def test_a_short_form_of_three_offers_the_longer_one(ana: Phone) -> None:
    await fill(ana, "PHQ-2", SOME, SOME)
    assert "longer form" not in ana.last.text
    await ana.taps("Change an answer")
    await ana.taps("Down: Several days")
    await ana.taps(MORE)
    assert ana.last.text.endswith("Would you like the longer form? It helps your care team.")
    await ana.taps("Fill in the PHQ-9")
    assert "1 of 9" in ana.last.text


async def test_the_prompt_says_no_word_of_health_and_leads_to_the_form(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await room.database.write(patients.choose, ANA, {"items": (await items(room)) | {"phq2"}}, room.clock())
    await room.reach(START.replace(hour=18))
    assert ana.last.text == "There is a short form today: 2 questions. It is fine to skip."
    assert not any(word.casefold() in " ".join([ana.last.text, *ana.last.labels]).casefold() for word in SAFE_WORDS)
    await ana.taps("Start")
    assert "1 of 2" in ana.last.text


async def test_not_today_is_taken_kindly(room: Chatroom, ana: Phone) -> None:
    await room.database.write(patients.choose, ANA, {"items": (await items(room)) | {"phq2"}}, room.clock())
    await room.reach(START.replace(hour=18))
    await ana.taps("Not today")
    assert ana.live[-1].text == "OK, no form today. It is at /forms when you want it."
    found = await room.database.read(forms.history, ANA, room.clock())
    assert found == []


async def test_a_form_that_was_left_says_so_and_opens_again_the_same_day(room: Chatroom, ana: Phone) -> None:
    await fill(ana, "PHQ-9", SOME, "Leave it")
    assert ana.last.text == "OK, no form today. It is at /forms when you want it."
    await ana.taps("Fill in after all")
    assert "2 of 10" in ana.last.text
    left = ana.data(SOME)
    await room.reach(room.clock() + DAY)
    await ana.presses(left)
    assert ana.live[-1].text == "This form is closed. You can start a new one."


async def test_a_form_is_offered_before_a_visit_when_it_is_on(room: Chatroom, ana: Phone) -> None:
    await room.database.write(patients.choose, ANA, {"items": (await items(room)) | {"phq9"}}, room.clock())
    new = [NewVisit(START + DAY, "Europe/Berlin", VisitKind.FOLLOW_UP)]
    made = await room.database.write(visits.make, ANA, new, START - DAY)
    assert made
    card = await room.database.write(checkins.open_visit, ANA, made.new[0].id, room.clock())
    assert card
    await ana.presses(f"1:c:show:{card.check_in.id}")
    while "Skip" in ana.last.labels:
        await ana.taps("Skip")
    assert "Fill in the PHQ-9" in ana.last.labels
    await ana.taps("Fill in the PHQ-9")
    await ana.taps(SOME)
    assert "2 of 10" in ana.last.text


async def test_thoughts_of_hurting_oneself_before_a_visit_are_answered_at_once(room: Chatroom, ana: Phone) -> None:
    new = [NewVisit(START + DAY, "Europe/Berlin", VisitKind.FOLLOW_UP)]
    made = await room.database.write(visits.make, ANA, new, START - DAY)
    assert made
    card = await room.database.write(checkins.open_visit, ANA, made.new[0].id, room.clock())
    assert card
    await ana.presses(f"1:c:show:{card.check_in.id}")
    while "Thoughts of hurting myself" not in ana.last.labels:
        await ana.taps("Skip")
    await ana.taps("Thoughts of hurting myself")
    await ana.taps("That's all")
    assert ana.last.text.startswith(THOUGHTS)


async def test_the_weekday_of_forms_is_chosen_once(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/forms")
    await ana.taps("Day of the week")
    await ana.taps("Thu")
    await ana.taps("Fri")
    assert (await items(room)) & set(FORM_DAYS) == {"form4"}
    assert "✓ Fri" in ana.last.labels
    await ana.taps("Any day")
    assert not (await items(room)) & set(FORM_DAYS)


@pytest.mark.parametrize(
    "data",
    [
        *("1:fo:on:qids", "1:fo:on", "1:fo:day:7", "1:fo:day:-1", "1:fo:see:x", "1:fo:on:crave", "1:c:form:daily"),
        *("1:c:form", "1:c:form:phq8", "1:fo:day:any:x", "1:fo:no"),
    ],
)
async def test_forged_presses_change_nothing(room: Chatroom, ana: Phone, data: str) -> None:
    before = await items(room)
    await ana.writes("/forms")
    await ana.presses(data)
    assert await items(room) == before
    assert await room.database.read(forms.history, ANA, room.clock()) == []
    assert ana.last.text


async def test_cleo_cannot_open_or_answer_anas_form(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await fill(ana, "PHQ-9", SOME)
    pressed = ana.data(DAILY)
    await cleo.writes("/forms")
    await cleo.presses(pressed)
    assert "PHQ-9" not in cleo.last.text or "2 of 10" not in cleo.last.text
    await ana.taps(SOME)
    assert "3 of 10" in ana.last.text
    assert await room.database.read(forms.history, CLEO, room.clock()) == []


async def test_after_five_cards_one_saved_card_says_that_there_are_forms(room: Chatroom, ana: Phone) -> None:
    told = []
    for _ in range(6):
        await check_in(ana, *GOOD_DAY)
        told.append("standard forms" in ana.live[-1].text)
        room.clock.moment += DAY
    assert told == [False] * 4 + [True, False]


async def test_the_history_names_a_form_and_shows_its_answers(ana: Phone) -> None:
    await fill(ana, "PHQ-2", SOME, NOT)
    await ana.writes("/history")
    assert "Wed, Oct 14: nothing yet, PHQ-2" in ana.last.text
    await ana.taps("Wed, Oct 14")
    assert "PHQ-2:\nInterest: Several days\nDown: Not at all" in ana.last.text
    assert "Change the PHQ-2" in ana.last.labels


async def test_the_draft_for_a_visit_has_the_sums_and_keeps_item_nine_back(room: Chatroom, ana: Phone) -> None:
    await fill(ana, "PHQ-9", *TO_NINE, "Go on", SOME, "Go on", "Skip")
    new = [NewVisit(START + DAY, "Europe/Berlin", VisitKind.FOLLOW_UP)]
    made = await room.database.write(visits.make, ANA, new, START - DAY)
    assert made
    await ana.presses(f"1:vi:draft:{made.new[0].id}")
    assert "Standard forms (more is worse)\nWed, Oct 14 · PHQ-9: 1 of 27" in ana.last.text
    assert "Death or harm" not in ana.last.text
    await ana.taps("Private answers")
    assert "Death or harm: Several days" in ana.last.text


async def test_a_form_is_a_check_in_of_its_own(room: Chatroom, ana: Phone) -> None:
    await fill(ana, "GAD-2", SOME, SOME)
    (found,) = await room.database.read(forms.history, ANA, room.clock())
    assert (found.kind, found.outcome, found.set_name) == (Kind.FORM, Outcome.COMPLETE, "gad2")
    await ana.writes("/checkin")
    assert "1 of 4" in ana.last.text
