"""Links whose words were caught in one text and not in the other: "please read our ." for "please read our Policy."

Whoever extracted the page changed how; the policy did not. The hole shows where words are lacking: a space before
the full stop that followed them. Where there are many holes, words within a sentence are lacking, too, if the other
text shows that they are those of a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harvest.compare.hunks import Hunk
from harvest.compare.tokens import Tokens, join_words, tokenise
from harvest.compare.units import Unit
from harvest.compare.words import WordDiff

#: Marks that no word is kept apart from; French has spaces before the others.
_CLOSING = frozenset(".,)")
_LINK = re.compile(r"\[([^\[\]]*\w[^\[\]]*)\]\([^()\s]+\)")
_HOLE = re.compile(r"\w\s[.,)](?!\w)")
#: Words of a link: titles of documents, and what to press.
_LINK_WORDS = 10
#: More holes on one side that show how a text was extracted: in a real history two and less were edits in haste, 11 to
#: 75 stood where the words of all links were missing.
MANY = 5
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
    """What changed clauses show: how many holes more the texts *after* have (fewer: < 0), and the *texts* of links."""

    after: int = 0
    texts: frozenset[str] = frozenset()


NO_HOLES = Holes()


def holes_of(before: Sequence[Unit], after: Sequence[Unit]) -> Holes:
    """Return the holes of changed clauses on either side; none where they are few."""
    more = sum(len(_HOLE.findall(unit.text)) for unit in after) - sum(len(_HOLE.findall(unit.text)) for unit in before)
    if abs(more) < MANY:
        return NO_HOLES
    return Holes(more, frozenset(text for unit in (*before, *after) for text in _texts_of_links(unit.markdown)))


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
    if not holes.texts or (hunk.a0 != hunk.a1 and hunk.b0 != hunk.b1):
        return False
    words = diff.before.bares[hunk.a0 : hunk.a1] or diff.after.bares[hunk.b0 : hunk.b1]
    return join_words(words) in holes.texts


def _lacks(full: Tokens, run: tuple[int, int], holed: Tokens, at: int, *, many: bool) -> bool:
    """Return whether a *run* of the *full* text lacks before the token *at*, and left a space before a closing mark."""
    if not (0 < at < len(holed.cores) and holed.cores[at] in _CLOSING and holed.spaces[at - 1]):
        return False
    words = [bare for bare in full.bares[run[0] : run[1]] if bare]
    follows = run[1] < len(full.cores) and full.cores[run[1]] == holed.cores[at] and not full.spaces[run[1] - 1]
    is_brief = 0 < len(words) <= _LINK_WORDS and _BINDING.isdisjoint(words)
    return is_brief and follows and (many or holed.bares[at - 1] in _LEADING)
