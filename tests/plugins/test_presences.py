"""Pages of clauses and phrases that stand, come and go in very many policies stay light and say what they leave out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.queries_model import Bounds, PolicyRef, Presence
from harvest.corpus.store import Store
from harvest.web.presences import shortened, told

Get = Callable[..., Any]
MOST = 200_000
FIRST = datetime(2010, 1, 1, 12, tzinfo=UTC)
HELD = "# Notice\n\nSeen two weeks ago\n\nWe keep the letters of those who wrote to us in a drawer of oak.\n"
POLICIES, VERSIONS = 220, 60


def _presence(number: int, stays: int) -> Presence:
    def day(n: int) -> datetime:
        return FIRST + timedelta(n)

    policy = PolicyRef(number, f"site{number}.example", "", "privacy", "", "")
    return Presence(
        policy, tuple(Bounds(day(4 * n), day(4 * n + 1), day(4 * n + 2), day(4 * n + 3)) for n in range(stays))
    )


def test_few_stays_are_all_told() -> None:
    """Nothing is left out where all of it fits."""
    presences = [_presence(number, 1 + number % 4) for number in range(20)]

    assert [(each.intervals, each.left, each.drawn) for each in told(presences)] == [
        (each.intervals, 0, each.intervals) for each in presences
    ]


@pytest.mark.parametrize(("policies", "stays"), [(1, 5_000), (30, 400), (100, 9), (200, 1)])
def test_of_many_stays_the_first_and_the_last_are_told(policies: int, stays: int) -> None:
    """Policies are alike in how many; what is left out is counted, and its first and last days are drawn."""
    found = told([_presence(number, stays) for number in range(policies)])

    assert len({len(each.intervals) for each in found}) == 1 and all(
        len(each.intervals) + each.left == stays for each in found
    )
    for each in found:
        every = _presence(0, stays).intervals
        split, left = each.split, each.left
        assert each.intervals == (*every[: split if left else stays], *every[split + left if left else stays :])
        if each.between:
            assert (each.between.not_before, each.between.last_seen) == (
                every[split].first_seen,
                every[split + left - 1].last_seen,
            )


def test_a_long_wording_of_many_is_cut() -> None:
    """However long and in whatever script, the wordings of all edits fit together."""
    for text in ("word " * 2_000, "数据" * 4_000):
        cut = shortened(text, 100)
        assert len(cut.encode()) <= 400 and text.startswith(cut.removesuffix(" …"))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, fill: Callable[..., None]) -> Path:
    """A clause that comes and goes in 220 policies, thirty times in each; all but the first are copies of its rows."""
    path = tmp_path_factory.mktemp("busy") / "corpus.db"
    with Store.open(path) as store:
        fill(store, {("site0.example", "privacy"): [(FIRST, HELD)]})
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.execute("BEGIN")
        (clause_id,) = conn.execute("SELECT id FROM clauses WHERE text = 'Seen two weeks ago'").fetchone()
        version = conn.execute("SELECT text_id, first_capture_id, last_capture_id FROM versions").fetchone()
        conn.execute("DELETE FROM versions")
        conn.execute("DELETE FROM clause_stays")
        for number in range(POLICIES):
            if number:
                conn.execute("INSERT INTO sites (id, host) VALUES (?, ?)", (100 + number, f"site{number}.example"))
                conn.execute(
                    "INSERT INTO policies (id, site_id, kind, label) VALUES (?, ?, 'privacy', '')",
                    (100 + number, 100 + number),
                )
            policy_id = 100 + number if number else 1
            for place in range(1, VERSIONS + 1):
                seen, until = (f"{FIRST + timedelta(30 * place + n):%Y-%m-%dT%H:%M:%SZ}" for n in (0, 9))
                conn.execute(
                    "INSERT INTO versions (policy_id, number, place, text_id, first_capture_id, last_capture_id,"
                    " not_before, first_seen, last_seen, gone_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (policy_id, place, place, *version, seen, seen, until, until),
                )
            conn.executemany(
                "INSERT INTO clause_stays VALUES (?, ?, ?, ?)",
                [(clause_id, policy_id, place, place) for place in range(1, VERSIONS, 2)],
            )
        conn.execute("COMMIT")
    return path


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("/-/policies/clause/{sha}", "the first {} of them here"),
        ("/-/policies/phrase?q=two+weeks+ago", f"1–{{}} of {POLICIES}"),
    ],
)
async def test_a_clause_of_very_many_policies_has_a_light_page(
    get: Get, serve: Get, busy: Path, page: str, says: str
) -> None:
    """Counted bytes: below 200 KB; what is left out is counted and a link away, where all of it is."""
    with closing(sqlite3.connect(busy)) as conn:
        (sha,) = conn.execute("SELECT sha256 FROM clauses WHERE text = 'Seen two weeks ago'").fetchone()
    datasette = serve(busy)
    answer = await get(page.format(sha=sha[:12]), datasette=datasette)
    tree = LexborHTMLParser(answer.text)
    lines = tree.css("table.presence tbody tr")
    links = {node.attributes["href"] for node in tree.css(".intervals a")}
    everything = (await get(links.pop(), datasette=datasette)).json()

    assert answer.status_code == 200 and len(answer.content) < MOST and not links
    assert says.format(len(lines)) in " ".join(tree.body.text().split())
    for line in lines:
        stays, more = (
            [item for item in line.css(".intervals li") if not item.css("a")],
            line.css_first(".intervals a").parent,
        )
        assert len(stays) + int(more.text().split()[0]) == VERSIONS // 2
        assert len(line.css("rect.bar")) == len(stays) + 1
    told_of = next(value for key, value in everything.items() if key == "presences" or isinstance(value, list))
    assert len(told_of[0]["intervals"]) == VERSIONS // 2
