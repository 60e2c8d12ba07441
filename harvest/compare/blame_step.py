"""What is known of the words of one text, and how it is carried over to the next along their alignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvest.compare.blame_graves import Graves
from harvest.compare.blame_model import Stay
from harvest.compare.change import show_heading
from harvest.compare.hunks import Hunk
from harvest.compare.pairing import Alignment
from harvest.compare.tokens import Tokens, tokenise
from harvest.compare.units import JOINT, Side
from harvest.compare.words import diff_words
from harvest.model import Section

_Stays = Stay | list[Stay]  # of every token of a piece of text, one for all where they came together


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause or heading: the stays of its tokens, when it came as a clause, and when it was edited since."""

    stays: _Stays
    came: Stay
    edited: tuple[int, ...] = ()

    def of(self, tokens: int) -> list[Stay]:
        """Return a stay for each token."""
        return self.stays if isinstance(self.stays, list) else [self.stays] * tokens


@dataclass(frozen=True, slots=True)
class Known:
    """The pieces of a text: clauses by section, and headings."""

    clauses: list[list[Piece]]
    headings: list[Piece]


_Place = tuple[int, int]  # section and clause; clause -1 is the heading


class Step:
    """Carries what is known of one text over to the next, along their alignment.

    First all that went is buried, then all that came is looked up: what was moved in pieces is found again.
    """

    def __init__(self, known: Known, alignment: Alignment, graves: Graves, now: int) -> None:
        self.known, self.alignment, self.graves, self.now = known, alignment, graves, now
        self.new = Known([[_NOTHING] * len(s.clauses) for s in alignment.b.sections], [])
        self.new.headings.extend([_NOTHING] * len(alignment.b.sections))
        self.pairs: list[tuple[list[_Place], list[_Place]]] = []

    def made(self) -> Known:
        """Return what is known of the text after."""
        self._align()
        changed = [self._compare(old, new) for old, new in self.pairs]
        for compared in changed:
            compared.bury(self.graves, self.now)
        for compared in changed:
            stays = compared.carry(self.graves, self.now)
            self._put(compared, stays)
        return self.new

    def _align(self) -> None:
        """Copy what is the same, and note what is to be compared: pairs, and what stands on one side alone."""
        a, b = self.alignment.a, self.alignment.b
        left: set[_Place] = {(i, k) for i, s in enumerate(a.sections) for k in range(-1, len(s.clauses))}
        right: set[_Place] = {(j, k) for j, s in enumerate(b.sections) for k in range(-1, len(s.clauses))}
        for old, new in self._all_pairs():
            left.difference_update(old)
            right.difference_update(new)
            if len(old) == len(new) and _texts(a, old) == _texts(b, new):
                for place, other in zip(old, new, strict=True):
                    self._set(other, self._get(place))
            else:
                self.pairs.append((old, new))
        self.pairs += [([place], []) for place in sorted(left)]
        self.pairs += [([], [place]) for place in sorted(right)]

    def _all_pairs(self) -> Iterator[tuple[list[_Place], list[_Place]]]:
        a, b = self.alignment.a, self.alignment.b
        for i, j in self.alignment.sections:
            yield [(i, -1)], [(j, -1)]
        for group in self.alignment.groups:
            yield _places(a, group.a), _places(b, group.b)
        for turned in self.alignment.turned:
            old = [*((i, -1) for i in turned.headings_a), *_places(a, turned.units_a)]
            new = [*((j, -1) for j in turned.headings_b), *_places(b, turned.units_b)]
            yield sorted(old), sorted(new)

    def _compare(self, old: list[_Place], new: list[_Place]) -> _Compared:
        texts = _texts(self.alignment.a, old), _texts(self.alignment.b, new)
        before, after = tokenise(JOINT.join(texts[0])), tokenise(JOINT.join(texts[1]))
        pieces = [self._get(place) for place in old]
        sizes = [len(tokenise(text).cores) for text in texts[0]]
        stays = [stay for piece, size in zip(pieces, sizes, strict=True) for stay in piece.of(size)]
        hunks = diff_words(before, after).shown if old and new else _whole(before, after)
        return _Compared(before, after, hunks, stays, pieces, new, texts[1])

    def _put(self, compared: _Compared, stays: list[Stay]) -> None:
        """Cut the stays of the text after into those of its clauses."""
        at = 0
        for place, text in zip(compared.places, compared.texts, strict=True):
            size = len(tokenise(text).cores) if len(compared.places) > 1 else len(stays)
            mine = stays[at : at + size]
            self._set(place, compared.piece(mine, self.now))
            at += size

    def _get(self, place: _Place) -> Piece:
        return self.known.headings[place[0]] if place[1] < 0 else self.known.clauses[place[0]][place[1]]

    def _set(self, place: _Place, piece: Piece) -> None:
        if place[1] < 0:
            self.new.headings[place[0]] = piece
        else:
            self.new.clauses[place[0]][place[1]] = piece


_NOTHING = Piece(Stay(0), Stay(0))


@dataclass(frozen=True, slots=True)
class _Compared:
    """Pieces before (those of *stays*) that became the pieces after at *places*; either may be none."""

    before: Tokens
    after: Tokens
    hunks: tuple[Hunk, ...]
    stays: list[Stay]
    pieces: list[Piece]
    places: list[_Place]
    texts: list[str]

    def bury(self, graves: Graves, now: int) -> None:
        """Note every run of words that went."""
        for hunk in self.hunks:
            graves.bury(self.before, hunk.a0, hunk.a1, self.stays, now)

    def carry(self, graves: Graves, now: int) -> list[Stay]:
        """Return the stays of the tokens after: kept, back from a grave, or new."""
        found: list[Stay] = []
        at = 0
        for hunk in self.hunks:
            found += self.stays[at : hunk.a0]
            found += graves.revive(self.after, hunk.b0, hunk.b1, now)
            at = hunk.a1
        return found + self.stays[at:]

    def piece(self, stays: list[Stay], now: int) -> Piece:
        """Return one clause after, made of these stays."""
        one = stays[0] if stays and all(stay is stays[0] for stay in stays) else None
        if not self.pieces:  # a clause of its own: it came when its first word did, moved ones included
            came = stays[0] if stays else Stay(now)
            return Piece(one or stays, came, (now,) if came.since < now else ())
        first = min(self.pieces, key=lambda piece: piece.came.since)
        edited = (*first.edited, now) if self.before.bares != self.after.bares else first.edited
        return Piece(one or stays, first.came, edited)


def _whole(before: Tokens, after: Tokens) -> tuple[Hunk, ...]:
    """Return what `diff_words` shows where one of the sides is nothing."""
    whole = Hunk(0, len(before.cores), 0, len(after.cores))
    return (whole,) if whole.a1 or whole.b1 else ()


def _places(side: Side, units: Sequence[int]) -> list[_Place]:
    found = (side.units[n] for n in units)
    return [(unit.section, unit.clause + k) for unit in found for k in range(unit.size)]


def _texts(side: Side, places: Sequence[_Place]) -> list[str]:
    return [_text(side.sections[section], clause) for section, clause in places]


def _text(section: Section, clause: int) -> str:
    return show_heading(section) if clause < 0 else section.clauses[clause].text
