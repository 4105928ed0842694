"""Whether a text speaks of suicide or self-harm: plainly, perhaps, or not; the phrases are the data of care/wording.

It cannot recognise everybody in danger. It only adds to the help that is always one tap away.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from care.errors import BadWording
from care.phrases import JOIN, OTHER, PAUSE, STOP, Alphabet, Language, words_of
from care.spelling import Speller

LANGUAGES = ("en", "es", "de", "fr", "pt")
"""Every text is read in all of them: people mix, and the language of a phone says little."""

_KINDS = ("idioms", "explicit", "soft")
_LISTS = ("fillers", "common", "often_misspelled", "not_misspelled", "roots", "words")
_WEAKER = ("negation", "denying", "links", "doubt", "past", "present", "others", "elsewhere", "self")
_PROSE = ("id", "note", "reviewed_by", "source", "not_misspelled")
_AT_ONCE = 5
_BREAKS = STOP + PAUSE
_REACH = 40


class Level(StrEnum):
    """How plainly a text speaks: not at all, perhaps (one quiet line), plainly (the card)."""

    NONE = "none"
    SOFT = "soft"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Reading:
    """The level of a text and the id of the phrases that it has; "" for none. Never a word of the text."""

    level: Level
    rule: str = ""


NOTHING = Reading(Level.NONE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One phrase. Nothing weakens a firm one, which carries its own "not"; a shared one is a word of all languages."""

    id: str
    source: str
    firm: bool = False
    shared: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Give the pattern, made when a message first holds the phrase's rarest word: all at once take two seconds."""
        return _pattern(self.source)


