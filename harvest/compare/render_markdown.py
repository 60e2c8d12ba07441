"""A diff as a Markdown redline."""

from __future__ import annotations

import re

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
from harvest.model import Departure, Diff
from harvest.visible import visible

_MARKDOWN_MARK = re.compile(r"([\\`*_\[\]<>~|#&])")


def to_markdown(diff: Diff, *, noise: bool = True) -> str:
    """Return the diff as a Markdown redline: ~~deleted~~ and **inserted**, each change under its heading.

    Unchanged text between changes is folded and counted. Everything in the texts that Markdown would read as mark-up
    is escaped. Ends with a newline.
    """
    lines = [f"**{summary_line(diff)}**", "", _escape(diff.reason)]
    for line in said_once(diff):
        lines += ["", _escape(line)]
    homes, heading = Homes(diff), None
    again = again_of(diff)
    for part in parts_of(diff, noise=noise):
        if isinstance(part, Passed):
            lines += ["", f"*({_escape(str(part))})*"]
            continue
        where = heading_over(part, homes, heading)
        if where is not None and where != heading:
            lines += ["", f"## {_escape(where) or '(opening)'}"]
            heading = where
        if isinstance(part, Departure):
            lines += ["", f"*({_escape(say_departure(part))})*"]
            continue
        lines += ["", f"*{title_of(part)} ({part.tier}: {_escape(part.reason)})*", ""]
        if id(part) in again:
            lines.append(f"*({AGAIN})*")
            continue
        if part.kind.startswith("heading-"):
            ops = heading_ops(part.heading_before, part.heading_after)
        else:
            ops = part.ops or ((("=", part.after),) if part.after else ())
            if part.kind in SECTION_OPS:
                lines += [_redline(SECTION_OPS[part.kind], part.heading_after or part.heading_before), ""]
        lines.append("".join(_redline(op, text) for op, text in ops))
        lines += [line for link in say_links(part) for line in ("", _escape(link))]
    lines += say_hidden(diff, noise=noise)
    return "\n".join(lines) + "\n"


def _redline(op: str, text: str) -> str:
    if op == "=":
        return _escape(text)
    mark = "~~" if op == "-" else "**"
    paragraphs = re.split(r"(\s*\n\s*\n\s*)", text)
    return "".join(_wrap(part, mark) for part in paragraphs)


def _wrap(text: str, mark: str) -> str:
    bare = text.strip()
    if not bare:
        return text
    start = text.index(bare)
    return f"{text[:start]}{mark}{_escape(bare)}{mark}{text[start + len(bare) :]}"


def _escape(text: str) -> str:
    return _MARKDOWN_MARK.sub(r"\\\1", visible(text))
