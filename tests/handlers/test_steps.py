"""Small steps in the chat: the lines, the two buttons, and presses that are late, doubled, forged or another's."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from sqlmodel import Session

from care.steps import steps
from handlers import routes
from handlers.press import unpack
from handlers.steps import lines, pressed, row
from handlers.words import Words, languages
from storage import checkins
from storage import steps as shown_steps
from tests.handlers.harness import ANA, CLEO, Chatroom, Phone

LARGEST = 2**62 - 1


@dataclass
class Under:
    """A card of Ana's with a step under it."""

    room: Chatroom
    check_in_id: int

    async def verdicts(self) -> list[str | None]:
        found = await self.room.database.read(shown_steps.shown, ANA)
        return [one.verdict for one in found]


@pytest_asyncio.fixture
async def under(room: Chatroom, ana: Phone, monkeypatch: pytest.MonkeyPatch) -> Under:
    """Ana was shown care3 under today's check-in."""
    monkeypatch.setitem(routes.PRESSES, "sp", pressed)
    now = room.clock()

    def show(session: Session) -> int:
        card = checkins.open_today(session, ANA, now)
        assert card is not None
        shown_steps.note(session, card.patient.id, card.check_in.id, "care3", now)
        return card.check_in.id

    return Under(room, await room.database.write(show))


@pytest.fixture
def notices(room: Chatroom) -> Callable[[], list[str]]:
    """The short notices that answered presses, oldest first."""
    return lambda: [params.get("text", "") for params in room.telegram.said("answerCallbackQuery")]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("code", sorted(steps()))
def test_every_step_has_its_words_and_its_buttons_can_be_carried(language: str, code: str) -> None:
    words, step = Words(language), steps()[code]
    assert lines(words, step).splitlines() == [words("step-offer"), words(f"step-{code}")]
    buttons = row(words, LARGEST, step)
    assert [unpack(button.data).args for button in buttons] == [
        ("more", str(LARGEST), code),
        ("not", str(LARGEST), code),
    ]
    assert all(len(button.label) <= 14 for button in buttons)


def test_the_lines_read_as_an_offer() -> None:
    assert lines(Words("en"), steps()["people1"]) == (
        "One small idea, if you like:\nText one person you trust. A simple hello is enough."
    )


async def test_a_verdict_is_kept_and_answered_while_the_card_stays_as_it_is(
    room: Chatroom, ana: Phone, under: Under, notices: Callable[[], list[str]]
) -> None:
    before = len(room.telegram.calls)
    await ana.presses(f"1:sp:not:{under.check_in_id}:care3")
    assert await under.verdicts() == ["not"]
    assert notices() == ["I will not show this again."]
    assert [name for name, _ in room.telegram.calls[before:]] == ["answerCallbackQuery"]


async def test_a_mind_can_be_changed_and_a_press_doubled(
    ana: Phone, under: Under, notices: Callable[[], list[str]]
) -> None:
    await ana.presses(f"1:sp:not:{under.check_in_id}:care3")
    await ana.presses(f"1:sp:more:{under.check_in_id}:care3")
    await ana.again()
    assert await under.verdicts() == ["more"]
    assert notices()[1:] == ["Thanks. I will show more like this."] * 2


@pytest.mark.parametrize(
    "data",
    [
        "1:sp",
        "1:sp:more",
        "1:sp:more:{card}",
        "1:sp:more:x:care3",
        "1:sp:more:{card}:care99",
        "1:sp:love:{card}:care3",
        "1:sp:more:4711:care3",  # no such card
        "1:sp:more:{card}:care5",  # another step than was shown there
    ],
)
async def test_a_forged_press_changes_nothing(
    ana: Phone, under: Under, notices: Callable[[], list[str]], data: str
) -> None:
    await ana.presses(data.format(card=under.check_in_id))
    assert await under.verdicts() == [None]
    assert notices() == [Words("en")("press-not-found")]


@pytest.mark.parametrize("somebody", [CLEO, 4711])
async def test_what_others_press_is_never_said_of_anas_step(
    room: Chatroom, cleo: Phone, under: Under, notices: Callable[[], list[str]], somebody: int
) -> None:
    await room.phone(somebody, "Other").presses(f"1:sp:not:{under.check_in_id}:care3")
    assert await under.verdicts() == [None]
    assert notices() == [Words("en")("press-not-found")]
