"""Texts that a collector extracted by other rules than the ones before them: theirs, or a change of the policy."""

from __future__ import annotations

import pytest

from harvest.corpus.derive import derive_transitions, derive_versions
from harvest.corpus.derive_model import DiffFacts, Sighting, TextFacts
from harvest.corpus.derive_passages import passages_of
from harvest.corpus.derive_wordings import Wordings
from harvest.model import Clause, Section, Tier

BEDS = tuple(f"The beds of row {number} are watered at dawn, by hand, in a dry summer." for number in range(40))
CARRIER = "We tell the carrier your street, and nobody else is told where your garden lies."
SOLD = "We sell the list of our customers to whoever pays for it, and tell them so."
AROUND = ("Come and see ten thousand young trees in our nursery, in sun and in rain.", "Read our letter on roses.")
RULE = "Without our consent you may not use any content of our services to train models, nor share your account."
TEXTS = {
    "rule": (CARRIER, *BEDS, RULE),
    "page": (CARRIER, *BEDS, *(f"{RULE} This is rule {number}." for number in range(12))),
    "rules": (CARRIER, *BEDS),
    "sold": (SOLD, *BEDS),
    "more": (CARRIER, *BEDS, *AROUND),
}


def wordings() -> Wordings:
    sections = {
        name: (Section(1, "", "Our nursery", "atx", 1.0, tuple(Clause("paragraph", 0, one, one) for one in said)),)
        for name, said in TEXTS.items()
    }
    return Wordings(lambda name: passages_of(sections[name], [name], {}))


@pytest.mark.parametrize(
    ("after", "second", "stated", "kind"),
    [
        pytest.param("more", "2010-08-01", ("", ""), "technical", id="more-of-the-page"),
        pytest.param("more", "2010-08-01", ("2010-01-01", "2010-01-01"), "technical", id="more-under-the-old-date"),
        pytest.param("sold", "2010-08-01", ("", ""), "change", id="other-words-months-later"),
        pytest.param("sold", "2010-01-01", ("", ""), "technical", id="other-words-within-a-day"),
        pytest.param("more", "2010-08-01", ("2009-01-01", "2010-05-01"), "change", id="a-later-date"),
        pytest.param("more", "2010-08-01", ("", "2010-05-01"), "change", id="a-date-after-the-text-before"),
        pytest.param("more", "2010-08-01", ("", "2009-05-01"), "technical", id="a-date-that-was-not-caught"),
        pytest.param("more", "2010-08-01", ("2010-05-01", "2010-05-01"), "technical", id="announced-by-both"),
        pytest.param("rule", "2010-08-01", ("", ""), "change", id="a-rule-came-alone"),
        pytest.param("page", "2010-08-01", ("", ""), "technical", id="another-page-of-rules"),
    ],
)
def test_rules_take_in_more_or_less_of_a_page(after: str, second: str, stated: tuple[str, str], kind: str) -> None:
    """What other rules caught is theirs; words in the place of others, or under a later date, are the policy's."""
    facts = {"rules": TextFacts("en", stated[0]), after: TextFacts("en", stated[1])}
    known = wordings()
    seen = [
        Sighting(0, "2010-01-01T06:00:00Z", "git", "u", "k", (), form="derived", text="rules"),
        Sighting(1, f"{second}T18:00:00Z", "git", "u", "k", (), form="derived", text=after, filtered=True),
    ]
    history = derive_versions(seen, facts, known)

    (one,) = derive_transitions(history, facts, dict.fromkeys(history.pairs, DiffFacts(Tier.EDIT, 30)), known)

    assert one.kind == kind


def test_noise_of_other_rules_is_theirs() -> None:
    """Links that other rules wrote otherwise are told as theirs, whenever that was."""
    facts = dict.fromkeys(("rules", "sold"), TextFacts("en"))
    known = wordings()
    seen = [
        Sighting(0, "2010-01-01T06:00:00Z", "git", "u", "k", (), form="derived", text="rules"),
        Sighting(1, "2011-01-01T06:00:00Z", "git", "u", "k", (), form="derived", text="sold", filtered=True),
    ]
    history = derive_versions(seen, facts, known)

    (one,) = derive_transitions(history, facts, dict.fromkeys(history.pairs, DiffFacts(Tier.LINKS)), known)

    assert (one.kind, one.reason) == ("technical", "the page was extracted anew, by other rules")
