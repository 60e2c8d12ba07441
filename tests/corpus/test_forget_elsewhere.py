"""Take-downs reach what is named otherwise, hold when corpora are joined, and can be lifted wherever they reached."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harvest.corpus.audit import audit
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.model import Listing, Outcome, Selected
from harvest.pipeline_import import import_collection

Make = Callable[..., Any]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ALDER, BIRCH = "http://alder.example/privacy", "http://birch.example/privacy"
SECRET = "Zacharias Quimby of Nether Wallop asked us to write down that his parcels smell of juniper."


def _open(path: Path) -> Store:
    return Store.open(path, clock=lambda: NOON)


def _add(store: Store, shot: Any, *, landed_url: str = "") -> None:
    url = shot.capture.url
    label = "" if url.endswith("/privacy") else url.rpartition("/")[2]
    policy_id = store.ensure_policy(host=url.split("/")[2], kind="privacy", label=label, url=url)
    store.record_listing(policy_id, Listing("wayback", url, NOON, "ok", (shot.capture,)))
    store.record_selection(policy_id, [Selected(shot.capture, True, "every capture")])
    pending = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
    if shot.capture in pending:
        page, document = shot.handled
        page = replace(page, landed_url=landed_url)
        store.record_pages(policy_id, [(pending[shot.capture], page, document)])


def _outcomes(store: Store) -> list[tuple[str, str]]:
    rows = store.conn.execute("SELECT url, outcome FROM captures ORDER BY url, captured_at").fetchall()
    return [(str(row[0]), str(row[1])) for row in rows]


def _is_sound(store: Store) -> None:
    assert audit(store.conn).findings == ()
    assert verify(store.conn).problems == ()


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A history of two versions whose commits say at which address the page was; the second has the secret."""
    path = tmp_path / "told.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    stream = []
    for number, words in enumerate(("", SECRET)):
        body = f"## Use\n\nWe use the name that you write on the order form to send what you ordered.\n\n{words}\n"
        message = f"Record new changes of Alder Privacy Policy\n\nSnapshot of {ALDER}\n"
        stream.append(
            f"commit refs/heads/main\ncommitter C <c@alder.example> {1_400_000_000 + number * 9_000_000} +0000\n"
            f"data {len(message)}\n{message}M 100644 inline Alder/Privacy Policy.md\ndata {len(body)}\n{body}\n"
        )
    subprocess.run(["git", "-C", str(path), "fast-import", "--quiet"], input="".join(stream).encode(), check=True)
    return path


def test_an_address_is_taken_down_where_a_history_filed_it(tmp_path: Path, told: Path) -> None:
    """Files of a repository are named by their place in it; the page's address takes them down, and lets them back."""
    with _open(tmp_path / "corpus.db") as store:
        import_collection(store, told)
        whole = logical_dump(store.conn)
        assert {row[0] for row in store.conn.execute("SELECT landed_url FROM captures")} == {ALDER}

        removed = store.forget("url", ALDER, why="asked")

        assert removed.captures == 2
        assert b"juniper" not in (tmp_path / "corpus.db").read_bytes()
        import_collection(store, told)
        assert _outcomes(store) == []
        store.lift("url", ALDER)
        import_collection(store, told)
        assert differences({**whole, "forgotten": []}, {**logical_dump(store.conn), "forgotten": []}) == []


def test_a_capture_of_a_history_comes_back_when_its_ban_is_lifted(tmp_path: Path, told: Path) -> None:
    """By importing the history again, which passes over what is known."""
    with _open(tmp_path / "corpus.db") as store:
        import_collection(store, told)
        whole = logical_dump(store.conn)
        row = store.conn.execute("SELECT archive, url, timestamp FROM captures ORDER BY timestamp DESC").fetchone()
        store.forget("capture", " ".join(row), why="asked")
        import_collection(store, told)
        assert [outcome for _, outcome in _outcomes(store)] == ["fetched", "excluded"]

        store.lift("capture", " ".join(row))
        import_collection(store, told)

        assert differences({**whole, "forgotten": []}, {**logical_dump(store.conn), "forgotten": []}) == []


def test_what_an_address_led_to_is_taken_down(store: Store, tmp_path: Path, page: Make, shot: Make) -> None:
    """A capture of one address that shows the page of another goes with the other; its row stays in the ledger."""
    _add(store, shot(0, page(Use=SECRET)), landed_url=BIRCH)
    _add(store, shot(50, page()))

    store.forget("site", "birch.example", why="asked")

    assert b"juniper" not in (tmp_path / "corpus.db").read_bytes()
    assert _outcomes(store) == [(ALDER, "excluded"), (ALDER, "fetched")]
    _is_sound(store)
    store.lift("site", "birch.example")
    assert _outcomes(store) == [(ALDER, "listed"), (ALDER, "fetched")]


def test_bytes_kept_out_elsewhere_may_come_when_the_ban_is_lifted(store: Store, page: Make, shot: Make) -> None:
    """They were excluded under another address for the same reason, and would be for ever."""
    body = page(Use=SECRET)
    _add(store, shot(0, body))
    store.forget("url", ALDER, why="asked")
    _add(store, shot(20, body, url=BIRCH))
    assert _outcomes(store) == [(BIRCH, "excluded")]

    store.lift("url", ALDER)
    _add(store, shot(20, body, url=BIRCH))

    assert _outcomes(store) == [(BIRCH, "fetched")]
    _is_sound(store)


