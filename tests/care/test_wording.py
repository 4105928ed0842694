"""What the wording of a text tells: plainly, perhaps, or nothing."""

import re
import time
from importlib.resources import files

import pytest

from care import wording
from care.errors import BadWording
from care.phrases import Alphabet, Language, spell_out, words_of
from care.spelling import is_one_slip, plain
from care.wording import LANGUAGES, Level, Reading, build, read
from tests.care.wording_table import ALL, LABELS, SETS, row, sentences, table

ORDINARY = (
    "Slept well, a bit dizzy this morning. The nurse was kind, the ride home was long and we had soup. Work was hard, "
    "three deadlines, then dinner with my sister and her kids, in bed by ten and not much else to tell of today. "
    "Tomorrow I will walk the dog, call the clinic about the bill, and read."
)


def level(text: str) -> Level:
    return read(text).level


# What the two sets of sentences say. The held one was drawn by lot; see the files.


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_plainly_gets_the_card(name: str, language: str) -> None:
    assert row(name, language, "explicit").full >= (0.85 if language == "en" else 0.75)


@pytest.mark.parametrize("name", SETS)
def test_what_is_only_meant_often_gets_the_quiet_line(name: str) -> None:
    assert row(name, ALL, "indirect").noticed >= 0.4


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", ["en", ALL])
def test_ordinary_notes_hardly_ever_get_the_card_and_seldom_the_quiet_line(name: str, language: str) -> None:
    assert row(name, language, "ordinary").full <= 0.03
    assert row(name, language, "ordinary").soft <= 0.15


@pytest.mark.parametrize("language", ["es", "de", "fr", "pt"])
def test_in_each_other_language_at_most_two_held_ordinary_notes_get_the_card(language: str) -> None:
    assert row("held", language, "ordinary").levels[Level.FULL] <= 2
    assert row("held", language, "ordinary").soft <= 0.15


def test_the_held_sets_are_as_large_as_promised() -> None:
    assert row("held", "en", "explicit").size >= 60
    assert row("held", "en", "ordinary").size >= 150
    assert row("held", ALL, "indirect").size >= 40
    for language in LANGUAGES[1:]:
        assert row("held", language, "explicit").size >= 30
        assert row("held", language, "ordinary").size >= 50


def test_no_sentence_stands_in_both_sets() -> None:
    for language in LANGUAGES:
        both = [text for name in SETS for label in LABELS for text in sentences(language)[name][label]]
        assert len(set(both)) == len(both), language


def test_the_table_has_a_line_for_every_set_label_and_language() -> None:
    assert len(list(table())) == 2 + len(SETS) * len(LABELS) * (len(LANGUAGES) + 1)


# Normalising.


@pytest.mark.parametrize(
    "text",
    [
        "I WANT TO DIE",
        "ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "i want to d\u200bi\u200be",
        "i want to d\u00adie",
        "i want to k i l l myself",
        "i want to k i l l  m y s e l f",
        "i want to k.i.l.l myself",
        "i want to k-i-l-l myself",
        "i want to k_i_l_l myself",
        "i want to k1ll myself",
        "i want to ki11 myself",
        "i want to k!ll myself",
        "i want to k*ll myself",
        "i want to d1e",
        "$uicide is all i think of",
        "su1c1de is all i think of",
        "s*icide is all i think of",
        "i wanna diiiiie",
        "i want to killlll myself",
        "i wanttodie",
        "want 2 die",
        "suicidial thoughts",
        "thinking of suicde",
        "thinking of sucide",
        "thinking of suiicide",
        "kill mysefl, i want to kill mysefl",
        "i don’t want to live",
        "i don't want to live",
        "i dont want to live",
        "i do not want to live",
        "i want to d\u0456e",
        "I\nwant\nto\ndie",
        "i want to... die",
        "i just really honestly want to die",
        "Ich möchte STERBEN",
        "mochte sterben",
        "je n’ai plus envie de vivre",
    ],
)
def test_however_it_is_spelled_it_is_read(text: str) -> None:
    assert level(text) is Level.FULL


