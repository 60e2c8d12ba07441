"""The ledger: policies and their URLs, listings whose rows add up, selections, runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.errors import CorpusError
from harvest.model import Listing, Oddity, Selected

Make = Callable[..., Any]
ASKED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param({"host": "a.example"}, {"host": "WWW.A.example."}, True, id="spelling of the host"),
        pytest.param({"host": "a.example"}, {"host": "a.example", "kind": "terms"}, False, id="kind"),
        pytest.param({"host": "a.example"}, {"host": "a.example", "label": "app"}, False, id="label"),
        pytest.param({"host": "a.example"}, {"host": "b.example"}, False, id="site"),
    ],
)
def test_a_policy_is_one_of_a_site_a_kind_and_a_label(
    store: Store, first: dict[str, str], second: dict[str, str], same: bool
) -> None:
    """Asking for a policy twice gives the same one."""
    assert (store.ensure_policy(**first) == store.ensure_policy(**second)) is same


def test_urls_of_a_policy_are_spelt_one_way(store: Store) -> None:
    """The same URL in two spellings is noted once; the first role stays."""
    policy_id = store.ensure_policy(host="a.example", url="http://A.example:80")
    store.ensure_policy(host="a.example", url="http://a.example/#top", role="variant")
    store.record_url(policy_id, "http://a.example/", valid_to=ASKED)

    rows = store.conn.execute("SELECT url, urlkey, role, valid_to FROM policy_urls").fetchall()

    assert rows == [("http://a.example/", "example,a)/", "current", "2026-01-01T00:00:00Z")]


def test_a_policy_without_a_host_is_refused(store: Store) -> None:
    """A URL that names no site makes no policy."""
    with pytest.raises(CorpusError):
        store.ensure_policy(host="")


def test_every_listed_row_is_counted_once(store: Store, shot: Make) -> None:
    """Rows are added, known, repeated or malformed; nothing else, nothing twice."""
    policy_id = store.ensure_policy(host="alder.example")
    captures = [shot(day, b"x").capture for day in range(4)]
    other = replace(captures[0], statuscode="404")
    odd = (Oddity("com,example)/ 2000 mailto:", "no date"),)
    store.record_listing(policy_id, Listing("wayback", "u", ASKED, "ok", (captures[0],)))

    counts = store.record_listing(
        policy_id, Listing("wayback", "u", ASKED, "ok", (*captures, captures[1], other), odd, repeated=2)
    )

    assert (counts.rows, counts.added, counts.known, counts.repeated, counts.malformed) == (9, 4, 1, 3, 1)
    assert len(store.captures_of(policy_id)) == 5
    assert audit(store.conn).findings == ()
    assert store.conn.execute("SELECT line, why FROM listing_oddities").fetchall() == [
        ("com,example)/ 2000 mailto:", "no date")
    ]


def test_captures_come_back_as_they_were_listed(store: Store, shot: Make) -> None:
    """What a listing said of a capture survives the database, unknown lengths and approximate times included."""
    policy_id = store.ensure_policy(host="alder.example")
    captures = [
        replace(shot(3, b"y").capture, length=None, approximate=True, timestamp="20100100000000"),
        replace(shot(5, b"z").capture, length=12, mimetype="warc/revisit", statuscode="-"),
    ]

    store.record_listing(policy_id, Listing("wayback", "u", ASKED, "ok", tuple(reversed(captures))))

    assert store.captures_of(policy_id) == captures


def test_a_listing_that_could_not_be_had_is_on_record(store: Store) -> None:
    """ "Could not ask" is never an empty list."""
    policy_id = store.ensure_policy(host="alder.example")

    store.record_listing(policy_id, Listing("wayback", "u", ASKED, "rate-limited", message="429"))

    assert store.conn.execute("SELECT outcome, message, rows FROM listings").fetchall() == [("rate-limited", "429", 0)]


def test_a_selection_may_grow_but_does_not_shrink(store: Store, shot: Make) -> None:
    """What was chosen once is fetched; what was passed over may be chosen by a finer selection later."""
    policy_id = store.ensure_policy(host="alder.example")
    captures = [shot(day, b"x").capture for day in range(3)]
    store.record_listing(policy_id, Listing("wayback", "u", ASKED, "ok", tuple(captures)))
    coarse = [Selected(capture, day == 0, "one a year") for day, capture in enumerate(captures)]
    fine = [Selected(capture, day != 0, "every capture") for day, capture in enumerate(captures)]

    assert store.record_selection(policy_id, coarse) == 3
    assert [capture for _, capture in store.pending(policy_id)] == captures[:1]
    assert store.record_selection(policy_id, fine) == 2
    assert [capture for _, capture in store.pending()] == captures
    assert store.record_selection(policy_id, fine) == 0


def test_runs_and_events_are_kept(store: Store, shot: Make) -> None:
    """What was run, how it ended and what went wrong can be read later."""
    run_id = store.begin_run("run", {"every": "6m", "since": None})
    policy_id = store.ensure_policy(host="alder.example")

    store.record_event(run_id, stage="list", level="warning", message="slow \ud800", policy_id=policy_id)
    store.end_run(run_id, "interrupted")

    assert store.conn.execute("SELECT command, settings, outcome FROM runs").fetchall() == [
        ("run", '{"every": "6m", "since": null}', "interrupted")
    ]
    assert store.conn.execute("SELECT stage, level, message FROM events").fetchall() == [("list", "warning", "slow ?")]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE listings SET added = added + 1", id="rows that do not add up"),
        pytest.param("UPDATE captures SET outcome = 'lost'", id="an unknown outcome"),
        pytest.param("UPDATE captures SET version_id = NULL", id="a capture in no version"),
        pytest.param("UPDATE captures SET body_id = NULL", id="a body that is gone"),
        pytest.param("UPDATE versions SET number = number + 5", id="numbers with a gap"),
        pytest.param("UPDATE versions SET gone_by = '1999-01-01T00:00:00Z'", id="bounds out of order"),
        pytest.param("DELETE FROM transitions", id="a missing transition"),
        pytest.param("INSERT INTO clause_rows (sha, text) VALUES (x'00', 'y')", id="an orphan"),
        pytest.param("UPDATE section_runs SET section_id = 999", id="a dangling row"),
    ],
)
def test_an_audit_finds_what_does_not_balance(store: Store, damage: str, page: Make, shot: Make, record: Make) -> None:
    """Each kind of damage to the ledger is a finding with an example."""
    record(store, [shot(0, page()), shot(1, page(without=["Use"]))])
    assert audit(store.conn).findings == ()
    store.conn.execute("PRAGMA foreign_keys = OFF")

    store.conn.execute(damage)

    findings = audit(store.conn).findings
    assert findings
    assert all(finding.examples for finding in findings)
