"""Git repositories as two streams, whatever odd things are in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harvest.errors import DamagedArchive, UnknownTarget
from harvest.exchange.git_log import Touched
from harvest.exchange.git_repository import Repository, is_repository
from harvest.exchange.histories import Unreadable

Make = Callable[..., Path]


def touched(path: Path, **options: str) -> list[Touched]:
    """Read the log, oldest first."""
    with Repository(path, **options) as repository:
        return list(repository.touched())[::-1]


def test_every_change_is_told_with_its_time_and_content(history: Make) -> None:
    """A commit tells of each file it touched; the committer's time is read as UTC whatever its zone."""
    path = history(
        ("First", "2019-05-01T09:10:58+0200", {"a.md": "One rule."}),
        ("Second", "2019-06-01T00:00:00+0000", {"a.md": "Two rules.", "b.md": "Another."}),
    )

    found = touched(path)

    assert [(one.message.strip(), one.path) for one in found] == [
        ("First", "a.md"),
        ("Second", "b.md"),
        ("Second", "a.md"),
    ]
    assert found[0].when.isoformat() == "2019-05-01T07:10:58+00:00"
    with Repository(path) as repository, repository.blobs() as blobs:
        assert [blobs.read(one.blob) for one in found] == [b"One rule.", b"Another.", b"Two rules."]
        with pytest.raises(Unreadable, match="not in the repository"):
            blobs.read("0" * 40)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("caf\udce9/privacy.md", b"latin-1 in a name"),
        ("a\nb.md", b"a line end in a name"),
        (" \u00e9\u4e16.md", b"spaces and Unicode"),
        ("crlf.md", b"one\r\ntwo\r\n"),
        ("nul.bin", b"a\0b"),
        ("empty.md", b""),
        ("huge.txt", b"policy " * 500_000),
    ],
    ids=["bytes", "newline", "unicode", "crlf", "nul", "empty", "huge"],
)
def test_odd_names_and_contents_come_through(history: Make, name: str, content: bytes) -> None:
    """Names that are no UTF-8 keep their bytes, contents are never converted."""
    path = history(("x", "2019-05-01T00:00:00Z", {name: content}))

    (found,) = touched(path)

    assert found.path == name
    with Repository(path) as repository, repository.blobs() as blobs:
        assert blobs.read(found.blob) == content


def test_removals_and_renames_are_told_apart(history: Make) -> None:
    """What a commit removes is gone; what it moves unchanged went on under another name."""
    path = history(
        ("add", "2019-05-01T00:00:00Z", {"a.md": "The first of many rules.", "b.md": "Another rule of ours."}),
        ("move", "2019-05-02T00:00:00Z", {"a.md": None, "c.md": "The first of many rules."}),
        ("remove", "2019-05-03T00:00:00Z", {"b.md": None}),
    )

    found = {(one.message.strip(), one.path): (bool(one.blob), one.renamed) for one in touched(path)}

    assert found["move", "a.md"] == (False, True)
    assert found["move", "c.md"] == (True, False)
    assert found["remove", "b.md"] == (False, False)


def test_commits_that_touch_nothing_are_told_once(history: Make) -> None:
    """An empty commit has a message, which may name what was looked at."""
    path = history(("add", "2019-05-01T00:00:00Z", {"a.md": "A."}), ("Record a.md", "2019-05-02T00:00:00Z", {}))

    assert [(one.message.strip(), one.path) for one in touched(path)] == [("add", "a.md"), ("Record a.md", "")]


def test_links_and_submodules_are_no_files(history: Make, in_git: Callable[..., str]) -> None:
    """Only regular files are read: a symbolic link's content is a path."""
    path = history(("add", "2019-05-01T00:00:00Z", {"a.md": "A rule."}))
    (path / "link.md").symlink_to("/etc/passwd")
    in_git(path, "add", "link.md")
    in_git(path, "commit", "-qm", "link", GIT_COMMITTER_DATE="2019-05-02T00:00:00Z")

    assert [one.path for one in touched(path)] == ["a.md", ""]


def test_a_file_that_a_link_replaces_was_removed(history: Make, in_git: Callable[..., str]) -> None:
    """What a link holds is the name of a file, no text of a page; a link that goes, or moves, is told of no more."""
    path = history(("add", "2019-05-01T00:00:00Z", {"a.md": "A rule."}))
    steps = (
        ("link", lambda: ((path / "a.md").unlink(), (path / "a.md").symlink_to("elsewhere.md"))),
        ("move", lambda: (path / "a.md").rename(path / "b.md")),
        ("unlink", lambda: (path / "b.md").unlink()),
        ("write", lambda: (path / "a.md").write_text("A rule again.")),
    )
    for day, (message, step) in enumerate(steps, 2):
        step()
        in_git(path, "add", "-A")
        in_git(path, "commit", "-qm", message, GIT_COMMITTER_DATE=f"2019-05-0{day}T00:00:00Z")

    found = [(one.message.strip(), one.path, bool(one.blob), one.renamed) for one in touched(path)]

    assert found == [
        ("add", "a.md", True, False),
        ("link", "a.md", False, False),
        ("move", "", False, False),
        ("unlink", "", False, False),
        ("write", "a.md", True, False),
    ]


