"""The stand-in's one exception: a call that Telegram would refuse."""


class Refused(Exception):
    """A refusal as Telegram words it: error code, description and, for 429, the seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, object]:
        """Give the JSON answer."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad_request(text: str) -> Refused:
    """Give a 400 with Telegram's usual beginning."""
    return Refused(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refused:
    """Give a 403 with Telegram's usual beginning."""
    return Refused(403, f"Forbidden: {text}")


def conflict(text: str) -> Refused:
    """Give a 409 with Telegram's usual beginning."""
    return Refused(409, f"Conflict: {text}")


def too_many_requests(seconds: int) -> Refused:
    """Give a 429 that names how long to wait."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", seconds)
