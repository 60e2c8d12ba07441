"""Numbers with their nouns, as every room writes them for people."""

from __future__ import annotations

import re
from functools import lru_cache


def count_of(number: int, noun: str, many: str = "") -> str:
    """Return a number with its noun, in the plural where it must be; *many* where that follows no rule.

    >>> count_of(1, "version"), count_of(1200, "version"), count_of(0, "policy"), count_of(2, "day")
    ('1 version', '1,200 versions', '0 policies', '2 days')
    """
    return f"{number:,} {noun if number == 1 else many or _plural(noun)}"


@lru_cache(maxsize=500)
def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{noun}s"
