"""The page around a policy: what changes beside it all the time is no change of it, what is added to it is one."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_model import DiffFacts, Sighting, TextFacts, Transition
from harvest.corpus.derive_passages import passages_of
from harvest.corpus.derive_wordings import Wordings
from harvest.model import Clause, Section, Tier
from harvest.timestamps import to_iso

EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
POLICY = (
    "This privacy policy says what personal information we collect from the users of our nursery.",
    "We collect your name and your address when you register an account, and we retain both.",
    "We may disclose personal data to carriers, and we require them to protect it.",
    "You may request that we delete what we collected, and we must do so under the law.",
)
RULE = "We may sell the data of your account to third parties who provide advertising."
LISTED = "The following may not be sent by post:"
MENU = ("Careers", "Store locator", "Gift cards", "Blog")
ADDRESS = "Long Lane 7, Appleton"


def headline(number: int) -> str:
    return f"Bed {number} is in bloom, come and see {number} tulips"


def event(number: int) -> str:
    return f"Day {number}: a talk about the data that trees collect, with requests from all users of the garden"


class World:
    """Pages by name: their lines, so that captures can be told in a few words."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, ...]] = {}

    def page(self, *lines: str) -> str:
        name = f"page {len(self.pages)}"
        self.pages[name] = lines
        return name

    def wordings(self) -> Wordings:
        return Wordings(lambda sha: passages_of([_section(self.pages[sha])], [sha], {}))

    def kinds(self, seen: Sequence[tuple[float, str]], dates: Mapping[str, str] | None = None) -> list[str]:
        return [one.kind for one in self.transitions(seen, dates)]

    def transitions(
        self, seen: Sequence[tuple[float, str]], dates: Mapping[str, str] | None = None, *, language: str = "en"
    ) -> tuple[Transition, ...]:
        wordings = self.wordings()
        facts = {name: TextFacts(language, (dates or {}).get(name, "")) for name in self.pages}
        history = derive_versions(sightings(seen), facts, wordings)
        return derive_transitions(history, facts, dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT)), wordings)


def _section(lines: Sequence[str]) -> Section:
    return Section(1, "", "", "none", 0.3, tuple(Clause("paragraph", 0, line, line) for line in lines))


def sightings(seen: Sequence[tuple[float, str]]) -> list[Sighting]:
    return [
        Sighting(number, to_iso(EPOCH + timedelta(days=day)), "wayback", "u", "k", (), text=name)
        for number, (day, name) in enumerate(seen)
    ]


@pytest.fixture
def world() -> World:
    return World()


def weekly(
    world: World, *weeks: int, make: Callable[[int], str] = headline, policy: Sequence[str] = POLICY
) -> list[str]:
    """Pages with a menu and another headline each week, below the second of the policy's lines."""
    return [world.page(*MENU, *policy[:2], make(week), make(week + 1), *policy[2:]) for week in range(*weeks)]


def test_news_beside_a_policy_are_none_of_it(world: World) -> None:
    """Headlines that change with every capture make no change, and the reason says where they stand."""
    seen = [(7.0 * week, page) for week, page in enumerate(weekly(world, 12))]

    found = world.transitions(seen)

    assert [one.kind for one in found] == ["technical"] * 11
    assert all("the page around the policy" in one.reason for one in found)


def test_what_a_selected_text_edits_all_the_time_is_its_own(world: World) -> None:
    """Without any menu the page around the policy was not caught: what changes most are prices and delays."""
    pages = [world.page(*POLICY[:2], headline(week), headline(week + 1), *POLICY[2:]) for week in range(12)]

    assert world.kinds([(7.0 * week, page) for week, page in enumerate(pages)]) == ["change"] * 11


@pytest.mark.parametrize(
    ("tools", "kind"),
    [
        pytest.param(("Skip to content Enter search terms", "Share this SHARE by email"), "technical", id="three"),
        pytest.param(("Share this notice with everybody you work with.",), "change", id="one"),
        pytest.param(("Share this notice.", "Share this, share this, and share this again."), "change", id="one-often"),
        pytest.param(("You may skip to content, enter search terms and share this.",), "change", id="within-a-line"),
    ],
)
def test_tools_tell_that_the_page_was_caught(world: World, tools: Sequence[str], kind: str) -> None:
    """Where menus name no way that is known, what any page offers its visitors shows that it is there."""
    pages = [world.page(*tools, *POLICY[:2], headline(week), headline(week + 1), *POLICY[2:]) for week in range(12)]

    assert world.kinds([(7.0 * week, page) for week, page in enumerate(pages)]) == [kind] * 11


