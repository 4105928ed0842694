"""The inbox: an update is kept until it is handled, once, and says nothing afterwards."""

from sqlmodel import Session, select

from storage import inbox
from storage.database import Database
from storage.sealing import Keyring
from storage.tables import InboxRow
from tests.storage.people import ANA, DAY, HOUR, NOON

RAW = b'{"update_id": 1, "message": {"text": "I feel low"}}'


def states(session: Session) -> dict[int, tuple[str, bool]]:
    session.expire_all()
    return {row.update_id: (row.state, row.body is not None) for row in session.exec(select(InboxRow)).all()}


def test_only_updates_that_were_not_here_before_are_new(session: Session) -> None:
    assert inbox.receive(session, [], NOON) == []
    assert inbox.receive(session, [(1, ANA, RAW)], NOON) == [1]
    assert inbox.receive(session, [(1, ANA, RAW)], NOON) == []
    assert inbox.receive(session, [(3, ANA, RAW), (1, ANA, RAW), (2, ANA, RAW), (2, ANA, RAW)], NOON) == [2, 3]
    assert [row[0] for row in inbox.waiting(session, 10)] == [1, 2, 3]


def test_the_oldest_waits_at_the_front_and_comes_back_as_it_was_sent(session: Session) -> None:
    inbox.receive(session, [(9, ANA, b"late number, early moment")], NOON)
    inbox.receive(session, [(5, ANA, RAW), (4, 0, b"\xff\x00")], NOON + HOUR)
    assert inbox.waiting(session, 2) == [(9, ANA, b"late number, early moment"), (4, 0, b"\xff\x00")]
    assert inbox.oldest_waiting(session) == NOON


def test_a_handled_update_loses_its_words_at_once_and_is_still_known_when_sent_again(session: Session) -> None:
    inbox.receive(session, [(n, ANA, RAW) for n in (1, 2, 3)], NOON)
    inbox.handled(session, [1], NOON)
    inbox.handled(session, [2, 3], NOON)
    inbox.handled(session, [], NOON)
    assert states(session) == dict.fromkeys((1, 2, 3), ("handled", False))
    assert inbox.receive(session, [(1, ANA, RAW)], NOON) == []
    assert inbox.waiting(session, 10) == []
    assert inbox.oldest_waiting(session) is None


def test_an_update_that_fails_three_times_is_set_aside_and_blocks_nobody(session: Session) -> None:
    inbox.receive(session, [(1, ANA, RAW), (2, ANA, RAW)], NOON)
    assert [inbox.failed(session, 1, NOON) for _ in range(4)] == [False, False, True, True]
    assert [row[0] for row in inbox.waiting(session, 10)] == [2]
    assert states(session)[1] == ("aside", True)
    assert inbox.failed(session, 99, NOON), "what is not there is not tried again"


def test_what_is_set_aside_stays_two_weeks_and_what_is_handled_two_days(session: Session) -> None:
    inbox.receive(session, [(n, ANA, RAW) for n in (1, 2, 3)], NOON)
    inbox.handled(session, [1], NOON)
    inbox.set_aside(session, 2, NOON)
    inbox.sweep(session, NOON + 2 * DAY)
    assert set(states(session)) == {1, 2, 3}
    inbox.sweep(session, NOON + 2 * DAY + HOUR)
    assert set(states(session)) == {2, 3}
    inbox.sweep(session, NOON + 15 * DAY)
    assert set(states(session)) == {3}


def test_an_update_that_no_key_opens_comes_empty_and_stops_no_other(session: Session, keyring: Keyring) -> None:
    session.info["keyring"] = Keyring.from_text("b3RoZXItb3BlcmF0b3Ita2V5LTAxMjM0NTY3ODlhYmM=")
    inbox.receive(session, [(1, ANA, RAW)], NOON)
    session.info["keyring"] = keyring
    inbox.receive(session, [(2, ANA, RAW)], NOON)
    assert inbox.waiting(session, 10) == [(1, ANA, b""), (2, ANA, RAW)]


def test_a_body_moved_to_another_update_does_not_open(session: Session) -> None:
    inbox.receive(session, [(1, ANA, b"one"), (2, ANA, b"two")], NOON)
    first, second = session.exec(select(InboxRow)).all()
    second.body = first.body
    session.add(second)
    session.flush()
    assert inbox.waiting(session, 10)[1] == (2, ANA, b"")


async def test_the_inbox_can_be_read_on_a_connection_that_cannot_write(database: Database) -> None:
    await database.write(inbox.receive, [(1, ANA, RAW)], NOON)
    assert await database.read(inbox.waiting, 10) == [(1, ANA, RAW)]
    assert await database.read(inbox.oldest_waiting) == NOON
