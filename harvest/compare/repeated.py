"""The same change in many clauses, said once: another name of a company, another spelling, one note below each rule."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from harvest.compare.folded_words import FIRST, bare_words, first_words, folded_line
from harvest.compare.tokens import say_words
from harvest.model import Change, Op, Repetition, Replacement

_FEW = 3  # changes; what stands in fewer is read as quickly
_ALONE = 2  # of them
_LONG = 60  # characters; a longer replacement is a sentence, and its changes are read for themselves
_MARKS = " .,;:!?()\"'"
_EDGES = re.compile(r"^\W+|(?:['\u2019]s)?\W*$")
_Key = tuple[str, str]


def replacements_of(changes: Sequence[Change]) -> tuple[Replacement, ...]:
    """Return what was replaced by the same words in at least three changes above noise, most frequent first.

    In two of them at least nothing else changed: else common words would do ("the" became "this").
    """
    places: Counter[_Key] = Counter()
    spelled: dict[_Key, Counter[_Key]] = defaultdict(Counter)
    inside: list[set[_Key]] = []
    alone: list[bool] = []
    for change in changes:
        if len(change.ops) < 2 or change.tier is None or change.tier.is_noise:
            continue
        found = list(_replaced(change.ops))
        for before, after in found:
            key = before.casefold(), after.casefold()
            places[key] += 1
            spelled[key][before, after] += 1
        inside.append({(before.casefold(), after.casefold()) for before, after in found})
        alone.append(2 * len(found) == sum(op != "=" for op, _ in change.ops))
    counted = Counter(key for keys in inside for key in keys)
    frequent = {key for key, number in counted.items() if number >= _FEW}
    whole = Counter(key for keys, only in zip(inside, alone, strict=True) if only and keys <= frequent for key in keys)
    found_all = [
        Replacement(*spelled[key].most_common(1)[0][0], places[key], counted[key], whole[key])
        for key in frequent
        if whole[key] >= _ALONE
    ]
    return tuple(sorted(found_all, key=lambda r: (-r.places, r.before, r.after)))


def _replaced(ops: Sequence[Op]) -> Iterator[_Key]:
    for (op, old), (following, new) in pairwise(ops):
        if op == "-" and following == "+" and not _is_long(old) and not _is_long(new):
            before, after = _EDGES.sub("", old), _EDGES.sub("", new)
            if before and after and before != after and max(len(before), len(after)) <= _LONG:
                yield before, after


def _is_long(text: str) -> bool:
    """True for what is longer than a replacement whatever its edges are; to look for these takes longest there."""
    inner = text.strip(_MARKS)
    return len(inner) > _LONG + 2 and inner[0].isalnum() and inner[-1].isalnum()


def say_replacement(replacement: Replacement) -> str:
    """Return it in one line.

    >>> say_replacement(Replacement("Plum", "Pear Ltd", 7, 5, 4))
    'the same replacement in 7 places: “Plum” became “Pear Ltd” (5 changes, 4 of them nothing else)'
    """
    only = f", {replacement.alone} of them nothing else" if replacement.alone else ""
    return (
        f"the same replacement in {replacement.places} places: “{replacement.before}” became “{replacement.after}”"
        f" ({replacement.changes} changes{only})"
    )


# --- the same words added or removed ------------------------------------------------------------------------------

_TOLD = 8  # words of a change that is folded where it comes again; a shorter one is read as quickly as the fold
_SHOWN = 80  # characters of a text in the line that says how often it came


def repetitions_of(changes: Sequence[Change]) -> tuple[Repetition, ...]:
    """Return what came, or went, as the whole of at least three changes above noise, most frequent first."""
    loud = [change for change in changes if change.tier is not None and not change.tier.is_noise]
    counted: Counter[_Key] = Counter()
    spelled: dict[_Key, str] = {}
    for change, whole in zip(loud, _wholes(loud, _FEW), strict=True):
        if whole:
            counted[whole] += 1
            spelled.setdefault(whole, change.ops[0][1])
    found = [Repetition(key[0], spelled[key], number) for key, number in counted.items() if number >= _FEW]
    return tuple(sorted(found, key=lambda r: (-r.changes, r.sign, r.text)))


def told_again(changes: Sequence[Change]) -> dict[int, int]:
    """Return the changes (by index) that only say, of another place, what an earlier one said: that one's index.

    The same words, eight at least, came or went, or the same text became the same other one.
    """
    first: dict[object, int] = {}
    again: dict[int, int] = {}
    long = [n for n, change in enumerate(changes) if change.words_added + change.words_removed >= _TOLD]
    for number, whole in zip(long, _wholes([changes[n] for n in long], 2), strict=True):
        change = changes[number]
        said = whole or (change.before and change.after and (change.before, change.after, change.links))
        if said and first.setdefault(said, number) != number:
            again[number] = first[said]
    return again


def _wholes(changes: Sequence[Change], least: int) -> list[_Key | None]:
    """Return the `_whole` of each change; None, too, of those that do not begin as *least* of them do.

    Most texts that come or go begin as no other does: a few words of them are folded and not all.
    """
    begins = [_beginning(change) for change in changes]
    often = Counter(begins)
    return [
        _whole(change) if begin is not None and often[begin] >= least else None
        for change, begin in zip(changes, begins, strict=True)
    ]


def _beginning(change: Change) -> tuple[str, ...] | None:
    """Return the sign and the first words of what `_whole` returns."""
    if len(change.ops) != 1 or change.ops[0][0] == "=":
        return None
    sign, text = change.ops[0]
    heading = _heading(change)
    words = first_words(heading) if heading else []
    return (sign, *(words if len(words) == FIRST else [*words, *first_words(text)][:FIRST]))


def _whole(change: Change) -> _Key | None:
    """Return the sign and the folded words of a change that is one addition or one removal."""
    if len(change.ops) != 1 or change.ops[0][0] == "=":
        return None
    sign, text = change.ops[0]
    words = "\x1f".join(filter(None, (folded_line(_heading(change)), folded_line(text))))
    return (sign, words) if words else None


def _heading(change: Change) -> str:
    return (change.heading_after or change.heading_before) if change.kind.startswith("section-") else ""


def say_repetition(repetition: Repetition) -> str:
    """Return it in one line.

    >>> say_repetition(Repetition("-", "Learn more", 8))
    'the same 2 words removed in 8 changes: “Learn more”'
    """
    text = " ".join(repetition.text.split())
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rpartition(' ')[0]} …"
    way = "added" if repetition.sign == "+" else "removed"
    number = len(bare_words(text))
    return f"the same {say_words(number)} {way} in {repetition.changes} changes: “{shown}”"
