"""The names of standard forms and their sums in words; what a sum means is for the person's care team to say."""

from care.forms import Score
from handlers.words import Words


def form_name(words: Words, set_name: str) -> str:
    """Name a form by its question set, as care teams know it."""
    return words(f"form-name-{set_name}")


def score_words(words: Words, score: Score) -> str:
    """Give a sum out of the most there can be; where items were left out, over how many it goes."""
    if score.is_whole:
        return words("form-points", points=score.points, most=score.most)
    return words("form-points-partly", points=score.points, answered=score.answered, items=score.items)
