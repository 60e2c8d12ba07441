"""The store: captures in any order and batching end in the same rows, and a kill loses nothing but its transaction."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.corpus.audit import audit
from harvest.corpus.dump import DERIVED_TABLES, differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.model import Outcome

Make = Callable[..., Any]


def titles(store: Store) -> list[tuple[Any, ...]]:
    return store.conn.execute(
        "SELECT v.place, v.first_seen, v.last_seen, tr.kind, d.tier FROM versions v"
        " LEFT JOIN transitions tr ON tr.after_version_id = v.id LEFT JOIN diffs d ON d.id = tr.diff_id"
        " ORDER BY v.number"
    ).fetchall()


def count(store: Store, table: str) -> int:
    return int(store.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_change_is_stored_with_both_bounds_and_its_clauses(
    store: Store, page: Make, shot: Make, record: Make
) -> None:
    """Two wordings make two versions, one transition and one edited clause; what stayed is stored once."""
    changed = page(Sharing="We hand your address to the carrier who brings the parcel to your neighbour.")

    record(store, [shot(0, page()), shot(10, page()), shot(20, changed)])

    assert titles(store) == [
        (1, "2010-01-01T00:00:00Z", "2010-01-11T00:00:00Z", None, None),
        (2, "2010-01-21T00:00:00Z", "2010-01-21T00:00:00Z", "change", "edit"),
    ]
    assert [row[0] for row in store.conn.execute("SELECT kind FROM changes")] == ["edited"]
    assert count(store, "clauses") == 5
    assert count(store, "change_clauses") == 2


def test_a_capture_between_old_ones_joins_and_splits_versions(
    store: Store, page: Make, shot: Make, record: Make
) -> None:
    """A capture recorded later but taken in between changes history as if it had always been there."""
    other = page(Use="We use these details for nothing that you would not expect of a nursery that sends plants.")
    record(store, [shot(0, page()), shot(40, page())])

    record(store, [shot(20, other)])

    assert [row[3] for row in titles(store)] == [None, "change", "return"]
    assert audit(store.conn).findings == ()


def test_error_pages_and_shells_are_no_change(store: Store, page: Make, shot: Make, record: Make) -> None:
    """A text that is there again after an error is still the same version; the error ends the last one's bounds."""
    shell = b"<html><head><title>x</title></head><body><div id=app></div><script src=a.js></script></body></html>"

    record(store, [shot(0, page()), shot(1, b"gone", status=404), shot(2, page()), shot(3, shell)])

    assert count(store, "versions") == 1
    assert store.conn.execute("SELECT last_seen, gone_by FROM versions").fetchone() == (
        "2010-01-03T00:00:00Z",
        "2010-01-04T00:00:00Z",
    )
    outcomes = [row[0] for row in store.conn.execute("SELECT outcome FROM captures ORDER BY captured_at")]
    assert outcomes == ["fetched", "error-page", "fetched", "no-text"]


def test_a_duplicate_moves_bounds_like_its_twin(store: Store, page: Make, shot: Make, record: Make) -> None:
    """A capture known by its digest alone shows the text of the capture with these bytes."""
    body = page()
    twin = shot(30, None, outcome=Outcome.DUPLICATE)
    same = type(twin)(
        capture=type(twin.capture)(
            **{name: getattr(twin.capture, name) for name in twin.capture.__slots__ if name != "digest"},
            digest=shot(0, body).capture.digest,
        ),
        body=None,
        outcome=Outcome.DUPLICATE,
    )

    record(store, [shot(0, body), same])

    assert titles(store)[0][:3] == (1, "2010-01-01T00:00:00Z", "2010-01-31T00:00:00Z")
    assert audit(store.conn).findings == ()
    assert verify(store.conn).problems == ()


def test_recording_the_same_again_changes_nothing(store: Store, page: Make, shot: Make, record: Make) -> None:
    """A run that is repeated finds its captures settled."""
    shots = [shot(0, page()), shot(9, page(without=["Contact"]))]
    policy_id = record(store, shots)
    before = logical_dump(store.conn, tables=DERIVED_TABLES)

    record(store, shots)
    store.recompute(policy_id)

    assert logical_dump(store.conn, tables=DERIVED_TABLES) == before
    assert store.pending() == []


def test_a_failed_capture_stays_pending_and_may_succeed_later(
    store: Store, page: Make, shot: Make, record: Make
) -> None:
    """``failed`` is the one outcome that is tried again; other ends are final."""
    failed = shot(0, None, outcome=Outcome.FAILED)
    missing = shot(5, None, outcome=Outcome.MISSING)

    policy_id = record(store, [failed, missing])

    assert [capture.timestamp for _, capture in store.pending(policy_id)] == [failed.capture.timestamp]
    assert store.pending(policy_id, max_attempts=1) == []
    ((capture_id, capture),) = store.pending(policy_id)
    fetched, document = shot(0, page()).handled
    store.record_pages(policy_id, [(capture_id, fetched, document)])
    assert capture.digest == failed.capture.digest
    assert store.pending(policy_id) == []
    assert count(store, "versions") == 1


