"""How much a change matters, and why: every hunk of words is judged, the greatest of them decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harvest.compare.dated import is_date_line, is_stated_date, kinds_of_whole
from harvest.compare.furniture import is_menu
from harvest.compare.hints import is_hint, names_hint, without_hints
from harvest.compare.holes import NO_HOLES, Holes, is_hole, is_link_text
from harvest.compare.hunks import Hunk
from harvest.compare.letters import same_but_letters
from harvest.compare.notices import is_notice
from harvest.compare.plain_words import Kinds
from harvest.compare.spans import CONTACT, DATE, LABEL, LEFTOVER, REFERENCE, TAGS
from harvest.compare.spelling import is_spelled_alike
from harvest.compare.tokens import SIGNS, Tokens, count_words, join_words, say_words, tokenise
from harvest.compare.words import WordDiff
from harvest.model import Tier

# Up to 10 % of the words an edit, up to 50 % a revision.
EDIT_SHARE = 0.10
REVISION_SHARE = 0.50
_DOUBLED_WORDS = 4  # of a run said twice over: one or two may be a slip of the pen that was mended
_SPELLED_WORDS = 40  # tokens of a hunk: neighbours that are spelled otherwise; a longer one says other things


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one change. Words of typography, links and numbering count 0.

    *share* is what changed of a text in a script without spaces, where words do not tell; None elsewhere. *repeated*
    of the words stand elsewhere in the same text as well, in a place that stayed.
    """

    tier: Tier
    reason: str
    words_added: int
    words_removed: int
    share: float | None = None
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class _HunkVerdict:
    tier: Tier
    added: int
    removed: int
    size: int = 0  # what its share is judged by in scripts without spaces


def judge_words(
    diff: WordDiff, *, numbers: Mapping[str, str], links_differ: bool = False, holes: Holes = NO_HOLES
) -> Verdict:
    """Judge an edited clause.

    *numbers* maps old section numbers to new ones, for references that follow them; *holes*: what the whole diff shows
    of links whose words one of its texts lacks (`holes_of`).
    """
    kinds = Kinds(diff.before), Kinds(diff.after)
    hinted = names_hint(diff.before.text) or names_hint(diff.after.text)
    found: list[_HunkVerdict] = []
    for hunk in diff.hunks:
        if _says_the_same(diff, hunk):
            found.append(_HunkVerdict(Tier.TYPOGRAPHY, 0, 0))
            continue
        if is_hole(diff, hunk, holes) or is_link_text(diff, hunk, holes) or (hinted and _is_hint(diff, hunk)):
            found.append(_HunkVerdict(Tier.LINKS, 0, 0))
            continue
        found.append(_judge_hunk(diff, hunk, kinds, numbers))
    return _sum_up(diff, found, links_differ)


def _says_the_same(diff: WordDiff, hunk: Hunk) -> bool:
    """Return whether both sides are the same words, whatever their signs, spelling or a repetition by mistake."""
    before, after = diff.before.bares[hunk.a0 : hunk.a1], diff.after.bares[hunk.b0 : hunk.b1]
    return (
        ("".join(before) == "".join(after) and join_words(before) == join_words(after))
        or (_signs_only(diff.before, hunk.a0, hunk.a1) and _signs_only(diff.after, hunk.b0, hunk.b1))
        or _spelled_alike(before, after)
        or _is_doubled(diff, hunk)
        or same_but_letters(diff.before.slice(hunk.a0, hunk.a1), diff.after.slice(hunk.b0, hunk.b1))
    )


def _is_hint(diff: WordDiff, hunk: Hunk) -> bool:
    """Return whether both sides say the same but for a hint to a link, which may be glued to its last word."""
    before, after = diff.before.slice(hunk.a0, hunk.a1), diff.after.slice(hunk.b0, hunk.b1)
    bare = without_hints(before), without_hints(after)
    return bare != (before, after) and join_words(tokenise(bare[0]).bares) == join_words(tokenise(bare[1]).bares)


def _signs_only(tokens: Tokens, start: int, end: int) -> bool:
    """A trade mark or copyright sign that comes or goes changes no word."""
    return all(tokens.cores[n] in SIGNS for n in range(start, end) if tokens.bares[n])


