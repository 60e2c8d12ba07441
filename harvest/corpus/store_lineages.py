"""Lineages of a policy: which sections of its texts are one section through the years."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harvest.compare.lineage import Linker
from harvest.corpus.derive_model import Versions
from harvest.corpus.store_sections import SectionReader
from harvest.corpus.store_stays import keep_stays
from harvest.model import Section

_SLUG_LENGTH = 60
SectionPairs = Mapping[tuple[str, str], Sequence[tuple[int, int]] | None]
_OPENING = "opening"  # slug of what stands before the first heading


def keep_lineages(
    conn: sqlite3.Connection,
    policy_id: int,
    history: Versions,
    ids: Mapping[str, int],
    reader: SectionReader,
    memory: LineageMemory,
    *,
    paired: SectionPairs | None = None,
) -> None:
    """Link the sections of all texts that make a version; texts in no version have no lineages.

    *paired*: which sections of two consecutive texts (sha256) are one, where that was found out elsewhere.
    """
    text_ids = [ids[sha] for sha in history.texts]
    sections = [reader.read(conn, text_id).sections for text_id in text_ids]
    numbers = _by_appearance(memory.link(history, dict(zip(history.texts, sections, strict=True)), paired or {}))
    slugs = slugs_of(sections, numbers)
    headings = _latest_headings(history, dict(zip(history.texts, range(len(text_ids)), strict=True)), sections, numbers)
    lineage_ids = _keep_rows(conn, policy_id, slugs, headings)
    wanted = {
        (text_id, position): lineage_ids[number]
        for text_id, of_text in zip(text_ids, numbers, strict=True)
        for position, number in enumerate(of_text)
    }
    held = conn.execute(
        "SELECT ts.text_id, ts.position, ts.lineage_id FROM texts t JOIN text_sections ts ON ts.text_id = t.id"
        " WHERE t.policy_id = ?",
        (policy_id,),
    ).fetchall()
    conn.executemany(
        "UPDATE text_sections SET lineage_id = ? WHERE text_id = ? AND position = ?",
        [(wanted.get((row[0], row[1])), row[0], row[1]) for row in held if row[2] != wanted.get((row[0], row[1]))],
    )
    keep_stays(conn, policy_id)
    used = set(lineage_ids)
    stale = [row[0] for row in conn.execute("SELECT id FROM lineages WHERE policy_id = ?", (policy_id,))]
    conn.executemany("DELETE FROM lineages WHERE id = ?", [(row,) for row in stale if row not in used])


def slugs_of(history: Sequence[Sequence[Section]], numbers: Sequence[Sequence[int]]) -> list[str]:
    """Return a slug for each lineage, unique, from the first heading it had; lineages in order of appearance."""
    slugs: list[str] = []
    taken: set[str] = set()
    for sections, of_text in zip(history, numbers, strict=True):
        for section, number in zip(sections, of_text, strict=True):
            if number == len(slugs):
                slugs.append(_unused(slugify(section.heading), taken))
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


@dataclass(slots=True)
class LineageMemory:
    """Carries the linking of a main line from one recompute to the next: most histories only grow at their end."""

    linker: Linker = field(default_factory=Linker)
    line: list[str] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=dict)

    def clear(self) -> None:
        """Start anew."""
        self.linker, self.line, self.numbers = Linker(), [], {}

    def link(
        self, history: Versions, sections: Mapping[str, Sequence[Section]], paired: SectionPairs
    ) -> list[list[int]]:
        """Link along the main line, returns included, then the variants; one list of numbers for each text."""
        line = [version.text for version in history.main_line]
        if line[: len(self.line)] != self.line:
            self.clear()
        for place, sha in enumerate(line[len(self.line) :], start=len(self.line)):
            pairs = paired.get((line[place - 1], sha)) if place else None
            self.numbers.setdefault(sha, self.linker.number(sections[sha], pairs))
        self.line = line
        numbers = dict(self.numbers)
        fork: Linker | None = None
        previous = line[-1] if line else ""
        for sha in history.texts:
            if sha not in numbers:
                fork = fork or self.linker.fork()
                numbers[sha] = fork.number(sections[sha], paired.get((previous, sha)))
                previous = sha
        return [numbers[sha] for sha in history.texts]


def _by_appearance(numbers: Sequence[Sequence[int]]) -> list[list[int]]:
    """Renumber lineages from 0 in order of their first appearance."""
    order: dict[int, int] = {}
    return [[order.setdefault(number, len(order)) for number in of_text] for of_text in numbers]


def _latest_headings(
    history: Versions,
    index: Mapping[str, int],
    sections: Sequence[Sequence[Section]],
    numbers: Sequence[Sequence[int]],
) -> dict[int, str]:
    """Return the heading each lineage has now: that of its last version on the main line, else of any variant."""
    headings: dict[int, str] = {}
    variants = [version for version in history.versions if version.place is None]
    for version in (*variants, *history.main_line):
        at = index[version.text]
        for section, number in zip(sections[at], numbers[at], strict=True):
            headings[number] = section.heading
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