def test_a_merge_that_renames_tells_the_name_afterwards(
    history: Make, in_git: Callable[..., str], add_commit: Callable[..., None]
) -> None:
    """Unlike the parents of other commits, those of a merge are told without the names that files had in them."""
    path = history(("base", "2019-05-01T00:00:00Z", {"a.md": "A rule that is long enough to be known again."}))
    in_git(path, "checkout", "-qb", "side")
    add_commit(path, "side", "2019-05-02T00:00:00Z", {"b.md": "A side rule."})
    in_git(path, "checkout", "-q", "main")
    add_commit(path, "main", "2019-05-03T00:00:00Z", {"c.md": "Another rule."})
    in_git(path, "merge", "-q", "--no-ff", "--no-commit", "side")
    in_git(path, "mv", "a.md", "d.md")
    in_git(path, "commit", "-qm", "merge", GIT_COMMITTER_DATE="2019-05-04T00:00:00Z")

    found = {(one.message.strip(), one.path): bool(one.blob) for one in touched(path)}

    assert found["merge", "d.md"] is True
    assert {path for message, path in found if message != "merge"} == {"a.md", "b.md", "c.md"}
    assert all(path.endswith(".md") for _, path in found)


def test_a_merge_tells_only_what_no_parent_has(
    history: Make, in_git: Callable[..., str], add_commit: Callable[..., None]
) -> None:
    """Commits of both branches are read once; the merge itself adds nothing."""
    path = history(("base", "2019-05-01T00:00:00Z", {"a.md": "A rule."}))
    in_git(path, "checkout", "-qb", "side")
    add_commit(path, "side", "2019-05-02T00:00:00Z", {"b.md": "A side rule."})
    in_git(path, "checkout", "-q", "main")
    add_commit(path, "main", "2019-05-03T00:00:00Z", {"a.md": "A better rule."})
    in_git(path, "merge", "-q", "--no-ff", "-m", "merge", "side", GIT_COMMITTER_DATE="2019-05-04T00:00:00Z")

    found = [(one.message.strip(), one.path) for one in touched(path)]

    assert sorted(found) == [("base", "a.md"), ("main", "a.md"), ("merge", ""), ("side", "b.md")]


def test_tags_and_dates_of_no_clock_do_no_harm(history: Make, in_git: Callable[..., str]) -> None:
    """Tags are not followed; a commit at the epoch is no year of the web and is moved to the first one."""
    path = history(("epoch", "1970-01-01T00:00:01Z", {"a.md": "A rule."}))
    in_git(path, "tag", "-a", "v1", "-m", "a tag")

    assert touched(path)[0].when.year == 1990


def test_bundles_bare_and_shallow_repositories_are_read(
    history: Make, tmp_path: Path, in_git: Callable[..., str]
) -> None:
    """A history may come as a clone, a bare repository, a bundle, or without its beginning."""
    path = history(*[(f"c{day}", f"2019-05-0{day}T00:00:00Z", {"a.md": f"Rule {day}."}) for day in (1, 2, 3)])
    bundle, bare, shallow = tmp_path / "h.bundle", tmp_path / "bare.git", tmp_path / "shallow"
    in_git(path, "bundle", "create", "-q", str(bundle), "main")
    in_git(tmp_path, "clone", "-q", "--bare", str(path), str(bare))
    in_git(tmp_path, "clone", "-q", "--depth=2", f"file://{path}", str(shallow))

    for form in (path, bundle, bare, shallow):
        assert is_repository(form)
    assert len(touched(bundle)) == len(touched(bare)) == 3
    assert len(touched(shallow)) == 2
    with Repository(shallow) as repository:
        assert repository.is_shallow


def test_the_branch_is_the_default_the_only_or_the_named_one(history: Make, in_git: Callable[..., str]) -> None:
    """A HEAD that points nowhere is no trouble while there is one branch; of several one must be named."""
    path = history(("one", "2019-05-01T00:00:00Z", {"a.md": "A rule."}))
    in_git(path, "symbolic-ref", "HEAD", "refs/heads/master")

    assert len(touched(path)) == 1
    in_git(path, "branch", "other", "main")
    with pytest.raises(UnknownTarget, match=r"--branch.*main.*other"):
        Repository(path)
    assert len(touched(path, branch="other")) == 1
    with pytest.raises(UnknownTarget, match="no branch 'none'"):
        Repository(path, branch="none")


def test_what_is_no_repository_is_refused(tmp_path: Path, in_git: Callable[..., str]) -> None:
    """Folders and files that are none, empty repositories and broken bundles say so."""
    (tmp_path / "broken.bundle").write_bytes(b"# v2 git bundle\nnonsense\n\nPACKxxxx")
    (tmp_path / "folder").mkdir()
    in_git(tmp_path, "init", "-q", "empty")

    assert not is_repository(tmp_path / "folder")
    with pytest.raises(UnknownTarget, match="no git repository"):
        Repository(tmp_path / "folder")
    with pytest.raises(UnknownTarget, match="no commit"):
        Repository(tmp_path / "empty")
    with pytest.raises(DamagedArchive, match="could not read"):
        Repository(tmp_path / "broken.bundle")


def test_no_repository_above_is_read_in_its_place(history: Make) -> None:
    """A folder whose .git is broken lies in a repository: git by itself would go up and read that one."""
    path = history(("one", "2019-05-01T00:00:00Z", {"a.md": "A rule."}))
    (path / "copy" / ".git").mkdir(parents=True)

    with pytest.raises(UnknownTarget, match="no repository that git can open"):
        Repository(path / "copy")


def test_without_git_that_is_what_is_said(history: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not a traceback of a file that was not found."""
    path = history(("one", "2019-05-01T00:00:00Z", {"a.md": "A rule."}))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UnknownTarget, match="git is not installed"):
        Repository(path)
