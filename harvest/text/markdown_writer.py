"""Sections → Markdown in the dialect of the Princeton–Leuven corpus, so that reading it gives the sections back.

The first line says that nothing in the text needs to be guessed: headings are marked up, a line is a clause. Anybody
else's reader passes over it, for it is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from harvest.model import Clause, Section
from harvest.text.clauses import count_of

MARK = "<!-- every line is one clause; headings are marked -->"
NUMBER_END = "\u2002"  # a wide space between number and title: white space to all, and in no heading of ours
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_SIGNS = re.compile(r"([\\`*_\[\]<&|])")
_START = re.compile(r"^(#{1,6}(?=\s|$)|>|[+-](?=\s|$)|=+$|-+$)")
_LIKE_ITEM = re.compile(r"^(\(?[^\W_]{1,7})([.)])(?=\s|$)")  # in an indented line
_COUNT = re.compile(r"^(\d{1,3})([.)])(?=\s|$)")


def write_markdown(sections: Iterable[Section]) -> str:
    """Return sections as Markdown: ``##`` headings with their numbers, list items indented by depth, table rows.

    `read_sections` gives back the same numbers, headings and clauses, whatever they look like.
    """
    blocks = [MARK]
    for position, section in enumerate(sections):
        if section.heading or position:
            number = f"{_escape(section.number)}.{NUMBER_END}" if section.number else ""
            blocks.append(f"{'#' * min(max(section.level, 1), 6)} {number}{_escape(section.heading)}".rstrip(" "))
        blocks += [_write_clause(clause) for clause in section.clauses]
    return "\n\n".join(blocks) + "\n"


def _write_clause(clause: Clause) -> str:
    linked = clause.markdown != clause.text
    if clause.kind == "row":
        return f"| {_inline(clause.markdown, linked=linked).replace(f'{chr(92)}|', '|')} |"
    text = _inline(clause.markdown, linked=linked)
    if clause.kind == "item":
        return f"{'  ' * max(clause.depth, 1)}{count_of(clause.marker) or '*'} {text}"
    return "  " * (clause.depth + 1) + _LIKE_ITEM.sub(r"\1\\\2", text) if clause.depth else text


def _inline(markdown: str, *, linked: bool) -> str:
    """Escape what would be mark-up, except the links."""
    parts, at = [], 0
    for match in _LINK.finditer(markdown) if linked else ():
        parts += [_signs(markdown[at : match.start()]), f"[{_signs(match[1])}]({match[2]})"]
        at = match.end()
    return _start("".join([*parts, _signs(markdown[at:])]))


def _escape(text: str) -> str:
    return _start(_signs(text))


def _signs(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)


def _start(text: str) -> str:
    return _COUNT.sub(r"\1\\\2", _START.sub(r"\\\1", text))
