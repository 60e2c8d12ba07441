"""Addresses of our pages, built in one place. Given to every template as ``links``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlencode

from harvest.corpus.queries_model import Bounds, PolicyRef, Transition, Version
from harvest.web.address import date_token, diff_token

ROOT = "/-/policies"


@dataclass(frozen=True, slots=True)
class Links:
    """*path* puts Datasette's ``base_url`` in front; *db* is named only where several databases hold a corpus."""

    path: Callable[[str], str]
    db: str = ""
    _root: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # a plain string: what `path` makes looks at every method of strings whenever it is asked for anything
        object.__setattr__(self, "_root", str(self.path(ROOT)))

    def overview(self, **query: object) -> str:
        """The corpus."""
        return self._to("", query)

    def policy(self, policy: PolicyRef, **query: object) -> str:
        """The timeline of a policy."""
        return self._to("/" + _address(policy), query)

    def version(self, policy: PolicyRef, version: Version, **query: object) -> str:
        """The text of a version; of a variant, by its hash, for no date means it."""
        if version.variant_of is not None:
            return self.text(version.text.sha, **query)
        token = date_token(version.bounds.first_seen, version.bounds.gone_by)
        return self._to(f"/{_address(policy)}/{token}", query)

    def as_of(self, policy: PolicyRef, moment: datetime, gone_by: datetime | None = None, **query: object) -> str:
        """The text as of a day; of the second where it was gone on the same day."""
        return self._to(f"/{_address(policy)}/{date_token(moment, gone_by)}", query)

    def as_written(self, policy: PolicyRef, date: str) -> str:
        """The text as of a date as somebody wrote it; what is none is answered there."""
        return self._to(f"/{_address(policy)}/{quote(date, safe=':')}", {})

    def transition(self, policy: PolicyRef, step: Transition, anchor: str = "", **query: object) -> str:
        """The diff of a transition, named by its two bounds."""
        token = diff_token(step.not_before, step.first_seen, step.gone_by)
        return self._to(f"/{_address(policy)}/{token}", query) + (f"#{anchor}" if anchor else "")

    def passing(self, policy: PolicyRef, bounds: Bounds) -> str:
        """The diff in which something of these bounds came. Raises ValueError where nothing is known before it."""
        if bounds.not_before is None:
            raise ValueError("nothing is known before it")
        return self.diff(policy, diff_token(bounds.not_before, bounds.first_seen, bounds.gone_by))

    def diff(self, policy: PolicyRef, dates: str, **query: object) -> str:
        """The diff of two dates as written (``2009..2010``)."""
        return self._to(f"/{_address(policy)}/{quote(dates, safe=':.')}", query)

    def between(self, policy: PolicyRef, before: Version, after: Version, **query: object) -> str:
        """The diff of two versions."""
        tokens = (date_token(version.bounds.first_seen, version.bounds.gone_by) for version in (before, after))
        return self._to(f"/{_address(policy)}/{'..'.join(tokens)}", query)

    def blame(self, policy: PolicyRef, version: Version, **query: object) -> str:
        """The age of every clause of a version."""
        token = date_token(version.bounds.first_seen, version.bounds.gone_by)
        return self._to(f"/{_address(policy)}/blame/{token}", query)

    def section(self, policy: PolicyRef, slug: str, **query: object) -> str:
        """One section through the years."""
        return self._to(f"/{_address(policy)}/section/{quote(slug, safe='')}", query)

    def text(self, sha: str, **query: object) -> str:
        """A text by its hash: the address that never moves."""
        return self._to(f"/text/{quote(sha[:12], safe='')}", query)

    def clause(self, sha: str, **query: object) -> str:
        """One clause and where it stands."""
        return self._to(f"/clause/{quote(sha[:12], safe='')}", query)

    def row(self, table: str, row_id: object, **query: object) -> str:
        """What sends on to the page of a row; for Datasette's table pages alone, because ids do not last."""
        return self._to(f"/row/{table}/{row_id}", query)

    def search(self, **query: object) -> str:
        """Search; give q, where (as ``in_``), site, kind, since, until."""
        return self._to("/search", _unpythonic(query))

    def phrase(self, **query: object) -> str:
        """The life of a phrase."""
        return self._to("/phrase", _unpythonic(query))

    def trends(self, **query: object) -> str:
        """Several terms by half-year; give q as a list."""
        return self._to("/trends", _unpythonic(query))

    def changes(self, **query: object) -> str:
        """The newest changes."""
        return self._to("/changes", _unpythonic(query))

    def static(self, name: str) -> str:
        """One of our own style sheets or scripts."""
        return self.path(f"/-/policy-static/{name}")

    def _to(self, rest: str, query: dict[str, object]) -> str:
        extension = str(query.pop("extension", "") or "")
        pairs = {name: value for name, value in {**query, "db": self.db}.items() if value not in ("", None, False)}
        address = f"{self._root}{rest}{extension}"
        return f"{address}?{urlencode(pairs, doseq=True)}" if pairs else address


#: The dot of what would be read as the form in which a page is wanted.
_FORM = re.compile(r"\.(?=(?:json|atom|csv)$)")


@lru_cache(maxsize=5_000)
def _address(policy: PolicyRef) -> str:
    # a label may be a path or hold anything: neither its slashes nor its ending may look like ours
    address = "/".join(quote(part, safe=":") for part in policy.address.split("/", 1))
    return _FORM.sub("%2E", address)


def _unpythonic(query: dict[str, object]) -> dict[str, object]:
    return {{"in_": "in", "from_": "from"}.get(name, name): value for name, value in query.items()}
