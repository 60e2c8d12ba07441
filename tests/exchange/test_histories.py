"""Histories that others kept become policies with versions."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvest import api
from harvest.cli import main
from harvest.corpus.audit import audit
from harvest.corpus.bodies import read_body
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.engine import Processes
from harvest.errors import Incomplete, UnknownTarget
from harvest.exchange.princeton_leuven import write_header
from harvest.pipeline_history import HistoryImport
from harvest.pipeline_import import import_collection

Make = Callable[..., Path]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RULES = {
    "Collection": "The nursery keeps the name and the address that you write on the order form, and nothing else.",
    "Sharing": "We hand your address to the carrier who brings the parcel to your door, and to nobody else at all.",
    "Contact": "Write to the nursery at any time if you want to know what we keep about you, or have it deleted.",
}


def policy(**changed: str) -> str:
    """Write the policy of an invented nursery as Markdown."""
    return "".join(f"## {heading}\n\n{text}\n\n" for heading, text in {**RULES, **changed}.items())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty corpus."""
    with Store.open(tmp_path / "corpus.db", clock=lambda: NOON) as opened:
        yield opened


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """Return all rows of a query."""
    return [tuple(row) for row in store.conn.execute(query)]


def test_a_versions_repository_becomes_policies(store: Store, history: Make) -> None:
    """Service and terms type name the policy, commit times are capture times, bytes come back as they were."""
    other = policy(Sharing="We hand your address to the carrier who brings the parcel to your neighbour, if you agree.")
    path = history(
        ("First record of Alder Privacy Policy", "2020-01-01T10:00:00+0100", {"Alder/Privacy Policy.md": policy()}),
        ("Record new changes of Alder Privacy Policy", "2020-02-01T00:00:00Z", {"Alder/Privacy Policy.md": other}),
    )

    report = import_collection(store, path)

    assert report.ok and report.outcomes["imported"] == 2
    assert rows(store, "SELECT host, name, kind, label FROM sites JOIN policies ON site_id = sites.id") == [
        ("alder.ota", "Alder", "privacy", "")
    ]
    assert rows(store, "SELECT archive, form, url, captured_at FROM captures ORDER BY captured_at") == [
        ("open-terms-archive", "derived", "git:Alder/Privacy%20Policy", "2020-01-01T09:00:00Z"),
        ("open-terms-archive", "derived", "git:Alder/Privacy%20Policy", "2020-02-01T00:00:00Z"),
    ]
    assert rows(store, "SELECT transition, tier FROM history WHERE transition IS NOT NULL") == [("change", "edit")]
    bodies = [read_body(store.conn, row[0]) for row in rows(store, "SELECT body_id FROM captures ORDER BY captured_at")]
    assert bodies == [policy().encode(), other.encode()]
    assert audit(store.conn).findings == ()


def test_a_pdf_file_in_a_history_is_a_capture_without_text(store: Store, history: Make) -> None:
    """It is kept and told as what it is; the texts around it are one version that nothing interrupted."""
    name = "Alder/Privacy Policy.md"
    pdf = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\nBT (" + policy().encode() + b") Tj ET\nendobj\n%%EOF"
    path = history(
        ("First record", "2020-01-01T00:00:00Z", {name: policy()}),
        ("Record", "2020-02-01T00:00:00Z", {name: pdf}),
        ("Record", "2020-03-01T00:00:00Z", {name: policy()}),
    )

    import_collection(store, path)

    assert rows(store, "SELECT outcome, reason FROM captures ORDER BY captured_at")[1] == (
        "no-text",
        "a PDF file, which is not read",
    )
    assert rows(store, "SELECT first_seen, last_seen FROM versions") == [
        ("2020-01-01T00:00:00Z", "2020-03-01T00:00:00Z")
    ]
    assert rows(store, "SELECT count(*) FROM texts") == [(1,)]
    (body_id,) = rows(store, "SELECT body_id FROM captures WHERE outcome = 'no-text'")[0]
    assert read_body(store.conn, int(str(body_id))) == pdf


