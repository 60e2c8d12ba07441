"""Milliseconds, bytes and queries of each kind of page, served over a corpus of thousands of versions.

    python tests/benchmarks/served.py CORPUS.db [--each 20] [--only diff,search] [--json]
    python tests/benchmarks/served.py ONE.db THREE.db TEN.db --each 20
    python tests/benchmarks/served.py CORPUS.db --rounds 3      on a busy computer

Pages of the policies with most versions, of those with the longest texts and of some taken evenly from the whole.
Times are of the whole answer in this process: on the clock, and of the processor, which is what remains where other
work keeps the computer busy; each page is asked for twice, first cold and then warm. --json measures the same
addresses as JSON, which comes whole and not in parts. Several corpora, the smallest first, end in a table of growth:
p95 of the processor in each, and how many times it grew for each time the answers did. Exits with 1 where a kind of
page is over a bar. First of all stands what starting takes, and the first page after it.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from harvest.web import difference

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
BAR_MS, BAR_BYTES, BAR_QUERIES = 100, 200_000, 40
#: From the commonest words of policies to ones that few have.
QUERIES = ("information", "we", "cookie", '"web beacon"', "arbitration", "privacy -cookies", "GDPR OR CCPA", "tele*")
ROOT = "/-/policies"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one page took."""

    path: str
    status: int
    wall_ms: float
    cpu_ms: float
    size: int
    queries: int
    warm_ms: float = 0.0


class Counter:
    """A Datasette plugin that counts the statements of its connections."""

    __name__ = "counter"

    def __init__(self) -> None:
        self.count = 0

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.set_trace_callback(self.see)

    def see(self, statement: str) -> None:
        """Count what reads."""
        self.count += statement.lstrip()[:6].upper().startswith(("SELECT", "WITH"))


def addresses(conn: sqlite3.Connection, each: int) -> dict[str, list[str]]:
    """Return addresses of pages by kind of page."""
    policies = list(policies_of(conn, each))
    spans = [(f"{ROOT}/{address}", first[:10], last[:10]) for address, first, last in policies]
    clauses = [
        sha for (sha,) in conn.execute(f"SELECT sha256 FROM clauses WHERE id % {max(1, 85_000 // each)} = 0 LIMIT 99")
    ]
    busiest = "SELECT clause_id FROM clause_stays GROUP BY 1 ORDER BY count(*) DESC LIMIT 5"
    clauses += [sha for (sha,) in conn.execute(f"SELECT sha256 FROM clauses WHERE id IN ({busiest})")]
    asked = [query.replace(" ", "+").replace('"', "%22") for query in QUERIES]
    return {
        "overview": [f"{ROOT}?order={order}&offset={offset}" for order in ("name", "changed") for offset in (0, 100)],
        "timeline": [path for path, _, _ in spans],
        "noise": [f"{path}?noise=1" for path, _, _ in spans],
        "version": [f"{path}/{last}" for path, _, last in spans],
        "diff": [path for path in transitions_of(conn, each)],
        "wide diff": [f"{path}/{first}..{last}" for path, first, last in spans],
        "far diff": [f"{ROOT}/{path}" for path in far_pairs(conn, [address for address, _, _ in policies])],
        "side": [f"{path}/{first}..{last}?view=side&noise=1" for path, first, last in spans],
        "blame": [f"{path}/blame/{last}" for path, _, last in spans],
        "words": [f"{path}/blame/{last}?words=1" for path, _, last in spans],
        "section": [path for path in sections_of(conn, each)],
        "clause": [f"{ROOT}/clause/{sha[:12]}" for sha in clauses],
        "search": [f"{ROOT}/search?q={q}" for q in asked],
        "added": [f"{ROOT}/search?q={q}&in=added" for q in asked],
        "phrase": [f"{ROOT}/phrase?q={q}" for q in asked],
        "trends": [f"{ROOT}/trends?q={q}&q={other}" for q, other in pairwise(asked)],
        "changes": [f"{ROOT}/changes?tier={tier}" for tier in ("typography", "order", "rewrite")],
        "feed": [f"{ROOT}/changes.atom", *(f"{path}.atom" for path, _, _ in spans[:5])],
    }


