"""Where on its page something came or went: between which lines that stayed, and on which side of the menus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harvest.corpus.derive_passages import LANDMARK_WORDS, Passage
from harvest.corpus.derive_pieces import Piece, Step

LEAST_WAYS = 3
"""Different ways about a site that make a menu; a policy names one or two of them in a list of its own."""
_LANDMARKS = 3  # on either side that are kept: those next to what changed may themselves not stay long

_At = tuple[int, int]  # number of a passage, and how many of its pieces stand above


@dataclass(frozen=True, slots=True)
class Spot:
    """Pieces that came or went with nothing but each other between two landmarks of a text.

    *above*, *below*: the landmarks on either side that stayed, the nearest first; fewer than `_LANDMARKS` where the
    page ends there. *outside*: those of its pieces that stand in a menu at the end of the page, or beyond it.
    """

    pieces: frozenset[Piece]
    above: tuple[Piece, ...]
    below: tuple[Piece, ...]
    outside: frozenset[Piece] = frozenset()


def spots_of(before: Sequence[Passage], after: Sequence[Passage], step: Step) -> Sequence[Spot]:
    """Return where what came and went between two texts stands: what went on the page before, what came after."""
    gone = frozenset(piece for piece, count in step.items() if count < 0)
    came = frozenset(piece for piece, count in step.items() if count > 0)
    return (*_spots_on(before, gone, step), *_spots_on(after, came, step))


def _spots_on(page: Sequence[Passage], wanted: frozenset[Piece], step: Step) -> Iterator[Spot]:
    if not wanted:
        return
    top, bottom = _ends(page)
    above: list[Piece] = []
    drafts: list[_Draft] = []
    waiting = 0  # drafts from here on lack landmarks below them
    for number, passage in enumerate(page):
        if wanted.isdisjoint(passage.pieces):
            places = enumerate(passage.landmarks)
        else:
            places = enumerate(piece for piece, _ in passage.order)
        for at, piece in places:
            if piece in wanted:
                if not drafts or drafts[-1].below:
                    drafts.append(_Draft(tuple(above[: -_LANDMARKS - 1 : -1])))
                drafts[-1].pieces.add(piece)
                if not top <= (number, at) < bottom:
                    drafts[-1].outside.add(piece)
            elif (piece.speech or piece.words >= LANDMARK_WORDS) and piece not in step:
                above.append(piece)
                for draft in drafts[waiting:]:
                    draft.below.append(piece)
                while waiting < len(drafts) and len(drafts[waiting].below) == _LANDMARKS:
                    waiting += 1
    for draft in drafts:
        yield Spot(frozenset(draft.pieces), draft.above, tuple(draft.below), frozenset(draft.outside))


@dataclass(frozen=True, slots=True)
class _Draft:
    above: tuple[Piece, ...]
    pieces: set[Piece] = field(default_factory=set)
    below: list[Piece] = field(default_factory=list)
    outside: set[Piece] = field(default_factory=set)


def _ends(page: Sequence[Passage]) -> tuple[_At, _At]:
    """Return the place below the menus above a policy and the one above those below it, where there are any.

    A menu stands above the first line that speaks as policies do, or below the last one, and names several ways about
    the site. What stands between it and the policy may be the policy's: a title, an address.
    """
    speaking = [number for number, passage in enumerate(page) if passage.speaks]
    top, bottom = (0, 0), (len(page), 0)
    if not speaking:
        return top, bottom
    first, last = speaking[0], speaking[-1]
    begins = next(at for at, (piece, _) in enumerate(page[first].order) if piece.speech)
    ends = max(at for at, (piece, _) in enumerate(page[last].order) if piece.speech)
    over = [((n, at), names) for n in range(first + 1) for at, names in page[n].ways if (n, at) <= (first, begins)]
    under = [((n, at), names) for n in range(last, len(page)) for at, names in page[n].ways if (n, at) > (last, ends)]
    if len(frozenset().union(*(names for _, names in over))) >= LEAST_WAYS:
        top = over[-1][0]
    if len(frozenset().union(*(names for _, names in under))) >= LEAST_WAYS:
        bottom = under[0][0]
    return top, bottom
