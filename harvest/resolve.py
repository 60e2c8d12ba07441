"""A TARGET as people write it → the policies it means and the URLs to list."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from harvest.archive import Archive
from harvest.archive.discovery import FoundPolicy, Pointer
from harvest.archive.discovery_addresses import guess_kind, label_of
from harvest.corpus.forgotten import refuse_forgotten
from harvest.corpus.queries_known import KnownUrl, known_by_key, known_by_name, known_of_host
from harvest.errors import HarvestError, StopAsking, UnknownTarget
from harvest.policy_names import full_name
from harvest.targets import Target
from harvest.timestamps import from_iso
from harvest.urls import canonical_url, host_of, is_web_address, page_of, urlkey


@dataclass(frozen=True, slots=True)
class TargetUrl:
    """A URL to list, why it belongs to the policy (*evidence*; *why* in words), and from when on it does."""

    url: str
    evidence: str
    since: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PolicyTarget:
    """A policy to harvest. *asked_host*: the host it was found for, where that is not its own; *pointers*: how."""

    host: str
    kind: str
    label: str
    urls: tuple[TargetUrl, ...]
    asked_host: str = ""
    pointers: tuple[Pointer, ...] = ()

    @property
    def name(self) -> str:
        """How events and messages call it: ``SITE/KIND[:LABEL]``."""
        return full_name(self.host, self.kind, self.label)


def resolve_targets(
    conn: sqlite3.Connection,
    archive: Archive,
    targets: Sequence[str | Target],
    *,
    kind: str | None = None,
    remember: Callable[[PolicyTarget], object] | None = None,
) -> tuple[list[PolicyTarget], list[str]]:
    """Return the policies that targets mean (none: all of a local archive), and a message for each that means none.

    *remember* is told at once of every policy that was discovered, so that a run that is stopped need not discover
    it again. An archive that answers nobody ends the search: what was resolved by then is returned.
    """
    policies: list[PolicyTarget] = []
    errors: list[str] = []
    wanted: Sequence[str | Target | None] = targets or [None]
    for target in wanted:
        try:
            if target is None:
                policies.extend(resolve_local(conn, archive, None, kind=kind))
            else:
                found = resolve_target(conn, archive, target, kind=kind)
                for policy in found if remember else ():
                    if remember and policy.pointers:
                        remember(policy)
                policies.extend(found)
        except StopAsking as error:
            errors.append(str(error))
            break
        except HarvestError as error:
            errors.append(str(error))
    return distinct(policies), errors


def resolve_target(
    conn: sqlite3.Connection, archive: Archive, target: str | Target, *, kind: str | None = None
) -> tuple[PolicyTarget, ...]:
    """Return the policies that a URL or a host means; *kind* keeps only those of one kind.

    A URL, or an address of the Wayback Machine that shows it, means the policy it is known for, else a new one (of the
    kind its words name, else ``privacy``); further URLs of a `Target` belong to the same policy. A host means, in a
    local archive, the HTML pages of it and its subdomains; elsewhere the policies known to the corpus, or those its
    archived home pages lead to. Raises `UnknownTarget` with what to write instead.
    """
    given = target if isinstance(target, Target) else Target(target)
    given = replace(given, text=page_of(given.text), urls=tuple(map(page_of, given.urls)))
    kind = given.kind or kind
    refuse_forgotten(conn, _with_scheme(given.text))
    if is_url(given.text):
        return (_of_url(conn, given, kind=kind),)
    host = host_of(f"http://{given.text}")
    if not host or "." not in host or "@" in given.text:
        raise UnknownTarget(f"{given.text!r} is no site and no URL: write a host such as example.com, or a full URL")
    if archive.is_local:
        return resolve_local(conn, archive, host, kind=kind)
    known = known_of_host(conn, host)
    return _of_kind(_known_targets(known), kind, host) if known else discovered(conn, archive, host, kind=kind)


def resolve_local(
    conn: sqlite3.Connection, archive: Archive, host: str | None, *, kind: str | None = None
) -> tuple[PolicyTarget, ...]:
    """Return the policies a local archive holds: of a host and its subdomains, or (None) all of them."""
    return discovered(conn, archive, host, kind=kind)


def discovered(
    conn: sqlite3.Connection, archive: Archive, host: str | None, *, kind: str | None = None
) -> tuple[PolicyTarget, ...]:
    """Return the policies an archive finds of a host, under the names that the corpus knows them by."""
    return named(conn, archive.find_policies(host), host, kind=kind)


def named(
    conn: sqlite3.Connection, policies: Iterable[FoundPolicy], host: str | None, *, kind: str | None = None
) -> tuple[PolicyTarget, ...]:
    """Return policies that were found, under the names that the corpus knows them by or has free."""
    found = _of_kind([_found(conn, policy) for policy in policies], kind, host or "the archive")
    merged: dict[tuple[str, str, str], PolicyTarget] = {}
    for target in found:
        key = (target.host, target.kind, target.label)
        urls = (*merged[key].urls, *target.urls) if key in merged else target.urls
        pointers = (*merged[key].pointers, *target.pointers) if key in merged else target.pointers
        merged[key] = PolicyTarget(*key, _one_a_key(urls), host or "", pointers)
    return tuple(merged.values())


def distinct(policies: Iterable[PolicyTarget]) -> list[PolicyTarget]:
    """Keep policies apart that one command names by different addresses, as two commands would.

    Targets that share an address are one policy; a second address of the same site and kind gets a label from its
    path. That one policy moved from the one to the other is for archived redirects, or a person, to say.
    """
    kept: dict[tuple[str, str, str], PolicyTarget] = {}
    for policy in policies:
        key = (policy.host, policy.kind, policy.label)
        while key in kept and not _share_address(kept[key], policy):
            label = label_of(policy.urls[0].url)
            key = (policy.host, policy.kind, label if key[2] != label else f"{label}-{len(kept)}")
        urls = (*kept[key].urls, *policy.urls) if key in kept else policy.urls
        kept[key] = PolicyTarget(*key, _one_a_key(urls), policy.asked_host, policy.pointers)
    return list(kept.values())


def _share_address(one: PolicyTarget, other: PolicyTarget) -> bool:
    return bool({urlkey(item.url) for item in one.urls} & {urlkey(item.url) for item in other.urls})


def is_url(target: str) -> bool:
    """True for what is meant as a URL: it has a scheme or a path."""
    return "://" in target or "/" in target.strip().rstrip("/")


def all_known(known: Iterable[KnownUrl]) -> tuple[PolicyTarget, ...]:
    """Return the policies that some known URLs belong to, each with these URLs."""
    return tuple(_known_targets(known))


def _of_url(conn: sqlite3.Connection, given: Target, *, kind: str | None) -> PolicyTarget:
    urls = [_with_scheme(text) for text in (given.text, *given.urls)]
    for url in urls:
        if not is_web_address(url):
            raise UnknownTarget(f"{url!r} is no URL of a web page")
    asked = tuple(TargetUrl(canonical_url(url), "given") for url in urls)
    for url in urls:
        known = known_by_key(conn, urlkey(url))
        if known is not None:
            held = next(iter(_known_targets(known_by_name(conn, known.host, known.kind, known.label))))
            return PolicyTarget(held.host, held.kind, held.label, _one_a_key((*asked, *held.urls)))
    host = host_of(urls[0])
    guess = guess_kind(urls[0])
    kind = kind or ("privacy" if guess == "other" else guess)
    return PolicyTarget(host, kind, _free_label(conn, host, kind, urls[0], label=given.label), asked)


def _found(conn: sqlite3.Connection, policy: FoundPolicy) -> PolicyTarget:
    urls = tuple(TargetUrl(url, evidence, why=policy.why(url)) for url, evidence in policy.urls)
    for url, _ in policy.urls:
        known = known_by_key(conn, urlkey(url))
        if known is not None:
            held = next(iter(_known_targets(known_by_name(conn, known.host, known.kind, known.label))))
            return PolicyTarget(
                held.host, held.kind, held.label, _one_a_key((*urls, *held.urls)), pointers=policy.pointers
            )
    label = _free_label(conn, policy.host, policy.kind, policy.urls[-1][0], label=policy.label)
    return PolicyTarget(policy.host, policy.kind, label, urls, pointers=policy.pointers)


def _free_label(conn: sqlite3.Connection, host: str, kind: str, url: str, *, label: str) -> str:
    candidate, number = label, 1
    while known_by_name(conn, host, kind, candidate):
        candidate = label_of(url) if number == 1 else f"{label_of(url)}-{number}"
        number += 1
    return candidate


def _known_targets(known: Iterable[KnownUrl]) -> list[PolicyTarget]:
    grouped: dict[tuple[str, str, str], list[TargetUrl]] = {}
    for item in known:
        since = from_iso(item.valid_from) if item.valid_from and item.evidence == "redirect" else None
        grouped.setdefault((item.host, item.kind, item.label), []).append(TargetUrl(item.url, item.evidence, since))
    return [PolicyTarget(*key, _one_a_key(urls)) for key, urls in grouped.items()]


def _one_a_key(urls: Sequence[TargetUrl]) -> tuple[TargetUrl, ...]:
    return tuple({urlkey(item.url): item for item in reversed(urls)}.values())[::-1]


def _of_kind(targets: Sequence[PolicyTarget], kind: str | None, whose: str) -> tuple[PolicyTarget, ...]:
    kept = tuple(target for target in targets if kind is None or target.kind == kind)
    if targets and not kept:
        there = ", ".join(sorted({target.kind for target in targets}))
        raise UnknownTarget(f"no policy of kind {kind} for {whose}; there is: {there}")
    return kept


def _with_scheme(target: str) -> str:
    return target if "://" in target else f"http://{target}"
