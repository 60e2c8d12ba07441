"""Whether a transition is a change of the policy, by what its two versions are and its diff says; and its dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from harvest.corpus.derive_editions import other_edition
from harvest.corpus.derive_model import DiffFacts, TextFacts, Version
from harvest.corpus.derive_passages import LANDMARK_WORDS
from harvest.corpus.derive_pieces import Step
from harvest.corpus.derive_turns import is_one_sided
from harvest.corpus.derive_wordings import Wordings, words_of
from harvest.model import Tier
from harvest.timestamps import days_between

TRANSLATED = "the text in another language: what changed in it cannot be told"
EXTRACTED = "the page was extracted anew, by other rules"
ASSEMBLED = "put together of other pages by whoever collected them: nothing but these came or went"

#: A page that was extracted by other rules within this time of the text before it had hardly time to change.
_AT_ONCE_DAYS = 1
#: Share of a text that may be a rule which came alone; more, and it is another part of the page, or another page.
_ONE_RULE = 0.1


def is_shown(diff: DiffFacts) -> bool:
    return diff.tier is not None and not diff.tier.is_noise


def _is_loud(diff: DiffFacts) -> bool:
    return diff.tier is not None and diff.tier.rank >= Tier.EDIT.rank


def kind_of(
    before: Version, after: Version, diff: DiffFacts, *, returning: bool, classes: Mapping[str, str]
) -> tuple[Literal["change", "return", "part-added", "part-removed", "technical"], str]:
    same = classes.get(before.text) is not None and classes.get(before.text) == classes.get(after.text)
    noise = diff.tier is None or diff.tier.is_noise
    if same or (noise and not (before.forms & after.forms)):
        return "technical", "one text in two forms"
    if after.redone or (after.filtered and noise):
        return "technical", EXTRACTED
    return "return" if returning else diff.part or "change", ""


def _is_translated(before: TextFacts, after: TextFacts, diff: DiffFacts) -> bool:
    """True where nearly nothing is as it was, and the languages differ."""
    return diff.tier is Tier.REWRITE and "" != before.language != after.language != ""


def is_later(before: TextFacts, after: TextFacts) -> bool:
    """True where both texts state a date, and the one after a later one."""
    return "" < before.stated_date < after.stated_date


def why_technical(
    before: Version, after: Version, facts: tuple[TextFacts, TextFacts], diff: DiffFacts, wordings: Wordings
) -> str:
    """Return why what a diff shows is no change of the policy, or ''. A later stated date makes it one."""
    if _is_translated(*facts, diff):
        return TRANSLATED
    if is_later(*facts):
        return ""
    step = wordings.step(before.text, after.text)
    if after.filtered and _is_of_the_rules(before, after, facts, step, wordings.words(after.text)):
        return EXTRACTED
    if after.joined and step and is_one_sided(step):
        return ASSEMBLED
    if diff.tier is not Tier.EDIT:
        return ""
    printed = wordings.printed(before.text), wordings.printed(after.text)
    same_date = facts[0].stated_date == facts[1].stated_date != ""
    return other_edition(printed, step, diff.words, same_date=same_date)


def _is_of_the_rules(
    before: Version, after: Version, facts: tuple[TextFacts, TextFacts], step: Step, words: int
) -> bool:
    """Return whether what came and went is what other rules of extraction caught, or left out.

    Rules take in more of a page or less of it; whoever changes a policy puts words in the place of others. While the
    old rules caught nothing, or too little to be put down, a policy changed for years (half of 1,800 such texts came
    more than 60 days after the one before). A rule that came alone, in the words of policies, is theirs, too. *words*:
    of the text after.
    """
    days = [one.stated_date for one in facts]
    if days[1] > before.last_seen[:10] and days[0] != days[1]:
        return False
    if days_between(before.last_seen, after.first_seen) <= _AT_ONCE_DAYS:
        return True
    came = [piece for piece, count in step.items() if count > 0]
    said = any(piece.speech == 2 or (piece.speech and piece.words >= LANDMARK_WORDS) for piece in came)
    rules = said and 2 * sum(piece.words for piece in came) > words_of(step)
    return is_one_sided(step) and not (rules and words_of(step) <= _ONE_RULE * words)


def dating(shown: Version, before: TextFacts, after: TextFacts, diff: DiffFacts) -> tuple[int | None, int]:
    """Silent: 1, 0 or None as its column is described; None too where dates are equal and only noise changed.

    A date that lay ahead when the text before was *shown* announced the edition after: that one is not silent.
    """
    if not before.stated_date or not after.stated_date:
        return None, 0
    if before.stated_date != after.stated_date:
        return 0, int(diff.tier is not None and diff.tier.rank <= Tier.DATES.rank)
    if not _is_loud(diff):
        return None, 0
    return int(before.stated_date <= shown.last_seen[:10]), 0
