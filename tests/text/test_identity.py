"""What makes two clauses, sections or texts the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from harvest.model import Clause, Section
from harvest.text.identity import clause_sha, section_sha, text_sha

CLAUSE = Clause("paragraph", 0, "We keep letters.", "We keep [letters](http://a.example/).")
SECTION = Section(2, "1", "Letters", "bold", 0.9, (CLAUSE,))


def test_clause_identity_is_its_markdown() -> None:
    """Anybody can compute the identity of a clause from its markdown."""
    assert clause_sha(CLAUSE.markdown) == hashlib.sha256(CLAUSE.markdown.encode()).hexdigest()
    assert clause_sha(CLAUSE.markdown) != clause_sha(CLAUSE.text)


def test_structure_is_no_part_of_identity() -> None:
    """Level, kind of heading, confidence and depth change neither section nor text."""
    other = replace(
        SECTION, level=4, heading_kind="markup", confidence=0.1, clauses=(replace(CLAUSE, depth=2, kind="item"),)
    )

    assert section_sha(other) == section_sha(SECTION)
    assert text_sha([other]) == text_sha([SECTION])


def test_number_belongs_to_the_text_not_to_the_section() -> None:
    """Renumbering makes a new text of the same sections."""
    other = replace(SECTION, number="2")

    assert section_sha(other) == section_sha(SECTION)
    assert text_sha([other]) != text_sha([SECTION])


def test_borders_count() -> None:
    """The same words cut into sections or clauses elsewhere are another text."""
    two = [SECTION, replace(SECTION, heading="", number="")]

    assert len({text_sha([SECTION]), text_sha(two), text_sha([replace(SECTION, clauses=(CLAUSE, CLAUSE))])}) == 3


def test_lone_surrogates_are_hashed() -> None:
    """Text that is no valid Unicode still has an identity."""
    assert len(clause_sha("\ud800")) == 64
