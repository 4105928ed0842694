"""Phrases as a clinician writes them, turned into patterns over the words of a message.

A word stands for itself and word* for every word that begins so; # is any number. (a|b c) is a choice, [a] may be
missing, ... leaves room for a few words of the same clause, <name> is a list of the file's [words], ^ and $ are where a
clause begins and ends. {a} marks what of an idiom is taken out; without it all of it is.

Every word of a phrase has one letter in an alphabet of our own, so that patterns run over one letter a word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from care.errors import BadWording

STOP, PAUSE, JOIN, OTHER, NUMBER = ".", ",", "~", "x", "0"
"""The letters of the end of a sentence, a comma, a line's end, a word that no phrase knows, and a number."""

_FIRST_LETTER, _LETTERS = 0xE000, 6400
_ROOM = 4
_FILLERS = 2
_BREAKS = STOP + PAUSE + JOIN
_EDGE = f"[{_BREAKS}]"
_MARKS = re.compile(r"\.\.\.|[()\[\]{}|^$#]|[a-z0-9]+\*?|<[a-z-]+>|\s+|.")
_OPENS = {"(": ")", "[": "]", "{": "}"}
_PLACES = {"^": f"(?<={_EDGE})", "$": f"(?={_EDGE})"}
_WORD = re.compile(r"[a-z0-9]+\*?")


@dataclass(slots=True)
class Alphabet:
    """Gives every word of the phrases its letter; word* has one too, for the words that no phrase spells out."""

    letters: dict[str, str] = field(default_factory=dict)

    def add(self, words: Iterable[str]) -> None:
        """Give letters to words that have none."""
        for word in words:
            self.letters.setdefault(word, chr(_FIRST_LETTER + len(self.letters)))
        if len(self.letters) > _LETTERS:
            raise BadWording("more words than the alphabet has letters")

    def of(self, word: str) -> frozenset[str]:
        """Give the letters that a word of a phrase stands for; word* stands for many."""
        if word == "#":
            return frozenset(NUMBER)
        if not word.endswith("*"):
            return frozenset(self.letters[word])
        return frozenset(letter for known, letter in self.letters.items() if known.startswith(word[:-1]))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern, and letters one of which every match has; none where it may match without any."""

    pattern: str
    needs: frozenset[str] = frozenset()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """What compiling a phrase takes; fillers may stand between any two words, denying words in no gap."""

    alphabet: Alphabet
    lists: Mapping[str, Sequence[str]]
    fillers: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    denying: frozenset[str] = frozenset()

    @property
    def gap(self) -> str:
        """Give the pattern of ... : no "not" stands in it, for "I want not to die" is no "I want to die"."""
        return f"[^{_BREAKS}{''.join(sorted(self.denying))}]{{0,{_ROOM}}}?"

    def compile(self, phrase: str) -> Piece:
        """Turn a phrase into a pattern; raises BadWording with the phrase."""
        marks = [mark for mark in _MARKS.findall(spell_out(phrase, self.lists)) if not mark.isspace()]
        try:
            piece = self._choice(iter([*marks, ")"]), ")")
        except (StopIteration, KeyError) as error:
            raise BadWording(f"cannot read the phrase {phrase!r}") from error
        if not piece.needs:
            raise BadWording(f"the phrase {phrase!r} would fit anything")
        return piece

    def _choice(self, marks: Iterator[str], closing: str) -> Piece:
        branches: list[list[Piece]] = [[]]
        while (mark := next(marks)) != closing:
            if mark == "|":
                branches.append([])
            else:
                branches[-1].append(self._piece(mark, marks))
        parts = [self._row(branch) for branch in branches]
        needs = frozenset().union(*(part.needs for part in parts)) if all(part.needs for part in parts) else frozenset()
        return Piece("(?:" + "|".join(part.pattern for part in parts) + ")", needs)

    def _piece(self, mark: str, marks: Iterator[str]) -> Piece:
        if mark in _OPENS:
            inner = self._choice(marks, _OPENS[mark])
            if mark == "[":
                return Piece(inner.pattern, optional=True)
            return inner if mark == "(" else Piece(f"({inner.pattern})", inner.needs)
        if mark == "...":
            return Piece(self.gap)
        if mark in _PLACES:
            return Piece(_PLACES[mark])
        letters = self.alphabet.of(mark)
        return Piece(one_of(letters), letters)

    def _row(self, pieces: Sequence[Piece]) -> Piece:
        between = f"{one_of(self.fillers | {JOIN})}{{0,{_FILLERS}}}"
        pattern, gap = "", self.gap
        for before, piece in zip([None, *pieces], pieces, strict=False):
            at_gap = before is None or gap in (before.pattern, piece.pattern)
            tied = piece.pattern if at_gap else between + piece.pattern
            pattern += f"(?:{tied})?" if piece.optional else tied
        needed = [piece.needs for piece in pieces if piece.needs]
        return Piece(pattern, min(needed, key=self._how_common, default=frozenset()))

    def _how_common(self, letters: frozenset[str]) -> tuple[int, int]:
        return len(letters & self.common), len(letters)


def spell_out(phrase: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Write the lists of a phrase into it; raises BadWording where there is no such list or it names itself."""
    for _ in range(8):
        names = re.findall(r"<([a-z-]+)>", phrase)
        if not names:
            return phrase
        if missing := [name for name in names if name not in lists]:
            raise BadWording(f"no list is called {missing[0]!r}")
        phrase = re.sub(r"<([a-z-]+)>", lambda found: "(" + "|".join(lists[found[1]]) + ")", phrase)
    raise BadWording("a list names itself")


def words_of(phrases: Iterable[str]) -> list[str]:
    """List the words and beginnings of words that stand in phrases."""
    return [word for phrase in phrases for word in _WORD.findall(re.sub(r"<[a-z-]+>", " ", phrase))]


def one_of(letters: Iterable[str]) -> str:
    """Write a choice of letters, neighbours as a range: the fillers stand in every pattern, and must compile fast."""
    runs: list[list[int]] = []
    for code in sorted(map(ord, letters)):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "[" + "".join(chr(start) if start == end else f"{chr(start)}-{chr(end)}" for start, end in runs) + "]"
