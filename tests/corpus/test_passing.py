"""What comes and goes beside a policy: captures cut short, menus and banners, and changes that were taken back."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_back import beginnings_of, counters_of
from harvest.corpus.derive_model import DiffFacts, Sighting, TextFacts, Transition, Versions
from harvest.corpus.derive_passages import passages_of
from harvest.corpus.derive_pieces import Piece
from harvest.corpus.derive_wordings import Wordings, words_of
from harvest.model import Clause, Section, Tier
from harvest.timestamps import to_iso

EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
RULES = {
    "a": "We write down the name and the street of everybody who orders a tree from our nursery.",
    "b": "We tell the carrier your street, and nobody else is told where your garden lies.",
    "c": "After two winters we burn what we wrote down, and we keep no copy of it anywhere.",
    "d": "Children may order seeds when one of their parents has signed the order with them.",
    "e": "Whoever wants to know what we wrote down about him may come and read it on Mondays.",
    "m": "[Trees](http://a.example/t)[Seeds](http://a.example/s)[Basket](http://a.example/b)",
    "n": "We are updating this policy. The new policy takes effect on 5 May 2011. Read the new policy here.",
    "p": "Our shops stay closed over the holidays, and the telephone is answered from January on again.",
    "g": "We sell no seeds.Our beds are read to you here.",
    "h": "We sell no seeds.",
    "i": "Our beds are read to you.",
    "j": "Download our catalogue now",
    "k": "Visitors of the garden are asked to stay on the paths between the beds of tulips.",
    "l": "Visitors of the garden are asked to stay on the lawn, and to keep off the paths, all summer long.",
    "r": "Rye, in bags",
    "x": "We sell the list of our customers to whoever pays for it.",
}
# Long enough that one rule more or less is a small part of the text.
BODY = tuple(
    f"Paragraph {number} says how the beds of row {number} are watered in a dry summer." for number in range(60)
)


OTHER = tuple(f"Guest {number} liked the tea, the cakes and the roses of our garden café best." for number in range(60))


def sections_of(letters: str) -> tuple[Section, ...]:
    if letters == "home":
        return (Section(1, "", "Our café", "atx", 1.0, tuple(Clause("paragraph", 0, text, text) for text in OTHER)),)
    texts = [RULES[letter] for letter in letters] + list(BODY)
    clauses = tuple(Clause("paragraph", 0, text.replace("](http://a.example/", " ")[:200], text) for text in texts)
    return (Section(1, "", "Our nursery", "atx", 1.0, clauses),)


def wordings_of(texts: Sequence[str]) -> Wordings:
    return Wordings(lambda sha: passages_of(sections_of(sha), [sha], {}))


def history_of(seen: Sequence[tuple[float, str]]) -> tuple[Versions, Wordings]:
    """Derive the versions of captures at these days, each text named by the letters of its rules."""
    wordings = wordings_of([text for _, text in seen])
    sightings = [
        Sighting(number, to_iso(EPOCH + timedelta(days=day)), "wayback", "u", "k", (), text=text)
        for number, (day, text) in enumerate(seen)
    ]
    return derive_versions(sightings, dict.fromkeys({text for _, text in seen}, TextFacts("en")), wordings), wordings


def transitions_of(seen: Sequence[tuple[float, str]], *, tier: Tier = Tier.EDIT) -> tuple[Transition, ...]:
    history, wordings = history_of(seen)
    facts: Mapping[str, TextFacts] = dict.fromkeys({text for _, text in seen}, TextFacts("en"))
    return derive_transitions(history, facts, dict.fromkeys(history.pairs, DiffFacts(tier)), wordings)


def line_of(seen: Sequence[tuple[float, str]]) -> list[str]:
    return [version.text for version in history_of(seen)[0].main_line]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        pytest.param([(0, "abc"), (5, "a"), (20, "abc")], ["abc"], id="cut-short-and-whole-again"),
        pytest.param([(0, "abc"), (5, "a"), (20, "abcd")], ["abc", "abcd"], id="whole-again-with-a-rule-more"),
        pytest.param([(0, "abc"), (5, "abcp"), (60, "abc")], ["abc"], id="a-banner-for-two-months"),
        pytest.param([(0, "abc"), (5, "abcp"), (200, "abc")], ["abc", "abcp", "abc"], id="something-for-half-a-year"),
        pytest.param([(0, "abc"), (5, "abx"), (40, "abc")], ["abc", "abx", "abc"], id="a-change-taken-back"),
        pytest.param([(0, "abc"), (5, "abx"), (9, "abc")], ["abc"], id="taken-back-within-days"),
        pytest.param(
            [(0, "abc"), (9, "abx"), (30, "abcd"), (60, "abxd"), (90, "abcde"), (120, "abxde"), (130, "abcde")],
            ["abc", "abcd", "abcde"],
            id="two-texts-in-turn-while-both-change",
        ),
        pytest.param([(0, "abc"), (5, "a"), (20, "ab"), (30, "abc")], ["abc"], id="cut-at-two-places"),
        pytest.param([(0, "abc"), (200, "a"), (400, "abc")], ["abc", "a", "abc"], id="captures-half-a-year-apart"),
        pytest.param([(0, "abc"), (50, "home"), (90, "abcd")], ["abc", "abcd"], id="another-page-in-its-place"),
        pytest.param([(0, "abc"), (50, "home"), (300, "abcd")], ["abc", "home", "abcd"], id="another-page-for-long"),
        pytest.param([(0, "abc"), (5, "ab"), (300, "ab")], ["abc", "ab"], id="a-rule-withdrawn-for-good"),
    ],
)
def test_what_only_passes_leaves_the_main_line(seen: list[tuple[float, str]], expected: list[str]) -> None:
    """Texts that lack or add something for a while are variants, though the text after them is not quite the same."""
    assert line_of(seen) == expected


def test_a_variant_that_passed_keeps_its_bounds() -> None:
    """What left the line is a version still: when it appeared and by when it was gone, and beside what."""
    history, _ = history_of([(0, "abc"), (5, "a"), (20, "abcd")])

    (passed,) = [version for version in history.versions if version.place is None]

    assert (passed.text, passed.variant_of) == ("a", 1)
    assert (passed.not_before, passed.gone_by) == ("2010-01-01T00:00:00Z", "2010-01-21T00:00:00Z")


@pytest.mark.parametrize(
    ("seen", "kinds"),
    [
        pytest.param([(0, "abc"), (50, "abcm")], ["technical"], id="a-menu-was-caught"),
        pytest.param([(0, "abg"), (50, "abhi")], ["technical"], id="one-paragraph-cut-in-two"),
        pytest.param([(0, "abg"), (50, "abih")], ["change"], id="and-turned-round"),
        pytest.param([(0, "abc"), (50, "nabc")], ["technical"], id="an-edition-is-announced"),
        pytest.param([(0, "abc"), (50, "abcmx")], ["change"], id="a-rule-beside-the-menu"),
        pytest.param([(0, "abc"), (50, "cab")], ["change"], id="rules-in-another-order"),
        pytest.param(
            [(0, "ab"), (200, "abp"), (400, "abx"), (600, "abpx"), (800, "abc"), (1000, "abpc"), (1200, "abd")],
            ["technical", "change", "technical", "change", "technical", "change"],
            id="only-what-turned-often",
        ),
        pytest.param(
            [(0, "ab"), (200, "abp"), (400, "abx"), (600, "abpx"), (800, "abc")],
            ["change"] * 4,
            id="a-sentence-that-turned-less-often",
        ),
        pytest.param([(0, "ab"), (60, "abk"), (63, "abl")], ["change", "change"], id="reworded-soon-after-it-came"),
        pytest.param(
            [(0, "abk"), (60, "abx"), (65, "abxk")], ["change", "change"], id="back-soon-where-it-was-told-to-go"
        ),
        pytest.param([(0, "abc"), (60, "abcj")], ["technical"], id="a-button-was-caught"),
        pytest.param(
            [(0, "ab"), (200, "abrrr"), (400, "abrrc"), (600, "abrrrc"), (800, "abrrx"), (1000, "abrrrx")],
            ["change"] * 5,
            id="a-word-of-a-list",
        ),
        pytest.param(
            [(0, "ab"), (200, "abr"), (400, "abc"), (600, "abrc"), (800, "abx"), (1000, "abrx")],
            ["technical", "change", "technical", "change", "technical"],
            id="a-label-that-turned-often",
        ),
    ],
)
def test_a_transition_of_what_comes_and_goes_is_technical(seen: list[tuple[float, str]], kinds: list[str]) -> None:
    """Menus, notices and pieces that turn again and again are no change; one rule beside them makes it one."""
    found = transitions_of(seen)

    assert [one.kind for one in found] == kinds
    assert all(bool(one.reason) == (one.kind == "technical") for one in found)
    assert all(one.silent is None for one in found if one.kind == "technical")


def test_noise_is_left_to_its_tier() -> None:
    """A transition of a noise tier keeps its kind: it is hidden already, and may be redated."""
    (one,) = transitions_of([(0, "abc"), (50, "abcm")], tier=Tier.LINKS)

    assert one.kind == "change"


@pytest.mark.parametrize(
    ("before", "after", "tier", "joined", "kind"),
    [
        pytest.param("abc", "abcx", Tier.EDIT, True, "technical", id="another-page-below"),
        pytest.param("abcx", "abc", Tier.EDIT, True, "technical", id="and-taken-off"),
        pytest.param("abc", "abx", Tier.EDIT, True, "change", id="the-old-page-changed-beside"),
        pytest.param("abc", "abcx", Tier.EDIT, False, "change", id="of-as-many-pages-as-before"),
    ],
)
def test_a_text_put_together_of_other_pages_is_technical(
    before: str, after: str, tier: Tier, *, joined: bool, kind: str
) -> None:
    """Where a collector took in one page more, and all else stayed, the policy did not change."""
    seen = [
        Sighting(0, "2010-01-01T00:00:00Z", "git", "u", "k", (), form="derived", text=before),
        Sighting(1, "2011-03-01T00:00:00Z", "git", "u", "k", (), form="derived", text=after, joined=joined),
    ]
    texts = {before: TextFacts("en"), after: TextFacts("en")}
    wordings = wordings_of([before, after])
    history = derive_versions(seen, texts, wordings)

    (one,) = derive_transitions(history, texts, {(before, after): DiffFacts(tier)}, wordings)

    assert one.kind == kind


@pytest.mark.parametrize(
    ("languages", "tier", "kind"),
    [
        pytest.param(("en", "fr"), Tier.REWRITE, "technical", id="another-language"),
        pytest.param(("en", "fr"), Tier.REVISION, "change", id="half-of-it-stayed"),
        pytest.param(("en", ""), Tier.REWRITE, "change", id="of-which-nothing-is-known"),
    ],
)
def test_a_text_in_another_language_is_technical(languages: tuple[str, str], tier: Tier, kind: str) -> None:
    """What changed in the policy cannot be told from a translation."""
    texts = {"abc": TextFacts(languages[0]), "home": TextFacts(languages[1])}
    wordings = wordings_of(["abc", "home"])
    seen = [
        Sighting(day, to_iso(EPOCH + timedelta(days=300 * day)), "git", "u", "k", (), text=text)
        for day, text in enumerate(texts)
    ]
    # Three captures over a year: the new language came to stay.
    seen += [Sighting(9 + n, to_iso(EPOCH + timedelta(days=700 + n)), "git", "u", "k", (), text="home") for n in (0, 9)]
    history = derive_versions(seen, texts, wordings)

    (one,) = derive_transitions(history, texts, {("abc", "home"): DiffFacts(tier)}, wordings)

    assert one.kind == kind


def test_an_extraction_made_anew_is_technical() -> None:
    """Where somebody extracted a page again by other rules, the difference is theirs."""
    sightings = [
        Sighting(0, "2010-01-01T00:00:00Z", "git", "u", "k", (), form="derived", text="abc"),
        Sighting(1, "2010-03-01T00:00:00Z", "git", "u", "k", (), form="derived", text="abx", redone=True),
    ]
    texts = {"abc": TextFacts("en"), "abx": TextFacts("en")}
    history = derive_versions(sightings, texts, wordings_of(["abc", "abx"]))

    (one,) = derive_transitions(history, texts, {("abc", "abx"): DiffFacts(Tier.EDIT)})

    assert (one.kind, one.silent) == ("technical", None)


WORLDS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["abc", "ab", "abx", "abcp", "abcd", "a", "abcm"])), max_size=14
)


@given(WORLDS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(world: list[tuple[int, str]], rng: random.Random) -> None:
    """Versions and transitions follow from the captures, in whatever order they came and whatever was asked before."""
    days = {day * 3: text for day, text in world}
    seen = sorted(days.items())
    wordings = wordings_of([])
    sightings = [
        Sighting(day, to_iso(EPOCH + timedelta(days=day)), "wayback", "u", "k", (), text=text) for day, text in seen
    ]
    facts = dict.fromkeys(days.values(), TextFacts("en"))
    for few in itertools.islice(itertools.accumulate(rng.sample(sightings, len(sightings)), _more, initial=()), 5):
        derive_versions(few, facts, wordings)

    history = derive_versions(rng.sample(sightings, len(sightings)), facts, wordings)

    assert history == derive_versions(sightings, facts, wordings_of([]))
    diffs = dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT))
    assert derive_transitions(history, facts, diffs, wordings) == derive_transitions(
        history, facts, diffs, wordings_of([])
    )


def _more(some: tuple[Sighting, ...], one: Sighting) -> tuple[Sighting, ...]:
    return (*some, one)


@given(st.lists(st.sampled_from("abcdex"), unique=True), st.lists(st.sampled_from("abcdex"), unique=True))
def test_a_step_is_what_one_text_has_and_the_other_has_not(before: list[str], after: list[str]) -> None:
    """What came and went between two texts, counted in words; turned round, it is the opposite."""
    wordings = wordings_of([])
    one, other = "".join(before), "".join(after)

    step = wordings.step(one, other)

    assert words_of(step) == sum(len(RULES[letter].split()) for letter in set(before) ^ set(after))
    assert wordings.step(other, one) == {piece: -count for piece, count in step.items()}


def test_a_long_history_is_derived_at_once() -> None:
    """Four thousand versions, each a rule longer or shorter than the last: linear, and quick."""
    letters = ["abc", "abcd", "abcde", "abce"]
    seen = [(number * 5.0, letters[number % 4]) for number in range(4000)]

    assert len(line_of(seen)) < 4000


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        pytest.param(("2010-01-01", "2010-03-01", "2010-05-01"), ["change", "change"], id="later-dates"),
        pytest.param(("2010-01-01", "2010-01-01", "2010-01-01"), ["technical", "change"], id="one-date"),
        pytest.param(("", "2010-03-01", "2010-05-01"), ["technical", "change"], id="no-date-before"),
        pytest.param(("2010-03-01", "2010-01-01", "2010-05-01"), ["technical", "change"], id="an-older-date"),
    ],
)
def test_what_a_later_date_announces_is_a_change(days: tuple[str, str, str], kinds: list[str]) -> None:
    """A rule taken out under a new date and soon brought back was a change; under the old date a capture cut short."""
    seen = [(0.0, "abc"), (60.0, "ab"), (120.0, "abcdepx")]
    history, wordings = history_of(seen)
    facts = {text: TextFacts("en", day) for (_, text), day in zip(seen, days, strict=True)}

    found = derive_transitions(history, facts, dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT)), wordings)

    assert [step.kind for step in found] == kinds


def test_a_long_list_that_goes_and_comes_back_is_looked_through_once() -> None:
    """What begins as a line does is looked up: each of 400 entries meets itself and the one reworded, not all."""
    entries = [f"{number:03} is the number of a nursery that works with us" for number in range(400)]
    pieces = [Piece(number, 9, label) for number, label in enumerate(entries)]
    reworded = Piece(400, 9, entries[7].replace("works", "worked"))

    begun = beginnings_of({**dict.fromkeys(pieces, -1), reworded: 1, Piece(401, 2, "too short"): 1})

    assert sum(map(len, begun.values())) == 401
    assert max(map(len, begun.values())) == 2
    assert [piece for piece, _ in begun[reworded.label[:24]]] == [pieces[7], reworded]


SAYS = {  # rules that say who does what, in the words of policies
    "a": RULES["a"],
    "b": RULES["b"],
    "c": RULES["c"],
    "s": "We may share your personal data with affiliates who process it for the purposes of this policy.",
    "t": "We keep your personal data for two winters, and delete it then if the law does not require us to keep it.",
    "u": "Users must be of age to register an account, and shall provide true information about themselves to us.",
    "n": "We are updating our terms of service to make them easier for users to understand, and agree to, for you.",
    "m": "Home",
    "o": "Careers",
    "p": "Site map",
}


@pytest.mark.parametrize(
    ("seen", "kinds"),
    [
        pytest.param("ab abst abs", "change change", id="shown-to-come-and-so-to-go"),
        pytest.param("ab abs ab", "", id="alone-it-came-and-went"),
        pytest.param("ab abs abtu", "change change", id="a-step-on-the-way-to-other-words"),
        pytest.param("ab abn abtu", "technical change", id="a-notice-without-its-day"),
        pytest.param("ab abns abtu", "technical change", id="what-comes-with-a-notice"),
        pytest.param("abmop abmops abmoptu", "technical change", id="of-a-page-with-its-menu"),
    ],
)
def test_what_speaks_is_told_to_go_and_to_come(seen: str, kinds: str) -> None:
    """A rule that was told to come is told to go, and one that other words took the place of is told to come."""
    texts = seen.split()
    sections = {
        text: (
            Section(
                1,
                "",
                "Our nursery",
                "atx",
                1.0,
                tuple(Clause("paragraph", 0, one, one) for one in (*[SAYS[letter] for letter in text], *BODY)),
            ),
        )
        for text in texts
    }
    wordings = Wordings(lambda sha: passages_of(sections[sha], [sha], {}))
    sightings = [
        Sighting(n, to_iso(EPOCH + timedelta(days=20 * n)), "git", "u", "k", (), text=text)
        for n, text in enumerate(texts)
    ]
    facts = dict.fromkeys(texts, TextFacts("en"))
    history = derive_versions(sightings, facts, wordings)

    found = derive_transitions(history, facts, dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT)), wordings)

    assert [step.kind for step in found] == kinds.split()


def test_the_same_line_with_another_number_is_a_counter() -> None:
    """What went as it came with another number counts; a line that only came, and other words, do not."""
    old, new = Piece(1, 9, "so far 4123 users agree"), Piece(2, 9, "so far 5007 users agree")
    alone, other = Piece(3, 9, "at most 12 trees an order"), Piece(4, 9, "so far no user has refused")

    assert counters_of({old: -1, new: 1, alone: 1, other: -1}) == {1, 2}


@pytest.mark.parametrize(
    ("days", "line"),
    [
        pytest.param(
            ("2010-01-01", "2010-06-01", "2010-02-01", "2010-03-01", "2010-06-01", "2010-08-01"),
            ["ab", "abs", "abst", "abu", "au"],
            id="each-edition-has-its-day",
        ),
        pytest.param(
            ("2010-01-01", "2010-01-01", "2010-01-01", "2010-01-01", "2010-01-01", "2010-08-01"),
            ["ab", "abs", "au"],
            id="one-day-for-all",
        ),
        pytest.param(("", "", "", "", "", ""), ["ab", "abs", "au"], id="no-days"),
    ],
)
def test_an_edition_with_its_own_day_stays_on_the_line(days: Sequence[str], line: list[str]) -> None:
    """A text that was recorded out of order does not take the dated editions before its time out of the line."""
    texts = ("ab", "abu", "abs", "abst", "abu2", "au")
    seen = [0, 20, 40, 70, 160, 220]
    wordings = Wordings(lambda sha: passages_of(_spoken(sha.rstrip("2")), [sha.rstrip("2")], {}))
    facts = {text: TextFacts("en", day) for text, day in zip(texts, days, strict=True)}
    sightings = [
        Sighting(n, to_iso(EPOCH + timedelta(days=day)), "git", "u", "k", (), text=text)
        for n, (day, text) in enumerate(zip(seen, texts, strict=True))
    ]

    history = derive_versions(sightings, facts, wordings)

    assert [version.text.rstrip("2") for version in history.main_line] == line


def _spoken(letters: str) -> tuple[Section, ...]:
    said = (*[SAYS[letter] for letter in letters], *BODY)
    return (Section(1, "", "Our nursery", "atx", 1.0, tuple(Clause("paragraph", 0, one, one) for one in said)),)
