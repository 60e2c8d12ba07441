"""What makes two clauses, sections or texts the same: sha256 over their words and links, never over mark-up.

Level, kind of a heading, depth of a list and confidence do not count, so that a page that only changes its tags,
or a better extractor, never makes a new text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from harvest.model import Section


def clause_sha(markdown: str) -> str:
    """Return the identity of a clause: sha256 of its markdown, 64 hex digits.

    >>> clause_sha("We use cookies.")[:12]
    '78a2e13863e8'
    """
    return _sha(markdown)


def section_sha(section: Section) -> str:
    """Return the identity of a section: its heading without the number, and its clauses."""
    return _sha(canonical([section.heading, [clause.markdown for clause in section.clauses]]))


def text_sha(sections: Iterable[Section]) -> str:
    """Return the identity of a text: numbers, headings and clauses of its sections, in order."""
    return _sha(canonical([[s.number, s.heading, [c.markdown for c in s.clauses]] for s in sections]))


#: Writes a value as JSON in one way; made once, for it is asked of every clause.
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
