"""Lineages of a policy: which sections of its texts are one section through the years."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from harvest.compare.lineage import Linker, Names
from harvest.corpus.comparing import Links, pairs_of
from harvest.corpus.derive_model import Versions
from harvest.corpus.store_runs import relink
from harvest.corpus.store_sections import SectionReader, StoredText
from harvest.corpus.store_stays import keep_stays

_SLUG_LENGTH = 60
_OPENING = "opening"  # slug of what stands before the first heading


def keep_lineages(
    conn: sqlite3.Connection,
    policy_id: int,
    history: Versions,
    ids: Mapping[str, int],
    reader: SectionReader,
    memory: LineageMemory,
    *,
    paired: Mapping[tuple[str, str], Links] | None = None,
) -> None:
    """Link the sections of all texts that make a version; texts in no version have no lineages.

    *paired*: which sections of two consecutive texts (sha256) are one, where that was found out elsewhere. Texts are
    read one after the other: what is held of each are the numbers and headings of its sections.
    """
    linked = memory.link(history, lambda sha: reader.read(conn, ids[sha]), paired or {})
    linked = _by_appearance(linked)
    lineage_ids = _keep_rows(conn, policy_id, slugs_of(linked), _latest_headings(history, linked))
    wanted = {ids[sha]: [lineage_ids[number] for number in of_text.numbers] for sha, of_text in linked.items()}
    for (text_id,) in conn.execute("SELECT id FROM texts WHERE policy_id = ?", (policy_id,)).fetchall():
        _keep_places(conn, text_id, wanted.get(text_id, ()))
    keep_stays(conn, policy_id)
    used = set(lineage_ids)
    stale = [row[0] for row in conn.execute("SELECT id FROM lineages WHERE policy_id = ?", (policy_id,))]
    conn.executemany("DELETE FROM lineages WHERE id = ?", [(row,) for row in stale if row not in used])


def _keep_places(conn: sqlite3.Connection, text_id: int, lineages: Sequence[int]) -> None:
    """Write the lineages of a text's sections where they differ; none for a text in no version."""
    relink(conn, text_id, lineages)


def slugs_of(linked: Mapping[str, Linked]) -> list[str]:
    """Return a slug for each lineage, unique, from the first heading it had; lineages in order of appearance."""
    slugs: list[str] = []
    taken: set[str] = set()
    for of_text in linked.values():
        for heading, number in zip(of_text.headings, of_text.numbers, strict=True):
            if number == len(slugs):
                slugs.append(_unused(slugify(heading), taken))
    return slugs


def slugify(heading: str) -> str:
    """Make a heading fit for an address: letters and digits of any script, without accents, joined by hyphens.

    >>> slugify("Données à caractère personnel — Art. 4")
    'donnees-a-caractere-personnel-art-4'
    """
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", heading.casefold()) if not unicodedata.combining(ch))
    slug = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", bare)).strip("-")
    return slug[:_SLUG_LENGTH].strip("-") or _OPENING


def _unused(slug: str, taken: set[str]) -> str:
    candidate, count = slug, 1
    while candidate in taken:
        count += 1
        candidate = f"{slug}-{count}"
    taken.add(candidate)
    return candidate


@dataclass(frozen=True, slots=True)
class Linked:
    """The lineages of a text's sections, by number, and their headings."""

    numbers: tuple[int, ...]
    headings: tuple[str, ...]


@dataclass(slots=True)
class LineageMemory:
    """Carries the linking of a main line from one recompute to the next: most histories only grow at their end."""

    linker: Linker = field(default_factory=Linker)
    line: list[str] = field(default_factory=list)
    linked: dict[str, Linked] = field(default_factory=dict)

    def clear(self) -> None:
        """Start anew."""
        self.linker, self.line, self.linked = Linker(), [], {}

    def link(
        self, history: Versions, read: Callable[[str], StoredText], paired: Mapping[tuple[str, str], Links]
    ) -> dict[str, Linked]:
        """Link along the main line, returns included, then the variants; by text, in the order of `Versions.texts`."""
        line = [version.text for version in history.main_line]
        if line[: len(self.line)] != self.line:
            self.clear()
        previous = self.line[-1] if self.line else ""
        for sha in line[len(self.line) :]:
            linked = _link(self.linker, read(sha), paired.get((previous, sha)))
            self.linked.setdefault(sha, linked)
            previous = sha
        self.line = line
        found = dict(self.linked)
        fork: Linker | None = None
        for sha in history.texts:
            if sha not in found:
                fork = fork or self.linker.fork()
                found[sha] = _link(fork, read(sha), paired.get((previous, sha)))
                previous = sha
        return {sha: found[sha] for sha in history.texts}


def _link(linker: Linker, text: StoredText, links: Links | None) -> Linked:
    pairs = None if links is None else pairs_of(links)
    numbers = linker.number(text.sections, pairs, Names(text.section_ids, text.clause_ids))
    return Linked(numbers, tuple(section.heading for section in text.sections))


def _by_appearance(linked: Mapping[str, Linked]) -> dict[str, Linked]:
    """Renumber lineages from 0 in order of their first appearance."""
    order: dict[int, int] = {}
    return {
        sha: Linked(tuple(order.setdefault(number, len(order)) for number in of_text.numbers), of_text.headings)
        for sha, of_text in linked.items()
    }


def _latest_headings(history: Versions, linked: Mapping[str, Linked]) -> dict[int, str]:
    """Return the heading each lineage has now: that of its last version on the main line, else of any variant."""
    headings: dict[int, str] = {}
    variants = [version for version in history.versions if version.place is None]
    for version in (*variants, *history.main_line):
        of_text = linked[version.text]
        headings.update(zip(of_text.numbers, of_text.headings, strict=True))
    return headings


def _keep_rows(
    conn: sqlite3.Connection, policy_id: int, slugs: Sequence[str], headings: Mapping[int, str]
) -> list[int]:
    held = {
        row[1]: (int(row[0]), str(row[2]))
        for row in conn.execute("SELECT id, slug, heading FROM lineages WHERE policy_id = ?", (policy_id,))
    }
    row_ids = []
    for number, slug in enumerate(slugs):
        row_id, heading = held.get(slug, (0, ""))
        if slug not in held:
            cursor = conn.execute(
                "INSERT INTO lineages (policy_id, slug, heading) VALUES (?, ?, ?)",
                (policy_id, slug, headings[number]),
            )
            row_id = int(cursor.lastrowid or 0)
        elif heading != headings[number]:
            conn.execute("UPDATE lineages SET heading = ? WHERE id = ?", (headings[number], row_id))
        row_ids.append(row_id)
    return row_ids
