"""The smallest Bot API there can be: it answers what a test tells it to, and keeps what it was asked."""

import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "123456789:" + "A" * 35
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def yes(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True, "result": True})


def refuse(status: int, description: str, **parameters: Any) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
        return web.json_response(body, status=status)

    return answer


def _file(field: web.FileField) -> tuple[str, str, bytes]:
    return field.filename, field.content_type, field.file.read()


@asynccontextmanager
async def serving(answer: Answer = yes):
    """Serve on a free port; gives the address and the list of bodies received."""
    received: list[Any] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.content_type == "application/json":
            received.append(json.loads(await request.read()))
        else:
            form = await request.post()
            received.append({name: field if isinstance(field, str) else _file(field) for name, field in form.items()})
        return await answer(request)

    app = web.Application()
    app.router.add_post("/{path:.*}", handle)
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", received
    finally:
        await runner.cleanup()
