"""Re-deriving from stored bodies: a change of our rules is never a change of theirs; verify proves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus.audit import audit
from harvest.corpus.dump import DERIVED_TABLES, differences, logical_dump
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.store import Store
from harvest.corpus.verify import _opened, verify
from harvest.engine import Processes
from harvest.model import Listing, Selected
from harvest.timestamps import from_iso

Make = Callable[..., Any]
URL = "http://alder.example/privacy"
EPOCH = from_iso("2010-01-01T00:00:00Z")


@pytest.fixture
def corpus(tmp_path: Path, page: Make, shot: Make, record: Make) -> Path:
    """Three versions, an error and a derived capture."""
    path = tmp_path / "corpus.db"
    with Store.open(path) as store:
        shots = [
            shot(0, page()),
            shot(30, page(Use="We use these details for nothing else than your order and our answer to you.")),
            shot(60, b"gone", status=404),
            shot(90, page(without=["Contact"], date="May 5, 2010")),
            shot(90, page(without=["Contact"]), form="derived", archive="princeton-leuven"),
        ]
        record(store, shots)
    return path


def outdate(path: Path) -> None:
    """Make a corpus look as if older rules had made it: one heading read differently, an old stamp."""
    with Store.open(path) as store:
        store.conn.execute("UPDATE text_rows SET normaliser = '0', sha256 = CAST('old' || hex(sha256) AS BLOB)")
        store.conn.execute("UPDATE section_rows SET sha = CAST('old' || hex(sha) AS BLOB), heading = upper(heading)")
        store.conn.execute("UPDATE meta SET value = '0' WHERE key = 'normaliser'")


def test_rebuilding_what_is_up_to_date_changes_nothing(corpus: Path) -> None:
    """Fresh readings of the same bytes by the same rules give the same rows, ids included."""
    with Store.open(corpus) as store:
        before = logical_dump(store.conn)
        ids = store.conn.execute("SELECT id, sha256 FROM texts ORDER BY id").fetchall()

        store.rebuild()

        assert logical_dump(store.conn) == before
        assert store.conn.execute("SELECT id, sha256 FROM texts ORDER BY id").fetchall() == ids


def test_rows_of_older_rules_are_made_anew(corpus: Path) -> None:
    """A rebuild ends in what a harvest by today's rules would have given; nothing old is left behind."""
    with Store.open(corpus) as store:
        before = logical_dump(store.conn)
    outdate(corpus)

    with Store.open(corpus) as store:
        store.rebuild()

        assert differences(before, logical_dump(store.conn)) == []
        assert audit(store.conn).findings == ()
        assert (
            store.conn.execute("SELECT count(*) FROM headings_fts WHERE headings_fts MATCH 'sharing'").fetchone()[0] > 0
        )


def test_what_only_older_rules_gave_is_dropped(corpus: Path) -> None:
    """Reasons and addresses of links are kept beside what bears them; those that nothing bears any more go."""
    kept = ("SELECT reason FROM reasons ORDER BY id", "SELECT url FROM link_targets ORDER BY id")
    with Store.open(corpus) as store:
        before = [store.conn.execute(one).fetchall() for one in kept]
        store.conn.execute("INSERT INTO reasons (reason) VALUES ('said by older rules alone')")
        store.conn.execute("INSERT INTO link_targets (url) VALUES ('https://alder.example/older')")

        store.rebuild()

        assert [store.conn.execute(one).fetchall() for one in kept] == before
        assert before[0]
        assert store.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_new_captures_never_stand_beside_readings_of_older_rules(
    corpus: Path, page: Make, shot: Make, record: Make
) -> None:
    """Recording into an outdated policy derives it anew first: no transition is made by our rules alone."""
    outdate(corpus)

    with Store.open(corpus) as store:
        record(store, [shot(120, page(without=["Contact"], date="May 5, 2010"))])

        stamps = {row[0] for row in store.conn.execute("SELECT normaliser FROM texts")}
        assert stamps == {NORMALISER}
        assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (3,)
        assert verify(store.conn).problems == ()


