"""What other policies of a site have of a page, at its edges or all of it. Reads only; `store_site_lines` judges."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harvest.model import Tier
from harvest.timestamps import days_between

LOUD = tuple(tier.value for tier in Tier if not tier.is_noise)
#: Lines of changes that are looked at; menus and mastheads that were caught have up to 170 (seen).
_MOST_LINES = 400
#: Share of the lines of a change that may be the page's alone: the word for where one is, in a menu.
_ODD = 0.2
_LABEL_WORDS = 8
#: Words of a text that must be its own, and the share of these that the other documents may have as well.
_OWN_WORDS = 100
_SHARED = 0.3
#: Share of the words of a page that another document has had, too, so that it is the same page.
SAME_PAGE = 0.8
#: Documents that got it within this time got it together; one that has had it longer may have taken in the others.
_LATELY_DAYS = 30
_SPEAKS_OF_ITSELF = re.compile(
    r"\b(?:this|these|the following|our) (?:\w+ ){0,2}(?:polic(?:y|ies)|statement|notice|terms|agreement|guidelines"
    r"|conditions|document|addendum)\b",
    re.I,
)

_Line = tuple[int, int]  # clause id and words; a heading has the negative id of its section


@dataclass(slots=True)
class Site:
    """The other policies of a site, asked what they have of a page."""

    conn: sqlite3.Connection
    siblings: Sequence[int]
    _known: dict[int, frozenset[int]] = field(default_factory=dict)
    _headings: dict[str, set[int]] = field(default_factory=dict)

    def is_furniture(self, diff_id: int, before: int, after: int) -> bool:
        """Return whether all lines of a diff's loud changes stand at the edges of pages of other policies' lines."""
        changed: dict[str, set[int]] = {"before": set(), "after": set()}
        sizes: list[tuple[bool, int]] = []  # of each line: whether others have it, and its words
        for side, (line, words) in _changed_lines(self.conn, diff_id):
            sizes.append((bool(self._owners(line)), words))
            if len(sizes) > _MOST_LINES or (len(sizes) > 1 / _ODD and not any(known for known, _ in sizes)):
                return False
            changed[side].add(line)
        if not _are_others(sizes):
            return False
        return all(self._at_edges(text, changed[side]) for side, text in (("before", before), ("after", after)))

    def _at_edges(self, text_id: int, changed: set[int]) -> bool:
        lines = _lines_of(self.conn, text_id)
        shared = [bool(self._owners(line)) for line, _ in lines]
        top = _edge(lines, shared)
        bottom = _edge(lines[::-1], shared[::-1]) if top < len(lines) else 0
        core = range(top, len(lines) - bottom)
        own = sum(lines[at][1] for at in core)
        if own < _OWN_WORDS or sum(lines[at][1] for at in core if shared[at]) > _SHARED * own:
            return False
        if sum(words for _, words in lines) > 2 * own:
            return False  # a document that holds another one: that is no edge
        return changed.isdisjoint(lines[at][0] for at in core)

    def is_other_page(self, before: int, after: int, seen: str) -> bool:
        """Return whether a page stood at the address of another policy that had quite another text before.

        *before*: the text that this policy had. Two addresses that had one text and have another one show a change.
        """
        lines, old = _lines_of(self.conn, after), {line for line, _ in _lines_of(self.conn, before)}
        words = sum(size for _, size in lines)
        for sibling in self.siblings:
            same = sum(size for line, size in lines if sibling in self._owners(line))
            page = {line for line, _ in lines}
            if words and same >= SAME_PAGE * words and self._is_foreign(sibling, page, old, seen):
                return True
        return False

    def _is_foreign(self, policy_id: int, page: set[int], old: set[int], seen: str) -> bool:
        """Return whether a policy had quite another text, nor the *old* one, before it had this page, lately if so."""
        for text_id, first_seen in self.conn.execute(
            "SELECT text_id, first_seen FROM versions WHERE policy_id = ? AND place IS NOT NULL AND first_seen <= ?"
            " ORDER BY place DESC",
            (policy_id, seen),
        ):
            lines = _lines_of(self.conn, int(text_id))
            words = sum(size for _, size in lines)
            same = sum(size for line, size in lines if line in page)
            if same < SAME_PAGE * words:
                both = sum(size for line, size in lines if line in old)
                return words >= _OWN_WORDS and max(same, both) <= (1 - SAME_PAGE) * words
            if days_between(first_seen, seen) > _LATELY_DAYS:
                return False
        return False

    def _owners(self, line: int) -> frozenset[int]:
        """Return which of the other policies have a line that does not speak of its document."""
        held = self._known.get(line)
        if held is None:
            held = self._known[line] = self._owners_of_clause(line) if line > 0 else self._owners_of_heading(-line)
        return held

    def _owners_of_clause(self, clause_id: int) -> frozenset[int]:
        rows = self.conn.execute(
            "SELECT DISTINCT s.policy_id FROM section_clauses sc JOIN sections s ON s.id = sc.section_id"
            f" WHERE sc.clause_id = ? AND s.policy_id IN ({', '.join('?' * len(self.siblings))})",
            (clause_id, *self.siblings),
        )
        found = frozenset(int(row[0]) for row in rows)
        text = self.conn.execute("SELECT text FROM clauses WHERE id = ?", (clause_id,)).fetchone() if found else None
        return frozenset() if text is None or _SPEAKS_OF_ITSELF.search(text[0]) else found

    def _owners_of_heading(self, section_id: int) -> frozenset[int]:
        if not self._headings:
            marks = ", ".join("?" * len(self.siblings))
            query = f"SELECT DISTINCT heading, policy_id FROM sections WHERE policy_id IN ({marks})"
            rows = self.conn.execute(query, tuple(self.siblings))
            for heading, policy_id in rows:
                self._headings.setdefault(heading, set()).add(int(policy_id))
        row = self.conn.execute("SELECT heading FROM sections WHERE id = ?", (section_id,)).fetchone()
        return frozenset() if _SPEAKS_OF_ITSELF.search(row[0]) else frozenset(self._headings.get(row[0], ()))


def _are_others(sizes: Sequence[tuple[bool, int]]) -> bool:
    """Return whether nearly all lines are others', or nearly all words and what is left are labels.

    A menu leads to other places from each document, so that its labels are others as links.
    """
    known = [words for is_known, words in sizes if is_known]
    if len(known) >= (1 - _ODD) * max(1, len(sizes)):
        return True
    labels = all(words <= _LABEL_WORDS for is_known, words in sizes if not is_known)
    return labels and sum(known) >= (1 - _ODD) * sum(words for _, words in sizes)


def _edge(lines: Sequence[_Line], shared: Sequence[bool]) -> int:
    """Return how many lines, counted from an end of a page, are shared; labels between them count as such."""
    size = 0
    for at, (line, is_shared) in enumerate(zip(lines, shared, strict=True)):
        if is_shared:
            size = at + 1
        elif line[1] > _LABEL_WORDS:
            break
    return size


def _changed_lines(conn: sqlite3.Connection, diff_id: int) -> Iterator[tuple[str, _Line]]:
    """Yield the lines of the loud changes of a diff, with their side."""
    loud = f"tier IN ({', '.join('?' * len(LOUD))})"
    for change_id, kind, before, after in conn.execute(
        f"SELECT id, kind, before_section_id, after_section_id FROM changes WHERE diff_id = ? AND {loud}"
        " ORDER BY position",
        (diff_id, *LOUD),
    ).fetchall():
        if kind.startswith(("heading-", "section-")):
            yield from (
                (side, (-int(section), _words_of_heading(conn, section)))
                for side, section in (("before", before), ("after", after))
                if section is not None
            )
        for side, clause, words in conn.execute(
            "SELECT cc.side, c.id, c.words FROM change_clauses cc JOIN clauses c ON c.id = cc.clause_id"
            " WHERE cc.change_id = ? ORDER BY cc.side, cc.position",
            (change_id,),
        ):
            yield str(side), (int(clause), int(words))


def _words_of_heading(conn: sqlite3.Connection, section_id: int) -> int:
    return len(conn.execute("SELECT heading FROM sections WHERE id = ?", (section_id,)).fetchone()[0].split())


def _lines_of(conn: sqlite3.Connection, text_id: int) -> list[_Line]:
    """Return the headings and clauses of a text in reading order."""
    lines: list[_Line] = []
    for section_id, heading in conn.execute(
        "SELECT s.id, s.heading FROM text_sections ts JOIN sections s ON s.id = ts.section_id WHERE ts.text_id = ?"
        " ORDER BY ts.position",
        (text_id,),
    ).fetchall():
        if heading:
            lines.append((-int(section_id), len(heading.split())))
        lines += conn.execute(
            "SELECT c.id, c.words FROM section_clauses sc JOIN clauses c ON c.id = sc.clause_id"
            " WHERE sc.section_id = ? ORDER BY sc.position",
            (section_id,),
        ).fetchall()
    return lines
