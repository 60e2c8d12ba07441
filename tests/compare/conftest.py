"""Texts for the tests of the compare room: our own writing, and strategies that build documents of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import strategies as st

from harvest.model import Clause, Diff, Section

SENTENCES = (
    "We keep the address you give us for as long as your account is open.",
    "Cookies help the shop remember what you put in your basket.",
    "Nobody outside the company reads the letters you write to us.",
    "You may ask us at any time to erase everything we hold about you.",
    "Payment details travel to the bank in encrypted form and are never stored.",
    "Our partners count visits, not visitors.",
    "Children under thirteen may not open an account.",
    "If the law obliges us to hand over records, we tell you unless a court forbids it.",
    "Last updated: 3 May 2011",
    "Write to privacy@shop.example or call (030) 555-0142.",
    "See section 2 for your choices.",
    "“Personal data” means data about a living person – and nothing else.",
    "*",
    "数据不会出售给任何人。",
)
# Some are the words of clauses: what is a heading in one text is a clause, or part of one, in another.
HEADINGS = ("", "Cookies", "Your choices", "Payment", "Cookies", "Contact us", SENTENCES[5], SENTENCES[1][:38])

clauses = st.one_of(
    st.sampled_from(SENTENCES),
    st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=3).map(" ".join),
    st.text(max_size=40),
)
sections = st.builds(
    lambda level, number, heading, kind, texts: Section(
        level, number, heading, kind, 1.0, tuple(Clause("paragraph", 0, t, t) for t in texts)
    ),
    st.integers(1, 3),
    st.sampled_from(("", "1", "2", "3.1")),
    st.sampled_from(HEADINGS),
    st.sampled_from(("markup", "bold-run-in")),
    st.lists(clauses, max_size=4),
)
documents = st.lists(sections, max_size=6).map(tuple)


@pytest.fixture(scope="session")
def doc() -> Callable[..., tuple[Section, ...]]:
    """Return a function that makes a document of (heading, clause, clause …) tuples; ``1. Title`` has a number."""

    def make(*parts: Sequence[str]) -> tuple[Section, ...]:
        return tuple(_section(part[0], part[1:]) for part in parts)

    return make


def _section(heading: str, texts: Sequence[str]) -> Section:
    number, dot, title = heading.partition(". ")
    if not (dot and number.replace(".", "").isdigit()):
        number, title = "", heading
    return Section(2, number, title, "markup", 1.0, tuple(Clause("paragraph", 0, t, t) for t in texts))


@pytest.fixture(scope="session")
def kinds() -> Callable[[Diff], Counter[str]]:
    """Return a function that counts the kinds of a diff's changes."""
    return lambda diff: Counter(change.kind for change in diff.changes)