_POLICIES = """
    SELECT s.host || '/' || p.kind || iif(p.label = '', '', ':' || p.label), min(v.first_seen), max(v.last_seen)
    FROM versions v JOIN policies p ON p.id = v.policy_id JOIN sites s ON s.id = p.site_id
    JOIN texts t ON t.id = v.text_id WHERE v.variant_of IS NULL AND instr(p.label, '/') = 0
    GROUP BY p.id HAVING count(*) > 1 ORDER BY
"""


def policies_of(conn: sqlite3.Connection, each: int) -> Iterator[tuple[str, str, str]]:
    """Yield address and span of about *each* policies: a third has most versions, a third the longest texts."""
    third = max(1, each // 3)
    everything = conn.execute(f"{_POLICIES} 1").fetchall()
    chosen = conn.execute(f"{_POLICIES} count(*) DESC LIMIT {third}").fetchall()
    chosen += conn.execute(f"{_POLICIES} max(t.words) DESC LIMIT {third}").fetchall()
    chosen += everything[:: max(1, len(everything) // third)]
    yield from dict.fromkeys(chosen)


def far_pairs(conn: sqlite3.Connection, policies: Sequence[str]) -> Iterator[str]:
    """Yield addresses of differences that are kept nowhere: from a quarter to three quarters of a policy's versions."""
    sql = """
        SELECT v.first_seen FROM versions v JOIN policies p ON p.id = v.policy_id JOIN sites s ON s.id = p.site_id
        WHERE v.variant_of IS NULL AND s.host || '/' || p.kind || iif(p.label = '', '', ':' || p.label) = ? ORDER BY 1
    """
    for policy in policies:
        days = [when[:10] for (when,) in conn.execute(sql, (policy,))]
        before, after = days[len(days) // 4], days[3 * len(days) // 4]
        if len(days) > 4 and before != after:
            yield f"{policy}/{before}..{after}"


def transitions_of(conn: sqlite3.Connection, each: int) -> Iterator[str]:
    """Yield addresses of differences between neighbours, evenly from the whole."""
    count = conn.execute("SELECT max(id) FROM versions").fetchone()[0]
    sql = """
        SELECT s.host || '/' || p.kind, v.not_before, v.first_seen FROM versions v
        JOIN policies p ON p.id = v.policy_id JOIN sites s ON s.id = p.site_id
        WHERE p.label = '' AND v.not_before IS NOT NULL AND v.id % ? = 0 LIMIT ?
    """
    for address, before, after in conn.execute(sql, (max(1, count // (each * 2)), each)):
        yield f"{ROOT}/{address}/{before[:10]}..{after[:10]}"


def sections_of(conn: sqlite3.Connection, each: int) -> Iterator[str]:
    """Yield addresses of sections through the years, those with most versions first."""
    sql = """
        SELECT s.host || '/' || p.kind || '/section/' || l.slug FROM lineages l JOIN policies p ON p.id = l.policy_id
        JOIN sites s ON s.id = p.site_id WHERE p.label = '' AND l.slug <> ''
        ORDER BY (SELECT count(*) FROM section_stays x WHERE x.lineage_id = l.id) DESC LIMIT ?
    """
    yield from (f"{ROOT}/{path}" for (path,) in conn.execute(sql, (each,)))


async def measure(datasette: Any, counter: Counter, path: str) -> Answer:
    """Fetch a page and return what it took."""
    counter.count = 0
    wall, cpu = time.perf_counter(), time.process_time()
    response = await datasette.client.get(path)
    taken = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
    return Answer(path, response.status_code, *taken, len(response.content), counter.count)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that *share* of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def line(kind: str, answers: Sequence[Answer]) -> str:
    """Return one row of the table."""
    wall, cpu, warm = ([getattr(each, name) for each in answers] for name in ("wall_ms", "cpu_ms", "warm_ms"))
    worst = max(answers, key=lambda each: each.cpu_ms)
    return (
        f"{kind:10} {len(answers):4} {percentile(wall, 0.5):8.0f} {percentile(wall, 0.95):6.0f}"
        f" {percentile(cpu, 0.5):8.0f} {percentile(cpu, 0.95):6.0f} {percentile(warm, 0.95):6.0f}"
        f" {max(a.size for a in answers) / 1000:7.0f} KB"
        f" {max(a.queries for a in answers):4}  {worst.path.removeprefix(ROOT)} {worst.cpu_ms:.0f}"
    )


def as_json(path: str) -> str:
    """Return the address of a page as JSON; a feed stays one."""
    if ".atom" in path:
        return path
    page, _, query = path.partition("?")
    return f"{page}.json" + (f"?{query}" if query else "")


async def serve(corpus: Path, counter: Counter) -> Any:
    """Return a served corpus, and say what starting it and the first page took: imports, templates, the schema."""
    cpu = time.process_time()
    datasette = Datasette([str(corpus)], plugins_dir=str(PLUGINS))
    await datasette.invoke_startup()
    started = (time.process_time() - cpu) * 1000
    first = await measure(datasette, counter, ROOT)
    print(f"start {started:.0f} ms of the processor, first page {first.cpu_ms:.0f} ms")
    return datasette


async def run(
    corpus: Path, each: int, only: Sequence[str], json: bool, rounds: int
) -> tuple[bool, dict[str, Sequence[Answer]]]:
    """Print the table of a corpus; return whether every kind of page is within the bars, and the answers by kind."""
    with sqlite3.connect(f"file:{corpus}?mode=ro", uri=True) as conn:
        pages = addresses(conn, each)
        versions = conn.execute("SELECT count(*) FROM versions").fetchone()[0]
    conn.close()
    counter = Counter()
    pm.register(counter, name="counter")
    datasette = await serve(corpus, counter)
    print(f"{versions} versions\npage      count wall p50    p95  cpu p50    p95   warm   largest queries  worst")
    good, measured = True, {}
    for kind, paths in pages.items():
        if only and kind not in only:
            continue
        answers = await asked_for(datasette, counter, [as_json(path) if json else path for path in paths], rounds)
        for refused in (answer for answer in answers if answer.status not in (200, 302)):
            print(f"           {refused.status} {refused.path}")
        answers = measured[kind] = [answer for answer in answers if answer.status == 200] or answers
        print(line(kind, answers), flush=True)
        good &= percentile([answer.cpu_ms for answer in answers], 0.95) < BAR_MS
        good &= all((json or answer.size < BAR_BYTES) and answer.queries <= BAR_QUERIES for answer in answers)
    pm.unregister(counter)
    return good, measured


async def asked_for(datasette: Any, counter: Counter, paths: Sequence[str], rounds: int) -> list[Answer]:
    """Fetch every page once, then all of them again; before them one, after which all is made that is made once."""
    await measure(datasette, counter, paths[-1])
    cold = [await measure(datasette, counter, path) for path in paths]
    for _ in range(rounds - 1):
        for number, path in enumerate(paths):
            forget()
            cold[number] = min(cold[number], await measure(datasette, counter, path), key=lambda each: each.cpu_ms)
    warm = [await measure(datasette, counter, path) for path in paths]
    return [replace(first, warm_ms=again.cpu_ms) for first, again in zip(cold, warm, strict=True)]


def forget() -> None:
    """Empty what the program remembers from one page to the next."""
    difference._cache.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith("harvest."):
            for value in list(vars(module).values()):
                getattr(value, "cache_clear", lambda: None)()


def growth(corpora: Sequence[dict[str, Sequence[Answer]]]) -> Iterator[str]:
    """Yield how p95 grew from corpus to corpus, beside the bytes of the answers."""
    yield "growth      p95 of the processor, ms / all answers, KB; last: times slower for each time larger"
    for kind in corpora[0]:
        times = [percentile([answer.cpu_ms for answer in each[kind]], 0.95) for each in corpora]
        sizes = [sum(answer.size for answer in each[kind]) / 1000 for each in corpora]
        told = "   ".join(f"{time_:6.0f} / {size:6.0f}" for time_, size in zip(times, sizes, strict=True))
        yield f"{kind:10}  {told}   {times[-1] / times[0] / (sizes[-1] / sizes[0]):5.1f}"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=20, help="about so many pages of each kind")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--json", action="store_true", help="the same pages as JSON")
    parser.add_argument("--rounds", type=int, default=1, help="the least of so many first answers, caches emptied")
    options = parser.parse_args()
    results = [
        asyncio.run(run(corpus, options.each, options.only, options.json, options.rounds)) for corpus in options.corpora
    ]
    if len(results) > 1:
        print(*growth([measured for _, measured in results]), sep="\n")
    sys.exit(not all(good for good, _ in results))


if __name__ == "__main__":
    main()
