"""Log lines hold no token and no word that anybody wrote."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

TOKEN = "123456789:" + "A" * 35
WORDS = "I feel low today"


class Out:
    """What was printed so far."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._text = ""

    def getvalue(self) -> str:
        self._text += self._capsys.readouterr().out
        return self._text


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> Iterator[Out]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield Out(capsys)
    root.handlers[:], root.level, logging.raiseExceptions = handlers, level, True
    structlog.reset_defaults()


def configure(style: str = "json", level: str = "info", secrets: tuple[str, ...] = ()) -> None:
    logs.configure(level, style, secrets)


@pytest.mark.parametrize("style", ["json", "text"])
def test_a_token_is_hidden_wherever_it_stands(style: str, out: Out) -> None:
    configure(style)
    structlog.get_logger("bot.app").info(f"{TOKEN} said", url=f"https://host/bot{TOKEN}/getMe", many=[TOKEN])
    logging.getLogger("bot.app").warning("calling %s", f"/bot{TOKEN}/getMe")
    logging.getLogger("telegram.ext").warning(f"refused {TOKEN}")  # noqa: G004 - as libraries do
    assert out.getvalue().count("[hidden]") == 5
    assert "AAAA" not in out.getvalue()


def test_a_configured_secret_is_hidden_even_when_it_looks_like_nothing(out: Out) -> None:
    configure(secrets=("hunter2", ""))
    structlog.get_logger("storage").error("no connection", address="postgresql://bot:hunter2@host/db")
    assert "hunter2" not in out.getvalue()


def test_an_exception_is_told_by_type_and_place_and_never_by_its_text(out: Out) -> None:
    configure()
    try:
        try:
            int(WORDS)
        except ValueError as error:
            raise RuntimeError(f"cannot read {WORDS}") from error
    except RuntimeError as error:
        structlog.get_logger("handlers").error("update_failed", update_id=7, exc_info=error)
        logging.getLogger("telegram.ext").exception("No error handlers")
    for line in map(json.loads, out.getvalue().splitlines()):
        assert line["failure"][0] == "RuntimeError"
        assert "ValueError" in line["failure"]
        assert any("test_logs.py:" in frame for frame in line["failure"])
    assert WORDS not in out.getvalue()


def test_what_a_library_fills_into_its_line_is_left_out(out: Out) -> None:
    configure()
    logging.getLogger("telegram.ext").critical("Error while building a context for update %s.", {"text": WORDS})
    assert WORDS not in out.getvalue()
    assert "Error while building a context" in out.getvalue()


def test_what_asyncio_quotes_of_a_lost_exception_is_left_out(out: Out) -> None:
    configure()
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: ValueError('{WORDS}')")  # noqa: G004
    logs.report_loop_failure(None, {"message": WORDS, "exception": ValueError(WORDS)})
    assert WORDS not in out.getvalue()
    assert out.getvalue().count("\n") == 2


def test_libraries_are_quiet_even_when_the_level_is_debug(out: Out) -> None:
    configure(level="debug")
    for name in ("telegram.Bot", "httpx", "aiohttp.access", "apscheduler.scheduler"):
        logging.getLogger(name).info("a call with all its parameters")
    structlog.get_logger("bot.app").debug("ours")
    assert out.getvalue().count("\n") == 1


def test_json_lines_carry_level_logger_and_moment(out: Out) -> None:
    configure()
    structlog.get_logger("bot.app").info("started", update_id=7)
    line = json.loads(out.getvalue())
    assert (line["event"], line["level"], line["logger"], line["update_id"]) == ("started", "info", "bot.app", 7)
    assert line["timestamp"].endswith("Z")


def test_a_text_line_is_one_line_with_its_stack_below(out: Out) -> None:
    configure("text")
    structlog.get_logger("bot.app").error("failed", update_id=7, exc_info=ValueError(WORDS))
    first, second = out.getvalue().splitlines()
    assert first.endswith("error   bot.app failed update_id=7")
    assert second == "    ValueError"
