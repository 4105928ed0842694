"""How long to wait for Telegram, and how often to say so."""

import pytest
from structlog.testing import capture_logs
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.health import Health
from bot.patience import Patience


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.mark.parametrize(
    ("error", "first", "longest"),
    [
        (NetworkError("cut"), 0.5, 30),  # comes back soon, mostly
        (InvalidToken("no"), 5, 300),  # only the operator can mend it
        (Conflict("two"), 3, 30),
    ],
)
def test_waits_grow_to_a_longest_with_jitter(error: TelegramError, first: float, longest: float) -> None:
    patience = Patience(Health(), Time())
    waits = [patience.failed(error) for _ in range(20)]
    assert 0.75 * first <= waits[0] <= first
    assert 0.75 * longest <= waits[-1] <= longest
    assert len(set(waits[-5:])) > 1


def test_a_429_is_waited_out_as_asked() -> None:
    assert Patience(Health(), Time()).failed(RetryAfter(17)) == 17


def test_success_begins_anew() -> None:
    patience = Patience(Health(), Time())
    for _ in range(10):
        patience.failed(NetworkError("cut"))
    patience.succeeded()
    assert patience.failed(NetworkError("cut")) <= 0.5


def test_trouble_is_said_once_then_now_and_then_and_when_it_is_over() -> None:
    time, health = Time(), Health()
    patience = Patience(health, time)
    with capture_logs() as lines:
        for _ in range(100):
            patience.failed(InvalidToken("no"))
            time.now += 10
        assert "TELEGRAM_BOT_TOKEN" in health.trouble
        patience.succeeded()
        patience.succeeded()
    assert [line["event"] for line in lines] == ["token_refused", "token_refused", "telegram_answers_again"]
    assert health.trouble == ""
