"""What people do becomes updates here; also where deliveries go wrong on request."""

from dataclasses import dataclass
from typing import Any

from bot.demo.world import PressMade, Room, World


@dataclass(slots=True)
class Deliveries:
    """Puts updates into the queue; the counters say how many of the next ones go wrong, and how."""

    world: World
    twice: int = 0
    presses_again: int = 0
    payloads_lost: int = 0

    def deliver(self, kind: str, content: Any) -> int | None:
        """Queue an update and give its id."""
        again = 1 if self.twice else 0
        self.twice = max(self.twice - 1, 0)
        return self.world.updates.push(kind, content, again)

    def press_again(self, content: dict[str, Any], made: PressMade) -> None:
        """Send a press once more under a new id, as a client does that reconnects, when that was asked for."""
        if self.presses_again:
            self.presses_again -= 1
            self.deliver("callback_query", content | {"id": self.world.new_press(made)})

    def take_lost_payload(self) -> bool:
        """Tell whether this start loses its payload."""
        lost = self.payloads_lost > 0
        self.payloads_lost = max(self.payloads_lost - 1, 0)
        return lost

    def membership(self, room: Room, by: dict[str, Any], before: str, after: str) -> None:
        """Tell the bot that its own place in a chat changed."""
        content = {
            "chat": room.chat,
            "from": by,
            "date": int(self.world.clock().timestamp()),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }
        self.deliver("my_chat_member", content)

    def _member(self, status: str) -> dict[str, Any]:
        member = {"status": status, "user": self.world.bot}
        return member | ({"until_date": 0} if status == "kicked" else {})
