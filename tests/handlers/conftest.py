"""The people of the conversations and the room they meet in."""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storage.database import Database
from tests.handlers.harness import ANA, CLEO, Chatroom, Phone, settle_in

os.environ.setdefault("PTB_TIMEDELTA", "1")  # as bot/app.py does: a 429 tells its wait as a timedelta


@pytest_asyncio.fixture
async def room(database: Database) -> AsyncIterator[Chatroom]:
    """A bot with a fresh database."""
    async with Chatroom(database) as opened:
        yield opened


@pytest.fixture
def stranger(room: Chatroom) -> Phone:
    """Ana before she has ever written to the bot."""
    return room.phone(ANA)


@pytest_asyncio.fixture
async def ana(room: Chatroom) -> Phone:
    """Ana, who has finished the first minutes: Berlin, 19:00."""
    phone = room.phone(ANA)
    await settle_in(phone)
    return phone


@pytest_asyncio.fixture
async def cleo(room: Chatroom) -> Phone:
    """Cleo, another patient; nothing of Ana's may ever reach her."""
    phone = room.phone(CLEO, "Cleo")
    await settle_in(phone)
    return phone