def test_structures_of_one_text_do_not_depend_on_arrival(memory_store: Make, shot: Make, record: Make) -> None:
    """Pages with one wording in different mark-up give one text, and the same levels and kinds in either order."""
    first = "We keep the names and addresses of our customers for ten years, because the law demands it of us. " * 3
    second = "After that time we burn the paper in our stove and wipe the disks with a tool made for this purpose. " * 3
    head = "<html><head><title>P</title></head><body><main><h1>Policy</h1>"
    plain = f"{head}<h2>Keeping</h2><p>{first}</p><p>{second}</p></main></body></html>"
    listed = f"{head}<h4>Keeping</h4><ul><li>{first}</li><li>{second}</li></ul></main></body></html>"
    shots = [shot(0, (plain + " " * 50).encode()), shot(1, listed.encode())]
    dumps = []

    for order in (shots, shots[::-1]):
        store = memory_store()
        record(store, order, batch=1)
        dumps.append(logical_dump(store.conn, tables=DERIVED_TABLES))

    assert len(dumps[0]["texts"]) == 1
    assert differences(*dumps) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_any_batching_give_the_same_rows(
    data: st.DataObject, memory_store: Make, page: Make, shot: Make, record: Make
) -> None:
    """The rows of a corpus follow from its captures alone, ids and wall-clock times aside."""
    pages = [
        page(),
        page(Sharing="We hand your address to the carrier and to the bank that takes your payment."),
        page(without=["Contact"], date="March 3, 2011"),
        page(without=["Use"], date="March 3, 2011", Contact="Write to the nursery."),
        b"<html><body>Not found</body></html>",
    ]
    draws = data.draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.booleans()), min_size=1, max_size=9))
    shots = {}
    for day, which, derived in draws:
        form, archive = ("derived", "princeton-leuven") if derived and which < 4 else ("raw", "wayback")
        status = 404 if which == 4 else 200
        one = shot(day * 50, pages[which], status=status, form=form, archive=archive)
        shots[one.capture] = one
    ordered = list(shots.values())
    shuffled = random.Random(data.draw(st.integers(0, 9))).sample(ordered, len(ordered))
    one_store, other_store = memory_store(), memory_store()

    record(one_store, ordered, batch=100)
    record(other_store, shuffled, batch=data.draw(st.integers(1, 4)))

    dump = logical_dump(one_store.conn)
    assert differences(dump, logical_dump(other_store.conn)) == []
    assert audit(other_store.conn).findings == ()
    assert verify(other_store.conn).problems == ()


_KILLED = """
import os, sys
from harvest.corpus.store import Store
sys.path.insert(0, {tests!r})
from conftest import html_page, PARAGRAPHS, record_shots, shot_at
pages = [html_page({{**PARAGRAPHS, "Use": "We use it " + "very " * day + "sparingly."}}) for day in range(6)]
shots = [shot_at(day, page) for day, page in enumerate(pages)]
with Store.open({path!r}) as store:
    steps = {{"left": {steps}}}
    def watch(statement):
        steps["left"] -= 1
        if steps["left"] == 0:
            os._exit(9)
    store.conn.set_trace_callback(watch)
    record_shots(store, shots, batch=2)
"""


@pytest.mark.parametrize("steps", [40, 140, 300])
def test_killed_at_any_statement_and_run_again_it_ends_in_the_same_state(
    tmp_path: Path, memory_store: Make, steps: int
) -> None:
    """Whatever transaction a kill interrupts is as if it had never begun; the next run carries on."""
    path = tmp_path / "corpus.db"
    tests = str(Path(__file__).parent)

    def run(limit: int) -> int:
        code = _KILLED.format(tests=tests, path=str(path), steps=limit)
        return subprocess.run([sys.executable, "-c", code], check=False).returncode

    assert run(steps) == 9
    assert run(0) == 0

    with Store.open(path) as store:
        assert audit(store.conn).findings == ()
        assert verify(store.conn).problems == ()
        assert [row[0] for row in store.conn.execute("SELECT number FROM versions ORDER BY 1")] == [1, 2, 3, 4, 5, 6]


def test_trouble_within_a_transaction_takes_all_of_it_back(store: Store, page: Make, shot: Make, record: Make) -> None:
    """Ids remembered from a transaction that failed are forgotten with it."""
    policy_id = record(store, [shot(0, page())])
    before = logical_dump(store.conn)

    with pytest.raises(RuntimeError), store.transaction():
        record(store, [shot(5, page(Use="We use them well."))])
        raise RuntimeError

    assert logical_dump(store.conn) == before
    record(store, [shot(5, page(Use="We use them well."))])
    assert verify(store.conn).problems == ()
    assert policy_id == 1
