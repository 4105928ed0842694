"""How long to wait when Telegram does not answer as hoped, and how often to say so."""

import random
from collections.abc import Callable

import structlog
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.health import Health
from bot.limiter import seconds

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0
REFUSED_FIRST_SECONDS = 5.0
REFUSED_LONGEST_SECONDS = 300.0
CONFLICT_SECONDS = 3.0
REMIND_SECONDS = 600.0

log = structlog.get_logger(__name__)

_WORDS = {
    "token_refused": "Telegram refuses the bot's token; check TELEGRAM_BOT_TOKEN",
    "another_poller": "another process receives this bot's updates, or a webhook is set",
    "slow_down": "Telegram asks for a pause",
    "unreachable": "Telegram cannot be reached",
}


class Patience:
    """Turns a streak of failures into waits that grow, with jitter. The trouble is logged once, then now and then."""

    def __init__(self, health: Health, monotonic: Callable[[], float]) -> None:
        self._health = health
        self._monotonic = monotonic
        self._trouble = ""
        self._tries = 0
        self._said_at = 0.0

    def failed(self, error: TelegramError) -> float:
        """Note a failure and give the seconds to wait."""
        trouble = _trouble(error)
        if trouble != self._trouble:
            self._trouble, self._tries, self._said_at = trouble, 0, float("-inf")
        self._tries += 1
        self._health.trouble = _WORDS[trouble]
        if self._monotonic() - self._said_at >= REMIND_SECONDS:
            self._said_at = self._monotonic()
            log.warning(trouble, meaning=_WORDS[trouble], error=type(error).__name__)
        return self._wait(error)

    def succeeded(self) -> None:
        """Note that Telegram answers; a trouble that is not Telegram's stays told."""
        if self._trouble:
            log.info("telegram_answers_again", after=self._trouble)
            self._health.trouble = ""
        self._trouble, self._tries = "", 0

    def _wait(self, error: TelegramError) -> float:
        if isinstance(error, RetryAfter):
            return seconds(error)
        if isinstance(error, Conflict):
            return _grown(CONFLICT_SECONDS, self._tries, LONGEST_SECONDS)
        if self._trouble == "token_refused":
            return _grown(REFUSED_FIRST_SECONDS, self._tries, REFUSED_LONGEST_SECONDS)
        return _grown(FIRST_SECONDS, self._tries, LONGEST_SECONDS)


def _trouble(error: TelegramError) -> str:
    if isinstance(error, (InvalidToken, EndPointNotFound)):
        return "token_refused"
    if isinstance(error, Conflict):
        return "another_poller"
    return "slow_down" if isinstance(error, RetryAfter) else "unreachable"


def _grown(first: float, tries: int, longest: float) -> float:
    """Double from the first wait to the longest; jitter keeps many processes from coming back together."""
    whole = min(longest, first * 2.0 ** min(tries - 1, 16))
    return whole * random.uniform(0.75, 1.0)
