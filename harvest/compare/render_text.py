"""A diff as text: for a terminal, and as a Markdown redline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvest.model import Change, Diff, Tier

_BOLD, _DIM, _RED, _GREEN, _CYAN = "1", "2", "31;9", "32;4", "36"
_CONTEXT_WORDS = 12  # unchanged words kept on either side of a changed one; two lines of a terminal
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN_MARK = re.compile(r"([\\`*_\[\]<>~|#&])")

TITLES = {
    "added": "added",
    "removed": "removed",
    "edited": "edited",
    "moved": "moved here",
    "moved-edited": "moved here and edited",
    "split": "split",
    "merged": "merged",
    "heading-renamed": "heading renamed",
    "heading-renumbered": "heading renumbered",
    "section-added": "section added",
    "section-removed": "section removed",
    "section-moved": "section moved here",
}


def to_terminal(diff: Diff, *, colour: bool = True, noise: bool = False, context: int = _CONTEXT_WORDS) -> str:
    """Return the diff for a terminal, each change under its heading; ends with a newline.

    Without *noise* the changes of the five noise tiers are only counted. Deletions and insertions are marked
    ``[-…-]`` and ``{+…+}`` where *colour* is off. Control characters of the texts are made visible, so that a page
    cannot steer the terminal.
    """
    paint = _paint if colour else _plain
    lines = [paint(_BOLD, summary_line(diff)), paint(_DIM, diff.reason)]
    heading: str | None = None
    for change in visible(diff, noise=noise):
        where = change.heading_after or change.heading_before
        if where != heading:
            lines += ["", paint(_BOLD, f"## {_safe(where) or '(opening)'}")]
            heading = where
        lines += ["", paint(_CYAN, f"{TITLES[change.kind]} · {change.tier} · {change.reason}")]
        lines += _body(change, paint, context)
    lines += _folded(diff, noise)
    return "\n".join(lines) + "\n"


def summary_line(diff: Diff) -> str:
    """Return tier and word counts in one line."""
    if diff.tier is None:
        return "no change"
    moved = f", {diff.words_moved} moved" if diff.words_moved else ""
    return f"{diff.tier}: +{diff.words_added} -{diff.words_removed} words{moved}"


def visible(diff: Diff, *, noise: bool) -> Iterator[Change]:
    """Yield the changes that a reader asked for."""
    for change in diff.changes:
        if noise or not (change.tier and change.tier.is_noise):
            yield change


def _folded(diff: Diff, noise: bool) -> list[str]:
    hidden = [change.tier for change in diff.changes if change.tier and change.tier.is_noise]
    if noise or not hidden:
        return []
    counts = ", ".join(f"{hidden.count(tier)} {tier}" for tier in Tier if tier in hidden)
    return ["", f"({len(hidden)} more of noise tiers: {counts})"]


def _body(change: Change, paint: object, context: int) -> list[str]:
    assert callable(paint)
    if change.kind.startswith("heading-"):
        old, new = _safe(change.heading_before), _safe(change.heading_after)
        return [paint(_RED, f"[-{old}-]")] * bool(old) + [paint(_GREEN, f"{{+{new}+}}")] * bool(new)
    parts: list[str] = []
    if change.kind == "section-added":
        parts.append(paint(_GREEN, f"{{+{_safe(change.heading_after)}+}}") + "\n")
    if change.kind == "section-removed":
        parts.append(paint(_RED, f"[-{_safe(change.heading_before)}-]") + "\n")
    for number, (op, text) in enumerate(change.ops):
        if op == "=":
            last = number == len(change.ops) - 1
            parts.append(shorten(_safe(text), context, keep_start=number > 0, keep_end=not last))
        elif op == "-":
            parts.append(_edges(_safe(text), lambda t: paint(_RED, f"[-{t}-]")))
        else:
            parts.append(_edges(_safe(text), lambda t: paint(_GREEN, f"{{+{t}+}}")))
    return ["".join(parts)]


def _edges(text: str, mark: object) -> str:
    """Keep the white space at the end of a stretch outside its marks."""
    assert callable(mark)
    bare = text.rstrip()
    return mark(bare) + text[len(bare) :] if bare else str(mark(text))


def shorten(text: str, words: int, *, keep_start: bool, keep_end: bool) -> str:
    """Return unchanged text with its middle folded: *words* words are kept at the ends that touch a change."""
    runs = re.findall(r"\s*\S+\s*", text)
    head, tail = words * keep_start, words * keep_end
    if len(runs) <= head + tail + 4:
        return text
    return "".join(runs[:head]) + " … " + "".join(runs[len(runs) - tail :])


def to_markdown(diff: Diff, *, noise: bool = True) -> str:
    """Return the diff as a Markdown redline: ~~deleted~~ and **inserted**, each change under its heading.

    Everything in the texts that Markdown would read as mark-up is escaped. Ends with a newline.
    """
    lines = [f"**{summary_line(diff)}**", "", _escape(diff.reason)]
    heading: str | None = None
    for change in visible(diff, noise=noise):
        where = change.heading_after or change.heading_before
        if where != heading:
            lines += ["", f"## {_escape(where) or '(opening)'}"]
            heading = where
        lines += ["", f"*{TITLES[change.kind]} ({change.tier}: {_escape(change.reason)})*", ""]
        if change.kind.startswith("heading-"):
            ops = (("-", change.heading_before), ("+", change.heading_after))
            lines.append(" ".join(_redline(op, text) for op, text in ops if text))
        else:
            heading_op = _SECTION_OPS.get(change.kind)
            if heading_op:
                lines += [_redline(heading_op, change.heading_after or change.heading_before), ""]
            lines.append("".join(_redline(op, text) for op, text in change.ops))
    lines += _folded(diff, noise)
    return "\n".join(lines) + "\n"


_SECTION_OPS = {"section-added": "+", "section-removed": "-"}


def _redline(op: str, text: str) -> str:
    if op == "=":
        return _escape(text)
    mark = "~~" if op == "-" else "**"
    paragraphs = re.split(r"(\s*\n\s*\n\s*)", text)
    return "".join(_wrap(part, mark) if n % 2 == 0 else part for n, part in enumerate(paragraphs))


def _wrap(text: str, mark: str) -> str:
    bare = text.strip()
    if not bare:
        return text
    start = text.index(bare)
    return f"{text[:start]}{mark}{_escape(bare)}{mark}{text[start + len(bare) :]}"


def _escape(text: str) -> str:
    return _MARKDOWN_MARK.sub(r"\\\1", _safe(text))


def _safe(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)


def _paint(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _plain(code: str, text: str) -> str:
    return text
