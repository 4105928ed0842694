"""Serves the demo page: plain files of this package, and nothing from anywhere else."""

from importlib.resources import files

from aiohttp import web

TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def serve_page(app: web.Application) -> None:
    """Add the page to a server that has not started yet."""
    app.router.add_get("/", _front)
    app.router.add_get(r"/page/{name:[a-z]+\.[a-z]+}", _file)


async def _front(_request: web.Request) -> web.Response:
    return _packaged("index.html")


async def _file(request: web.Request) -> web.Response:
    return _packaged(request.match_info["name"])


def _packaged(name: str) -> web.Response:
    path = files("bot.demo") / "page" / name
    kind = TYPES.get(name.rpartition(".")[2])
    if kind is None or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(text=path.read_text("utf-8"), content_type=kind, charset="utf-8", headers=HEADERS)