def test_snapshots_are_raw_pages_of_the_same_policy(store: Store, history: Make, page: Callable[[str], str]) -> None:
    """Versions and snapshots of one service meet in one policy; the page as fetched goes before the extraction."""
    versions = history(("First record of Alder", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy()}))
    snapshots = history(
        ("First record of Alder", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.html": page(policy())})
    )

    import_collection(store, versions)
    import_collection(store, snapshots)

    assert rows(store, "SELECT form, mimetype FROM captures ORDER BY form") == [
        ("derived", "text/markdown"),
        ("raw", "text/html"),
    ]
    assert rows(store, "SELECT count(*) FROM policies") == [(1,)]
    assert rows(store, "SELECT count(*) FROM versions") == [(1,)]


def test_an_upgrade_of_the_engine_is_no_change(store: Store, history: Make) -> None:
    """What was only extracted anew changed nothing at the source: the transition is technical."""
    wider = policy() + "## Careers\n\nCome and work with us among ten thousand young trees, in sun and in rain.\n"
    path = history(
        ("First record of Alder Privacy Policy", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy()}),
        (
            "Apply technical or declaration upgrade on Alder Privacy Policy",
            "2020-02-01T00:00:00Z",
            {"Alder/Privacy Policy.md": wider},
        ),
    )

    import_collection(store, path)

    assert rows(store, "SELECT kind FROM transitions") == [("technical",)]
    assert rows(store, "SELECT reason FROM captures ORDER BY captured_at")[1] == (
        "extracted anew: Apply technical or declaration upgrade on Alder Privacy Policy",
    )


ALDER = "Alder/Privacy Policy.md"
SNAPSHOT = "https://alder.example/snapshots/commit/"


@pytest.mark.parametrize(
    ("pages", "rules", "kind"),
    [
        pytest.param(2, {}, "technical", id="one-more"),
        pytest.param(1, {}, "change", id="as-many"),
        pytest.param(2, {"Contact": "Write to nobody."}, "change", id="and-the-policy-changed"),
    ],
)
def test_a_text_put_together_of_more_pages_is_no_change(
    store: Store, history: Make, pages: int, rules: dict[str, str], kind: str
) -> None:
    """Where a commit names more pages than the one before, and all else stayed, what came is another page."""
    wider = (
        policy(**rules) + "## Careers\n\nCome and work with us among ten thousand young trees, in sun and in rain.\n"
    )
    snapshots = "".join(f"\n- {SNAPSHOT}{40 * str(number)}" for number in range(1, pages + 1))
    said = "This version was recorded after extracting from"
    path = history(
        (f"First record of Alder\n\n{said} snapshot {SNAPSHOT}{40 * 'a'}", "2020-01-01T00:00:00Z", {ALDER: policy()}),
        (f"Record new changes of Alder\n\n{said} these snapshots:{snapshots}", "2020-06-01T00:00:00Z", {ALDER: wider}),
    )

    import_collection(store, path)

    assert rows(store, "SELECT kind FROM transitions") == [(kind,)]
    reasons = [reason for (reason,) in rows(store, "SELECT reason FROM captures ORDER BY captured_at")]
    assert reasons == ["", "put together anew: of 2 pages, of 1 before" if pages == 2 else ""]


@pytest.mark.parametrize(
    ("subject", "second", "kind"),
    [
        pytest.param("Start tracking Alder", "2020-01-01T01:10:00Z", "technical", id="within-hours"),
        pytest.param("Start tracking Alder", "2020-01-02T01:10:00Z", "change", id="a-day-later"),
        pytest.param("Record Alder", "2020-01-01T01:10:00Z", "change", id="not-the-first-record"),
    ],
)
def test_a_text_put_down_again_at_once_is_no_change(
    store: Store, history: Make, subject: str, second: str, kind: str
) -> None:
    """Who begins to follow a document may put it down once more within hours: with other rules."""
    wider = policy() + "## Careers\n\nCome and work with us among ten thousand young trees, in sun and in rain.\n"
    path = history((subject, "2020-01-01T00:00:00Z", {ALDER: wider}), ("Update Alder", second, {ALDER: policy()}))

    import_collection(store, path)

    assert rows(store, "SELECT kind FROM transitions") == [(kind,)]