def test_a_capture_stays_down_whose_bytes_another_one_has(store: Store, page: Make, shot: Make) -> None:
    """Its bytes are nobody's secret then, and no ban on them tells it apart."""
    first, second = shot(0, page()), shot(40, page())
    _add(store, first)
    _add(store, second)
    store.forget("capture", f"wayback {ALDER} {first.capture.timestamp}", why="asked")
    twin = replace(first.capture, digest="OTHER")
    ((policy_id,),) = store.conn.execute("SELECT id FROM policies").fetchall()
    store.record_listing(policy_id, Listing("", ALDER, NOON, "ok", ()))
    store.conn.execute("UPDATE captures SET outcome = 'listed', reason = '' WHERE outcome = 'excluded'")

    store.record_pages(policy_id, [(1, replace(first.handled[0], capture=twin), first.handled[1])])

    assert _outcomes(store) == [(ALDER, Outcome.EXCLUDED), (ALDER, Outcome.FETCHED)]


def _joined(folder: Path, ours: str, theirs: str) -> Any:
    path = folder / f"{ours}-{theirs}.db"
    path.write_bytes((folder / f"{ours}.db").read_bytes())
    with Store.open(path, clock=lambda: NOON + timedelta(days=1)) as store:
        store.merge(folder / f"{theirs}.db")
        _is_sound(store)
        assert store.merge(folder / f"{theirs}.db").bodies == 0
        _is_sound(store)
        dump = logical_dump(store.conn)
    return {**dump, "listings": []}


def _assert_gone_in_both_orders(folder: Path) -> None:
    """Two corpora joined either way are the same, and no byte of what was taken down is left."""
    assert differences(_joined(folder, "one", "other"), _joined(folder, "other", "one")) == []
    for name in ("one-other", "other-one"):
        assert b"juniper" not in (folder / f"{name}.db").read_bytes()


def test_banned_bytes_do_not_come_over_under_another_address(tmp_path: Path, page: Make, shot: Make) -> None:
    """What was taken down in one corpus leaves the other too, in either order and to the last byte."""
    with _open(tmp_path / "one.db") as one, _open(tmp_path / "other.db") as other:
        _add(one, shot(0, page(Use=SECRET)))
        _add(one, shot(9, page()))
        one.forget("capture", f"wayback {ALDER} {shot(0, b'').capture.timestamp}", why="asked")
        _add(other, shot(20, page(Use=SECRET), url=BIRCH))
        _add(other, shot(40, page(), url=BIRCH))

    _assert_gone_in_both_orders(tmp_path)


def test_no_policy_comes_over_whose_addresses_were_taken_down(tmp_path: Path, page: Make, shot: Make) -> None:
    """It would come without an address and without a capture, in one order only."""
    with _open(tmp_path / "one.db") as one, _open(tmp_path / "other.db") as other:
        _add(one, shot(0, page()))
        _add(one, shot(9, page(), url=BIRCH))
        one.forget("url", BIRCH, why="asked")
        _add(other, shot(20, page(), url=BIRCH))

    joined = _joined(tmp_path, "one", "other")

    assert differences(joined, _joined(tmp_path, "other", "one")) == []
    assert [row[0] for row in joined["policies"]] == ["alder.example/privacy:"]
    assert [row[0] for row in joined["sites"]] == ["alder.example"]


def test_a_lifted_ban_is_lifted_for_both(tmp_path: Path, page: Make, shot: Make) -> None:
    """A capture that one corpus still excludes may be chosen again once the other's word has come."""
    subject = f"wayback {ALDER} {shot(0, b'').capture.timestamp}"
    with _open(tmp_path / "one.db") as one:
        _add(one, shot(0, page(Use=SECRET)))
        one.forget("capture", subject, why="asked")
    (tmp_path / "other.db").write_bytes((tmp_path / "one.db").read_bytes())
    with _open(tmp_path / "other.db") as other:
        other.lift("capture", subject)

    joined = _joined(tmp_path, "one", "other")

    assert differences(joined, _joined(tmp_path, "other", "one")) == []
    assert [row[8] for row in joined["captures"]] == ["listed"]


def test_banned_bytes_leave_nothing_where_addresses_are_joined(tmp_path: Path, page: Make, shot: Make) -> None:
    """The policy that held them goes as its address is put to another one: no clause and no body stays unused."""
    terms = "http://www.birch.example/terms"
    with _open(tmp_path / "one.db") as one, _open(tmp_path / "other.db") as other:
        _add(one, shot(0, page(), url=BIRCH))
        _add(one, shot(9, page(Use=SECRET)))
        one.judge(one.ensure_policy(host="birch.example", kind="privacy"), "one-policy", url=terms, why="the footer")
        one.forget("url", ALDER, why="asked")
        _add(other, shot(20, page(Use=SECRET), url=terms))
        _add(other, shot(40, page(), url=terms))

    _assert_gone_in_both_orders(tmp_path)
