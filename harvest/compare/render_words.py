"""A diff in words: what a terminal, a Markdown redline and a page say alike."""

from __future__ import annotations

from harvest.compare.folded import is_shown
from harvest.compare.homes import Homes
from harvest.compare.repeated import say_repetition, say_replacement, told_again
from harvest.counting import count_of
from harvest.model import Change, Departure, Diff, Tier

AGAIN = "the same words as above"
#: How the headings of sections that came or went whole are marked.
SECTION_OPS = {"section-added": "+", "section-removed": "-"}
_TITLES = {
    "added": "added",
    "removed": "removed",
    "edited": "edited",
    "moved": "moved here",
    "moved-edited": "moved here and edited",
    "split": "split",
    "merged": "merged",
    "heading-renamed": "heading renamed",
    "heading-renumbered": "heading renumbered",
    "section-added": "section added",
    "section-removed": "section removed",
    "section-moved": "section moved here",
}


def said_once(diff: Diff) -> list[str]:
    """Return a line for everything that many changes have in common."""
    return [*map(say_replacement, diff.replacements), *map(say_repetition, diff.repetitions)]


def again_of(diff: Diff) -> set[int]:
    """Return which changes, by `id`, say word for word what one before them said."""
    changes = diff.changes
    return {id(changes[n]) for n in told_again(changes)}


def title_of(change: Change) -> str:
    """Return what a change is called."""
    if change.kind == "heading-renamed" and not (change.heading_before and change.heading_after):
        return "heading removed" if change.heading_before else "heading added"
    if change.kind in SECTION_OPS and change.before is None and change.after is None:
        # of a section whose clauses are elsewhere, or of none
        return _TITLES[change.kind].replace("section", "heading")
    return _TITLES[change.kind]


def say_departure(left: Departure) -> str:
    """Return in one line what stood at a place, where it is now, and which way to look for it."""
    return f"{what_left(left)} stood here: moved {left.destination}, further {'down' if left.is_down else 'up'}"


def what_left(left: Departure) -> str:
    """Return by what words a reader knows what stood at a place again."""
    if left.along:
        return f"{left.along + 1} clauses from “{left.beginning}” on"
    return f"section “{left.beginning}”" if left.is_section else f"“{left.beginning}”"


def say_links(change: Change) -> list[str]:
    """Return a line for every link target that changed, where the text of the change does not show them."""
    if change.tier == Tier.LINKS:
        return []
    return [_say_link(old, new) for old, new in dict.fromkeys(change.links)]


def _say_link(old: str, new: str) -> str:
    if old and new:
        return f"link: {old} became {new}"
    return f"link added: {new}" if new else f"link removed: {old}"


def summary_line(diff: Diff) -> str:
    """Return the tier, the words, and in how many sections, in one line; noise counts where there is nothing else."""
    if diff.tier is None:
        return "no change"
    homes = Homes(diff)
    told = [change for change in diff.changes if is_shown(change, noise=diff.tier.is_noise)]
    places = [(homes.section_of(change), change.before_section) for change in told]
    sections = len({("after", new) if new is not None else ("before", old) for new, old in places})
    moved = f", {diff.words_moved} moved" if diff.words_moved else ""
    counted = f" in {count_of(sections, 'section')}" if sections else ""
    return f"{diff.tier}: +{diff.words_added} -{diff.words_removed} words{moved}{counted}"


def say_hidden(diff: Diff, *, noise: bool) -> list[str]:
    """Return a line that counts the changes of noise tiers, where they are not shown, and the blank one above it."""
    hidden = [change.tier for change in diff.changes if change.tier and change.tier.is_noise]
    if noise or not hidden:
        return []
    counts = ", ".join(f"{hidden.count(tier)} {tier}" for tier in Tier if tier in hidden)
    return ["", f"({len(hidden)} more of noise tiers: {counts})"]


def heading_over(part: Change | Departure, homes: Homes, heading: str | None) -> str | None:
    """Return the heading a part stands under; what a section left stands between sections: under the one so far."""
    return heading if isinstance(part, Departure) and part.is_section else homes.heading_of(part)
