"""Runs of styled pieces to paragraphs of spans: white space collapsed, cut where two hard breaks meet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from harvest.model import Span
from harvest.text.extract_style import Style
from harvest.text.fold import FAMILIAR

#: A line break of preformatted text, elsewhere mere white space: a character that means nothing in a page.
KEPT_BREAK = "\x02"

_Run = tuple[list[str], Style]


def paragraphs_of(pieces: Sequence[tuple[str, Style]]) -> list[tuple[Span, ...]]:
    """Collapse white space over a run of styled pieces and cut it where two hard breaks meet.

    A piece that is one line break is a hard one, as is `KEPT_BREAK` within a piece.
    """
    size = len(pieces[0][0]) if len(pieces) == 1 else sum([len(text) for text, _ in pieces])
    if size <= FAMILIAR:
        return _familiar(tuple(pieces))
    return _cut(pieces)


@lru_cache(maxsize=4096)
def _familiar(pieces: tuple[tuple[str, Style], ...]) -> list[tuple[Span, ...]]:
    """The paragraphs of a short run, remembered: captures of one policy hold the same."""
    return _cut(pieces)


def _cut(pieces: Sequence[tuple[str, Style]]) -> list[tuple[Span, ...]]:
    if len(pieces) == 1 and KEPT_BREAK not in pieces[0][0]:
        words = " ".join(pieces[0][0].split())
        return [_spans([([words], pieces[0][1])])] if words else []
    found: list[tuple[Span, ...]] = []
    current: list[_Run] = []
    breaks = 0
    space = False
    for text, style in pieces:
        if text == "\n":
            breaks += 1
            continue
        for line_no, line in enumerate(text.split(KEPT_BREAK)):
            breaks += line_no > 0
            words = " ".join(line.split())
            if not words:
                space = space or bool(line)
                continue
            if breaks >= 2 and current:
                found.append(_spans(current))
                current = []
            glue = "\n" if breaks else " " if space or line[0].isspace() else ""
            breaks = 0
            if glue and current and current[-1][1].href and current[-1][1] != style:
                words = glue + words  # white space behind a link is no part of it
            elif glue and current:
                current[-1][0].append(glue)
            space = line[-1].isspace()
            if current and current[-1][1] == style:
                current[-1][0].append(words)
            else:
                current.append(([words], style))
    if current:
        found.append(_spans(current))
    return found


def _spans(current: list[_Run]) -> tuple[Span, ...]:
    return tuple(
        Span("".join(texts), style.bold, style.italic, style.underline, style.href, style.size)
        for texts, style in current
    )


def join_spans(groups: list[tuple[Span, ...]], glue: str = " | ") -> tuple[Span, ...]:
    """Return groups of spans as one, *glue* between them; nothing where no group holds a word."""
    joined: list[Span] = []
    for group in groups:
        if joined:
            joined.append(Span(glue))
        joined.extend(group)
    return tuple(joined) if any(span.text.strip(" |\n") for span in joined) else ()
