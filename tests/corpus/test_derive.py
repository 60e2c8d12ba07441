"""The history of a policy as a pure function: versions, bounds, variants, transitions."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_model import DiffFacts, Sighting, TextFacts, Versions
from harvest.model import Tier
from harvest.timestamps import to_iso

EPOCH = datetime(2010, 1, 1, tzinfo=UTC)
LANGUAGES = {"D": "de", "E": "de"}


def see(day: float, text: str, *, number: int = 0, **details: object) -> Sighting:
    """One capture: a letter is the text it shows, '!' an error page, '' nothing."""
    values: dict[str, object] = {
        "capture_id": number,
        "at": to_iso(EPOCH + timedelta(days=day)),
        "archive": "wayback",
        "url": "http://a.example/p",
        "urlkey": "example,a)/p",
        "row": ("", "", ""),
        "text": "" if text == "!" else text,
        "gone": text == "!",
    }
    return Sighting(**{**values, **details})  # type: ignore[arg-type]


def history_of(line: str, *, step: float = 30, stated: dict[str, str] | None = None) -> Versions:
    """Derive the versions of one capture every *step* days, one letter each."""
    sightings = [see(step * place, text, number=place) for place, text in enumerate(line)]
    return derive_versions(sightings, facts_of(line, stated))


def facts_of(line: str, stated: dict[str, str] | None = None) -> dict[str, TextFacts]:
    return {text: TextFacts(LANGUAGES.get(text, "en"), (stated or {}).get(text, "")) for text in line}


def main_line(history: Versions) -> str:
    return "".join(version.text for version in history.main_line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("", "", id="nothing seen"),
        pytest.param("AAA", "A", id="one text is one version"),
        pytest.param("AABB", "AB", id="a change"),
        pytest.param("A!AB", "AB", id="an error page between is no change"),
        pytest.param("ABA", "ABA", id="taken back once"),
        pytest.param("ABCBA", "ABCBA", id="taken back step by step"),
        pytest.param("ABABA", "A", id="alternating, ends as it began"),
        pytest.param("ABABABBBBBB", "AB", id="alternating until the new text stays"),
        pytest.param("AABABAACC", "AC", id="alternating, then a change"),
        pytest.param("ABACADA", "A", id="one-day texts beside a steady one"),
        pytest.param("ABCABCAAA", "A", id="three texts take turns"),
        pytest.param("AADA", "A", id="another language for a while"),
        pytest.param("AAAD", "A", id="another language at the end"),
        pytest.param("DDAAAA", "DA", id="another language before the policy's own"),
        pytest.param("AAAA" + "D" * 14, "AD", id="another language for good"),
    ],
)
def test_the_main_line_follows_what_a_reader_would_follow(line: str, expected: str) -> None:
    """Runs of one text are versions; alternating texts and other languages stand beside the line."""
    assert main_line(history_of(line)) == expected


def test_a_text_that_comes_back_after_years_is_a_return_not_an_alternation() -> None:
    """Alternation needs texts that are back within `RETURN_DAYS`."""
    assert main_line(history_of("ABAB", step=300)) == "ABAB"


def test_variants_point_at_the_version_in_force() -> None:
    """An alternate is numbered like any version, off the line, and names the main version it stood beside."""
    history = history_of("AACCXCXCC")

    alternate = next(version for version in history.versions if version.text == "X")

    assert (alternate.place, alternate.variant_of) == (None, 2)
    assert [version.number for version in history.main_line] == [1, 2]


def test_both_bounds_of_every_version_are_kept() -> None:
    """A text appeared after the last capture without it and was gone by the first later one, an error page too."""
    history = history_of("AA!BB!", step=1)

    first, second = history.versions

    assert (first.not_before, first.first_seen, first.last_seen) == (
        None,
        "2010-01-01T00:00:00Z",
        "2010-01-02T00:00:00Z",
    )
    assert first.gone_by == "2010-01-03T00:00:00Z"
    assert (second.not_before, second.first_seen) == ("2010-01-02T00:00:00Z", "2010-01-04T00:00:00Z")
    assert second.gone_by == "2010-01-06T00:00:00Z"


def test_variant_urls_leave_the_main_line_alone() -> None:
    """Captures of a variant URL make versions of their own that neither split nor bound the main ones."""
    other = {"url": "http://a.example/de", "urlkey": "example,a)/de", "variant_url": True}
    sightings = [
        see(0, "A", number=1),
        see(1, "D", number=2, **other),
        see(2, "A", number=3),
        see(3, "E", number=4, **other),
    ]

    history = derive_versions(sightings, facts_of("ADE"))

    assert main_line(history) == "A"
    assert [(v.text, v.variant_of, v.not_before, v.gone_by) for v in history.versions if v.place is None] == [
        ("D", 1, None, "2010-01-04T00:00:00Z"),
        ("E", 1, "2010-01-02T00:00:00Z", None),
    ]


def test_an_error_of_a_variant_url_bounds_its_own_versions_alone() -> None:
    """That the German page is gone says nothing of the English one."""
    other = {"url": "http://a.example/de", "urlkey": "example,a)/de", "variant_url": True}
    sightings = [see(0, "A", number=1), see(1, "D", number=2, **other), see(2, "!", number=3, **other), see(4, "!")]

    assert {version.text: version.gone_by for version in derive_versions(sightings, facts_of("AD")).versions} == {
        "A": "2010-01-05T00:00:00Z",
        "D": "2010-01-03T00:00:00Z",
    }


def test_a_policy_known_by_variant_urls_alone_still_has_a_main_line() -> None:
    """Roles of URLs are relative: without a main URL, all count."""
    history = derive_versions([see(0, "D", variant_url=True)], facts_of("D"))

    assert main_line(history) == "D"


def test_a_derived_capture_gives_way_to_the_raw_one_of_the_same_second() -> None:
    """An imported extraction and the same capture harvested later are one version."""
    derived = see(0, "P", number=1, archive="princeton-leuven", form="derived")
    raw = see(0, "R", number=2)

    history = derive_versions([derived, raw, see(9, "R", number=3)], facts_of("PR"))

    assert main_line(history) == "R"
    assert history.of_capture == {1: 1, 2: 1, 3: 1}
    assert history.same_by_form == {("P", "R")}


def test_a_shell_of_the_same_second_does_not_take_a_text_away() -> None:
    """Where an extraction has a text and the raw page of that second is a script shell, the text was there."""
    derived = see(0, "P", number=1, archive="princeton-leuven", form="derived")

    history = derive_versions([derived, see(0, "!", number=2)], facts_of("P"))

    assert history.versions[0].gone_by is None


@pytest.mark.parametrize(
    ("line", "tier", "stated", "expected"),
    [
        pytest.param("AB", Tier.EDIT, {}, ("change", None, 0), id="no dates stated"),
        pytest.param("AB", Tier.EDIT, {"A": "2010-01-01", "B": "2010-01-01"}, ("change", 1, 0), id="silent"),
        pytest.param("AB", Tier.EDIT, {"A": "2010-01-01", "B": "2010-02-01"}, ("change", 0, 0), id="announced"),
        pytest.param("AB", Tier.EDIT, {"A": "2012-01-01", "B": "2012-01-01"}, ("change", 0, 0), id="announced ahead"),
        pytest.param("AB", Tier.DATES, {"A": "2010-01-01", "B": "2010-02-01"}, ("change", 0, 1), id="redated"),
        pytest.param(
            "AB", Tier.TYPOGRAPHY, {"A": "2010-01-01", "B": "2010-01-01"}, ("change", None, 0), id="only noise"
        ),
        pytest.param("AB", Tier.EDIT, {"A": "2010-01-01"}, ("change", None, 0), id="one side states none"),
    ],
)
def test_a_transition_says_whether_they_said_so(
    line: str, tier: Tier, stated: dict[str, str], expected: tuple[str, int | None, int]
) -> None:
    """Silent and redated follow from the stated dates and the tier."""
    history = history_of(line, stated=stated)

    (transition,) = derive_transitions(history, facts_of(line, stated), {("A", "B"): DiffFacts(tier)})

    assert (transition.kind, transition.silent, transition.redated) == expected


def test_a_text_that_comes_back_is_a_return() -> None:
    """The transition to a text that stood before is of kind ``return``."""
    history = history_of("ABA")

    kinds = [
        t.kind for t in derive_transitions(history, facts_of("AB"), dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT)))
    ]

    assert kinds == ["change", "return"]


def test_a_part_that_came_whole_is_one() -> None:
    """The diff says so; a text that stood before is a return whatever came back with it."""
    history = history_of("ABA")
    diffs = {("A", "B"): DiffFacts(Tier.EDIT, part="part-added"), ("B", "A"): DiffFacts(Tier.EDIT, part="part-removed")}

    kinds = [step.kind for step in derive_transitions(history, facts_of("AB"), diffs)]

    assert kinds == ["part-added", "return"]


@pytest.mark.parametrize(
    ("tier", "twin", "kind"),
    [
        pytest.param(Tier.LINKS, False, "technical", id="only noise between forms"),
        pytest.param(Tier.REVISION, False, "change", id="words between forms"),
        pytest.param(Tier.REVISION, True, "technical", id="known to be one text in two forms"),
    ],
)
def test_what_differs_by_form_alone_is_technical(tier: Tier, twin: bool, kind: str) -> None:
    """A raw text beside somebody's extraction of it is no change of the policy."""
    derived = {"archive": "princeton-leuven", "form": "derived"}
    sightings = [see(0, "R", number=1), see(50, "P", number=2, **derived)]
    if twin:
        sightings.append(see(0, "P", number=3, **derived))
    history = derive_versions(sightings, facts_of("PR"))

    (transition,) = derive_transitions(history, facts_of("PR"), {("R", "P"): DiffFacts(tier)})

    assert transition.kind == kind


