"""A copy holds everything of a person and nothing of anybody else's, and comes back without loss."""

import json
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from sqlmodel import Session

from care.people import State
from storage import checkins, copies, due, history, notes, patients, support, tables
from storage.copies import LEFT_OUT, PARTS, Parts, collect, counts
from storage.restoring import CopyFault, put_back
from tests.storage.lives import SECRETS, live
from tests.storage.people import ANA, CLEO, DAY, HOUR, NOON, STRANGER, begin_as, rows_of

BEN = 7_000_000_002


def copy_of(session: Session, chat_id: int) -> Parts:
    found = collect(session, chat_id)
    assert found is not None
    return found


def emptied(session: Session) -> Session:
    for table in reversed(tables.metadata.sorted_tables):
        session.connection().execute(table.delete())
    return session


def ended(parts: Parts) -> Parts:
    """The copy as it comes back: without open links."""
    parts = json.loads(json.dumps(parts))
    for row in parts["support_persons"]:
        row |= {"state": "ended", "ended_at": NOON.isoformat()}
    return parts


def test_every_table_and_every_column_is_copied_or_left_out_on_purpose() -> None:
    assert {part.table.name for part in PARTS} | LEFT_OUT == set(tables.metadata.tables)
    for part in PARTS:
        for column in part.columns:
            if column.name.endswith("_sealed") or column.name == "value":
                assert column.name in part.places, f"{part.name}: who opens {column.name}?"
        assert {column.name for column in part.table.columns} >= part.hidden


def test_a_copy_holds_all_that_was_said_in_every_wording(session: Session) -> None:
    live(session, ANA, BEN)
    parts = copy_of(session, ANA)
    assert [name for name, rows in parts.items() if not rows] == ["sharing"]
    text = json.dumps(parts, ensure_ascii=False)
    assert all(secret in text for secret in SECRETS)
    assert [row["text"] for row in parts["note_changes"]][:2] == ["the quiet river 0", "=1+1 my sister was there"]
    values = [(row["revision"], row["value"]) for row in parts["answer_changes"] if row["question"] == "mood"]
    assert values[:2] == [(1, 6), (2, 4)]
    waiting = [row for row in rows_of(session, ANA) if row.state in ("waiting", "leased")]
    assert {**counts(session, ANA), "messages": len(parts["messages"])} == {
        name: len(rows) for name, rows in parts.items()
    }
    assert counts(session, ANA)["messages"] == len(parts["messages"]) + len(waiting)


def test_a_copy_holds_nothing_of_anybody_else(session: Session) -> None:
    live(session, ANA, BEN)
    begin_as(session, CLEO)
    text = json.dumps(copy_of(session, CLEO))
    assert str(ANA) not in text
    assert not any(secret in text for secret in SECRETS)
    assert str(BEN) not in json.dumps(copy_of(session, ANA)), "the number of a support person's account is theirs"
    assert collect(session, STRANGER) is None
    assert counts(session, STRANGER) == {}


def test_a_copy_comes_back_into_an_empty_database_without_loss(session: Session) -> None:
    begin_as(session, CLEO)  # so that Ana's numbers are others here than there
    live(session, ANA, BEN)
    before = copy_of(session, ANA)
    assert put_back(emptied(session), json.loads(json.dumps(before)), NOON) == ANA
    assert copy_of(session, ANA) == ended(before)
    emptied(session)
    put_back(session, ended(before), NOON + DAY)
    assert copy_of(session, ANA) == ended(before)


def test_who_came_back_goes_on_where_they_were(session: Session) -> None:
    live(session, ANA, BEN)
    before = history.recent(session, ANA, NOON.date() - 9 * DAY, NOON.date())
    said = notes.of_days(session, ANA, NOON.date() - 9 * DAY, NOON.date())
    parts = copy_of(session, ANA)
    put_back(emptied(session), parts, NOON)
    after = history.recent(session, ANA, NOON.date() - 9 * DAY, NOON.date())
    assert [(one.day, one.values, one.outcome) for one in after] == [(o.day, o.values, o.outcome) for o in before]
    assert notes.of_days(session, ANA, NOON.date() - 9 * DAY, NOON.date()) == said
    assert support.links_of(session, ANA) == [], "nothing is shared with somebody who did not agree to it here"
    assert rows_of(session, ANA, state="waiting", kind="daily"), "the next check-in is planned"
    number = after[0].id
    assert checkins.answer(session, ANA, number, "mood", 9, after[0].revision("mood"), NOON) is not None


def test_a_copy_is_not_put_over_somebody_who_is_there(session: Session) -> None:
    live(session, ANA, BEN)
    with pytest.raises(CopyFault, match="is in this database"):
        put_back(session, copy_of(session, ANA), NOON)


@pytest.mark.parametrize(
    "spoilt",
    [
        None,
        [],
        {},
        {"person": []},
        {part.name: [] for part in PARTS},
        {part.name: [{}] for part in PARTS},
        {part.name: "person" for part in PARTS},
    ],
)
def test_what_is_no_copy_is_refused_in_one_line(session: Session, spoilt: Any) -> None:
    with pytest.raises(CopyFault, match="no copy"):
        put_back(session, spoilt, NOON)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("person", "state", "dancing"),
        ("person", "items", 5),
        ("check_ins", "opened_at", "yesterday"),
        ("check_ins", "treatment", 99),
        ("answers", "value", "six"),
        ("notes", "text", None),
        ("messages", "kind", "telegram"),
        ("note_changes", "note", 4000),
    ],
)
def test_a_copy_that_somebody_spoilt_is_refused_without_a_word_of_it(
    session: Session, part: str, name: str, value: Any
) -> None:
    live(session, ANA, BEN)
    parts = copy_of(session, ANA)
    parts[part][0][name] = value
    emptied(session)
    with session.begin_nested() as nested, pytest.raises(CopyFault) as caught:
        put_back(session, parts, NOON)
    nested.is_active and nested.rollback()
    assert not any(secret in str(caught.value) for secret in SECRETS)


@pytest.mark.slow
def test_a_years_copy_takes_less_than_two_seconds(session: Session, report: Any, backend: str) -> None:
    live(session, ANA, BEN, days=365)
    begun = perf_counter()
    parts = copy_of(session, ANA)
    took = perf_counter() - begun
    report(f"copy of a year on {backend}: {sum(counts(session, ANA).values())} rows in {took:.2f} s")
    assert len(parts["check_ins"]) >= 365
    assert len(parts["treatments"]) >= 40
    assert took < 6


def test_a_paused_person_comes_back_paused(session: Session) -> None:
    begin_as(session, ANA)
    patients.pause(session, ANA, NOON + timedelta(days=3), NOON)
    parts = copy_of(session, ANA)
    put_back(emptied(session), parts, NOON + HOUR)
    found = patients.find(session, ANA)
    assert found is not None
    assert (found.state, found.paused_until) == (State.PAUSED, NOON + timedelta(days=3))
    assert due.next_moment(session) is not None
    assert copies.collect(session, ANA) == parts