def _spelled_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two runs are the same words as British and American printers spell them."""
    if not any(one) or len(one) > _SPELLED_WORDS:
        return False
    words, others = [*filter(None, one)], [*filter(None, other)]
    return len(words) == len(others) and all(map(is_spelled_alike, words, others))


def _is_doubled(diff: WordDiff, hunk: Hunk) -> bool:
    """Return whether words that came or went alone only say again what stands right before or right after them."""
    if diff.before.count_bares(hunk.a0, hunk.a1) and diff.after.count_bares(hunk.b0, hunk.b1):
        return False
    sides = (diff.before, hunk.a0, hunk.a1), (diff.after, hunk.b0, hunk.b1)
    for (tokens, start, end), (other, first, last) in (sides, sides[::-1]):
        words = [bare for bare in tokens.bares[start:end] if bare] if not any(other.bares[first:last]) else []
        if len(words) >= _DOUBLED_WORDS:
            reach = 2 * (end - start)  # marks stand between words
            above = [bare for bare in tokens.bares[max(0, start - reach) : start] if bare]
            below = [bare for bare in tokens.bares[end : end + reach] if bare]
            return words in (above[-len(words) :], below[: len(words)])
    return False


def judge_menu(way: str = "only") -> Verdict:
    """Judge a menu or other furniture of the page that became another one, or, by *way*, was added or removed."""
    return Verdict(Tier.LINKS, f"menu of the page {way}", 0, 0)


def judge_title(*, added: bool) -> Verdict:
    """Judge what a document is called, added or removed at the top of its page."""
    return Verdict(Tier.TYPOGRAPHY, f"title of the page {'added' if added else 'removed'}", 0, 0)


def _judge_hunk(diff: WordDiff, hunk: Hunk, kinds: tuple[Kinds, Kinds], numbers: Mapping[str, str]) -> _HunkVerdict:
    removed = count_words(diff.before.slice(hunk.a0, hunk.a1))
    added = count_words(diff.after.slice(hunk.b0, hunk.b1))
    inside = kinds[0].inside(hunk.a0, hunk.a1)
    if "" not in inside:
        inside |= kinds[1].inside(hunk.b0, hunk.b1)
    if inside == {LABEL}:
        return _HunkVerdict(Tier.NUMBERING, 0, 0)
    if inside and inside <= {LABEL, LEFTOVER}:
        return _HunkVerdict(Tier.LINKS, 0, 0)
    if inside == {REFERENCE} and _follows(diff, hunk, numbers):
        return _HunkVerdict(Tier.NUMBERING, 0, 0)
    if inside == {DATE}:
        return _HunkVerdict(Tier.DATES, added, removed)
    if inside == {CONTACT}:
        return _HunkVerdict(Tier.CONTACTS, added, removed)
    unspaced = diff.before.unspaced or diff.after.unspaced
    size = diff.before.size(hunk.a0, hunk.a1) + diff.after.size(hunk.b0, hunk.b1) if unspaced else 0
    return _HunkVerdict(Tier.EDIT, added, removed, size)


def _follows(diff: WordDiff, hunk: Hunk, numbers: Mapping[str, str]) -> bool:
    """Return whether a reference changed as the heading did that it points at."""
    old = [bare for bare in diff.before.bares[hunk.a0 : hunk.a1] if bare]
    new = [bare for bare in diff.after.bares[hunk.b0 : hunk.b1] if bare]
    return len(old) == len(new) and all(_same_target(a, b, numbers) for a, b in zip(old, new, strict=True))


def _same_target(old: str, new: str, numbers: Mapping[str, str]) -> bool:
    if old == new or numbers.get(old) == new:
        return True
    head_old, _, rest_old = old.rpartition(".")
    head_new, _, rest_new = new.rpartition(".")
    return bool(head_old and head_new) and rest_old == rest_new and _same_target(head_old, head_new, numbers)


def _sum_up(diff: WordDiff, found: list[_HunkVerdict], links_differ: bool) -> Verdict:
    added, removed = sum(v.added for v in found), sum(v.removed for v in found)
    tiers = {v.tier for v in found} | ({Tier.LINKS} if links_differ else set())
    if Tier.EDIT in tiers and is_notice(diff.before.text) and is_notice(diff.after.text):
        return Verdict(Tier.DATES, "notice of an edition only", added, removed)
    if Tier.EDIT in tiers and is_date_line(diff.before) and is_date_line(diff.after):
        return Verdict(Tier.DATES, say_noise({Tier.DATES}), added, removed)
    if Tier.EDIT in tiers:
        unspaced = diff.before.unspaced or diff.after.unspaced
        changed = sum(v.size for v in found) if unspaced else added + removed
        share = min(1.0, changed / max(1, diff.before.size() + diff.after.size()))
        of = "the text" if unspaced else str(diff.before.words + diff.after.words)
        tier, reason = tier_of_share(share), _say_words(added, removed, f"{share:.0%} of {of}", diff.coarse)
        reason = f"{reason}; link targets too" if links_differ else reason
        return Verdict(tier, reason, added, removed, share if unspaced else None)
    if not tiers:
        tiers = {Tier.TYPOGRAPHY}
    tier = max(tiers, key=lambda t: t.rank)
    return Verdict(tier, say_noise(tiers), added, removed)


def tier_of_share(share: float) -> Tier:
    """Return the tier of a change of this share of the words of both sides."""
    if share <= EDIT_SHARE:
        return Tier.EDIT
    return Tier.REVISION if share <= REVISION_SHARE else Tier.REWRITE


_SAY = {
    Tier.TYPOGRAPHY: "typography",
    Tier.LINKS: "link targets",
    Tier.NUMBERING: "numbering",
    Tier.DATES: "stated date",
    Tier.CONTACTS: "contact details",
    Tier.ORDER: "order",
}


def say_noise(tiers: Iterable[Tier]) -> str:
    """Return a reason for a change that holds these tiers and nothing above them."""
    names = [_SAY[t] for t in sorted(set(tiers), key=lambda t: -t.rank) if t in _SAY]
    return f"{' and '.join(names)} only" if names else "no words"


def say_moved(verdict: Verdict, *, differ: bool, origin: str = "") -> Verdict:
    """Return the verdict of something that moved as well: at least ``order``. *origin* says from where, in words."""
    moved = f"moved {origin}" if origin else "moved"
    if not differ:
        return Verdict(Tier.ORDER, f"{moved}, no word changed", 0, 0)
    if verdict.tier.rank < Tier.ORDER.rank:
        return Verdict(Tier.ORDER, f"{moved}; {verdict.reason}", 0, 0)
    return replace(verdict, reason=f"{moved}; {verdict.reason}")


def _say_words(added: int, removed: int, share: str, coarse: str) -> str:
    text = f"{say_words(added)} added, {removed} removed: {share}"
    return f"{text}; shown whole: {coarse}" if coarse else text


def judge_whole(text: str, *, added: bool, markdown: str = "") -> Verdict:
    """Judge clauses that were added or removed whole. *markdown*: of a clause that stands alone."""
    words = count_words(text)
    way = "added" if added else "removed"
    if not words:
        return Verdict(Tier.TYPOGRAPHY, f"marks without words {way}", 0, 0)
    if is_menu(markdown):
        return judge_menu(way)
    if "<" in text and not count_words(TAGS.sub(" ", text)):
        return Verdict(Tier.LINKS, f"mark-up {way}", 0, 0)
    if is_hint(text):
        return Verdict(Tier.LINKS, f"hint to a link {way}", 0, 0)
    counts = (words, 0) if added else (0, words)
    if is_notice(text):
        return Verdict(Tier.DATES, f"notice of an edition {way}", *counts)
    kinds = kinds_of_whole(text, words)
    if is_stated_date(text, kinds):
        return Verdict(Tier.DATES, f"stated date {way}", *counts)
    if kinds == {LEFTOVER}:
        return Verdict(Tier.LINKS, f"remains of a link {way}", 0, 0)
    if kinds == {CONTACT}:
        return Verdict(Tier.CONTACTS, f"contact details {way}", *counts)
    return Verdict(Tier.REWRITE, f"{say_words(words)} {way}", *counts)
