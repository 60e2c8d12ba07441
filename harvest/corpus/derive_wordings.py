"""What the texts of a policy say, piece by piece, so that history can tell what came and went between two of them.

Texts are told apart by their sections: what two texts share is never looked at, so a step costs what differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from harvest.corpus.derive_passages import LABEL_WORDS, Counts, Passage
from harvest.corpus.derive_pieces import PRIME, Letters, Piece, Step, letters_of, number_of
from harvest.corpus.derive_spots import LEAST_WAYS, Spot, spots_of

#: Share of the words that came, or went, with headings that labels beside them may have.
_LABELS_BESIDE = 0.2
#: … and, with a part that stood twice.
_BESIDE_COPIES = 0.05
#: Texts remembered: each is compared with its neighbours.
_KNOWN_TEXTS = 8


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found out about some texts, as `Wordings` remembers it."""

    counts: Mapping[str, Counts]  # by sha256
    steps: Mapping[tuple[int, int], Step]  # by marks
    spots: Mapping[tuple[int, int], Sequence[Spot]]
    menus: Mapping[str, bool]  # by sha256


@dataclass(slots=True)
class Wordings:
    """The wordings of a policy's texts, by sha256; *read* returns the passages of one. Remembers what it found out."""

    read: Callable[[str], Sequence[Passage]] = field(default=lambda sha: (_opaque(sha),))
    _texts: dict[str, Sequence[Passage]] = field(default_factory=dict)
    _counts: dict[str, Counts] = field(default_factory=dict)
    _menus: dict[str, bool] = field(default_factory=dict)
    _steps: dict[tuple[int, int], Step] = field(default_factory=dict)  # by marks
    _spots: dict[tuple[int, int], Sequence[Spot]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything found out."""
        self._texts.clear()
        self._counts.clear()
        self._menus.clear()
        self._steps.clear()
        self._spots.clear()

    def reading(self, read: Callable[[str], Sequence[Passage]]) -> Wordings:
        """Read texts by this function from now on; what was found out stays."""
        self.read = read
        return self

    def findings(self) -> Findings:
        """Return what was found out, for others of the same texts."""
        return Findings(self._counts, self._steps, self._spots, self._menus)

    def learn(self, found: Findings) -> None:
        """Take over what others found out. What is known already stays: it was asked for before."""
        for sha in found.counts.keys() - self._counts.keys():
            self._counts[sha], self._menus[sha] = found.counts[sha], found.menus[sha]
        for key in found.steps.keys() - self._steps.keys():
            self._steps[key], self._spots[key] = found.steps[key], found.spots[key]

    def mark(self, sha: str) -> int:
        """Return a number that two texts share where they have the same pieces, in any order."""
        return self._count(sha).mark

    def _count(self, sha: str) -> Counts:
        held = self._counts.get(sha)
        if held is None:
            passages = self._passages(sha)
            each = [passage.counts for passage in passages]
            ways = frozenset().union(*(names for passage in passages for _, names in passage.ways))
            self._menus[sha] = len(ways) >= LEAST_WAYS
            held = self._counts[sha] = Counts(*map(sum, zip(*each, strict=True)))
        return held

    def words(self, sha: str) -> int:
        """Return the words of a text."""
        return self._count(sha).words

    def spoken(self, sha: str) -> int:
        """Return how many words of a text stand in lines that speak as policies do."""
        return self._count(sha).spoken

    def printed(self, sha: str) -> tuple[int, int]:
        """Return how many words of a text are in British spelling, and how many in American."""
        counts = self._count(sha)
        return counts.british, counts.american

    def shows_menu(self, sha: str) -> bool:
        """Return whether a text names several ways about its site, as the menus around a policy do."""
        self._count(sha)
        return self._menus[sha]

    def step(self, before: str, after: str) -> Step:
        """Return what came and went between two texts. Cheap for texts asked about one after the other."""
        key = self.mark(before), self.mark(after)
        if key[0] == key[1]:
            return {}
        held = self._steps.get(key)
        if held is None:
            passages = self._passages(before), self._passages(after)
            held = self._steps[key] = _difference(*passages)
            self._spots[key] = spots_of(*passages, held)  # now, while both texts are at hand
        return held

    def spots(self, before: str, after: str) -> Sequence[Spot]:
        """Return where on their pages the pieces of a step stand."""
        return self._spots[self.mark(before), self.mark(after)] if self.step(before, after) else ()

    def reads_alike(self, one: str, other: str) -> bool:
        """Return whether two texts have the same letters in the same order, however they are cut into pieces.

        What differs and what both have may each stand elsewhere: a label that a heading was glued to.
        """
        if self._count(one).letters != self._count(other).letters:
            return False  # most pairs, whose texts are not read again for this
        step = self.step(one, other)
        gone = _spell(self._passages(one), {piece: -count for piece, count in step.items() if count < 0})
        came = _spell(self._passages(other), {piece: count for piece, count in step.items() if count > 0})
        return gone == came

    def is_of_labels(self, one: str, other: str) -> bool:
        """Return whether nothing came or went, and nothing but labels was moved."""
        return not self.step(one, other) and _sentences(self._passages(one)) == _sentences(self._passages(other))

    def is_of_copies(self, one: str, other: str) -> bool:
        """Return whether all that came was there before, or all that went is there still: a part of it stood twice.

        Labels that say nothing may be beside: the menu between two copies.
        """
        step = self.step(one, other)
        signs = {count > 0 for count in step.values()}
        if len(signs) != 1:
            return False
        poorer = self._passages(one if True in signs else other)
        others = step.keys() - {piece for passage in poorer for piece in passage.pieces}
        silent = all(piece.speech == 0 and piece.words <= LABEL_WORDS for piece in others)
        return silent and words_of({piece: step[piece] for piece in others}) <= _BESIDE_COPIES * words_of(step)

    def headings(self, one: str, other: str) -> set[Piece]:
        """Return the headings of two texts."""
        pages = self._passages(one), self._passages(other)
        return {passage.order[0][0] for page in pages for passage in page if passage.heading}

    def is_of_headings(self, one: str, other: str) -> bool:
        """Return whether nothing but headings, two and more, came, or nothing but headings went.

        A few labels that stood beside them, and say nothing, count as such: the trail to one of several pages.
        """
        step = self.step(one, other)
        signs = {count > 0 for count in step.values()}
        if len(signs) != 1 or len(step) < 2:
            return False
        passages = self._passages(other if True in signs else one)
        headings = {passage.order[0][0] for passage in passages if passage.heading}
        others = step.keys() - headings
        if len(step) - len(others) < 2 or not all(piece.speech == 0 and piece.words <= LABEL_WORDS for piece in others):
            return False
        beside = [spot.pieces for spot in self.spots(one, other)]
        return words_of({piece: step[piece] for piece in others}) <= _LABELS_BESIDE * words_of(step) and all(
            any(piece in pieces and not headings.isdisjoint(pieces) for pieces in beside) for piece in others
        )

    def _passages(self, sha: str) -> Sequence[Passage]:
        held = self._texts.get(sha)
        if held is None:
            if len(self._texts) >= _KNOWN_TEXTS:
                del self._texts[next(iter(self._texts))]
            held = self._texts[sha] = self.read(sha)
        return held


def _join(first: Letters, second: Letters) -> Letters:
    return first[0] + second[0], (first[1] * pow(256, second[0], PRIME) + second[1]) % PRIME


def _spell(passages: Sequence[Passage], wanted: Mapping[Piece, int]) -> tuple[Letters, Letters]:
    """Return the letters of so many of each piece, and those of all others, as they stand one after the other."""
    left = dict(wanted)
    spelled, others = (0, 0), (0, 0)
    for passage in passages:
        for piece, letters in passage.order:
            if left.get(piece, 0) > 0:
                left[piece] -= 1
                spelled = _join(spelled, letters)
            else:
                others = _join(others, letters)
    return spelled, others


def words_of(step: Step) -> int:
    """Return the words that came and went."""
    return sum(piece.words * abs(count) for piece, count in step.items())


def _sentences(page: Sequence[Passage]) -> list[Piece]:
    headings = {passage.order[0][0] for passage in page if passage.heading}
    return [
        piece
        for passage in page
        for piece, _ in passage.order
        if (piece.speech or piece.words > LABEL_WORDS) and piece not in headings
    ]


def _opaque(sha: str) -> Passage:
    """Return the passage of a text of which nothing is known but that it is another one."""
    number = number_of(sha)
    piece = Piece(number, 1, sha)
    letters = letters_of(sha)
    return Passage(sha, {piece: 1}, Counts(number, 1, letters[0]), ((piece, letters),))


def _difference(before: Sequence[Passage], after: Sequence[Passage]) -> Step:
    passages = {passage.key: passage for passage in (*before, *after)}
    balance = Counter(passage.key for passage in after)
    balance.subtract(passage.key for passage in before)
    net: Counter[Piece] = Counter()
    for key, times in balance.items():
        if times:
            for piece, count in passages[key].pieces.items():
                net[piece] += count * times
    return {piece: count for piece, count in net.items() if count}
