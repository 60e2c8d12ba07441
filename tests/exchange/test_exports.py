"""The corpus in other formats, and back again."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harvest.archive import open_archive
from harvest.cli import main
from harvest.config import Settings
from harvest.corpus import queries
from harvest.corpus.queries_pairs import pairs
from harvest.corpus.store import Store
from harvest.exchange import export_git, exports
from harvest.exchange.export_csv import export_csv
from harvest.exchange.export_pairs import chosen
from harvest.exchange.export_static import export_static
from harvest.pipeline import run
from harvest.simulator import sample
from harvest.targets import read_targets

VERSIONS = (
    "SELECT site, kind, label, number, first_seen, last_seen, text_sha256, variant_of FROM history ORDER BY 1, 2, 3, 4"
)


def invoke(*arguments: object) -> Result:
    """Run the command line."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of two made-up companies."""
    folder = tmp_path_factory.mktemp("archive")
    sample.write_sample(folder, seed=42, companies=2)
    return folder


@pytest.fixture(scope="module")
def corpus(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a harvest of it gives."""
    return _harvest(archive, archive, tmp_path_factory.mktemp("corpus") / "c.db")


def _harvest(archive: Path, targets: Path, db: Path) -> Path:
    with Store.open(db) as store:
        opened = open_archive(str(archive), Settings())
        run(store, opened, read_targets(targets / "targets.toml").targets, settings=Settings())
        opened.close()
    return db


def _rows(db: Path, query: str) -> list[tuple[object, ...]]:
    with Store.open(db) as store:
        return [tuple(row) for row in store.conn.execute(query)]


@pytest.mark.parametrize("form", ["warc", "wacz"])
def test_raw_pages_come_back_as_the_same_history(form: str, corpus: Path, archive: Path, tmp_path: Path) -> None:
    """What is exported as raw pages and harvested again has the same texts, versions and bounds."""
    assert invoke("export", tmp_path / "out", "--format", form, "-d", corpus).exit_code == 0

    again = _harvest(tmp_path / "out", archive, tmp_path / "again.db")

    assert len(_rows(corpus, VERSIONS)) > 10
    assert _rows(again, VERSIONS) == _rows(corpus, VERSIONS)


def test_captures_with_equal_bytes_are_exported_each(tmp_path: Path) -> None:
    """A duplicate has no body of its own, but moves a bound: it is written with the bytes of its twin."""
    sample.write_sample(tmp_path / "archive", seed=42, companies=4)
    db = _harvest(tmp_path / "archive", tmp_path / "archive", tmp_path / "c.db")
    assert _rows(db, "SELECT count(*) FROM captures WHERE outcome = 'duplicate'") == [(1,)]
    assert invoke("export", tmp_path / "out", "--format", "warc", "-d", db).exit_code == 0

    again = _harvest(tmp_path / "out", tmp_path / "archive", tmp_path / "again.db")

    assert _rows(again, VERSIONS) == _rows(db, VERSIONS)


@pytest.mark.parametrize("form", ["warc", "wacz", "pairs", "csv", "static"])
def test_the_same_corpus_gives_the_same_bytes(form: str, corpus: Path, tmp_path: Path) -> None:
    """Exports carry no time of their own: they can be compared and cited by their hash."""
    for name in ("one", "two"):
        assert invoke("export", tmp_path / name, "--format", form, "-d", corpus).exit_code == 0

    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_repository_reads_well_and_comes_back(corpus: Path, tmp_path: Path) -> None:
    """One commit a version of the main line, dated to its first capture; importing it gives the same bounds."""
    folder = tmp_path / "repository"
    assert invoke("export", folder, "--format", "git", "-d", corpus).exit_code == 0

    main_line = (
        "SELECT first_seen, site, kind, text_sha256, not_before, last_seen, gone_by FROM history"
        " WHERE variant_of IS NULL ORDER BY 1, 2, 3"
    )
    expected = _rows(corpus, main_line)
    assert len({*(row[6] for row in expected)} - {row[0] for row in expected}) > 1, "one was gone before the next came"
    log = subprocess.run(
        ["git", "-C", str(folder), "log", "--reverse", "--format=%cI %s"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert [line.split()[0].replace("+00:00", "Z") for line in log] == [row[0] for row in expected]
    assert log[0].endswith("first capture")

    imported = invoke("import", folder, "--map", folder / "policies.toml", "-d", tmp_path / "again.db")
    assert imported.exit_code == 0, imported.output
    assert "passed over" not in imported.output, "the map is known for what it is"
    assert _rows(tmp_path / "again.db", main_line) == expected


def test_a_repository_heeds_nobodys_settings(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook's environment names another repository, a user's settings other line ends: neither changes a byte."""
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True, capture_output=True)
    (tmp_path / "settings").write_text("[core]\n\tautocrlf = true\n")
    before = sorted(path.name for path in (other / ".git").rglob("*"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "settings"))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))

    assert invoke("export", tmp_path / "out", "--format", "git", "-d", corpus).exit_code == 0

    assert sorted(path.name for path in (other / ".git").rglob("*")) == before
    texts = list((tmp_path / "out").rglob("*.md"))
    assert texts and not any(b"\r\n" in path.read_bytes() for path in texts)