@st.composite
def worlds(draw: st.DrawFn) -> list[Sighting]:
    """Captures of every sort, several in one second among them."""
    sightings = []
    for number in range(draw(st.integers(0, 25))):
        form = draw(st.sampled_from(["raw", "raw", "raw", "derived"]))
        sightings.append(
            see(
                draw(st.integers(0, 12)) * 40,
                draw(st.sampled_from("AABBCD!")),
                number=number,
                archive="wayback" if form == "raw" else "princeton-leuven",
                form=form,
                row=(str(number), "", ""),
                variant_url=draw(st.sampled_from([False, False, False, True])),
            )
        )
    return sightings


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(sightings: list[Sighting], rng: random.Random) -> None:
    """Any order of the same captures gives the same versions."""
    shuffled = rng.sample(sightings, len(sightings))

    assert derive_versions(shuffled, facts_of("ABCD")) == derive_versions(sightings, facts_of("ABCD"))


@given(worlds())
def test_versions_cover_every_capture_with_a_text(sightings: list[Sighting]) -> None:
    """Each capture with a text is in one version; numbers, places and bounds are in order."""
    history = derive_versions(sightings, facts_of("ABCD"))

    line = history.main_line
    assert set(history.of_capture) == {one.capture_id for one in sightings if one.text}
    assert [version.number for version in history.versions] == list(range(1, len(history.versions) + 1))
    assert [version.place for version in line] == list(range(1, len(line) + 1))
    assert all(a.text != b.text and a.last_seen <= b.first_seen for a, b in itertools.pairwise(line))
    for version in history.versions:
        assert version.first_seen <= version.last_seen
        assert version.not_before is None or version.not_before <= version.first_seen
        assert version.gone_by is None or version.gone_by >= version.last_seen
        assert (version.place is None) == (version.variant_of is not None)
        assert version.variant_of is None or history.versions[version.variant_of - 1].place is not None


def test_thousands_of_captures_are_derived_at_once() -> None:
    """A page that alternates 4,000 times is no quadratic surprise."""
    history = history_of("AB" * 2000 + "C" * 10, step=1)

    assert main_line(history) == "AC"