@pytest.mark.parametrize(
    ("commits", "said", "kinds"),
    [
        pytest.param(20, "", {"change"}, id="put-anew-by-a-rebase"),
        pytest.param(20, "date = 'committer'", {"technical"}, id="as-a-map-says"),
        pytest.param(5, "", {"technical"}, id="a-few-commits"),
    ],
)
def test_what_a_rebase_put_anew_is_as_old_as_its_authors_say(
    store: Store,
    in_git: Callable[..., str],
    add_commit: Callable[..., None],
    tmp_path: Path,
    commits: int,
    said: str,
    kinds: set[str],
) -> None:
    """A history that was committed anew in a second was not caught in a second; a few commits show no rebase."""
    folder = tmp_path / "rebased"
    folder.mkdir()
    in_git(folder, "init", "-q", "-b", "main")
    for number in range(commits):
        month = f"{2020 + number // 12}-{number % 12 + 1:02}"
        message = "Start tracking Alder" if number == 0 else "Update Alder"
        rules = policy(Contact=f"Write to us by the road number {number} and {number}, or to nobody.")
        add_commit(folder, message, f"{month}-01T00:00:00Z", {ALDER: rules}, committed="2022-09-28T12:00:00Z")
    map_file = tmp_path / "map.toml"
    map_file.write_text(f"{said}\n[services]\nAlder = 'alder.example'\n", encoding="utf-8")

    import_collection(store, folder, map_file=map_file)

    assert {kind for (kind,) in rows(store, "SELECT kind FROM transitions LIMIT 1")} == kinds
    first = rows(store, "SELECT min(captured_at) FROM captures")[0][0]
    assert first.startswith("2020-01-01" if kinds == {"change"} else "2022-09-28")


def test_a_run_that_put_down_all_documents_anew_is_no_change(store: Store, history: Make) -> None:
    """Where a crawler that runs every day finds all documents changed at once, the transitions are technical."""
    names = [f"Alder {number}/Privacy Policy.md" for number in range(20)]
    wider = policy() + "## Careers\n\nCome and work with us among ten thousand young trees, in sun and in rain.\n"
    daily = [
        (f"Day {day}", f"2020-01-{day:02}T00:00:00Z", {names[day]: policy(Contact=f"Write to us by the road {day}.")})
        for day in range(2, 14)
    ]
    path = history(
        ("All", "2020-01-01T00:00:00Z", dict.fromkeys(names, policy())),
        *daily,
        ("All", "2020-01-14T00:00:00Z", dict.fromkeys(names, wider)),
    )

    import_collection(store, path)

    assert rows(store, "SELECT count(*) FROM transitions WHERE reason LIKE 'the page was extracted anew%'") == [(20,)]
    assert rows(store, "SELECT DISTINCT reason FROM captures WHERE captured_at >= '2020-01-14'") == [
        ("extracted anew: 20 of 20 documents changed in one run",)
    ]


def test_a_crawl_of_tosback_is_read_with_its_tags(store: Store, history: Make) -> None:
    """Paragraphs and lists that kept their tags are blocks; a commit that changed nothing saw the page again."""
    tagged = "Alder \n" + "".join(f"<p>{text}</p>\n<ul>\n<li>{head}</li>\n</ul>\n" for head, text in RULES.items())
    rules = '<sitename name="alder.example"><docname name="Privacy Policy"><url name="http://alder.example/p" xpath="">'
    name = "crawl/alder.example/Privacy Policy.txt"
    path = history(
        ("rules", "2012-01-01T00:00:00Z", {"rules/alder.example.xml": rules, "rules/elm.example.xml": "<broken"}),
        (f"Record {name}", "2012-01-02T00:00:00Z", {name: tagged}),
        (f"Record {name}", "2012-01-03T00:00:00Z", {}),
    )

    report = import_collection(store, path)

    assert report.ok and report.outcomes["imported"] == 2
    assert rows(store, "SELECT archive, landed_url, captured_at FROM captures") == [
        ("tosback2", "http://alder.example/p", "2012-01-02T00:00:00Z"),
        ("tosback2", "http://alder.example/p", "2012-01-03T00:00:00Z"),
    ]
    assert rows(store, "SELECT first_seen, last_seen FROM versions") == [
        ("2012-01-02T00:00:00Z", "2012-01-03T00:00:00Z")
    ]
    assert rows(store, "SELECT kind, count(*) FROM section_clauses GROUP BY kind ORDER BY kind")[0][0] == "item"
    assert rows(store, "SELECT url, evidence FROM policy_urls") == [("http://alder.example/p", "imported")]


