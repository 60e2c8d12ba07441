"""Markdown that `markdown_writer` wrote → sections, with nothing guessed.

What a reader of pages must find out from looks (is this short line a heading, does this break end a clause) the writer
knew. A text that went out and comes back is the same text, with the same sha256.
"""

from __future__ import annotations

import re

from harvest.model import Clause, Section
from harvest.text.fold import squash
from harvest.text.markdown_writer import MARK, NUMBER_END

_HEADING = re.compile(r"(#{1,6})(?: (.*))?$")
_ITEM = re.compile(r"((?:  )+)(?:\*|(\(?[^\W_]{1,7}[.)])) (.*)$")
_TOKEN = re.compile(r"\\(.)|\[((?:\\.|[^\[\]\\])*)\]\(([^()\s]*)\)|([^\\\[]+|.)")
_SURE = 0.98  # confidence of marked-up headings


def is_exact(text: str) -> bool:
    """True for a text of ours: every line is a clause, headings are marked up."""
    return text.lstrip("\n").startswith(MARK)


def read_exact(text: str) -> tuple[Section, ...]:
    """Return the sections of a text for which `is_exact` holds. Never raises; linear."""
    sections: list[Section] = []
    clauses: list[Clause] = []
    opened: Section | None = None
    for line in text.split(MARK, 1)[1].split("\n"):
        heading = _HEADING.match(line)
        if heading is None:
            clause = _clause(line) if line.strip() else None
            clauses += [clause] if clause else []
            continue
        sections += _close(opened, clauses)
        opened, clauses = _open(len(heading[1]), heading[2] or ""), []
    return (*sections, *_close(opened, clauses))


def _open(level: int, words: str) -> Section:
    number, parted, title = words.rpartition(NUMBER_END)
    kind = "markup" if title else ""
    return Section(level, _plain(number.removesuffix(".")) if parted else "", squash(_plain(title)), kind, _SURE, ())


def _close(opened: Section | None, clauses: list[Clause]) -> list[Section]:
    if opened is None:
        return [Section(2, "", "", "", 1.0, tuple(clauses))] if clauses else []
    return [
        Section(opened.level, opened.number, opened.heading, opened.heading_kind, opened.confidence, tuple(clauses))
    ]


def _clause(line: str) -> Clause | None:
    if item := _ITEM.match(line):
        return _make("item", len(item[1]) // 2, item[3], item[2] or "")
    if line.startswith("| ") and line.endswith(" |") and len(line) > 3:
        return _make("row", 0, line[2:-2])
    indent = (len(line) - len(line.lstrip(" "))) // 2
    return _make("paragraph", max(0, indent - 1), line.strip(" "))


def _make(kind: str, depth: int, written: str, marker: str = "") -> Clause | None:
    text, markdown = [], []
    for match in _TOKEN.finditer(written):
        sign, label, href, plain = match.groups()
        if href is not None:
            text.append(_plain(label))
            markdown.append(f"[{_plain(label)}]({href})")
        else:
            text.append(sign or plain)
            markdown.append(sign or plain)
    whole = squash("".join(markdown))
    return Clause(kind, depth, squash("".join(text)), whole, marker) if whole else None


def _plain(written: str) -> str:
    return re.sub(r"\\(.)", r"\1", written)