@pytest.mark.parametrize(
    "text",
    [
        "diet",
        "I want to diet",
        "skill",
        "dyed my hair",
        "die Arbeit war gut",
        "willing to walk",
        "a b c d e",
        "U.S.A.",
        "e.g. soup",
        "plan a b c",
        "das Streben nach mehr",
        "5kms",
        "5 kms",
        "ran 10 kms",
        "covid19",
        "recordar",
    ],
)
def test_ordinary_words_do_not_become_alarms(text: str) -> None:
    assert level(text) is Level.NONE


@pytest.mark.parametrize(
    ("word", "key", "slip"),
    [
        ("suicide", "suicide", True),
        ("suicde", "suicide", True),
        ("suiicide", "suicide", True),
        ("suicude", "suicide", True),
        ("sucicide", "suicide", True),
        ("siucide", "suicide", True),
        ("sucied", "suicide", False),
        ("myself", "yourself", False),
        ("", "a", True),
        ("", "", True),
    ],
)
def test_a_slip_is_one_letter_wrong_missing_too_many_or_swapped(word: str, key: str, slip: bool) -> None:
    assert is_one_slip(word, key) is slip


def test_a_plain_text_has_neither_case_nor_accents_nor_invisible_letters() -> None:
    assert plain("Ünter\u200bGÄNGE don’t Straße") == "untergange dont strasse"


# Idioms.


@pytest.mark.parametrize(
    "text",
    [
        "this headache is killing me",
        "I killed it at work",
        "killing time at the clinic",
        "dead tired after the drip",
        "my phone died",
        "dying of laughter",
        "cake to die for",
        "ego death, and then calm",
        "felt like I died during the session and came back",
        "cut myself shaving",
        "fell and hurt myself on the stairs",
        "cutting myself some slack",
        "shot myself in the foot at the meeting",
        "end of the week",
        "me muero de hambre",
        "me mata la espalda",
        "todmüde",
        "die Arbeit bringt mich noch um",
        "Wäsche aufgehängt",
        "mort de rire",
        "je meurs de faim",
        "morrendo de rir",
        "matar a saudade",
    ],
)
def test_idioms_say_nothing(text: str) -> None:
    assert level(text) is Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "this headache is killing me and I want to die",
        "dead tired of living",
        "bored to death and I want to kill myself",
        "ego death was nice but i want to kill myself",
        "todmüde, ich will nicht mehr leben",
        "me muero de sueño y no quiero vivir más",
        "je meurs de faim et je veux mourir",
        "morrendo de fome e quero morrer",
    ],
)
def test_an_idiom_hides_nothing_beside_it(text: str) -> None:
    assert level(text) is Level.FULL


# What lowers, and what does not.


@pytest.mark.parametrize(
    "text",
    [
        "I'm not suicidal",
        "I am not going to kill myself",
        "I don't want to die",
        "no thoughts of suicide",
        "I would never kill myself",
        "I used to want to die",
        "years ago I tried to kill myself",
        "my friend is suicidal",
        "she wants to die",
        "my dad killed himself",
        "a movie about suicide",
        "they asked about suicidal thoughts",
        "no quiero morir",
        "no soy suicida",
        "mi hermano se suicidó",
        "hace años quería morir",
        "ich will nicht sterben",
        "ich bin nicht suizidal",
        "früher wollte ich sterben",
        "meine Freundin ist suizidal",
        "je ne veux pas mourir",
        "je ne suis pas suicidaire",
        "avant je voulais mourir",
        "não quero morrer",
        "não sou suicida",
        "uma amiga quer se suicidar",
    ],
)
def test_what_is_denied_past_or_of_others_is_lowered_to_the_quiet_line_and_never_to_nothing(text: str) -> None:
    assert level(text) is Level.SOFT


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to live",
        "I never want to wake up again",
        "no quiero vivir",
        "ich will nicht mehr leben",
        "je ne veux plus vivre",
        "não quero mais viver",
        "I can't stop thinking about killing myself",
        "not sure I won't kill myself",
        "nobody would care if I killed myself",
        "no, I want to die",
        "not a good day. I want to die",
        "not kidding, I want to die",
        "I used to want to die, and now I want to die again",
        "my friend is suicidal and I want to die too",
        "my mother told me to kill myself and I want to",
        "watched a movie, then I wanted to kill myself",
        "I'm not suicidal but I want to kill myself",
        "no puedo dejar de pensar en matarme",
        "ich kann nicht aufhören an Selbstmord zu denken",
        "de plus en plus envie de mourir",
    ],
)
def test_a_not_that_belongs_to_the_phrase_or_to_something_else_lowers_nothing(text: str) -> None:
    assert level(text) is Level.FULL