def test_a_clone_of_princeton_leuven_equals_its_files(store: Store, history: Make, tmp_path: Path) -> None:
    """Header and JSON say where and when, in UTC, whatever zone a commit has; files alone give the same corpus."""
    stamps = ("20110505091058", "20121206200000")
    texts = [
        policy(),
        policy(Contact="Ring the nursery from nine to five and ask for the gardener who keeps the books."),
    ]
    files = [
        write_header("alder.example", at, "http://alder.example/p", "Privacy") + text
        for at, text in zip(stamps, texts, strict=True)
    ]
    facts = json.dumps({"timestamp": stamps[0], "smog": 1.5}).replace("1.5", "NaN")
    path = history(
        (
            f"alder.example (archived on 2011-05-05)\n\n{facts}",
            "2011-05-05T09:10:58+0200",
            {"a/al/ald/alder.example.md": files[0]},
        ),
        ("alder.example (archived on 2012-12-06)", "2012-12-06T20:00:00+0200", {"a/al/ald/alder.example.md": files[1]}),
    )

    report = import_collection(store, path)

    assert report.ok and report.outcomes["imported"] == 2
    assert rows(store, "SELECT archive, url, timestamp FROM captures ORDER BY timestamp") == [
        ("princeton-leuven", "http://alder.example/p", stamp) for stamp in stamps
    ]
    with Store.open(tmp_path / "files.db", clock=lambda: NOON) as beside:
        for stamp, text in zip(stamps, files, strict=True):
            (tmp_path / f"{stamp}.md").write_text(text, encoding="utf-8")
            api.import_paths(beside, tmp_path / f"{stamp}.md")
        assert differences(logical_dump(beside.conn), logical_dump(store.conn)) == []


def test_a_file_without_header_is_known_by_its_commit(store: Store, history: Make) -> None:
    """The snapshot in the commit's JSON stands in for a header; a file with neither is refused by name."""
    snapshot = "https://web.archive.org/web/20110505091058id_/http%3A//alder.example/p"
    facts = json.dumps({"policy_snapshot_url": snapshot, "homepage_snapshot_url": "https://web.archive.org/web/1/x"})
    path = history(
        (f"a\n\n{facts}", "2011-05-05T09:10:58Z", {"a/al/ald/alder.example.md": "# Privacy\n\n" + policy()}),
        ("b", "2011-05-05T09:10:58Z", {"e/el/elm/elm.example.md": policy()}),
    )

    report = import_collection(store, path)

    assert rows(store, "SELECT url, timestamp FROM captures") == [("http://alder.example/p", "20110505091058")]
    assert len(report.errors) == 1 and "elm.example" in report.errors[0]


def test_a_removed_file_was_taken_down_and_may_return(store: Store, history: Make) -> None:
    """A deletion ends the version; a file that only changed its name or suffix was not taken down."""
    name = "Alder/Privacy Policy.md"
    path = history(
        ("First record of Alder", "2020-01-01T00:00:00Z", {name: policy()}),
        ("Remove Alder", "2020-02-01T00:00:00Z", {name: None}),
        ("First record of Alder", "2020-03-01T00:00:00Z", {name: policy()}),
        (
            "Alder sends a page",
            "2020-04-01T00:00:00Z",
            {name: None, "Alder/Privacy Policy.markdown": policy() + "End."},
        ),
    )

    import_collection(store, path)

    assert rows(store, "SELECT captured_at, outcome FROM captures WHERE outcome <> 'fetched'") == [
        ("2020-02-01T00:00:00Z", "error-page")
    ]
    assert rows(store, "SELECT first_seen, last_seen FROM versions ORDER BY number")[0] == (
        "2020-01-01T00:00:00Z",
        "2020-03-01T00:00:00Z",
    )
    assert audit(store.conn).findings == ()


