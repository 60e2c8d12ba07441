"""What is ruled out by a cheap look is not there: the short ways of judging say what the long ones do."""

from __future__ import annotations

import sys
import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.compare import align_pieces, cuts, menus, spelling, tokens, words
from harvest.compare.anchors import Anchors, anchors
from harvest.compare.dated import kinds_of_line, kinds_of_whole
from harvest.compare.folded_words import FIRST, bare_words, first_words
from harvest.compare.hints import is_hint, without_hints
from harvest.compare.hunks import Hunk, exact_hunks
from harvest.compare.plain_words import Kinds, is_ordinary, may_reach_words
from harvest.compare.spans import CONTACT, DATE, LEFTOVER, kinds_of_tokens
from harvest.compare.spelling import is_spelled_alike, plain_spelling
from harvest.compare.tokens import count_words, tokenise
from harvest.compare.units import Unit, Vocabulary, common
from harvest.model import Change, Clause, Section, Tier
from harvest.text.digits import has_digit

# All that spans are made of, beside plain words: some stand in the midst of a date, an address or a reference.
_PIECES = (
    "may De of Mai decem march 2019 5 12th 78701 TX tx I iv mix civil toivorx and or to through section Section §"
    " clause articles (a) (abc) a. b) 2.1 [12] see our partners 1,565 number of vendors : 40 street St road Road,"
    " Street, Quay Parkway Main main lane way suite floor unit Box p.o. box ext x 020 555 0147 email Email protected"
    " mail [email at [at] (at) dot [dot] ] ( ) example alder privacy a@alder.example www.alder.example"
    " alder.example/a.pdf a.pdf http: mailto: ](/a) ][ ]: < <b> <a href= > opens open in a new window tab tablet"
    " reopens link is external sends (link le lien externe s’ouvre dans une nouvelle page fenêtre wird neuem Fenster"
    " geöffnet data Data, information rights. – \u2014 , . ; : ’ don’t third-party soſt \u212aelvin İt éclair 12 Elm"
    " Grove Lodge Dublin D02 ABCD SW1A 2AB"
).split(" ")
_TEXTS = st.lists(st.tuples(st.sampled_from(_PIECES), st.sampled_from((" ", " ", " ", "", "\n\n", "\u00a0")))).map(
    lambda pieces: "".join(piece + space for piece, space in pieces)
)


@given(_TEXTS)
def test_an_ordinary_word_is_part_of_nothing_else(text: str) -> None:
    """Where nothing reaches over words, what looks like a plain word is one, without a look for dates or addresses."""
    cut = tokenise(text)
    kinds = kinds_of_tokens(cut)

    ordinary = [n for n in range(len(cut.cores)) if is_ordinary(cut, n)]
    assert may_reach_words(text) or not any(kinds[n] for n in ordinary)


@given(_TEXTS, st.data())
def test_a_stretch_is_plain_or_what_its_words_are(text: str, data: st.DataObject) -> None:
    """Of a stretch is told what its words are, or that one of them is plain."""
    cut = tokenise(text)
    start, end = sorted((data.draw(st.integers(0, len(cut.cores))), data.draw(st.integers(0, len(cut.cores)))))
    every = {kind for kind, word in list(zip(kinds_of_tokens(cut), cut.bares, strict=True))[start:end] if word}

    inside = Kinds(cut).inside(start, end)
    assert inside == every or ("" in every and inside == {""})


@given(_TEXTS)
def test_a_line_that_came_or_went_is_prose_or_what_its_words_are(text: str) -> None:
    """Of a line that is told by its signs to be prose no word is a date, a contact or what is left of a link."""
    kinds, every = kinds_of_whole(text, count_words(text)), kinds_of_line(tokenise(text))

    assert kinds == every or (kinds == {""} and every.isdisjoint({DATE, CONTACT, LEFTOVER}))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ask at 12 Elm Grove Lodge road, please", id="a street"),
        pytest.param("We are in lower Austin, tx 78701", id="a town"),
        pytest.param("privacy [at] alder [dot] example", id="a hidden address"),
        pytest.param("Our rules (opens in a new window)", id="a hint"),
        pytest.param("the](#annotation) ][see the note] here", id="what is left of a link"),
        pytest.param("We live on Great Elm Road, Dublin", id="a road without a number"),
    ],
)
def test_what_reaches_over_words_is_seen(text: str) -> None:
    """A text that may have such a thing is looked through."""
    assert may_reach_words(text)


@given(
    st.lists(st.sampled_from((*_PIECES, "(opens in a new window)", "Opens in new tab", "(external link)")), max_size=6)
)
def test_hints_alone(pieces: list[str]) -> None:
    """A text is nothing but hints where none of its words is left without them."""
    text = " ".join(pieces)

    assert is_hint(text) == (not count_words(without_hints(text)))


@given(st.text(), st.sampled_from(("", "5", "\u0665", "\u09ec", "\uff17", "\U0001d7d8", "\u00b2", "\u2167")))
def test_digits_of_any_script(text: str, sign: str) -> None:
    """A digit is seen in every script, and nothing else is taken for one."""
    assert has_digit(text + sign) == any(unicodedata.category(c) == "Nd" for c in text + sign)


def test_every_digit_there_is():
    """Whatever Unicode calls a digit is one; and none of them lies among quotes and dashes."""
    digits = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Nd"]

    assert len(digits) > 600
    assert all(map(has_digit, digits))


@given(st.text(alphabet="aB3.,;:)(’'-_@&w/%$ \n\u00a0é中", max_size=12))
def test_runs_between_spaces(run: str) -> None:
    """A run is cut into the tokens that its text is cut into, whether it is read as one word or not."""
    expected = tuple(map(tokens._read_token, cuts.cut(f"{run} ")))

    assert tokens._read_run(run) in ((), expected)


