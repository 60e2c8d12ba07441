"""Taking things down: no byte stays, nothing comes back, and the rest of the corpus is as if it had never been."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus.audit import audit
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.forgotten import tombstones, why_forgotten
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.errors import Forgotten, LockedCorpus, UnknownTarget
from harvest.model import Capture, Document, Listing, Outcome, RawPage, Selected

Make = Callable[..., Any]
URL, OTHER = "http://alder.example/privacy", "http://birch.example/privacy"
SECRET = "Zacharias Quimby of Nether Wallop asked us to write down that his parcels smell of juniper."


def _add(store: Store, shot: Any) -> None:
    host = shot.capture.url.split("/")[2]
    policy_id = store.ensure_policy(host=host, kind="privacy", url=shot.capture.url)
    listing = Listing("wayback", shot.capture.url, shot.capture.captured_at, "ok", (shot.capture,))
    store.record_listing(policy_id, listing)
    store.record_selection(policy_id, [Selected(shot.capture, True, "every capture")])
    pending: dict[Capture, int] = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
    handled: tuple[RawPage, Document | None] = shot.handled
    if shot.capture in pending:
        store.record_pages(policy_id, [(pending[shot.capture], *handled)])


@pytest.fixture
def shots(page: Make, shot: Make) -> list[Any]:
    """Three captures of one site, the middle one with the secret, and two of another that shares most clauses."""
    uses = ["We use them well.", SECRET, "We use them well, and we keep them dry."]
    mine = [shot(at * 90, page(Use=use)) for at, use in enumerate(uses)]
    return [*mine, shot(10, page(), url=OTHER), shot(200, page(Contact="Write to us on paper, please."), url=OTHER)]


def _is_sound(store: Store) -> None:
    assert audit(store.conn).findings == ()
    assert verify(store.conn).problems == ()


def _holds_secret(path: Path) -> bool:
    content = path.read_bytes().lower()
    return any(word in content for word in (b"zacharias", b"quimby", b"wallop", b"juniper"))


def _rest(store: Store) -> Any:
    return logical_dump(
        store.conn, tables=["captures", "versions", "texts", "transitions", "sites", "clauses", "bodies"]
    )


def test_a_capture_is_taken_down_to_the_last_byte(tmp_path: Path, store: Store, shots: list[Any]) -> None:
    """Its row stays in the ledger, excluded; words that only it had are in no page of the file."""
    for shot in shots:
        _add(store, shot)
    assert _holds_secret(tmp_path / "corpus.db")
    capture = shots[1].capture
    subject = f"{capture.archive} {capture.url} {capture.timestamp}"

    removed = store.forget("capture", subject, by="Ada", why="asked by letter")

    assert (removed.captures, removed.bodies) == (1, 1)
    assert not _holds_secret(tmp_path / "corpus.db")
    row = store.conn.execute("SELECT outcome, reason, body_id FROM captures WHERE timestamp = ?", (capture.timestamp,))
    assert row.fetchone() == ("excluded", "forgotten: asked by letter", None)
    (stone,) = tombstones(store.conn)
    assert (stone.scope, stone.why, len(stone.bodies)) == ("capture", "asked by letter", 1)
    _is_sound(store)


def test_a_site_is_taken_out_as_if_it_had_never_been(tmp_path: Path, store: Store, shots: list[Any]) -> None:
    """What another site shares with it stays; the other site's rows are those of a corpus that had no other."""
    for shot in shots:
        _add(store, shot)
    with Store.open(tmp_path / "other.db") as other:
        for shot in shots[3:]:
            _add(other, shot)
        store.forget("site", "www.alder.example", why="asked")

        assert differences(_rest(other), _rest(store)) == []
    assert not _holds_secret(tmp_path / "corpus.db")
    assert store.conn.execute("SELECT count(*) FROM policies").fetchone() == (1,)
    _is_sound(store)