def test_commits_of_one_second_keep_their_order(store: Store, history: Make) -> None:
    """As a rebase leaves them: the last commit is the last version, however contents and their ids compare."""
    name, when = "Alder/Privacy Policy.md", "2020-01-01T00:00:00Z"
    texts = [policy() + f"\n\nWe keep it for {years} years, and not for a day longer." for years in (7, 3, 9, 1, 5)]
    path = history(*(("Rebased", when, {name: text}) for text in texts), ("Remove", when, {name: None}))

    import_collection(store, path)
    again = import_collection(store, path)

    told = rows(store, "SELECT first_version, text FROM clause_presence cp JOIN clauses c ON c.id = cp.clause_id"
                " WHERE text LIKE 'We keep it for _ years%' ORDER BY 1")  # fmt: skip
    assert [text.split()[4] for _, text in told] == ["7", "3", "9", "1", "5"]
    assert rows(store, "SELECT DISTINCT timestamp FROM captures") == [("20200101000000",)]
    assert rows(store, "SELECT captured_at, approximate, outcome FROM captures ORDER BY captured_at")[::5] == [
        ("2020-01-01T00:00:00Z", 0, "fetched"),
        ("2020-01-01T00:00:05Z", 1, "error-page"),
    ]
    assert again.policies[-1].outcomes == {"known": 6}
    assert audit(store.conn).findings == ()


def test_what_comes_back_within_a_second_is_a_capture_of_its_own(store: Store, history: Make) -> None:
    """A crawler tries another filter and takes it back within a second: the last commit is what stood from then on."""
    name, when = "Alder/Privacy Policy.md", "2020-01-01T00:00:00Z"
    seven, three = (policy() + f"\n\nWe keep it for {years} years, and not for a day longer." for years in (7, 3))
    path = history(
        *(("Refilter", when, {name: text}) for text in (seven, three, seven, three, seven)),
        ("Record", "2020-01-01T00:00:04Z", {name: seven + "\n\nWrite to us."}),
        ("Record", "2020-01-01T00:00:04Z", {name: seven}),
    )

    result = import_collection(store, path)
    again = import_collection(store, path)

    assert result.outcomes == {"imported": 7}
    assert again.policies[-1].outcomes == {"known": 7}
    assert rows(store, "SELECT timestamp - 20200101000000, captured_at, approximate FROM captures ORDER BY 2") == [
        (0, "2020-01-01T00:00:00Z", 0),
        (0, "2020-01-01T00:00:01Z", 1),
        (2, "2020-01-01T00:00:02Z", 1),
        (3, "2020-01-01T00:00:03Z", 1),
        (4, "2020-01-01T00:00:04Z", 1),
        (4, "2020-01-01T00:00:05Z", 1),
        (6, "2020-01-01T00:00:06Z", 1),
    ]
    assert audit(store.conn).findings == ()


def test_importing_again_reads_nothing_and_changes_nothing(
    store: Store, history: Make, add_commit: Callable[..., None]
) -> None:
    """Known captures are skipped by their key; what came since is added as if it had always been there."""
    name = "Alder/Privacy Policy.md"
    path = history(("First record of Alder", "2020-01-01T00:00:00Z", {name: policy()}))
    import_collection(store, path)
    before = logical_dump(store.conn)

    again = import_collection(store, path)

    assert again.outcomes == {"known": 1}
    assert logical_dump(store.conn) == before
    add_commit(path, "Record", "2020-02-01T00:00:00Z", {name: policy(Use="Your address is used to send the trees.")})
    assert import_collection(store, path).outcomes["imported"] == 1
    assert rows(store, "SELECT count(*) FROM transitions") == [(1,)]


