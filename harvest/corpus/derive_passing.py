"""Which transitions of a main line hold nothing but pieces that come and go: menus, banners, panels caught or not.

A piece that came with one transition and went with a later one, or the other way round, *turned*. A turn is passing
where the piece turned back within `PASSING_DAYS` in a transition at which words only came or only went (else within
`HASTY_DAYS`, as for texts), or where it turned `_OFTEN` times and more in this history. A piece that stays may be
passing by its place alone: beside the policy (`derive_zones`). A transition of which every piece is passing
says nothing about the policy; one substantive piece beside them, and it stays what it is.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from harvest.corpus.derive_back import Turn, Turning, announces, beginnings_of, counters_of, is_label, swept, turning_of
from harvest.corpus.derive_cuts import CUT_DAYS, LEAST_PIECES, LEAST_WORDS
from harvest.corpus.derive_gaps import PASSING_DAYS
from harvest.corpus.derive_model import Version
from harvest.corpus.derive_pieces import Piece, Step
from harvest.corpus.derive_turns import HASTY_DAYS, is_one_sided
from harvest.corpus.derive_wordings import Wordings, words_of
from harvest.corpus.derive_zones import pieces_of_the_page
from harvest.timestamps import days_between

#: Came and went twice over. Of three turns, half were real where read: a rule brought in, withdrawn and brought back.
_OFTEN = 4
#: … of what may be a rule, where little else turned; panels that open only sometimes turn ten times.
_OFTEN_SAID = 6

#: What turned back sooner than crawlers come again, twice a day, was caught in one of two ways.
_AT_ONCE_DAYS = 0.5

#: Share of the words that came and went which headings beside them may have.
_LABELS_BESIDE = 0.05

_NOTHING_SAID = "the same words in the same order, but for furniture of the page, notices of editions and headings"

_LABELS_MOVED = "only labels were moved: what says something stands in the same order"

_COPIES = "a part of the page stood twice and stands once, or the other way round"

_NOTHING: frozenset[Piece] = frozenset()


def passing_transitions(
    line: Sequence[Version],
    wordings: Wordings,
    places: Container[int],
    *,
    announced: Container[int] = (),
    foreign: Container[int] = (),
) -> dict[int, str]:
    """Map the transitions of a main line that say nothing to the reason.

    A transition is named by the place of the version before, from 0; *places* are those to be looked at, *announced*
    those after which a later date is stated, *foreign* those between texts in a language whose words are not known.
    """
    steps = [wordings.step(a.text, b.text) for a, b in itertools.pairwise(line)]
    turns: dict[Piece, list[Turn]] = defaultdict(list)
    for place, step in enumerate(steps):
        for piece, count in step.items():
            turns[piece].append((place, count))
    beside = pieces_of_the_page(line, wordings, steps)
    begun = [beginnings_of(step) for step in steps]
    sides = [is_one_sided(step) for step in steps]
    is_swept = swept(steps)
    known: dict[Piece, Turning] = {}
    found: dict[int, str] = {}
    told: set[int] = set()  # transitions before this one that are shown
    for place, step in enumerate(steps):
        if place - 1 in places and place - 1 not in found:
            told.add(place - 1)
        if place not in places:
            continue
        texts = line[place].text, line[place + 1].text
        limit = PASSING_DAYS if sides[place] else HASTY_DAYS
        for piece in step:
            if piece not in known:
                known[piece] = turning_of(piece, line, turns[piece], begun, is_swept)
        if wordings.reads_alike(*texts) or wordings.is_of_headings(*texts):
            found[place] = _NOTHING_SAID
        elif place not in announced and place not in foreign and wordings.is_of_labels(*texts):
            found[place] = _LABELS_MOVED
        elif _is_large(step) and wordings.is_of_copies(*texts):
            found[place] = _COPIES
        elif step and place not in announced:
            bare = not any(map(wordings.shows_menu, texts)) and not any(map(announces, step))
            here = _Here(place, limit, step, _is_large(step), bare)
            staying = {piece for piece in step if not _passes(piece, known[piece], here, told, sides)}
            if staying:
                staying = _not_away(line, step, staying, turns, place)
                if staying and _is_little(staying, step):
                    staying -= wordings.headings(*texts)
            if staying <= (beside.get(place, _NOTHING) if place not in foreign else _NOTHING):
                longest = max(staying or step, key=lambda piece: (piece.words, piece.label))
                found[place] = _say_beside(step, longest) if staying else _say(step, longest, len(turns[longest]))
    return found


class _Here(NamedTuple):
    """A transition that is looked at: its place, the days within which things are passing there, what it brought.

    *large*: much came and went; *bare*: no page around the policy was caught on either side, and no edition announced.
    """

    place: int
    limit: float
    step: Step
    large: bool
    bare: bool


def _passes(piece: Piece, known: Turning, here: _Here, told: Container[int], sides: Sequence[bool]) -> bool:
    """Return whether a piece only comes and goes, for all that its turns say.

    *told*: transitions that are shown; *sides*: whether words only came, or only went, at each. What was told to go is
    told to come back. In a bare text what speaks as policies do, and turned with little else, is told to go, too, if it
    was told to come; and it is told to come where other words came as it went: it was a step on the way to them.
    """
    back = known.is_back(here.place, here.limit)
    if here.large:
        return known.turns >= _OFTEN or back
    if is_label(piece):
        return known.times >= _OFTEN or back
    if known.times >= _OFTEN_SAID or not back:
        return known.times >= _OFTEN_SAID
    other = known.others[here.place]
    if other < here.place and here.step[piece] > 0:
        return other not in told
    if not (here.bare and piece.speech) or known.days[here.place] < _AT_ONCE_DAYS:
        return True
    if piece.key in counters_of(here.step):
        return True
    return other not in told if other < here.place else sides[other]


def _not_away(
    line: Sequence[Version],
    step: Step,
    staying: set[Piece],
    turns: Mapping[Piece, Sequence[Turn]],
    place: int,
) -> set[Piece]:
    """Leave out what was away for less than `CUT_DAYS`, where so much of a policy went, or is back, that it was cut."""
    if not is_one_sided(step) or not _is_large(step):
        return staying
    return {piece for piece in staying if _days_away(line, turns[piece], place) > CUT_DAYS}


def _is_large(step: Step) -> bool:
    return len(step) >= LEAST_PIECES and words_of(step) >= LEAST_WORDS


def _days_away(line: Sequence[Version], turns: Sequence[Turn], place: int) -> float:
    """Return for how long a piece was away that went or came back at a transition; a piece that only came was not."""
    return min(
        (
            days_between(line[first + 1].first_seen, line[second + 1].first_seen)
            for (first, came), (second, went) in itertools.pairwise(turns)
            if place in (first, second) and came == -went < 0
        ),
        default=math.inf,
    )


def _is_little(staying: set[Piece], step: Step) -> bool:
    """Return whether labels that say nothing are next to nothing beside all else that came and went."""
    return all(map(is_label, staying)) and sum(
        piece.words * abs(step[piece]) for piece in staying
    ) <= _LABELS_BESIDE * words_of(step)


def _say_beside(step: Mapping[Piece, int], piece: Piece) -> str:
    return f"only the page around the policy, {_count(step)}: “{piece.label}”"


def _say(step: Mapping[Piece, int], piece: Piece, times: int) -> str:
    often = "soon turned back" if times < _OFTEN else f"turned {times} times"
    return f"only what comes and goes, {_count(step)}: “{piece.label}” {often}"


def _count(step: Mapping[Piece, int]) -> str:
    return "1 piece" if len(step) == 1 else f"{len(step)} pieces"
