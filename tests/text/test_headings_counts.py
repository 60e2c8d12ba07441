"""Headings that are counted, and those that stand beside, above or inside what is counted."""

from __future__ import annotations

import pytest

from harvest.text.markdown import read_markdown

P = "We keep this short on purpose, so that every visitor can read the whole of it in a minute."
Q = "Our staff see only what they need for their work, and nobody outside the shop sees it at all."

Outline = list[tuple[int, str, str]]

CASES: dict[str, tuple[str, Outline]] = {
    "letters in outline numbers": (
        f"2.Parcels\n---------\n\n{P}\n\n2.a.Who brings them\n\n{Q}\n\n2.a.ii.Where they are kept\n\n{P}\n\n"
        f"2.b.Parcels that have to be kept for you in our shop, or to be sent on to you elsewhere\n\n{Q}",
        [
            (2, "2", "Parcels"),
            (3, "2.a", "Who brings them"),
            (4, "2.a.ii", "Where they are kept"),
            (3, "2.b", "Parcels that have to be kept for you in our shop, or to be sent on to you elsewhere"),
        ],
    ),
    "chapters over counted parts in the same type": (
        f"**Chapter 1 Letters**\n\n**1. Use**\n\n{P}\n\n**2. Storage**\n\n{Q}\n\n**Chapter 2 Cards**\n\n"
        f"**1. Use**\n\n{P}",
        [
            (2, "Chapter 1", "Letters"),
            (3, "1", "Use"),
            (3, "2", "Storage"),
            (2, "Chapter 2", "Cards"),
            (3, "1", "Use"),
        ],
    ),
    "a count whose first number is in plain type": (
        f"1\\. Use\n\n{P}\n\n**2\\. Storage**\n\n{Q}\n\n**3\\. Letters**\n\n{P}\n\n**4\\. Cards**\n\n{Q}",
        [(2, "1", "Use"), (2, "2", "Storage"), (2, "3", "Letters"), (2, "4", "Cards")],
    ),
    "a preamble beside what is counted": (
        f"**Preamble**\n\n{P}\n\n**Article I: Use**\n\n{Q}\n\n**Article II: Cards**\n\n{P}\n\n"
        f"**Article III: Law**\n\n{Q}",
        [(2, "", "Preamble"), (2, "Article I", "Use"), (2, "Article II", "Cards"), (2, "Article III", "Law")],
    ),
    "names between numbers are parts": (
        f"**Scope**\n\n{P}\n\n**1. Use**\n\n{Q}\n\n**Cookies**\n\n{P}\n\n**2. Cards**\n\n{Q}\n\n**3. Law**\n\n{P}",
        [(2, "", "Scope"), (2, "1", "Use"), (3, "", "Cookies"), (2, "2", "Cards"), (2, "3", "Law")],
    ),
    "a counted name with a colon in it": (
        f"1.1 Use. {P}\n\n1.2 Exception: Letters to Old Friends. {Q}\n\n1.3 Law. {P}",
        [(2, "1.1", "Use"), (2, "1.2", "Exception: Letters to Old Friends"), (2, "1.3", "Law")],
    ),
    "bold names that begin with a preposition": (
        f"## Cards\n\n**With partners.** {P}\n\n**With other friends.** {Q}\n\n**From you.** {Q}",
        [(2, "", "Cards"), (3, "", "With partners"), (3, "", "With other friends"), (3, "", "From you")],
    ),
    "headings underlined inside list items": (
        f"1\\. Use\n-------\n\n{P}\n\n* a. Who may write\n    ----------------\n\n    {Q}\n\n"
        f"2\\. Law\n-------\n\n{P}\n\n"
        f"* a. Which law\n    ------------\n\n    {Q}\n\n3\\. End\n-------\n\n{P}",
        [(2, "1", "Use"), (3, "a", "Who may write"), (2, "2", "Law"), (3, "a", "Which law"), (2, "3", "End")],
    ),
    "names of items in a list inside a list": (
        f"## Use\n\n* **Letters.** {P}\n    * **Old ones.** {Q}\n    * **New ones.** {P}\n* **Cards.** {Q}",
        [(2, "", "Use"), (3, "", "Letters"), (4, "", "Old ones"), (4, "", "New ones"), (3, "", "Cards")],
    ),
    "two bold titles in a row": (
        f"**What We Collect**\n\n**Letters**\n\n{P}\n\n**Cards**\n\n{Q}",
        [(2, "", "What We Collect"), (2, "", "Letters"), (2, "", "Cards")],
    ),
    "a contents list under a marked-up title": (
        f"## Table of Contents\n\n* Use\n* Cards\n* Law\n\n## Use\n\n{P}\n\n## Cards\n\n{Q}\n\n## Law\n\n{P}",
        [(2, "", "Table of Contents"), (2, "", "Use"), (2, "", "Cards"), (2, "", "Law")],
    ),
    "a number that only the contents list has": (
        f"* 1\\. Use\n* 1.1 Letters\n* 1.2 Cards\n* 2\\. Law\n\n## 1. Use\n\n{P}\n\n### 1.1 Letters\n\n{Q}\n\n"
        f"## Cards\n\n{P}\n\n## 2. Law\n\n{Q}",
        [(2, "1", "Use"), (3, "1.1", "Letters"), (3, "", "Cards"), (2, "2", "Law")],
    ),
    "a short definition among longer ones": (
        f"## Words\n\n**Card:** {P}\n\n**Member:** A friend of our little shop.\n\n**Letter:** {Q}",
        [(2, "", "Words"), (3, "", "Card"), (3, "", "Member"), (3, "", "Letter")],
    ),
    "long bold titles with outline numbers": (
        f"**1.1. Cards**\n\n{P}\n\n**1.2. Letters that are against the law (of our land, of yours or of the land they "
        f"come from), and how we tell them from all others**\n\n{Q}",
        [
            (2, "1.1", "Cards"),
            (
                2,
                "1.2",
                "Letters that are against the law (of our land, of yours or of the land they come from), and how we "
                "tell them from all others",
            ),
        ],
    ),
    "the one number that is set otherwise": (
        f"**6. Cards.** {P}\n\n**7. Month and a Day. This does not hold for old friends.** {Q}\n\n**8. Law.** {P}",
        [(2, "6", "Cards"), (2, "7", "Month and a Day"), (2, "8", "Law")],
    ),
    "a land below an address": (
        f"## Write\n\n{P}\n\n12 Garden Street\n\nOld Town, CA 94107\n\nUnited States\n\nor by mail:\n\n{Q}\n\n"
        f"## Law\n\n{P}",
        [(2, "", "Write"), (2, "", "Law")],
    ),
    "sentences that open the one paragraph of a section": (
        f"**Rule 1**\n\nBe kind. {P}\n\n**Rule 2**\n\nAsk your neighbours. {Q}",
        [(2, "", "Rule 1"), (2, "", "Rule 2")],
    ),
    "counted steps are told, not named": (
        f"{P}\n\n4\\.\nTell us both of the following in your letter:\n\n{Q}\n\n"
        f"5\\.\nGive us your full name and the address.\n\n{P}",
        [],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_counted_headings(text: str, expected: Outline) -> None:
    """Numbers tell which headings are siblings and which are parts, whatever the type they stand in."""
    found = [(s.level, s.number, s.heading) for s in read_markdown(text).sections if s.heading]

    assert found == expected
