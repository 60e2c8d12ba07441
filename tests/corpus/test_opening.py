"""Opening a corpus: each thing that can be wrong with a file has its own clear word, and nothing is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus.migrations import migrations
from harvest.corpus.store import Store
from harvest.corpus.store_opening import backup, migrate, pending_migrations
from harvest.errors import CorpusError, ForeignDatabase, HarvestError, LockedCorpus, NewerCorpus, UnknownTarget

Make = Callable[..., Any]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with nothing in it."""
    path = tmp_path / "corpus.db"
    Store.open(path).close()
    return path


def _text(path: Path) -> None:
    path.write_text("# no database\n")


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE recipes (id INTEGER PRIMARY KEY)")


def _newer(path: Path) -> None:
    Store.open(path).close()
    with sqlite3.connect(path) as conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('corpus', 'm999_moon', '2100')"
        )


def _damaged(path: Path) -> None:
    with Store.open(path) as store:
        store.ensure_policy(host="a.example")
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        pytest.param(_text, ForeignDatabase, "no SQLite database", id="a text file"),
        pytest.param(_foreign, ForeignDatabase, "another program", id="somebody's database"),
        pytest.param(_newer, NewerCorpus, "upgrade policy-harvest", id="a newer corpus"),
        pytest.param(_folder, CorpusError, "folder", id="a folder"),
    ],
)
def test_what_is_no_corpus_of_ours_is_refused(
    tmp_path: Path, make: Callable[[Path], None], error: type[HarvestError], message: str
) -> None:
    """The message says what the file is and what to do; its bytes stay as they are."""
    path = tmp_path / "x.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""

    with pytest.raises(error, match=message):
        Store.open(path)

    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_damaged_corpus_is_an_error_of_ours(tmp_path: Path) -> None:
    """Broken pages of the file never end in a traceback of SQLite."""
    path = tmp_path / "x.db"
    _damaged(path)

    with pytest.raises(CorpusError), Store.open(path) as store:
        store.ensure_policy(host="b.example")


@pytest.mark.parametrize("create", [True, False])
def test_a_missing_corpus_is_made_or_missed(tmp_path: Path, create: bool) -> None:
    """Commands that only make sense on something there say how to get it."""
    path = tmp_path / "corpus.db"

    if create:
        Store.open(path).close()
    else:
        with pytest.raises(UnknownTarget, match="harvest run"):
            Store.open(path, create=False)

    assert path.exists() is create


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A corpus is not made where there is no folder for it."""
    with pytest.raises(CorpusError, match="no folder"):
        Store.open(tmp_path / "nowhere" / "corpus.db")


def test_a_file_in_a_place_without_rights_is_named() -> None:
    """A place that cannot be written is an error with advice."""
    with pytest.raises(CorpusError, match="cannot be written"):
        Store.open(Path("/proc/corpus.db"))


def test_an_empty_file_becomes_a_corpus(tmp_path: Path) -> None:
    """A temporary file made beforehand is as good as none."""
    path = tmp_path / "corpus.db"
    path.touch()

    with Store.open(path) as store:
        assert store.policy_ids() == []


def test_a_second_writer_is_told_to_wait(corpus: Path) -> None:
    """The write lock of another process is LockedCorpus, after a short wait, and nothing is lost."""
    other = sqlite3.connect(corpus, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with Store.open(corpus, busy_timeout_ms=10) as store, pytest.raises(LockedCorpus, match="another process"):
        store.ensure_policy(host="a.example")

    other.execute("ROLLBACK")
    other.close()
    with Store.open(corpus) as store:
        assert store.ensure_policy(host="a.example") == 1


def test_two_stores_take_turns(corpus: Path, page: Make, shot: Make, record: Make) -> None:
    """What one remembers of ids is forgotten when the other has written."""
    with Store.open(corpus) as one, Store.open(corpus) as other:
        record(one, [shot(0, page())])
        record(other, [shot(1, page(Use="We use them well and we keep them in a dry place."))])
        other.rebuild()
        record(one, [shot(2, page(Use="We use them well and we keep them in a dry place. Promised."))])

        assert [row[0] for row in one.conn.execute("SELECT number FROM versions ORDER BY number")] == [1, 2, 3]


def test_the_sample_knows_what_it_is(corpus: Path) -> None:
    """The mark is kept in the file: what opens it next is warned."""
    with Store.open(corpus) as store:
        assert not store.is_sample
        store.mark_sample()

    with Store.open(corpus) as store:
        assert store.is_sample


def test_an_old_corpus_is_upgraded_with_a_backup(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is pending is applied once, and the file as it was stands beside it."""
    grown = [
        *migrations._migrations,
        type(migrations._migrations[0])("m998_test", lambda db: db.execute("CREATE TABLE moon (x)")),
    ]
    monkeypatch.setattr(migrations, "_migrations", grown)

    assert pending_migrations(corpus) == ["m998_test"]
    backup = migrate(corpus)

    assert backup is not None
    assert backup.is_file()
    assert pending_migrations(corpus) == []
    assert migrate(corpus) is None


