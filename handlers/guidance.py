"""What a saved check-in says because of its answers: the lines and buttons of a card, and of having nobody near."""

from dataclasses import dataclass

from care.crisis import country
from care.guidance import Severity, substance_line
from care.sharing import Link
from care.steps import Step
from handlers import steps
from handlers.helplines import emergency_words, line_words
from handlers.screens import Row, button
from handlers.support_screens import call_button
from handlers.words import Words
from storage.guides import Guide


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the answers of a saved check-in. idea is the small step that may be asked for.

    is_opened: the step was asked for. near: the support persons of somebody who said that nobody can check on them.
    """

    guide: Guide | None = None
    idea: Step | None = None
    is_opened: bool = False
    is_alone: bool = False
    near: tuple[Link, ...] = ()
    clinic_phone: str = ""

    @property
    def is_serious(self) -> bool:
        """Tell whether it asks the person to turn to somebody."""
        return self.guide is not None and self.guide.rule.severity is not Severity.BLUE


def lines(words: Words, beside: Beside, place: str | None) -> list[str]:
    """Give the lines under a saved card, in the country where the person is; none where nothing is called for."""
    found = [_card(words, beside.guide, beside.clinic_phone, place)] if beside.guide else []
    if beside.guide and beside.is_opened and beside.idea:
        found.append(steps.lines(words, beside.idea))
    if beside.is_alone:
        found.append(words("guide-alone-ask" if _callable(words, beside) else "guide-alone"))
    return [line for text in found for line in ("", text)]


def rows(words: Words, check_in_id: int, beside: Beside) -> tuple[Row, ...]:
    """Give the buttons under a saved card: the doors of a card that has some, and whom to ask to call."""
    return (*_doors(words, check_in_id, beside), *_callable(words, beside))


def _card(words: Words, guide: Guide, phone: str, place: str | None) -> str:
    where, private = country(place), substance_line(place)
    said = words(
        f"guide-{guide.rule.code}",
        call=words("guide-call-clinic", phone=phone) if phone else words("guide-call-clinic-unknown"),
        clinic=words("guide-clinic", phone=phone) if phone else words("guide-clinic-unknown"),
        emergency=emergency_words(words, where),
        line=line_words(words, where),
        private=words("helpline-call", number=private.number) if private else line_words(words, where),
    )
    head = [words("guide-red")] if guide.rule.severity is Severity.RED else []
    return "\n".join([*head, said, *([words("guide-felt-before")] if guide.felt_before else [])])


def _doors(words: Words, check_in_id: int, beside: Beside) -> tuple[Row, ...]:
    if beside.guide is None or not beside.guide.rule.buttons:
        return ()
    idea = [button(words("guide-steps"), "c", "idea", check_in_id)] if beside.idea and not beside.is_opened else []
    aside = button(words("guide-not-now"), "c", "aside", check_in_id)
    return ((button(words("key-help"), "ur"), *idea, aside),)


def _callable(words: Words, beside: Beside) -> tuple[Row, ...]:
    calls = [call_button(words, link) for link in beside.near]
    return tuple((call,) for call in calls if call is not None)
