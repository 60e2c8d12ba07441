"""Changes as pairs of texts with everything that says what they are: the rows of a data set."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from harvest.corpus.queries_model import PolicyRef

_SQL = """
    SELECT bt.sha256, at.sha256, coalesce(a.not_before, b.last_seen), a.first_seen, at.language, x.kind, x.silent,
        d.tier, c.position, c.kind, c.tier, c.reason,
        coalesce(sb.heading, ''), coalesce(sa.heading, ''), c.words_added, c.words_removed, c.similarity,
        (SELECT group_concat(text, char(10) || char(10)) FROM (
            SELECT cl.text FROM change_clauses cc JOIN clauses cl ON cl.id = cc.clause_id
            WHERE cc.change_id = c.id AND cc.side = 'before' ORDER BY cc.position)),
        (SELECT group_concat(text, char(10) || char(10)) FROM (
            SELECT cl.text FROM change_clauses cc JOIN clauses cl ON cl.id = cc.clause_id
            WHERE cc.change_id = c.id AND cc.side = 'after' ORDER BY cc.position)),
        a.number
    FROM transitions x JOIN versions b ON b.id = x.before_version_id JOIN versions a ON a.id = x.after_version_id
    JOIN texts bt ON bt.id = b.text_id JOIN texts at ON at.id = a.text_id
    JOIN diffs d ON d.id = x.diff_id JOIN changes c ON c.diff_id = d.id
    LEFT JOIN sections sb ON sb.id = c.before_section_id LEFT JOIN sections sa ON sa.id = c.after_section_id
    WHERE x.policy_id = ? AND x.kind <> 'technical' AND a.variant_of IS NULL AND b.variant_of IS NULL
    ORDER BY a.number, c.position
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """One change between two consecutive versions of a policy, old text beside new.

    *id*: 24 hex digits that follow from the policy, both texts, the change's place in their diff, and how often the
    policy had changed so before; a rebuild does not change them. *after*, *not_later_than*: the bounds of the change,
    ISO 8601. *before_text*, *after_text*: '' where there is none on that side. *split*: ``train``, ``validation`` or
    ``test`` (80:10:10), the same for a whole site.
    """

    id: str
    site: str
    policy_kind: str
    label: str
    language: str
    before_sha256: str
    after_sha256: str
    after: str
    not_later_than: str
    transition: str
    silent: bool | None
    diff_tier: str
    position: int
    kind: str
    tier: str
    reason: str
    heading_before: str
    heading_after: str
    before_text: str
    after_text: str
    words_added: int
    words_removed: int
    similarity: float | None
    split: str


def pairs(conn: sqlite3.Connection, policy: PolicyRef) -> Iterator[Pair]:
    """Yield the changes of a policy's main line, oldest first, one at a time."""
    split = split_of(policy.host)
    of_policy = f"{policy.host}/{policy.kind}:{policy.label}"
    times: Counter[tuple[str, str]] = Counter()  # some go back and forth between two texts
    number = None
    for row in conn.execute(_SQL, (policy.id,)):
        texts = (str(row[0]), str(row[1]))
        times[texts] += row[19] != number
        number = row[19]
        named = f"{of_policy} {' '.join(texts)} {row[8]} {row[9]} {times[texts]}"
        identity = hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:24]
        yield Pair(
            id=identity,
            site=policy.host,
            policy_kind=policy.kind,
            label=policy.label,
            language=str(row[4]),
            before_sha256=str(row[0]),
            after_sha256=str(row[1]),
            after=str(row[2]),
            not_later_than=str(row[3]),
            transition=str(row[5]),
            silent=None if row[6] is None else bool(row[6]),
            diff_tier=str(row[7]),
            position=int(row[8]),
            kind=str(row[9]),
            tier=str(row[10]),
            reason=str(row[11]),
            heading_before=str(row[12]),
            heading_after=str(row[13]),
            before_text=str(row[17] or ""),
            after_text=str(row[18] or ""),
            words_added=int(row[14]),
            words_removed=int(row[15]),
            similarity=None if row[16] is None else float(row[16]),
            split=split,
        )


def split_of(host: str) -> str:
    """Return the part of a data set a site belongs to: its own wordings must not stand in two."""
    drawn = int.from_bytes(hashlib.sha256(host.encode("utf-8", "replace")).digest()[:4], "big") % 10
    return "test" if drawn == 9 else "validation" if drawn == 8 else "train"
