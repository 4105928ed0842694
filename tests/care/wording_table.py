"""How much of what people write is recognised: `python -m tests.care.wording_table` prints it."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from care.wording import LANGUAGES, Level, read

SETS = ("develop", "held", "fresh")
LABELS = ("explicit", "indirect", "ordinary")
ALL = "all"
_FOLDER = Path(__file__).parent / "wording_sentences"


@dataclass(frozen=True)
class Row:
    """The sentences of one set, language and label, and how many were read as each level."""

    name: str
    language: str
    label: str
    levels: Counter[Level]

    @property
    def size(self) -> int:
        return self.levels.total()

    @property
    def full(self) -> float:
        return self.levels[Level.FULL] / self.size

    @property
    def soft(self) -> float:
        return self.levels[Level.SOFT] / self.size

    @property
    def noticed(self) -> float:
        return self.full + self.soft


@cache
def sentences(language: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))


@cache
def row(name: str, language: str, label: str) -> Row:
    """Give the counts of one set and label in one language, or in all of them."""
    if language == ALL:
        return Row(name, ALL, label, sum((row(name, code, label).levels for code in LANGUAGES), Counter()))
    return Row(name, language, label, Counter(read(text).level for text in sentences(language)[name][label]))


def table() -> Iterator[str]:
    yield "| set | language | sentences | n | card | quiet line | nothing |"
    yield "|---|---|---|---:|---:|---:|---:|"
    for name in SETS:
        for label in LABELS:
            for language in (*LANGUAGES, ALL):
                one = row(name, language, label)
                shares = " | ".join(f"{share:.0%}" for share in (one.full, one.soft, 1 - one.noticed))
                yield f"| {name} | {language} | {label} | {one.size} | {shares} |"


if __name__ == "__main__":
    print("\n".join(table()))