def test_a_take_down_beside_a_reader_says_that_it_must_be_repeated(
    tmp_path: Path, store: Store, shots: list[Any]
) -> None:
    """Rows go at once; the file is packed when the same is asked again and nobody reads, which is no error."""
    store.conn.execute("PRAGMA busy_timeout = 0")
    store.conn.execute("PRAGMA journal_mode = WAL")  # as a server may have left it: readers do not hold up writers
    for shot in shots:
        _add(store, shot)
    with closing(sqlite3.connect(tmp_path / "corpus.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM captures").fetchone()

        with pytest.raises(LockedCorpus, match="same command again"):
            store.forget("site", "alder.example", why="asked")

    assert store.forget("site", "alder.example", why="asked").captures == 0
    assert not any(_holds_secret(path) for path in tmp_path.glob("corpus.db*"))
    assert len(tombstones(store.conn)) == 1


def test_what_was_taken_down_does_not_come_back(store: Store, shots: list[Any], shot: Make) -> None:
    """Not by its address, not by a subdomain, not as the same bytes elsewhere; until the ban is lifted."""
    for one in shots:
        _add(store, one)
    store.forget("site", "alder.example", why="asked")

    for one in (shots[0], shot(5, shots[0].body, url="https://shop.alder.example/p")):
        with pytest.raises(Forgotten, match="asked"):
            _add(store, one)
    _add(store, shot(300, shots[1].body, url=OTHER))
    row = store.conn.execute("SELECT outcome, reason FROM captures ORDER BY captured_at DESC LIMIT 1").fetchone()
    assert row == ("excluded", "forgotten: asked")
    assert why_forgotten(store.conn, OTHER) == ""
    _is_sound(store)

    assert store.lift("site", "alder.example") == 1
    for one in shots:
        _add(store, one)
    assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (5,)
    _is_sound(store)


def test_an_address_is_taken_down_and_its_policy_goes_on(store: Store, page: Make, shot: Make) -> None:
    """The policy keeps what it showed elsewhere; bodies packed against removed ones can still be read."""
    moved = "http://alder.example/legal"
    for at in range(6):
        _add(store, shot(at * 30, page(Use=f"We use them in way {at}."), url=URL if at % 2 else moved))
    policy_id = store.policy_ids()[0]

    store.forget("url", URL, why="asked")

    assert store.policy_ids() == [policy_id]
    urls = [row[0] for row in store.conn.execute("SELECT DISTINCT url FROM captures")]
    assert urls == [moved]
    assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (3,)
    with pytest.raises(Forgotten):
        store.record_url(policy_id, URL)
    _is_sound(store)


def test_duplicates_of_a_capture_lose_its_text(store: Store, page: Make, shot: Make) -> None:
    """What was known only by equal digests is unknown again, and the ledger balances."""
    body = page(Use=SECRET)
    first, second = shot(0, body), shot(30, body)
    _add(store, first)
    policy_id = store.policy_ids()[0]
    store.record_listing(policy_id, Listing("wayback", URL, second.capture.captured_at, "ok", (second.capture,)))
    store.record_selection(policy_id, [Selected(second.capture, True, "every capture")])
    ((capture_id, _),) = store.pending(policy_id)
    twin = RawPage(second.capture, Outcome.DUPLICATE, "same bytes", landed_timestamp=second.capture.timestamp)
    store.record_pages(policy_id, [(capture_id, twin, None)])
    store.forget("capture", f"wayback {URL} {first.capture.timestamp}", why="asked")

    outcomes = [row[0] for row in store.conn.execute("SELECT outcome FROM captures ORDER BY timestamp")]
    assert outcomes == ["excluded", "listed"]
    assert store.conn.execute("SELECT count(*) FROM texts").fetchone() == (0,)
    _is_sound(store)


def test_nothing_is_not_taken_down(store: Store) -> None:
    """A subject the corpus does not know is refused, and no tombstone is written."""
    with pytest.raises(UnknownTarget, match="elm"):
        store.forget("site", "elm.example", why="asked")
    assert tombstones(store.conn) == ()
