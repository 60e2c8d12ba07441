"""A run: from a target to rows that account for every capture, whatever happens on the way."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from harvest import pipeline
from harvest.archive import Archive
from harvest.archive.session import ArchiveSession
from harvest.archive.warc import WarcArchive
from harvest.archive.wayback import WaybackArchive
from harvest.clock import SharedClock
from harvest.config import Rate, Settings
from harvest.corpus.store import Store
from harvest.errors import RateLimited, Unreachable
from harvest.model import Capture, Listing, Outcome, RawPage
from harvest.pipeline_events import Event
from harvest.simulator import serve
from harvest.targets import Target

SITE = "http://www.brook.example"
OLD, NEW = f"{SITE}/privacy.html", f"{SITE}/legal/your-data"


def _policy(*clauses: str) -> bytes:
    items = "".join(f"<p>{clause}</p>" for clause in clauses)
    return f"<html><head><title>Brook privacy</title></head><body><h1>Privacy policy</h1>{items}</body></html>".encode()


BASE = (
    "Brook Ltd collects the name and the address that you type into the order form on this site.",
    "We keep orders for seven years because the tax office asks us to, and no longer than that.",
    "Nothing of it is sold, lent or given to anybody who is not needed to bring you your parcel.",
)
FIRST, SECOND = _policy(*BASE), _policy(*BASE, "Since the spring we also count visits, without knowing who you are.")


def _page(year: int, body: bytes = FIRST, url: str = OLD, **more: Any) -> dict[str, Any]:
    return {"url": url, "at": f"{year}-04-01T11:32:13Z", "body": body, **more}


def _moved(year: int, to: str = NEW, url: str = OLD) -> dict[str, Any]:
    return _page(year, b"", url, status="301 Moved Permanently", headers=[("Location", to)])


HISTORY = [
    _page(2001),
    _page(2002),
    _page(2003, SECOND),
    _page(2004, b"<html><h1>Not Found</h1></html>", status="404 Not Found"),
    _page(2005, SECOND),
    _moved(2006),
    _moved(2008),
    _page(2006, SECOND, NEW),
    _page(2007, SECOND, NEW),
    _page(
        2009, _policy(*BASE[:2], "Everything we know may be used by our partners in any way that they see fit."), NEW
    ),
    _page(1999, FIRST, NEW),
    _page(2003, url=f"{SITE}/logo.gif", body=b"GIF89a", mime="image/gif"),
]


@pytest.fixture
def warc(write_warc: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes pages into a WARC file."""
    return lambda *pages: write_warc(tmp_path / "brook.warc.gz", pages or HISTORY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open an empty corpus."""
    with Store.open(tmp_path / "corpus.db") as store:
        yield store


def _outcomes(store: Store) -> dict[str, str]:
    rows = store.conn.execute("SELECT url, substr(timestamp, 1, 4), outcome FROM captures ORDER BY 2, 1")
    return {f"{url.removeprefix(SITE)} {year}": outcome for url, year, outcome in rows}


def _content(store: Store) -> list[tuple[Any, ...]]:
    """Everything a run leaves behind, without ids and times of asking."""
    return store.conn.execute(
        """SELECT s.host, p.kind, p.label, c.url, c.timestamp, c.statuscode, c.digest, c.outcome, c.reason, c.page_kind,
                  c.landed_timestamp, b.sha256, t.sha256, v.number, v.not_before, v.gone_by
           FROM captures c JOIN policies p ON p.id = c.policy_id JOIN sites s ON s.id = p.site_id
           LEFT JOIN bodies b ON b.id = c.body_id LEFT JOIN texts t ON t.id = c.text_id
           LEFT JOIN versions v ON v.id = c.version_id ORDER BY 1, 2, 3, 4, 5, 6, 7"""
    ).fetchall()


def _without_twins(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Leave out which of two captures with equal bytes was asked for, and what only that one is told of."""
    return [(*row[:7], "fetched", *row[10:]) if row[7] in ("fetched", "duplicate") else row for row in rows]


def _urls(store: Store) -> list[tuple[str, str, str]]:
    rows = store.conn.execute("SELECT url, evidence, coalesce(valid_from, '') FROM policy_urls ORDER BY url")
    return [(url.removeprefix(SITE), evidence, since[:10]) for url, evidence, since in rows]


# --- targets -------------------------------------------------------------------------------------------------


def test_a_url_is_followed_where_it_moved(store: Store, warc: Callable[..., Path]) -> None:
    """The new address is listed from the last page of the old one on, with the redirect as evidence."""
    report = pipeline.run(store, WarcArchive(warc(), Settings()), [OLD])

    assert report.ok, report
    assert _urls(store) == [("/legal/your-data", "redirect", "2005-04-01"), ("/privacy.html", "given", "")]
    assert _outcomes(store) == {
        "/privacy.html 2001": "fetched",
        "/privacy.html 2002": "duplicate",
        "/privacy.html 2003": "fetched",
        "/privacy.html 2004": "error-page",
        "/privacy.html 2005": "duplicate",
        "/privacy.html 2006": "redirect",
        "/legal/your-data 2006": "fetched",
        "/legal/your-data 2007": "duplicate",
        "/privacy.html 2008": "redirect",
        "/legal/your-data 2009": "fetched",
    }
    assert store.conn.execute("SELECT count(DISTINCT text_id) FROM versions").fetchone() == (3,)


def test_a_host_means_its_pages_in_a_file(store: Store, warc: Callable[..., Path]) -> None:
    """Every HTML page is accounted for, the image is none of them."""
    report = pipeline.run(store, WarcArchive(warc(), Settings()), ["brook.example"])

    assert report.ok, report
    assert len(_outcomes(store)) == 11
    assert [policy.name for policy in report.policies] == ["brook.example/privacy"]


def test_no_target_means_all_of_a_file(store: Store, warc: Callable[..., Path]) -> None:
    """Pages of every kind become policies; *kind* narrows them."""
    path = warc(*HISTORY, _page(2003, url=f"{SITE}/terms"), _page(2003, url="http://creek.example/privacy"))
    report = pipeline.run(store, WarcArchive(path, Settings()), [], kind="privacy")

    assert [policy.name for policy in report.policies] == ["brook.example/privacy", "creek.example/privacy"]


def test_a_subdomain_is_found_under_its_host(store: Store, warc: Callable[..., Path]) -> None:
    """The policy belongs to the site of its address; the host that was asked for points at it."""
    path = warc(_page(2003, url="http://legal.brook.example/privacy"))
    pipeline.run(store, WarcArchive(path, Settings()), ["brook.example"])

    linked = "SELECT o.host, s.host FROM site_policies sp JOIN sites o ON o.id = sp.site_id"
    linked += " JOIN policies p ON p.id = sp.policy_id JOIN sites s ON s.id = p.site_id"
    assert store.conn.execute(linked).fetchall() == [("brook.example", "legal.brook.example")]


def test_two_addresses_are_two_policies_until_something_joins_them(store: Store, warc: Callable[..., Path]) -> None:
    """The same in one command and in two."""
    archive = WarcArchive(warc(_page(2003), _page(2003, url=f"{SITE}/shop/privacy.html")), Settings())
    report = pipeline.run(store, archive, [OLD, f"{SITE}/shop/privacy.html"])
    again = [pipeline.run(store, archive, [url]) for url in (f"{SITE}/shop/privacy.html", OLD)]

    assert [policy.name for policy in report.policies] == [
        "brook.example/privacy",
        "brook.example/privacy:shop-privacy",
    ]
    assert [policy.name for run in again for policy in run.policies] == [
        "brook.example/privacy:shop-privacy",
        "brook.example/privacy",
    ]


def test_a_target_with_further_addresses_is_one_policy(store: Store, warc: Callable[..., Path]) -> None:
    """A person's word joins what no redirect does."""
    archive = WarcArchive(warc(_page(2003), _page(2004, SECOND, f"{SITE}/data")), Settings())
    report = pipeline.run(store, archive, [Target(OLD, "privacy", "eu", (f"{SITE}/data",))])

    assert [policy.name for policy in report.policies] == ["brook.example/privacy:eu"]
    assert len(_outcomes(store)) == 2


@pytest.mark.parametrize(
    ("target", "message"),
    [
        pytest.param("creek.example", "it holds pages of: www.brook.example", id="host-not-in-the-file"),
        pytest.param(
            "http://creek.example/privacy", "has no capture of http://creek.example/privacy", id="unknown-url"
        ),
        pytest.param("nonsense", "write a host such as", id="no-host"),
        pytest.param("http://", "is no", id="no-url"),
    ],
)
def test_targets_that_mean_nothing_are_said(store: Store, warc: Callable[..., Path], target: str, message: str) -> None:
    """The others are harvested, the message says what to do, and the corpus stays free of what does not exist."""
    report = pipeline.run(store, WarcArchive(warc(), Settings()), [target, OLD])

    assert not report.ok
    said = [*report.errors, *(error for policy in report.policies for error in policy.errors)]
    assert any(message in error for error in said), said
    assert store.conn.execute("SELECT host FROM sites").fetchall() == [("brook.example",)]
    assert store.conn.execute("SELECT outcome FROM runs").fetchall() == [("failed",)]


# --- economy -------------------------------------------------------------------------------------------------


class Asked:
    """An archive that remembers what it was asked for, and fails on request."""

    is_local = False
    patience_s = 0.0
    at_once = 1

    def __init__(self, archive: Archive, trouble: Callable[[Capture, int], RawPage | None] | None = None) -> None:
        self.name = archive.name
        self._archive = archive
        self._trouble = trouble
        self.fetched: list[str] = []
        self.listed: list[str] = []
        self.bad_listings = 0

    def list_captures(self, url: str, **bounds: Any) -> Listing:
        self.listed.append(url.removeprefix(SITE))
        if self.bad_listings:
            self.bad_listings -= 1
            return Listing(self.name, url, datetime.now(UTC), "failed", message="status 504")
        return self._archive.list_captures(url, **bounds)

    def fetch(self, capture: Capture) -> RawPage:
        self.fetched.append(capture.timestamp[:4])
        trouble = self._trouble(capture, len(self.fetched)) if self._trouble else None
        return trouble or self._archive.fetch(capture)

    def concurrency(self) -> int:
        return self.at_once

    def find_policies(self, host: str | None) -> Any:
        return self._archive.find_policies(host)

    def warnings(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        """Nothing is open."""


def test_known_bytes_and_listed_errors_are_not_asked_for(store: Store, warc: Callable[..., Path]) -> None:
    """Six of ten captures need a request: the others are settled by their digest or their status."""
    archive = Asked(WarcArchive(warc(), Settings()))
    pipeline.run(store, archive, [OLD])

    assert sorted(archive.fetched) == ["2001", "2003", "2006", "2006", "2008", "2009"]


def test_what_is_known_is_not_asked_for_again(store: Store, warc: Callable[..., Path]) -> None:
    """A second run lists both addresses and fetches nothing; the corpus is the same."""
    archive = Asked(WarcArchive(warc(), Settings()))
    pipeline.run(store, archive, [OLD])
    before, archive.fetched, archive.listed = _content(store), [], []
    pipeline.run(store, archive, [OLD])

    assert (archive.fetched, archive.listed) == ([], ["/privacy.html", "/legal/your-data"])
    assert _content(store) == before


def test_captures_not_chosen_are_settled_where_it_costs_nothing(store: Store, warc: Callable[..., Path]) -> None:
    """With one capture a year of twelve, those with the same bytes still say how long the text was there."""
    pages = [
        {**_page(2001, FIRST if month < 6 else SECOND), "at": f"2001-{month:02}-15T00:00:00Z"} for month in range(1, 13)
    ]
    report = pipeline.run(store, WarcArchive(warc(*pages), Settings()), [OLD], every="1y")

    assert report.outcomes == {"fetched": 2, "duplicate": 10}


def test_what_was_skipped_is_fetched_when_asked_for(store: Store, warc: Callable[..., Path]) -> None:
    """A coarse run first and a full one later end where the full one alone ends."""
    pages = [
        {
            **_page(2001, _policy(*BASE, f"Revision of the month of {month}, as ever.")),
            "at": f"2001-{month:02}-15T00:00:00Z",
        }
        for month in range(1, 13)
    ]
    archive = WarcArchive(warc(*pages), Settings())
    pipeline.run(store, archive, [OLD], every="1y")
    coarse = _outcomes(store)
    skipped = store.conn.execute("SELECT count(*) FROM captures WHERE outcome = 'skipped' AND reason <> ''").fetchone()
    pipeline.run(store, archive, [OLD], every="all")

    assert len(coarse) == 1  # one year
    assert skipped == (10,)
    assert store.conn.execute("SELECT outcome, count(*) FROM captures GROUP BY 1").fetchall() == [("fetched", 12)]


def test_update_asks_for_what_is_new_alone(
    store: Store, write_warc: Callable[..., Path], tmp_path: Path, warc: Callable[..., Path]
) -> None:
    """Every known address is listed again in the archive it came from."""
    pipeline.run(store, WarcArchive(warc(*HISTORY[:5]), Settings()), [OLD])
    newer = WarcArchive(write_warc(tmp_path / "newer.warc.gz", [*HISTORY[:5], _page(2010, SECOND)]), Settings())
    names: list[str] = []
    report = pipeline.update(store, lambda name: names.append(name) or newer)  # type: ignore[func-returns-value]

    assert report.ok
    assert names == ["warc"]
    assert report.outcomes == {"duplicate": 1}


# --- trouble -------------------------------------------------------------------------------------------------


def test_a_failed_page_is_asked_for_again_at_the_end(store: Store, warc: Callable[..., Path]) -> None:
    """Slow pages are often there minutes later; what fails twice waits for the next run, and is said."""
    once = Asked(
        WarcArchive(warc(), Settings()),
        lambda capture, number: RawPage(capture, Outcome.FAILED, "timed out") if number == 2 else None,
    )
    assert pipeline.run(store, once, [OLD]).ok

    always = Asked(
        WarcArchive(warc(*HISTORY, _page(2011, b"<p>new")), Settings()),
        lambda capture, number: RawPage(capture, Outcome.FAILED, "timed out"),
    )
    report = pipeline.run(store, always, [OLD])

    assert not report.ok
    assert "1 capture could not be fetched" in report.policies[0].errors[0]
    assert len(store.pending()) == 1


def test_an_excluded_address_is_not_asked_for_again(store: Store, warc: Callable[..., Path]) -> None:
    """Exclusion is permanent: after the first refusal the other captures of the address are settled unasked."""
    archive = Asked(
        WarcArchive(warc(), Settings()), lambda capture, number: RawPage(capture, Outcome.EXCLUDED, "excluded")
    )
    report = pipeline.run(store, archive, [OLD])

    assert not report.ok
    assert len(archive.fetched) == 1
    assert set(_outcomes(store).values()) == {"excluded", "error-page"}


@pytest.mark.parametrize("number", [1, 3, 6])
@pytest.mark.parametrize("error", [Unreachable("refused"), RateLimited("429"), KeyboardInterrupt()], ids=repr)
def test_a_run_that_is_stopped_goes_on_where_it_was(
    store: Store, warc: Callable[..., Path], tmp_path: Path, number: int, error: BaseException
) -> None:
    """Whatever page it stops at: what was fetched is kept, and the next run ends where an undisturbed one ends."""

    def stop(capture: Capture, count: int) -> None:
        if count == number:
            raise error

    interrupted = Asked(WarcArchive(warc(), Settings()), stop)
    try:
        report = pipeline.run(store, interrupted, [OLD])
        assert report.stopped
    except KeyboardInterrupt:
        pass
    kept = sum(1 for outcome in _outcomes(store).values() if outcome == "fetched")
    archive = Asked(WarcArchive(warc(), Settings()))
    pipeline.run(store, archive, [OLD])

    with Store.open(tmp_path / "undisturbed.db") as undisturbed:
        pipeline.run(undisturbed, WarcArchive(warc(), Settings()), [OLD])
        assert _content(store) == _content(undisturbed)
        assert _urls(store) == _urls(undisturbed)
    assert len(archive.fetched) == 7 - number
    assert kept >= (number > 1)
    assert store.conn.execute("SELECT outcome FROM runs").fetchone()[0] in ("stopped", "interrupted")


def test_a_run_tells_what_it_does(store: Store, warc: Callable[..., Path]) -> None:
    """Displays and logs learn of every step; each page is told once, with its outcome."""
    events: list[Event] = []
    report = pipeline.run(store, WarcArchive(warc(), Settings()), [OLD], on_event=events.append)
    names = [event.name for event in events]

    assert names[:5] == ["run", "policy", "listed", "selected", "pending"]
    assert names[-2:] == ["policy-done", "done"]
    assert names.count("seam") == 1
    assert sum(report.outcomes.values()) == names.count("page") == 10


# --- through a server ----------------------------------------------------------------------------------------


def test_a_server_gives_what_the_file_gives(store: Store, warc: Callable[..., Path], tmp_path: Path) -> None:
    """Listing, playback, redirects and errors over HTTP end in the rows that the file itself ends in."""
    from harvest.archive import open_archive

    path = warc()
    with serve([path]) as server:
        archive = open_archive(server.url, name="warc")
        report = pipeline.run(store, archive, [OLD])
        archive.close()

    assert report.ok, report
    with Store.open(tmp_path / "file.db") as straight:
        pipeline.run(straight, WarcArchive(path, Settings()), [OLD])
        assert _content(store) == _content(straight)
        assert _urls(store) == _urls(straight)


def test_a_bare_host_on_a_server_is_refused_until_it_is_known(store: Store, warc: Callable[..., Path]) -> None:
    """The refusal asks for a URL; where the policy is in the corpus the host will do."""
    from harvest.archive import open_archive

    with serve([warc()]) as server:
        archive = open_archive(server.url)
        unknown = pipeline.run(store, archive, ["elm.example"])
        pipeline.run(store, archive, [OLD])
        known = pipeline.run(store, archive, ["brook.example"])
        archive.close()

    assert "name the URL" in unknown.errors[0]
    assert known.ok
    assert known.policies[0].name == "brook.example/privacy"


def test_killed_at_any_instant_it_ends_the_same(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """SIGKILL after so many steps, again and again: the corpus ends as if nothing had been."""
    pages = [
        {**_page(2001, _policy(*BASE, f"Amendment {number} of {number * 7} words, more or less.")), "at": at}
        for number in range(80)
        for at in [f"20{number // 12:02}-{number % 12 + 1:02}-01T00:00:00Z"]
    ]
    path = write_warc(tmp_path / "a.warc.gz", [*pages, *HISTORY[5:]])
    command = [sys.executable, "-m", "harvest", "run", "--archive", str(path), OLD, "--json", "-d"]
    for steps in (3, 66, 8, 91):  # while listing, after the first batch of pages, while fetching, after a seam
        killed = subprocess.Popen([*command, str(tmp_path / "killed.db")], stdout=subprocess.PIPE)
        assert killed.stdout is not None
        with killed.stdout:
            for _ in range(steps):
                killed.stdout.readline()
            killed.send_signal(signal.SIGKILL)
        killed.wait()
    subprocess.run([*command, str(tmp_path / "killed.db")], check=True, capture_output=True)

    with Store.open(tmp_path / "whole.db") as whole, Store.open(tmp_path / "killed.db") as harvested:
        pipeline.run(whole, WarcArchive(path, Settings()), [OLD])
        assert _content(harvested) == _content(whole)
        assert _urls(harvested) == _urls(whole)
        assert harvested.conn.execute("SELECT count(*) FROM runs WHERE outcome = 'running'").fetchone() >= (3,)


# The simulator's other kinds, and all of them mixed, are tried on the thread (tests/test_thread_faults.py).
PASSING = ["rate-limit", "retry-after", "unavailable", "empty-504", "truncated", "reset"]


@pytest.mark.parametrize("fault", [*PASSING, "mixed"])
def test_trouble_on_the_way_changes_nothing(
    store: Store, warc: Callable[..., Path], tmp_path: Path, clock: Any, fault: str
) -> None:
    """429 with and without a time, 5xx, cut bodies, resets, one by one and mixed: the corpus is the undisturbed one."""
    path = warc()
    names = PASSING if fault == "mixed" else [fault]
    free = {"listing": Rate(None), "memento": Rate(None)}
    with serve([path], faults=names, seed=5) as server:
        settings = Settings(attempts=2 * len(PASSING), clock=clock)
        session = ArchiveSession(settings, rates=free)
        archive = WaybackArchive(server.url, session, settings, name="warc")
        report = pipeline.run(store, archive, [OLD], settings=settings)
        archive.close()

    assert report.ok, report
    with Store.open(tmp_path / "undisturbed.db") as undisturbed:
        pipeline.run(undisturbed, WarcArchive(path, Settings()), [OLD])
        # a capture that failed at first may find its bytes in a later one meanwhile
        assert _without_twins(_content(store)) == _without_twins(_content(undisturbed))
        assert _urls(store) == _urls(undisturbed)


def test_a_meta_refresh_leads_on_as_a_redirect_does(store: Store, warc: Callable[..., Path]) -> None:
    """A stub has no text, and its target is the policy's next address."""
    stub = f'<html><head><meta http-equiv="refresh" content="0; url={NEW}"></head><body>Moved.</body></html>'.encode()
    pipeline.run(store, WarcArchive(warc(_page(2003), _page(2006, stub), _page(2007, SECOND, NEW)), Settings()), [OLD])

    assert _outcomes(store) == {
        "/privacy.html 2003": "fetched",
        "/privacy.html 2006": "no-text",
        "/legal/your-data 2007": "fetched",
    }
    assert _urls(store)[0] == ("/legal/your-data", "redirect", "2003-04-01")


def test_what_cannot_be_played_gives_way_to_the_next_nearest(store: Store, warc: Callable[..., Path]) -> None:
    """A target whose nearest capture is a hole in the archive still gets its page."""
    pages = [
        {
            **_page(2001, _policy(*BASE, f"Revision of the month of {month}, as ever.")),
            "at": f"2001-{month:02}-15T00:00:00Z",
        }
        for month in range(1, 13)
    ]
    hole = Asked(
        WarcArchive(warc(*pages), Settings()),
        lambda capture, number: (
            RawPage(capture, Outcome.UNPLAYABLE, "far away", landed_timestamp="20010315000000", landed_url=OLD)
            if capture.timestamp < "20010301"
            else None
        ),
    )
    report = pipeline.run(store, hole, [OLD], every="1y")
    fetched = "SELECT timestamp FROM captures WHERE outcome = 'fetched' ORDER BY 1"

    assert report.outcomes == {"unplayable": 1, "fetched": 2}
    assert store.conn.execute(fetched).fetchall() == [("20010315000000",), ("20011215000000",)]


@pytest.mark.parametrize("order", [1, -1])
def test_a_policy_that_gave_way_to_another_sites_stays_apart(
    store: Store, warc: Callable[..., Path], order: int
) -> None:
    """A company that was bought redirects to its buyer's policy: two policies, and a link between the sites."""
    buyer = "http://www.acorn.example/privacy"
    urls = [OLD, buyer][::order]
    path = warc(_page(2003), _moved(2006, buyer), _page(2002, SECOND, buyer), _page(2007, SECOND, buyer))
    pipeline.run(store, WarcArchive(path, Settings()), urls if order == 1 else [])
    linked = """SELECT o.host, s.host, sp.evidence FROM site_policies sp JOIN sites o ON o.id = sp.site_id
                JOIN policies p ON p.id = sp.policy_id JOIN sites s ON s.id = p.site_id"""

    assert store.conn.execute(linked).fetchall() == [("brook.example", "acorn.example", "redirect")]
    assert {(host, url) for host, url in store.conn.execute(
        "SELECT s.host, u.url FROM policy_urls u JOIN policies p ON p.id = u.policy_id JOIN sites s ON s.id = p.site_id"
    )} == {("brook.example", OLD), ("acorn.example", buyer)}  # fmt: skip


def test_update_goes_on_as_a_policy_was_harvested(store: Store, warc: Callable[..., Path]) -> None:
    """A policy taken once a year is not filled up by a nightly update."""
    pages = [
        {
            **_page(2001, _policy(*BASE, f"Revision of the month of {month}, as ever.")),
            "at": f"2001-{month:02}-15T00:00:00Z",
        }
        for month in range(1, 13)
    ]
    archive = WarcArchive(warc(*pages), Settings())
    pipeline.run(store, archive, [OLD], every="1y")

    assert pipeline.update(store, lambda name: archive).outcomes == {}
    assert pipeline.update(store, lambda name: archive, every="all").outcomes == {"fetched": 10}


@pytest.mark.parametrize(("times", "ok"), [(1, True), (2, False)])
def test_a_failed_listing_is_asked_for_again_at_the_end(
    store: Store, warc: Callable[..., Path], times: int, ok: bool
) -> None:
    """Could not ask is never nothing there: asked again it brings all rows, or the run says that it failed."""
    archive = Asked(WarcArchive(warc(), Settings()))
    archive.bad_listings = times
    report = pipeline.run(store, archive, [OLD])

    assert report.ok is ok
    assert bool(_outcomes(store)) is ok
    assert ok or "status 504" in report.trouble[0]


class Unruly(Asked):
    """An archive that answers several at a time, and in another order than it was asked."""

    at_once = 5

    def __init__(self, archive: Archive, clock: SharedClock, trouble: Any = None) -> None:
        super().__init__(archive, trouble)
        self._clock = clock

    def fetch(self, capture: Capture) -> RawPage:
        self._clock.sleep(sha256(capture.timestamp.encode()).digest()[0] / 10)
        return super().fetch(capture)


def test_several_pages_at_a_time_give_the_same_rows(store: Store, warc: Callable[..., Path], tmp_path: Path) -> None:
    """Twins, seams and versions are those of asking one after the other, and nothing is asked for twice."""
    clock = SharedClock(tmp_path / "clock")
    archive = Unruly(WarcArchive(warc(), Settings()), clock)
    pipeline.run(store, archive, [OLD], settings=Settings(clock=clock))

    with Store.open(tmp_path / "undisturbed.db") as undisturbed:
        serial = Asked(WarcArchive(warc(), Settings()))
        pipeline.run(undisturbed, serial, [OLD])
        assert _content(store) == _content(undisturbed)
        assert _urls(store) == _urls(undisturbed)
    assert sorted(archive.fetched) == sorted(serial.fetched)
    assert archive.fetched != serial.fetched


@pytest.mark.parametrize("number", [1, 4])
def test_what_was_under_way_when_the_archive_refused_is_kept(
    store: Store, warc: Callable[..., Path], tmp_path: Path, number: int
) -> None:
    """A page that came is stored, whatever became of those before it."""
    clock = SharedClock(tmp_path / "clock")

    def stop(capture: Capture, count: int) -> None:
        if count == number:
            raise RateLimited("429")

    report = pipeline.run(
        store, Unruly(WarcArchive(warc(), Settings()), clock, stop), [OLD], settings=Settings(clock=clock)
    )
    kept = store.conn.execute("SELECT count(*) FROM captures WHERE attempts > 0").fetchone()[0]
    pipeline.run(store, Asked(WarcArchive(warc(), Settings())), [OLD])

    assert report.stopped == "429"
    assert kept >= 2
    with Store.open(tmp_path / "undisturbed.db") as undisturbed:
        pipeline.run(undisturbed, WarcArchive(warc(), Settings()), [OLD])
        assert _content(store) == _content(undisturbed)
