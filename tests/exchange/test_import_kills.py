"""Imports of histories that are killed, or disturbed by another process, end in the same corpus."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from harvest.corpus import derive_wordings, store_settle
from harvest.corpus.audit import audit
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.store_bulk import note_unsettled
from harvest.engine import Serial
from harvest.pipeline_import import import_collection

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SITES, VERSIONS = 2, 70
Item = TypeVar("Item")
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def long_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nurseries, each of which changes a line of its policy 70 times."""
    path = tmp_path_factory.mktemp("histories") / "nurseries.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    rng, stream = random.Random(3), []
    texts = [
        [f"Nursery {site} keeps record {line} of your order for a year." for line in range(30)] for site in range(SITES)
    ]
    for number in range(SITES * VERSIONS):
        site, when = number % SITES, 1_400_000_000 + number * 80_000
        line = rng.randrange(30)
        texts[site][line] = (
            f"Nursery {site} keeps record {line} of your order for {rng.randrange(2, 99)} years and a day."
        )
        body = "\n\n".join(f"## Part {at}\n\n{text}" if at % 5 == 0 else text for at, text in enumerate(texts[site]))
        stream.append(
            f"commit refs/heads/main\ncommitter C <c@alder.example> {when} +0000\ndata 6\nRecord\n"
            f"M 100644 inline Nursery{site}/Privacy Policy.md\ndata {len(body.encode())}\n{body}\n"
        )
    subprocess.run(["git", "-C", str(path), "fast-import", "--quiet"], input="".join(stream).encode(), check=True)
    return path


@pytest.fixture(scope="module")
def expected(long_history: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The corpus of an undisturbed import."""
    with Store.open(tmp_path_factory.mktemp("whole") / "whole.db", clock=lambda: NOON) as whole:
        import_collection(whole, long_history)
        return logical_dump(whole.conn)


def test_a_killed_process_leaves_what_the_next_one_ends(long_history: Path, expected: object, tmp_path: Path) -> None:
    """SIGKILL at three instants, while it reads, while it writes and while it compares; nothing is lost or doubled."""
    db = tmp_path / "corpus.db"
    command = [sys.executable, "-m", "harvest", "import", str(long_history), "-d", str(db), "--workers", "1", "--json"]
    for lines in (80, 60, 142):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(lines):
                process.stdout.readline()
            process.kill()

    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    with Store.open(db) as store:
        assert differences(expected, logical_dump(store.conn)) == []
        assert audit(store.conn).findings == ()


def test_comparing_that_is_stopped_keeps_what_it_wrote(
    long_history: Path, expected: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy of many versions is written in several transactions; stopped between them, the rest is compared."""
    monkeypatch.setattr(store_settle, "_WINDOW", 5)
    monkeypatch.setattr(store_settle, "_BATCH", 10)
    written = store_settle.write_diffs
    left = iter(range(4))

    def dies(*given: Any) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        written(*given)

    with Store.open(tmp_path / "corpus.db", clock=lambda: NOON) as store:
        with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
            killed.setattr(store_settle, "write_diffs", dies)
            import_collection(store, long_history)
        held = store.conn.execute("SELECT count(*) FROM diffs").fetchone()[0]
        assert 20 <= held < VERSIONS

        store.settle()

        assert differences(expected, logical_dump(store.conn)) == []


class Disturbed:
    """An engine beside which another process writes to the corpus, once it has begun."""

    def __init__(self, write: Callable[[], None]) -> None:
        self._write = write

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Yield results; write after the second."""
        for number, item in enumerate(items):
            yield function(item)
            if number == 1:
                self._write()


class Ahead:
    """An engine that has eight items under way, each as another process gets and answers it."""

    def __init__(self) -> None:
        self.is_busy = False
        self.empty = 0

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Yield results in order, as late as may be; count the windows that only wait."""
        under_way: deque[Item] = deque()
        for item in items:
            self.empty += not getattr(item, "policy_id", True)
            under_way.append(item)
            if len(under_way) == 8:
                yield self._answer(function, under_way.popleft())
        for item in under_way:
            yield self._answer(function, item)

    def _answer(self, function: Callable[[Item], Result], item: Item) -> Result:
        self.is_busy = True
        answer: Result = pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(item)))))
        self.is_busy = False
        return answer