def test_two_processes_upgrade_a_corpus_once(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them waits, finds nothing left to do, and leaves the backup of the other alone."""
    grown = [
        *migrations._migrations,
        type(migrations._migrations[0])("m998_test", lambda db: db.execute("CREATE TABLE moon (x)")),
    ]
    monkeypatch.setattr(migrations, "_migrations", grown)
    backups: list[Path | None] = []

    def slower(db: Any) -> list[Any]:
        """Look what is pending; before the answer is acted on, another process upgrades the corpus."""
        found = pending(db)
        if not backups:
            backups.append(None)  # it asks too
            backups.append(migrate(corpus))
        return found

    pending = migrations.pending
    monkeypatch.setattr(migrations, "pending", slower)
    second = migrate(corpus)

    assert second is None
    assert [*corpus.parent.glob("corpus.before-*.db")] == backups[1:]
    with sqlite3.connect(str(backups[1])) as conn:
        assert conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'moon'").fetchone() == (0,)


def test_a_reader_who_does_not_finish_puts_an_upgrade_off(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be tried again however often: what was not upgraded needs no backup."""
    grown = [
        *migrations._migrations,
        type(migrations._migrations[0])("m998_test", lambda db: db.execute("CREATE TABLE moon (x)")),
    ]
    monkeypatch.setattr(migrations, "_migrations", grown)
    reader = sqlite3.connect(corpus, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM policies").fetchone()

    with pytest.raises(LockedCorpus):
        Store.open(corpus, busy_timeout_ms=1)
    files = {one.name for one in corpus.parent.iterdir()}
    reader.close()

    assert files - {f"{corpus.name}-journal"} == {corpus.name}
    assert pending_migrations(corpus) == ["m998_test"]


def test_a_backup_takes_the_place_of_no_other_one(corpus: Path) -> None:
    """Two within a second are two files."""
    assert len({backup(corpus) for _ in range(3)}) == 3
    assert len(list(corpus.parent.glob("corpus.before-*.db"))) == 3


def test_opening_an_old_corpus_says_where_the_backup_is(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A command that only reads upgrades too, once: nobody finds a second file beside the corpus and wonders."""
    grown = [*migrations._migrations, type(migrations._migrations[0])("m998_test", lambda db: None)]
    monkeypatch.setattr(migrations, "_migrations", grown)

    Store.open(corpus).close()
    (backup,) = corpus.parent.glob("corpus.before-*.db")
    said = caplog.messages
    Store.open(corpus).close()

    assert [str(backup) in line for line in said] == [True]
    assert caplog.messages == said


def test_an_old_corpus_that_cannot_be_written_says_so(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only that a file cannot be written, which who wanted to read it would not expect to matter."""
    grown = [*migrations._migrations, type(migrations._migrations[0])("m998_test", lambda db: None)]
    monkeypatch.setattr(migrations, "_migrations", grown)
    monkeypatch.setattr("os.access", lambda path, mode: False)  # as root, everything else can be written

    with pytest.raises(CorpusError, match=r"older schema.* copy it"):
        migrate(corpus)


def test_a_migration_that_fails_leaves_the_corpus_as_it_was(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an upgrade never happens."""

    def broken(db: Any) -> None:
        db.execute("CREATE TABLE moon (x)")
        raise RuntimeError

    grown = [*migrations._migrations, type(migrations._migrations[0])("m998_test", broken)]
    monkeypatch.setattr(migrations, "_migrations", grown)

    with pytest.raises(RuntimeError):
        migrate(corpus)

    with sqlite3.connect(corpus) as conn:
        assert conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'moon'").fetchone() == (0,)
    assert list(corpus.parent.glob("corpus.before-*")) == []
