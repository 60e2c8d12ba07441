"""The same replacement in many clauses, said once: a company has another name, a word another spelling."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from harvest.model import Change, Op, Replacement

_FEW = 3  # changes; what stands in fewer is read as quickly
_ALONE = 2  # of them
_LONG = 60  # characters; a longer replacement is a sentence, and its changes are read for themselves
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
        if change.tier is None or change.tier.is_noise:
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
        if op == "-" and following == "+":
            before, after = _EDGES.sub("", old), _EDGES.sub("", new)
            if before and after and before != after and max(len(before), len(after)) <= _LONG:
                yield before, after


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
