"""The support person's chat: codes, the invitation, their choices, and what each role sees."""

from datetime import timedelta

import pytest

from care.sharing import LinkState, Scope, new_code, spelt
from handlers.supporting_screens import code_in, is_almost_a_code
from storage import links, patients, support, supporting
from tests.handlers.harness import ANA, BEN, START, Chatroom, Phone, settle_in
from tests.handlers.supported import CODE, ben_of, invite, link

OTHER_CODE = new_code(bytes(range(7, 20)))


@pytest.fixture
def ben(room: Chatroom) -> Phone:
    """Ben, who has never written to the bot."""
    return ben_of(room)


def menu(room: Chatroom) -> list[str]:
    return [command["command"] for command in room.telegram.said("setMyCommands")[-1]["commands"]]


async def notices(room: Chatroom) -> list[str]:
    await room.drain()
    return [m["text"] for m in room.telegram.said("sendMessage") if m["chat_id"] == ANA]


@pytest.mark.parametrize("way", ["link", "start", "typed", "small"])
async def test_an_invitation_opens_from_its_link_and_from_its_code(
    room: Chatroom, ana: Phone, ben: Phone, way: str
) -> None:
    await invite(room, scopes=frozenset({Scope.CHECKED_IN, Scope.VISITS}))
    ways = {
        "link": f"/start {CODE}",
        "start": f"/start {spelt(CODE)}",
        "typed": spelt(CODE),
        "small": f" {spelt(CODE).lower().replace('-', ' ')} ",
    }
    await ben.writes(ways[way])
    assert ben.last.text.startswith(
        "Ana invites you to get updates from this bot. You would get:\n• if Ana has checked"
    )
    assert "mood" not in ben.last.text
    assert ben.last.labels == ["Accept", "Decline", "Report: I do not want this"]
    assert await room.database.read(links.of_supporter, BEN) == []


async def test_accepting_leads_to_the_zone_and_a_menu_of_their_own(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await invite(room)
    await ben.starts(CODE)
    await ben.taps("Accept")
    assert ben.last.text.startswith("Thank you. Ana will now check that it is you. Until then I send you nothing.")
    assert menu(room) == ["updates", "urgent", "pause", "leave", "privacy", "help"]
    assert "Use my location" not in ben.last.labels
    await ben.taps("Other")
    await ben.taps("Wed 11:00")
    await ben.taps("Berlin")
    assert ben.last.text == "It is 11:00 in Berlin. Is that your time?"
    await ben.taps("Yes, that is right")
    assert "Time zone: Berlin, 11:00 now" in ben.last.text
    assert (await notices(room))[0].startswith("Ben accepted.")


async def test_accepting_twice_changes_nothing(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await invite(room)
    await ben.starts(CODE)
    await ben.taps("Accept")
    await ben.again()
    assert ben.last.text == "You have already said yes to Ana."
    assert len(await room.database.read(links.of_supporter, BEN)) == 1
    assert len(await notices(room)) == 1


async def test_the_name_is_what_telegram_shows_on_one_line(room: Chatroom, ana: Phone) -> None:
    ben = room.phone(BEN, "Ben\u202e\n " + "x" * 60)
    await invite(room)
    await ben.starts(CODE)
    await ben.taps("Accept")
    ((made, _),) = await room.database.read(supporting.supported, BEN)
    assert made.name == "Ben " + "x" * 36


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("Decline", "OK. I have declined it, and I keep nothing about you. You owe no one a reason."),
        ("Report: I do not want this", "Thank you for telling me. This invitation does not work any more"),
    ],
)
async def test_saying_no_ends_it_kindly(room: Chatroom, ana: Phone, ben: Phone, label: str, answer: str) -> None:
    await invite(room)
    await ben.starts(CODE)
    await ben.taps(label)
    assert ben.last.text.startswith(answer)
    await ben.again()
    assert ben.last.text.startswith("This code was already used.")
    assert await notices(room) == [
        "Your invitation for Ben was declined. That can have many reasons. Nothing was shared."
    ]


async def test_each_refusal_is_a_kind_sentence_that_tells_nothing_of_the_patient(room: Chatroom, ana: Phone) -> None:
    ben, cleo = ben_of(room), room.phone(1003, "Cleo")
    await invite(room, bound=BEN)
    await cleo.starts(CODE)
    assert cleo.last.text.startswith("This invitation is for someone else's account.")
    assert "Ana" not in cleo.last.text
    assert (await notices(room))[-1].startswith("Your invitation for Ben was opened from another account")
    await ana.starts(CODE)
    assert ana.last.text == "This is your own invitation. Send it to the person you want to invite."
    room.clock.advance(timedelta(hours=48))
    await ben.starts(CODE)
    assert ben.last.text.startswith("This code is too old: a code works for 48 hours.")
    for _ in range(5):
        await ben.starts(OTHER_CODE)
    assert ben.last.text.startswith("I do not know this code.")
    await ben.starts(CODE)
    assert ben.last.text.startswith("That was a lot of codes for one hour.")


