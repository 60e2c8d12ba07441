"""What a person says of captures, addresses and policies, found in the corpus by the names people use.

A CAPTURE is ``URL@TIMESTAMP`` or the archive's address of the page; a POLICY is ``SITE``, ``SITE/KIND``,
``SITE/KIND:LABEL`` or a known address. Every word is a judgement that survives rebuilds (`Store.judge`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harvest.archive.discovery_addresses import guess_kind, label_of
from harvest.corpus.forgotten import Tombstone, tombstones
from harvest.corpus.queries_judgements import RecordedJudgement, captures_named, judgements, may_be_capture
from harvest.corpus.queries_known import known_by_key
from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.queries_names import resolve_policy
from harvest.errors import Incomplete, UnknownTarget
from harvest.resolve import is_url
from harvest.urls import canonical_url, host_of, urlkey

if TYPE_CHECKING:
    from harvest.corpus.store import Store
    from harvest.corpus.store_forget import Removed

VERDICTS = ("off-topic", "on-topic", "one-policy", "not-policy", "note")


def mark(store: Store, verdict: str, subjects: Sequence[str], *, by: str = "", why: str = "") -> list[str]:
    """Record one of VERDICTS of each subject in one transaction; return a line for each that says what was recorded.

    ``one-policy`` takes a policy and then its addresses. Raises UnknownTarget where a subject names nothing, Incomplete
    where something is missing.
    """
    with store.transaction():
        if verdict in ("off-topic", "on-topic"):
            return [line for subject in subjects for line in _judge_capture(store, verdict, subject, by=by, why=why)]
        if verdict == "note":
            return [_note(store, subject, by=by, why=why) for subject in subjects]
        if verdict in ("one-policy", "not-policy"):
            return _place(store, verdict, subjects, by=by, why=why)
    raise Incomplete(f"{verdict!r} is none of {', '.join(VERDICTS)}")


def said(conn: sqlite3.Connection, host: str = "") -> tuple[tuple[RecordedJudgement, ...], tuple[Tombstone, ...]]:
    """Return the judgements on policies of a host ('': of all), and what was taken down anywhere."""
    return judgements(conn, host), tombstones(conn)


def forget(store: Store, subject: str, *, by: str = "", why: str = "") -> tuple[str, str, Removed]:
    """Take a site, URL or capture down for good; return what was meant (scope and name) and what was removed.

    Raises Incomplete without a reason, which is all that will be left; UnknownTarget where nothing is known of it.
    """
    if not why:
        raise Incomplete("say with --why for what reason: it is all that will be left")
    scope, named = _scope(store, subject)
    return scope, named, store.forget(scope, named, by=by, why=why)


def lift(store: Store, subject: str, *, by: str = "") -> None:
    """Let what was taken down be harvested again. Raises UnknownTarget where it was not taken down."""
    if not store.lift(*_scope(store, subject), by=by):
        raise UnknownTarget(f"{subject} was not taken down: harvest mark --list shows what was")


def _judge_capture(store: Store, verdict: str, subject: str, *, by: str, why: str) -> list[str]:
    done = []
    for capture in captures_named(store.conn, subject):
        place = {"archive": capture.archive, "url": capture.url, "timestamp": capture.timestamp}
        store.judge(capture.policy_id, verdict, **place, by=by, why=why)
        done.append(f"{capture.url} of {capture.timestamp} is {verdict}")
    return done


def _note(store: Store, subject: str, *, by: str, why: str) -> str:
    if not why:
        raise Incomplete("say with --why what is worth knowing")
    known = known_by_key(store.conn, urlkey(subject)) if "://" in subject else None
    if known is not None:
        store.judge(known.policy_id, "note", url=known.url, by=by, why=why)
    elif "@" in subject or "://" in subject:
        for capture in captures_named(store.conn, subject)[:1]:
            place = {"archive": capture.archive, "url": capture.url, "timestamp": capture.timestamp}
            store.judge(capture.policy_id, "note", **place, by=by, why=why)
    else:
        store.judge(resolve_policy(store.conn, subject).id, "note", by=by, why=why)
    return f"noted of {subject}"


def _place(store: Store, verdict: str, subjects: Sequence[str], *, by: str, why: str) -> list[str]:
    """Put addresses to a policy, or each to one of its own."""
    urls = subjects if verdict == "not-policy" else subjects[1:]
    if not urls:
        raise Incomplete("name the policy and then its addresses: mark one-policy example.com/privacy URL…")
    done = []
    for url in map(canonical_url, urls):
        if not host_of(url):
            raise UnknownTarget(f"{url!r} is no URL of a web page")
        policy = resolve_policy(store.conn, subjects[0]) if verdict == "one-policy" else _own_policy(store, url)
        store.judge(policy.id, "one-policy", url=url, by=by, why=why)
        label = f":{policy.label}" if policy.label else ""
        done.append(f"{url} is {policy.host}/{policy.kind}{label}")
    return done


def _own_policy(store: Store, url: str) -> PolicyRef:
    """Make the policy that an address is by itself: of its host, its kind by its words, labelled by its path."""
    known = known_by_key(store.conn, urlkey(url))
    guess = guess_kind(url)
    kind = guess if guess != "other" or known is None else known.kind
    store.ensure_policy(host=host_of(url), kind=kind, label=label_of(url))
    return resolve_policy(store.conn, f"{host_of(url)}/{kind}:{label_of(url)}")


def _scope(store: Store, subject: str) -> tuple[str, str]:
    """Return what a person means: a capture, a URL or a site."""
    if not is_url(subject):
        return "site", host_of(f"http://{subject}")
    if not may_be_capture(subject):
        return "url", subject if "://" in subject else f"http://{subject}"
    capture = captures_named(store.conn, subject)[0]
    return "capture", f"{capture.archive} {capture.url} {capture.timestamp}"
