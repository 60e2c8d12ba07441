"""Real files and pages through the store: what is there afterwards can be audited and derived again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harvest.archive import open_archive
from harvest.cli import main
from harvest.config import Settings
from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.exchange.princeton_leuven import iter_files, read_file

pytestmark = pytest.mark.evaluation

Make = Callable[..., Any]


def test_the_seed_corpus_reads_as_eleven_histories(eval_data: Path, memory_store: Make) -> None:
    """18 files of 11 sites; five captures of one site are four wordings; shared clauses are stored once."""
    store: Store = memory_store()

    store.record_imports([read_file(path) for path in iter_files([eval_data / "princeton-leuven"])])

    counts = dict(
        store.conn.execute(
            "SELECT s.host, count(*) FROM versions v JOIN policies p ON p.id = v.policy_id"
            " JOIN sites s ON s.id = p.site_id GROUP BY 1"
        )
    )
    assert len(counts) == 11
    assert counts["softperfect.com"] == 4
    assert counts["pi-hole.net"] == 1
    shared = store.conn.execute(
        "SELECT count(*) FROM (SELECT sc.clause_id FROM section_clauses sc JOIN sections s ON s.id = sc.section_id"
        " GROUP BY 1 HAVING count(DISTINCT s.policy_id) > 1)"
    ).fetchone()[0]
    assert shared >= 1
    assert audit(store.conn).findings == ()
    assert verify(store.conn).problems == ()


def test_seeds_beside_the_corpus_add_nothing(eval_data: Path, memory_store: Make) -> None:
    """The five seed files are captures of the corpus in another wrapping: no site, no version, no transition more."""
    store: Store = memory_store()
    store.record_imports([read_file(path) for path in iter_files([eval_data / "princeton-leuven"])])
    before = store.conn.execute("SELECT (SELECT count(*) FROM versions), (SELECT count(*) FROM policies)").fetchone()

    store.record_imports([read_file(path) for path in iter_files([eval_data / "seeds"])])

    after = store.conn.execute("SELECT (SELECT count(*) FROM versions), (SELECT count(*) FROM policies)").fetchone()
    assert after == before
    assert audit(store.conn).findings == ()


def test_pages_that_change_with_every_request_shrink_by_an_order(eval_data: Path) -> None:
    """Bodies of one page, each a delta on the one before, take a tenth of their bytes or less."""
    from harvest.corpus.store_opening import open_memory
    from harvest.corpus.store_pages import BodyShelf

    archive = open_archive(str(eval_data / "web" / "open-terms-archive.warc.gz"), settings=Settings())
    url = "https://opentermsarchive.org/en/privacy-policy"
    conn, shelf = open_memory(), BodyShelf()
    conn.execute("PRAGMA foreign_keys = OFF")

    for capture in archive.list_captures(url, since=None, until=None).captures[:20]:
        shelf.put(conn, 1, capture.urlkey, archive.fetch(capture).body or b"")

    bodies, raw, kept = conn.execute("SELECT count(*), sum(size), sum(length(data)) FROM bodies").fetchone()
    assert bodies >= 5
    assert kept * 10 <= raw


def test_a_flip_of_language_stays_beside_the_main_line(eval_data: Path, tmp_path: Path) -> None:
    """The last of 36 captures shows the German page of an English policy: a variant, and no change."""
    db = tmp_path / "flip.db"
    archive = str(eval_data / "web" / "lovoo.warc.gz")

    ran = CliRunner().invoke(main, ["run", "-q", "-d", str(db), "--archive", archive])

    assert ran.exit_code == 0, ran.output
    with Store.open(db) as store:
        rows = store.conn.execute(
            "SELECT v.place, m.number, t.language, (SELECT count(*) FROM transitions WHERE after_version_id = v.id)"
            " FROM versions v JOIN texts t ON t.id = v.text_id LEFT JOIN versions m ON m.id = v.variant_of"
            " ORDER BY v.number DESC"
        ).fetchall()
    assert rows[0] == (None, rows[1][0], "de", 0)
    assert {row[2] for row in rows[1:]} == {"en"}
