"""The values the history of a policy is derived from, and what comes out. Frozen, without ids of derived rows."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from harvest.compare.parts import PartKind
from harvest.corpus.derive_dates import Stated
from harvest.model import Tier


@dataclass(frozen=True, slots=True)
class Sighting:
    """One capture, as history sees it.

    *at*: ISO time of what was really seen. *text*: sha256 of the text it shows, '' if none. *gone*: the page was
    there and did not show a policy (error, block, shell, off-topic). *row*: the rest of its listing row, for a total
    order. *variant_url*: it was taken at a URL that shows another language or region. *redone*: somebody's
    extraction of a page that they had extracted before, by other rules. *filtered*: an extraction by other rules than
    the one before it, of the page as it was then: it may have changed meanwhile. *joined*: somebody put it together of
    more pages, or of fewer, than the capture before it.
    """

    capture_id: int
    at: str
    archive: str
    url: str
    urlkey: str
    row: tuple[str, ...]
    form: str = "raw"
    text: str = ""
    gone: bool = False
    variant_url: bool = False
    redone: bool = False
    filtered: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What history needs to know of a text. *stated_date*: ISO day or ''; *stated* as its page alone is read."""

    language: str = ""
    stated_date: str = ""
    stated: Stated | None = None

    @property
    def read_otherwise(self) -> str | None:
        """What the page alone says, where that is another day; else None."""
        return self.stated.day if self.stated and self.stated.day != self.stated_date else None


@dataclass(frozen=True, slots=True)
class DiffFacts:
    """What history needs to know of a comparison. *tier* None: the texts differ in nothing that is compared.

    *words*: how many came and went, as the diff counts them. *part*: whether a part came or went whole, and nothing
    else changed.
    """

    tier: Tier | None
    words: int = 0
    part: PartKind = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A run of captures that show one text. *place*: 1… on the main line, None for variants (see *variant_of*)."""

    number: int
    place: int | None
    text: str
    first_capture_id: int
    last_capture_id: int
    not_before: str | None
    first_seen: str
    last_seen: str
    gone_by: str | None
    variant_of: int | None
    forms: frozenset[str]
    redone: bool = False
    filtered: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions by number, the version number of each capture, and texts known to differ by form alone."""

    versions: tuple[Version, ...]
    of_capture: Mapping[int, int]
    same_by_form: frozenset[tuple[str, str]]

    @property
    def main_line(self) -> tuple[Version, ...]:
        """The versions default views follow, in order."""
        return tuple(version for version in self.versions if version.place is not None)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text once: the main line's in order of first appearance, then those of variants."""
        others = (version for version in self.versions if version.place is None)
        return tuple(dict.fromkeys(version.text for version in (*self.main_line, *others)))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs of texts a transition compares, each once."""
        line = self.main_line
        return tuple(dict.fromkeys((a.text, b.text) for a, b in itertools.pairwise(line)))


@dataclass(frozen=True, slots=True)
class Transition:
    """From one version of the main line (*before*, its number) to the next. *reason*: why it is technical, or ''."""

    before: int
    after: int
    kind: str
    silent: int | None
    redated: int
    reason: str = ""
