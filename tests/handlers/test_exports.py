"""/export: one file, asked for once, made once, safe to open in a spreadsheet, and exact where it counts."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from time import perf_counter
from typing import Any
from zipfile import ZipFile

import pytest
from sqlmodel import Session

from handlers.copy_files import NoCopy, cell, file_name, pack, unpack
from handlers.words import Words
from storage import copies, due, exporting, patients
from storage.copies import PARTS, Parts
from storage.database import Database
from tests.handlers.harness import ANA, GOOD_DAY, HOUR, START, Chatroom, Phone, check_in
from tests.storage.lives import live, share

BEN = 1002
HEALTH = ("ketamine", "depress", "treatment", "mood", "check-in")


def tables_of(content: bytes) -> dict[str, list[dict[str, str]]]:
    with ZipFile(BytesIO(content)) as file:
        names = [name for name in file.namelist() if name.endswith(".csv")]
        texts = {name: file.read(name).decode("utf-8-sig") for name in names}
    return {name.removesuffix(".csv"): list(csv.DictReader(StringIO(text))) for name, text in texts.items()}


def sent_file(phone: Phone) -> tuple[str, bytes]:
    return next(message.file for message in reversed(phone.messages) if message.file)


async def test_a_copy_is_asked_for_once_made_and_sent_as_one_file(room: Chatroom, ana: Phone) -> None:
    await check_in(ana, *GOOD_DAY)
    await ana.writes("/export")
    assert "1 check-in, 0 notes, 0 dates" in ana.last.text
    assert "not locked" in ana.last.text
    await ana.taps("Make my copy")
    card = ana.last
    assert card.text == "Making your copy ... It comes here in a moment."
    await room.drain()
    assert ana.messages[-2].text == "Here it is."
    assert ana.messages[-2].id == card.id
    name, content = sent_file(ana)
    assert name == f"my-copy-{START:%Y-%m-%d}.zip"
    assert not any(word in (name + ana.last.text).lower() for word in HEALTH)
    answers = tables_of(content)["answers"]
    assert [(row["day"], row["question"], row["value"], row["answered"]) for row in answers][2:] == [
        ("2026-10-14", "mood", "6", "6"),
        ("2026-10-14", "nausea", "0", "None"),
    ]


async def test_a_copy_asked_for_ten_times_is_made_once(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/export")
    for _ in range(10):
        await ana.presses("1:ex:make", ana.last.id)
    await room.drain()
    await ana.writes("/export")
    await ana.taps("Make my copy")
    assert ana.last.text.startswith("Your copy was made a short while ago.")
    await room.drain()
    assert len([message for message in ana.messages if message.file]) == 1
    room.clock.advance(timedelta(hours=1, minutes=1))
    await ana.writes("/export")
    await ana.taps("Make my copy")
    await room.drain()
    assert len([message for message in ana.messages if message.file]) == 2


async def test_a_copy_comes_though_the_person_paused_or_stopped(room: Chatroom, ana: Phone) -> None:
    await ana.writes("/stop")
    await ana.writes("/export")
    await ana.taps("Make my copy")
    await room.drain()
    assert ana.last.file is not None


async def test_a_press_on_anything_else_asks_again_and_not_now_is_fine(room: Chatroom, ana: Phone) -> None:
    await ana.presses("1:ex:nonsense")
    assert ana.last.labels == ["Make my copy", "Not now"]
    await ana.taps("Not now")
    assert ana.last.text == "OK. You can send /export at any time."
    await room.drain()
    assert not [message for message in ana.messages if message.file]


async def test_a_stranger_hears_that_there_is_nothing(stranger: Phone) -> None:
    for press in ("1:ex:make", "1:ex:no"):
        await stranger.presses(press)
    await stranger.writes("/export")
    assert stranger.last.text == "I keep nothing about you."


async def test_a_support_person_hears_what_is_kept_of_them(room: Chatroom, ana: Phone) -> None:
    await room.database.write(share, ANA, BEN, START)
    ben = room.phone(BEN, "Ben")
    await ben.writes("/export")
    assert "You are a support person." in ben.last.text
    await ben.presses("1:ex:make")
    assert ben.last.labels == ["Delete all"]


async def test_nothing_of_anybody_else_is_in_a_copy(room: Chatroom, ana: Phone, cleo: Phone) -> None:
    await ana.writes("a note of mine")
    await cleo.writes("/export")
    await cleo.taps("Make my copy")
    await room.drain()
    _, content = sent_file(cleo)
    with ZipFile(BytesIO(content)) as file:
        everything = b"".join(file.read(name) for name in file.namelist())
    assert str(ANA).encode() not in everything
    assert b"a note of mine" not in everything


async def test_a_file_whose_sending_is_cut_off_is_sent_again_and_the_third_time_counts(
    room: Chatroom, ana: Phone
) -> None:
    await ana.writes("/export")
    await ana.taps("Make my copy")
    room.telegram.fail("sendDocument", 429, "Too Many Requests: retry after 5", retry_after=5)
    with pytest.raises(Exception, match="Flood control"):
        await room.drain()
    room.clock.advance(timedelta(seconds=61))
    await room.drain()
    assert ana.last.file is not None


async def test_who_erases_everything_while_the_copy_is_made_gets_no_copy(
    room: Chatroom, ana: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file was on its way already: it is taken back."""
    await ana.writes("/export")
    await ana.taps("Make my copy")
    send = room.telegram._sendDocument

    def and_erased(chat: Any, params: Any) -> None:
        send(chat, params)
        erasures.append(params)

    erasures: list[Any] = []
    monkeypatch.setattr(room.telegram, "_sendDocument", and_erased)
    find, calls = patients.find, []

    def gone(session: Session, chat_id: int) -> Any:
        calls.append(chat_id)
        return None if erasures else find(session, chat_id)

    monkeypatch.setattr("handlers.exports.patients.find", gone)
    await room.drain()
    assert erasures
    assert not [message for message in ana.messages if message.file]


