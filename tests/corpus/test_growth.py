"""What a question costs grows with its answer, not with the corpus: counted in steps of SQLite, not in seconds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import yaml

from harvest.corpus import queries
from harvest.corpus.audit import audit
from harvest.corpus.queries_model import PolicyRef
from harvest.corpus.queries_status import status
from harvest.corpus.store import Store
from harvest.engine import Serial
from harvest.exchange.git_layouts import Place
from harvest.exchange.histories import Filing, Sighted
from harvest.pipeline_history import HistoryImport

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
SCALES = (1, 3, 10)
SITES, VERSIONS = 10, 4
QUESTIONS = yaml.safe_load((Path(__file__).parents[2] / "metadata.yaml").read_text())["databases"]["corpus"]["queries"]
HERONS = 3
"""Sites, at any scale, whose policy speaks of herons."""


class Sites:
    """A history of invented nurseries, all alike but for their names and numbers; the first few keep herons."""

    archive = "git:nurseries"
    self_describing = False

    def __init__(self, sites: int, *, first: int = 0) -> None:
        self._numbers = range(first, first + sites)

    def warnings(self) -> tuple[str, ...]:
        return ()

    def damage(self) -> tuple[str, ...]:
        return ()

    def filings(self) -> list[Filing]:
        return [Filing(n, Place(f"nursery{n}.example", "privacy", ""), VERSIONS) for n in self._numbers]

    def sightings(self, filing: Filing) -> list[Sighted]:
        start = EPOCH + timedelta(hours=filing.number)
        return [
            Sighted(filing.place, start + timedelta(days=500 * v), f"{filing.number}-{v}", f"git:{filing.number}")
            for v in range(VERSIONS)
        ]

    def read(self, sighted: Sighted, *, most: int) -> bytes:
        site, version = map(int, sighted.content.split("-"))
        heron = "A blue heron watches every order that is placed with us from the reeds." if site < HERONS else ""
        return (
            f"# Privacy\n\n## Orders\n\nNursery {site} keeps your order for {version + 2} years and a day.\n\n"
            f"Every parcel number {site} leaves our yard before the frost of the month of {version + 1} parcels.\n\n"
            f"## Birds\n\nThe birds of nursery {site} are counted each spring by a person who likes them. {heron}\n"
        ).encode()


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The same corpus at three scales."""
    made = {}
    for scale in SCALES:
        made[scale] = tmp_path_factory.mktemp("growth") / f"{scale}.db"
        with Store.open(made[scale], clock=lambda: EPOCH) as store:
            take_in(store, Sites(SITES * scale))
    return made


def take_in(store: Store, sites: Sites) -> None:
    """Import and settle."""
    run_id = store.begin_run("import")
    HistoryImport(store, sites, engine=Serial(), run_id=run_id, tell=lambda event: None).go()
    store.settle()


def steps(path: Path, ask: Callable[[sqlite3.Connection], object]) -> int:
    """Return how many instructions SQLite's machine ran for a question, to the nearest ten."""
    conn = sqlite3.connect(path)
    try:
        return counted(conn, lambda: ask(conn))
    finally:
        conn.close()


