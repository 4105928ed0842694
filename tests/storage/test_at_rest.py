"""What lies on the disk: nothing that a person said, in no table, on both databases."""

from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from storage import checkins, inbox, notes
from storage.database import Database
from storage.engines import url_of
from storage.tables import metadata
from tests.storage.people import ANA, NOON, begin_as, fill_in, open_card

WORDS = "remember the quiet river"


def everything(session: Session) -> str:
    return repr([session.connection().execute(table.select()).all() for table in metadata.sorted_tables])


def write_all(session: Session) -> None:
    begin_as(session, ANA)
    fill_in(session, ANA, open_card(session, ANA).check_in.id)
    notes.write(session, ANA, 10, WORDS, None, NOON)
    notes.offer(session, ANA, 11, WORDS, NOON)
    notes.revise(session, ANA, 11, f"{WORDS} again", NOON)
    inbox.receive(session, [(1, ANA, WORDS.encode())], NOON)


async def test_no_word_and_no_answer_stands_in_any_row(database: Database, database_url: str) -> None:
    await database.write(write_all)
    rows = await database.read(everything)
    assert str(ANA) in rows
    assert "quiet river" not in rows
    address = url_of(database_url)
    if address.get_backend_name() == "sqlite":
        folder = Path(str(address.database)).parent
        on_disk = b"".join(file.read_bytes() for file in folder.iterdir())
        assert b"answer_revisions" in on_disk
        assert b"quiet river" not in on_disk


def test_all_answers_look_alike_whatever_they_say(session: Session) -> None:
    begin_as(session, ANA)
    number = open_card(session, ANA).check_in.id
    checkins.answer(session, ANA, number, "mood", 0, 0, NOON)
    checkins.answer(session, ANA, number, "energy", None, 0, NOON)
    checkins.answer(session, ANA, number, "mood", 10, 1, NOON)
    sizes = session.connection().execute(text("SELECT length(value) FROM answer_revisions")).scalars().all()
    assert len(set(sizes)) == 1