_SPELLED = (*spelling._WORDS, *spelling._WORDS.values(), "organise", "organize", "enquired", "centre", "center", "our")
_HEADINGS = ("Cookies", "Your “Choices”", "2. Links", "IV", "a", "Données", "Who we are")
_CLAUSES = (
    *_HEADINGS,
    "cookies",
    "3) LINKS",
    "your 'choices'",
    "your `choices`",
    "links ",
    "who  we are",
    "(c) IV",
    "x a",
    "“Cookies",
    "–\u00a0données",
    "2)\u00a0Links\u200b",
    "\uff37ho we are",
)


@given(st.lists(st.tuples(st.sampled_from(("", *_HEADINGS)), st.lists(st.sampled_from(_CLAUSES)))))
def test_headings_said_again(page: list[tuple[str, list[str]]]) -> None:
    """A clause that repeats a heading is found by its end as it is by all of it."""
    sections = [
        Section(1, "", heading, "atx", 1.0, tuple(Clause("paragraph", 0, text, text) for text in texts))
        for heading, texts in page
    ]
    headings = {name for section in sections if (name := menus.bare(section.heading))}
    last = min(menus._TAIL, min(map(len, headings), default=0))
    tails = {name[-last:] for name in headings}

    for text in _CLAUSES:
        assert menus.bare(text) not in headings or menus._may_end(text, tails, last)
    again = set(menus.repeats_of(sections))
    assert all(menus.bare(sections[number].clauses[place].text) in headings for number, place in again)


def test_latin_as_windows_has_it():
    """Every character is encoded as Python does, or refused as there."""
    for sign in map(chr, range(0x11000)):
        try:
            expected = sign.encode("cp1252")
        except UnicodeEncodeError:
            with pytest.raises(UnicodeEncodeError):
                tokens.encode_latin(sign)
        else:
            assert tokens.encode_latin(sign) == expected


@given(_TEXTS, _TEXTS)
def test_few_tokens_are_not_most_of_the_words(before: str, after: str) -> None:
    """Where too few tokens changed to be most of the words, the words that changed are not most of them."""
    a, b = tokenise(before), tokenise(after)
    hunks = exact_hunks(a.keys, b.keys, Hunk(0, len(a.keys), 0, len(b.keys)))

    assert words._may_be_most(a, b, hunks) or words.changed_share(a, b, hunks) <= words.MAX_CHANGED


@pytest.mark.parametrize("before", ["", "2. ", "“", "(a) ", "Section 3 – ", "\u00a0", "The "])
@pytest.mark.parametrize("after", ["", " »", "s", "\u00a0", ")"])
def test_ways_about_a_site_by_their_last_word(before: str, after: str) -> None:
    """Whatever stands around it, a label that names a way is not ruled out by its last word."""
    labels = [f"{before}{name}{after}" for way in menus._WAYS for name in (way, way.title(), way.upper())]

    assert all(menus._may_be_way(label) for label in labels if menus._name(label) in menus._WAYS)


@given(st.sampled_from(_SPELLED), st.sampled_from(_SPELLED))
def test_words_in_two_spellings(word: str, other: str) -> None:
    """Two words are spelled alike where their plain spelling is one, whatever they begin with."""
    assert is_spelled_alike(word, other) == (plain_spelling(word) == plain_spelling(other))


_WORDS = st.lists(st.sampled_from("we keep your data for as long as you like and no longer".split()), min_size=1).map(
    " ".join
)


@given(st.lists(_WORDS, min_size=2, max_size=5), _WORDS)
def test_pieces_of_a_paragraph(texts: list[str], paragraph: str) -> None:
    """A paragraph that holds most words of two pieces in their order is not ruled out by the words it lacks."""
    vocabulary = Vocabulary()
    whole, *pieces = [Unit(n, 0, n, n, text, text, vocabulary) for n, text in enumerate((paragraph, *texts))]
    held = [u for u in pieces if common(u.symbols, whole.symbols) >= align_pieces._HELD * len(u.symbols)]

    assert len(held) < 2 or align_pieces._may_hold(pieces, whole)


@given(st.text(alphabet="aB ’'\"“&©ß1.,–-_@:/w中é\u00a0\u0085\n", max_size=60))
def test_first_words(text: str) -> None:
    """The first words of a text are those of all its words."""
    assert first_words(text) == bare_words(text)[:FIRST]


@given(_TEXTS)
def test_first_words_of_what_spans_are_made_of(text: str) -> None:
    """No date, address or reference among them begins otherwise for what stands behind it."""
    assert first_words(text) == bare_words(text)[:FIRST]


_SIDES = st.none() | st.sampled_from(
    ("We keep it all", "We keep it all.", "we keep it, all", "We keep it for good", "Don’t", "dont", "", "3.", "A&B C")
)


@given(st.lists(st.tuples(st.sampled_from(("added", "edited")), _SIDES, _SIDES), max_size=9), st.randoms())
def test_anchors_one_by_one(sides: list[tuple[str, str | None, str | None]], chance: Random) -> None:
    """Asked for in whatever order, each change has the anchor that it has among all of them."""
    changes = [
        Change(kind, Tier.EDIT, "", 0, 0, "Old", "New", old, new, (), (), (), 1, 1, 0.5) for kind, old, new in sides
    ]
    late = Anchors(changes)
    order = list(range(len(changes)))
    chance.shuffle(order)

    found = {number: late[number] for number in order}
    assert [found[number] for number in range(len(changes))] == anchors(changes)
