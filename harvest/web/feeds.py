"""Atom feeds of changes: the whole corpus, one policy, a search in what was added or removed.

The id of an entry is made of site, kind and the hash of the text after: rebuilding the corpus changes none that the
text does not change. An entry's time is the later bound of its change; both bounds stand in its title.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

from markupsafe import Markup

from harvest.corpus import queries
from harvest.corpus.queries_model import ChangeHit, PolicyChange, PolicyRef, Transition
from harvest.timestamps import to_iso
from harvest.web import words
from harvest.web.feed_content import LINES, content_of
from harvest.web.host import Visit
from harvest.web.reasons import reason

_EPOCH = datetime(1996, 1, 1, tzinfo=UTC)  # an empty feed needs some time: when the archive began
_UNKNOWN = ' xml:lang="und"'  # of archived words: "" is no language tag by the grammar of RFC 4287
#: No characters of XML 1.0, and those it and HTML discourage: a crawl holds PDFs that were read as text.
_UNFIT = dict.fromkeys(
    [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xFDD0, 0xFDF0)]
    + [plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. *name* makes its id; *summary* is plain text, *content* HTML that is safe to show.

    *archived*: the summary is a policy's own words, in whatever language.
    """

    name: str
    title: str
    url: str
    updated: datetime
    summary: str
    content: str = ""
    archived: bool = False


async def answer(visit: Visit, title: str, *, policy: PolicyRef | None = None) -> Any:
    """Answer with the newest changes: of the corpus, of ``?site=`` and ``?kind=``, silent ones, or of one policy."""
    site, kind = (policy.host, policy.kind) if policy else (visit.argument("site"), visit.argument("kind"))
    policy_id = policy.id if policy else 0
    tier = visit.argument("tier", "order")
    silent = visit.argument("silent")
    asked: dict[str, Any] = {"site": site, "kind": kind, "policy_id": policy_id, "tier": tier, "limit": 50}
    asked |= {"silent": silent == "1"} if silent in ("0", "1") else {}
    found = await visit.read(lambda conn: queries.changes(conn, **asked, lines=True, most_lines=LINES))
    page = visit.links.policy(policy) if policy else visit.links.changes(site=site, kind=kind, tier=tier, silent=silent)
    told = await visit.compute(lambda: atom(visit, title, [_of_change(visit, item) for item in found.items], page=page))
    return visit.feed(told)


async def answer_search(visit: Visit, asked: Mapping[str, str]) -> Any:
    """Answer with the changes that brought (``in=removed``: took away) what was asked for, newest first."""
    where = asked["where"] if asked["where"] != "text" else "added"
    narrowed = {name: asked[name] for name in ("site", "kind", "tier")}
    limits: dict[str, Any] = {**narrowed, "since": asked["since"], "until": asked["until"]}
    limits |= {"whole": bool(asked["whole"]), "order": "newest", "limit": 50}
    found = await visit.read(lambda conn: queries.search(conn, asked["q"], where=where, **limits))
    together: dict[tuple[int, int], list[ChangeHit]] = {}
    for hit in found.hits:
        if isinstance(hit, ChangeHit):
            together.setdefault((hit.policy.id, hit.transition.after), []).append(hit)
    entries = [_of_hits(visit, hits, where) for hits in together.values()]
    shown = {**narrowed, "from_": asked["from"], "to": asked["to"], "whole": asked["whole"]}
    page = visit.links.search(q=asked["q"], in_=where, **shown)
    return visit.feed(atom(visit, f"{where}: {asked['q']}", entries, page=page))


def atom(visit: Visit, title: str, entries: Iterable[Entry], *, page: str) -> str:
    """Return a valid Atom document (RFC 4287) of what *page* shows to people.

    Everything in it is escaped; characters XML cannot hold are dropped.
    """
    known = list(entries)
    here = visit.url(visit.request.full_path)
    updated = max((entry.updated for entry in known), default=_EPOCH)
    host = visit.request.host or "localhost"
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
            f"<title>{_text(title)}</title>",
            f"<id>{_text(here)}</id>",
            f'<link rel="self" type="application/atom+xml" href={_attribute(here)}/>',
            f'<link rel="alternate" type="text/html" href={_attribute(visit.url(page))}/>',
            f"<updated>{to_iso(updated)}</updated>",
            "<author><name>Policy corpus</name></author>",
            *(_entry(entry, visit, host) for entry in known),
            "</feed>",
        ]
    )


def _entry(entry: Entry, visit: Visit, host: str) -> str:
    return (
        f"<entry><title>{_text(entry.title)}</title>"
        f"<id>tag:{_text(host.partition(':')[0])},2024:{quote(entry.name, safe='/:')}</id>"
        f'<link rel="alternate" type="text/html" href={_attribute(visit.url(entry.url))}/>'
        f"<updated>{to_iso(entry.updated)}</updated>"
        f"<summary{_UNKNOWN if entry.archived else ''}>{_text(entry.summary)}</summary>"
        + (f'<content type="html"{_UNKNOWN}>{_text(entry.content)}</content>' if entry.content else "")
        + "</entry>"
    )


def _of_change(visit: Visit, item: PolicyChange) -> Entry:
    step = item.transition
    return Entry(
        f"{item.policy.address}/{item.after_sha[:12]}/{to_iso(step.first_seen)}",
        f"{item.policy.address}: {_what(step)}, {words.window(step.not_before, step.first_seen)}",
        visit.links.transition(item.policy, step),
        step.first_seen,
        f"+{step.words_added} −{step.words_removed} words. {reason(step.reason)}",
        str(content_of(item.lines, more=item.more)),
    )


def _of_hits(visit: Visit, hits: Sequence[ChangeHit], where: str) -> Entry:
    """One entry of all that one transition brought (or took away) of what was asked for: it is one piece of news."""
    hit, step = hits[0], hits[0].transition
    said = ["".join(text for text, _ in each.segments) for each in hits]
    place = f"in “{hit.heading}”" if len(hits) == 1 else f"in {len(hits)} places"
    passages = [
        Markup('<h4 dir="auto">{}</h4>\n<p dir="auto">{}</p>').format(each.heading, text)
        for each, text in zip(hits, said, strict=True)
    ]
    return Entry(
        f"{hit.policy.address}/{where}/{to_iso(step.first_seen)}/{hash_of(said[0]):08x}",
        f"{hit.policy.address}: {where} {place}, {words.window(step.not_before, step.first_seen)}",
        visit.links.transition(hit.policy, step),
        step.first_seen,
        said[0],
        str(Markup("\n").join(passages)) if len(hits) > 1 else "",
        archived=True,
    )


def hash_of(text: str) -> int:
    """A number that names a piece of text the same way in every process."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def _what(step: Transition) -> str:
    name = step.part or (words.TIER_WORDS[step.tier][0] if step.tier else "same text")
    return f"{name}, silent" if step.silent else name


def _text(value: str) -> str:
    return escape(value.translate(_UNFIT).encode("utf-8", "replace").decode())


def _attribute(value: str) -> str:
    return quoteattr(value.translate(_UNFIT).encode("utf-8", "replace").decode())
