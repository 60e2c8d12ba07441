"""What many changes have in common is said once, where it is worth a line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harvest.compare.repeated import replacements_of
from harvest.model import Change, Op, Tier


def edited(*ops: Op, tier: Tier = Tier.EDIT) -> Change:
    before = "".join(text for op, text in ops if op != "+")
    after = "".join(text for op, text in ops if op != "-")
    return Change("edited", tier, "", 0, 0, "", "", before, after, tuple(ops), (), (), 1, 1, 0.9)


def renamed(before: str = "Plum", after: str = "Pear", *more: Op, tier: Tier = Tier.EDIT) -> Change:
    return edited(("=", "Ask "), ("-", before), ("+", after), ("=", " about it."), *more, tier=tier)


MORE = renamed("Plum", "Pear", ("+", " Soon."))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param([renamed()] * 3, [("Plum", "Pear", 3, 3)], id="three"),
        pytest.param([renamed()] * 2, [], id="two"),
        pytest.param([renamed()] * 2 + [renamed(tier=Tier.LINKS)], [], id="two and noise"),
        pytest.param([renamed()] * 2 + [MORE], [("Plum", "Pear", 3, 2)], id="alone twice"),
        pytest.param([renamed()] + [MORE] * 2, [], id="alone once"),
        pytest.param([renamed("Plum’s,", "Pear’s,")] * 3, [("Plum", "Pear", 3, 3)], id="without its marks"),
        pytest.param([renamed("plum", "pear")] + [renamed()] * 2, [("Plum", "Pear", 3, 3)], id="as spelled most often"),
        pytest.param([renamed("p" * 60, "Pear")] * 3, [("p" * 60, "Pear", 3, 3)], id="long"),
        pytest.param([renamed("p" * 61, "Pear")] * 3, [], id="a sentence"),
    ],
)  # fmt: skip
def test_a_replacement_is_told_of_three_changes(
    changes: Sequence[Change], told: Sequence[tuple[str, str, int, int]]
) -> None:
    """Above noise, no sentence of its own, and in two of them nothing else changed."""
    assert [(r.before, r.after, r.changes, r.alone) for r in replacements_of(changes)] == list(told)
