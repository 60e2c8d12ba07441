"""What the sections of a text say, piece by piece, without the furniture of its page.

A piece is a clause or heading in the form in which typography, numbering and links do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from harvest.compare.furniture import furniture_of, is_copyright, is_menu
from harvest.compare.menus import HEADING, Short, short_lines, ways_in
from harvest.compare.tokens import count_words
from harvest.corpus.derive_pieces import Letters, Piece, read_piece, said_of
from harvest.model import Section

LABEL_WORDS = 8
"""Words of a line that may be a label."""
LANDMARK_WORDS = 20
"""Words of a line that tells where on the page one is, whatever it says."""

#: Sections remembered: neighbours in a history share most of them; twenty policies' worth take some 20 MB.
_KNOWN_PASSAGES = 4_000
#: … and no more pieces than these, some 30 MB, where a section is a list of a thousand entries and new in each version.
_KNOWN_PIECES, _MANY_PIECES = 100_000, 200
_CLAIM = frozenset("©")  # at the foot of a page, as telling as a way about the site
_CLAIM_LENGTH = 200
_MAY_CLAIM = re.compile(r"©|\([cC]\)|[rR]ight|RIGHT")
# What any page offers its visitors: to pass by the menu, to search the site, to pass the page on. As telling.
_TOOL = re.compile(
    r"(?:skip|jump) to (?:main )?(?:content|navigation)|enter search|search this site"
    r"|share (?:this|by email|(?:on|to) \w+)"
    r"|follow us|zum inhalt springen|aller au contenu|saltar al contenido",
    re.I,
)
_TOOLS_LENGTH = 200
_NO_WAYS: frozenset[str] = frozenset()


class Counts(NamedTuple):
    """What is counted of a passage; of a text it is the sum over its passages.

    *mark*: a number that two texts share where they have the same pieces, in any order. *letters*: how many bytes of
    letters and digits. *spoken*: words in lines that speak as policies do. *british*, *american*: words so spelled.
    """

    mark: int = 0
    words: int = 0
    letters: int = 0
    spoken: int = 0
    british: int = 0
    american: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """The pieces of one section.

    *order*: its pieces as they stand, heading first, with their letters and digits. *heading*: whether the first of
    them is the heading. *landmarks*: those of its pieces that are long or speak as policies do. *ways*: labels of
    menus, tools of the page and claims to it, with the number of pieces above each.
    """

    key: Hashable
    pieces: Mapping[Piece, int]
    counts: Counts
    order: tuple[tuple[Piece, Letters], ...]
    heading: bool = False
    landmarks: tuple[Piece, ...] = ()
    ways: tuple[tuple[int, frozenset[str]], ...] = ()

    @property
    def speaks(self) -> bool:
        """Whether a piece of it speaks as policies do."""
        return any(piece.speech for piece in self.landmarks)


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
    order: list[tuple[Piece, Letters]] = []
    ways: list[tuple[int, frozenset[str]]] = []
    british = american = 0
    heads = False
    for place, line in _lines_of(section):
        if line.ways:
            ways.append((len(order), line.ways))
        if line.menu or place in left_out or not line.piece.words:
            continue
        heads = heads or place == HEADING
        order.append((line.piece, line.letters))
        british, american = british + line.printed[0], american + line.printed[1]
    landmarks = tuple([piece for piece, _ in order if piece.speech or piece.words >= LANDMARK_WORDS])
    counts = Counts(
        mark=sum([piece.key for piece, _ in order]),
        words=sum([piece.words for piece, _ in order]),
        letters=sum([size for _, (size, _) in order]),
        spoken=sum([piece.words for piece in landmarks if piece.speech]),
        british=british,
        american=american,
    )
    return Passage(key, Counter([piece for piece, _ in order]), counts, tuple(order), heads, landmarks, tuple(ways))


def _tools_of(text: str) -> frozenset[str]:
    """Return the tools that a line names, if it begins with one."""
    return frozenset(_TOOL.findall(text[:_TOOLS_LENGTH].lower())) if _TOOL.match(text) else _NO_WAYS


def _claim_of(text: str) -> frozenset[str]:
    claims = len(text) <= _CLAIM_LENGTH and _MAY_CLAIM.search(text) and is_copyright(text, count_words(text))
    return _CLAIM if claims else _NO_WAYS


class _Line(NamedTuple):
    """What there is to know of a line: its piece with its letters and spelling, ways about the site that it names."""

    piece: Piece
    letters: Letters
    printed: tuple[int, int]
    ways: frozenset[str]
    menu: bool = False


def _lines_of(section: Section) -> Iterator[tuple[int, _Line]]:
    title = section.heading
    if title:
        yield HEADING, _heading(title)
    for place, clause in enumerate(section.clauses):
        text = clause.text
        yield place, _clause(text, title if title and text.startswith(title) else "", clause.markdown)


@lru_cache(maxsize=4_000)
def _heading(text: str) -> _Line:
    return _line(text, text)


@lru_cache(maxsize=20_000)  # consecutive versions of a policy share most clauses
def _clause(text: str, title: str, markdown: str) -> _Line:
    """Read a clause; *title*: that of its section, where the clause begins with it."""
    return _line(text, said_of(text, title), menu=is_menu(markdown))


def _line(text: str, said: str, *, menu: bool = False) -> _Line:
    return _Line(*read_piece(said), ways_in(text) or _claim_of(text) or _tools_of(text), menu)
