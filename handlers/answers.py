"""An answer in words: the label that was tapped, or all of them where many may be."""

from care.questions import question_named
from handlers.words import Words


def answer_words(words: Words, code: str, value: int) -> str:
    """Give the words of an answer's value to a question."""
    question = question_named(code)
    chosen = question.chosen(value) if question else (value,)
    return ", ".join(words(f"option-{code}-{one}") for one in chosen)
