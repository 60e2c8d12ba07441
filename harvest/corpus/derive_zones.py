"""What is the page's by its place: news, offers, counters and menus around a policy, told by the policy's own history.

The page is read from landmark to landmark: lines that stay, and are long or speak as policies do. A *zone* is what
stands next to one. It never rests while, again and again within a year, lines come into it that are gone again within
`BRIEF_DAYS`. Of a policy's own lists lines come and go, too, but stay for years; a clause that is edited many times
holds nothing that passes.

All this holds only of texts in which the page around the policy was caught: with a menu that names ways about the site,
or with what any page offers, as "Skip to content" and "Share this".
Of a selected text only labels without numbers are the page's: what a shop edits most often are its prices and delays.

A line within such a zone is the page's, unless it speaks as policies do. Where the zone does nothing but change, it
must say who does what, in their words, to be the policy's. The page's, too, is a line that does not speak as policies
do and stands outside of all that does, in a menu or beyond one.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harvest.corpus.derive_back import beginnings_of, is_edited, is_label
from harvest.corpus.derive_model import Version
from harvest.corpus.derive_pieces import Piece, Step
from harvest.corpus.derive_spots import Spot
from harvest.corpus.derive_wordings import Wordings
from harvest.timestamps import days_between

#: A line that came and went within this time was there for its day. The time in which a text passes is as long.
BRIEF_DAYS = 90
#: How long before and after a transition a zone is looked at. Over the whole history, shops that had been redesigned
#: since hid rules of delivery, and an address that was part of the policy (3 of 70 read); within two years one of them.
_AROUND_DAYS = 365
#: Transitions with brief lines after which a zone is known never to rest, and lines that were brief in it: one that
#: comes and goes five times is one text in two forms. Of selected policies (657 shown transitions) three and four hid
#: rules that were edited in haste.
_OFTEN = 5
#: … and for each of them no more than two transitions at which something came or went for good.
_SHARE = 0.5
#: A zone that does nothing but change.
_ALWAYS = 10
_ALWAYS_SHARE = 2.0
#: A landmark stays for so many versions each time it comes (or a quarter of a short history).
_STAYS = 10
_STAYS_SHARE = 0.25

#: Places at which the same line, in other words than those of policies, is a button or a notice for whoever reads.
_PLACES = 5

#: What stood at an end of the page, beyond all that speaks or is long, and was gone again within this time.
_SEASON_DAYS = 180

_Zone = tuple[str, int]  # above or below which landmark
_PAGE_END = 0


@dataclass(slots=True)
class _Lives:
    """How long pieces stood on the page. *versions* that show a piece; *days* by piece and place where it turned."""

    versions: Counter[Piece] = field(default_factory=Counter)
    days: dict[tuple[Piece, int], float] = field(default_factory=dict)


@dataclass(slots=True)
class _Rest:
    """The days at which lines turned in a zone that were there *briefly* or for *long*, and the brief *lines*."""

    briefly: list[float] = field(default_factory=list)
    long: list[float] = field(default_factory=list)
    lines: set[Piece] = field(default_factory=set)

    def never(self, day: float) -> tuple[bool, bool]:
        """Return whether the zone never rests about a day, and whether it does nothing else."""
        brief, long = _around(self.briefly, day), _around(self.long, day)
        never = brief >= _OFTEN and brief >= _SHARE * long and len(self.lines) >= _OFTEN
        return never, never and brief >= _ALWAYS and brief >= _ALWAYS_SHARE * long


def pieces_of_the_page(
    line: Sequence[Version], wordings: Wordings, steps: Sequence[Step]
) -> Mapping[int, frozenset[Piece]]:
    """Map transitions, by the place of the version before, to the pieces that turned and are the page's by their place.

    *steps*: what came and went at each. Costs what differs.
    """
    turns = Counter(piece for step in steps for piece in step)
    lives = _lives(line, steps)
    least = min(_STAYS, _STAYS_SHARE * len(line))

    def stays(piece: Piece) -> bool:
        return not turns[piece] or lives.versions[piece] >= least * turns[piece]

    days = [days_between(line[0].first_seen, version.first_seen) for version in line[1:]]
    spots = [wordings.spots(a.text, b.text) for a, b in itertools.pairwise(line)]
    zones = [[tuple(_zones(spot, stays)) for spot in some] for some in spots]
    rests = _rests(days, spots, zones, lives)
    found = {}
    for place, day in enumerate(days):
        known = {zone: rests[zone].never(day) for beside in zones[place] for zone in beside}
        pieces = _at_the_ends(spots[place], place, lives)
        if any(never for never, _ in known.values()) or any(spot.outside for spot in spots[place]):
            pieces |= _theirs(spots[place], [[known[zone] for zone in beside] for beside in zones[place]])
        if not (wordings.shows_menu(line[place].text) or wordings.shows_menu(line[place + 1].text)):
            pieces = frozenset(piece for piece in pieces if is_label(piece) and not _counts(piece))
        pieces |= _everywhere(steps[place])
        if pieces:
            found[place] = pieces
    return found


def _rests(
    days: Sequence[float], spots: Sequence[Sequence[Spot]], zones: Sequence[Sequence[Sequence[_Zone]]], lives: _Lives
) -> Mapping[_Zone, _Rest]:
    rests: dict[_Zone, _Rest] = defaultdict(_Rest)
    for place, day in enumerate(days):
        briefly: set[_Zone] = set()
        long: set[_Zone] = set()
        for spot, beside in zip(spots[place], zones[place], strict=True):
            brief = {piece for piece in spot.pieces if lives.days.get((piece, place), BRIEF_DAYS + 1) <= BRIEF_DAYS}
            if brief:
                briefly.update(beside)
                for zone in beside:
                    rests[zone].lines |= brief
            if len(brief) < len(spot.pieces):
                long.update(beside)
        for zone in briefly:
            rests[zone].briefly.append(day)
        for zone in long:
            rests[zone].long.append(day)
    return rests


def _theirs(spots: Sequence[Spot], beside: Sequence[Sequence[tuple[bool, bool]]]) -> frozenset[Piece]:
    """Return the pieces that are the page's wherever they turned. *beside*: of each spot, how its zones rest."""
    found: set[Piece] = set()
    kept: set[Piece] = set()
    for spot, rests in zip(spots, beside, strict=True):
        never, always = any(rest[0] for rest in rests), any(rest[1] for rest in rests)
        for piece in spot.pieces:
            silent = piece.speech == 0 and (never or piece in spot.outside)
            (found if silent or (piece.speech == 1 and always) else kept).add(piece)
    return frozenset(found - kept)


