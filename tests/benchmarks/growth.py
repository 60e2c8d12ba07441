"""What questions cost beside what they answer: one corpus after the other, the smallest first.

    python tests/benchmarks/growth.py ONE.db THREE.db TEN.db

Milliseconds of the processor, the median of five, beside the rows that the answer is made of: of a phrase the stays of
its clauses in policies, of a search all that it found, of a trend the stays it counts. The last column says how many
times slower it gets for each time the answer is longer, from the first corpus to the last: 1 is in proportion.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from harvest.corpus import queries

PHRASES = ("data protection officer", "web beacon", "personal data", "third parties")
_STAYS = (
    "SELECT count(*) FROM clauses_fts f CROSS JOIN clause_stays st ON st.clause_id = f.rowid WHERE clauses_fts MATCH ?"
)
ASKED: dict[str, Callable[[sqlite3.Connection, str], object]] = {
    "phrase": queries.phrase,
    "added": lambda conn, phrase: queries.search(conn, phrase, where="added"),
    "removed": lambda conn, phrase: queries.search(conn, phrase, where="removed"),
    "texts": lambda conn, phrase: queries.search(conn, phrase),
    "trend": lambda conn, phrase: queries.trends(conn, [phrase]),
}


def measure(corpus: Path, name: str, phrase: str) -> tuple[float, int]:
    """Return the milliseconds that a question takes, and the rows of its answer."""
    with sqlite3.connect(f"{corpus.resolve().as_uri()}?mode=ro", uri=True) as conn:
        taken = []
        for _ in range(5):
            start = time.process_time()
            answer = ASKED[name](conn, phrase)
            taken.append((time.process_time() - start) * 1000)
        total = getattr(answer, "total", None)
        rows = total if total is not None else conn.execute(_STAYS, (f'"{phrase}"',)).fetchone()[0]
    conn.close()
    return statistics.median(taken), int(rows)


def main() -> None:
    """Print a line for each question and phrase."""
    corpora = [Path(name) for name in sys.argv[1:]]
    for name in ASKED:
        for phrase in PHRASES:
            found = [measure(corpus, name, phrase) for corpus in corpora]
            told = "  ".join(f"{ms:7.1f} ms {rows:7} rows" for ms, rows in found)
            (first_ms, first), (last_ms, last) = found[0], found[-1]
            factor = last_ms / first_ms / (last / first) if first and last else 0.0
            print(f"{name:8} {phrase:24} {told}  {factor:5.2f}", flush=True)


if __name__ == "__main__":
    main()
