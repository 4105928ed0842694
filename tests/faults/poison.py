"""Updates that no Telegram would send: real ones with fields missing, of a wrong type, too large or too deep."""

import copy
from random import Random
from typing import Any

NONSENSE: tuple[Any, ...] = (
    *(None, "", [], {}, True, False, 0, -1, 0.5, 10**30, -(10**30), 2**63, "x" * 5000, "\ud800", "\x00", [[]], [None]),
    *({"id": "me"}, {"type": 7}, ["message"], "🙂" * 400),
)
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
UNKNOWN = ("channel_post", "poll", "quantum_state", "", "message_reaction")


def deep(levels: int = 400) -> Any:
    """Give a value that is nested very deep."""
    found: Any = "the bottom"
    for _ in range(levels):
        found = {"reply_to_message": found}
    return found


def shapes(number: int, name: str, text: str) -> dict[str, dict[str, Any]]:
    """Give one whole update of each kind that the bot asks for, from a person of a number and a name."""
    user = {"id": number, "is_bot": False, "first_name": name, "language_code": "en"}
    chat = {"id": number, "type": "private", "first_name": name}
    message = {"message_id": 900_001, "date": 1_790_000_000, "from": user, "chat": chat, "text": text}
    member = {"status": "member", "user": user}
    return {
        "message": message,
        "edited_message": message | {"edit_date": 1_790_000_100},
        "callback_query": {
            "id": "77",
            "from": user,
            "chat_instance": "1",
            "data": "1:a:1:mood:3:0",
            "message": message | {"reply_markup": {"inline_keyboard": [[{"text": text, "callback_data": "1:x"}]]}},
        },
        "my_chat_member": {
            "chat": chat,
            "from": user,
            "date": 1_790_000_000,
            "old_chat_member": member,
            "new_chat_member": member | {"status": "kicked", "until_date": 0},
        },
    }


def spoiled(rng: Random, whole: dict[str, dict[str, Any]]) -> tuple[str, Any]:
    """Give a kind and a content that is wrong somewhere."""
    if rng.random() < 0.1:
        return rng.choice(UNKNOWN), rng.choice(NONSENSE)
    kind = rng.choice(KINDS)
    if rng.random() < 0.1:
        return kind, rng.choice([*NONSENSE, deep()])
    content = copy.deepcopy(whole[kind])
    for _ in range(rng.choice([1, 1, 2, 3])):
        _spoil(rng, content)
    return kind, content


def _spoil(rng: Random, content: dict[str, Any]) -> None:
    """Take a field away, or put nonsense into it, at any depth."""
    place = content
    while True:
        inner = [value for value in place.values() if isinstance(value, dict) and value]
        if not inner or rng.random() < 0.4:
            break
        place = rng.choice(inner)
    if not place:
        return
    name = rng.choice(sorted(place))
    if rng.random() < 0.4:
        del place[name]
    else:
        place[name] = rng.choice([*NONSENSE, deep(50)])