def _everywhere(step: Step) -> frozenset[Piece]:
    """Return the pieces that came, or went, at so many places of the page at once that they are about none of them.

    None that was reworded: in a list of those who process data several may do the same.
    """
    many = [piece for piece, count in step.items() if abs(count) >= _PLACES and piece.speech == 0]
    begun = beginnings_of(step) if many else {}
    return frozenset(piece for piece in many if not _counts(piece) and not is_edited(piece, step[piece], begun))


def _counts(piece: Piece) -> bool:
    """Return whether a piece may be a price, a date, a delay."""
    return any(map(str.isdigit, piece.label))


def _at_the_ends(spots: Sequence[Spot], place: int, lives: _Lives) -> frozenset[Piece]:
    """Return the silent lines above all that speaks, or below, that were there for a season: a menu, an offer."""
    found: set[Piece] = set()
    kept: set[Piece] = set()
    for spot in spots:
        at_end = not spot.above or not spot.below
        for piece in spot.pieces:
            brief = lives.days.get((piece, place), _SEASON_DAYS + 1) <= _SEASON_DAYS
            (found if at_end and brief and piece.speech == 0 else kept).add(piece)
    return frozenset(found - kept)


def _around(days: Sequence[float], day: float) -> int:
    return bisect_right(days, day + _AROUND_DAYS) - bisect_left(days, day - _AROUND_DAYS)


def _zones(spot: Spot, stays: Callable[[Piece], bool]) -> Iterator[_Zone]:
    """Yield the zones below the landmark above a spot and above the one below it, by landmarks that stay."""
    for side, landmarks in (("below", spot.above), ("above", spot.below)):
        nearest = next((piece for piece in landmarks if stays(piece)), landmarks[-1] if landmarks else None)
        yield side, nearest.key if nearest else _PAGE_END


def _lives(line: Sequence[Version], steps: Sequence[Step]) -> _Lives:
    events: dict[Piece, list[tuple[int, int]]] = defaultdict(list)
    for place, step in enumerate(steps):
        for piece, count in step.items():
            events[piece].append((place, count))
    lives = _Lives()
    for piece, turned in events.items():
        held = max(0, -min(itertools.accumulate(count for _, count in turned)))
        since = -1 if held else None  # the place at which it came; -1: it was there from the first
        for place, count in turned:
            held += count
            if since is None:
                since = place
            elif held <= 0:
                lives.versions[piece] += place - since
                if since >= 0:
                    days = days_between(line[since + 1].first_seen, line[place + 1].first_seen)
                    lives.days[piece, place] = days
                    lives.days[piece, since] = min(days, lives.days.get((piece, since), days))
                since = None
        if since is not None:
            lives.versions[piece] += len(steps) - since
    return lives
