"""Spans, the styled pieces of a line: cut, split at breaks, and what is true of all that hold words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harvest.model import Span
from harvest.text.fold import squash


def words_of(spans: Sequence[Span]) -> str:
    """Return the text of spans, its white space collapsed."""
    return squash("".join(span.text for span in spans))


def cut(spans: Sequence[Span], position: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Split spans at a character position of their joined text."""
    before: list[Span] = []
    for number, span in enumerate(spans):
        if len(span.text) > position:
            head, tail = replace(span, text=span.text[:position]), replace(span, text=span.text[position:])
            return (*before, *([head] if head.text else [])), (tail, *spans[number + 1 :])
        before.append(span)
        position -= len(span.text)
    return tuple(before), ()


def split_breaks(spans: Sequence[Span]) -> list[tuple[Span, ...]]:
    """Return the lines that hard breaks make of spans; a break inside a link is none."""
    groups: list[list[Span]] = [[]]
    for span in _whole_links(spans) if any([span.href for span in spans]) else spans:
        if "\n" not in span.text:
            groups[-1].append(span)
            continue
        first, *rest = span.text.split("\n")
        groups[-1].append(replace(span, text=first))
        for part in rest:
            groups.append([replace(span, text=part)])
    return [tuple(span for span in group if span.text or span.href) for group in groups]


def _whole_links(spans: Sequence[Span]) -> list[Span]:
    """Make a hard break inside a link a space: one link is one statement, however it is set."""
    joined: list[Span] = []
    for before, span, after in zip((Span(""), *spans), spans, (*spans[1:], Span("")), strict=False):
        if span.href and "\n" in span.text:
            lead = " " if before.href == span.href else "\n"
            tail = " " if after.href == span.href else "\n"
            core = span.text.strip("\n")
            text = lead * span.text.startswith("\n") + core.replace("\n", " ")
            text += tail * (span.text.endswith("\n") and core != "")
            span = replace(span, text=text)
        joined.append(span)
    return joined


def has_words(text: str) -> bool:
    """True if any character is a letter or digit; the first one mostly is."""
    return text[:1].isalnum() or any(map(str.isalnum, text))


def all_marked(spans: Sequence[Span], marked: Sequence[bool]) -> bool:
    """True if there are words and every span that holds some is *marked*."""
    if True not in marked:
        return False
    holding = [mark for span, mark in zip(spans, marked, strict=True) if has_words(span.text)]
    return bool(holding) and False not in holding
