"""/support: inviting with an example of one's own data, and changing, pausing and stopping what is shared."""

from datetime import timedelta
from typing import Any

import pytest

from care.sharing import SCOPES, Scope, mask_of, read_code
from care.visits import VisitKind
from handlers.screens import Button
from handlers.support_screens import call_button, reminder
from handlers.words import Words
from storage import consents, patients, support, supporting, visits
from storage.visits import NewVisit
from tests.handlers.harness import ANA, BEN, CLEO, GOOD_DAY, HOUR, Chatroom, Phone, check_in

TICKS = {
    Scope.CHECKED_IN: "If I checked in: yes or no",
    Scope.MOOD_WEEK: "My mood of the week",
    Scope.SIDE_EFFECTS: "Side effects, if not mild",
    Scope.VISITS: "Visits and the ride home",
    Scope.PLEASE_CALL: "My “please call me”",
}
EVERYTHING = tuple(TICKS)


async def begin(phone: Phone, *, picked: int | None = BEN, name: str = "Ben") -> None:
    """Come to the ticks of an invitation."""
    await phone.writes("/support")
    await phone.taps("Invite someone")
    if "Ana" in phone.last.labels:
        await phone.taps("Ana")
    if picked is None:
        await phone.taps("Without picking")
        return
    await phone.taps("Pick from my contacts")
    await picks(phone, picked, name)


async def picks(phone: Phone, user_id: int, name: str = "") -> None:
    user: dict[str, Any] = {"user_id": user_id} | ({"first_name": name} if name else {})
    await phone.sends(users_shared={"request_id": 1, "users": [user]})


async def invite(phone: Phone, *scopes: Scope, picked: int | None = BEN) -> str:
    """Make an invitation and give its code."""
    await begin(phone, picked=picked)
    for scope in scopes:
        await phone.taps(f"☐ {TICKS[scope]}")
    await phone.taps("Show an example")
    await phone.taps("Make the invitation")
    return code_of(phone)


def code_of(phone: Phone) -> str:
    copy = next(b["copy_text"]["text"] for b in reversed(buttons(phone)) if b["text"] == "Copy code")
    code = read_code(copy)
    assert code
    return code


def buttons(phone: Phone) -> list[dict[str, Any]]:
    return [button for message in phone.messages for row in message.rows for button in row]


async def link(room: Chatroom, phone: Phone, *scopes: Scope, confirmed: bool = True) -> int:
    """Link Ben with Ana, and give the link's number."""
    code = await invite(phone, *(scopes or EVERYTHING))
    made = await room.database.write(supporting.accept, BEN, code, "Ben", "en", room.clock())
    assert made
    if confirmed:
        await phone.presses(f"1:sh:yes:{made.id}")
    return made.id


async def test_support_says_what_it_is_and_that_nothing_is_shared(ana: Phone) -> None:
    await ana.writes("/support")
    assert "Nothing is shared before you tick it." in ana.last.text
    assert "You share nothing with anyone now." in ana.last.text
    assert ana.last.labels == ["Invite someone", "What was shared"]


