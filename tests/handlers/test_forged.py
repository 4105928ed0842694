"""Cleo forges: presses with anybody's numbers, codes near real ones, replies, edits. She finds nothing of Ana's.

What Ana's phone was ever shown is replayed from Cleo's, as it was and changed in places; her messages' numbers are
edited and replied to. Afterwards every row that was there before Cleo came is as it was.
"""

import ast
import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlmodel import Session

import handlers
from care.sharing import SCOPES, new_code, spelt
from handlers import invitations, routes
from handlers.press import VERSION
from handlers.reports import chart
from storage import patients, support, supporting
from storage.database import Database
from storage.tables import Row
from tests.clocks import StillClock
from tests.faults.counts import either
from tests.handlers.harness import ANA, BEN, CLEO, START, Chatroom, Phone, settle_in
from tests.storage.lives import SECRETS, live

ROLES = {
    role: either(times // 4, times)
    for role, times in {"a patient": 12_000, "a support person": 4_000, "a stranger": 4_000}.items()
}
"""How often Cleo attacks, by what she is to the bot herself. On PostgreSQL a tenth."""
ALIKE = 1_500
STRANGER, DORA = 1009, 1004
_TABLES = Row.metadata.sorted_tables
_BECOME_EVERY = 150
Rows = dict[tuple[Any, ...], tuple[Any, ...]]


class Direct:
    """A database of one open transaction, without threads and commits: the attacks are many."""

    def __init__(self, session: Session) -> None:
        session.info["connection"] = session.connection()
        self.session = session

    async def write(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(self.session, *args, **kwargs)

    read = write


def snapshot(session: Session) -> Rows:
    """Give every row of every table by table and primary key."""
    found: Rows = {}
    for table in _TABLES:
        keys = [table.columns.keys().index(column.name) for column in table.primary_key]
        for row in session.connection().execute(select(table)):
            found[(table.name, *(row[n] for n in keys))] = tuple(row)
    return found


def words_of_the_code() -> list[str]:
    """Collect every short word that stands in handlers: what buttons carry is among them."""
    nodes = (
        node for file in Path(handlers.__file__).parent.glob("*.py") for node in ast.walk(ast.parse(file.read_text()))
    )
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return sorted(text for text in texts if re.fullmatch(r"[A-Za-z0-9_-]{1,14}", text))


class World:
    """Ana with a rich life, Ben who supports her, and the room in which Cleo attacks."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.room = Chatroom(cast(Database, Direct(session)), StillClock(START))
        self.codes: list[str] = []
        self.shown: list[str] = []
        self.numbers: list[int] = []

    async def furnish(self) -> None:
        live(self.session, ANA, BEN, days=6, now=START)
        draft = support.draft(self.session, ANA, START, bound_chat_id=DORA, name="Benedikt")
        assert draft is not None
        support.set_scopes(self.session, ANA, draft.id, SCOPES)
        self.codes = [new_code(bytes(range(90, 103))), new_code(bytes(range(ANA % 200, ANA % 200 + 13)))]
        support.issue(self.session, ANA, draft.id, self.codes[0], START)
        await self._look_around(self.room.phone(ANA, "Anastasia"))
        self.numbers = [key[1] for key in snapshot(self.session) if len(key) == 2 and isinstance(key[1], int)]

    async def _look_around(self, ana: Phone) -> None:
        """Open everything that Ana can open, and keep what every button carried."""
        for command in routes.COMMANDS:
            await ana.writes(f"/{command}")
        for data in list(dict.fromkeys(self._buttons(ANA))):
            if not data.startswith((f"{VERSION}:de", f"{VERSION}:pa", f"{VERSION}:sh:stop")):
                await ana.presses(data)
        self.shown = sorted(set(self._buttons(ANA)))

    def _buttons(self, chat_id: int) -> Iterator[str]:
        for _, params in self.room.telegram.calls:
            markup = params.get("reply_markup") if params.get("chat_id") == chat_id else None
            for row in (markup or {}).get("inline_keyboard", []):
                yield from (button["callback_data"] for button in row if "callback_data" in button)


class Attacker:
    """Cleo's hand-made client. The same seed forges the same."""

    def __init__(self, world: World, seed: int) -> None:
        self.luck = random.Random(seed)
        self.world = world
        self.phone = world.room.phone(CLEO, "Cleo")
        self.words = words_of_the_code()
        self.verbs = sorted(routes.PRESSES)
        self.shown, self.numbers, self.codes = world.shown, world.numbers, world.codes

    async def attack(self, *, knows_codes: bool = True) -> None:
        self.world.room.clock.advance(timedelta(seconds=self.luck.randrange(400)))
        kind = self.luck.random()
        if kind < 0.45:
            await self.phone.presses(self._changed(self.luck.choice(self.shown)), self._message())
        elif kind < 0.78:
            await self.phone.presses(self._made_up(), self._message())
        elif kind < 0.86:
            await self.phone.writes(self._code(knows_codes=knows_codes))
        elif kind < 0.92:
            await self.phone.edits(self._message(), self.luck.choice(self.words))
        elif kind < 0.96:
            await self._replies()
        elif kind < 0.98:
            await self.phone.sends(users_shared={"request_id": 1, "users": [{"user_id": self._somebody()}]})
        else:
            await self.phone.writes("/" + self.luck.choice(sorted(routes.COMMANDS)))

    def _changed(self, data: str) -> str:
        """Give a button of Ana's, as it was or with some of its parts changed."""
        parts = data.split(":")
        for _ in range(self.luck.choice((0, 0, 1, 2))):
            parts[self.luck.randrange(1, len(parts))] = self._part()
        return ":".join(parts)[:64]

    def _made_up(self) -> str:
        parts = [VERSION, self.luck.choice(self.verbs)]
        parts += [self._part() for _ in range(self.luck.randrange(6))]
        if parts[1] == "in" and self.luck.random() < 0.5:
            parts[2:] = [self.luck.choice(("yes", "no", "report")), self._near(self.luck.choice(self.codes))]
        return ":".join(parts)[:64]

    def _part(self) -> str:
        kinds = (
            lambda: self.luck.choice(self.words),
            lambda: self.luck.choice(self.words),
            lambda: str(self.luck.choice(self.numbers)),
            lambda: str(self.luck.choice(self.numbers)),
            lambda: str(self.luck.randrange(-1, 40)),
            lambda: str(self._somebody()),
            lambda: str(2 ** self.luck.randrange(70)),
        )
        return self.luck.choice(kinds)()

    def _message(self) -> int:
        return self.luck.choice((self.luck.choice(self.numbers), self.luck.randrange(1, 400), 10_000, 30_001))

    def _code(self, *, knows_codes: bool) -> str:
        code = self.luck.choice(self.codes)
        near = code if knows_codes and self.luck.random() < 0.1 else self._near(code)
        typed = self.luck.choice((near, near.lower(), spelt(near), f"/start {near}"))
        return typed if near != "" else "0"

    def _near(self, code: str) -> str:
        """Give a code that differs from a real one in one letter, in its order, or in its length."""
        place, letter = self.luck.randrange(len(code)), self.luck.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        other = code[:place] + letter + code[place + 1 :]
        near = self.luck.choice((other, code[1:] + code[0], code[:-1], code + letter))
        return near if near != code else code[::-1]

    async def _replies(self) -> None:
        number = self._message()
        there = {"message_id": number, "date": 0, "chat": {"id": self.phone.user_id, "type": "private"}, "text": "x"}
        await self.phone.sends(text=self.luck.choice(self.words), reply_to_message=there)

    def _somebody(self) -> int:
        return self.luck.choice((ANA, BEN, CLEO, DORA, STRANGER))


def leaks(world: World, own: int) -> list[str]:
    """List what the bot sent that holds words of Ana's, or went to somebody else; the calls are forgotten."""
    found = []
    for name, params in world.room.telegram.calls:
        chat = params.get("chat_id", params.get("scope", {}).get("chat_id", own))
        text = json.dumps(params, ensure_ascii=False)
        if chat != own or any(secret in text for secret in SECRETS):
            found.append(f"{name} to {chat}: {text}")
    world.room.telegram.calls.clear()
    return found


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no pictures: what they show is read elsewhere, and drawing takes a tenth of a second."""

    async def draw(scene: object) -> bytes:
        return b"png"

    monkeypatch.setattr(chart, "draw", draw)


async def become(world: World, phone: Phone, role: str) -> None:
    """Let the attacker be what she is to the bot, again and again, whatever she did to herself."""
    if role != "a stranger":
        await settle_in(phone if role == "a patient" else world.room.phone(DORA, "Dora"))
    if role == "a support person":
        _support_dora(world.session, phone.user_id, world.room.clock())


def _support_dora(session: Session, helper: int, now: datetime) -> None:
    if supporting.supported(session, helper):
        return
    support.name_me(session, DORA, "Dora")
    draft = support.draft(session, DORA, now, bound_chat_id=helper)
    if draft is None:
        return
    support.set_scopes(session, DORA, draft.id, SCOPES)
    code = new_code(now.isoformat().encode())
    support.issue(session, DORA, draft.id, code, now)
    link = supporting.accept(session, helper, code, "Cleo", "en", now)
    if link:
        support.confirm(session, DORA, link.id, now)


@pytest.fixture
def seed() -> int:
    """A seed of each run's own; FORGED_SEED repeats one."""
    return int(os.environ.get("FORGED_SEED", random.SystemRandom().randrange(10**6)))


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", ROLES)
async def test_whatever_cleo_forges_nothing_of_anas_is_shown_or_changed(
    session: Session, backend: str, role: str, seed: int, report: Callable[[str], None]
) -> None:
    world, began = World(session), time.monotonic()
    count = ROLES[role] if backend == "sqlite" else ROLES[role] // 10
    async with world.room:
        await world.furnish()
        before = snapshot(session)
        world.room.telegram.calls.clear()
        attacker = Attacker(world, seed)
        for n in range(count):
            if n % _BECOME_EVERY == 0:
                await become(world, attacker.phone, role)
            await attacker.attack()
            assert leaks(world, attacker.phone.user_id) == [], f"seed {seed}, attack {n}"
            world.room.telegram.chats.clear()
    after = snapshot(session)
    assert {key: row for key, row in after.items() if key in before} == before, f"seed {seed}"
    assert new_rows_of_ana(session, before, after) <= {"wrong_account"}, f"seed {seed}"
    report(f"forged on {backend} by {role}: {count} in {time.monotonic() - began:.0f} s, seed {seed}")


def new_rows_of_ana(session: Session, before: Rows, after: Rows) -> set[str]:
    """Name what was added about Ana: words that she is told somebody else had her invitation; anything else."""
    ana = patients.find(session, ANA)
    assert ana is not None
    found = set()
    for key in after.keys() - before.keys():
        table = Row.metadata.tables[key[0]]
        row = dict(zip(table.columns.keys(), after[key], strict=True))
        if row.get("patient_id") == ana.id or row.get("chat_id") in (ANA, BEN):
            found.add(row["event"].partition("/")[2] if key[0] == "due" else f"a row of {key[0]}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("role", ["a patient", "a stranger"])
async def test_cleo_sees_the_same_whether_ana_is_there_or_not(
    session: Session, role: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of a world with Ana are taken away without a trace in the numbers that come next."""
    world, connection = World(session), session.connection()
    async with world.room:
        await world.furnish()
        telegram, begun = world.room.telegram, (world.room.telegram.last_id, world.room.update_id)
        shown = []
        for with_ana in (True, False):
            connection.exec_driver_sql("SAVEPOINT furnished")
            if not with_ana:
                for table in reversed(_TABLES):
                    connection.execute(table.delete())
            luck = random.Random(seed)
            monkeypatch.setattr(invitations.secrets, "token_bytes", luck.randbytes)
            telegram.last_id, world.room.update_id = begun
            world.room.clock.moment = START
            shown.append(await _seen(world, seed, role))
            connection.exec_driver_sql("ROLLBACK TO furnished")
    for n, (with_ana, without) in enumerate(zip(*shown, strict=True)):
        assert with_ana == without, f"seed {seed}, attack {n}"


async def _seen(world: World, seed: int, role: str) -> list[list[tuple[str, dict[str, Any]]]]:
    """Give what each attack brings to Cleo's phone."""
    attacker, shown = Attacker(world, seed), []
    world.room.telegram.chats.clear()
    for n in range(ALIKE):
        if n % _BECOME_EVERY == 0:
            await become(world, attacker.phone, role)
        world.room.telegram.calls.clear()
        await attacker.attack(knows_codes=False)
        shown.append(list(world.room.telegram.calls))
        world.room.telegram.chats.clear()
    return shown