def test_a_killed_import_is_carried_on(
    store: Store, history: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after any batch or before the comparing, the same import ends in the same corpus."""
    path = _long_history(history)
    with Store.open(tmp_path / "whole.db", clock=lambda: NOON) as whole:
        import_collection(whole, path)
        expected = logical_dump(whole.conn)
    monkeypatch.setattr("harvest.pipeline_history.CHUNK_PAGES", 3)
    monkeypatch.setattr("harvest.pipeline_history._BATCH_CHUNKS", 1)
    written = HistoryImport._write
    left = iter(range(3))

    def dies(self: HistoryImport, *rest: object) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        written(self, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(HistoryImport, "_write", dies)
        import_collection(store, path)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr("harvest.pipeline_import.settle", lambda *_: next(iter(()), None) or _raise())
        import_collection(store, path)
    assert rows(store, "SELECT count(*) FROM unsettled") != [(0,)]

    import_collection(store, path)

    assert differences(expected, logical_dump(store.conn)) == []


def _raise() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("forked", [False, True], ids=["begun", "copied"])
def test_several_processes_make_the_same_corpus(
    forked: bool, store: Store, history: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine decides who reads and compares, never what comes out."""
    monkeypatch.setattr("harvest.engine._alone", lambda *given: iter(()))
    path = _long_history(history)
    with Store.open(tmp_path / "serial.db", clock=lambda: NOON) as serial:
        import_collection(serial, path)
        expected = logical_dump(serial.conn)

    import_collection(store, path, engine=Processes(2, forked=forked))

    assert differences(expected, logical_dump(store.conn)) == []


def test_a_mapped_history_of_text_files(store: Store, history: Make, tmp_path: Path) -> None:
    """Any history is read where a map says what is what; the archive carries the map's name."""
    path = history(("x", "2020-01-01T00:00:00Z", {"texts/alder.example/privacy.txt": policy(), "src/a.c": "int a;"}))
    given = tmp_path / "map.toml"
    given.write_text('name = "mine"\n[[files]]\npath = "texts/{site}/{doc}.txt"\nsite = "{site}"\n', encoding="utf-8")

    with pytest.raises(UnknownTarget, match="--map"):
        import_collection(store, path)
    report = import_collection(store, path, map_file=given)

    assert report.outcomes["imported"] == 1
    assert rows(store, "SELECT archive FROM captures") == [("git:mine",)]
    assert rows(store, "SELECT host, kind FROM sites JOIN policies ON site_id = sites.id") == [
        ("alder.example", "privacy")
    ]


def test_a_folder_of_dated_pages(store: Store, tmp_path: Path, page: Callable[[str], str]) -> None:
    """The folder is the site, the date in the name the capture, the words beside it the document."""
    folder = tmp_path / "saved" / "alder.example"
    folder.mkdir(parents=True)
    (folder / "2019-05-01.html").write_text(page(policy()), encoding="utf-8")
    (folder / "20200601T103000 terms of sale.html").write_text(page(policy(Use="x " * 30)), encoding="utf-8")

    for number, zone in enumerate(("Z", "+0200", ".123Z")):
        (folder / f"2021-0{number + 1}-01T01-30-00{zone}.html").write_text(page(policy()), encoding="utf-8")

    report = api.import_paths(store, tmp_path / "saved")

    assert report.ok and report.outcomes["imported"] == 5
    assert rows(
        store,
        "SELECT kind, label, captured_at, form, approximate FROM captures JOIN policies p ON p.id = policy_id"
        " ORDER BY captured_at",
    ) == [
        ("privacy", "", "2019-05-01T00:00:00Z", "raw", 1),
        ("terms", "terms-of-sale", "2020-06-01T10:30:00Z", "raw", 0),
        ("privacy", "", "2021-01-01T01:30:00Z", "raw", 0),
        ("privacy", "", "2021-01-31T23:30:00Z", "raw", 0),
        ("privacy", "", "2021-03-01T01:30:00Z", "raw", 0),
    ], "times are UTC, unless the name says another zone"


def test_a_folder_for_each_day(store: Store, tmp_path: Path, page: Callable[[str], str]) -> None:
    """The date of a folder is that of its pages and names no document; one in the name of a page comes before it."""
    for place, text in (("2019-05-01/alder.example/privacy.html", policy()),
                        ("2020-06-01/alder.example/privacy.html", policy(Use="x " * 30)),
                        ("crawls of 2021-01-31/alder.example/2020-12-24.html", policy())):  # fmt: skip
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(page(text), encoding="utf-8")

    report = api.import_paths(store, tmp_path)

    assert report.ok and rows(
        store,
        "SELECT kind, label, substr(captured_at, 1, 10) FROM captures JOIN policies p ON p.id = policy_id ORDER BY 3",
    ) == [("privacy", "", "2019-05-01"), ("privacy", "", "2020-06-01"), ("other", "crawls-of", "2020-12-24")]


def test_names_that_are_no_utf_8_become_readable(store: Store, history: Make) -> None:
    """A service named in windows-1252 is a policy like others; its address keeps the bytes of the name."""
    path = history(("First", "2020-01-01T00:00:00Z", {"Bj\udcf6rk/Privacy Policy.md": policy()}))

    report = import_collection(store, path)

    assert report.ok and rows(store, "SELECT host, name, url FROM sites, captures") == [
        ("björk.ota", "Björk", "git:Bj%F6rk/Privacy%20Policy")
    ]
    assert import_collection(store, path).outcomes == {"known": 1}


def test_commits_with_dates_no_capture_can_have_are_told_of(store: Store, history: Make) -> None:
    """A commit of 1970 and one of the future come in, and a warning says how many there are."""
    told: list[str] = []
    path = history(
        ("no clock", "1970-01-01T00:00:01Z", {"Alder/Privacy Policy.md": policy()}),
        ("true", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy(Use="As you told us to use it.")}),
        ("ahead", "2098-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy(Use="As we like."), "Elm/Terms.md": "x"}),
    )

    report = import_collection(store, path, on_event=lambda event: told.append(event.message))

    assert report.ok and report.outcomes["imported"] == 4
    assert [message for message in told if message.startswith("2 commits bear dates")]


def test_services_of_a_map_that_are_not_there_are_told_of(store: Store, history: Make, tmp_path: Path) -> None:
    """A name that is written otherwise leaves its service without a host: that is said, and the rest comes in."""
    path = history(("First", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy()}))
    (tmp_path / "map.toml").write_text("[services]\nAlder = 'alder.example'\nElmm = 'elm.example'\n", encoding="utf-8")
    told: list[str] = []

    report = import_collection(
        store, path, map_file=tmp_path / "map.toml", on_event=lambda event: told.append(event.message)
    )

    assert report.ok and "the map names services that are not in this history: Elmm" in told


