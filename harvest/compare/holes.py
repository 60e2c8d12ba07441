"""Links whose words were caught in one text and not in the other: "please read our ." for "please read our Policy."

Whoever extracted the page changed how; the policy did not. The hole shows where words are lacking: a space before
the full stop that followed them. Where there are many holes, words within a sentence are lacking, too, if the other
text shows that they are those of a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvest.compare.folded_words import bare_words
from harvest.compare.hunks import Hunk
from harvest.compare.tokens import Tokens, join_words, tokenise
from harvest.compare.units import Unit
from harvest.compare.words import WordDiff

#: Marks that no word is kept apart from; French has spaces before the others.
_CLOSING = frozenset(".,)")
_LINK = re.compile(r"\[([^\[\]\w]*\w[^\[\]]*)\]\([^()\s]+\)")
_HOLE = re.compile(r"[.,)](?<=\w\s.)(?!\w)")  # looked for at its mark: at every letter it takes thrice as long
#: Words of a link: titles of documents, and what to press.
_LINK_WORDS = 10
#: More holes on one side that show how a text was extracted: in a real history two and less were edits in haste, 11 to
#: 75 stood where the words of all links were missing.
MANY = 5
#: Holes that show that the words of no link were caught, if of the clauses that changed this share lacks words and has
#: no other: whoever edits a policy puts a word somewhere.
_ALL_LINKS, _NOTHING_ELSE = 10, 0.9
# Words after which a sentence does not end.
_LEADING = frozenset(
    "a an the our your their its his this that these those my in on at to of by with from for under via through per"
    " please see visit read and or using unser unsere unserer der die das den dem notre nos votre la le les nuestra"
    " nuestro su el".split()
)
# Words by which a rule says other things when they go; no link to another page is called by one.
_BINDING = frozenset(
    "not no nobody nothing never nor only must shall may cannot unless except without before after until".split()
)


@dataclass(frozen=True, slots=True)
class Holes:
    """What changed clauses show: how many holes more the texts *after* have (fewer: < 0), and the *texts* of links.

    *alone*: there are so many, and so little else that changed, that one of the texts lacks its links.
    """

    after: int = 0
    texts: frozenset[str] = frozenset()
    alone: bool = False


NO_HOLES = Holes()


def holes_of(changed: Sequence[tuple[Sequence[Unit], Sequence[Unit]]]) -> Holes:
    """Return the holes of clauses that became others, on either side; none where they are few."""
    more = sum(_count(after) - _count(before) for before, after in changed)
    if abs(more) < MANY:
        return NO_HOLES
    units = [unit for pair in changed for side in pair for unit in side]
    texts = frozenset(text for unit in units for text in _texts_of_links(unit.markdown))
    lacking = sum(_lacks_alone(*(pair if more > 0 else pair[::-1])) for pair in changed)
    return Holes(more, texts, abs(more) >= _ALL_LINKS and lacking >= _NOTHING_ELSE * len(changed))


def _count(units: Sequence[Unit]) -> int:
    return sum(len(_HOLE.findall(unit.text)) for unit in units)


def _lacks_alone(full: Sequence[Unit], holed: Sequence[Unit]) -> bool:
    """Return whether one side has the words of the other in their order, and no word of its own."""
    words = iter([word for unit in full for word in bare_words(unit.text)])
    return all(word in words for unit in holed for word in bare_words(unit.text))


def _texts_of_links(markdown: str) -> Iterator[str]:
    for text in _LINK.findall(markdown):
        yield join_words(tokenise(text).bares)


def is_hole(diff: WordDiff, hunk: Hunk, holes: Holes = NO_HOLES) -> bool:
    """Return whether one of the texts has a hole in place of words, after a word that leads to them.

    "Read our ." is one; "we share it ." may be what an editor left over, unless there are many.
    """
    if hunk.b0 == hunk.b1:
        return _lacks(diff.before, (hunk.a0, hunk.a1), diff.after, hunk.b0, many=holes.after > 0)
    return hunk.a0 == hunk.a1 and _lacks(diff.after, (hunk.b0, hunk.b1), diff.before, hunk.a0, many=holes.after < 0)


def is_link_text(diff: WordDiff, hunk: Hunk, holes: Holes) -> bool:
    """Return whether words that one side of a text with many holes lacks are, on the other, those of a link."""
    if not (holes.texts or holes.alone) or (hunk.a0 != hunk.a1 and hunk.b0 != hunk.b1):
        return False
    full, start, end = (diff.before, hunk.a0, hunk.a1) if hunk.a0 != hunk.a1 else (diff.after, hunk.b0, hunk.b1)
    if holes.alone and (full is diff.before) == (holes.after > 0) and _stands_between_words(full, start, end):
        return _marks(diff.before) == _marks(diff.after)
    return join_words(full.bares[start:end]) in holes.texts


def _stands_between_words(full: Tokens, start: int, end: int) -> bool:
    """Return whether a brief run holds no mark and has none on either side: words of a link in a sentence."""
    words = full.bares[start:end]
    beside = full.bares[max(0, start - 1) : start] + full.bares[end : end + 1]
    return len(words) <= _LINK_WORDS and all(words) and all(beside) and _BINDING.isdisjoint(words)


def _marks(tokens: Tokens) -> list[str]:
    return [core for core, bare in zip(tokens.cores, tokens.bares, strict=True) if not bare]


def _lacks(full: Tokens, run: tuple[int, int], holed: Tokens, at: int, *, many: bool) -> bool:
    """Return whether a *run* of the *full* text lacks before the token *at*, and left a space before a closing mark."""
    if not (0 < at < len(holed.cores) and holed.cores[at] in _CLOSING and holed.spaces[at - 1]):
        return False
    words = [bare for bare in full.bares[run[0] : run[1]] if bare]
    follows = run[1] < len(full.cores) and full.cores[run[1]] == holed.cores[at] and not full.spaces[run[1] - 1]
    is_brief = 0 < len(words) <= _LINK_WORDS and _BINDING.isdisjoint(words)
    return is_brief and follows and (many or holed.bares[at - 1] in _LEADING)
