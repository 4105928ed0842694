"""Log lines without words and without tokens: ids, types, file and line, never what somebody wrote."""

import logging
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

TOKEN = re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{30,}")
HIDDEN = "[hidden]"
OURS = ("bot", "handlers", "storage", "care")
_QUIET = {
    "telegram": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,
    "alembic": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    # At WARNING it complains every two seconds while one long drain runs, which is as it should be.
    "apscheduler": logging.ERROR,
}
_MOST_FRAMES = 12

EventDict = MutableMapping[str, Any]


def configure(level: str = "info", style: str = "", secrets: Iterable[str] = ()) -> None:
    """Send every log line of the process to standard output; style is text or json, "" chooses by the terminal."""
    text = style == "text" or (not style and sys.stdout.isatty())
    hide = _Hide(secrets)
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _stack_without_words,
        hide,
    ]
    renderer: Any = _as_text if text else structlog.processors.JSONRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(_without_foreign_words)
    handler.setFormatter(formatter)
    # A line that cannot be written must not be printed elsewhere, unredacted, with its arguments.
    logging.raiseExceptions = False
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name, floor in _QUIET.items():
        logging.getLogger(name).setLevel(floor)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def report_loop_failure(_loop: object, context: Mapping[str, Any]) -> None:
    """Log what asyncio would print: the type and the place, for its own text quotes the exception's words."""
    log = structlog.get_logger("bot.loop")
    log.error("unhandled_in_loop", about=sorted(context), exc_info=context.get("exception"))


def where(error: BaseException) -> list[str]:
    """List an exception's type and frames, then its cause's, without any message: messages quote people."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines += [type(current).__name__, *_frames(current.__traceback__)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        short = "/".join(code.co_filename.replace("\\", "/").split("/")[-2:])
        frames.append(f"{short}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-_MOST_FRAMES:]


def _without_foreign_words(record: logging.LogRecord) -> bool:
    """Keep of a library's line its template alone: what it fills in can be a whole update."""
    if record.name.partition(".")[0] not in OURS and record.args:
        record.msg, record.args = str(record.msg), None
    if record.name == "asyncio":
        record.msg = str(record.msg).partition("\n")[0]
    return True


def _stack_without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["failure"] = where(error)
    event.pop("stack_info", None)
    return event


class _Hide:
    """Replaces every token, and each given secret literally, wherever it stands in an event."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def __call__(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if isinstance(value, (int, float)) or value is None:
            return value
        if isinstance(value, (list, tuple)):
            return [self._clean(item) for item in value]
        text = value if isinstance(value, str) else str(value)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return TOKEN.sub(HIDDEN, text)


def _as_text(_logger: object, _method: str, event: EventDict) -> str:
    moment, level = event.pop("timestamp", ""), event.pop("level", "")
    logger, message = event.pop("logger", ""), event.pop("event", "")
    failure = "".join(f"\n    {line}" for line in event.pop("failure", ()))
    rest = " ".join(f"{key}={value}" for key, value in event.items())
    return f"{moment} {level:<7} {logger} {message} {rest}".rstrip() + failure