def test_other_processes_find_what_one_does(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies are verified in other processes from the file itself, with the same findings, and none keeps it open."""
    monkeypatch.setattr("harvest.engine._alone", lambda *given: iter(()))
    with Store.open(corpus) as store:
        store.conn.execute("UPDATE diffs SET words_added = words_added + 1")

        alone, shared = verify(store.conn), verify(store.conn, engine=Processes(2))

        assert alone == shared
        assert len(alone.problems) > 0
        assert _opened.cache_info().currsize == 0


def test_the_first_policies_are_verified_here(corpus: Path) -> None:
    """So few are not worth a process; the connection made for them is closed."""
    with Store.open(corpus) as store:
        assert verify(store.conn, engine=Processes(2)).problems == ()
    assert _opened.cache_info().currsize == 0


def test_a_preview_says_what_would_change_and_changes_nothing(corpus: Path, read_otherwise: Callable[[], None]) -> None:
    """Rules under which two texts are one let their transition vanish; a dry run only says so."""
    read_otherwise()
    with Store.open(corpus) as store:
        before = logical_dump(store.conn)

        changes = store.preview(1)

        assert logical_dump(store.conn) == before
        assert [(key.after, key.not_later_than) for key in changes.vanish] == [
            ("2010-01-01T00:00:00Z", "2010-01-31T00:00:00Z")
        ]
        assert changes.appear == ()


def test_a_person_s_word_survives_a_rebuild(corpus: Path) -> None:
    """A capture judged off-topic shows no text, before and after; taking the word back restores it."""
    with Store.open(corpus) as store:
        before = logical_dump(store.conn, tables=DERIVED_TABLES)
        stamp = store.conn.execute(
            "SELECT archive, url, timestamp FROM captures ORDER BY captured_at LIMIT 1 OFFSET 1"
        ).fetchone()

        store.judge(1, "off-topic", archive=stamp[0], url=stamp[1], timestamp=stamp[2], by="ann", why="a test page")
        store.rebuild()

        assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (2,)
        assert store.conn.execute("SELECT reason FROM captures WHERE outcome = 'off-topic'").fetchall() == [
            ("judged: a test page",)
        ]
        assert audit(store.conn).findings == ()
        assert verify(store.conn).problems == ()
        store.judge(1, "none", archive=stamp[0], url=stamp[1], timestamp=stamp[2], by="ann", why="I was wrong")
        assert differences(before, logical_dump(store.conn, tables=DERIVED_TABLES)) == []


def test_a_page_can_be_believed_against_its_looks(store: Store, page: Make, shot: Make, record: Make) -> None:
    """A page archived as an error shows its text where a person says that it is the policy, until taken back."""
    record(store, [shot(0, page()), shot(9, page(without=["Contact"]), status=404)])
    before = logical_dump(store.conn, tables=DERIVED_TABLES)
    name = {"archive": "wayback", "url": URL, "timestamp": "20100110000000", "by": "ann"}

    store.judge(1, "on-topic", **name, why="their server answers 404 for every page")

    assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (2,)
    assert audit(store.conn).findings == ()
    assert verify(store.conn).problems == ()
    store.judge(1, "none", **name, why="no")
    assert differences(before, logical_dump(store.conn, tables=DERIVED_TABLES)) == []
    assert audit(store.conn).findings == ()


def test_two_urls_are_one_policy_when_a_person_says_so(store: Store, page: Make, shot: Make, record: Make) -> None:
    """Captures recorded elsewhere move over, new ones follow, and what is left of the other policy stays right."""
    record(store, [shot(0, page())])
    moved = "http://birch.example/legal"
    for url in (moved, "http://birch.example/other"):
        one = shot(50, page(without=["Contact"]), url=url)
        policy_id = store.ensure_policy(host="birch.example", kind="privacy", url=url)
        store.record_listing(policy_id, Listing("wayback", url, EPOCH, "ok", (one.capture,)))
        store.record_selection(policy_id, [Selected(one.capture, True, "every capture")])
        store.record_pages(policy_id, [(store.pending(policy_id)[0][0], *one.handled)])

    store.judge(1, "one-policy", url="http://www.birch.example/legal", by="ann", why="they were bought")

    assert store.ensure_policy(host="birch.example", kind="privacy", url=moved) == 1
    rows = store.conn.execute("SELECT policy_id, count(*) FROM versions GROUP BY policy_id ORDER BY 1").fetchall()
    assert rows == [(1, 2), (2, 1)]
    assert verify(store.conn).problems == ()
    assert [finding.what for finding in audit(store.conn).findings] == []


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        pytest.param("UPDATE body_rows SET data = x'00' WHERE id = 1", "body 1", id="a broken body"),
        pytest.param("UPDATE clause_rows SET text = 'x' WHERE id = 1", "clause 1", id="other words"),
        pytest.param("DELETE FROM transitions", "transitions", id="a missing transition"),
        pytest.param("UPDATE versions SET gone_by = NULL", "versions", id="a lost bound"),
        pytest.param("UPDATE diffs SET tier = 'rewrite'", "diffs", id="another tier"),
        pytest.param("UPDATE text_rows SET stated_date = '1999-01-01'", "texts", id="another date"),
        pytest.param("DELETE FROM clauses_fts_docsize WHERE id = 1", "clauses_fts", id="a row not indexed"),
    ],
)
def test_verify_finds_every_row_that_does_not_follow(corpus: Path, damage: str, what: str) -> None:
    """Damage to a derived row or a body is named; an intact corpus has no problems."""
    with Store.open(corpus) as store:
        assert verify(store.conn).problems == ()
        store.conn.execute(damage)

        assert any(what in problem for problem in verify(store.conn).problems)
