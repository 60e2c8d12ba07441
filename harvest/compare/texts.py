"""Two Markdown texts → a diff: reads both, compares, and says so where only the mark-up differs."""

from __future__ import annotations

from dataclasses import replace

from harvest.compare.diff import compare
from harvest.model import Diff, Tier
from harvest.text.markdown import read_sections


def compare_texts(before: str, after: str) -> Diff:
    """Compare two Markdown texts as `compare` does their sections.

    Texts that read the same but are not the same string differ in typography: white space or mark-up, which
    reading drops. Never raises.
    """
    found = compare(read_sections(before), read_sections(after))
    return mark_up_only(found) if found.tier is None and before != after else found


def mark_up_only(diff: Diff) -> Diff:
    """Return the diff of two sources that read the same."""
    return replace(diff, tier=Tier.TYPOGRAPHY, reason="white space or mark-up only: every word reads the same")
