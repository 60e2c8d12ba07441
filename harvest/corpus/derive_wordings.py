"""What the texts of a policy say, piece by piece, so that history can tell what came and went between two of them.

A piece is a clause or heading in the form in which typography, numbering and links do not count. Texts are told apart
by their sections: what two texts share is never looked at, so a step costs what differs.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from harvest.compare.furniture import furniture_of, is_menu, is_notice
from harvest.compare.menus import HEADING, Short, short_lines
from harvest.compare.tiers import states_date
from harvest.compare.tokens import count_words
from harvest.model import Clause, Section
from harvest.text.fold import fold


class Piece(NamedTuple):
    """A clause or heading, folded. *key*: a number for its text; *words*: never 0; *label*: how it begins."""

    key: int
    words: int
    label: str


_LABEL = 60  # characters
#: Sections remembered: neighbours in a history share most of them; twenty policies' worth take some 20 MB.
_KNOWN_PASSAGES = 4_000
#: … and no more pieces than these, some 30 MB, where a section is a list of a thousand entries and new in each version.
_KNOWN_PIECES, _MANY_PIECES = 100_000, 200
#: Texts remembered: each is compared with its neighbours.
_KNOWN_TEXTS = 8


#: How many bytes of letters and digits, and their remainder as one number: of two runs joined, it follows from both.
Letters = tuple[int, int]
_PRIME = 2**127 - 1
_NO_LETTER = re.compile(r"[\W_]+")
_INSIDE = re.compile(r"['’\-\u2010-\u2015]+")  # signs that stand inside words
_MARK = re.compile(r"\W+")

#: How many of each piece came (> 0) or went (< 0) from one text to another; nothing that stayed.
Step = Mapping[Piece, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """The pieces of one section. *mark* is a number that two passages share where they have the same pieces.

    *order*: its pieces as they stand, heading first, with their letters and digits. *heading*: whether the first of
    them is the heading.
    """

    key: Hashable
    pieces: Mapping[Piece, int]
    mark: int
    order: tuple[tuple[Piece, Letters], ...]
    heading: bool = False


@dataclass(slots=True)
class Wordings:
    """The wordings of a policy's texts, by sha256; *read* returns the passages of one. Remembers what it found out."""

    read: Callable[[str], Sequence[Passage]] = field(default=lambda sha: (_opaque(sha),))
    _texts: dict[str, Sequence[Passage]] = field(default_factory=dict)
    _marks: dict[str, int] = field(default_factory=dict)
    _words: dict[int, int] = field(default_factory=dict)  # by mark, as are steps
    _steps: dict[tuple[int, int], Step] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget everything found out."""
        self._texts.clear()
        self._marks.clear()
        self._words.clear()
        self._steps.clear()

    def reading(self, read: Callable[[str], Sequence[Passage]]) -> Wordings:
        """Read texts by this function from now on; what was found out stays."""
        self.read = read
        return self

    def mark(self, sha: str) -> int:
        """Return a number that two texts share where they have the same pieces, in any order."""
        held = self._marks.get(sha)
        if held is None:
            held = self._marks[sha] = sum(passage.mark for passage in self._passages(sha))
        return held

    def words(self, sha: str) -> int:
        """Return the words of a text."""
        mark = self.mark(sha)
        held = self._words.get(mark)
        if held is None:
            held = self._words[mark] = sum(words_of(passage.pieces) for passage in self._passages(sha))
        return held

    def step(self, before: str, after: str) -> Step:
        """Return what came and went between two texts. Cheap for texts asked about one after the other."""
        key = self.mark(before), self.mark(after)
        if key[0] == key[1]:
            return {}
        held = self._steps.get(key)
        if held is None:
            held = self._steps[key] = _difference(self._passages(before), self._passages(after))
        return held

    def reads_alike(self, one: str, other: str) -> bool:
        """Return whether two texts have the same letters in the same order, however they are cut into pieces.

        What differs and what both have may each stand elsewhere: a label that a heading was glued to.
        """
        step = self.step(one, other)
        gone = _spell(self._passages(one), {piece: -count for piece, count in step.items() if count < 0})
        came = _spell(self._passages(other), {piece: count for piece, count in step.items() if count > 0})
        return gone == came

    def is_of_headings(self, one: str, other: str) -> bool:
        """Return whether nothing but headings, two and more, came, or nothing but headings went."""
        step = self.step(one, other)
        signs = {count > 0 for count in step.values()}
        if len(signs) != 1 or len(step) < 2:
            return False
        passages = self._passages(other if True in signs else one)
        headings = {passage.order[0][0] for passage in passages if passage.heading}
        return step.keys() <= headings

    def _passages(self, sha: str) -> Sequence[Passage]:
        held = self._texts.get(sha)
        if held is None:
            if len(self._texts) >= _KNOWN_TEXTS:
                del self._texts[next(iter(self._texts))]
            held = self._texts[sha] = self.read(sha)
        return held


def passages_of(
    sections: Sequence[Section], keys: Sequence[Hashable], known: dict[Hashable, Passage | Short]
) -> tuple[Passage, ...]:
    """Return the passages of a text, without the furniture of its page and without notices of editions.

    *keys*: the identities of its sections among those of the policy; *known* remembers what was made of them.
    """
    short = [_short(section, key, known) for section, key in zip(sections, keys, strict=True)]
    aside = furniture_of(sections, short)
    found = []
    for number, (section, key) in enumerate(zip(sections, keys, strict=True)):
        left_out = aside.get(number, _NOTHING)
        if left_out:
            key = (key, left_out)
        passage = known.get(key)
        if not isinstance(passage, Passage):
            passage = _passage(section, key, left_out)
            _remember(passage, known)
        found.append(passage)
    return tuple(found)


def _remember(passage: Passage, known: dict[Hashable, Passage | Short]) -> None:
    """Keep a passage for the next text that has it, after forgetting all others if they are too many."""
    many = len(passage.order) > _MANY_PIECES  # few are: only for these it is worth counting
    if len(known) >= _KNOWN_PASSAGES or (many and sum(map(_pieces, known.values())) > _KNOWN_PIECES):
        known.clear()
    known[passage.key] = passage


def _pieces(held: Passage | Short) -> int:
    return len(held.order if isinstance(held, Passage) else held)


_NOTHING: frozenset[int] = frozenset()


def _short(section: Section, key: Hashable, known: dict[Hashable, Passage | Short]) -> Short:
    held = known.get(("short", key))
    if not isinstance(held, tuple):
        held = known["short", key] = short_lines(section)
    return held


def _passage(section: Section, key: Hashable, left_out: frozenset[int]) -> Passage:
    heading = HEADING not in left_out and count_words(section.heading) > 0
    texts = [section.heading] if heading else []
    texts += [
        _said(clause, section.heading)
        for place, clause in enumerate(section.clauses)
        if place not in left_out and not is_menu(clause.markdown)
    ]
    order = tuple((piece, _letters_of(text)) for text in texts if (piece := _piece(text)).words)
    counts = Counter(piece for piece, _ in order)
    mark = sum(piece.key * count for piece, count in counts.items())
    return Passage(key, counts, mark, order, heading and bool(order) and order[0][0] == _piece(section.heading))


# What only points elsewhere, or is left over of links and notes: it comes and goes with what was caught of them.
_POINTS = re.compile(
    r"\s*\[?(?:\b(?:click )?here\b|\[\d{1,3}\])|\]\([^()\s]{0,2000}\)\[?"
    r"|(?<=\])\[[\w -]{1,60}\]|^\[[\w -]{1,60}\]: \S+$",
    re.I,
)
_MAY_POINT = re.compile(r"here|\]", re.I)


def _said(clause: Clause, heading: str) -> str:
    """Return what a clause says: without what only points, and without a title glued to its first word."""
    text = clause.text
    if heading and text.startswith(heading) and text[len(heading) :][:1].isalnum():
        text = text[len(heading) :]
    return _POINTS.sub("", text) if _MAY_POINT.search(text) else text


@lru_cache(maxsize=20_000)  # consecutive versions of a policy share most clauses
def _piece(text: str) -> Piece:
    folded = _MARK.sub(" ", _INSIDE.sub("", fold(text))).strip()
    words = 0 if is_notice(text) or states_date(text) else count_words(folded)  # numbers and signs make no other piece
    return Piece(_number(folded), words, folded[:_LABEL])


@lru_cache(maxsize=20_000)
def _letters_of(text: str) -> Letters:
    bare = _NO_LETTER.sub("", fold(text)).encode("utf-8", "surrogatepass")
    return len(bare), int.from_bytes(bare) % _PRIME


def _join(first: Letters, second: Letters) -> Letters:
    return first[0] + second[0], (first[1] * pow(256, second[0], _PRIME) + second[1]) % _PRIME


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


def _opaque(sha: str) -> Passage:
    """Return the passage of a text of which nothing is known but that it is another one."""
    number = _number(sha)
    piece = Piece(number, 1, sha)
    return Passage(sha, {piece: 1}, number, ((piece, _letters_of(sha)),))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


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
