"""Before a visit: the short questions, the one thing to tell, notes to show, and the draft of a summary."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from care.checkin import Kind, Outcome
from care.drafts import ALL, USUAL, Part
from care.notes import Note
from care.treatments import TreatmentKind
from care.visits import Appointment, VisitKind
from storage import asks, checkins, notes, treatments, visits
from storage.asks import LineKind
from storage.visits import NewVisit
from tests.handlers.harness import ANA, CLEO, START, Chatroom, Phone, settle_in

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 9, 1), date(2026, 10, 31)
HUB = "Getting ready for your visit on"
STRANGE = "I do not know that visit."


async def plan_visit(room: Chatroom, chat_id: int = ANA, days: float = 1) -> Appointment:
    new = [NewVisit(START + days * DAY, "Europe/Berlin", VisitKind.FOLLOW_UP)]
    made = await room.database.write(visits.make, chat_id, new, START + days * DAY - 3 * DAY)
    assert made
    return made.new[0]


async def note(room: Chatroom, number: int, text: str, chat_id: int = ANA) -> None:
    await room.database.write(notes.write, chat_id, number, text, None, room.clock())


async def all_notes(room: Chatroom, chat_id: int = ANA) -> list[Note]:
    return await room.database.read(notes.of_days, chat_id, FIRST, LAST)


def _day(session: Session, chat_id: int, back: int, mood: int, dizziness: int) -> None:
    """Fill in a day's card on that day, at 20:00 in Berlin."""
    moment = START - back * DAY + timedelta(hours=9)
    card = checkins.open_today(session, chat_id, moment)
    assert card is not None
    given = {"mood": mood, "energy": 2, "dizziness": dizziness, "faint": 1, "nausea": 0}
    for code, value in given.items():
        checkins.answer(session, chat_id, card.check_in.id, code, value, 0, moment)


async def some_weeks(room: Chatroom, chat_id: int = ANA) -> Appointment:
    """Live through a visit 10 days ago, a treatment 5 days ago and answers on most days; give the visit tomorrow."""
    last = await plan_visit(room, chat_id, days=-10)
    await room.database.write(visits.went, chat_id, last.id, START)
    for back in range(1, 16):
        mood, dizziness = (6, 2 if back == 5 else 0) if back <= 10 else (4, 0)
        await room.database.write(_day, chat_id, back, mood, dizziness)
    at = START - 5 * DAY
    kind = TreatmentKind.NASAL
    await room.database.write(treatments.had, chat_id, at, START, kind=kind, ended_at=at + timedelta(hours=2))
    return await plan_visit(room, chat_id)


async def answers(phone: Phone, visit: Appointment, *labels: str) -> None:
    await phone.presses(f"1:vi:open:{visit.id}")
    for label in labels:
        await phone.taps(label)


async def draft(phone: Phone, visit: Appointment, mask: int | None = None, page: int = 0) -> str:
    more = "" if mask is None else f":{mask}:{page}"
    await phone.presses(f"1:vi:draft:{visit.id}{more}")
    return phone.last.text


# The short questions.


async def test_the_short_questions_lead_on_to_the_rest(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await answers(ana, visit, "A bit better", "Threw up", "That's all")
    assert ana.last.labels == ["What I most want to say", "Pick notes to show", "See the summary", "Change an answer"]
    for label in ("What I most want to say", "Pick notes to show", "See the summary"):
        await ana.presses(ana.data(label))
        assert ana.last.rows
        await answers(ana, visit)


async def test_the_questions_are_opened_once_and_one_card_has_buttons(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    for _ in range(3):
        await ana.presses(f"1:vi:open:{visit.id}", 1)
    assert len(ana.live) == 1
    await ana.taps("A lot worse")
    await ana.presses(f"1:vi:card:{visit.id}")
    assert "2 of 2" in ana.last.text
    assert len(ana.live) == 1


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.CLOSED])
async def test_questions_that_were_left_are_open_again_when_asked_for(
    room: Chatroom, ana: Phone, outcome: Outcome
) -> None:
    visit = await plan_visit(room, days=3)
    await answers(ana, visit)
    if outcome is Outcome.DECLINED:
        await ana.taps("Leave it")
    else:
        await room.reach(START + DAY)
    found = await room.database.read(checkins.find, ANA, 1)
    assert found
    assert (found.check_in.kind, found.check_in.outcome) == (Kind.VISIT, outcome)
    await answers(ana, visit, "The same")
    assert "2 of 2" in ana.last.text