def test_a_map_for_no_history_is_refused(store: Store, tmp_path: Path) -> None:
    """A map or branch for files that have none would be left out of account without a word."""
    (tmp_path / "map.toml").write_text("[services]\nAlder = 'alder.example'\n", encoding="utf-8")
    (tmp_path / "crawl.warc").write_bytes(b"")

    for more in ({"map_file": tmp_path / "map.toml"}, {"branch": "main"}):
        with pytest.raises(Incomplete, match="git histories"):
            api.import_paths(store, tmp_path / "crawl.warc", **more)


def test_a_map_that_fits_no_file_is_refused(store: Store, history: Make, tmp_path: Path) -> None:
    """With names of files, so that it can be mended."""
    path = history(("First", "2020-01-01T00:00:00Z", {"texts/alder.example/privacy.txt": policy()}))
    (tmp_path / "map.toml").write_text("[[files]]\npath = 'text/{site}/*.txt'\nsite = '{site}'\n", encoding="utf-8")

    with pytest.raises(UnknownTarget, match=r"no file fits the map; the files are texts/alder\.example") as refused:
        import_collection(store, path, map_file=tmp_path / "map.toml")

    [planned] = [frame.locals["self"] for frame in refused.traceback if frame.name == "__init__"]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):  # the plan on disk is let go
        list(planned.filings())


def test_a_history_without_files_is_refused(store: Store, history: Make) -> None:
    """Commits that never held a file are no history of an unknown layout."""
    with pytest.raises(UnknownTarget, match="no commit of HEAD ever held a file"):
        import_collection(store, history(("nothing", "2020-01-01T00:00:00Z", {})))


def test_what_lies_beside_repositories_is_imported_too(
    store: Store, history: Make, tmp_path: Path, page: Callable[[str], str]
) -> None:
    """A folder of collections is each of them, whatever its kind; read-mes between them are no trouble."""
    path = history(("First", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy()}))
    saved = path.parent / "saved" / "elm.example"
    saved.mkdir(parents=True)
    (saved / "2019-05-01.html").write_text(page(policy()), encoding="utf-8")
    (path.parent / "README.md").write_text("My collections", encoding="utf-8")

    report = api.import_paths(store, path.parent)

    assert report.ok, report.trouble
    assert rows(store, "SELECT host FROM sites ORDER BY 1") == [("alder.ota",), ("elm.example",)]