def test_a_repository_is_written_a_version_at_a_time(corpus: Path) -> None:
    """Policies take turns by their dates: of each no more is read than the version that is written next."""
    asked: list[str] = []
    with Store.open(corpus) as store:
        steps = export_git._steps(store.conn, queries.every_policy(store.conn))
        store.conn.set_trace_callback(asked.append)
        first = next(steps)
        of_first = len(asked)
        rest = sum(1 for _ in steps)

    assert first.transition is None
    assert of_first == 2, "the order of all, and one version"
    assert len(asked) <= of_first + 2 * rest, "a version and what led to it"


def test_kinds_come_back_from_markdown(corpus: Path, tmp_path: Path) -> None:
    """The terms of a site are not taken for versions of its privacy policy."""
    odd = tmp_path / "c.db"
    shutil.copy(corpus, odd)
    with sqlite3.connect(odd) as conn:
        conn.execute("UPDATE policies SET kind = 'terms' WHERE id = 2")
    assert invoke("export", tmp_path / "out", "-d", odd).exit_code == 0
    assert invoke("import", tmp_path / "out", "-d", tmp_path / "again.db").exit_code == 0

    kinds = "SELECT site, kind, count(*) FROM history GROUP BY 1, 2 ORDER BY 1, 2"
    assert _rows(tmp_path / "again.db", kinds) == _rows(odd, kinds)


def test_a_repository_wants_a_folder_of_its_own(corpus: Path, tmp_path: Path) -> None:
    """What lies in a folder already is not mixed with a history."""
    (tmp_path / "notes.txt").write_text("mine")

    result = invoke("export", tmp_path, "--format", "git", "-d", corpus)

    assert result.exit_code == 1
    assert "not empty" in result.output
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_published_copy_can_be_read_but_not_built(corpus: Path, tmp_path: Path) -> None:
    """Without bodies everything that is shown is there, and nothing can be derived again by mistake."""
    assert invoke("export", tmp_path, "--format", "static", "-d", corpus).exit_code == 0
    copy = tmp_path / "corpus.db"

    shown = invoke("log", queries_site(corpus), "--json", "-d", copy)
    assert shown.exit_code == 0
    assert json.loads(shown.output) == json.loads(invoke("log", queries_site(corpus), "--json", "-d", corpus).output)
    joined = ("merge", copy, "-d", tmp_path / "mine.db")
    warc = ("export", tmp_path / "w", "--format", "warc", "-d", copy)
    Store.open(tmp_path / "mine.db").close()
    for command in (*((name, "-d", copy) for name in ("build", "verify", "update")), joined, warc):
        refused = invoke(*command)
        assert refused.exit_code == 1, command
        assert "without the raw bodies" in refused.output
    assert copy.stat().st_size < corpus.stat().st_size


def queries_site(db: Path) -> str:
    """Return the first site of a corpus."""
    return str(_rows(db, "SELECT host FROM sites ORDER BY host")[0][0])


def test_one_site_alone_takes_nothing_of_the_others(corpus: Path, tmp_path: Path) -> None:
    """A copy of one site holds no clause, heading or capture that only another one has."""
    site = queries_site(corpus)
    assert invoke("export", tmp_path, "--format", "static", "--site", site, "-d", corpus).exit_code == 0

    with sqlite3.connect(tmp_path / "corpus.db") as copy:
        assert [row[0] for row in copy.execute("SELECT DISTINCT site FROM history")] == [site]
        assert not copy.execute("PRAGMA foreign_key_check").fetchall()
        left = copy.execute("SELECT count(*) FROM clauses").fetchone()[0]
        copy.execute("INSERT INTO clauses_fts (clauses_fts) VALUES ('integrity-check')")
    of_site = (
        "SELECT count(DISTINCT sc.clause_id) FROM section_clauses sc JOIN sections s ON s.id = sc.section_id"
        f" JOIN policies p ON p.id = s.policy_id JOIN sites h ON h.id = p.site_id WHERE h.host = '{site}'"
    )
    assert left == _rows(corpus, of_site)[0][0]


