"""Asking the corpus: reads that need nothing but the file, and pages read without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from harvest.api.moments import Moment, end, iso, span
from harvest.corpus import queries
from harvest.corpus.queries_blame import WordBlame
from harvest.corpus.queries_model import (
    BlameView,
    Overview,
    PhraseLife,
    PolicyChange,
    SearchResult,
    Timeline,
    VersionView,
)
from harvest.corpus.queries_status import Status
from harvest.corpus.trends import Trends
from harvest.model import Diff, Document
from harvest.timestamps import FAR_FUTURE

if TYPE_CHECKING:
    from harvest.corpus.store import Store

LAST_RUN = "last-run"

_PAGE = 200


def status(corpus: Store) -> Status:
    """Return what is in the corpus and what is pending."""
    from harvest.corpus.queries_status import status as read_status

    return read_status(corpus.conn)


def policies(corpus: Store, *, q: str = "", limit: int = 100, offset: int = 0) -> Overview:
    """Return one page of the policies of the corpus, by name; *q* narrows to hosts that hold it."""
    return queries.overview(corpus.conn, q=q, limit=limit, offset=offset)


def history(corpus: Store, policy: str) -> Timeline:
    """Return the versions and transitions of a policy, oldest first. Raises UnknownTarget with what exists.

    *policy*: ``SITE``, ``SITE/KIND``, ``SITE/KIND:LABEL`` or a known address.
    """
    return queries.timeline(corpus.conn, queries.resolve_policy(corpus.conn, policy))


def show(corpus: Store, policy: str, date: Moment = None) -> VersionView:
    """Return the version of a policy in force at the end of *date* (None: the newest), with its sections."""
    return queries.version_as_of(corpus.conn, queries.resolve_policy(corpus.conn, policy), end(date) or FAR_FUTURE)


def diff(corpus: Store, policy: str, *, before: Moment, after: Moment = None) -> Diff:
    """Return the differences between the versions of a policy in force at two dates (*after* None: the newest)."""
    from harvest.compare import compare

    old, new = show(corpus, policy, before), show(corpus, policy, after)
    return compare(old.sections, new.sections)


def blame(corpus: Store, policy: str, date: Moment = None) -> BlameView:
    """Return the version of a policy in force at the end of *date*, with since when each clause is there."""
    return queries.blame(corpus.conn, queries.resolve_policy(corpus.conn, policy), end(date) or FAR_FUTURE)


def blame_words(corpus: Store, policy: str, date: Moment = None) -> WordBlame:
    """Return the same for each word, as ``harvest blame --words``; the whole history is looked at."""
    known = queries.resolve_policy(corpus.conn, policy)
    return queries.blame_of_words(corpus.conn, known, end(date) or FAR_FUTURE, max_words=None)


def phrase(corpus: Store, words: str, *, site: str = "", kind: str = "", limit: int = 200) -> PhraseLife:
    """Return in which policies a phrase stood and when, those who had it first coming first."""
    return queries.phrase(corpus.conn, words, site=queries.host_of_site(corpus.conn, site), kind=kind, limit=limit)


def trends(
    corpus: Store,
    terms: str | Sequence[str],
    *,
    site: str = "",
    kind: str = "",
    since: Moment = None,
    until: Moment = None,
    seen_only: bool = False,
) -> Trends:
    """Return how many policies hold each of one to six terms, half-year by half-year, and out of how many."""
    first, last = span(since, until)
    return queries.trends(
        corpus.conn,
        [terms] if isinstance(terms, str) else list(terms),
        site=queries.host_of_site(corpus.conn, site),
        kind=kind,
        since=first,
        until=last,
        seen_only=seen_only,
    )


def search(
    corpus: Store,
    phrase: str,
    *,
    where: str = "text",
    site: str = "",
    kind: str = "",
    tier: str = "",
    since: Moment = None,
    until: Moment = None,
    whole: bool = False,
    order: str = "best",
    limit: int = 25,
    offset: int = 0,
) -> SearchResult:
    """Find a phrase in the texts of policies (*where* ``text``), or where it was ``added`` or ``removed``."""
    first, last = span(since, until)
    return queries.search(
        corpus.conn,
        phrase,
        where=where,
        site=queries.host_of_site(corpus.conn, site),
        kind=kind,
        tier=tier,
        since=iso(first),
        until=iso(last),
        whole=whole,
        order=order,
        limit=limit,
        offset=offset,
    )


def changes(
    corpus: Store,
    *,
    since: Moment = None,
    until: Moment = None,
    site: str = "",
    kind: str = "",
    tier: str = "order",
    silent: bool | None = None,
) -> Iterator[PolicyChange]:
    """Yield the changes of policies, newest first, each with what changed clause by clause.

    *since* may be ``"last-run"``: what the newest run brought. *tier*: this tier or higher; ``typography`` for all.
    """
    fetched_since = (queries.last_run(corpus.conn) or "") if since == LAST_RUN else ""
    earliest, latest = span(None if since == LAST_RUN else since, until)
    site = queries.host_of_site(corpus.conn, site)
    offset, more = 0, True
    while more:
        page = queries.changes(
            corpus.conn,
            since=iso(earliest),
            until=iso(latest),
            fetched_since=fetched_since,
            site=site,
            kind=kind,
            tier=tier,
            silent=silent,
            lines=True,
            limit=_PAGE,
            offset=offset,
        )
        yield from page.items
        offset, more = offset + _PAGE, page.more


def read_page(body: bytes, *, headers: dict[str, str] | None = None, url: str = "") -> Document:
    """Return an HTML page as sections and clauses. Never raises: the document says what was made of the bytes."""
    from harvest.text import read_html

    return read_html(body, headers or {}, page_url=url)


def as_dict(value: Any) -> Any:
    """Return plain JSON types for what these functions return; the keys are those of ``--json``."""
    from harvest.exchange import shapes

    return shapes.as_dict(value)
