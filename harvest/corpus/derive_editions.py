"""The edition for readers of another English, told by how a text spells: the same policy, not a change of it.

A site that knows where its visitors are shows "organisation" to some and "organization" to others. Comparing takes both
for one word; but whoever prints an edition also puts "like" for "such as", and those words are no change either.
"""

from __future__ import annotations

from harvest.corpus.derive_pieces import Step

EDITION = "the edition for readers of another English: {} words are spelled {}"

#: Words that must come in one spelling, and go in the other. One quoted name tells nothing.
_TELLING = 5
#: Words changed beside each that is spelled otherwise: where both texts state the same date, and where none says so.
#: Editions of one policy for two countries had up to 6.4 and 0.9; where a rule changed with the spelling it was 2 and
#: more without a date, and 12 with one.
_BESIDE_DATED, _BESIDE = 8, 1


def other_edition(printed: tuple[tuple[int, int], tuple[int, int]], step: Step, words: int, *, same_date: bool) -> str:
    """Return why two texts are editions of one for two kinds of English, or ''.

    *printed*: of each text, the words in British and in American spelling; *step*: the pieces that came and went, apart
    from spelling; *words*: how many words did. No line may have come or gone whole.
    """
    british, american = (after - before for before, after in zip(*printed, strict=True))
    if british * american >= 0 or min(abs(british), abs(american)) < _TELLING:
        return ""
    if words > (_BESIDE_DATED if same_date else _BESIDE) * max(abs(british), abs(american)):
        return ""
    if sum(count for count in step.values() if count > 0) != -sum(count for count in step.values() if count < 0):
        return ""
    return EDITION.format(max(abs(british), abs(american)), "the British way" if british > 0 else "the American way")