def test_what_came_and_went_is_found_out_by_the_engine(
    long_history: Path, expected: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two policies are on their way at once; the one writer finds out for itself what none of their windows asked."""
    engine, found = Ahead(), Counter[bool]()
    difference = derive_wordings._difference

    def counted(*texts: Any) -> Any:
        found[engine.is_busy] += 1
        return difference(*texts)

    monkeypatch.setattr(store_settle, "_WINDOW", 5)
    monkeypatch.setattr(derive_wordings, "_difference", counted)
    with Store.open(tmp_path / "corpus.db", clock=lambda: NOON) as store:
        import_collection(store, long_history, engine=engine)

        assert differences(expected, logical_dump(store.conn)) == []
        assert found[True] > SITES * VERSIONS / 2
        assert found[False] == engine.empty == 0  # while one policy is read, the other one is compared

        note_unsettled(store.conn, store.policy_ids()[0])
        store.settle(engine=engine)

        assert differences(expected, logical_dump(store.conn)) == []
    assert 0 < engine.empty <= 8  # one policy alone waits for its own windows, and not for ever


def test_a_text_is_read_once_from_the_corpus(
    long_history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For what came and went, for comparing and for linking, with the texts of another policy in between."""
    asked: Counter[str] = Counter()

    def note(statement: str) -> None:
        if statement.startswith("SELECT section_id, level, number, confidence FROM text_sections WHERE text_id"):
            asked[statement] += 1

    with Store.open(tmp_path / "corpus.db", clock=lambda: NOON) as store:
        monkeypatch.setattr("harvest.pipeline_import.settle", lambda *given: None)
        import_collection(store, long_history)
        store.conn.set_trace_callback(note)
        store.settle(engine=Ahead())
        store.conn.set_trace_callback(None)
        (texts,) = store.conn.execute("SELECT count(*) FROM texts").fetchone()

    assert list(asked.values()) == [1] * texts


def test_what_was_compared_before_another_process_wrote_does_not_count(
    long_history: Path, expected: object, tmp_path: Path
) -> None:
    """The other one takes an address down meanwhile: history follows from what is there when it is written."""
    db = tmp_path / "corpus.db"

    def write() -> None:
        with Store.open(db, clock=lambda: NOON) as other:
            policy_id = other.policy_ids()[0]
            stamp = other.conn.execute(
                "SELECT url, timestamp FROM captures WHERE policy_id = ? ORDER BY timestamp LIMIT 1 OFFSET 30",
                (policy_id,),
            ).fetchone()
            other.judge(policy_id, "off-topic", archive="open-terms-archive", url=stamp[0], timestamp=stamp[1], why="x")

    with Store.open(db, clock=lambda: NOON) as store:
        run_id = store.begin_run("import")
        _import_without_history(store, long_history, run_id)
        store.settle(engine=Disturbed(write))
        disturbed = logical_dump(store.conn)
        for policy_id in store.policy_ids():
            store.recompute(policy_id)

        assert store.conn.execute("SELECT count(*) FROM captures WHERE outcome = 'off-topic'").fetchone() == (1,)
        assert differences(disturbed, logical_dump(store.conn)) == []
        assert differences(expected, disturbed) != []


def _import_without_history(store: Store, path: Path, run_id: int) -> None:
    """Bring captures in and leave their history to `Store.settle`."""
    from harvest.exchange.git_history import GitHistory
    from harvest.exchange.git_repository import Repository
    from harvest.pipeline_history import HistoryImport

    with Repository(path) as repository, GitHistory(repository) as history:
        HistoryImport(store, history, engine=Serial(), run_id=run_id, tell=lambda event: None).go()
