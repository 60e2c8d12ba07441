"""A diff as text: for a terminal, and as a Markdown redline."""

from __future__ import annotations

import re
from collections.abc import Callable

from harvest.compare.folded import Passed, is_shown, parts_of
from harvest.compare.homes import Homes
from harvest.compare.ops import heading_ops
from harvest.compare.repeated import say_repetition, say_replacement, told_again
from harvest.counting import count_of
from harvest.model import Change, Departure, Diff, Tier

Paint = Callable[[str, str], str]

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

    Without *noise* the changes of the five noise tiers are only counted. Unchanged text is folded: *context* words
    are kept around a change, and what is passed over between two changes is counted with its headings. Deletions and
    insertions are marked ``[-…-]`` and ``{+…+}`` where *colour* is off. Control characters of the texts are made
    visible, so that a page cannot steer the terminal.
    """
    paint = _paint if colour else _plain
    lines = [paint(_BOLD, summary_line(diff)), paint(_DIM, diff.reason)]
    lines += [paint(_DIM, _safe(line)) for line in said_once(diff)]
    homes, heading = Homes(diff), None
    again = again_of(diff)
    for part in parts_of(diff, noise=noise):
        if isinstance(part, Passed):
            lines += ["", paint(_DIM, f"({_safe(str(part))})")]
            continue
        where = _heading(part, homes, heading)
        if where is not None and where != heading:
            lines += ["", paint(_BOLD, f"## {_safe(where) or '(opening)'}")]
            heading = where
        if isinstance(part, Departure):
            lines += ["", paint(_CYAN, _safe(say_departure(part)))]
            continue
        lines += ["", paint(_CYAN, f"{title_of(part)} · {part.tier} · {_safe(part.reason)}")]
        lines += [paint(_DIM, _AGAIN)] if id(part) in again else _body(part, paint, context)
        lines += [paint(_DIM, _safe(line)) for line in say_links(part)]
    lines += _folded(diff, noise)
    return "\n".join(lines) + "\n"


_AGAIN = "the same words as above"


def _heading(part: Change | Departure, homes: Homes, heading: str | None) -> str | None:
    """The heading a part stands under; what a section left stands between sections, so under the *heading* so far."""
    return heading if isinstance(part, Departure) and part.is_section else homes.heading_of(part)


def said_once(diff: Diff) -> list[str]:
    """Return a line for everything that many changes have in common."""
    return [*map(say_replacement, diff.replacements), *map(say_repetition, diff.repetitions)]


def again_of(diff: Diff) -> set[int]:
    """Return which changes, by `id`, say word for word what one before them said."""
    changes = diff.changes
    return {id(changes[n]) for n in told_again(changes)}


def title_of(change: Change) -> str:
    """Return what a change is called."""
    if change.kind == "heading-renamed" and not (change.heading_before and change.heading_after):
        return "heading removed" if change.heading_before else "heading added"
    if change.kind in _SECTION_OPS and change.before is None and change.after is None:
        return TITLES[change.kind].replace("section", "heading")  # of a section whose clauses are elsewhere, or of none
    return TITLES[change.kind]


def say_departure(left: Departure) -> str:
    """Return in one line what stood at a place, where it is now, and which way to look for it."""
    return f"{what_left(left)} stood here: moved {left.destination}, further {'down' if left.is_down else 'up'}"


def what_left(left: Departure) -> str:
    """Return by what words a reader knows what stood at a place again."""
    if left.along:
        return f"{left.along + 1} clauses from “{left.beginning}” on"
    return f"section “{left.beginning}”" if left.is_section else f"“{left.beginning}”"


def say_links(change: Change) -> list[str]:
    """Return a line for every link target that changed, where the text of the change does not show them."""
    if change.tier == Tier.LINKS:
        return []
    return [_say_link(old, new) for old, new in dict.fromkeys(change.links)]


def _say_link(old: str, new: str) -> str:
    if old and new:
        return f"link: {old} became {new}"
    return f"link added: {new}" if new else f"link removed: {old}"


def summary_line(diff: Diff) -> str:
    """Return the tier, the words, and in how many sections, in one line; noise counts where there is nothing else."""
    if diff.tier is None:
        return "no change"
    homes = Homes(diff)
    told = [change for change in diff.changes if is_shown(change, noise=diff.tier.is_noise)]
    places = [(homes.section_of(change), change.before_section) for change in told]
    sections = len({("after", new) if new is not None else ("before", old) for new, old in places})
    moved = f", {diff.words_moved} moved" if diff.words_moved else ""
    counted = f" in {count_of(sections, 'section')}" if sections else ""
    return f"{diff.tier}: +{diff.words_added} -{diff.words_removed} words{moved}{counted}"


def _folded(diff: Diff, noise: bool) -> list[str]:
    hidden = [change.tier for change in diff.changes if change.tier and change.tier.is_noise]
    if noise or not hidden:
        return []
    counts = ", ".join(f"{hidden.count(tier)} {tier}" for tier in Tier if tier in hidden)
    return ["", f"({len(hidden)} more of noise tiers: {counts})"]


def _body(change: Change, paint: Paint, context: int) -> list[str]:
    if change.kind.startswith("heading-"):
        ops = heading_ops(change.heading_before, change.heading_after)
        return ["".join(_marked(op, text, paint) for op, text in ops)]
    parts: list[str] = []
    if change.kind in _SECTION_OPS:
        heading = _SECTION_OPS[change.kind], change.heading_after or change.heading_before
        parts.append(_marked(*heading, paint) + "\n")
    still = all(op == "=" for op, _ in change.ops)
    for number, (op, text) in enumerate(change.ops):
        if op == "=":
            last = number == len(change.ops) - 1
            parts.append(shorten(_safe(text), context, keep_start=number > 0 or still, keep_end=not last or still))
        else:
            parts.append(_marked(op, text, paint))
    if not change.ops and change.after:  # moved, and nothing else
        parts.append(shorten(_safe(change.after), context, keep_start=True, keep_end=True))
    return ["".join(parts)]


_SECTION_OPS = {"section-added": "+", "section-removed": "-"}


def _marked(op: str, text: str, paint: Paint) -> str:
    shown = _safe(text)
    if op == "=":
        return shown
    code, mark = (_RED, "[-{}-]") if op == "-" else (_GREEN, "{{+{}+}}")
    return _edges(shown, lambda bare: paint(code, mark.format(bare)))


def _edges(text: str, mark: Callable[[str], str]) -> str:
    """Keep the white space at the end of a stretch outside its marks."""
    bare = text.rstrip()
    return mark(bare) + text[len(bare) :] if bare else mark(text)


def shorten(text: str, words: int, *, keep_start: bool, keep_end: bool) -> str:
    """Return unchanged text with its middle folded: *words* words are kept at the ends that touch a change."""
    runs = re.findall(r"\s*\S+\s*", text)
    head, tail = words * keep_start, words * keep_end
    if len(runs) <= head + tail + 4:
        return text
    return "".join(runs[:head]) + " … " + "".join(runs[len(runs) - tail :])


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
        where = _heading(part, homes, heading)
        if where is not None and where != heading:
            lines += ["", f"## {_escape(where) or '(opening)'}"]
            heading = where
        if isinstance(part, Departure):
            lines += ["", f"*({_escape(say_departure(part))})*"]
            continue
        lines += ["", f"*{title_of(part)} ({part.tier}: {_escape(part.reason)})*", ""]
        if id(part) in again:
            lines.append(f"*({_AGAIN})*")
            continue
        if part.kind.startswith("heading-"):
            ops = heading_ops(part.heading_before, part.heading_after)
        else:
            ops = part.ops or ((("=", part.after),) if part.after else ())
            if part.kind in _SECTION_OPS:
                lines += [_redline(_SECTION_OPS[part.kind], part.heading_after or part.heading_before), ""]
        lines.append("".join(_redline(op, text) for op, text in ops))
        lines += [line for link in say_links(part) for line in ("", _escape(link))]
    lines += _folded(diff, noise)
    return "\n".join(lines) + "\n"


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
