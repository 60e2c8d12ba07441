"""Sections → Markdown in the dialect of the Princeton–Leuven corpus, so that reading it gives the sections back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harvest.model import Clause, Section

_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_SIGNS = re.compile(r"([\\`*_\[\]<&])")
_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|[+-](?=\s|$)|=+$|-+$)")
_COUNT = re.compile(r"^(\d{1,3})([.)])(?=\s|$)")


def write_markdown(sections: Iterable[Section]) -> str:
    """Return sections as Markdown: ``##`` headings with their numbers, list items indented by depth, table rows.

    `read_sections` gives back the same numbers, headings and clause markdown for what it once read itself.
    """
    blocks = []
    for section in sections:
        if section.heading:
            number = f"{section.number}. " if section.number else ""
            blocks.append(f"{'#' * min(max(section.level, 1), 6)} {_escape(number + section.heading)}")
        blocks += [_write_clause(clause) for clause in section.clauses]
    return "\n\n".join(blocks) + "\n"


def _write_clause(clause: Clause) -> str:
    text = _inline(clause.markdown)
    if clause.kind == "row":
        return f"| {text} |"
    if clause.kind == "item":
        return f"{'  ' * max(clause.depth, 1)}* {text}"
    return "  " * (clause.depth + 1) + text if clause.depth else text


def _inline(markdown: str) -> str:
    """Escape what would be mark-up, except the links."""
    parts, at = [], 0
    for match in _LINK.finditer(markdown):
        parts += [_signs(markdown[at : match.start()]), f"[{_signs(match[1])}]({match[2]})"]
        at = match.end()
    return _start("".join([*parts, _signs(markdown[at:])]))


def _escape(text: str) -> str:
    return _start(_signs(text))


def _signs(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)


def _start(text: str) -> str:
    return _COUNT.sub(r"\1\\\2", _START.sub(r"\1\\\2", text))
