"""Reads the body of a call, in the three ways that the Bot API takes one, and writes the answers."""

import json
from typing import Any

from aiohttp import web

from bot.demo.refused import Refused, bad_request
from bot.demo.spec import Upload

LARGEST_BODY = 64 * 1024 * 1024


async def read_params(request: web.Request) -> dict[str, Any]:
    """Give the parameters of a call from its address and its body, JSON, urlencoded or multipart."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        params |= await _from_json(request)
    elif request.body_exists:
        params |= await _from_form(request)
    return params


async def _from_json(request: web.Request) -> dict[str, Any]:
    try:
        found = json.loads(await request.read() or b"{}")
    except ValueError:
        raise bad_request("can't parse request body as JSON object") from None
    if not isinstance(found, dict):
        raise bad_request("can't parse request body as JSON object")
    return found


async def _from_form(request: web.Request) -> dict[str, Any]:
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise bad_request("unsupported content type")
    return {name: _part(value) for name, value in (await request.post()).items()}


def _part(value: str | bytes | bytearray | web.FileField) -> Any:
    if isinstance(value, web.FileField):
        return Upload(value.filename, value.file.read(), value.content_type)
    return value if isinstance(value, str) else Upload("file", bytes(value), "application/octet-stream")


def answer(result: object) -> web.Response:
    """Give the answer to a call that was carried out."""
    return web.Response(body=_json({"ok": True, "result": result}), content_type="application/json")


def refusal(refused: Refused) -> web.Response:
    """Give the answer to a call that was refused."""
    headers = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
    return web.Response(
        body=_json(refused.body()), status=refused.code, headers=headers, content_type="application/json"
    )


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def hang_up(request: web.Request) -> web.Response:
    """Cut the line without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def half_answer(request: web.Request, result: object) -> web.StreamResponse:
    """Send the first half of an answer and cut the line."""
    body = _json({"ok": True, "result": result})
    response = web.StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
