"""What is found over the whole corpus: its policies, search hits, newest changes, phrases and clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from harvest.corpus.queries_model.nouns import Bounds, PolicyRef, Transition
from harvest.model import Tier


@dataclass(frozen=True, slots=True)
class PolicySummary:
    """One line of the overview. *versions* counts the main line, *variants* what is off it."""

    policy: PolicyRef
    captures: int
    versions: int
    variants: int
    changes: int
    first_seen: datetime | None
    last_seen: datetime | None
    last_change_after: datetime | None
    last_change_by: datetime | None
    last_tier: Tier | None
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The corpus at a glance: one page of policies and the totals over all of them."""

    policies: tuple[PolicySummary, ...]
    total: int
    sites: int
    versions: int
    captures: int
    offset: int
    limit: int
    sample: bool = False


Segment = tuple[str, bool]  # a piece of text, and whether it is a hit


@dataclass(frozen=True, slots=True)
class TextHit:
    """A clause or heading that matches, where it stands in one policy, and when it was there."""

    policy: PolicyRef
    heading: str
    slug: str
    segments: tuple[Segment, ...]
    clause_sha: str
    bounds: Bounds
    current: bool
    versions: int


@dataclass(frozen=True, slots=True)
class ChangeHit:
    """A change that brought (or took away) what matches. *whole*: nothing in the document's other text matches.

    *anchor*: where it stands on the page of its difference, without the ``c-`` of that page.
    """

    policy: PolicyRef
    transition: Transition
    change_kind: str
    tier: Tier
    heading: str
    segments: tuple[Segment, ...]
    whole: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A value results can be narrowed to, and how many there are."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits. *total* counts those that were looked at; *capped*: there are more that were not.

    *facets* by name (site, kind, year, tier) count the same hits as *total*.
    """

    query: str
    where: str
    hits: tuple[TextHit, ...] | tuple[ChangeHit, ...]
    total: int
    capped: bool
    limit: int
    offset: int
    facets: Mapping[str, tuple[Facet, ...]]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a stored diff, without its words."""

    kind: str
    tier: Tier
    reason: str
    heading_before: str
    heading_after: str
    before: str
    after: str
    words_added: int
    words_removed: int


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A transition with the policy it belongs to; *lines* only where they were asked for, *more* of them left out."""

    policy: PolicyRef
    transition: Transition
    after_sha: str
    lines: tuple[ChangeLine, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Newest changes first. *more*: older ones exist."""

    items: tuple[PolicyChange, ...]
    limit: int
    offset: int
    more: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """The runs of main-line versions of one policy in which something stood."""

    policy: PolicyRef
    intervals: tuple[Bounds, ...]


@dataclass(frozen=True, slots=True)
class PhraseLife:
    """In which policies a phrase stood, and when: the first of them, and how many there are."""

    query: str
    presences: tuple[Presence, ...]
    policies: int


@dataclass(frozen=True, slots=True)
class ClauseView:
    """One clause: where it stands in the corpus and when, and which edits it came from and went into.

    *presences*: those of the policies that had it first; *policies*: how many have or had it in all.
    """

    sha: str
    text: str
    markdown: str
    words: int
    presences: tuple[Presence, ...]
    policies: int
    came_from: tuple[tuple[PolicyRef, Transition, str], ...]
    became: tuple[tuple[PolicyRef, Transition, str], ...]
