"""Texts made to be slow: every one is compared in counted work, and none takes longer than a moment."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from harvest.compare import compare
from harvest.compare.units import Work
from harvest.model import Clause, Section

WORDS = [f"w{n}" for n in range(30)]
# Each takes 0.1 to 0.6 s on one slow core; a step that grows with the square takes minutes.
LIMIT_S = 8.0


def one_section(texts: list[str]) -> tuple[Section, ...]:
    return (Section(2, "", "Use", "markup", 1.0, tuple(Clause("paragraph", 0, text, text) for text in texts)),)


def noise(seed: int, words: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


CASES = {
    "the same short clause": (["x y"] * 1500, ["xy z"] * 1500),
    "runs that nearly join": (["ab cd"] * 1500, ["abcd" * 1499 + "e"]),
    "few words, many clauses": ([noise(n, 25) for n in range(800)], [noise(-n - 1, 25) for n in range(800)]),
    "one endless clause": ([noise(1, 20_000)], [noise(2, 20_000)]),
    "nothing but marks": (["-" * 100_000], ["- " * 50_000]),
    "nothing but dates": (["May 2011, " * 8_000], ["June 2012, " * 8_000]),
    "nothing but references": (["section 1, 2 and 3, " * 5_000], ["section 4, 5 and 6, " * 5_000]),
    "nothing but street numbers": (["12 a b c d e " * 5_000], ["13 a b c d f " * 5_000]),
    "nothing but dots": (["a.b." * 15_000], ["a.c." * 15_000]),
    "nothing but e-mail": (["a@b.c" * 10_000], ["a@b.d" * 10_000]),
    "surrogates and zeros": (["\ud800\x00 a" * 5_000], ["\udfff\x00 b" * 5_000]),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES.keys())
def test_hostile_texts_are_compared_in_bounded_work(before, after):
    """The diff is complete and came in time, and no more than one pair was compared past the limit."""
    work = Work()
    start = time.process_time()

    found = compare(one_section(before), one_section(after), work=work)

    assert time.process_time() - start < LIMIT_S
    assert work.cells <= work.limit + max(map(len, before)) * max(map(len, after)) // 4096
    assert sum(len(entry.before_clauses) for entry in found.entries) == len(before)
    assert sum(len(entry.after_clauses) for entry in found.entries) == len(after)


def test_a_shuffled_text_has_moves_only():
    """However many clauses change places, none is lost and none is called edited."""
    texts = [f"{noise(n, 12)} number {n} of the clauses of this text" for n in range(200)]
    shuffled = texts[:]
    random.Random(1).shuffle(shuffled)

    found = compare(one_section(texts), one_section(shuffled))

    assert {change.kind for change in found.changes} == {"moved"}
    assert (found.words_added, found.words_removed) == (0, 0)


_ROW = " ".join(f"[Garden department {n}](https://a.example/garden-{n})" for n in range(40))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{_ROW} and nothing else", id="words-behind"),
        pytest.param(f"{_ROW} [a link without an end](https://a.example", id="cut-short"),
        pytest.param(f"{_ROW.replace(') [', '), [')}", id="commas"),
        pytest.param("[" + "so many words " * 5_000, id="open-bracket"),
        pytest.param("[" + "so many words " * 5_000 + "]", id="no-link"),
        pytest.param("](a)[" * 5_000, id="no-labels"),
    ],
)
def test_rows_of_links_are_read_in_one_way(line: str):
    """What nearly is a menu is told from one in a moment; in a process of its own, for a pattern cannot be stopped."""
    told = "import sys; from harvest.compare.furniture import is_menu; print(is_menu(sys.stdin.read()))"
    told += "; from harvest.compare.holes import _LINK; print(len(_LINK.findall(sys.argv[1])))"

    done = subprocess.run([sys.executable, "-c", told, line], input=line, capture_output=True, text=True, timeout=60)

    assert done.stdout.split()[0] == "False"
    assert done.returncode == 0
