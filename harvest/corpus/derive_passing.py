"""Which transitions of a main line hold nothing but pieces that come and go: menus, banners, panels caught or not.

A piece that came with one transition and went with a later one, or the other way round, *turned*. A turn is passing
where the piece turned back within `PASSING_DAYS` in a transition at which words only came or only went (else within
`HASTY_DAYS`, as for texts), or where it turned `_OFTEN` times and more in this history. A transition of which every
piece is passing says nothing about the policy; one substantive piece beside them, and it stays what it is.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence

from harvest.corpus.derive_model import Version
from harvest.corpus.derive_turns import HASTY_DAYS, PASSING_DAYS, days_between, is_one_sided
from harvest.corpus.derive_wordings import Piece, Wordings

#: Came and went twice over. Of three turns, half were real where read: a rule brought in, withdrawn and brought back.
_OFTEN = 4

_NOTHING_SAID = "the same words in the same order, but for furniture of the page, notices of editions and headings"

_Turn = tuple[int, int]  # which transition, and how many of the piece came or went


def passing_transitions(
    line: Sequence[Version], wordings: Wordings, places: Container[int], *, announced: Container[int] = ()
) -> dict[int, str]:
    """Map the transitions of a main line that say nothing to the reason.

    A transition is named by the place of the version before, from 0; *places* are those to be looked at, *announced*
    those after which a later date is stated.
    """
    steps = [wordings.step(a.text, b.text) for a, b in itertools.pairwise(line)]
    turns: dict[Piece, list[_Turn]] = defaultdict(list)
    for place, step in enumerate(steps):
        for piece, count in step.items():
            turns[piece].append((place, count))
    known: dict[Piece, dict[int, float]] = {}
    found = {}
    for place, step in enumerate(steps):
        if place not in places:
            continue
        limit = PASSING_DAYS if is_one_sided(step) else HASTY_DAYS
        for piece in step:
            if piece not in known:
                known[piece] = _turned_back(line, turns[piece])
        texts = line[place].text, line[place + 1].text
        if wordings.reads_alike(*texts) or wordings.is_of_headings(*texts):
            found[place] = _NOTHING_SAID
        elif step and place not in announced and all(known[piece].get(place, math.inf) <= limit for piece in step):
            longest = max(step, key=lambda piece: (piece.words, piece.label))
            found[place] = _say(step, longest, len(turns[longest]))
    return found


def _turned_back(line: Sequence[Version], turns: Sequence[_Turn]) -> dict[int, float]:
    """Return the days within which a piece turned back, by the transition at which it turned."""
    if len(turns) >= _OFTEN:
        return {place: 0.0 for place, _ in turns}
    found: dict[int, float] = {}
    for (first, came), (second, went) in itertools.pairwise(turns):
        if came == -went:
            days = days_between(line[first + 1].first_seen, line[second + 1].first_seen)
            found[first] = min(days, found.get(first, days))
            found[second] = days
    return found


def _say(step: Mapping[Piece, int], piece: Piece, times: int) -> str:
    pieces = "1 piece" if len(step) == 1 else f"{len(step)} pieces"
    often = "soon turned back" if times < _OFTEN else f"turned {times} times"
    return f"only what comes and goes, {pieces}: “{piece.label}” {often}"