@pytest.mark.parametrize("form", ["princeton-leuven", "git", "warc", "csv"])
def test_no_name_leads_out_of_the_folder(form: str, corpus: Path, tmp_path: Path) -> None:
    """Labels and hosts may be anything, in a corpus got from strangers too: files stay where they were asked for."""
    odd = tmp_path / "in" / "odd.db"
    odd.parent.mkdir()
    shutil.copy(corpus, odd)
    with sqlite3.connect(odd) as conn:
        conn.execute("UPDATE policies SET label = '../../../up \"here\"\n' WHERE id = 1")
        conn.execute("UPDATE sites SET host = '../../up.example:80' WHERE id = 2")
    result = invoke("export", tmp_path / "in" / "deep" / "out", "--format", form, "-d", odd)

    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} == {"in"}
    assert {path.name for path in (tmp_path / "in").iterdir()} == {"odd.db", "deep"}
    assert {path.name for path in (tmp_path / "in" / "deep").iterdir()} == {"out"}


def test_a_copy_of_one_site_does_not_name_the_others(corpus: Path, tmp_path: Path) -> None:
    """Neither the search indexes nor runs, events and take-downs hold a byte of what was left out."""
    everything = tmp_path / "all.db"
    shutil.copy(corpus, everything)
    site, other = (str(row[0]) for row in _rows(everything, "SELECT host FROM sites ORDER BY host"))
    with Store.open(everything) as store:
        run_id = store.begin_run("run", {"policies": [f"{site}/privacy", f"{other}/privacy"], "archive": "/home/me"})
        store.record_event(run_id, stage="list", message=f"redirect to http://{other}/ not followed")
        store.conn.execute(
            "INSERT INTO forgotten (scope, subject, decided_at, why) VALUES ('site', 'plaintiff.example', '', '')"
        )
    assert invoke("export", tmp_path, "--format", "static", "--site", site, "-d", everything).exit_code == 0

    words = {other.removesuffix(".example"), "plaintiff", "/home/me"}
    content = (tmp_path / "corpus.db").read_bytes().lower()
    assert [word for word in words if word.encode() in content] == []
    with sqlite3.connect(tmp_path / "corpus.db") as copy:
        settings = copy.execute("SELECT settings FROM runs ORDER BY id DESC LIMIT 1").fetchone()[0]
    assert json.loads(settings)["policies"] == [f"{site}/privacy"]


def test_a_copy_that_broke_off_is_not_there(corpus: Path, tmp_path: Path) -> None:
    """What was to be left out is never under the name that is published."""
    nobody: list[Any] = [None]
    with Store.open(corpus) as store, pytest.raises(AttributeError):
        export_static(store.conn, tmp_path, nobody)

    assert list(tmp_path.iterdir()) == []


def test_a_copy_does_not_take_the_place_of_its_corpus(corpus: Path, tmp_path: Path) -> None:
    """Both are called corpus.db by default: the one does not cost the bodies of the other, nor any other file."""
    mine = tmp_path / "corpus.db"
    shutil.copy(corpus, mine)
    before = mine.read_bytes()

    result = invoke("export", tmp_path, "--format", "static", "-d", mine)

    assert result.exit_code == 1
    assert "name another folder" in result.output
    assert mine.read_bytes() == before
    mine.write_text("something else")
    assert invoke("export", tmp_path, "--format", "static", "-d", corpus).exit_code == 1
    assert mine.read_text() == "something else"


@pytest.mark.parametrize("form", ["warc", "wacz", "jsonl", "pairs", "parquet", "csv"])
def test_an_export_that_broke_off_leaves_what_was_there(form: str, corpus: Path, tmp_path: Path) -> None:
    """Half a table looks like a whole one: the name is given to what was written to the end, and to nothing else."""
    assert invoke("export", tmp_path, "--format", form, "-d", corpus).exit_code == 0
    whole = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    broken: list[Any] = [None]
    with Store.open(corpus) as store:
        policies = queries.every_policy(store.conn)
        with pytest.raises(AttributeError):
            exports._write(form)(store.conn, tmp_path, [*policies[:1], *broken])

    assert {path.name for path in tmp_path.iterdir()} == set(whole)
    done = {policies[0].host + ".warc.gz"} if form == "warc" else set()
    assert all((tmp_path / name).read_bytes() == content for name, content in whole.items() if name not in done)


@pytest.mark.parametrize("form", ["warc", "wacz"])
def test_where_no_page_was_fetched_there_is_nothing_for_warc(form: str, corpus: Path, tmp_path: Path) -> None:
    """A corpus of other people's extractions gives no empty archive, but a word on what can be had."""
    assert invoke("export", tmp_path / "tree", "-d", corpus).exit_code == 0
    assert invoke("import", tmp_path / "tree", "-d", tmp_path / "derived.db").exit_code == 0

    result = invoke("export", tmp_path / "out", "--format", form, "-d", tmp_path / "derived.db")

    assert result.exit_code == 1
    assert "princeton-leuven" in result.output
    assert not list((tmp_path / "out").iterdir())


