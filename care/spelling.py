"""A message as plain words: without case, accents, look-alikes, spaced-out letters, leetspeak or misspellings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from care.phrases import JOIN, NUMBER, OTHER, PAUSE, STOP

_UNSEEN = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
)
_LOOK_ALIKE = str.maketrans("асеорхуікѕјԁһ\u2019\u2018\u02bc\u00b4`", "aceopxyiksjdh'''''")
_SPACED = re.compile(r"(?<![^\W_])(?:[a-z](?:[._*/+\-]{1,2}|[^\S\n]{1,3})){2,}[a-z](?![^\W_])")
_WIDE = re.compile(r"[^\S\n]{2,}")
_BROKEN = re.compile(r"(?<=[a-z0-9])(?:n't|'(?:m|re|ve|s|ll|d|t))(?![a-z])")
_MARKS = re.compile(r"[$@]?[^\W_]+(?:[!|@$*+#][^\W_]+)*|\.{2,}|[.?!;]|,|[\n:\u2026\u2013\u2014]")
_DIGITS = str.maketrans("013457@$!|+", "oieastasiit")
_AS_L = str.maketrans("1!|", "lll")
_HIDDEN = re.compile(r"[*#]")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_ANY_RUN = re.compile(r"(.)\1+")
_MISSPELLED = range(5, 20)
_SAFE_TO_GUESS = 6
_RUN_TOGETHER = range(7, 60)


def plain(text: str) -> str:
    """Give a text in small letters without accents, invisible characters, look-alikes and spaced-out letters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    small = text.casefold()
    if not small.isascii():
        small = _UNSEEN.sub("", small).translate(_LOOK_ALIKE)
    return _BROKEN.sub(lambda found: found[0].replace("'", ""), small)


class Speller:
    """Gives every word of a message the letter of the word that it is, or most likely was meant to be."""

    def __init__(self, letters: dict[str, str], often_misspelled: Iterable[str], ordinary: Iterable[str]) -> None:
        self._words = {word: letter for word, letter in letters.items() if not word.endswith("*")}
        self._beginnings = {word[:-1]: letter for word, letter in letters.items() if word.endswith("*")}
        self._lengths = sorted({len(word) for word in self._beginnings}, reverse=True)
        self._keys = {key: letter for key in often_misspelled if (letter := self._exact(key))}
        self._without = _index((near, key) for key in self._keys for near in (key, *_one_missing(key)))
        self._squeezed = {_ANY_RUN.sub(r"\1", key): letter for key, letter in self._words.items()}
        self._ordinary = frozenset(ordinary)
        self._longest = max(map(len, self._words), default=0)

    def spell(self, text: str) -> str:
        """Give one letter for every word and break of a text, with a break before and after all of them."""
        spaced = _SPACED.sub(self._close_up, plain(text))
        return STOP + "".join(self._letter(mark) for mark in _MARKS.findall(spaced)) + STOP

    def _letter(self, mark: str) -> str:
        if letter := self._words.get(mark):
            return letter
        if not mark[-1].isalnum():
            return PAUSE if mark == "," else STOP if mark in ".?!;" else JOIN
        if mark.isdigit():
            return NUMBER
        stretched = self._stretched(mark) if _LONG_RUN.search(mark) else ""
        return stretched or self._exact(mark) or self._meant(mark) or self._apart(mark)

    def _exact(self, word: str) -> str:
        """Give the letter of a word, or of the longest beginning that it has; "" for none."""
        if letter := self._words.get(word):
            return letter
        for length in self._lengths:
            if letter := self._beginnings.get(word[:length]):
                return letter
        return ""

    def _meant(self, word: str) -> str:
        """Give the letter of the word that somebody hid or misspelled; "" for none."""
        if word in self._ordinary:
            return ""
        if not word.isalpha():
            return self._disguised(word)
        return self._misspelled(word) if len(word) in _MISSPELLED else ""

    def _disguised(self, word: str) -> str:
        for table in (_DIGITS, _AS_L):
            if letter := self._exact(word.translate(table).translate(_DIGITS)):
                return letter
        if not _HIDDEN.search(word):
            return ""
        return next((letter for key, letter in self._keys.items() if _may_be(word, key)), "")

    def _stretched(self, word: str) -> str:
        for times in (r"\1", r"\1\1"):
            if letter := self._exact(_LONG_RUN.sub(times, word)):
                return letter
        return self._squeezed.get(_ANY_RUN.sub(r"\1", word), "")

    def _misspelled(self, word: str) -> str:
        for shorter in (word, *_one_missing(word)):
            for key in self._without.get(shorter, ()):
                if len(key) >= _SAFE_TO_GUESS and key[0] == word[0] and is_one_slip(word, key):
                    return self._keys[key]
        return ""

    def _apart(self, word: str) -> str:
        """Give the letters of words that were run together; else what stands around apostrophes and signs."""
        if len(word) in _RUN_TOGETHER and word.isalpha() and word not in self._ordinary:
            return "".join(self._words[part] for part in self._run_together(word)) or OTHER
        if word.isalnum():
            return OTHER
        return "".join(self._exact(part) or OTHER for part in re.findall(r"[a-z0-9]+", word)) or OTHER

    def _run_together(self, word: str) -> list[str]:
        """Cut a word into known ones if a key is among them, and not by chance: "segunda" hides no gun."""
        parts = self._parts(word)
        keys = [part for part in parts if part in self._keys]
        return parts if keys and (len(parts) > 2 or max(map(len, keys)) > 3) else []  # noqa: PLR2004

    def _close_up(self, found: re.Match[str]) -> str:
        """Give spaced-out letters as the words they make; as they were when they make none."""
        runs = [re.sub(r"[^a-z]", "", run) for run in _WIDE.split(found[0])]
        words = [part for run in runs for part in (self._parts(run) if len(run) < _RUN_TOGETHER.stop else ())]
        made = sum(map(len, words)) == sum(map(len, runs)) and any(len(word) > 2 for word in words)  # noqa: PLR2004
        return " ".join(words) if made else found[0]

    def _parts(self, run: str) -> list[str]:
        """Cut a run of letters into known words, as few as can be; [] when it cannot be done."""
        best: list[list[str] | None] = [[]] + [None] * len(run)
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - self._longest), end):
                before, word = best[start], run[start:end]
                if before is None or word not in self._words or (len(word) == 1 and word != "i"):
                    continue
                if best[end] is None or len(before) + 1 < len(best[end] or ()):
                    best[end] = [*before, word]
        return best[-1] or []


def is_one_slip(word: str, key: str) -> bool:
    """Tell whether a word is another with one letter wrong, missing, too many, or two swapped."""
    if abs(len(word) - len(key)) > 1:
        return False
    start = next(
        (at for at, (one, two) in enumerate(zip(word, key, strict=False)) if one != two), min(len(word), len(key))
    )
    rest, meant = word[start:], key[start:]
    swapped = rest[1::-1] + rest[2:] if len(rest) > 1 else rest
    return meant in (rest[1:], swapped) or meant[1:] in (rest, rest[1:])


def _may_be(word: str, key: str) -> bool:
    return len(word) == len(key) and all(seen == meant or seen in "*#" for seen, meant in zip(word, key, strict=True))


def _one_missing(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for shorter, key in pairs:
        index[shorter] = (*index.get(shorter, ()), key)
    return index