def test_a_rule_that_comes_with_the_news_is_shown(world: World) -> None:
    """One line more, among the rules or at the end of the page, makes the transition a change."""
    pages = weekly(world, 12)
    pages += weekly(world, 12, 15, policy=(*POLICY, RULE))
    pages += weekly(world, 15, 18, policy=(*POLICY[:3], LISTED, POLICY[3], RULE))
    seen = [(7.0 * week, page) for week, page in enumerate(pages)]

    kinds = world.kinds(seen)

    assert [place for place, kind in enumerate(kinds) if kind == "change"] == [11, 14]


def test_news_that_speak_like_a_policy_must_do_nothing_else_than_change(world: World) -> None:
    """Where a place rests now and then, a line in the words of policies is one of the policy's."""
    events = weekly(world, 30, make=event)
    few = world.kinds([(7.0 * week, page) for week, page in enumerate(events[:6])])
    many = world.kinds([(7.0 * week, page) for week, page in enumerate(events)])

    assert "change" in few
    assert many == ["technical"] * 29


def test_what_a_later_date_announces_is_shown(world: World) -> None:
    """A policy that says it changed is believed, though only headlines differ."""
    pages = weekly(world, 12)
    seen = [(7.0 * week, page) for week, page in enumerate(pages)]
    dates = {page: "2009-12-01" if week < 6 else "2010-02-10" for week, page in enumerate(pages)}

    kinds = world.kinds(seen, dates)

    assert [place for place, kind in enumerate(kinds) if kind == "change"] == [5]


def test_a_list_of_the_policy_that_grows_is_shown(world: World) -> None:
    """Entries that come one after another, and stay, are changes, however many there are."""
    trees = [f"The tree that is number {number} of our list" for number in range(12)]
    pages = [world.page(*POLICY[:3], LISTED, *trees[:size], POLICY[3]) for size in range(1, 12)]

    assert world.kinds([(20.0 * n, page) for n, page in enumerate(pages)]) == ["change"] * 10


def test_a_place_that_came_to_rest_is_the_policys_again(world: World) -> None:
    """What changed with every capture three years ago says nothing about what is written there now."""
    pages = weekly(world, 12)
    for line in (ADDRESS, "Short Street 9, Plumville"):
        pages.append(world.page(*POLICY[:2], line, *POLICY[2:]))
    days = [*(7.0 * week for week in range(12)), 1200.0, 1700.0]

    assert world.kinds(list(zip(days, pages, strict=True)))[-2:] == ["change", "change"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(POLICY, (*POLICY, "Appendix for Appleton", "Nobody there is asked for a street."), id="an-annex"),
        pytest.param(POLICY, ("Our shops and our offices stay closed in winter.", *POLICY), id="a-notice-on-top"),
        pytest.param((*POLICY, ADDRESS, *MENU), (*POLICY, "Short Street 9, Plumville", *MENU), id="an-address"),
        pytest.param((*POLICY, *MENU, "Roses"), (*POLICY, RULE, *MENU, "Roses"), id="a-rule-above-the-menu"),
        pytest.param((*POLICY, *MENU, "Roses"), (*POLICY, *MENU, RULE), id="a-rule-below-the-menu"),
        pytest.param((*POLICY, LISTED, "Roses"), (*POLICY, LISTED, "Roses", "Trees"), id="a-list-at-the-end"),
        pytest.param(
            (*POLICY, "Careers", "Blog", "Roses"), (*POLICY, "Careers", "Blog", "Trees"), id="too-few-ways-for-a-menu"
        ),
    ],
)
def test_what_two_captures_differ_in_is_shown(world: World, before: Sequence[str], after: Sequence[str]) -> None:
    """Without a history nothing is hidden by its place, but beyond a menu at the end of the page."""
    assert world.kinds([(0, world.page(*before)), (200, world.page(*after))]) == ["change"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param((*POLICY, *MENU, headline(1)), (*POLICY, *MENU, headline(2)), id="below"),
        pytest.param((headline(1), *MENU, *POLICY), (headline(2), *MENU, *POLICY), id="above"),
    ],
)
def test_what_stands_beyond_a_menu_is_the_pages(world: World, before: Sequence[str], after: Sequence[str]) -> None:
    """A line that does not speak as policies do, on the far side of a menu, is none of the policy's."""
    (one,) = world.transitions([(0, world.page(*before)), (200, world.page(*after))])

    assert (one.kind, bool(one.reason)) == ("technical", True)


