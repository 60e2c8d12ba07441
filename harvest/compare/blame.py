"""Since when each word of a text is there, through edits, moves, removal and return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from harvest.compare.blame_graves import Graves
from harvest.compare.blame_model import ClauseBlame, HeadingBlame, Stay, TextBlame, WordRun
from harvest.compare.blame_step import Known, Piece, Step
from harvest.compare.change import show_heading
from harvest.compare.diff import align_canonically
from harvest.compare.tokens import Tokens, tokenise
from harvest.compare.units import Work
from harvest.model import Section

__all__ = ["ClauseBlame", "HeadingBlame", "Stay", "TextBlame", "WordRun", "blame_words"]


def blame_words(history: Iterable[Sequence[Section]]) -> TextBlame:
    """Say of every word of the last text of a history since when it is there.

    *history:* the texts of one policy in order of time, each a sequence of sections; a text may come back. Each is
    compared with the one before as a diff compares them, so a word keeps its age where its clause is edited, moved,
    split, merged or becomes a heading, and a word that only changes its case or marks is the same word. Words that
    were removed and come back in the same words count from their return and remember their earlier stays.
    Numbers in the result count the texts from 0. Linear in their number: one comparison each, in which only
    sections that are not the same are looked at. Pure; never raises on any text; an empty history has no clauses.
    """
    before: Sequence[Section] = ()
    known: Known | None = None
    number = -1
    graves = Graves()
    refused = 0
    for number, text in enumerate(history):
        if known is None:
            known = _first(text)
        elif text != before:
            work = Work()
            known = _carried(known, before, text, graves=graves, number=number, work=work)
            refused += work.refused > 0
        before = text
    if known is None:
        return TextBlame((), (), 0, 0)
    return TextBlame(tuple(_clauses(before, known)), tuple(_headings(before, known)), number + 1, refused)


def _first(text: Sequence[Section]) -> Known:
    piece = Piece(Stay(0), Stay(0))
    return Known([[piece] * len(section.clauses) for section in text], [piece] * len(text))


def _carried(
    known: Known, before: Sequence[Section], text: Sequence[Section], *, graves: Graves, number: int, work: Work
) -> Known:
    """Carry what is known of a text over to the next. The sections both begin and end with stay as they are."""
    head, tail = _same_ends(before, text)
    a, b = len(before) - tail, len(text) - tail
    inner = Known(known.clauses[head:a], known.headings[head:a])
    made = Step(inner, align_canonically(before[head:a], text[head:b], work), graves, number).made()
    return Known(
        [*known.clauses[:head], *made.clauses, *known.clauses[a:]],
        [*known.headings[:head], *made.headings, *known.headings[a:]],
    )


def _same_ends(before: Sequence[Section], text: Sequence[Section]) -> tuple[int, int]:
    """Return how many sections two texts begin with alike, and how many they end with."""
    most = min(len(before), len(text))
    head = next((n for n in range(most) if not _same(before[n], text[n])), most)
    tail = next((n for n in range(most - head) if not _same(before[-1 - n], text[-1 - n])), most - head)
    return head, tail


def _same(old: Section, new: Section) -> bool:
    clauses = old.clauses is new.clauses or old.clauses == new.clauses
    return clauses and (old.heading, old.number) == (new.heading, new.number)


def _clauses(text: Sequence[Section], known: Known) -> Iterator[ClauseBlame]:
    for n, section in enumerate(text):
        for k, clause in enumerate(section.clauses):
            piece = known.clauses[n][k]
            yield ClauseBlame(n, k, piece.came, piece.edited, tuple(_runs(clause.text, piece)))


def _headings(text: Sequence[Section], known: Known) -> Iterator[HeadingBlame]:
    for n, section in enumerate(text):
        if shown := show_heading(section):
            yield HeadingBlame(n, tuple(_runs(shown, known.headings[n])))


def _runs(text: str, piece: Piece) -> Iterator[WordRun]:
    """Cut a text into runs of words that came together; they join to the text."""
    if not isinstance(piece.stays, list) or not piece.stays:
        yield WordRun(text, piece.came if isinstance(piece.stays, list) else piece.stays)
        return
    tokens = tokenise(text)
    at, lead = 0, tokens.lead
    for stay, run in groupby(_with_marks(tokens, piece.stays)):
        size = len(list(run))
        yield WordRun(lead + tokens.slice(at, at + size), stay)
        at, lead = at + size, ""


def _with_marks(tokens: Tokens, stays: Sequence[Stay]) -> list[Stay]:
    """Return the stays as they are shown: marks are as old as the word they touch."""
    shown = list(stays)
    for n, bare in enumerate(tokens.bares):
        if not bare and n and not tokens.spaces[n - 1]:
            shown[n] = shown[n - 1]
    for n in range(len(shown) - 2, -1, -1):
        if not tokens.bares[n] and not tokens.spaces[n] and (not n or tokens.spaces[n - 1]):
            shown[n] = shown[n + 1]
    return shown
