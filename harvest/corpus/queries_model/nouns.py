"""What every read speaks of: policies, bounds, captures, texts, versions and transitions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from harvest.model import Tier
from harvest.policy_names import short_name
from harvest.urls import memento_url

WAYBACK = "https://web.archive.org"


def is_local(archive: str) -> bool:
    """Return whether an archive is on this computer, or at no address: its links would lead other people nowhere.

    >>> is_local("http://127.0.0.1:8080"), is_local("http://[::1"), is_local("https://arquivo.pt/wayback")
    (True, True, False)
    """
    try:
        host = urlsplit(archive).hostname or ""
    except ValueError:
        return True
    return host == "localhost" or host == "::1" or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """One tracked document. *address* is how people name it: ``SITE``, ``SITE/KIND`` or ``SITE/KIND:LABEL``."""

    id: int
    host: str
    name: str
    kind: str
    label: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """The shortest name that means this policy; ``privacy`` is left out."""
        return short_name(self.host, self.kind, self.label)


@dataclass(frozen=True, slots=True)
class Bounds:
    """When something changed, and when it was there; both ends always.

    A change happened **after** *not_before* (None: nothing older is known) and **not later than** *first_seen*.
    What it brought was last there at *last_seen* and gone at the latest by *gone_by* (None: still there when last
    looked at).
    """

    not_before: datetime | None
    first_seen: datetime
    last_seen: datetime
    gone_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """One capture, enough to find it again in its archive."""

    archive: str
    url: str
    timestamp: str
    captured_at: datetime
    form: str = "raw"
    outcome: str = ""
    reason: str = ""
    statuscode: str = ""
    approximate: bool = False

    @property
    def archive_url(self) -> str:
        """Where anybody can look at the capture; '' where nobody else can: in a file, the sample, on this computer."""
        if self.archive in ("wayback", "princeton-leuven"):
            return memento_url(WAYBACK, self.timestamp, self.url, modifier="")
        if self.archive.startswith(("http://", "https://")) and not is_local(self.archive):
            return memento_url(self.archive.partition("#")[0], self.timestamp, self.url, modifier="")
        return ""


@dataclass(frozen=True, slots=True)
class TextRef:
    """One distinct wording. *sha* is its whole sha256; the first twelve digits are its public name.

    *reading_grade*: the Flesch–Kincaid grade, a school year; None for other languages than English and short texts.
    """

    id: int
    sha: str
    title: str = ""
    language: str = ""
    words: int = 0
    stated_date: str = ""
    reading_grade: float | None = None

    @property
    def sha12(self) -> str:
        """The public name of the text."""
        return self.sha[:12]


@dataclass(frozen=True, slots=True)
class Version:
    """A run of captures that show one text. *variant_of* and *same_as* are numbers of other versions.

    *variant_of*: this is an alternate of that version (another language or region, or a flicker), off the main
    line. *same_as*: the first version with the very same text, where this one is a return to it.
    """

    id: int
    number: int
    text: TextRef
    bounds: Bounds
    first_capture: CaptureRef
    last_capture: CaptureRef
    variant_of: int | None = None
    same_as: int | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """From one version of a policy to the next. *tier* None: equal texts.

    *kind*: ``change``, ``return``, ``technical``, or ``part-added`` and ``part-removed``: something like a document of
    its own came or went whole, and all else stands unchanged.
    """

    before: int
    after: int
    kind: str
    silent: bool | None
    redated: bool
    tier: Tier | None
    reason: str
    similarity: float
    words_added: int
    words_removed: int
    words_moved: int
    not_before: datetime
    first_seen: datetime
    gone_by: datetime | None = None  # of the version after

    @property
    def is_noise(self) -> bool:
        """True where default views fold it away."""
        return self.tier is None or self.tier.is_noise

    @property
    def part(self) -> str:
        """``part added`` or ``part removed`` where that is all that happened; else ''."""
        return self.kind.replace("-", " ") if self.kind in ("part-added", "part-removed") else ""
