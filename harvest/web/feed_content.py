"""What changed, as HTML for a feed reader: the words that came and went, shortened. Pure; every word is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from harvest.compare.ops import heading_ops
from harvest.compare.render_html import ops_html
from harvest.corpus.queries_model import ChangeLine
from harvest.model import Op

#: Changes and characters of an entry. Fifty entries stay below 200 KB; what is left out is one click away.
LINES = 8
_LETTERS = 1_600
#: Unchanged text around a change, on either side: about two lines.
_AROUND = 120
#: A single insertion or deletion is cut after so many characters.
_LONG = 700


def content_of(lines: Sequence[ChangeLine], *, more: int = 0) -> Markup:
    """Return the changes above noise in their order with ``<ins>`` and ``<del>``; '' where there are none.

    The first of them: as many as a reader of feeds looks at, then the count of the others. *more* were not read.
    """
    wanted = [line for line in lines if not line.tier.is_noise]
    parts: list[Markup] = []
    where, letters, shown = None, 0, 0
    for line in wanted[:LINES]:
        ops = tuple(_shortened(_ops(line)))
        letters += sum(len(text) for _, text in ops)
        if letters > _LETTERS and shown:
            break
        heading = line.heading_after or line.heading_before
        if heading != where and heading and not line.kind.startswith("heading"):
            parts.append(Markup('<h4 dir="auto">{}</h4>').format(heading[:200]))
        where = heading
        parts.append(Markup('<p dir="auto">{}</p>').format(ops_html(ops)))
        shown += 1
    more += len(wanted) - shown
    if more:
        parts.append(Markup("<p>… and {} more {}.</p>").format(more, "change" if more == 1 else "changes"))
    return Markup("\n").join(parts)


def _ops(line: ChangeLine) -> tuple[Op, ...]:
    if line.kind.startswith("heading"):
        return heading_ops(line.heading_before, line.heading_after)
    if line.before and line.after:
        return heading_ops(line.before, line.after)
    if line.kind == "section-added" and not line.after:
        return (("+", line.heading_after),)
    if line.kind == "section-removed" and not line.before:
        return (("-", line.heading_before),)
    return (("+", line.after),) if line.after else (("-", line.before),)


def _shortened(ops: Iterable[Op]) -> Iterator[Op]:
    every = list(ops)
    for place, (sign, text) in enumerate(every):
        if sign != "=":
            yield sign, _cut(text, _LONG)
        elif len(text) <= 2 * _AROUND + 20:
            yield sign, text
        else:
            head = _cut(text, _AROUND) if place else "… "
            tail = re.sub(r"^\S*\s", "", text[-_AROUND:]) if place < len(every) - 1 else ""
            yield sign, head + tail


def _cut(text: str, length: int) -> str:
    """Cut after a word."""
    return text if len(text) <= length else re.sub(r"\s\S*$", "", text[:length]) + " … "
