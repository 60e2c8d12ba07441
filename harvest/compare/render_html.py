"""A diff as escaped HTML: meaning in ``<ins>`` and ``<del>``, looks left to classes, no inline style or script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup, escape

from harvest.compare.anchors import anchors
from harvest.compare.change import show_heading
from harvest.compare.homes import Homes
from harvest.compare.ops import heading_ops
from harvest.compare.render_words import again_of, said_once, say_links, summary_line, title_of, what_left
from harvest.compare.tokens import count_words
from harvest.counting import count_of
from harvest.model import Change, Departure, Diff, Op, Same, Section

_JOINT = "\n\n"


def to_html(diff: Diff, *, before: Sequence[Section] = (), after: Sequence[Section] = (), noise: bool = True) -> Markup:
    """Return the diff as an HTML fragment that is safe to insert: every word of the texts is escaped.

    Changes stand in reading order under their section; what did not change is folded into ``<details>`` that name
    the sections passed over. Every change has a stable ``id`` (``change-`` and 12 hex digits), ``data-kind``,
    ``data-tier`` and word counts. With *before* and *after* (the sections compared) headings show the trail of
    headings above them. Without *noise* changes of the five noise tiers are folded with the unchanged text.
    """
    names = dict(zip(map(id, diff.changes), anchors(diff.changes), strict=True))
    trail = _Trail(diff, before, after)
    parts = [_summary(diff)]
    again = again_of(diff)
    backs = {
        id(diff.lines[each.line]): _back(run[0], names[id(diff.lines[run[0].line])])
        for run in diff.departures_together
        for each in run
    }
    where: str | None = None
    for folded, run in groupby(_reading(diff), key=lambda entry: _is_folded(entry, noise)):
        entries = list(run)
        if folded:
            parts.append(_fold([entry for entry in entries if isinstance(entry, Change)]))
            continue
        for entry in entries:
            heading = where if isinstance(entry, Departure) and entry.is_section else trail.of(entry)
            if heading is not None and heading != where:
                parts.append(Markup('<h3 class="diff-heading">{}</h3>').format(heading or "Opening"))
                where = heading
            if isinstance(entry, Departure):
                parts.append(_departure(entry, names[id(diff.lines[entry.line])]))
            else:
                back = backs.get(id(entry), "")
                parts.append(_change(entry, names[id(entry)], again=id(entry) in again, back=back))
    return Markup('<div class="policy-diff" data-tier="{}">{}</div>').format(
        diff.tier.value if diff.tier else "", Markup("\n").join(parts)
    )


def _reading(diff: Diff) -> Iterator[Change | Departure]:
    for line in diff.reading:
        yield from line.entries if isinstance(line, Same) else (line,)


def to_page(
    diff: Diff,
    *,
    before: Sequence[Section] = (),
    after: Sequence[Section] = (),
    title: str = "Diff",
    noise: bool = True,
) -> str:
    """Return a whole HTML document that stands by itself, for ``harvest diff --html``."""
    return str(
        Markup(
            '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{}</title>\n<style>{}</style>'
            "</head>\n<body>\n{}\n</body>\n</html>\n"
        ).format(title, Markup(_STYLE), to_html(diff, before=before, after=after, noise=noise))
    )


def ops_html(ops: Sequence[Op]) -> Markup:
    """Return ops as inline HTML; a deletion with the insertion that replaces it is one ``role="suggestion"``."""
    parts: list[str] = []
    for same, run in groupby(ops, key=lambda op: op[0] == "="):
        marked = "".join(_text(text) if same else _mark(op, text) for op, text in run)
        parts.append(marked if same else f'<span role="suggestion">{marked}</span>')
    return Markup("".join(parts))


def _mark(op: str, text: str) -> str:
    name = "del" if op == "-" else "ins"
    return f"<{name}>{_text(text, joint='¶')}</{name}>"


def _text(text: str, *, joint: str = "") -> str:
    """Escape a text; the blank line between two clauses becomes a line break (with a mark where it changed)."""
    return str(escape(text)).replace(_JOINT, f'{joint}<br class="diff-joint">')


def _summary(diff: Diff) -> Markup:
    line = Markup('<p class="diff-summary"><strong>{}</strong> <span class="diff-reason">{}</span></p>')
    said = [Markup('<p class="diff-replacement">{}</p>').format(each) for each in said_once(diff)]
    return Markup("").join([line.format(summary_line(diff), diff.reason), *said])


def _departure(left: Departure, name: str) -> Markup:
    return Markup('<p class="diff-left" id="left-{}">{} stood here: <a href="#change-{}">moved {} {}</a></p>').format(
        name, what_left(left), name, left.destination, "↓" if left.is_down else "↑"
    )


def _change(change: Change, name: str, *, again: bool, back: str) -> Markup:
    attributes = Markup(
        'class="diff-change diff-{}" id="change-{}" data-kind="{}" data-tier="{}" data-words-added="{}"'
        ' data-words-removed="{}"'
    ).format(change.kind, name, change.kind, change.tier or "", change.words_added, change.words_removed)
    label = Markup(
        '<p class="diff-label"><a href="#change-{}">{}</a> <span class="diff-tier">{}</span>'
        ' <span class="diff-reason">{}</span>{}</p>'
    ).format(name, title_of(change), change.tier or "", change.reason, back)
    body = _body(change)
    if again:
        words = count_of(change.words_added + change.words_removed, "word")
        body = Markup(
            '<details class="diff-again"><summary>the same {} as in a change above</summary>{}</details>'
        ).format(words, body)
    return Markup("<div {}>{}{}</div>").format(attributes, label, body)


def _back(left: Departure, name: str) -> Markup:
    return Markup(' <a href="#left-{}">where it stood {}</a>').format(name, "↑" if left.is_down else "↓")


def _body(change: Change) -> Markup:
    if change.kind.startswith("heading-"):
        ops = heading_ops(change.heading_before, change.heading_after)
        return Markup('<p class="diff-text diff-title">{}</p>').format(ops_html(ops))
    heading = ""
    if change.kind in ("section-added", "section-removed"):
        op = ("+", change.heading_after) if change.after_section is not None else ("-", change.heading_before)
        heading = Markup('<p class="diff-text diff-title">{}</p>').format(ops_html([op]))
    ops = change.ops or ((("=", change.after),) if change.after else ())  # without ops it moved, and no more
    text = Markup('<div class="diff-text">{}</div>').format(Markup("").join(_folding(ops))) if ops else ""
    links = [Markup('<p class="diff-link">{}</p>').format(line) for line in say_links(change)]
    return Markup("{}{}{}").format(heading, text, Markup("").join(links))


_LONG = 150  # unchanged words of one clause; more are folded in the middle
_KEPT = 40  # of them, at either end


def _folding(ops: Sequence[Op]) -> Iterator[Markup]:
    """Yield ops as HTML; the middle of long unchanged stretches, as in cells of tables, is a fold of its own."""
    run: list[Op] = []
    for number, (op, text) in enumerate(ops):
        if op != "=" or len(text) < 5 * _LONG or len(runs := _RUNS.findall(text)) <= _LONG:
            run.append((op, text))
            continue
        head = _KEPT if number else 0
        tail = _KEPT if number < len(ops) - 1 else 0
        if not head and not tail:  # nothing changed at all: the beginning says what it is
            head = _KEPT
        middle = runs[head : len(runs) - tail]
        yield ops_html([*run, ("=", "".join(runs[:head]))])
        summary = count_of(len(middle), "unchanged word")
        yield Markup('<details class="diff-more"><summary>… {} …</summary>{}</details>').format(
            summary, Markup(_text("".join(middle)))
        )
        run = [("=", "".join(runs[len(runs) - tail :]))] if tail else []
    yield ops_html(run)


_RUNS = re.compile(r"\s*\S+\s*")


def _is_folded(entry: Change | Departure, noise: bool) -> bool:
    return isinstance(entry, Change) and (entry.tier is None or (entry.tier.is_noise and not noise))


def _fold(entries: Sequence[Change]) -> Markup:
    words = sum(count_words(entry.after or entry.before or "") for entry in entries)
    quiet = sum(entry.tier is not None for entry in entries)
    headings = list(dict.fromkeys(h for e in entries if (h := e.heading_after or e.heading_before)))
    counted = f"{count_of(len(entries) - quiet, 'unchanged clause')}, {count_of(words, 'word')}"
    if quiet:
        counted += f", {count_of(quiet, 'change')} of typography, links, numbering, dates or contacts"
    return Markup(
        '<details class="diff-same"><summary>{}<span class="diff-trail">{}</span></summary>{}</details>'
    ).format(counted, f" in {' › '.join(headings)}" if headings else "", Markup("").join(_folded_lines(entries)))


def _folded_lines(entries: Sequence[Change]) -> Iterator[Markup]:
    heading = None
    for entry in entries:
        where = entry.heading_after or entry.heading_before
        if where != heading:
            yield Markup("<h4>{}</h4>").format(where)
            heading = where
        yield Markup("<p>{}</p>").format(ops_html(entry.ops) if entry.tier else Markup(_text(entry.after or "")))


class _Trail:
    """The headings above a section, as a reader would say where something stands."""

    def __init__(self, diff: Diff, before: Sequence[Section], after: Sequence[Section]) -> None:
        self._before, self._after, self._homes = before, after, Homes(diff)

    def of(self, change: Change | Departure) -> str:
        """Return the trail of the section in which a change stands, outermost first."""
        section = self._homes.section_of(change)
        if section is not None and section < len(self._after):
            return " › ".join(_above(self._after, section))
        if section is None and (change.before_section or 0) < len(self._before):
            return " › ".join(_above(self._before, change.before_section or 0))
        return self._homes.heading_of(change)


def _above(sections: Sequence[Section], index: int) -> list[str]:
    trail = [show_heading(sections[index])]
    level = sections[index].level
    for section in reversed(sections[:index]):
        if section.level < level and section.heading:
            trail.append(show_heading(section))
            level = section.level
    return [heading for heading in reversed(trail) if heading]


_STYLE = """
body { max-width: 46em; margin: 2em auto; padding: 0 1em; font: 1rem/1.5 Georgia, serif; }
ins { background: #dff3e1; color: #0b4a1a; } del { background: #fbe3e1; color: #7c1712; }
.diff-label, .diff-same summary, .diff-again summary, .diff-summary { font: .85rem/1.4 system-ui, sans-serif; }
.diff-label { margin: 0; color: #444; }
.diff-change { border-left: 3px solid #b9b9b9; padding-left: .8em; margin: 1em 0; }
.diff-text { margin: .2em 0; } .diff-more { display: inline; }
.diff-more summary { display: inline; color: #555; cursor: pointer; }
.diff-link, .diff-replacement, .diff-left { font: .85rem/1.4 system-ui, sans-serif; color: #444; }
.diff-title { font-weight: bold; } .diff-trail { color: #555; }
"""
