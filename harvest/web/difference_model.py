"""What a diff page holds: sections with their changes, folds of unchanged text, counts of what is set aside.

What stands on a page has a *shape*, by which the template tells it apart: to ask for an attribute that it has not takes
three times as long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from harvest.compare.anchors import Anchors
from harvest.compare.tokens import count_words
from harvest.corpus.queries_model import SectionState
from harvest.model import Diff, Op, Tier
from harvest.web.difference_ops import KEPT, folded, headings, laid_out, trimmed


@dataclass(frozen=True, slots=True)
class Name:
    """The anchor of a change, or of the place that it left, found out where it is written: most stand on other parts.

    *prefix* ``c`` or ``l``, and the *number* of the change in its diff.
    """

    prefix: str
    number: int
    anchors: Anchors = field(repr=False)

    def __str__(self) -> str:
        """The anchor itself."""
        return f"{self.prefix}-{self.anchors[self.number]}"

    def __eq__(self, other: object) -> bool:
        """Tell whether it names the same, on this page or another one."""
        return isinstance(other, Name) and (self is other or str(self) == str(other))

    def __hash__(self) -> int:
        return hash((self.prefix, self.number))


#: Sections are named by their headings, at once.
Anchor = Name | str
_WHOLE = frozenset({"added", "removed", "section-added", "section-removed"})


class Row(NamedTuple):
    """One change, ready to be shown. *anchor* depends on what changed alone, so that it still points there later.

    A named tuple: a long difference has hundreds of rows, and they are made three times as fast so.
    *again*: the anchor of a change before it that said the same, word for word. *origin*: for what moved, from where in
    words; *left*: the anchor of the place where it stood; *is_down*: it went down the page. *is_listed*: short, and one
    more of a list that came or went above it.
    """

    kind: str
    tier: Tier
    reason: str
    anchor: Anchor
    ops: tuple[Op, ...]
    heading_before: str
    heading_after: str
    words_added: int
    words_removed: int
    origin: str = ""
    left: Anchor = ""
    is_down: bool = False
    title: str = ""
    links: tuple[str, ...] = ()
    previous: Anchor = ""
    following: Anchor = ""
    again: Anchor = ""
    is_listed: bool = False

    @property
    def shape(self) -> str:
        """What it is."""
        return "change"

    @property
    def is_whole(self) -> bool:
        """True where all of it came or went: its kind and its words say what tier and reason would say again.

        Not where the tier is a lesser one: then the reason says that the text has the words elsewhere as well.
        """
        return self.kind in _WHOLE and self.tier == Tier.REWRITE

    @property
    def is_passage(self) -> bool:
        """True where a passage came or went whole: it is shown as a block, to be read."""
        return self.kind in _WHOLE

    @property
    def is_said_elsewhere(self) -> bool:
        """True for a long passage whose every word the text has elsewhere as well: it is folded."""
        return self.is_passage and self.tier == Tier.ORDER and self.words_added + self.words_removed > KEPT

    @property
    def heading_ops(self) -> tuple[Op, ...]:
        """The heading as it was and is, word by word."""
        return headings(self.heading_before, self.heading_after)

    @property
    def shown_ops(self) -> tuple[Op, ...]:
        """Both sides in one, as they are shown."""
        return trimmed(folded(laid_out(self.ops)))

    @property
    def before_ops(self) -> tuple[Op, ...]:
        """The left side: what stayed and what went."""
        return trimmed(op for op in folded(self.ops) if op[0] != "+")

    @property
    def after_ops(self) -> tuple[Op, ...]:
        """The right side: what stayed and what came."""
        return trimmed(op for op in folded(self.ops) if op[0] != "-")


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged clauses between changes. *noise* counts changes among them that are set aside.

    Their words are counted where they are told: most folds of a long difference stand on other parts.
    """

    shape: ClassVar[str] = "fold"
    clauses: tuple[str, ...]
    noise: int = 0

    @property
    def count(self) -> int:
        """How many clauses there are."""
        return len(self.clauses)

    @property
    def words(self) -> int:
        """Words in all of them."""
        return sum(map(count_words, self.clauses))


@dataclass(frozen=True, slots=True)
class Left:
    """The place where something stood that moved, and *along* clauses below it. *change*: the anchor of its change."""

    shape: ClassVar[str] = "left"
    anchor: Anchor
    change: Anchor
    beginning: str
    destination: str
    is_down: bool
    is_section: bool
    along: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A section with changes in it. *state*: kept, added or removed. *items*: rows, folds, places that moves left.

    *trail*: the headings it stands under. *flag* says what came or went: the section, or its heading alone.
    """

    shape: ClassVar[str] = "section"
    heading: str
    number: str
    state: str
    anchor: str
    items: tuple[Row | Fold | Left, ...]
    trail: tuple[str, ...] = ()
    flag: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """The changes of the section."""
        return tuple(item for item in self.items if isinstance(item, Row))

    @property
    def words_added(self) -> int:
        """Words that came, over the section."""
        return sum([item.words_added for item in self.items if isinstance(item, Row)])

    @property
    def words_removed(self) -> int:
        """Words that went, over the section."""
        return sum([item.words_removed for item in self.items if isinstance(item, Row)])


@dataclass(frozen=True, slots=True)
class FoldedSections:
    """A run of sections without a change to show."""

    shape: ClassVar[str] = "folded"
    sections: tuple[tuple[str, Fold], ...]

    @property
    def words(self) -> int:
        """Words in all of them."""
        return sum(fold.words for _, fold in self.sections)

    @property
    def noise(self) -> int:
        """Changes set aside in all of them."""
        return sum(fold.noise for _, fold in self.sections)


#: What a page is made of; a place that a section left stands between sections.
Part = Group | FoldedSections | Left


@dataclass(frozen=True, slots=True)
class DiffPage:
    """What the page shows. *noise* by tier counts what is set aside, *aside* are its words, added and removed.

    *renumbered* is shown as one line. *folded_out*: the text of its folds is left out, their counts are said.
    """

    parts: tuple[Part, ...]
    shown: int
    noise: tuple[tuple[Tier, int], ...]
    renumbered: tuple[Row, ...]
    folded_out: bool
    aside: tuple[int, int] = (0, 0)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The sections with changes, for the map beside the diff."""
        return tuple(part for part in self.parts if isinstance(part, Group))

    @property
    def is_folded(self) -> bool:
        """True where unchanged text is folded, whether its words are sent or not."""
        inside = (item for group in self.groups for item in group.items)
        return any(isinstance(piece, FoldedSections | Fold) for piece in (*self.parts, *inside))

    @property
    def most(self) -> int:
        """Words that came and went in the section that changed most: the whole length of a bar of the map."""
        return max((group.words_added + group.words_removed for group in self.groups), default=0) or 1

    @property
    def hidden(self) -> int:
        """How many changes are set aside."""
        return sum(count for _, count in self.noise)


@dataclass(frozen=True, slots=True)
class SectionStep:
    """One state of a section with its diff from the wording before; None for the first, and after an absence."""

    state: SectionState
    diff: Diff | None
