"""What changed in a text, word by word, as a page lays it out: long unchanged stretches folded, edges trimmed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from harvest.compare.ops import heading_ops
from harvest.model import Op

#: Unchanged words of a changed clause (a cell of a table can have a thousand); more are folded in the middle.
_LONG = 150
#: Of them, kept at either end: about three lines, enough to know where one is.
KEPT = 40
_WORD = re.compile(r"\s*\S+\s*")


@lru_cache(maxsize=5_000)  # a tenth of the time in which a page of a difference is filled
def headings(before: str, after: str) -> tuple[Op, ...]:
    """Return a heading as it was and is, word by word."""
    return trimmed(heading_ops(before, after))


def trimmed(ops: Iterable[Op]) -> tuple[Op, ...]:
    """Put white space at the edges of insertions and deletions outside of them, where no line is drawn under it.

    >>> trimmed([("=", "a"), ("+", " b ")])
    (('=', 'a'), ('=', ' '), ('+', 'b'), ('=', ' '))
    """
    shown: list[Op] = []
    for sign, text in ops:
        bare = text.strip()
        if sign in "=…" or not bare:
            shown.append((sign if sign == "…" else "=", text))
            continue
        start = text.index(bare)
        pieces = (("=", text[:start]), (sign, bare), ("=", text[start + len(bare) :]))
        shown += [piece for piece in pieces if piece[1]]
    return tuple(shown)


def laid_out(ops: Sequence[Op]) -> Iterator[Op]:
    """Leave out white space that gave way to other: lines that became a paragraph are laid out as the paragraph.

    >>> list(laid_out([("=", "a"), ("-", "\\n\\n"), ("+", " "), ("=", "b")]))
    [('=', 'a'), ('+', ' '), ('=', 'b')]
    """
    for place, (sign, text) in enumerate(ops):
        following = ops[place + 1] if place + 1 < len(ops) else ("", "")
        if not (sign == "-" and text.isspace() and following[0] == "+" and following[1].isspace()):
            yield sign, text


def folded(ops: Iterable[Op]) -> tuple[Op, ...]:
    """Give the middle of long unchanged stretches the sign ``…``, for the page to fold; joined, the words are the same.

    >>> [(sign, len(text)) for sign, text in folded([("=", "a " * 300), ("+", "b")])]
    [('…', 520), ('=', 80), ('+', 1)]
    """
    return tuple(_folding(list(ops)))


def _folding(ops: list[Op]) -> Iterator[Op]:
    changed = [place for place, (sign, _) in enumerate(ops) if sign != "="]
    for place, (sign, text) in enumerate(ops):
        words = _WORD.findall(text) if sign == "=" and len(text) > 2 * _LONG else ()
        if not changed or len(words) <= _LONG:
            yield sign, text
            continue
        head = KEPT if place > changed[0] else 0
        tail = KEPT if place < changed[-1] else 0
        pieces = (("=", words[:head]), ("…", words[head : len(words) - tail]), ("=", words[len(words) - tail :]))
        yield from ((mark, "".join(piece)) for mark, piece in pieces if piece)
