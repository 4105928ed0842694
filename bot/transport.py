"""The way out: python-telegram-bot's documented transport, on aiohttp.

The stock transport rescans its whole pool for each request and slows down as requests pile up; this one does not.
The address of a Bot API call holds the token, so no address and no foreign error text leaves this module.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from handlers.errors import LineCut

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
WRITE_SECONDS = 5.0
UPLOAD_SECONDS = 20.0
POOL_SECONDS = 5.0
KEEPALIVE_SECONDS = 30.0
LARGEST_ANSWER = 24 * 1024 * 1024  # a bot may fetch files of 20 MB
_FIRST_ERROR_STATUS = 400
_UNREAD = ("/editMessageText", "/editMessageReplyMarkup", "/answerCallbackQuery")
_OK, _DONE = b'{"ok":true', b'{"ok":true,"result":true}'
_JSON = {"Content-Type": "application/json"}
_NONE = BaseRequest.DEFAULT_NONE


class Transport(BaseRequest):
    """Carries Bot API calls over a pool of kept connections; connections is the most that are open at once."""

    __slots__ = ("_connections", "_proxies", "_session")

    def __init__(self, connections: int = 64) -> None:
        self._connections = connections
        self._proxies: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Give the seconds that an answer may take where the caller does not say."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool; opening it again changes nothing."""
        if self._session is not None:
            return
        self._proxies = getproxies()
        connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEPALIVE_SECONDS)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close the pool and its connections; closing it again changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = _NONE,
        write_timeout: ODVInput[float] = _NONE,
        connect_timeout: ODVInput[float] = _NONE,
        pool_timeout: ODVInput[float] = _NONE,
    ) -> tuple[int, bytes]:
        """Send one request and give status and body; TimedOut or NetworkError when there is no whole answer."""
        if self._session is None:
            raise NetworkError("the transport is closed")
        uploads = request_data is not None and request_data.contains_files
        limits = _timeout(
            _given(read_timeout, READ_SECONDS),
            _given(write_timeout, UPLOAD_SECONDS if uploads else WRITE_SECONDS),
            _given(connect_timeout, CONNECT_SECONDS),
            _given(pool_timeout, POOL_SECONDS),
        )
        answer = await _exchange(self._session, method, url, request_data, limits, _proxy(self._proxies, url))
        # Raised here and not where it was caught: the original error's text and context hold the address.
        if isinstance(answer, NetworkError):
            raise answer
        return answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """Read an answer's JSON; anything else counts as a network failure, and none of it is logged."""
        parsed = _json_object(payload)
        if parsed is None:
            raise LineCut("the answer was no JSON object")
        return parsed


async def _exchange(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    request_data: RequestData | None,
    limits: aiohttp.ClientTimeout,
    proxy: str | None,
) -> tuple[int, bytes] | NetworkError:
    try:
        body = _body(request_data)
        async with session.request(method, url, timeout=limits, allow_redirects=False, proxy=proxy, **body) as response:
            payload = _answer(response.status, await _whole(response))
            return response.status, _DONE if _is_done(url, payload) else payload
    except aiohttp.ConnectionTimeoutError as error:
        return NetworkError(type(error).__name__)
    except TimeoutError:
        return TimedOut()
    except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
        return NetworkError(type(error).__name__)
    except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as error:
        return LineCut(type(error).__name__)


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    """Give the body, unless it has no end: neither an answer nor a file for a bot is ever that long."""
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise ValueError("too long")
    return bytes(body)


def _is_done(url: str, payload: bytes) -> bool:
    """Tell whether an edit or the answer to a press was carried out: nobody reads the message that comes back."""
    return payload.startswith(_OK) and url.endswith(_UNREAD)


def _answer(status: int, payload: bytes) -> bytes:
    """Keep a proxy's or a captive portal's page out of error texts, which quote what they cannot parse."""
    if status >= _FIRST_ERROR_STATUS and _json_object(payload) is None:
        return json.dumps({"ok": False, "description": f"HTTP {status} without a Bot API answer"}).encode()
    return payload


def _json_object(payload: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(payload)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _body(request_data: RequestData | None) -> Mapping[str, Any]:
    if request_data is None:
        return {}
    if request_data.contains_files:
        return {"data": _form(request_data)}
    return {"data": json.dumps(request_data.parameters).encode(), "headers": _JSON}


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form


def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """Bound each step, and the whole as well: a server that drips one byte a second never times out by steps."""
    steps = (read, write, connect, pool)
    total = None if None in steps else sum(step for step in steps if step is not None)
    waits = None if connect is None or pool is None else connect + pool
    return aiohttp.ClientTimeout(total=total, connect=waits, sock_connect=connect, sock_read=read)


def _given(value: ODVInput[float], default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _proxy(proxies: Mapping[str, str], url: str) -> str | None:
    """Give the proxy that the environment names for an address; never one for the machine itself."""
    if not proxies:
        return None
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0].partition(":")[0]
    mine = host == "localhost" or host.startswith("127.")
    return None if mine or proxy_bypass(host) else proxies.get(scheme)
