"""A diff for readers: plain JSON types, escaped HTML, terminal, Markdown.

Importing this costs nothing; the HTML renderer loads markupsafe when it is first called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from harvest.compare.render_markdown import to_markdown
from harvest.compare.render_terminal import to_terminal
from harvest.model import Change, Departure, Diff

if TYPE_CHECKING:
    from harvest.compare.render_html import to_html

__all__ = ["change_to_json", "to_html", "to_json", "to_markdown", "to_terminal"]


def __getattr__(name: str) -> Any:
    if name == "to_html":
        from harvest.compare.render_html import to_html

        return to_html
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def to_json(diff: Diff, *, elapsed_ms: float | None = None, include_same: bool = False) -> dict[str, Any]:
    """Return the diff as plain JSON types, in the shape of ``docs/json.md``.

    *include_same* lists what did not change too, as kind ``same``: clauses, and headings (with reason ``heading``).
    *elapsed_ms* is what comparing took, if measured. ``replacements`` is there only where words gave way to the same
    others in several changes, ``repetitions`` where the same words came or went in several; a change has ``links`` only
    where targets of links changed, and ``moved`` only where it moved: both places in words.
    """
    entries = _whole(diff) if include_same else diff.changes
    moves = {id(diff.lines[left.line]): left for left in diff.departures}
    return {
        "tier": diff.tier.value if diff.tier else None,
        "reason": diff.reason,
        "method": diff.method,
        "similarity": diff.similarity,
        "words_added": diff.words_added,
        "words_removed": diff.words_removed,
        "words_moved": diff.words_moved,
        "elapsed_ms": None if elapsed_ms is None else round(elapsed_ms, 3),
        "changes": [change_to_json(change, moves.get(id(change))) for change in entries],
        **({"replacements": [asdict(each) for each in diff.replacements]} if diff.replacements else {}),
        **({"repetitions": [asdict(each) for each in diff.repetitions]} if diff.repetitions else {}),
    }


def _whole(diff: Diff) -> Iterator[Change]:
    """Yield every line of both texts: the entries, with unchanged headings before what stands under them."""
    headings = list(reversed(diff.headings))
    for entry in diff.entries:
        while headings and (entry.after_section or 0) >= (headings[-1].after_section or 0):
            yield headings.pop()
        yield entry
    yield from reversed(headings)


def change_to_json(change: Change, left: Departure | None = None) -> dict[str, Any]:
    """Return one change as plain JSON types; its ops join to ``before`` without ``+``, to ``after`` without ``-``.

    *left* is the place it moved from, if it did.
    """
    return {
        "kind": change.kind,
        "tier": change.tier.value if change.tier else None,
        "reason": change.reason,
        "heading_before": change.heading_before,
        "heading_after": change.heading_after,
        "before": change.before,
        "after": change.after,
        "ops": change.ops,
        **({"links": change.links} if change.links else {}),
        **({"moved": {"origin": left.origin, "destination": left.destination}} if left else {}),
    }