_pattern = lru_cache(maxsize=None)(re.compile)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules, and for every letter those that need it."""

    rules: tuple[Rule, ...]
    by_letter: Mapping[str, tuple[int, ...]]

    def that_may_fit(self, spelled: str) -> list[Rule]:
        """List, in the order of the files, the rules whose rarest word is in a spelled text."""
        found = {number for letter in set(spelled) for number in self.by_letter.get(letter, ())}
        return [self.rules[number] for number in sorted(found)]


@dataclass(frozen=True, slots=True)
class Weakening:
    """What one language says when it does not mean the writer now."""

    negation: re.Pattern[str]
    doubt: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    others: re.Pattern[str]
    elsewhere: re.Pattern[str]
    self: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """All five languages, compiled."""

    speller: Speller
    idioms: Rules
    explicit: Rules
    soft: Rules
    weakening: Mapping[str, Weakening]
    roots: Mapping[str, frozenset[str]]
    common: Mapping[str, frozenset[str]]

    def read(self, text: str) -> Reading:
        """Give what a text says; see read."""
        spelled = self._without_idioms(self.speller.spell(text))
        weakened = NOTHING
        for rule in self.explicit.that_may_fit(spelled):
            for found in rule.pattern.finditer(spelled):
                if rule.firm or not self._is_weakened(rule, spelled, found.span()):
                    return Reading(Level.FULL, rule.id)
                weakened = Reading(Level.SOFT, rule.id)
        return weakened if weakened.rule else self._soft(spelled)

    def _without_idioms(self, spelled: str) -> str:
        for rule in self.idioms.that_may_fit(spelled):
            spelled = rule.pattern.sub(_taken_out, spelled)
        return spelled

    def _soft(self, spelled: str) -> Reading:
        for rule in self.soft.that_may_fit(spelled):
            if rule.pattern.search(spelled):
                return Reading(Level.SOFT, rule.id)
        return next((Reading(Level.SOFT, f"{code}.root") for code in self._rooted(spelled)), NOTHING)

    def _rooted(self, spelled: str) -> Iterator[str]:
        """Name the languages with a bare root in the text; one that is a common word elsewhere needs its language."""
        for code, roots in self.roots.items():
            found = roots.intersection(spelled)
            shared = {root for root in found if any(root in self.common[other] for other in LANGUAGES if other != code)}
            if found - shared or (shared and code in self._likeliest(spelled)):
                yield code

    def _likeliest(self, spelled: str) -> list[str]:
        counts = {code: sum(letter in common for letter in spelled) for code, common in self.common.items()}
        return [code for code, count in counts.items() if count == max(counts.values())]

    def _is_weakened(self, rule: Rule, spelled: str, span: tuple[int, int]) -> bool:
        """Tell whether a phrase is denied, past, or about somebody else, as far as its own clause tells."""
        start, end = span
        near = spelled[max(0, start - _REACH) : start]
        before = re.split(f"[{_BREAKS}]", near)[-1]
        after = re.split(f"[{_BREAKS}]", spelled[end : end + _REACH])[0]
        codes = self._likeliest(spelled) if rule.shared else [rule.id.partition(".")[0]]
        return any(_weakens(self.weakening[code], before, spelled[start:end], after) for code in codes)


def read(text: str) -> Reading:
    """Give how plainly a text speaks of suicide or self-harm; the same for the same text, in time that grows with it.

    What is denied, past or about somebody else is still SOFT: a quiet line is never too much (clinical.md, 3.5).
    """
    return wording().read(text)


@cache
def wording() -> Wording:
    """Give the packaged phrases, compiled; raises BadWording."""
    folder = files("care").joinpath("wording")
    return build({code: folder.joinpath(f"{code}.toml").read_text("utf-8") for code in LANGUAGES})


def build(texts: Mapping[str, str]) -> Wording:
    """Compile the phrases of all languages from TOML; raises BadWording with the language and the fault."""
    raw = {code: _read(code, text) for code, text in texts.items()}
    alphabet = Alphabet()
    for file in raw.values():
        alphabet.add(file["fillers"])
    for file in raw.values():
        alphabet.add(words_of(_strings(file)))
    languages = {code: _language(alphabet, file) for code, file in raw.items()}
    return Wording(
        speller=Speller(
            alphabet.letters,
            [word for file in raw.values() for word in file["often_misspelled"]],
            [word for file in raw.values() for word in file["not_misspelled"]],
        ),
        idioms=_rules(raw, languages, "idioms"),
        explicit=_rules(raw, languages, "explicit"),
        soft=_rules(raw, languages, "soft"),
        weakening={code: _weakening(languages[code], file["weaker"]) for code, file in raw.items()},
        roots={code: _letters(alphabet, file["roots"]) for code, file in raw.items()},
        common={code: languages[code].common for code in raw},
    )


def _read(code: str, text: str) -> dict[str, Any]:
    try:
        file = tomllib.loads(text)
        ids = [group["id"] for kind in _KINDS for group in file[kind]]
        missing = [name for name in _LISTS if name not in file] + [
            name for name in _WEAKER if name not in file["weaker"]
        ]
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BadWording(f"{code}: {type(error).__name__}: {error}") from error
    if missing or len(set(ids)) < len(ids):
        raise BadWording(f"{code}: {missing or sorted(one for one in set(ids) if ids.count(one) > 1)}")
    return file


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        yield from (text for name, inner in part.items() if name not in _PROSE for text in _strings(inner))
    elif isinstance(part, Iterable):
        yield from (text for inner in part for text in _strings(inner))


def _language(alphabet: Alphabet, file: Mapping[str, Any]) -> Language:
    fillers, common = _letters(alphabet, file["fillers"]), _letters(alphabet, file["common"])
    denying = _letters(alphabet, file["weaker"]["denying"])
    return Language(alphabet, file["words"], fillers, common | fillers, denying)


def _rules(raw: Mapping[str, Any], languages: Mapping[str, Language], kind: str) -> Rules:
    rules: list[Rule] = []
    by_letter: dict[str, tuple[int, ...]] = {}
    for code, file in raw.items():
        for group in file[kind]:
            for phrase in group["say"]:
                piece = languages[code].compile(phrase)
                for letter in piece.needs:
                    by_letter[letter] = (*by_letter.get(letter, ()), len(rules))
                rules.append(
                    Rule(
                        f"{code}.{group['id']}",
                        piece.pattern,
                        group.get("firm", False),
                        group.get("shared", False),
                    )
                )
    return Rules(tuple(rules), by_letter)


def _weakening(language: Language, raw: Mapping[str, list[str]]) -> Weakening:
    denying = "".join(sorted(language.denying))
    links = "".join(sorted(language.fillers | _letters(language.alphabet, raw["links"]))) + JOIN
    return Weakening(
        negation=re.compile(f"(?:(?:{_any(language, raw['negation'])})[{links}]{{0,{_AT_ONCE}}}|[{denying}])\\Z"),
        doubt=re.compile(_any(language, raw["doubt"])),
        past=re.compile(_any(language, raw["past"])),
        present=re.compile(_any(language, raw["present"])),
        others=re.compile(_any(language, raw["others"])),
        elsewhere=re.compile(_any(language, raw["elsewhere"])),
        self=_letters(language.alphabet, raw["self"]),
    )


def _any(language: Language, phrases: Iterable[str]) -> str:
    return "|".join(language.compile(phrase).pattern for phrase in phrases)


def _letters(alphabet: Alphabet, words: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(alphabet.of(word) for word in words))


def _taken_out(found: re.Match[str]) -> str:
    start, end = found.span(1) if found.re.groups else found.span()
    start, end = start - found.start(), end - found.start()
    return found[0][:start] + OTHER * (end - start) + found[0][end:]


def _weakens(weak: Weakening, before: str, found: str, after: str) -> bool:
    clause = f"{STOP}{before}{found}{after}{STOP}"
    if weak.negation.search(before) and not weak.doubt.search(before + found):
        return True
    if weak.past.search(clause) and not weak.present.search(clause):
        return True
    return _is_of_others(weak, before, found, after)


def _is_of_others(weak: Weakening, before: str, found: str, after: str) -> bool:
    """Tell whether somebody or something else is named last before a phrase, or right after one without "I"."""
    if weak.self.intersection(found):
        return False
    named = max((match.end() for match in weak.others.finditer(before)), default=-1)
    if named >= 0:
        return not weak.self.intersection(before[named:])
    return not weak.self.intersection(before) and bool(weak.elsewhere.search(before + after))
