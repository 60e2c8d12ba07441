"""A diff for a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

from harvest.compare.folded import Passed, parts_of
from harvest.compare.homes import Homes
from harvest.compare.ops import heading_ops
from harvest.compare.render_words import (
    AGAIN,
    SECTION_OPS,
    again_of,
    heading_over,
    said_once,
    say_departure,
    say_hidden,
    say_links,
    summary_line,
    title_of,
)
from harvest.model import Change, Departure, Diff
from harvest.visible import visible

Paint = Callable[[str, str], str]

_BOLD, _DIM, _RED, _GREEN, _CYAN = "1", "2", "31;9", "32;4", "36"
_CONTEXT_WORDS = 12  # unchanged words kept on either side of a changed one; two lines of a terminal


def to_terminal(diff: Diff, *, colour: bool = True, noise: bool = False, context: int = _CONTEXT_WORDS) -> str:
    """Return the diff for a terminal, each change under its heading; ends with a newline.

    Without *noise* the changes of the five noise tiers are only counted. Unchanged text is folded: *context* words
    are kept around a change, and what is passed over between two changes is counted with its headings. Deletions and
    insertions are marked ``[-…-]`` and ``{+…+}`` where *colour* is off. Control characters of the texts are made
    visible, so that a page cannot steer the terminal.
    """
    paint = _paint if colour else _plain
    lines = [paint(_BOLD, summary_line(diff)), paint(_DIM, diff.reason)]
    lines += [paint(_DIM, visible(line)) for line in said_once(diff)]
    homes, heading = Homes(diff), None
    again = again_of(diff)
    for part in parts_of(diff, noise=noise):
        if isinstance(part, Passed):
            lines += ["", paint(_DIM, f"({visible(str(part))})")]
            continue
        where = heading_over(part, homes, heading)
        if where is not None and where != heading:
            lines += ["", paint(_BOLD, f"## {visible(where) or '(opening)'}")]
            heading = where
        if isinstance(part, Departure):
            lines += ["", paint(_CYAN, visible(say_departure(part)))]
            continue
        lines += ["", paint(_CYAN, f"{title_of(part)} · {part.tier} · {visible(part.reason)}")]
        lines += [paint(_DIM, AGAIN)] if id(part) in again else _body(part, paint, context)
        lines += [paint(_DIM, visible(line)) for line in say_links(part)]
    lines += say_hidden(diff, noise=noise)
    return "\n".join(lines) + "\n"


def _body(change: Change, paint: Paint, context: int) -> list[str]:
    if change.kind.startswith("heading-"):
        ops = heading_ops(change.heading_before, change.heading_after)
        return ["".join(_marked(op, text, paint) for op, text in ops)]
    parts: list[str] = []
    if change.kind in SECTION_OPS:
        heading = SECTION_OPS[change.kind], change.heading_after or change.heading_before
        parts.append(_marked(*heading, paint) + "\n")
    still = all(op == "=" for op, _ in change.ops)
    for number, (op, text) in enumerate(change.ops):
        if op == "=":
            last = number == len(change.ops) - 1
            parts.append(_shorten(visible(text), context, keep_start=number > 0 or still, keep_end=not last or still))
        else:
            parts.append(_marked(op, text, paint))
    if not change.ops and change.after:  # moved, and nothing else
        parts.append(_shorten(visible(change.after), context, keep_start=True, keep_end=True))
    return ["".join(parts)]


def _marked(op: str, text: str, paint: Paint) -> str:
    shown = visible(text)
    if op == "=":
        return shown
    code, mark = (_RED, "[-{}-]") if op == "-" else (_GREEN, "{{+{}+}}")
    return _edges(shown, lambda bare: paint(code, mark.format(bare)))


def _edges(text: str, mark: Callable[[str], str]) -> str:
    """Keep the white space at the end of a stretch outside its marks."""
    bare = text.rstrip()
    return mark(bare) + text[len(bare) :] if bare else mark(text)


def _shorten(text: str, words: int, *, keep_start: bool, keep_end: bool) -> str:
    """Return unchanged text with its middle folded: *words* words are kept at the ends that touch a change."""
    runs = re.findall(r"\s*\S+\s*", text)
    head, tail = words * keep_start, words * keep_end
    if len(runs) <= head + tail + 4:
        return text
    return "".join(runs[:head]) + " … " + "".join(runs[len(runs) - tail :])


def _paint(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _plain(code: str, text: str) -> str:
    return text
