"""What can go wrong, and what to do about it.

::

    HarvestError                  a clear message and exit status 1, never a traceback
    ├── ArchiveError              the archive could not be asked, or refused
    │   ├── StopAsking            nothing more may be asked now; ``until`` says when again
    │   │   ├── RateLimited       429 after 429
    │   │   ├── Unreachable       connection refused or no answer
    │   │   └── StateUnusable     the limits that all processes share cannot be kept
    │   ├── Excluded              the site is excluded from the archive; do not ask again
    │   └── BadListing            the index answered something that is no listing
    ├── DamagedArchive            a local WARC file cannot be read
    ├── Incomplete                what was asked for lacks something; the message says what (exit status 2)
    ├── UnknownTarget             no such site, policy or date; the message says what exists
    ├── Forgotten                 it was taken down; ``harvest forget --undo`` lifts the ban
    ├── NotAPolicy                a file that holds no policy text
    └── CorpusError               the database cannot be used
        ├── ForeignDatabase       an SQLite file that is not ours
        ├── NewerCorpus           made by a newer version: upgrade the program
        ├── LockedCorpus          another process writes to it: wait, or stop the other
        └── SampleCorpus          the invented sample: name a database of your own with ``-d``
"""

from __future__ import annotations

from datetime import datetime


class HarvestError(Exception):
    """Base of all errors a user can do something about. The message says what."""


class ArchiveError(HarvestError):
    """The archive could not be asked or refused. Recorded with the capture or listing; the run goes on."""


class StopAsking(ArchiveError):
    """Nothing more may be asked of this archive now: the run stops. *until*: when again, None where nobody knows."""

    def __init__(self, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class RateLimited(StopAsking):
    """The archive answered 429, longer than a run waits. Ask nothing before ``until``: going on gets you blocked."""


class Unreachable(StopAsking):
    """No connection. web.archive.org refuses connections for an hour after ignored 429s: stop everything and wait."""


class StateUnusable(StopAsking):
    """The state that all processes share is locked, or cannot be written. Nothing is asked without it."""


class Excluded(ArchiveError):
    """The site is excluded from the archive (robots or by request). Permanent: record it and do not ask again."""


class BadListing(ArchiveError):
    """The index answered with something that is no listing. Nothing was taken from it; ask again later."""


class DamagedArchive(HarvestError):
    """A local WARC or WACZ file cannot be read. What could be read was kept; get an intact copy."""


class Incomplete(HarvestError):
    """What was asked for lacks something or contradicts itself; nothing was done. The message says what to add."""


class UnknownTarget(HarvestError):
    """No such site, policy, version or date. The message names what exists or asks for a URL."""


class Forgotten(HarvestError):
    """The site, URL or capture was taken down (`harvest forget`). Nothing of it was stored; the message says why."""


class NotAPolicy(HarvestError):
    """A file given to import holds no policy text. It was not imported."""


class CorpusError(HarvestError):
    """The database cannot be used as a corpus."""


class ForeignDatabase(CorpusError):
    """An SQLite file (or no SQLite file at all) that this program did not make. Choose another path with ``-d``."""


class NewerCorpus(CorpusError):
    """The corpus was made by a newer version of the program. Upgrade ``policy-harvest``; nothing was changed."""


class LockedCorpus(CorpusError):
    """Another process holds the write lock. Wait for it or stop it, then run the same command again."""


class SampleCorpus(CorpusError):
    """The database is the invented sample. Name one of your own with ``-d``, so that the two never mix."""