async def test_the_first_invitation_asks_for_a_name_that_can_be_tapped(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/support")
    await ana.taps("Invite someone")
    assert ana.last.labels == ["Ana", "Back"]
    await ana.taps("Ana")
    assert ana.last.labels == ["Pick from my contacts", "Without picking", "Back"]
    assert await room.database.read(support.shown_name, ANA) == "Ana"


async def test_the_name_can_be_typed_and_is_asked_for_again_when_too_long(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/support")
    await ana.taps("Invite someone")
    await ana.writes("x" * 41)
    assert "1 to 40 letters" in ana.last.text
    await ana.writes("  Anna \n Maria ")
    assert "Others will see: Anna Maria" in ana.last.text
    assert await room.database.read(support.shown_name, ANA) == "Anna Maria"
    await ana.writes("a thought of mine")
    assert await room.database.read(support.shown_name, ANA) == "Anna Maria"


async def test_whoever_taps_a_name_is_not_expected_to_type_one(room: Chatroom, ana: Phone) -> None:
    await begin(ana, picked=None)
    await ana.writes("a thought of mine")
    assert await room.database.read(support.shown_name, ANA) == "Ana"


async def test_picking_shows_a_key_and_brings_the_usual_one_back(ana: Phone) -> None:
    await begin(ana)
    keyboards = [message.keyboard for message in ana.messages if message.keyboard]
    assert keyboards == [["Pick a person", "Help now"], ["Help now"]]
    assert ana.last.labels == [*(f"☐ {label}" for label in TICKS.values()), "Cancel"]
    assert "What may Ben see?" in ana.last.text


async def test_the_picked_account_alone_can_answer(room: Chatroom, ana: Phone) -> None:
    code = await invite(ana, Scope.VISITS)
    seen = await room.database.write(supporting.look, CLEO, code, room.clock())
    assert (seen.refused, seen.invitation, seen.patient_name) == ("other", None, "")
    seen = await room.database.write(supporting.look, BEN, code, room.clock())
    assert (seen.refused, seen.patient_name) == ("", "Ana")


async def test_one_cannot_pick_oneself_or_somebody_who_is_linked(room: Chatroom, ana: Phone) -> None:
    await link(room, ana)
    await begin(ana, picked=ANA)
    assert ana.last.text == "That is you. Please pick someone else."
    await picks(ana, BEN, "Ben")
    assert ana.last.text == "Ben is linked with you already."
    assert ana.last.keyboard == ["Help now"]


async def test_a_person_without_a_shown_name_can_be_picked(ana: Phone) -> None:
    await begin(ana, name="")
    assert "What may your support person see?" in ana.last.text


async def test_somebody_picked_out_of_the_blue_leads_to_the_name_first(ana: Phone, stranger: Phone) -> None:
    await picks(ana, BEN, "Ben")
    assert "Under which name" in ana.last.text


async def test_a_stranger_who_picks_somebody_gets_nothing(room: Chatroom) -> None:
    cleo = room.phone(CLEO, "Cleo")
    await picks(cleo, BEN, "Ben")
    assert cleo.messages == []


async def test_nothing_is_ticked_at_first_and_nothing_can_be_made_so(room: Chatroom, ana: Phone) -> None:
    await begin(ana)
    assert "Show an example" not in ana.last.labels
    number = ana.data("Cancel").split(":")[3]
    for data in (f"1:sh:make:{number}:0", f"1:sh:look:{number}:0", f"1:sh:make:{number}:31"):
        await ana.presses(data)
    waiting = await room.database.read(support.invitations_of, ANA, room.clock())
    assert [(one.state, one.scopes) for one in waiting] == [("draft", frozenset())]


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_tick_ticks_one_scope_and_takes_it_off_again(room: Chatroom, ana: Phone, scope: Scope) -> None:
    await begin(ana)
    await ana.taps(f"☐ {TICKS[scope]}")
    (draft,) = await room.database.read(support.invitations_of, ANA, room.clock())
    assert draft.scopes == {scope}
    await ana.taps(f"✓ {TICKS[scope]}")
    (draft,) = await room.database.read(support.invitations_of, ANA, room.clock())
    assert draft.scopes == frozenset()


async def test_a_tick_pressed_twice_or_late_changes_nothing(room: Chatroom, ana: Phone) -> None:
    await begin(ana)
    first = ana.data(f"☐ {TICKS[Scope.VISITS]}")
    await ana.presses(first)
    await ana.taps(f"☐ {TICKS[Scope.MOOD_WEEK]}")
    await ana.presses(first)
    (draft,) = await room.database.read(support.invitations_of, ANA, room.clock())
    assert draft.scopes == {Scope.VISITS, Scope.MOOD_WEEK}
    assert f"✓ {TICKS[Scope.MOOD_WEEK]}" in ana.last.labels


async def test_the_example_is_made_from_the_persons_own_days(room: Chatroom, ana: Phone) -> None:
    now = room.clock()
    await check_in(ana, "3", "Low", "Moderate", "No", "Mild")
    visit = NewVisit(now + timedelta(days=3), "Europe/Berlin", VisitKind.TREATMENT)
    await room.database.write(visits.make, ANA, [visit], now)
    await begin(ana)
    for scope in EVERYTHING:
        await ana.taps(f"☐ {TICKS[scope]}")
    await ana.taps("Show an example")
    text = ana.last.text
    assert text.startswith("This is what Ben would have received this week:")
    assert "nothing to show yet" not in text
    assert "no mood to show yet" not in text
    assert "nothing to tell" not in text
    assert "No visit is coming up" not in text
    assert "dizz" in text.casefold()
    assert "nause" not in text.casefold()
    assert "Oct 17" in text


async def test_the_example_has_a_plain_sentence_where_there_is_nothing_to_show(ana: Phone) -> None:
    await begin(ana)
    for scope in EVERYTHING:
        await ana.taps(f"☐ {TICKS[scope]}")
    await ana.taps("Show an example")
    for said in ("nothing to show yet", "no mood to show yet", "nothing to tell this week", "No visit is coming up"):
        assert said in ana.last.text
    await ana.taps("Change")
    assert f"✓ {TICKS[Scope.VISITS]}" in ana.last.labels


async def test_the_example_shows_nothing_of_what_is_not_ticked(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, "3", "Low", "Moderate", "No", "Mild")
    await begin(ana)
    await ana.taps(f"☐ {TICKS[Scope.VISITS]}")
    await ana.taps("Show an example")
    assert "dizz" not in ana.last.text.casefold()
    assert "mood" not in ana.last.text.casefold()


async def test_the_example_is_covered_in_discreet_mode(room: Chatroom, ana: Phone) -> None:
    await room.database.write(patients.choose, ANA, {"discreet": True}, room.clock())
    await begin(ana)
    await ana.taps(f"☐ {TICKS[Scope.SIDE_EFFECTS]}")
    await ana.taps("Show an example")
    edit = room.telegram.said("editMessageText")[-1]
    (cover,) = edit["entities"]
    assert cover["type"] == "spoiler"
    covered = ana.last.text[cover["offset"] : cover["offset"] + cover["length"]]
    assert "Side effects" in covered


async def test_the_invitation_comes_as_link_code_and_picture(room: Chatroom, ana: Phone) -> None:
    code = await invite(ana, Scope.VISITS)
    link_text = f"https://t.me/checkin_bot?start={code}"
    assert link_text in ana.last.text
    assert "-".join(code[n : n + 5] for n in range(0, 20, 5)) in ana.last.text
    assert "until Fri, Oct 16 11:00" in ana.last.text
    assert "It works for Ben only." in ana.last.text
    assert ana.last.labels == ["Copy link", "Copy code", "Take it back", "Back"]
    (photo,) = room.telegram.said("sendPhoto")
    assert photo["caption"] == "The link as a picture. Another phone can scan it."
    assert room.telegram.upload is None or room.telegram.upload[1][:4] == b"\x89PNG"
    given = await room.database.read(patients.consents, ANA)
    assert given[-1].kind == consents.SHARING


async def test_a_picture_that_cannot_be_sent_loses_nothing(room: Chatroom, ana: Phone) -> None:
    room.telegram.fail("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    assert await invite(ana, Scope.VISITS)


async def test_an_invitation_is_made_once_however_often_it_is_pressed(room: Chatroom, ana: Phone) -> None:
    await begin(ana)
    await ana.taps(f"☐ {TICKS[Scope.VISITS]}")
    await ana.taps("Show an example")
    make = ana.data("Make the invitation")
    await ana.presses(make)
    code = code_of(ana)
    await ana.presses(make)
    assert "this invitation is open until" in ana.last.text
    assert (await room.database.write(supporting.look, BEN, code, room.clock())).refused == ""
    assert len(room.telegram.said("sendPhoto")) == 1


async def test_a_new_link_ends_the_old_one_and_is_made_once(room: Chatroom, ana: Phone) -> None:
    old = await invite(ana, Scope.VISITS)
    room.clock.advance(HOUR)
    await ana.writes("/support")
    await ana.taps("Invitation: Ben")
    again = ana.data("New link")
    await ana.presses(again)
    new = code_of(ana)
    await ana.presses(again)
    assert new != old
    assert (await room.database.write(supporting.look, BEN, old, room.clock())).refused == "unknown"
    assert (await room.database.write(supporting.look, BEN, new, room.clock())).refused == ""


async def test_an_invitation_that_was_taken_back_does_not_work(room: Chatroom, ana: Phone) -> None:
    code = await invite(ana, Scope.VISITS)
    await ana.taps("Take it back")
    assert ana.last.text.startswith("Done. The link does not work any more.")
    assert (await room.database.write(supporting.look, BEN, code, room.clock())).refused == "used"
    await ana.presses("1:sh:again:1:1")
    assert (await room.database.write(supporting.look, BEN, code, room.clock())).refused == "used"


async def test_no_code_stays_anywhere_in_the_database(room: Chatroom, ana: Phone) -> None:
    code = await invite(ana, Scope.VISITS)
    (one,) = await room.database.read(support.invitations_of, ANA, room.clock())
    assert code not in repr(one)


async def test_three_invitations_are_the_most_and_five_a_day(room: Chatroom, ana: Phone) -> None:
    for _ in range(3):
        await invite(ana, Scope.VISITS, picked=None)
    await ana.writes("/support")
    await ana.taps("Invite someone")
    assert ana.last.text.startswith("You can have 3 support people")
    for _ in range(3):
        await ana.taps("Invitation")
        await ana.taps("Take it back")
    for _ in range(2):
        await invite(ana, Scope.VISITS, picked=None)
        await ana.taps("Take it back")
    await ana.taps("Invite someone")
    assert "Please try again tomorrow." in ana.last.text
    room.clock.advance(timedelta(hours=25))
    await invite(ana, Scope.VISITS, picked=None)


async def test_a_beginning_that_was_given_up_does_not_count(room: Chatroom, ana: Phone) -> None:
    for _ in range(8):
        await begin(ana)
    (one,) = await room.database.read(support.invitations_of, ANA, room.clock())
    assert one.state == "draft"
    await ana.taps("Cancel")
    assert await room.database.read(support.invitations_of, ANA, room.clock()) == []


async def test_nothing_is_shared_before_the_patient_says_that_the_name_is_right(room: Chatroom, ana: Phone) -> None:
    number = await link(room, ana, confirmed=False)
    await ana.writes("/support")
    assert "Ben: said yes." in ana.last.text
    await ana.taps("Ben")
    assert ana.last.labels == ["Yes, it is", "No, stop this", "Back"]
    for forged in ("pause", "go", "call", f"set:{number}:1"):
        await ana.presses(f"1:sh:{forged}:{number}:1:1")
    (found,) = await room.database.read(support.links_of, ANA)
    assert found.state == "waiting"
    await ana.taps("Yes, it is")
    assert ana.last.text.startswith("Done. Ben now gets what you ticked")
    await ana.presses(f"1:sh:no:{number}")
    (found,) = await room.database.read(support.links_of, ANA)
    assert found.state == "active"


async def test_a_wrong_person_is_refused_and_nothing_is_kept_of_them(room: Chatroom, ana: Phone) -> None:
    number = await link(room, ana, confirmed=False)
    await ana.presses(f"1:sh:no:{number}")
    assert ana.last.text.startswith("Done. Nothing was shared, and nothing will be.")
    assert await room.database.read(support.links_of, ANA) == []
    assert await room.database.read(supporting.supported, BEN) == []


async def test_ticks_of_a_link_count_at_once_and_stale_ones_do_nothing(room: Chatroom, ana: Phone) -> None:
    await link(room, ana, Scope.VISITS)
    await ana.taps("Change")
    stale = ana.data(f"☐ {TICKS[Scope.MOOD_WEEK]}")
    await ana.taps(f"✓ {TICKS[Scope.VISITS]}")
    assert ana.last.text.startswith("Saved. It counts from now on.")
    await ana.presses(stale)
    (found,) = await room.database.read(support.links_of, ANA)
    assert found.scopes == frozenset()
    await ana.taps("Back")
    assert "is linked, but nothing is ticked" in ana.last.text


async def test_pause_go_on_and_stop_are_one_tap_each(room: Chatroom, ana: Phone) -> None:
    await link(room, ana)
    await ana.taps("Pause")
    assert ana.last.text.startswith("Done. Ben gets nothing until you tap Go on.")
    assert "Ask Ben to call" not in ana.last.labels
    await ana.taps("Go on")
    assert ana.last.text.startswith("Done. Ben gets updates again.")
    stop = ana.data("Stop sharing")
    await ana.presses(stop)
    assert ana.last.text.startswith("Done. Ben gets nothing more.")
    assert await room.database.read(support.links_of, ANA) == []
    await ana.presses(stop)
    assert "You share nothing with anyone now." in ana.last.text


async def test_a_call_is_asked_for_once_a_day(room: Chatroom, ana: Phone) -> None:
    await link(room, ana)
    await ana.taps("Ask Ben to call")
    assert ana.last.text.startswith("I ask Ben to call you.")
    assert "If you need help right now, tap Help now." in ana.last.text
    await ana.taps("Ask Ben to call")
    assert ana.last.text.startswith("You asked Ben in the last 24 hours")
    room.clock.advance(timedelta(hours=25))
    await ana.taps("Ask Ben to call")
    assert ana.last.text.startswith("I ask Ben to call you.")


async def test_a_call_cannot_be_asked_for_where_that_is_not_shared(room: Chatroom, ana: Phone) -> None:
    number = await link(room, ana, Scope.VISITS)
    assert "Ask Ben to call" not in ana.last.labels
    await ana.presses(f"1:sh:call:{number}")
    assert "I ask Ben" not in ana.last.text


async def test_wishes_can_be_muted_and_allowed(room: Chatroom, ana: Phone) -> None:
    await link(room, ana)
    await ana.taps("No more “thinking of you”")
    (found,) = await room.database.read(support.links_of, ANA)
    assert found.wishes_muted
    await ana.taps("Allow “thinking of you”")
    (found,) = await room.database.read(support.links_of, ANA)
    assert not found.wishes_muted


async def test_the_ledger_tells_newest_first_what_was_sent_and_what_came_of_it(room: Chatroom, ana: Phone) -> None:
    await link(room, ana, Scope.CHECKED_IN)
    await room.drain()
    await check_in(ana, *GOOD_DAY)
    await room.drain()
    await ana.writes("/support")
    await ana.taps("What was shared")
    first, second = ana.last.text.split("\n\n")[1:]
    assert first.startswith("Wed, Oct 14 11:00 · Ben · sent\n")
    assert "checked in" in first
    assert second.startswith("Wed, Oct 14 11:00 · Ben · sent\n")


async def test_the_ledger_has_pages(room: Chatroom, ana: Phone) -> None:
    await link(room, ana)
    for _ in range(7):
        await ana.writes("/support")
        await ana.taps("Ben")
        await ana.taps("Ask Ben to call")
        await room.drain()
        room.clock.advance(timedelta(hours=25))
    await ana.presses("1:sh:shared")
    assert ana.last.labels == ["Earlier", "Back"]
    await ana.taps("Earlier")
    assert "Newest" in ana.last.labels
    await ana.taps("Newest")
    assert ana.last.labels == ["Earlier", "Back"]


async def test_the_ledger_is_covered_in_discreet_mode(room: Chatroom, ana: Phone) -> None:
    await room.database.write(patients.choose, ANA, {"discreet": True}, room.clock())
    await link(room, ana)
    await room.drain()
    await ana.presses("1:sh:shared")
    (cover,) = room.telegram.said("editMessageText")[-1]["entities"]
    head = "What was shared, newest first:\n\n"
    assert (cover["offset"], cover["length"]) == (len(head), len(ana.last.text) - len(head))


async def test_an_empty_ledger_says_so(ana: Phone) -> None:
    await ana.presses("1:sh:shared")
    assert ana.last.text == "Nothing was shared so far."


async def test_nobody_else_can_touch_a_link_or_an_invitation(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    number = await link(room, ana)
    await invite(ana, Scope.VISITS, picked=None)
    before = await room.database.read(support.links_of, ANA)
    waiting = await room.database.read(support.invitations_of, ANA, room.clock())
    words = ("yes", "no", "stop", "pause", "go", "call", "change", "link", "wish", "set", "shared")
    for data in [f"1:sh:{word}:{number}:2:0" for word in words] + [
        f"1:sh:{word}:{one.id}:{mask_of(one.scopes)}:31"
        for one in waiting
        for word in ("tick", "look", "edit", "make", "again", "open", "drop")
    ]:
        await cleo.presses(data)
        assert "Ben" not in cleo.last.text
        assert "Ana" not in cleo.last.text
    assert await room.database.read(support.links_of, ANA) == before
    assert await room.database.read(support.invitations_of, ANA, room.clock()) == waiting


async def test_a_stranger_who_presses_gets_nothing(room: Chatroom, stranger: Phone) -> None:
    for word in ("list", "invite", "shared", "link", "make", "name", "called"):
        await stranger.presses(f"1:sh:{word}:1:1")
    assert stranger.messages == []


async def test_the_weekly_reminder_names_who_sees_what(room: Chatroom, ana: Phone) -> None:
    await link(room, ana, Scope.VISITS, Scope.MOOD_WEEK)
    words = Words("en")
    links = await room.database.read(support.links_of, ANA)
    assert reminder(words, links) == "Ben can see: mood of the week, visits."
    await ana.taps("Pause")
    assert reminder(words, await room.database.read(support.links_of, ANA)) == ""


async def test_the_button_for_a_call_is_there_only_where_it_works(room: Chatroom, ana: Phone) -> None:
    number = await link(room, ana)
    (found,) = await room.database.read(support.links_of, ANA)
    assert call_button(Words("en"), found) == Button("Ask Ben to call", f"1:sh:call:{number}")
    await ana.taps("Pause")
    (found,) = await room.database.read(support.links_of, ANA)
    assert call_button(Words("en"), found) is None


async def test_names_are_shown_as_text_on_one_line_and_cut(room: Chatroom, ana: Phone) -> None:
    await begin(ana, name="B\nen" + "x" * 80)
    assert "What may B en" in ana.last.text
    assert "x" * 41 not in ana.last.text


async def test_support_of_somebody_still_starting_shows_their_step(room: Chatroom) -> None:
    cleo = room.phone(CLEO, "Cleo")
    await room.database.write(patients.agree, CLEO, "en", "1", room.clock())
    await cleo.writes("/support")
    assert "support" not in cleo.last.text
    await cleo.presses("1:sh:list")