def test_pairs_have_stable_ids_and_both_texts(corpus: Path, tmp_path: Path) -> None:
    """JSON Lines and Parquet hold the same rows; ids are unique, and the same after a rebuild."""
    import pyarrow.parquet

    def ids() -> list[str]:
        assert invoke("export", tmp_path, "--format", "pairs", "-d", corpus).exit_code == 0
        return [json.loads(line)["id"] for line in (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]

    before = ids()
    assert invoke("export", tmp_path, "--format", "parquet", "-d", corpus).exit_code == 0
    rows = pyarrow.parquet.read_table(tmp_path / "pairs.parquet").to_pylist()
    lines = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows == lines
    assert len(set(before)) == len(before) > 20
    assert invoke("build", "-d", corpus).exit_code == 0
    assert ids() == before
    assert {row["kind"] for row in rows} >= {"edited", "added"}
    assert all(
        row["before_text"] != row["after_text"] for row in rows if row["kind"] == "edited" and row["tier"] != "links"
    )


def test_each_pair_has_an_id_of_its_own(tmp_path: Path) -> None:
    """Two sites with one template, and a policy that went back and forth, change in the same way more than once."""
    said = "We collect your name and your address when you order, and give them to nobody but the post. " * 3
    kept = ("two years after the order was paid", "as long as the law of the country where you live asks us to")
    texts = [f"<h1>Privacy Policy</h1><p>{said}</p><p>We keep them for {how_long}.</p>" for how_long in kept]
    for site in ("alder.example", "birch.example"):
        (tmp_path / "saved" / site).mkdir(parents=True)
        for year in range(2001, 2007):
            (tmp_path / "saved" / site / f"{year}-05-01.html").write_text(texts[year % 2])
    assert invoke("import", tmp_path / "saved", "-d", tmp_path / "c.db").exit_code == 0

    assert invoke("export", tmp_path, "--format", "pairs", "-d", tmp_path / "c.db").exit_code == 0

    rows = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) > len({(row["before_sha256"], row["after_sha256"], row["position"]) for row in rows})
    assert len({row["id"] for row in rows}) == len(rows)


def test_a_sample_is_spread_over_years_and_kinds(corpus: Path) -> None:
    """Rare kinds and thin years are not drowned; the same seed gives the same sample, another one another."""
    with Store.open(corpus) as store:
        every = [pair for policy in queries.every_policy(store.conn) for pair in pairs(store.conn, policy)]
    strata = {(pair.not_later_than[:4], pair.kind) for pair in every}
    size = min(len(every) - 1, len(strata))

    drawn = list(chosen(every, sample=size, seed=1))

    assert len(drawn) == size
    assert {(pair.not_later_than[:4], pair.kind) for pair in drawn} == strata
    assert drawn == list(chosen(reversed(every), sample=size, seed=1))
    assert drawn != list(chosen(every, sample=size, seed=2))


def test_a_sample_of_one_year_and_kind_is_drawn_by_lot(corpus: Path) -> None:
    """Where more stand for it than are asked for, their order does not decide."""
    with Store.open(corpus) as store:
        one = next(pair for policy in queries.every_policy(store.conn) for pair in pairs(store.conn, policy))
    many = [replace(one, id=f"{number}", position=number) for number in range(40)]

    drawn = list(chosen(many, sample=7, seed=1))

    assert len(drawn) == 7
    assert drawn == list(chosen(reversed(many), sample=7, seed=1))
    assert drawn not in (many[:7], many[-7:])


def test_tables_hold_no_formulas(corpus: Path, tmp_path: Path) -> None:
    """A clause that a spreadsheet would run gets an apostrophe; numbers stay numbers, ids of rows are left out."""
    with Store.open(corpus) as store:
        store.conn.execute("UPDATE text_rows SET title = '=HYPERLINK(1)' WHERE id = (SELECT min(id) FROM texts)")
        export_csv(store.conn, tmp_path, queries.every_policy(store.conn))
        store.conn.rollback()

    with (tmp_path / "history.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert "'=HYPERLINK(1)" in {row["title"] for row in rows}
    assert all(row["words"].isdigit() for row in rows)
    assert not [name for name in rows[0] if name.endswith("_id")]


def test_options_that_do_not_fit_are_refused(corpus: Path, tmp_path: Path) -> None:
    """A sample of WARC files, or a bundle without two versions, is a usage error and writes nothing."""
    for arguments in (["--format", "warc", "--sample", "5"], ["--format", "bundle"], ["--diff", "a@2001", "a@2002"]):
        result = invoke("export", tmp_path / "out", *arguments, "-d", corpus)
        assert result.exit_code == 2, arguments
    assert not (tmp_path / "out").exists()
