"""What a person wrote, as it is shown among other lines."""

import re

CUT = "…"


def excerpt(text: str, most: int) -> str:
    """Give a text on one line, cut where it is longer, and kept from turning the text around it right to left."""
    line = one_line(text)
    return f"\u2068{line if len(line) <= most else line[: most - len(CUT)] + CUT}\u2069"


def is_cut(text: str, most: int) -> bool:
    """Tell whether an excerpt of a text leaves something out."""
    return len(one_line(text)) > most


def one_line(text: str) -> str:
    """Give a text with every run of space as a single one."""
    return re.sub(r"\s+", " ", text).strip()
