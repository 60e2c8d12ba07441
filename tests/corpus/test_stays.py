"""From where to where clauses and sections stand follows from the main line, and is noticed where it does not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from harvest.corpus import queries
from harvest.corpus.audit import audit
from harvest.corpus.store import Store
from harvest.corpus.store_half_years import drop_half_years, keep_half_years, wrong_half_years
from harvest.corpus.store_stays import drop_stays, keep_stays, wrong_stays
from harvest.errors import UnknownTarget

Make = Callable[..., Any]


@pytest.fixture
def history(store: Store, page: Make, shot: Make, record: Make) -> Store:
    """A policy whose contact paragraph goes and comes back while others stay, and one of another wording."""
    use = "We use these details to send your order and for nothing else whatever."
    pages = [page(), page(without=["Contact"], date="March 1, 2010"), page(Use=use), page(without=["Use"]), page()]
    record(store, [shot(40 * number, body) for number, body in enumerate(pages)])
    return store


_PLACES = """
    SELECT DISTINCT sc.clause_id, v.policy_id, v.place FROM versions v
    JOIN text_sections ts ON ts.text_id = v.text_id JOIN section_clauses sc ON sc.section_id = ts.section_id
    WHERE v.place IS NOT NULL
"""


def test_a_clause_stands_in_the_places_of_its_stays(history: Store) -> None:
    """Taken apart again, the stays of all clauses are the places whose texts hold them, and no two of them touch."""
    places = set(history.conn.execute(_PLACES).fetchall())
    stays = history.conn.execute(
        "SELECT clause_id, policy_id, first_place, last_place FROM clause_stays ORDER BY 1, 2, 3"
    ).fetchall()

    assert any(first > 1 for _, _, first, _ in stays) and len(stays) > len({clause for clause, *_ in stays})
    told = [(clause, policy, place) for clause, policy, first, last in stays for place in range(first, last + 1)]
    assert len(told) == len(set(told)) and set(told) == places
    assert not [a for a, b in pairwise(stays) if a[:2] == b[:2] and b[2] <= a[3] + 1]


@pytest.mark.parametrize("table", ["clause_stays", "section_stays"])
def test_a_wrong_stay_is_noticed_and_mended(history: Store, table: str) -> None:
    """An audit names the policy; keeping its stays again makes them right."""
    before = history.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()
    history.conn.execute(f"UPDATE {table} SET last_place = last_place + 1")
    noticed = wrong_stays(history.conn)
    findings = audit(history.conn).findings
    keep_stays(history.conn, 1)

    assert noticed == ["policy 1"] and any("stand" in finding.what for finding in findings)
    assert wrong_stays(history.conn) == []
    assert history.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() == before


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE half_years SET until = until + 1",
        "DELETE FROM half_years",
        "UPDATE versions SET last_seen = '2019-01-01T00:00:00Z', first_seen = '2019-01-01T00:00:00Z' WHERE place = 2",
    ],
)
def test_a_wrong_half_year_is_noticed_and_mended(history: Store, damage: str) -> None:
    """An audit names the policy; keeping its half-years again makes them right."""
    assert wrong_half_years(history.conn) == []
    history.conn.execute(damage)
    noticed = wrong_half_years(history.conn)
    findings = audit(history.conn).findings
    keep_half_years(history.conn, 1)

    assert noticed == ["policy 1"] and any("half-years" in finding.what for finding in findings)
    assert wrong_half_years(history.conn) == []


def test_half_years_go_with_their_versions(history: Store) -> None:
    """Nothing is left to be counted of a policy whose versions go."""
    drop_half_years(history.conn, 1)

    assert history.conn.execute("SELECT count(*) FROM half_years").fetchone() == (0,)


def test_dropped_stays_are_gone_and_noticed(history: Store) -> None:
    """Nothing of a policy is left behind, and an audit misses it."""
    drop_stays(history.conn, 1)

    assert [
        history.conn.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("clause_stays", "section_stays")
    ] == [
        0,
        0,
    ]
    assert wrong_stays(history.conn) == ["policy 1"]


def test_a_section_says_that_a_build_is_under_way(history: Store) -> None:
    """A build that was killed, or runs beside the reader, has new texts whose sections are not linked yet."""
    policy = queries.every_policy(history.conn)[0]
    assert queries.section_history(history.conn, policy, "contact").states
    history.conn.execute("UPDATE section_runs SET lineage_id = NULL")

    with pytest.raises(UnknownTarget, match="harvest build"):
        queries.section_history(history.conn, policy, "contact")