async def test_a_reminder_keeps_its_buttons_when_the_questions_open(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await ana.presses(f"1:vi:hub:{visit.id}")
    hub = ana.last
    await ana.presses(f"1:vi:open:{visit.id}", hub.id)
    assert hub in ana.messages
    assert len(ana.live) == 2


async def test_questions_closed_long_ago_can_be_answered_until_the_visit(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room, days=12)
    await ana.presses(f"1:vi:open:{visit.id}")
    await room.reach(START + 10 * DAY)
    await answers(ana, visit)
    assert ana.last.text.startswith("Getting ready for your visit\n1 of 2")


async def test_a_cancelled_visit_is_called_so(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await room.database.write(visits.cancel, ANA, visit.id, START)
    await answers(ana, visit)
    assert ana.last.text.startswith("Your visit on Thu, Oct 15 is cancelled.")


async def test_after_the_visit_only_what_may_be_looked_at_is_left(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    room.clock.advance(timedelta(days=1, hours=1))
    await answers(ana, visit)
    assert "1 of 2" in ana.last.text  # the doctor may be late
    room.clock.advance(timedelta(hours=1))
    for step in ("open", "card", "hub", "main"):
        await ana.presses(f"1:vi:{step}:{visit.id}")
        assert ana.last.text.startswith("Your visit on Thu, Oct 15 is over")
        assert ana.last.labels == ["My questions", "See the summary"]


# The one thing to tell.


async def test_the_one_thing_is_typed_and_stands_in_the_summary(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await ana.presses(f"1:vi:main:{visit.id}")
    assert ana.last.text.startswith("What is the one thing you most want to tell your care team?")
    await ana.writes("I sleep again")
    assert ana.last.text.startswith(f"Kept. It is in your summary.\n{HUB} Thu, Oct 15.")
    assert "✓ What I most want to say" in ana.last.labels
    await ana.again()
    assert len(ana.live) == 1
    assert "What I most want to say\n\u2068I sleep again\u2069" in await draft(ana, visit)
    await ana.writes("This is just a note")
    assert "Keep this as a note" in ana.last.text


async def test_a_long_one_thing_is_kept_whole_and_said_to_be_shortened(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await ana.presses(f"1:vi:main:{visit.id}")
    await ana.writes("so " * 900)
    assert "I show the first 1,000 letters" in ana.last.text
    main = await room.database.read(asks.main_for, ANA, visit.id)
    assert main
    assert main.text == ("so " * 900).strip()
    assert "(shortened)" in await draft(ana, visit)


async def test_the_one_thing_can_be_skipped_kept_replaced_and_taken_out(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await ana.presses(f"1:vi:main:{visit.id}")
    await ana.taps("Skip")
    assert ana.last.text.startswith(HUB)
    await ana.writes("Not for the visit")
    assert "Keep this as a note" in ana.last.text
    for text in ("I sleep again", "I sleep well again"):
        await ana.presses(f"1:vi:main:{visit.id}")
        await ana.writes(text)
    await ana.taps("✓ What I most want to say")
    assert "Until now it says: \u2068I sleep well again\u2069" in ana.last.text
    takes_out = ana.data("Take it out")
    await ana.taps("Keep it")
    await ana.presses(takes_out)
    assert "What I most want to say" in ana.last.labels
    await ana.presses(takes_out)
    assert await room.database.read(asks.main_for, ANA, visit.id) is None


async def test_editing_the_message_edits_the_one_thing(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await ana.presses(f"1:vi:main:{visit.id}")
    number = await ana.writes("I slep again")
    await ana.edits(number, "I sleep again")
    main = await room.database.read(asks.main_for, ANA, visit.id)
    assert main
    assert main.text == "I sleep again"


async def test_the_one_thing_is_not_carried_to_the_next_visit(room: Chatroom, ana: Phone) -> None:
    visit, later = await plan_visit(room), await plan_visit(room, days=8)
    await ana.presses(f"1:vi:main:{visit.id}")
    await ana.writes("I sleep again")
    assert "I sleep again" not in await draft(ana, later)


# The notes to show.


async def test_notes_are_picked_with_a_tick_and_a_doubled_press_changes_nothing(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await note(room, 900, "The river helped")
    await note(room, 901, "A hard evening")
    await ana.presses(f"1:vi:notes:{visit.id}:0")
    assert "1. Wed, Oct 14: \u2068A hard evening\u2069\n2. Wed, Oct 14: \u2068The river helped\u2069" in ana.last.text
    picks = ana.data("2")
    for _ in range(2):
        await ana.presses(picks)
        assert ana.last.labels[:2] == ["1", "✓ 2"]
    assert [one.picked for one in await all_notes(room)] == [True, False]
    assert "My notes\nWed, Oct 14: \u2068The river helped\u2069" in await draft(ana, visit)
    await ana.presses(f"1:vi:notes:{visit.id}:0")
    await ana.taps("✓ 2")
    assert not any(one.picked for one in await all_notes(room))


async def test_many_notes_have_pages_and_a_page_too_far_is_the_last(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    for n in range(14):
        await note(room, 900 + n, f"note {n} " + "word " * 900)
    await ana.presses(f"1:vi:notes:{visit.id}:0")
    await ana.taps("Older")
    assert [label for label in ana.last.labels if label.isdecimal()] == ["7", "8", "9", "10", "11", "12"]
    await ana.taps("9")
    assert "✓ 9" in ana.last.labels
    await ana.presses(f"1:vi:notes:{visit.id}:99")
    assert [label for label in ana.last.labels if label.isdecimal()] == ["13", "14"]
    await ana.taps("Newer")
    assert "✓ 9" in ana.last.labels


async def test_notes_from_before_the_last_visit_are_not_offered(room: Chatroom, ana: Phone) -> None:
    last = await plan_visit(room, days=-2)
    await room.database.write(visits.went, ANA, last.id, START)
    await room.database.write(notes.write, ANA, 900, "long ago", None, START - 3 * DAY)
    visit = await plan_visit(room)
    await ana.presses(f"1:vi:notes:{visit.id}:0")
    assert ana.last.text.startswith("There are no notes from these days.")


async def test_a_visit_the_person_did_not_go_to_begins_no_period(room: Chatroom, ana: Phone) -> None:
    was, missed = await plan_visit(room, days=-9), await plan_visit(room, days=-2)
    await room.database.write(visits.went, ANA, was.id, START)
    await room.database.write(visits.missed, ANA, missed.id, START)
    assert "Since my last visit: Oct 5, 2026 to Oct 14, 2026" in await draft(ana, await plan_visit(room))


# The draft.


async def test_the_draft_says_everything_in_its_order(room: Chatroom, ana: Phone) -> None:
    visit = await some_weeks(room)
    await answers(ana, visit, "A bit better", "New medicine", "Strong urge for more ketamine", "That's all")
    await ana.presses(f"1:vi:main:{visit.id}")
    await ana.writes("I sleep again")
    await ana.writes("/ask Can I drive?")
    await note(room, 900, "The river\nhelped")
    await room.database.write(notes.pick, ANA, 900, True, START)
    assert await draft(ana, visit) == "\n".join(
        (
            "This is a draft. I send it to no one. Tap a part to leave it out or put it back.",
            "Some answers are more private, so they stay out. Tap Private answers to put them in.",
            "",
            "Summary for my visit on Thu, Oct 15",
            "My own answers. Not checked by anyone.",
            "Since my last visit: Oct 4, 2026 to Oct 14, 2026",
            "",
            "Treatments",
            "Fri, Oct 9 (nasal spray)",
            "",
            "Mood (10 is best)",
            "Middle 6, from 6 to 6 (10 answers)",
            "In the days before, from Wed, Sep 23 on: middle 4 (5 answers). Change: +2",
            "",
            "Side effects by hours since treatment",
            "Dizziness",
            "4 to 24 hours: felt 1 of 1 time, moderate or severe 1 time, at worst Moderate",
            "24 to 72 hours: none (2 answers)",
            "over 72 hours: none (2 answers)",
            "Nausea",
            "4 to 24 hours: none (1 answer)",
            "24 to 72 hours: none (2 answers)",
            "over 72 hours: none (2 answers)",
            "",
            "What came up",
            "Fri, Oct 9: Faint or fall: Almost, told about 7 hours after treatment",
            "New medicine (told on Wed, Oct 14)",
            "",
            "How I feel next to my last visit",
            "A bit better",
            "",
            "What I most want to say",
            "\u2068I sleep again\u2069",
            "",
            "My questions",
            "1. \u2068Can I drive?\u2069",
            "",
            "My notes",
            "Wed, Oct 14: \u2068The river helped\u2069",
        )
    )
    labels = ["Treatments", "Mood", "Side effects", "What came up", "Private answers", "Change", "Want to say"]
    on = [label if label == "Private answers" else f"✓ {label}" for label in (*labels, "My questions", "My notes")]
    assert ana.last.labels == [*on, "Picture", "Back"]


async def test_the_draft_says_plainly_what_is_not_there(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    text = await draft(ana, visit)
    assert "Last 30 days: Sep 15, 2026 to Oct 14, 2026" in text
    assert text.endswith("Treatments\nNone noted in this time\n\nMood (10 is best)\nNo answers in this time")
    assert ana.last.labels == ["✓ Treatments", "✓ Mood", "Back"]


async def test_every_part_can_be_left_out_and_put_back(room: Chatroom, ana: Phone) -> None:
    visit = await some_weeks(room)
    await draft(ana, visit)
    for label, line in (("Treatments", "nasal spray"), ("Mood", "10 is best"), ("Side effects", "Dizziness")):
        assert line in ana.last.text
        off = ana.data(f"✓ {label}")
        for _ in range(2):
            await ana.presses(off)
            assert line not in ana.last.text
            assert label in ana.last.labels
    await ana.taps("Mood")
    assert "10 is best" in ana.last.text


async def test_private_answers_are_out_until_they_are_put_in(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await answers(ana, visit, "The same", "Pain when I pee", "Thoughts of hurting myself", "Chest pain", "That's all")
    text = await draft(ana, visit)
    assert "Chest pain" in text
    assert "pee" not in text
    assert "hurting" not in text
    await ana.taps("Private answers")
    assert "Also came up\nPain when I pee, Thoughts of hurting myself (told on Wed, Oct 14)" in ana.last.text
    assert "Some answers are more private" not in ana.last.text


async def test_none_of_the_list_is_an_answer_worth_telling(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await answers(ana, visit, "The same", "None", "That's all")
    assert "What came up\nNothing from the list" in await draft(ana, visit)


@pytest.mark.parametrize("mask", [0, 1, USUAL, ALL, ALL + 1, 2**40 + 3, -1])
async def test_whatever_mask_a_button_carries_the_draft_can_be_shown(room: Chatroom, ana: Phone, mask: int) -> None:
    visit = await some_weeks(room)
    text = await draft(ana, visit, mask)
    assert text.startswith("This is a draft.")
    assert ("nasal spray" in text) is bool(mask & 1 << Part.TREATMENTS)


async def test_a_long_draft_has_pages_and_says_where_a_note_is_cut(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    for n in range(9):
        await note(room, 900 + n, f"note-{n} " + "word " * 800)
        await room.database.write(notes.pick, ANA, 900 + n, True, START)
    for n in range(30):
        text = f"question-{n} " + "why " * 230
        await room.database.write(asks.add, ANA, 1000 + n, LineKind.QUESTION, text, START)
    pages = [await draft(ana, visit)]
    while "Next page" in ana.last.labels:
        await ana.taps("Next page")
        pages.append(ana.last.text)
    whole = "\n".join(pages)
    assert len(pages) > 10
    assert all(f"note-{n} " in whole for n in range(9))
    assert all(f"question-{n} " in whole for n in range(30))
    assert whole.count("(shortened)") == 9
    assert whole.count("I send it to no one") == 1
    assert not any(page.endswith(("My notes", "My questions")) for page in pages)
    await draft(ana, visit, USUAL, 99)
    assert ana.last.text == pages[-1]
    await ana.taps("✓ My questions")
    assert "Next page" not in ana.last.labels or "question" not in ana.last.text


async def test_the_picture_of_the_days_comes_without_being_sent_to_anybody(room: Chatroom, ana: Phone) -> None:
    visit = await some_weeks(room)
    await draft(ana, visit)
    await ana.taps("Picture")
    (sent,) = room.telegram.said("sendPhoto")
    assert sent["chat_id"] == ANA
    assert sent["caption"] == "My own answers. Not checked by anyone."
    assert not sent.get("has_spoiler")
    assert {params.get("chat_id", ANA) for _, params in room.telegram.calls} == {ANA}


async def test_too_few_answers_make_no_picture(room: Chatroom, ana: Phone) -> None:
    visit = await plan_visit(room)
    await ana.presses(f"1:vi:picture:{visit.id}")
    assert room.telegram.said("sendPhoto") == []
    assert room.telegram.said("answerCallbackQuery")[-1]["text"] == "There are too few answers for a picture yet."


def _covered(params: dict[str, Any]) -> str:
    (cover,) = params["entities"]
    assert cover["type"] == "spoiler"
    return str(params["text"].encode("utf-16-le")[2 * cover["offset"] :].decode("utf-16-le"))


async def test_in_discreet_mode_what_is_told_is_covered(room: Chatroom) -> None:
    phone = room.phone(ANA)
    await settle_in(phone, discreet=True)
    visit = await some_weeks(room)
    await note(room, 900, "The river helped")
    await phone.presses(f"1:vi:draft:{visit.id}")
    edited = room.telegram.said("sendMessage")[-1]
    assert _covered(edited).startswith("\nSummary for my visit")
    assert "Treatments" not in phone.last.labels[0]
    assert "✓ Body" in phone.last.labels
    await phone.presses(f"1:vi:notes:{visit.id}:0")
    assert _covered(room.telegram.said("editMessageText")[-1]).startswith("1. Wed")
    await phone.presses(f"1:vi:main:{visit.id}")
    await phone.writes("I sleep again")
    await phone.taps("✓ What I most want to say")
    assert _covered(room.telegram.said("editMessageText")[-1]) == "Until now it says: \u2068I sleep again\u2069"
    await phone.presses(f"1:vi:picture:{visit.id}")
    assert room.telegram.said("sendPhoto")[-1]["has_spoiler"] is True


# Nobody else's.


@pytest.mark.parametrize(
    "step", ["hub", "open", "card", "main", "unsay", "notes", "pick", "draft", "picture", "nonsense"]
)
async def test_cleo_finds_nothing_of_anas(room: Chatroom, ana: Phone, cleo: Phone, step: str) -> None:
    visit = await some_weeks(room)
    await note(room, 900, "The river helped")
    await ana.presses(f"1:vi:main:{visit.id}")
    await ana.writes("I sleep again")
    main = await room.database.read(asks.main_for, ANA, visit.id)
    assert main
    for rest in ("", ":0:900:1", f":{main.id}", ":511:0"):
        await cleo.presses(f"1:vi:{step}:{visit.id}{rest}", 1)
    assert cleo.messages == []
    assert room.telegram.said("answerCallbackQuery")[-1]["text"].startswith(STRANGE)
    assert not any(one.picked for one in await all_notes(room))
    assert await room.database.read(asks.main_for, ANA, visit.id) == main
    await cleo.writes("Hello")
    assert "Keep this as a note" in cleo.last.text


async def test_cleo_cannot_pick_anas_note_for_a_visit_of_her_own(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    visit = await plan_visit(room, CLEO)
    await note(room, 900, "The river helped")
    await cleo.presses(f"1:vi:pick:{visit.id}:0:900:1")
    assert not any(one.picked for one in await all_notes(room))
    assert "river" not in cleo.last.text


@pytest.mark.parametrize("data", ["1:vi", "1:vi:hub", "1:vi:draft:x:y:z", "1:vi:pick:-5:-5:-5:-5", "1:vi:open:99"])
async def test_a_press_that_nobody_made_finds_no_visit(ana: Phone, data: str) -> None:
    await ana.presses(data)
    assert ana.messages == []
