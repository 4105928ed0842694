"""The methods by which the bot gets its updates."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

from bot.demo.refused import bad_request, too_many_requests
from bot.demo.updates import BY_WEBHOOK
from bot.demo.world import Call, World

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ONCE_A_SECOND = 1.0


async def get_updates(world: World, call: Call) -> list[dict[str, Any]]:
    """Carry out getUpdates."""
    params = call.params
    if "allowed_updates" in params:
        world.updates.allowed = params["allowed_updates"]
    return await world.updates.poll(params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))


def set_webhook(world: World, call: Call) -> bool:
    """Carry out setWebhook: not more than once a second; https, or http to this machine."""
    now = time.monotonic()
    if now - world.webhook.set_at < ONCE_A_SECOND:
        raise too_many_requests(1)
    url, secret = call.params["url"], call.params.get("secret_token", "")
    parts = urlsplit(url)
    if url and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    world.webhook.set_at = now
    _store(world, call, url, secret)
    return True


def _store(world: World, call: Call, url: str, secret: str) -> None:
    world.webhook.secret = secret
    world.webhook.connections = call.params.get("max_connections", 40)
    world.updates.webhook_url = url
    if "allowed_updates" in call.params:
        world.updates.allowed = call.params["allowed_updates"]
    if call.params.get("drop_pending_updates"):
        world.updates.drop_all()
    if url:
        world.updates.end_waiting(BY_WEBHOOK)
    world.webhook.changed.set()


def delete_webhook(world: World, call: Call) -> bool:
    """Carry out deleteWebhook."""
    _store(world, call, "", "")
    return True


def get_webhook_info(world: World, call: Call) -> dict[str, Any]:
    """Carry out getWebhookInfo."""
    updates = world.updates
    info: dict[str, Any] = {
        "url": updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if updates.webhook_url:
        info["max_connections"] = world.webhook.connections
    if world.webhook.last_error:
        info |= {"last_error_date": int(world.clock().timestamp()), "last_error_message": world.webhook.last_error}
    return info | ({"allowed_updates": updates.allowed} if updates.allowed else {})
