"""What a support person reads, what the patient hears of them, and what is written into the ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from telegram.error import Forbidden

from care.due import Due, Send
from care.schedule import QuietHours
from care.sharing import Link, LinkState, Scope, Update, What
from care.visits import Appointment, Ride, VisitKind, VisitState
from handlers import updates
from handlers.words import Words
from storage import due, shares, support, supporting, visits
from storage.shares import Share
from storage.visits import NewVisit
from tests.handlers.harness import ANA, BEN, GOOD_DAY, START, Chatroom, Phone, check_in
from tests.handlers.supported import ALL, CODE, ben_of, invite, link

WORDS = Words("en")
NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
VISIT_AT = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
BEN_LINK = Link(12, 7, BEN, "en", "Europe/Berlin", ALL, LinkState.ACTIVE, "Ben", 3)
VISIT = Appointment(5, 7, VISIT_AT, "Europe/Berlin", VisitKind.TREATMENT)
NEVER_FIRST = ("ketamine", "depress", "treatment", "mood", "dizz", "nausea", "sick", "score", "side effect")


def share(what: What, *, zone: str | None = "Europe/Berlin", **more: Any) -> Share:
    return Share(replace(BEN_LINK, zone=zone), Update(12, 3, what, "5.1"), "Ana", zone or "Europe/Berlin", **more)


def said(what: What, **more: Any) -> str:
    return updates.screen(WORDS, share(what, **more), NOW).text


DAY = date(2026, 10, 14)
EVERY = [
    share(What.CHECKED_IN, day=DAY),
    share(What.MISSED, day=DAY),
    share(What.MOOD_WEEK, day=DAY, weeks=(5.4, 4.0), answered=6),
    share(What.MOOD_WEEK, day=DAY),
    share(What.SIDE_EFFECTS, day=DAY, effects={"dizziness": 2, "nausea": 3}),
    share(What.VISIT, visit=VISIT),
    share(What.VISIT_OFF, visit=replace(VISIT, state=VisitState.CANCELLED)),
    share(What.VISIT_OFF),
    share(What.PLEASE_CALL),
    share(What.STARTED),
    share(What.ENDED),
]


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.update.what.value)
def test_the_first_line_of_an_update_holds_no_word_of_health(one: Share) -> None:
    first = updates.screen(WORDS, one, NOW).text.split("\n")[0].casefold()
    assert not any(word in first for word in NEVER_FIRST)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.update.what.value)
def test_a_patient_without_a_name_is_someone_and_never_he_or_she(one: Share) -> None:
    nameless = updates.screen(WORDS, replace(one, patient_name=""), NOW).text
    text = updates.screen(WORDS, one, NOW).text
    assert ("Ana" in text) == ("Someone" in nameless)
    assert not set(text.casefold().split()) & {"he", "she", "his", "her", "him"}


def test_checked_in_or_not_is_all_that_is_said() -> None:
    assert said(What.CHECKED_IN, day=DAY) == "Ana has checked in on Wed, Oct 14."
    assert said(What.MISSED, day=DAY) == "Ana has not checked in on Wed, Oct 14. That can have many reasons."


@pytest.mark.parametrize(
    ("weeks", "line"),
    [
        ((5.44, 4.0), "Mood 5.4 of 10, from 6 days.\n↑ Higher than the week before."),
        ((4.0, 5.4), "Mood 4 of 10, from 6 days.\n↓ Lower than the week before."),
        ((5.4, 5.0), "Mood 5.4 of 10, from 6 days.\n→ About the same as the week before."),
        ((5.4, None), "Mood 5.4 of 10, from 6 days."),
        ((None, 5.0), "There is no mood to show for that week. That can have many reasons."),
    ],
)
def test_the_mood_of_the_week_is_a_number_and_an_arrow(weeks: tuple[float | None, float | None], line: str) -> None:
    monday = date(2026, 10, 19)
    shown = updates.screen(WORDS, share(What.MOOD_WEEK, day=monday, weeks=weeks, answered=6), NOW)
    assert shown.text == f"Ana's week, Mon, Oct 12 to Sun, Oct 18:\n{line}"
    assert shown.hidden == (shown.text.index("\n") + 1, len(shown.text))


def test_side_effects_say_which_and_how_bad_under_a_cover() -> None:
    shown = updates.screen(WORDS, share(What.SIDE_EFFECTS, day=DAY, effects={"dizziness": 2, "nausea": 3}), NOW)
    assert shown.text == "An update from Ana for Wed, Oct 14:\nDizziness: Moderate\nNausea: Severe"
    assert shown.as_json()["entities"][0]["type"] == "spoiler"


def test_a_visit_is_told_in_the_readers_time_and_asks_for_a_ride() -> None:
    shown = updates.screen(WORDS, share(What.VISIT, visit=VISIT), NOW)
    assert shown.text == (
        "Ana has a visit tomorrow, Tue, Dec 1 at 15:00 (your time).\n\n"
        "Ana asked me to tell you: no driving until the next day. Can you give Ana a ride?"
    )
    assert [one.label for one in shown.rows[0]] == ["I can", "I can't"]
    (entity,) = shown.as_json()["entities"]
    start, end = entity["offset"], entity["offset"] + entity["length"]
    assert (shown.text[start:end], entity["unix_time"]) == ("Tue, Dec 1 at 15:00", int(VISIT_AT.timestamp()))
    assert entity["type"] == "date_time"


def test_a_visit_is_told_on_the_clock_of_another_zone_and_of_an_unknown_one() -> None:
    assert "Tue, Dec 1 at 09:00 (your time)" in said(What.VISIT, visit=VISIT, zone="America/New_York")
    assert "Tue, Dec 1 at 15:00 (Berlin time)" in said(What.VISIT, visit=VISIT, zone=None)
    assert said(What.VISIT, visit=replace(VISIT, at=VISIT_AT - timedelta(hours=14))).startswith("Ana has a visit tomo")
    assert said(What.VISIT, visit=replace(VISIT, at=NOW)).startswith("Ana has a visit today, Mon, Nov 30 at 16:00")


@pytest.mark.parametrize(
    "visit",
    [replace(VISIT, kind=VisitKind.FOLLOW_UP), replace(VISIT, ride=Ride.YES), replace(VISIT, ride=Ride.NOT_NEEDED)],
)
def test_no_ride_is_asked_for_where_none_is_needed(visit: Appointment) -> None:
    shown = updates.screen(WORDS, share(What.VISIT, visit=visit), NOW)
    assert shown.text == "Ana has a visit tomorrow, Tue, Dec 1 at 15:00 (your time)."
    assert shown.rows == ()


def test_a_visit_that_moved_says_when_it_is_now_and_a_cancelled_one_that_it_is_off() -> None:
    assert said(What.VISIT_OFF, visit=VISIT) == "Ana's visit has moved. It is now on Tue, Dec 1 at 15:00 (your time)."
    off = said(What.VISIT_OFF, visit=replace(VISIT, state=VisitState.CANCELLED))
    assert off == "Ana's visit on Tue, Dec 1 at 15:00 (your time) is off."


@pytest.mark.parametrize(
    ("zone", "emergency"),
    [("America/New_York", "911"), ("Europe/Berlin", "112"), (None, "your local emergency number")],
)
def test_please_call_names_the_emergency_number_of_the_readers_country(zone: str | None, emergency: str) -> None:
    assert said(What.PLEASE_CALL, zone=zone).startswith(
        "Ana asked me to send you this: please call or text them when you can. If you can't reach them and you are "
        f"worried about them, call {emergency}"
    )


def test_the_end_says_nothing_else() -> None:
    assert said(What.ENDED) == "Sharing has ended."


def shared_with_ben(room: Chatroom) -> list[dict[str, Any]]:
    return [params for params in room.telegram.said("sendMessage") if params["chat_id"] == BEN]


async def test_every_update_is_protected_and_stands_in_the_ledger_word_for_word(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben)
    await check_in(ana, "6", "Some", "Severe", "No", "None")
    await room.drain()
    sent = shared_with_ben(room)
    assert len(sent) == 3
    assert all(params["protect_content"] for params in sent)
    entries = await room.database.read(support.ledger, ANA, 10)
    assert [entry.text for entry in reversed(entries)] == [params["text"] for params in sent]
    assert {(entry.name, entry.outcome) for entry in entries} == {("Ben", "sent")}


async def test_only_what_was_ticked_arrives(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben, scopes=frozenset({Scope.CHECKED_IN}))
    await check_in(ana, "2", "None", "Severe", "No", "Severe", "No")
    await room.drain()
    assert [message.text for message in ben.messages[1:]] == ["Ana has checked in on Wed, Oct 14."]


async def test_the_words_are_in_the_ledger_before_they_are_sent(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben)
    await check_in(ana, *GOOD_DAY)
    owed, begun = await began(room, What.CHECKED_IN)
    room.telegram.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Forbidden):
        await updates.deliver(room.application.bot, room.deps, owed, begun)
    newest = (await room.database.read(support.ledger, ANA, 1))[0]
    assert (newest.text, newest.outcome) == ("Ana has checked in on Wed, Oct 14.", "sending")


async def began(room: Chatroom, what: What) -> tuple[Due, Share]:
    """Begin the waiting update of a kind, as the loop does before it sends."""
    for row in await room.database.write(due.claim, "t", room.clock(), 100, 60):
        begun = await room.database.write(due.begin, row.id, "t", room.clock())
        if begun and begun.share and begun.share.update.what is what:
            assert isinstance(begun.decision, Send)
            return begun.due, begun.share
    raise LookupError(what)


@pytest.mark.parametrize("how", ["end", "pause", "untick", "leave"])
async def test_what_was_on_its_way_when_sharing_ended_is_taken_back(room: Chatroom, ana: Phone, how: str) -> None:
    ben = ben_of(room)
    made = await link(room, ben)
    await check_in(ana, *GOOD_DAY)
    owed, share_ = await began(room, What.CHECKED_IN)
    number = await updates.deliver(room.application.bot, room.deps, owed, share_)
    acts: dict[str, tuple[Any, ...]] = {
        "end": (support.end, ANA, made.id, room.clock()),
        "pause": (support.pause, ANA, made.id, True, room.clock()),
        "untick": (support.change, ANA, made.id, ALL - {Scope.CHECKED_IN}, room.clock()),
        "leave": (supporting.leave, BEN, made.id, room.clock()),
    }
    await room.database.write(*acts[how])
    await room.database.write(due.sent, owed.id, "t", number, room.clock())
    await updates.take_back(room.application.bot, room.deps, share_, number)
    assert "Ana has checked in on Wed, Oct 14." not in [message.text for message in ben.messages]
    entries = await room.database.read(support.ledger, ANA, 10)
    assert [entry.outcome for entry in entries if entry.what == "checked_in"] == ["taken_back"]


async def test_what_still_holds_stays_and_so_does_the_word_of_the_end(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    made = await link(room, ben)
    await check_in(ana, *GOOD_DAY)
    await room.database.write(support.change, ANA, made.id, ALL - {Scope.VISITS}, room.clock())
    assert await room.database.read(shares.stands, replace(share(What.CHECKED_IN), link=made))
    await room.database.write(support.end, ANA, made.id, room.clock())
    owed, share_ = await began(room, What.ENDED)
    number = await updates.deliver(room.application.bot, room.deps, owed, share_)
    await room.database.write(due.sent, owed.id, "t", number, room.clock())
    await updates.take_back(room.application.bot, room.deps, share_, number)
    assert ben.last.text == "Sharing has ended."
    assert room.telegram.said("deleteMyCommands") == [{"scope": {"type": "chat", "chat_id": BEN}}]


async def test_a_week_is_told_on_monday_without_a_sound(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben, scopes=frozenset({Scope.MOOD_WEEK}), zone="Europe/Berlin")
    await check_in(ana, *GOOD_DAY)
    await room.reach(datetime(2026, 10, 19, 8, 5, tzinfo=UTC))
    assert ben.last.text == "Ana's week, Mon, Oct 12 to Sun, Oct 18:\nMood 6 of 10, from 1 day."
    assert ben.last.silent


async def test_nothing_comes_in_the_readers_quiet_hours_but_a_call(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    made = await link(room, ben, zone="Europe/Berlin")
    await room.database.write(supporting.set_quiet, BEN, QuietHours(10 * 60, 14 * 60))
    before = len(ben.messages)
    await check_in(ana, *GOOD_DAY)
    await room.drain()
    assert len(ben.messages) == before
    await room.database.write(support.ask_to_call, ANA, made.id, "1", room.clock())
    await room.drain()
    assert ben.last.text.startswith("Ana asked me to send you this: please call")
    await room.reach(START + timedelta(hours=3, minutes=1))
    assert ben.last.text == "Ana has checked in on Wed, Oct 14."


async def test_the_patient_is_asked_whether_it_is_the_right_person(room: Chatroom, ana: Phone) -> None:
    await invite(room)
    assert await room.database.write(supporting.accept, BEN, CODE, "Ben", "en", room.clock())
    await room.drain()
    assert ana.last.text.startswith("Ben accepted. Is this the person you meant?")
    assert [row[0]["callback_data"].split(":")[1] for row in ana.last.rows] == ["sh"]
    await ana.presses(ana.last.rows[0][0]["callback_data"])
    await room.drain()
    assert ben_of(room).last.text.startswith("Ana has said yes. From now on you get:")


async def test_a_patient_who_has_answered_already_is_not_asked_again(room: Chatroom, ana: Phone) -> None:
    await link(room, ben_of(room))
    assert not [message for message in ana.messages if "accepted" in message.text]


async def test_whoever_left_is_not_named_and_nothing_else_is_said(room: Chatroom, ana: Phone) -> None:
    made = await link(room, ben_of(room))
    await room.database.write(supporting.wish, BEN, made.id, "soon", room.clock())
    await room.database.write(supporting.leave, BEN, made.id, room.clock())
    await room.drain()
    assert [message.text for message in ana.messages] == [
        "One of your support persons has left. I share nothing with them any more."
    ]


async def test_a_ride_that_was_offered_can_be_noted_in_a_tap(room: Chatroom, ana: Phone) -> None:
    ben = ben_of(room)
    await link(room, ben, scopes=frozenset({Scope.VISITS}), zone="America/New_York")
    new = NewVisit(START + timedelta(days=2), "Europe/Berlin", VisitKind.TREATMENT)
    await room.database.write(visits.make, ANA, [new], room.clock())
    await room.reach(START + timedelta(days=1, hours=4))
    assert ben.last.text.startswith("Ana has a visit tomorrow, Fri, Oct 16 at 05:00 (your time).")
    await ben.taps("I can")
    assert ben.last.text.startswith("Thank you. I tell Ana that you can give a ride on Fri, Oct 16 at 05:00")
    await room.drain()
    assert ana.last.text.startswith("Ben can give you a ride on Fri, Oct 16 at 11:00.")
    await ana.taps("Have a ride")
    (visit,) = await room.database.read(visits.ahead, ANA, room.clock())
    assert visit.ride is Ride.YES
    await ben.taps("I can't")
    await room.drain()
    assert ana.last.text.startswith(
        "Ben can't give you a ride on Fri, Oct 16 at 11:00. You noted that you have a ride."
    )
    await ana.taps("No ride yet")
    for answer in ("I can", "I can't"):
        room.clock.advance(timedelta(minutes=1))
        await ben.taps(answer)
        await room.drain()
    assert ana.last.text == "Ben can't give you a ride on Fri, Oct 16 at 11:00."


async def test_a_muted_wish_that_waited_is_not_shown(room: Chatroom, ana: Phone) -> None:
    made = await link(room, ben_of(room))
    await room.database.write(supporting.wish, BEN, made.id, "soon", room.clock())
    await room.database.write(support.mute_wishes, ANA, made.id, True)
    await room.drain()
    assert ana.messages == []
