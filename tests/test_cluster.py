"""More than one machine: a Dask cluster, and Parquet shards, give the rows that one process gives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest.archive import open_archive
from harvest.cli import main
from harvest.config import Settings
from harvest.corpus.derived_columns import COLUMNS, column_type
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.engine import Serial
from harvest.engine_dask import open_dask
from harvest.errors import CorpusError, HarvestError
from harvest.exchange.shards import derive_shard, read_derived, write_source
from harvest.pipeline import run
from harvest.simulator import sample
from harvest.targets import read_targets


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the corpus of two made-up companies, its derived rows spoiled as by other rules."""
    folder = tmp_path_factory.mktemp("corpus")
    sample.write_sample(folder / "archive", seed=7, companies=2)
    with Store.open(folder / "c.db") as store:
        archive = open_archive(str(folder / "archive"), Settings())
        run(store, archive, read_targets(folder / "archive" / "targets.toml").targets, settings=Settings())
        archive.close()
    return folder / "c.db"


def _spoil(db: Path) -> None:
    with Store.open(db) as store, store.transaction() as conn:
        conn.execute("UPDATE text_rows SET title = 'by other rules', words = 1")
        conn.execute("UPDATE diffs SET tier = 'links'")
        conn.execute("DELETE FROM transitions")


def _dump(db: Path) -> dict[str, list[tuple[object, ...]]]:
    with Store.open(db) as store:
        return logical_dump(store.conn)


@pytest.mark.parametrize(
    "options",
    [["--engine", "dask", "--workers", "2"], ["--engine", "dask", "--workers", "2", "--shards"], ["--shards"]],
    ids=["dask", "dask-shards", "shards"],
)
def test_a_cluster_gives_the_rows_of_one_process(options: list[str], corpus: Path, tmp_path: Path) -> None:
    """Whatever reads the pages, and however they travel: every row is the one a serial build gives."""
    db = Path(shutil.copy(corpus, tmp_path / "c.db"))
    _spoil(db)
    folder = [str(tmp_path / "shards")] if "--shards" in options else []

    result = CliRunner().invoke(main, ["build", "-d", str(db), *options, *folder], catch_exceptions=False)

    assert result.exit_code == 0, result.output
    assert differences(_dump(corpus), _dump(db)) == []


def test_results_may_stay_parquet(corpus: Path, tmp_path: Path) -> None:
    """Without merging the corpus stays as it is; every table is there with the types that are documented."""
    import pyarrow.parquet

    db = Path(shutil.copy(corpus, tmp_path / "c.db"))
    arguments = ["build", "-d", str(db), "--workers", "1", "--shards", str(tmp_path / "shards"), "--no-merge"]
    assert CliRunner().invoke(main, arguments).exit_code == 0

    for table, columns in COLUMNS.items():
        found = pyarrow.parquet.read_table(tmp_path / "shards" / "derived" / table)
        assert tuple(found.column_names) == columns
        assert [str(kind).replace("double", "float64") for kind in found.schema.types] == [
            column_type(table, column) for column in columns
        ]
        assert found.num_rows == len(_dump(corpus)[table])


def test_a_killed_run_is_carried_on(corpus: Path, tmp_path: Path) -> None:
    """A shard that is done is not derived again; one that broke off is, from its beginning."""
    with Store.open(corpus) as store:
        tasks = write_source(store.conn, tmp_path)
    derive_shard(tasks[0])
    mark = next((tmp_path / "derived").glob("*.done"))
    texts = tmp_path / "derived" / "texts" / "00000.parquet"
    before = texts.stat().st_mtime_ns

    derive_shard(tasks[0])
    assert texts.stat().st_mtime_ns == before
    mark.unlink()
    (tmp_path / "derived" / "texts" / "00000.99.part").write_bytes(b"half")
    derive_shard(tasks[0])
    assert read_derived(tmp_path, "00000").keys() == read_derived(tmp_path, "00000").keys()
    with Store.open(corpus) as store:
        before_rows = logical_dump(store.conn)
        store.take_derived(read_derived(tmp_path, "00000"))
        assert differences(before_rows, logical_dump(store.conn)) == []


def test_shards_of_before_are_not_taken_for_those_of_now(corpus: Path, tmp_path: Path) -> None:
    """A folder that was used before a corpus grew, or for a larger one, gives what follows from the corpus of now."""
    import pyarrow.parquet

    early, shards = tmp_path / "early.db", tmp_path / "shards"
    shutil.copy(corpus, early)
    with Store.open(early) as store, store.transaction() as conn:
        last = conn.execute("SELECT id FROM captures WHERE outcome = 'fetched' ORDER BY captured_at DESC").fetchone()[0]
        conn.execute("UPDATE captures SET outcome = 'failed', body_id = NULL WHERE id = ?", (last,))
    for name in ("source", "derived/texts"):
        (shards / name).mkdir(parents=True)
        (shards / name / "00009.parquet").write_bytes(b"of a larger corpus")
    first = CliRunner().invoke(main, ["build", "-d", str(early), "--workers", "1", "--shards", str(shards)])
    assert first.exit_code == 0, first.output

    db = Path(shutil.copy(corpus, tmp_path / "c.db"))
    result = CliRunner().invoke(main, ["build", "-d", str(db), "--workers", "1", "--shards", str(shards)])

    assert result.exit_code == 0, result.output
    assert differences(_dump(corpus), _dump(db)) == []
    assert pyarrow.parquet.read_table(shards / "derived" / "texts").num_rows == len(_dump(corpus)["texts"])


def test_shards_of_another_corpus_are_refused(corpus: Path, tmp_path: Path) -> None:
    """Rows whose policies are not there are not taken, and nothing is changed."""
    with Store.open(corpus) as store:
        derive_shard(write_source(store.conn, tmp_path)[0])
    with Store.open(tmp_path / "empty.db") as other:
        with pytest.raises(CorpusError, match="not in this corpus"):
            other.take_derived(read_derived(tmp_path, "00000"))
        assert other.conn.execute("SELECT count(*) FROM clauses").fetchone()[0] == 0


def test_the_cluster_keeps_order_and_raises_what_its_work_raises() -> None:
    """Results come in the order of the items, as from the other engines, and so do errors."""
    with open_dask(workers=2) as engine:
        assert list(engine.map(str, range(50))) == list(Serial().map(str, range(50)))
        assert list(engine.map(str, [])) == []
        with pytest.raises(ZeroDivisionError):
            list(engine.map((1).__truediv__, [1, 0]))


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to start."""
    monkeypatch.setattr("harvest.engine_dask._CONNECT_S", "1s")
    with pytest.raises(HarvestError, match=r"127\.0\.0\.1:9"), open_dask("tcp://127.0.0.1:9"):
        pass