@pytest.mark.parametrize(
    "text",
    [
        "hopeless",
        "I can't take it any more",
        "I'm just a burden",
        "what's the point",
        "no puedo más",
        "kann nicht mehr",
        "ich falle euch zur Last",
        "j'en peux plus",
        "não aguento mais",
        "dead",
        "muerte",
        "tot",
        "mourir",
        "morrer",
    ],
)
def test_soft_phrases_and_bare_roots_get_the_quiet_line(text: str) -> None:
    assert level(text) is Level.SOFT


def test_a_root_that_is_a_common_word_elsewhere_counts_only_in_its_own_language() -> None:
    assert level("die Katze und die Sonne, das war gut") is Level.NONE
    assert level("so what if i die") is not Level.NONE


def test_words_order_may_change() -> None:
    for text in ("die, that is what I want: to die", "leben will ich nicht mehr", "aufwachen will ich nicht mehr"):
        assert level(text) is not Level.NONE


# Bad input.


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "😀😀", "\u200b\u200b", "...", "?!", "123", "ё", "中文", "\x00", "'", "$", "*"]
)
def test_a_text_without_words_says_nothing(text: str) -> None:
    assert read(text) == Reading(Level.NONE)


def test_all_five_languages_in_one_text_are_read() -> None:
    assert level("heute war gut, mais je veux mourir, gracias") is Level.FULL
    assert level("buenos días, ich will nicht mehr leben") is Level.FULL
    assert level("Bom dia, i want to die") is Level.FULL


def test_words_among_emoji_are_read() -> None:
    assert level("😭😭 i want 😭 to die 😭") is Level.FULL


def test_a_cry_at_the_end_of_a_long_text_is_read() -> None:
    assert level(ORDINARY * 15 + " I want to die.") is Level.FULL


def test_the_same_text_is_always_read_the_same() -> None:
    compiled_again = build(
        {code: (files("care") / "wording" / f"{code}.toml").read_text("utf-8") for code in LANGUAGES}
    )
    for text in ("i want to die", "hopeless", ORDINARY, "quiero morir", "tot"):
        assert read(text) == read(text) == compiled_again.read(text)


def test_a_reading_names_its_rule_and_never_the_text() -> None:
    reading = read("Zebedee wants me gone, I want to die zebedee")
    assert reading.rule == "en.wish-to-die"
    known = {rule.id for rules in (wording.wording().explicit, wording.wording().soft) for rule in rules.rules}
    assert reading.rule in known


HOSTILE = (
    "want ",
    "want to ",
    "a b ",
    "k i l l ",
    "i ",
    "die ",
    "dying of ",
    "just ",
    "x",
    "ab",
    "suicid",
    "s*icid ",
    "k*ll ",
    "killmyself",
    "'",
    "$u!c",
    "don't ",
    "k.i.l.l.",
    "i want i want to not just really so ",
    "my friend he they ",
    "((",
    "no quiero ",
    "ich will nicht mehr ",
    "je ne veux plus ",
    "nao quero ",
    "the gun in my ",
    "took all of my ",
    "\u0301",
    "want wish hope pray if i would ",
    "better if i was not ",
    "ä",
    "😀",
    "\n",
    ", ",
    "a.b.",
    "1l!|",
    "aaaaaaaaaaaaaaaab ",
)


def quickest(text: str, times: int) -> float:
    """Give the least seconds of several readings: what the text costs when nobody else keeps the machine busy."""
    return min(_seconds(text) for _ in range(times))


def _seconds(text: str) -> float:
    start = time.perf_counter()
    read(text)
    return time.perf_counter() - start


@pytest.mark.parametrize("part", HOSTILE)
def test_five_thousand_hostile_characters_are_cheap(part: str) -> None:
    assert quickest((part * 5000)[:5000], 3) < 0.1


def test_the_words_of_every_phrase_said_over_and_over_are_cheap() -> None:
    for language in LANGUAGES:
        words = words_of((files("care") / "wording" / f"{language}.toml").read_text("utf-8").lower().split())
        for start in range(0, len(words), 400):
            assert quickest(" ".join(words[start : start + 800])[:5000], 2) < 0.1