def counted(conn: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Return how many instructions a piece of work had SQLite's machine run, to the nearest ten."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 10
        return 0

    conn.set_progress_handler(tick, 10)
    work()
    conn.set_progress_handler(None, 10)
    return count


def counted_in_copies(
    corpora: dict[int, Path], folder: Path, prepare: Callable[[Store, int], Callable[[], object]]
) -> dict[int, int]:
    """Return by scale what the work takes that *prepare* returns, each in a copy of its corpus."""
    found = {}
    for scale in SCALES:
        path = folder / f"{scale}.db"
        shutil.copyfile(corpora[scale], path)
        with Store.open(path, clock=lambda: EPOCH) as store:
            found[scale] = counted(store.conn, prepare(store, scale))
    return found


def _policy(conn: sqlite3.Connection) -> PolicyRef:
    return queries.resolve_policy(conn, "nursery1.example")


FEW = {
    "phrase": lambda conn: queries.phrase(conn, "blue heron"),
    "search": lambda conn: queries.search(conn, "blue heron"),
    "search added": lambda conn: queries.search(conn, "blue heron", where="added"),
    "search removed": lambda conn: queries.search(conn, "blue heron", where="removed"),
    "changes": lambda conn: queries.changes(conn, limit=10),
    "changes of a rare tier": lambda conn: queries.changes(conn, tier="rewrite"),
    "changes of a site": lambda conn: queries.changes(conn, site="nursery1.example"),
    "timeline": lambda conn: queries.timeline(conn, _policy(conn)),
    "version": lambda conn: queries.version_as_of(conn, _policy(conn), EPOCH + timedelta(days=900)),
    "blame": lambda conn: queries.blame(conn, _policy(conn), EPOCH + timedelta(days=900)),
    "section": lambda conn: queries.section_history(conn, _policy(conn), "birds"),
}
MANY = {
    "phrase": lambda conn: queries.phrase(conn, "leaves our yard"),
    "search": lambda conn: queries.search(conn, "leaves our yard"),
    "search added": lambda conn: queries.search(conn, "order for 4 years", where="added"),
    "search removed": lambda conn: queries.search(conn, "order for 3 years", where="removed"),
    "status": status,
    "audit": audit,
}


@pytest.mark.parametrize("name", FEW)
def test_an_answer_that_stays_costs_what_it_did(name: str, corpora: dict[int, Path]) -> None:
    """In a corpus ten times as large the same rows are found by about the same steps."""
    small, _, large = (steps(corpora[scale], FEW[name]) for scale in SCALES)

    assert large <= 1.5 * small + 200


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_costs_no_more_than_the_corpus_grows(name: str, corpora: dict[int, Path]) -> None:
    """Questions that Datasette offers: ten times the corpus, and at most about ten times the steps for each."""

    def ask(conn: sqlite3.Connection) -> object:
        # words that every nursery says, where a question asks for some
        given = dict.fromkeys(QUESTIONS[name].get("params", ()), "") | {"phrase": "parcel", "site": "nursery1.example"}
        return conn.execute(QUESTIONS[name]["sql"], given).fetchall()

    small, _, large = (steps(corpora[scale], ask) for scale in SCALES)

    assert large <= 10 * 1.5 * small


@pytest.mark.parametrize("name", MANY)
def test_an_answer_that_grows_costs_no_more_than_it_grows(name: str, corpora: dict[int, Path]) -> None:
    """Ten times the matches take at most about ten times the steps."""
    small, middle, large = (steps(corpora[scale], MANY[name]) for scale in SCALES)

    assert middle <= 3 * 1.3 * small
    assert large <= 10 * 1.3 * small


def test_the_trend_of_a_rare_term_costs_what_it_did(
    corpora: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times the policies, of which as many say it: what they are counted out of is kept and not counted anew."""
    monkeypatch.setattr("harvest.corpus.half_year_counts._MANY", 0)

    def prepare(store: Store, scale: int) -> Callable[[], object]:
        store.settle()
        return lambda: queries.trends(store.conn, ["blue heron"])

    found = counted_in_copies(corpora, tmp_path, prepare)

    assert found[10] <= 1.3 * found[1]


def test_one_more_policy_costs_what_it_did(corpora: dict[int, Path], tmp_path: Path) -> None:
    """Ten times the corpus, and a new policy is written, compared, linked and judged by about the same steps."""
    found = counted_in_copies(corpora, tmp_path, lambda store, _: lambda: take_in(store, Sites(1, first=900)))

    assert found[10] <= 1.3 * found[1]


def test_one_more_policy_is_derived_anew_for_what_it_did(corpora: dict[int, Path], tmp_path: Path) -> None:
    """As after a change of the rules: the same for a policy, however many there are."""
    found = counted_in_copies(corpora, tmp_path, lambda store, _: partial(store.rebuild, _policy(store.conn).id))

    assert found[10] <= 1.3 * found[1]


class Busy(Sites):
    """The same nurseries, with so many versions within one half-year."""

    def __init__(self, sites: int, versions: int) -> None:
        super().__init__(sites)
        self._versions = versions

    def filings(self) -> list[Filing]:
        return [replace(filing, captures=self._versions) for filing in super().filings()]

    def sightings(self, filing: Filing) -> list[Sighted]:
        return [
            Sighted(filing.place, EPOCH + timedelta(days=v, hours=filing.number), f"{filing.number}-{v}", "git:busy")
            for v in range(self._versions)
        ]


def test_a_trend_is_counted_out_of_policies_not_versions(tmp_path: Path) -> None:
    """With ten times the versions in the same half-years the same trend takes the same steps."""
    found, told = {}, {}
    for versions in (4, 40):
        path = tmp_path / f"{versions}.db"
        with Store.open(path, clock=lambda: EPOCH) as store:
            take_in(store, Busy(SITES, versions))
            told[versions] = queries.trends(store.conn, ["blue heron"])
        found[versions] = steps(path, lambda conn: queries.trends(conn, ["blue heron"]))

    assert found[40] <= 1.1 * found[4]
    assert told[40] == told[4]
    assert [(half.policies, half.texts) for half in told[4].halves] == [(SITES, SITES)]
    assert [(count.policies, count.texts) for count in told[4].terms[0].counts] == [(HERONS, HERONS)]


def test_the_newest_change_is_found_from_the_end(tmp_path: Path) -> None:
    """With ten times the versions of each policy those that changed last are found by the same steps."""
    found = {}
    for versions in (4, 40):
        path = tmp_path / f"{versions}.db"
        with Store.open(path, clock=lambda: EPOCH) as store:
            take_in(store, Busy(SITES, versions))
            store.conn.execute("UPDATE transitions SET kind = 'change'")  # of a site a day they pass for its noise
        found[versions] = steps(path, lambda conn: queries.overview(conn, order="changed", offset=SITES))

    assert found[40] <= 1.1 * found[4]


def test_what_is_unused_goes_in_one_reading(corpora: dict[int, Path], tmp_path: Path) -> None:
    """Ten times the changes, and ten times the reasons that none gives: ten times the steps, not a hundred."""

    def prepare(store: Store, scale: int) -> Callable[[], object]:
        more = [(f"a reason that nothing has, number {n}",) for n in range(SITES * scale)]
        store.conn.executemany("INSERT INTO reasons (reason) VALUES (?)", more)
        return store.drop_unused

    found = counted_in_copies(corpora, tmp_path, prepare)

    assert found[10] <= 10 * 1.3 * found[1]
