"""What every durable peer stores for a reply: SQLModel's ORM on aiosqlite, as SQLModel's documentation teaches it.

The same promise as ours: an answer is on disk (WAL, synchronous FULL) before the person is answered.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel, UniqueConstraint, create_engine, select
from sqlmodel.ext.asyncio.session import AsyncSession

FIRST_CHAT = 10_000
QUESTIONS = ("mood", "energy", "dizziness", "nausea")


class Peers(SQLModel):
    """Keeps the peers' tables apart from the bot's own, which tests look through from end to end."""

    metadata = MetaData()


class CheckIn(Peers, table=True):
    """An open check-in, and how many questions of it are answered."""

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(index=True, unique=True)
    place: int = 0


class Answer(Peers, table=True):
    """One answer of a check-in."""

    __table_args__ = (UniqueConstraint("check_in_id", "question"),)
    id: int | None = Field(default=None, primary_key=True)
    check_in_id: int = Field(foreign_key="checkin.id")
    question: str
    value: int
    answered_at: datetime


def prepare(path: Path, chats: int) -> None:
    """Make the tables and an open check-in for each chat."""
    engine = create_engine(f"sqlite:///{path}")
    Peers.metadata.create_all(engine, tables=[CheckIn.__table__, Answer.__table__])  # type: ignore[attr-defined]
    engine.dispose()
    with _closing(path) as connection:
        rows = ((FIRST_CHAT + place,) for place in range(chats))
        connection.executemany("INSERT INTO checkin (chat_id, place) VALUES (?, 0)", rows)


@contextmanager
def _closing(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def engine_of(path: str) -> AsyncEngine:
    """Open the database with one connection, which is the fastest that this stack does: several wait for locks asleep.

    Every transaction begins as a writer; by the libraries' own defaults concurrent updates get lost.
    """
    address, arguments = f"sqlite+aiosqlite:///{path}", {"isolation_level": None}
    engine = create_async_engine(address, connect_args=arguments, pool_size=1, max_overflow=0, pool_timeout=300)
    event.listen(engine.sync_engine, "connect", _prepare_connection)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare_connection(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def open_today(engine: AsyncEngine, chat_id: int) -> None:
    """Open a person's check-in unless it is there."""
    async with AsyncSession(engine) as session:
        if (await session.exec(select(CheckIn).where(CheckIn.chat_id == chat_id))).first() is None:
            session.add(CheckIn(chat_id=chat_id))
        await session.commit()


async def take(engine: AsyncEngine, chat_id: int, value: int) -> str:
    """Take an answer to the question whose turn it is, durably, and give the next question's name."""
    async with AsyncSession(engine) as session:
        check_in = (await session.exec(select(CheckIn).where(CheckIn.chat_id == chat_id))).one()
        question = QUESTIONS[check_in.place % len(QUESTIONS)]
        wanted = select(Answer).where(Answer.check_in_id == check_in.id, Answer.question == question)
        answer = (await session.exec(wanted)).first()
        now = datetime.now(UTC)  # noqa: TID251 - a peer is a program of its own
        if answer is None:
            assert check_in.id is not None  # noqa: S101 - it was read from the database
            answer = Answer(check_in_id=check_in.id, question=question, value=value, answered_at=now)
        answer.value, answer.answered_at = value, now
        check_in.place += 1
        session.add_all([answer, check_in])
        following = QUESTIONS[check_in.place % len(QUESTIONS)]
        await session.commit()
    return following
