"""Ana and Ben linked without the taps: what the tests of both sides begin with."""

from care.sharing import Link, Scope, new_code
from storage import support, supporting
from tests.handlers.harness import ANA, BEN, Chatroom, Phone

ALL = frozenset(Scope)
CODE = new_code(bytes(range(13)))


async def invite(
    room: Chatroom, *, scopes: frozenset[Scope] = ALL, code: str = CODE, bound: int | None = None, of: int = ANA
) -> int:
    """Issue an invitation of Ana's under her name, and give its number."""
    write, now = room.database.write, room.clock()
    await write(support.name_me, of, "Ana" if of == ANA else "Cleo")
    draft = await write(support.draft, of, now, bound_chat_id=bound, name="Ben")
    assert draft
    await write(support.set_scopes, of, draft.id, scopes)
    assert await write(support.issue, of, draft.id, code, now)
    return draft.id


async def link(
    room: Chatroom, ben: Phone, *, scopes: frozenset[Scope] = ALL, code: str = CODE, of: int = ANA, zone: str = ""
) -> Link:
    """Link Ben with Ana, confirmed, and hand out what that brings."""
    await invite(room, scopes=scopes, code=code, of=of)
    write, now = room.database.write, room.clock()
    made = await write(supporting.accept, ben.user_id, code, ben.name, "en", now)
    assert made
    if zone:
        await write(supporting.set_zone, ben.user_id, zone)
    confirmed = await write(support.confirm, of, made.id, now)
    assert confirmed
    await room.drain()
    return confirmed


def ben_of(room: Chatroom) -> Phone:
    """Give Ben's phone."""
    return room.phone(BEN, "Ben")