def test_nothing_is_told_in_a_language_whose_words_are_not_known(world: World) -> None:
    """Where no line could be told to speak as policies do, all that changes is shown."""
    foreign = ("Zbieramy nazwiska naszych klientów.", "Nie sprzedajemy ich nikomu.") * 2
    seen = [(7.0 * week, page) for week, page in enumerate(weekly(world, 12, policy=foreign))]

    assert [one.kind for one in world.transitions(seen, language="pl")] == ["change"] * 11


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        pytest.param((POLICY[0], "Roses", *POLICY[1:3], "Trees", POLICY[3]), "technical", id="labels"),
        pytest.param((POLICY[0], "Trees", POLICY[2], POLICY[1], "Roses", POLICY[3]), "change", id="rules"),
    ],
)
def test_labels_that_were_moved_are_no_change(world: World, after: Sequence[str], kind: str) -> None:
    """Menus that are set in another order change nothing; rules that are do."""
    before = (POLICY[0], "Trees", *POLICY[1:3], "Roses", POLICY[3])
    (one,) = world.transitions([(0, world.page(*before)), (200, world.page(*after))])

    assert one.kind == kind


PAGES = World()
NAMES = [*weekly(PAGES, 8), *weekly(PAGES, 3, policy=(*POLICY, RULE)), PAGES.page(*POLICY), PAGES.page(*POLICY, *MENU)]


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(NAMES)), max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(captures: list[tuple[int, str]], rng: random.Random) -> None:
    """Whatever was derived before, and in whatever order captures came, the same transitions follow."""
    seen = sightings(sorted({float(day): name for day, name in captures}.items()))
    facts = dict.fromkeys(NAMES, TextFacts("en"))
    wordings = PAGES.wordings()
    for size in itertools.islice(range(0, len(seen), 5), 4):
        derive_versions(rng.sample(seen, size), facts, wordings)
    history = derive_versions(rng.sample(seen, len(seen)), facts, wordings)
    diffs = dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT))

    found = derive_transitions(history, facts, diffs, wordings)

    fresh = PAGES.wordings()
    assert found == derive_transitions(derive_versions(seen, facts, fresh), facts, diffs, fresh)


@given(st.lists(st.sampled_from(NAMES[:8]), min_size=2, max_size=20))
def test_a_rule_at_the_end_is_never_hidden(shown: list[str]) -> None:
    """After any history of news, a rule that is added and stays is a change."""
    world = World()
    pages = {name: world.page(*PAGES.pages[name]) for name in NAMES[:8]}
    last = PAGES.pages[shown[-1]]
    seen = [(7.0 * week, pages[name]) for week, name in enumerate(shown)]
    seen.append((7.0 * len(shown), world.page(*last, RULE)))

    assert world.kinds(seen)[-1] == "change"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        pytest.param("", "Seen something odd in this bed? Tell the gardener at the gate", "technical", id="a-notice"),
        pytest.param(
            "Hosting of the list of trees in the north",
            "Hosting of the list of trees and of the shop in the north",
            "change",
            id="what-several-firms-do",
        ),
    ],
)
def test_the_same_line_at_many_places_may_be_reworded(world: World, before: str, after: str, kind: str) -> None:
    """A line that comes at five places is about none of them; one that is reworded at five is what several do."""
    firms = [f"Firm {number} keeps the personal data of our users for us under an agreement." for number in range(5)]
    pages = [world.page(*POLICY, *(one for firm in firms for one in (firm, line) if one)) for line in (before, after)]

    (found,) = world.kinds([(0, pages[0]), (200, pages[1])])

    assert found == kind