def test_what_a_spreadsheet_takes_for_a_formula_is_disarmed_in_the_tables_alone() -> None:
    dangerous = ["=1+1", "+49 30", "-1", "@sum", "\tx", "\rx", "\n=1"]
    assert [cell(text) for text in dangerous] == [f"'{text}" for text in dangerous]
    assert [cell(value) for value in ("fine", "", 5, -5, None, True, ["a", "b"], 1.5)] == [
        "fine",
        "",
        5,
        -5,
        None,
        True,
        "a b",
        1.5,
    ]
    parts: Parts = {part.name: [] for part in PARTS}
    parts["notes"] = [{"text": "=cmd|'/c calc'!A0 \u2028 ünïcödé\r\n\"quoted\", and more"}]
    content = pack(parts, Words("en"), START)
    assert unpack(content) == parts
    (row,) = tables_of(content)["notes"]
    assert row["text"].startswith("'=cmd")
    assert "ünïcödé" in row["text"]


def test_what_is_no_copy_is_refused() -> None:
    parts: Parts = {part.name: [] for part in PARTS}
    plain = BytesIO()
    with ZipFile(plain, "w") as file:
        file.writestr("other.txt", "x")
    bad = [b"", b"{", b"[]", b"null", b'{"copy": 2}', b"PK\x03\x04", b"\xff\xfe", plain.getvalue()]
    for content in bad:
        with pytest.raises(NoCopy) as caught:
            unpack(content)
        assert "\n" not in str(caught.value)
    with ZipFile(BytesIO(pack(parts, Words("en"), START))) as file:
        assert unpack(file.read("everything.json")) == parts
        assert "everything.json" in file.read("README.txt").decode()
        assert {f"{part.name}.csv" for part in PARTS} <= set(file.namelist())
        assert all(f"{part.name}.csv" in file.read("README.txt").decode() for part in PARTS)
    assert file_name(START) == "my-copy-2026-10-14.zip"


@pytest.mark.slow
async def test_a_year_goes_into_one_file_in_less_than_two_seconds(
    database: Database, report: Any, backend: str
) -> None:
    await database.write(live, ANA, BEN, days=365)
    begun = perf_counter()
    parts = await database.read(copies.collect, ANA)
    assert parts is not None
    read = perf_counter() - begun
    content = pack(parts, Words("en"), START)
    took = perf_counter() - begun
    rows = sum(map(len, parts.values()))
    report(
        f"a year's copy on {backend}: {rows} rows, {len(content) / 1024:.0f} kB, read {read:.2f} s, all {took:.2f} s"
    )
    assert (len(parts["treatments"]) >= 40, len(parts["check_ins"]) >= 365) == (True, True)
    assert took < 8  # 2 s on a machine that does nothing else


async def test_due_rows_of_copies_count_for_no_prompt(room: Chatroom, ana: Phone) -> None:
    before = await room.database.read(due.next_moment)
    await room.database.write(exporting.ask, ANA, 5, START)
    room.clock.advance(HOUR)
    await room.drain()
    assert await room.database.read(due.next_moment) == before