def test_time_grows_with_length_and_no_faster() -> None:
    short, long = quickest(ORDINARY * 4, 5), quickest(ORDINARY * 32, 5)
    assert long < short * 8 * 3


def test_a_message_of_three_hundred_characters_takes_less_than_a_millisecond() -> None:
    assert quickest(ORDINARY[:300], 20) < 0.001


# The files.


def minimal(say: str) -> str:
    """Give a file of one phrase."""
    lists = "".join(
        f'{name} = ["{name}"]\n'
        for name in ("negation", "denying", "links", "doubt", "past", "present", "others", "elsewhere", "self")
    )
    head = "".join(f"{name} = []\n" for name in ("fillers", "common", "often_misspelled", "not_misspelled", "roots"))
    groups = "".join(f'[[{kind}]]\nid = "{kind}"\nsay = [{say}]\n' for kind in ("idioms", "soft", "explicit"))
    return f"{head}[words]\nwant = ['want']\n{groups}[weaker]\n{lists}"


@pytest.mark.parametrize(
    ("say", "fault"),
    [
        ('"<nothing> to die"', "no list"),
        ('"(want to die"', "cannot read"),
        ('"[want]"', "fit anything"),
        ('"..."', "fit anything"),
        ('"über"', "cannot read"),
        ('"Want"', "cannot read"),
    ],
)
def test_a_phrase_that_cannot_be_read_stops_the_start(say: str, fault: str) -> None:
    with pytest.raises(BadWording, match=fault):
        build(dict.fromkeys(LANGUAGES, minimal(say)))


def test_a_file_that_is_no_toml_stops_the_start() -> None:
    with pytest.raises(BadWording, match="en"):
        build(dict.fromkeys(LANGUAGES, "roots = ["))


def test_two_groups_of_one_name_stop_the_start() -> None:
    with pytest.raises(BadWording, match="soft"):
        build(dict.fromkeys(LANGUAGES, minimal('"want"').replace('"idioms"', '"soft"')))


def test_a_file_without_one_of_its_lists_stops_the_start() -> None:
    with pytest.raises(BadWording, match="roots"):
        build(dict.fromkeys(LANGUAGES, minimal('"want"').replace("roots", "routes")))


def test_a_list_that_names_itself_stops_the_start() -> None:
    with pytest.raises(BadWording, match="itself"):
        spell_out("<a>", {"a": ["<a>"]})


def test_an_alphabet_has_an_end() -> None:
    with pytest.raises(BadWording, match="letters"):
        Alphabet().add(f"word{number}" for number in range(6401))


def test_a_gap_is_a_few_words_of_one_clause() -> None:
    alphabet = Alphabet()
    alphabet.add(["want", "die"])
    pattern = Language(alphabet, {}).compile("want ... die").pattern
    want, die = (alphabet.letters[word] for word in ("want", "die"))
    assert re.search(pattern, want + "xxxx" + die)
    assert not re.search(pattern, want + "xxxxx" + die)
    assert not re.search(pattern, want + "," + die)


def test_nobody_is_said_to_have_reviewed_what_nobody_has() -> None:
    for code in LANGUAGES:
        assert 'reviewed_by = ""' in (files("care") / "wording" / f"{code}.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "mi hermano sabe que quiero morir",
        "mein Freund weiß dass ich sterben will",
        "meine Mutter wäre froh wenn ich tot wäre",
        "il faut que je meure, je veux mourir",
        "meu pai sabe que quero morrer",
    ],
)
def test_somebody_who_is_named_first_takes_nothing_out(text: str) -> None:
    assert level(text) is not Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "I'll do it tomorrow",
        "do it now",
        "I can't make it tomorrow",
        "This is my last day of induction",
        "I took all my pills this morning",
        "the spray burned my throat",
        "stepped onto the train",
        "how do I stop this",
        "is it ok if I am not here on Friday",
        "quiero tirarme a la piscina",
        "vontade de me jogar no sofá",
        "envie de me jeter sur le lit",
        "ich lege mich hin",
    ],
)
def test_what_people_answer_a_bot_every_day_says_nothing(text: str) -> None:
    assert level(text) is Level.NONE
