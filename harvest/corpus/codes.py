"""Words as the small numbers that compact tables hold in their place; the views show the words.

A number, once given, stays: new words are put at the end. A word without a number is stored as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

CHANGE_KINDS = (
    "added",
    "removed",
    "edited",
    "moved",
    "moved-edited",
    "split",
    "merged",
    "section-added",
    "section-removed",
    "section-moved",
    "heading-renamed",
    "heading-renumbered",
)
TIERS = ("", "typography", "links", "numbering", "dates", "contacts", "order", "edit", "revision", "rewrite")
HEADING_KINDS = (
    "",
    "markup",
    "bare",
    "bold",
    "bold-run-in",
    "italic",
    "italic-run-in",
    "plain-run-in",
    "capitals",
    "colon",
    "numbered",
    "question",
    "item",
    "stopped",
)
CLAUSE_KINDS = ("paragraph", "item", "row")
SIDES = ("before", "after")
#: Shares of one, kept to four places, are stored as whole numbers of this fraction.
SHARE = 10_000


def code(word: str, words: Sequence[str]) -> int | str:
    """Return the number of a word, or the word itself where it has none.

    >>> code("moved", CHANGE_KINDS), code("turned", CHANGE_KINDS)
    (3, 'turned')
    """
    return words.index(word) if word in words else word


def form(kind: str, depth: int) -> int:
    """Return kind and depth of a clause as one number, which the view takes apart again.

    >>> form("item", 2)
    9
    """
    return CLAUSE_KINDS.index(kind) + depth * 4


def slot(side: str, position: int) -> int:
    """Return the side and place of a clause in a change as one number, which the view takes apart again.

    >>> slot("after", 3)
    7
    """
    return position * 2 + SIDES.index(side)


def share(value: float) -> int:
    """Return a share of one as a whole number.

    >>> share(0.9231) / SHARE
    0.9231
    """
    return round(value * SHARE)


def shown(column: str, words: Sequence[str]) -> str:
    """Return SQL that shows the words of a column of numbers."""
    cases = " ".join(f"WHEN {number} THEN '{word}'" for number, word in enumerate(words))
    return f"CASE {column} {cases} ELSE CAST({column} AS TEXT) END"


def packed_rank(rank: str) -> bytes:
    """Return an order of preference (``form-doubt-digest``) as bytes of the same order.

    >>> packed_rank("1-02500-1460ddd20aca4a7f").hex()
    '1025001460ddd20aca4a7f'
    """
    try:
        return bytes.fromhex(rank.replace("-", ""))
    except ValueError:  # what was unranked to be read again
        return rank.encode()


def shown_rank(column: str) -> str:
    """Return SQL that shows such an order as it was written; text stands as it is."""
    parts = (
        f"substr(hex({column}), 1, 1) || '-' || substr(hex({column}), 2, 5) || '-' || lower(substr(hex({column}), 7))"
    )
    return f"CASE length(hex({column})) WHEN 22 THEN {parts} ELSE CAST({column} AS TEXT) END"


def digits(prefix: str) -> tuple[bytes, bytes]:
    """Return the first and the last digest that begin with such hex digits, up to twelve; a range of none for no hex.

    >>> [bound.hex()[:14] for bound in digits("AB0")]
    ['ab0000000000', 'ab0fffffffffff']
    """
    try:
        return bytes.fromhex(prefix[:12].ljust(12, "0")), bytes.fromhex(prefix[:12].ljust(12, "f")) + b"\xff" * 26
    except ValueError:
        return b"\xff", b""