def test_odd_files_in_a_folder_of_dated_pages(store: Store, tmp_path: Path, page: Callable[[str], str]) -> None:
    """Days no month has, names that are no UTF-8, years before the web: what can be is read, the rest is counted."""
    folder = tmp_path / "saved" / "alder.example"
    folder.mkdir(parents=True)
    text = page(policy())
    for name in (b"2019-02-31.html", b"Se\xf1as 2019-07-01.html", b"1970-01-01.html", b"undated.html"):
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text(text, encoding="utf-8")
    (folder / "2019-08-01.html").symlink_to("nowhere.html")
    (folder / "2019-09-01.html").mkdir()
    told: list[str] = []

    report = import_collection(store, tmp_path / "saved", on_event=lambda event: told.append(event.message))

    assert report.ok and report.outcomes["imported"] == 2
    assert rows(store, "SELECT captured_at, reason FROM captures ORDER BY 1") == [
        ("2019-02-28T00:00:00Z", "alder.example/2019-02-31.html"),
        ("2019-07-01T00:00:00Z", "alder.example/Señas 2019-07-01.html"),
    ]
    (passed,) = (message for message in told if message.startswith("2 files below"))
    assert passed.endswith("1970-01-01.html, alder.example/undated.html"), "so that they can be renamed"


def _long_history(history: Make) -> Path:
    """Twelve versions of two policies, one of which goes back and forth, with the same bytes seen again."""
    commits = []
    for number in range(12):
        said = policy(Sharing=f"We hand your address to {number % 5} carriers who bring the parcel to your own door.")
        name = f"{'Alder' if number % 3 else 'Elm'}/Privacy Policy.md"
        commits.append((f"Record {number}", f"2020-01-{number + 1:02d}T00:00:00Z", {name: said}))
    return history(*commits)


@pytest.fixture
def page() -> Callable[[str], str]:
    """Return a maker of pages out of the Markdown above."""

    def make(markdown: str) -> str:
        parts = [part.strip() for part in markdown.split("\n\n") if part.strip()]
        body = "".join(f"<h2>{p[3:]}</h2>" if p.startswith("## ") else f"<p>{p}</p>" for p in parts)
        head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Privacy policy</title></head>'
        return f"{head}<body><main>{body}</main></body></html>"

    return make


def test_the_command_imports_a_bundle(tmp_path: Path, history: Make, in_git: Callable[..., str]) -> None:
    """`harvest import` takes a bundle, says what it did as JSON, and what is wrong in a sentence."""
    path = history(("First record of Alder", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy()}))
    bundle, db = tmp_path / "h.bundle", tmp_path / "cli.db"
    in_git(path, "bundle", "create", "-q", str(bundle), "main")
    command = ["import", "-d", str(db), "--workers", "1"]

    done = CliRunner().invoke(main, [*command, "--json", str(bundle)])
    refused = CliRunner().invoke(main, [*command, "--branch", "none", str(bundle)])

    assert done.exit_code == 0
    assert json.loads(done.stdout.splitlines()[-1])["outcomes"] == {"imported": 1}
    assert refused.exit_code == 1 and "no branch 'none'" in refused.stderr


def test_what_was_taken_down_stays_out(store: Store, history: Make) -> None:
    """A site that was forgotten is not imported again; the rest of the history is, and the refusal is told once."""
    second = policy(Contact="Ring the nursery from nine to five and ask for the gardener who keeps all the books.")
    path = history(
        ("First record of Alder", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy()}),
        ("Record new changes of Alder", "2020-02-01T00:00:00Z", {"Alder/Privacy Policy.md": second}),
        ("First record of Elm", "2020-01-01T00:00:00Z", {"Elm/Privacy Policy.md": policy(Use="For elms alone.")}),
    )
    import_collection(store, path)
    store.forget("site", "alder.ota", why="asked by the nursery")

    report = import_collection(store, path)

    assert len(report.errors) == 1
    assert rows(
        store,
        "SELECT DISTINCT host FROM sites s JOIN policies p ON site_id = s.id JOIN captures c ON policy_id = p.id"
        " WHERE body_id IS NOT NULL",
    ) == [("elm.ota",)]
    assert audit(store.conn).findings == ()


def test_a_corpus_that_is_being_read_is_not_packed(store: Store, history: Make, tmp_path: Path) -> None:
    """Packing needs the file alone; an import does not fail for want of it."""
    path = history(("First record of Alder", "2020-01-01T00:00:00Z", {"Alder/Privacy Policy.md": policy()}))
    import_collection(store, path)
    store.conn.execute("PRAGMA busy_timeout = 0")
    reader = sqlite3.connect(tmp_path / "corpus.db")
    cursor = reader.execute("SELECT id FROM captures UNION ALL SELECT id FROM clauses")
    cursor.fetchone()

    assert store.pack_if_free() is False

    cursor.close()
    reader.close()
    assert store.pack_if_free() is True
