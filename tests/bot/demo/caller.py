"""A plain client that calls the stand-in as a bot would."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.demo.standin import StandIn


@dataclass
class Caller:
    """Calls methods with JSON bodies; remembers nothing."""

    standin: StandIn
    session: aiohttp.ClientSession

    async def __call__(self, method: str, **params: Any) -> Any:
        """Give the result; raises AssertionError with Telegram's words when the call was refused."""
        answer = await self.raw(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def raw(self, method: str, **params: Any) -> Any:
        """Give the whole answer."""
        async with self.session.post(self.address(method), json=params) as response:
            return await response.json()

    async def refusal(self, method: str, **params: Any) -> str:
        """Give the description of the refusal."""
        answer = await self.raw(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    def address(self, method: str) -> str:
        return f"{self.standin.url}/bot{self.standin.token}/{method}"
