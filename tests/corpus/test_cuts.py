"""Texts that leave the line of their policy: cut short while it changed, another page, another English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_model import DiffFacts, Sighting, TextFacts, Transition, Versions
from harvest.corpus.derive_passages import passages_of
from harvest.corpus.derive_wordings import Wordings
from harvest.model import Clause, Section, Tier
from harvest.timestamps import to_iso

EPOCH = datetime(2011, 3, 1, tzinfo=UTC)
RULES = [
    f"We collect the name of whoever rents boat {number}, and we share your data with the lock keeper of that reach."
    for number in range(40)
]
PANELS = [
    f"You may ask us at jetty {number} which data about your trips we process, and why we do." for number in range(30)
]
NEWS = [
    f"Boat {number} was painted green in spring, and everybody at the harbour liked it a lot." for number in range(40)
]

Seen = Sequence[tuple[float, Sequence[str]]]


def page(lines: Sequence[str]) -> tuple[Section, ...]:
    return (Section(1, "", "Our boats", "atx", 1.0, tuple(Clause("paragraph", 0, line, line) for line in lines)),)


def derive(
    seen: Seen, *, stated: Mapping[int, str] | None = None, words: int = 20, tier: Tier = Tier.EDIT
) -> tuple[list[int], tuple[Transition, ...], Versions]:
    """Return which of the pages *seen* (day, lines) are on the line, and what lies between these."""
    names = [f"text {number}" for number in range(len(seen))]
    texts = dict(zip(names, (lines for _, lines in seen), strict=True))
    wordings = Wordings(lambda sha: passages_of(page(texts[sha]), [sha], {}))
    sightings = [
        Sighting(number, to_iso(EPOCH + timedelta(days=day)), "wayback", "u", "k", (), text=names[number])
        for number, (day, _) in enumerate(seen)
    ]
    facts = {name: TextFacts("en", (stated or {}).get(number, "")) for number, name in enumerate(names)}
    history = derive_versions(sightings, facts, wordings)
    diffs = dict.fromkeys(history.pairs, DiffFacts(tier, words))
    line = [names.index(version.text) for version in history.main_line]
    return line, derive_transitions(history, facts, diffs, wordings), history


NEW_RULE = "We sell the data of whoever rents a boat to the inn at the weir, and you may not object to it."


@pytest.mark.parametrize(
    ("days", "middle", "last", "line"),
    [
        pytest.param(
            (0, 20, 60), [*RULES[:9], NEW_RULE, *RULES[10:]], PANELS, [0, 2], id="panels-shut-while-it-changed"
        ),
        pytest.param((0, 20, 300), [*RULES[:9], NEW_RULE, *RULES[10:]], PANELS, [0, 1, 2], id="for-most-of-a-year"),
        pytest.param((0, 20, 60), RULES, PANELS[:4], [0, 1, 2], id="little-is-back"),
        pytest.param((0, 20, 60), [*RULES, *NEWS], PANELS, [0, 1, 2], id="it-said-other-things"),
        pytest.param(
            (0, 20, 60), [*RULES[:9], NEW_RULE, *RULES[10:]], [*NEWS, *PANELS], [0, 1, 2], id="much-else-comes"
        ),
    ],
)
def test_a_capture_cut_short_stands_beside_the_line(
    days: tuple[int, int, int], middle: Sequence[str], last: Sequence[str], line: list[int]
) -> None:
    """What went and is back word for word, soon, never went; what changed beside it is told by the texts about it."""
    after = [*RULES[:9], NEW_RULE, *RULES[10:], *last]

    found, transitions, _ = derive([(days[0], [*RULES, *PANELS]), (days[1], middle), (days[2], after)])

    assert found == line
    assert transitions[-1].kind == "change"


def test_what_changed_within_a_cut_keeps_its_day() -> None:
    """A rule that came while panels were shut, in a text of its own, is told of the day it came."""
    cut = [*RULES[:9], NEW_RULE, *RULES[10:]]

    line, _, _ = derive(
        [(0, [*RULES, *PANELS]), (20, RULES), (40, [*cut, *NEWS[:20]]), (60, [*cut, *NEWS[:20], *PANELS])]
    )

    assert line == [0, 1, 2, 3]


OFFERS = [f"Boat {number} for two, three or four persons and a dog" for number in range(4)]


@pytest.mark.parametrize(
    ("days", "offers_at_the_end", "kinds"),
    [
        pytest.param(120, True, ["technical", "technical"], id="a-season"),
        pytest.param(300, True, ["change", "change"], id="most-of-a-year"),
        pytest.param(120, False, ["change", "change"], id="in-the-midst-of-rules"),
    ],
)
def test_offers_at_an_end_of_the_page_for_a_season_are_the_pages(
    days: float, *, offers_at_the_end: bool, kinds: list[str]
) -> None:
    """What says nothing, beyond all that does, and was gone again, is no list of the policy."""
    page = ["Careers", "Store locator", "Gift cards", "Blog", *RULES]
    with_offers = [*page, *OFFERS] if offers_at_the_end else [*page[:20], *OFFERS, *page[20:]]

    _, transitions, _ = derive([(0, page), (100, with_offers), (100 + days, page)])

    assert [transition.kind for transition in transitions] == kinds


def test_another_page_is_no_version_of_the_policy_however_long_it_stands() -> None:
    """News at the address of a policy leave its line; the policy back after them is compared with the old one."""
    after = [*RULES, NEW_RULE]

    line, transitions, history = derive([(0, RULES), (30, NEWS), (400, NEWS[:30]), (500, after)])

    assert line == [0, 3]
    assert [transition.kind for transition in transitions] == ["change"]
    assert [version.variant_of for version in history.versions] == [None, 1, 1, None]


@pytest.mark.parametrize(
    "own",
    [
        pytest.param(NEWS, id="a-policy-in-other-words"),
        pytest.param([*RULES[:2], *NEWS[:6]], id="a-notice-in-its-place"),
    ],
)
def test_a_page_that_speaks_as_its_policy_does_is_one(own: Sequence[str]) -> None:
    """Only a page that says nothing, where all others do, is another one."""
    line, _, _ = derive([(0, [*own, "Tea is served."]), (30, own), (400, NEWS[:30]), (500, [*own, NEW_RULE])])

    assert 0 in line and len(line) > 2


def british(lines: Sequence[str]) -> list[str]:
    words = {"color": "colour", "organization": "organisation", "recognize": "recognise", "favorite": "favourite"}
    for american, printed in words.items():
        lines = [line.replace(american, printed) for line in lines]
    return list(lines)


AMERICAN = [
    f"Our organization may recognize your favorite color of boat {number} from your data." for number in range(6)
]
BRITISH = british(AMERICAN)
OTHERWISE = [line.replace("Our organisation may", "The organisation can") for line in BRITISH]


@pytest.mark.parametrize(
    ("after", "words", "stated", "kind"),
    [
        pytest.param([*RULES, *OTHERWISE], 40, "", "change", id="more-words-than-are-spelled-otherwise"),
        pytest.param([*RULES, *OTHERWISE], 12, "", "technical", id="a-few-words-with-the-spelling"),
        pytest.param([*RULES, *OTHERWISE], 100, "2011-02-01", "technical", id="one-date-on-both"),
        pytest.param([*RULES, *OTHERWISE], 400, "2011-02-01", "change", id="too-many-words"),
        pytest.param([*RULES, *OTHERWISE, NEW_RULE], 20, "2011-02-01", "change", id="a-rule-more"),
        pytest.param([*RULES, OTHERWISE[0], *AMERICAN[1:]], 4, "", "change", id="four-words"),
    ],
)
def test_the_edition_for_another_english_is_no_change(after: Sequence[str], words: int, stated: str, kind: str) -> None:
    """Words of one spelling for those of the other, and few others, are an edition; a line that comes is a rule."""
    _, (found,), _ = derive([(0, [*RULES, *AMERICAN]), (30, after)], stated={0: stated, 1: stated}, words=words)

    assert found.kind == kind
    assert ("readers of another English" in found.reason) == (kind == "technical")


def test_an_edition_with_a_later_date_is_a_change() -> None:
    """Whoever dates it anew has edited it."""
    _, (found,), _ = derive(
        [(0, [*RULES, *AMERICAN]), (30, [*RULES, *OTHERWISE])], stated={0: "2011-02-01", 1: "2011-03-20"}
    )

    assert found.kind == "change"


def test_spelling_alone_makes_no_other_wording() -> None:
    """A page shown to two countries in turn has nothing to tell."""
    pages = [[*RULES, *AMERICAN], [*RULES, *BRITISH]]

    _, transitions, _ = derive([(10 * number, pages[number % 2]) for number in range(6)])

    assert {transition.kind for transition in transitions} == {"technical"}


def sections(*parts: tuple[str, Sequence[str]]) -> tuple[Section, ...]:
    return tuple(
        Section(1, "", heading, "atx", 1.0, tuple(Clause("paragraph", 0, line, line) for line in lines))
        for heading, lines in parts
    )


@pytest.mark.parametrize(
    ("beside", "nothing_said"),
    [
        pytest.param("On the river", True, id="label"),
        pytest.param("We keep your data on the river for ten years.", False, id="rule"),
    ],
)
def test_the_trail_above_each_of_several_pages_says_nothing(beside: str, *, nothing_said: bool) -> None:
    """Titles that stood twice and stand once now, with the part of the site beside one of them, are furniture."""
    titles = ["Rules for the lock", "Rules for the weir", "Rules for the jetty", "Rules for the slip"]
    plain = [(title, RULES[10 * number : 10 * number + 10]) for number, title in enumerate(titles)]
    trails = [part for number, one in enumerate(plain) for part in ((one[0], [] if number else [beside]), one)]
    texts = {"trails": sections(*trails), "plain": sections(*plain)}

    wordings = Wordings(lambda sha: passages_of(texts[sha], [(sha, n) for n in range(len(texts[sha]))], {}))

    assert wordings.is_of_headings("trails", "plain") == nothing_said


@pytest.mark.parametrize(
    ("days", "back", "kinds"),
    [
        pytest.param(140, PANELS, ["technical", "change", "technical"], id="back-word-for-word"),
        pytest.param(210, PANELS, ["change", "change", "change"], id="away-for-longer-than-half-a-year"),
        pytest.param(140, PANELS[:3], ["change", "change", "change"], id="a-few-paragraphs"),
        pytest.param(140, [*PANELS, NEW_RULE], ["technical", "change", "change"], id="a-rule-came-with-them"),
    ],
)
def test_what_was_away_from_cut_texts_is_no_change_when_it_is_back(
    days: int, back: Sequence[str], kinds: list[str]
) -> None:
    """Where the policy changed in between, its texts stay on the line, and only what is new at its end is a change."""
    edited = [rule.replace("lock keeper", "ferryman") for rule in RULES]
    seen = [(0, [*RULES, *PANELS]), (10, RULES), (60, edited), (days, [*edited, *back])]

    _, steps, _ = derive(seen)

    assert [step.kind for step in steps] == kinds


@pytest.mark.parametrize(
    ("heading", "line", "kind"),
    [
        pytest.param("", "", "technical", id="panels-for-a-month"),
        pytest.param("About our boats", "", "technical", id="with-a-heading-that-stays-away"),
        pytest.param("", "Green boats", "change", id="with-an-entry-of-a-list"),
        pytest.param(
            "We share your data with the keepers of all our locks",
            "",
            "change",
            id="with-a-heading-that-says-something",
        ),
    ],
)
def test_headings_beside_what_turned_back_say_nothing(heading: str, line: str, kind: str) -> None:
    """A heading that went for good beside panels that were there for a month makes no change; another line does."""

    def text(lines: Sequence[str], heading: str) -> tuple[Section, ...]:
        return (*page(lines), Section(2, "", heading, "atx", 1.0, (Clause("paragraph", 0, RULES[0], RULES[0]),)))

    edited = [rule.replace("lock keeper", "ferryman") for rule in RULES[1:]]
    beside = [line] if line else []
    pages = {
        "before": text([*RULES[1:], *beside], heading),
        "panels": text([*edited, *PANELS, *beside], heading),
        "after": text(edited, ""),
    }
    wordings = Wordings(lambda sha: passages_of(pages[sha], [f"{sha} 1", f"{sha} 2"], {}))
    sightings = [
        Sighting(day, to_iso(EPOCH + timedelta(days=day)), "wayback", "u", "k", (), text=sha)
        for day, sha in zip((0, 300, 330), pages, strict=True)
    ]
    facts = dict.fromkeys(pages, TextFacts("en"))
    history = derive_versions(sightings, facts, wordings)

    steps = derive_transitions(history, facts, dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT, 20)), wordings)

    assert [step.kind for step in steps] == ["change", kind]


def test_a_rule_that_moved_is_a_change() -> None:
    """No word changed, and where a rule stands may matter: that only its place did is what its tier says."""
    (step,) = derive([(0, RULES), (50, [*RULES[1:], RULES[0]])], tier=Tier.ORDER)[1]

    assert step.kind == "change"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        pytest.param([*RULES, *RULES[:9]], RULES, "technical", id="twice-then-once"),
        pytest.param(RULES, [*RULES, *RULES[:9]], "technical", id="once-then-twice"),
        pytest.param([*RULES, *RULES[:9]], [*RULES, NEW_RULE], "change", id="with-another-rule"),
        pytest.param([*RULES, *RULES[:3]], RULES, "change", id="a-few-rules-of-one-list"),
        pytest.param([*RULES, *PANELS[:9]], RULES, "change", id="what-stood-once"),
    ],
)
def test_a_part_of_the_page_that_stood_twice_says_nothing(
    before: Sequence[str], after: Sequence[str], kind: str
) -> None:
    """A copy of much of the text may come or go; of a few rules it may be their place in another list."""
    (step,) = derive([(0, before), (200, after)])[1]

    assert step.kind == kind
