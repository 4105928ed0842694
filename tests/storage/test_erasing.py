"""Nothing is left of whoever was erased, in no table and no column, whatever goes on at the same time."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import LargeBinary
from sqlmodel import Session, select

from care.due import Kind, Send
from storage import (
    checkins,
    consents,
    copies,
    due,
    erasing,
    exporting,
    inbox,
    links,
    notes,
    patients,
    pending,
    receipts,
    shares,
    support,
    supporting,
    tables,
)
from storage.database import Database
from storage.engines import StorageUnavailable
from storage.erasing import erase
from storage.rows import keyring
from storage.sealing import KeyFault, Keyring, unseal
from storage.tables import ConsentRow, DataKeyRow, InboxRow, SharingEventRow
from tests.databases import OPERATOR_KEY
from tests.storage.lives import SECRETS, live, share
from tests.storage.people import ANA, CLEO, DAY, HOUR, NOON, STRANGER, begin_as, claimed, deliver_all, fill_in, rows_of

BEN = 7_000_000_002
WORDS = ("quiet river", "sister was there", "about sleep", "blue form", "Anastasia")


def everything(session: Session, keys: Keyring) -> str:
    """Every value of every column of every table, and what any key that is left opens of it."""
    data_keys = [keys.unwrap(row.wrapped) for row in session.exec(select(DataKeyRow)).all()]
    found: list[str] = []
    for table in tables.metadata.sorted_tables:
        for row in session.connection().execute(table.select()).mappings():
            for column in table.columns:
                value = row[column.name]
                found.append(f"{table.name}.{column.name}={value!r}")
                if isinstance(column.type, LargeBinary) and value is not None:
                    found += opened(bytes(value), data_keys, keys, dict(row), table.name)
    return "\n".join(found)


def opened(value: bytes, data_keys: list[bytes], keys: Keyring, row: dict[str, Any], table: str) -> Iterable[str]:
    """Open a sealed value with every key, trying every place that it can have been sealed for."""
    owners = [row.get("patient_id"), row.get("id"), *range(1, 4)]
    numbers = [row.get(name) for name in ("id", "check_in_id", "message_id", "note_id")]
    ends = [f"{row.get('question')}/{row.get('revision')}", str(row.get("revision")), "notes", "label", "name"]
    plain = ["patients/name", "invitations/name", "sharing_events"]
    named = [f"{table}/{n}" for n in numbers] + [
        f"{t}/{n}/{e}" for t, n, e in product([table, "answers"], numbers, ends)
    ]
    places = [f"{owner}/{place}" for owner, place in product(owners, [*plain, *named])]
    places += [f"support_persons/{row.get('patient_id')}/{row.get('chat_id')}"]
    for key, place in product(data_keys, places):
        try:
            yield unseal(key, value, place).decode()
        except KeyFault:
            continue
    with contextlib.suppress(KeyFault):
        yield keys.open_operator(value, f"inbox/{row.get('update_id')}").decode()


def fill(session: Session, chat_id: int, now: Any = NOON) -> None:
    """Everything that can be kept of a person, what is on its way included."""
    live(session, chat_id, BEN)
    pending.expect(session, chat_id, "note", "7", 100, now)
    patients.remember_newcomer(session, chat_id, "en", now)
    inbox.receive(session, [(chat_id * 10, chat_id, b"the quiet river")], now)
    exporting.ask(session, chat_id, 901, now)
    supporting.look(session, chat_id, None, now)


def test_nothing_is_left(session: Session, keyring: Keyring) -> None:
    fill(session, ANA)
    before = everything(session, keyring)
    assert all(word in before for word in WORDS), "the search finds what is there"
    assert str(ANA) in before
    erased = erase(session, ANA, NOON)
    assert erased is not None
    left = everything(session, keyring)
    assert not [word for word in (*WORDS, "Benedikt", str(ANA), str(BEN)) if word in left]
    kept = {"marks", "alembic_version"}
    rows = {t.name: session.connection().execute(t.select()).all() for t in tables.metadata.sorted_tables}
    assert {name for name, found in rows.items() if found} <= kept


def test_everything_of_everybody_else_is_left(session: Session, keyring: Keyring) -> None:
    begin_as(session, CLEO)
    fill_in(session, CLEO, checkins.open_today(session, CLEO, NOON).check_in.id)  # type: ignore[union-attr]
    notes.write(session, CLEO, 5, "my own words", None, NOON)
    inbox.receive(session, [(1, CLEO, b"waits")], NOON)
    before = copies.collect(session, CLEO)
    fill(session, ANA)
    erase(session, ANA, NOON)
    assert copies.collect(session, CLEO) == before
    assert [row[0] for row in inbox.waiting(session, 10)] == [1]


def test_the_receipt_counts_what_went_and_only_the_operator_can_make_it(session: Session) -> None:
    fill(session, ANA)
    held = copies.counts(session, ANA)
    erased = erase(session, ANA, NOON)
    assert erased is not None
    assert erased.counts == receipts.by_kind(held)
    assert {kind for kind, n in erased.counts.items() if not n} == set()
    assert erased.counts["dates"] == held["treatments"] + held["appointments"]
    assert receipts.read_code(keyring(session), erased.code) == (NOON, erased.counts)
    assert receipts.read_code(keyring(session), erased.code.replace("20250301", "20250302")) is None
    assert receipts.read_code(Keyring.from_text("b" * 43 + "="), erased.code) is None
    newer = Keyring.from_text(f"{'b' * 43}=,{OPERATOR_KEY}")
    assert receipts.read_code(newer, erased.code) == (NOON, erased.counts)
    for spoilt in ("", ".", "a.b", erased.code[:-1], "é" * 30):
        assert receipts.read_code(keyring(session), spoilt) is None


def test_the_messages_of_the_last_two_days_can_be_taken_back(session: Session) -> None:
    live(session, ANA, BEN)
    erased = erase(session, ANA, NOON + 8 * HOUR)
    assert erased is not None
    assert 10_008 in erased.messages, "the note she typed this morning"
    assert 10_000 not in erased.messages, "too old for Telegram"
    assert erased.messages == tuple(sorted(set(erased.messages)))


def test_erasing_twice_or_a_stranger_changes_nothing(session: Session) -> None:
    fill(session, ANA)
    assert erase(session, ANA, NOON) is not None
    assert erase(session, ANA, NOON) is None
    patients.remember_newcomer(session, STRANGER, "en", NOON)
    assert erase(session, STRANGER, NOON) is None
    assert patients.newcomer_language(session, STRANGER, NOON) is None


def test_whoever_begins_anew_is_a_stranger_to_everything_old(session: Session) -> None:
    fill(session, ANA)
    old = checkins.open_today(session, ANA, NOON)
    erase(session, ANA, NOON)
    assert old is not None
    begin_as(session, ANA, NOON + HOUR)
    assert checkins.answer(session, ANA, old.check_in.id, "mood", 3, 1, NOON + HOUR) is None
    assert checkins.find(session, ANA, old.check_in.id) is None
    found = copies.collect(session, ANA) or {}
    assert {name for name, rows in found.items() if rows} == {"person", "consents"}


# Two people who are linked.


def test_a_support_person_is_told_and_their_key_goes_too(session: Session) -> None:
    live(session, ANA, BEN)
    erased = erase(session, ANA, NOON)
    assert erased is not None
    assert erased.told == (erasing.Told(BEN, "en"),)
    assert session.exec(select(DataKeyRow)).all() == []
    assert links.of_supporter(session, BEN) == []


def test_a_support_person_who_was_not_confirmed_or_has_left_is_told_nothing(session: Session) -> None:
    begin_as(session, ANA)
    link = share(session, ANA, BEN, NOON)
    supporting.leave(session, BEN, link.id, NOON)
    erased = erase(session, ANA, NOON)
    assert erased is not None
    assert erased.told == ()


def test_a_support_person_who_erases_themselves_is_gone_from_what_others_keep(
    session: Session, keyring: Keyring
) -> None:
    live(session, ANA, BEN)
    (link,) = support.links_of(session, ANA)
    for row in claimed(session, NOON + 9 * HOUR, by="x"):
        begun = due.begin(session, row.id, "x", NOON + 9 * HOUR)
        if begun is not None and begun.share is not None:
            shares.note(session, begun.due, begun.share, "checked in", NOON)
    assert "Benedikt" in everything(session, keyring)
    erased = erase(session, BEN, NOON)
    assert erased is not None
    assert (erased.language, erased.counts["sharing"]) == ("", 1)
    left = everything(session, keyring)
    assert "Benedikt" not in left
    assert str(BEN) not in left
    assert "quiet river" in left, "Ana keeps what is hers"
    assert [event.text for event in support.ledger(session, ANA, 9)] == [
        '{"name": "", "text": "checked in"}' for _ in session.exec(select(SharingEventRow)).all()
    ]
    told = rows_of(session, ANA, kind="notice", event=f"s{link.id}/left")
    assert [row.state for row in told] == ["waiting"]


def test_a_patient_who_is_a_support_person_too_leaves_as_both(session: Session, keyring: Keyring) -> None:
    live(session, ANA, BEN)
    begin_as(session, BEN)
    notes.write(session, BEN, 5, "my own words", None, NOON)
    erase(session, BEN, NOON)
    assert patients.find(session, BEN) is None
    assert support.links_of(session, ANA) == []
    assert str(BEN) not in everything(session, keyring)


def test_taking_back_the_consent_to_sharing_ends_every_link_and_drops_what_waits(session: Session) -> None:
    live(session, ANA, BEN)
    patient = patients.find(session, ANA)
    assert patient is not None
    consents.give(session, patient.id, consents.SHARING, "1", NOON)
    support.draft(session, ANA, NOON)
    erasing.end_sharing(session, ANA, NOON + HOUR)
    assert support.links_of(session, ANA) == []
    assert support.invitations_of(session, ANA, NOON + HOUR) == []
    waiting = rows_of(session, ANA, kind="share", state="waiting")
    assert [row.event.split("/")[1] for row in waiting] == ["ended"]
    (row,) = session.exec(select(ConsentRow).where(ConsentRow.kind == "sharing")).all()
    assert row.withdrawn_at == NOON + HOUR


# While something else goes on.


def test_what_was_being_sent_leaves_nothing(session: Session, keyring: Keyring) -> None:
    begin_as(session, ANA)
    exporting.ask(session, ANA, 901, NOON)
    evening = NOON + 9 * HOUR
    rows = claimed(session, evening)
    begun = [due.begin(session, row.id, "t", evening) for row in rows]
    assert {one.due.kind for one in begun if one and isinstance(one.decision, Send)} >= {Kind.DAILY}
    erase(session, ANA, evening)
    for row in rows:
        assert due.sent(session, row.id, "t", 77, evening) is None
        due.failed(session, row.id, "t", due.Failure.PASSING, None, evening)
        assert due.begin(session, row.id, "t", evening) is None
    assert str(ANA) not in everything(session, keyring)
    assert session.exec(select(tables.DueRow)).all() == []


async def test_of_everything_that_happens_at_once_nothing_is_left(database: Database, keyring: Keyring) -> None:
    """Presses, sends, a copy and the erasure race each other, ten times."""
    for n in range(10):
        now = NOON + n * DAY
        await database.write(begin_as, ANA, now)
        card = await database.write(checkins.open_today, ANA, now)
        assert card is not None
        works: list[Any] = [
            database.write(checkins.answer, ANA, card.check_in.id, code, 1, 0, now)
            for code in ("mood", "energy", "dizziness", "nausea")
        ]
        works += [database.write(notes.write, ANA, 100 + n, "the quiet river", None, now)]
        works += [database.write(exporting.ask, ANA, 900 + k, now) for k in range(3)]
        works += [database.write(deliver_all, now + 9 * HOUR, f"w{k}") for k in range(2)]
        works += [database.read(copies.collect, ANA)]
        works.insert(n, database.write(erase, ANA, now))
        done = await asyncio.gather(*works, return_exceptions=True)
        assert not [fault for fault in done if isinstance(fault, StorageUnavailable)]
        left = await database.read(everything, keyring)
        assert str(ANA) not in left
        assert "quiet river" not in left
        assert await database.read(_rows, tables.DueRow) == 0


async def test_two_processes_erase_and_answer_and_nothing_is_left(
    database: Database, database_url: str, keyring: Keyring
) -> None:
    other = Database.open(database_url, keyring)
    try:
        for n in range(10):
            now = NOON + n * DAY
            await database.write(begin_as, ANA, now)
            card = await database.write(checkins.open_today, ANA, now)
            assert card is not None
            number = card.check_in.id
            await asyncio.gather(
                *(other.write(checkins.answer, ANA, number, code, 1, 0, now) for code in ("mood", "energy")),
                other.write(deliver_all, now + 9 * HOUR, "other"),
                other.write(notes.write, ANA, n, "the quiet river", number, now),
                database.write(erase, ANA, now),
                other.write(erase, ANA, now),
                return_exceptions=True,
            )
            assert str(ANA) not in await database.read(everything, keyring)
            assert await other.read(_rows, tables.CheckInRow) == 0
    finally:
        await other.close()


def _rows(session: Session, table: Any) -> int:
    return len(session.exec(select(table)).all())


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_file_does_not_hold_the_dropped_key_any_more(
    database: Database, database_url: str, keyring: Keyring
) -> None:
    """SQLite overwrites what is deleted (secure_delete), and the log of writes begins anew after a checkpoint."""
    await database.write(begin_as, ANA, NOON)
    (wrapped,) = await database.read(lambda session: [row.wrapped for row in session.exec(select(DataKeyRow)).all()])
    await database.write(erase, ANA, NOON)
    await database.close()
    path = database_url.removeprefix("sqlite:///")
    with open(path, "rb") as file:
        assert wrapped not in file.read()


def test_an_update_that_is_being_handled_may_be_marked_after_its_row_went(session: Session) -> None:
    begin_as(session, ANA)
    inbox.receive(session, [(5, ANA, b"x")], NOON)
    erase(session, ANA, NOON)
    inbox.handled(session, [5], NOON)
    assert inbox.failed(session, 5, NOON), "what is gone is not tried again"
    assert session.exec(select(InboxRow)).all() == []
    assert timedelta(0) < erasing.DELETABLE < timedelta(hours=48)
    assert all(secret for secret in SECRETS)
