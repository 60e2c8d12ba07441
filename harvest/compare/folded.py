"""What a diff leaves out between two changes, counted, with the trail of section headings passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from harvest.compare.tokens import count_words
from harvest.counting import count_of
from harvest.model import Change, Departure, Diff, Same


def is_shown(change: Change, *, noise: bool) -> bool:
    """Return whether a reader asked for a change: noise tiers only with *noise*."""
    return noise or not (change.tier and change.tier.is_noise)


@dataclass(slots=True)
class Passed:
    """What is folded between two changes: counts, and the trail of headings passed over."""

    clauses: int = 0
    words: int = 0
    headings: dict[str, None] = field(default_factory=dict)

    def take(self, same: Same) -> None:
        """Fold one run more."""
        self.clauses += len(same.texts)
        self.words += sum(map(count_words, same.texts))
        self.headings.setdefault(same.heading_after)

    def __str__(self) -> str:
        trail = [heading for heading in self.headings if heading]
        if len(trail) > _TRAIL:
            trail = [*trail[: _TRAIL - 1], f"… {len(trail) - _TRAIL} more …", trail[-1]]
        inside = f" in {' › '.join(trail)}" if trail else ""
        return f"{count_of(self.clauses, 'unchanged clause')}, {count_of(self.words, 'word')}{inside}"


_TRAIL = 4  # headings named of what is folded


def parts_of(diff: Diff, *, noise: bool) -> Iterator[Change | Departure | Passed]:
    """Yield the changes that a reader asked for, the places that moves left, and what is folded between them."""
    passed = Passed()
    for line in diff.reading:
        if isinstance(line, Same):
            passed.take(line)
        elif isinstance(line, Departure) or (line.kind != "same" and is_shown(line, noise=noise)):
            if passed.clauses:
                yield passed
                passed = Passed()
            yield line
    if passed.clauses:
        yield passed
