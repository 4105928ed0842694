"""A stand-in with Ana on it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.demo.clock import MovableClock
from bot.demo.phones import Phone
from bot.demo.standin import StandIn
from tests.bot.demo.caller import Caller


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def standin(clock: MovableClock) -> AsyncIterator[StandIn]:
    standin = StandIn(clock)
    standin.world.updates.hold_repeats = False
    await standin.start()
    yield standin
    await standin.stop()


@pytest.fixture
async def call(standin: StandIn) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(standin, session)


@pytest.fixture
def ana(standin: StandIn) -> Phone:
    """Ana has pressed Start; her first message is confirmed already."""
    ana = standin.person(1001, "Ana")
    ana.start()
    standin.world.updates.drop_all()
    return ana
