"""Repositories that are damaged, incomplete or of an unusual kind: what can be read comes in, the rest is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest.cli import main
from harvest.corpus.audit import audit
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.errors import DamagedArchive, UnknownTarget
from harvest.exchange.git_repository import Repository
from harvest.pipeline_import import import_collection

Make = Callable[..., Path]
Git = Callable[..., str]
NAME = "Alder/Privacy Policy.md"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def policy(years: int) -> str:
    """Write the policy of an invented nursery."""
    return (
        f"# Privacy\n\n## Orders\n\nThe nursery keeps your order and your address for {years} years and a day.\n\n"
        "## Sharing\n\nWe hand your address to the carrier who brings the parcel to your door, and to nobody else.\n"
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty corpus."""
    with Store.open(tmp_path / "corpus.db", clock=lambda: NOON) as opened:
        yield opened


@pytest.fixture
def five_years(history: Make) -> Path:
    """A history of five versions."""
    return history(*((f"Record {n}", f"202{n}-01-01T00:00:00Z", {NAME: policy(n + 2)}) for n in range(5)))


def damage(path: Path, git: Git, revision: str) -> Callable[[], None]:
    """Break a loose object of a repository; return what mends it."""
    name = git(path, "rev-parse", revision).strip()
    file = path / ".git" / "objects" / name[:2] / name[2:]
    whole = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(whole[: len(whole) // 2] + b"\0" * 8)

    def mend() -> None:
        file.write_bytes(whole)

    return mend


def test_a_damaged_file_is_recorded_and_read_when_it_is_mended(
    store: Store, five_years: Path, in_git: Git, tmp_path: Path
) -> None:
    """One version fails with its reason, all others come in; the same import takes it in once the object is whole."""
    mend = damage(five_years, in_git, f"HEAD~2:{NAME}")

    report = import_collection(store, five_years)

    assert not report.ok and report.outcomes == {"imported": 4, "failed": 1}
    failed = store.conn.execute("SELECT timestamp, reason FROM captures WHERE outcome = 'failed'").fetchall()
    assert failed == [("20220101000000", "its content is damaged: run git fsck on the repository")]
    assert audit(store.conn).findings == ()
    mend()
    assert import_collection(store, five_years).outcomes == {"imported": 1, "known": 4}
    with Store.open(tmp_path / "whole.db", clock=lambda: NOON) as whole:
        import_collection(whole, five_years)
        assert differences(logical_dump(whole.conn), logical_dump(store.conn)) == []


@pytest.mark.parametrize("back", [0, 2, 4])
def test_a_commit_whose_files_cannot_be_listed_is_passed_over(
    store: Store, five_years: Path, in_git: Git, back: int
) -> None:
    """What stands before and after it comes in, and the report says that something is missing."""
    damage(five_years, in_git, f"HEAD~{back}^{{tree}}")

    report = import_collection(store, five_years)

    assert not report.ok and "cannot be read and were passed over" in " ".join(report.errors)
    assert 3 <= report.outcomes["imported"] <= 4  # the commit after it differs from what cannot be read


def test_a_damaged_commit_cuts_the_history_off(store: Store, five_years: Path, in_git: Git) -> None:
    """What is newer comes in; nobody can tell what was before."""
    damage(five_years, in_git, "HEAD~2")

    report = import_collection(store, five_years)

    assert not report.ok and report.outcomes["imported"] >= 1
    assert "older commits than the last one that could be read are not in" in " ".join(report.errors)


def test_a_repository_of_which_nothing_can_be_read_is_refused(five_years: Path, in_git: Git) -> None:
    """Its newest commit is damaged: the message says how to look."""
    damage(five_years, in_git, "HEAD")

    with (
        pytest.raises((DamagedArchive, UnknownTarget), match=r"git fsck|no branch|holds no commit"),
        Repository(five_years) as repository,
    ):
        list(repository.touched())


def test_a_partial_clone_is_read_as_far_as_it_goes(store: Store, five_years: Path, in_git: Git, tmp_path: Path) -> None:
    """Nothing is fetched while reading: what was left out of the clone is recorded as failed, with a warning."""
    in_git(five_years, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    in_git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", five_years.as_uri(), str(clone))

    report = import_collection(store, clone)

    assert report.outcomes["failed"] == 5
    messages = [row[0] for row in store.conn.execute("SELECT message FROM events WHERE level = 'warning'")]
    assert any("partial clone" in message for message in messages)


@pytest.mark.parametrize("kind", ["sha256", "worktree", "packed refs", "detached"])
def test_repositories_of_every_kind_are_read(
    store: Store, history: Make, five_years: Path, in_git: Git, tmp_path: Path, kind: str
) -> None:
    """Long object ids, a worktree whose .git is a file, refs in one file, a HEAD that is no branch."""
    path = five_years
    if kind == "sha256":
        path = tmp_path / "long"
        in_git(tmp_path, "init", "-q", "-b", "main", "--object-format=sha256", str(path))
        (path / "Alder").mkdir()
        for year in range(5):
            (path / NAME).write_text(policy(year + 2))
            in_git(path, "add", "-A")
            in_git(path, "commit", "-qm", "Record", GIT_COMMITTER_DATE=f"202{year}-01-01T00:00:00Z")
    elif kind == "worktree":
        path = tmp_path / "beside"
        in_git(five_years, "worktree", "add", "-q", "--detach", str(path))
    elif kind == "packed refs":
        in_git(five_years, "gc", "-q")
        in_git(five_years, "pack-refs", "--all")
    else:
        in_git(five_years, "checkout", "-q", "--detach", "HEAD")

    report = import_collection(store, path)

    assert report.ok and report.outcomes["imported"] == 5


def test_what_is_no_history_leaves_no_corpus_behind(tmp_path: Path, in_git: Git) -> None:
    """An empty repository and a file that is no policy are refused, and no empty database stays."""
    in_git(tmp_path, "init", "-q", "empty")
    (tmp_path / "poem.txt").write_text("Roses are red.")
    for path in ("empty", "poem.txt"):
        done = CliRunner().invoke(main, ["import", str(tmp_path / path), "-d", str(tmp_path / "new.db")])

        assert done.exit_code == 1 and not (tmp_path / "new.db").exists(), done.output


def test_git_is_asked_without_a_connection(five_years: Path) -> None:
    """Whatever remote a repository names, reading it opens none."""
    with Repository(five_years) as repository, repository.blobs() as blobs:
        blobs.read(next(one.blob for one in repository.touched()))
        assert blobs._process is not None
        command = str(blobs._process.args)

    assert "protocol.allow=never" in command