async def test_a_mistyped_code_is_said_to_be_none(ben: Phone) -> None:
    for text in (spelt(CODE)[:-1], f"/start {CODE}7", spelt(CODE)[:-1] + "?"):
        await ben.writes(text)
    assert [message.text[:24] for message in ben.messages[:2]] == ["That looks like a code, "] * 2
    assert "check-in bot" in ben.messages[2].text


@pytest.mark.parametrize(
    "text",
    [
        "slept badly woke early",
        "I feel a bit better and so",
        "felt 7 or so at noon then a 3",
        "today never again sleep",
        "2 3",
        "",
        "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0",
    ],
)
def test_a_note_is_no_code(text: str) -> None:
    assert code_in(text) is None
    assert not is_almost_a_code(text)


async def test_a_patient_types_a_code_and_keeps_their_own_menu(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await invite(room, of=1003)
    await ana.writes(spelt(CODE))
    assert ana.last.text.startswith("Cleo invites you")
    await ana.taps("Accept")
    assert ana.last.text == "Thank you. Cleo will now check that it is you. Until then I send you nothing."
    assert menu(room)[-2:] == ["updates", "leave"]
    assert "checkin" in menu(room)
    await ana.writes("/updates")
    assert "Time zone: Berlin" in ana.last.text
    await ana.writes("/privacy")
    assert ana.last.text.startswith("What I store")
    await ana.writes("/pause")
    assert ana.last.text.startswith("For how long")
    await ana.writes("I slept well")
    assert "note" in ana.last.text


async def test_a_support_person_has_commands_of_their_own(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await link(room, ben, scopes=frozenset({Scope.VISITS}))
    await ben.writes("/updates")
    assert ben.last.text.startswith("From Ana you get:\n• the day and time of visits, and if a ride is needed\n\nQuiet")
    await ben.writes("/privacy")
    assert ben.last.text.startswith("What I keep about you: the number")
    await ben.writes("/help")
    assert "/leave" in ben.last.text
    await ben.writes("/nonsense")
    assert "/leave" in ben.last.text
    await ben.writes("/checkin")
    assert ben.last.text.startswith("Hello. You get updates here as a support person.")
    await ben.writes("/urgent")
    assert ben.last.text.startswith("I am a program and nobody is reading this right now.")


@pytest.mark.parametrize("word", ["/pause", "/stop", "STOP"])
async def test_a_pause_of_the_support_person_holds_until_they_go_on(
    room: Chatroom, ana: Phone, ben: Phone, word: str
) -> None:
    made = await link(room, ben)
    await ben.writes(word)
    assert "You have paused your updates." in ben.last.text
    before = len(ben.messages)
    assert await room.database.write(support.ask_to_call, ANA, made.id, "1", room.clock()) is None
    await room.reach(START + timedelta(days=2))
    assert len(ben.messages) == before
    await ben.writes("/resume")
    assert ben.last.text.startswith("OK. You get updates again.")


async def test_leaving_asks_once_erases_and_takes_the_menu(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await link(room, ben)
    await ben.writes("/leave")
    assert ben.last.text.startswith("Do you want to leave? Then you get no more updates from Ana.")
    await ben.taps("Stay")
    await ben.writes("/leave")
    await ben.taps("Leave")
    assert ben.last.text.startswith("You have left. I have erased what I kept about you here.")
    assert room.telegram.said("deleteMyCommands") == [{"scope": {"type": "chat", "chat_id": BEN}}]
    assert await room.database.read(links.of_supporter, BEN) == []
    await ben.writes("/updates")
    assert ben.last.text.startswith("You get no updates from anyone here.")


async def test_who_supports_two_leaves_one_of_them(room: Chatroom, ana: Phone, cleo: Phone, ben: Phone) -> None:
    await link(room, ben)
    await link(room, ben, code=OTHER_CODE, of=1003)
    await ben.writes("/leave")
    assert ben.last.labels == ["Ana", "Cleo", "Back"]
    await ben.taps("Cleo")
    await ben.taps("Leave")
    assert ben.last.text.startswith("You have left.")
    assert "From Ana you get:" in ben.last.text
    assert "Cleo" not in ben.last.text


async def test_a_wish_of_the_fixed_ones_reaches_the_patient_once_a_day(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await link(room, ben)
    await ben.writes("/updates")
    await ben.taps("Thinking of you")
    assert ben.last.labels[:2] == ["Thinking of you.", "I am glad you are here."]
    await ben.taps("I am glad you are here.")
    assert ben.last.text == "OK. I send it to Ana."
    assert (await notices(room))[-1] == "From Ben: I am glad you are here."
    await ben.again()
    assert ben.last.text == "You sent one to Ana in the last day. One a day is the most."
    await ana.taps("No more “thinking of you”")
    ((made, _),) = await room.database.read(supporting.supported, BEN)
    assert made.wishes_muted


async def test_words_are_not_passed_on_and_a_cry_for_help_comes_first(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await link(room, ben)
    await ben.writes("Tell Ana I said hi")
    assert ben.last.text.startswith("I can't pass on messages, and nobody reads what you write here.")
    assert ben.last.labels == ["Thinking of you", "My updates", "Help now"]
    await ben.writes("Help now")
    assert ben.last.text.startswith("I am a program and nobody is reading this right now.")
    assert ana.messages == []


async def test_quiet_hours_are_chosen_by_a_tap(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await link(room, ben)
    await ben.writes("/updates")
    await ben.taps("Quiet hours")
    assert "✓ 22:00 to 08:00" in ben.last.labels
    await ben.taps("23:00 to 07:00")
    assert "Quiet hours: 23:00 to 07:00" in ben.last.text


async def test_a_support_person_can_begin_check_ins_of_their_own(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await link(room, ben)
    await ben.starts()
    assert ben.last.text.startswith("Hello. You get updates here as a support person.")
    await ben.taps("Check-ins for myself")
    assert ben.last.text.endswith("Are you 18 or older?")
    await settle_in(ben)
    await ben.writes("/updates")
    assert ben.last.text.startswith("From Ana you get:")
    await ben.writes("hello there")
    assert "note" in ben.last.text


async def test_a_block_ends_the_link_and_tells_the_patient(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await link(room, ben)
    chat = {"id": BEN, "type": "private", "first_name": "Ben"}
    person = {"id": BEN, "is_bot": False, "first_name": "Ben"}
    states = {name: {"user": {"id": 1, "is_bot": True, "first_name": "Bot"}, "status": name} for name in ("member",)}
    kicked = states["member"] | {"status": "kicked", "until_date": 0}
    change = {"chat": chat, "from": person, "date": 0, "old_chat_member": states["member"], "new_chat_member": kicked}
    await room.bring({"update_id": 990, "my_chat_member": change})
    assert await room.database.read(links.of_supporter, BEN) == []
    assert (await notices(room))[-1].startswith("I can't reach one of your support persons any more.")


async def test_a_support_person_whom_nothing_reaches_is_linked_no_more(room: Chatroom, ana: Phone, ben: Phone) -> None:
    made = await link(room, ben)
    await room.database.write(supporting.unreachable, made.id, room.clock())
    assert await room.database.read(links.one, made.id) is None


def forged(number: int) -> list[str]:
    ids = (number, number + 1, 0, -1, 10**18)
    words = [f"1:ben:{kind}:{n}" for kind in ("leave", "left", "wish", "zone", "quiet", "language") for n in ids]
    words += [f"1:ben:wish:{n}:thinking" for n in ids] + [f"1:ben:ride:{n}:1:1:can" for n in ids]
    words += [f"1:in:{answer}:{code}" for answer in ("yes", "no", "report", "x") for code in (CODE, "", "A" * 20)]
    return [*words, "1:ben", "1:in", "1:ben:home", "1:ben:pause", "1:ben:resume", "1:ben:kept", "1:ben:zone:y:Mars/X"]


async def test_forged_presses_of_others_find_and_change_nothing(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    ben = ben_of(room)
    made = await link(room, ben)
    before = await room.database.read(links.of_supporter, BEN)
    for data in forged(made.id):
        await cleo.presses(data)
    assert room.failures == []
    assert await room.database.read(links.of_supporter, BEN) == before
    assert not [message for message in cleo.messages if "Ana" in message.text or "Ben" in message.text]
    assert await notices(room) == []


async def test_forged_presses_of_the_support_person_harm_nothing(room: Chatroom, ana: Phone, ben: Phone) -> None:
    made = await link(room, ben)
    for data in forged(made.id + 1000):
        await ben.presses(data)
    assert room.failures == []
    ((still, _),) = await room.database.read(supporting.supported, BEN)
    assert (still.id, still.state, still.zone) == (made.id, LinkState.ACTIVE, None)


async def test_a_patient_in_the_first_minutes_can_answer_an_invitation(room: Chatroom, ana: Phone, ben: Phone) -> None:
    await invite(room)
    await room.database.write(patients.agree, BEN, "en", "1", room.clock())
    await ben.writes(spelt(CODE))
    await ben.taps("Accept")
    assert len(await room.database.read(links.of_supporter, BEN)) == 1
    await ben.writes("/start")
    assert "What time is it for you now?" in ben.last.text
