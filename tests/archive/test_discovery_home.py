"""A domain → its policies, through home pages of a small archive, over files and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harvest import pipeline
from harvest.archive import open_archive
from harvest.archive.discovery_home import Discovery, discover
from harvest.archive.warc import WarcArchive
from harvest.cli import main
from harvest.config import Settings
from harvest.corpus.queries_known import known_addresses
from harvest.corpus.store import Store
from harvest.errors import ArchiveError
from harvest.model import Listing
from harvest.simulator import serve

SITE = "http://www.brook.example"
CLAUSES = [
    f"Brook Ltd keeps record number {number} of what you order from us, for as long as the tax office asks"
    " us to keep such records, and hands it to nobody who is not needed to bring you your parcel."
    for number in range(6)
]


OTHERS = [
    "Anyone may now look at everything that visitors leave behind, since the new owners see no harm in showing it.",
    "Names, streets, birthdays and habits travel to wherever our partners run their computers, on any continent.",
    "Should you mind, close the window; by reading as far as this line you have agreed to whatever we think of next.",
]


def _policy(*numbers: int, clauses: list[str] = CLAUSES) -> bytes:
    items = "".join(f"<p>{clauses[number]}</p>" for number in numbers)
    return f"<html><title>Privacy</title><body><h1>Privacy policy</h1>{items}</body></html>".encode()


def _home(links: str) -> bytes:
    return f"<html><title>Brook</title><body><p>Welcome to Brook.</p>{links}</body></html>".encode()


def _at(year: int, path: str, body: bytes, **more: Any) -> dict[str, Any]:
    return {"url": f"{SITE}{path}", "at": f"{year}-04-01T11:32:13Z", "body": body, **more}


def _moved(year: int, path: str, to: str) -> dict[str, Any]:
    return _at(year, path, b"", status="301 Moved Permanently", headers=[("Location", f"{SITE}{to}")])


def _homes(years: range, links: str) -> list[dict[str, Any]]:
    return [_at(year, "/", _home(f"<!-- {year} -->{links}")) for year in years]


# Frames until 2002, then an address that redirects to the next, then one that shares the text, then a new policy.
SITE_PAGES = [
    *[_at(year, "/", b'<frameset><frame src="top.htm"><frame src="foot.htm"></frameset>') for year in (2000, 2001)],
    *[_at(year, "/foot.htm", _home('<a href="priv.htm">Privacy</a>')) for year in (2000, 2001)],
    *_homes(range(2002, 2006), '<a href="/privacy.html">Privacy Policy</a> <a href="/terms.html">Terms of Use</a>'),
    *_homes(
        range(2006, 2010), '<a href="/legal/">Legal</a> <a href="/blog/privacy-in-2008-and-why">Privacy in 2008</a>'
    ),
    *_homes(range(2010, 2013), '<a href="/agreement">Privacy Notice</a>'),
    _at(2006, "/legal/", _home('<a href="privacy">Privacy</a>')),
    *[_at(year, "/priv.htm", _policy(0, 1, 2)) for year in (2000, 2001)],
    _moved(2003, "/priv.htm", "/privacy.html"),
    *[_at(year, "/privacy.html", _policy(0, 1, 2, 3)) for year in (2002, 2004, 2005)],
    *[_at(year, "/legal/privacy", _policy(0, 1, 2, 3, 4)) for year in (2006, 2008)],
    *[_at(year, "/agreement", _policy(0, 1, 2, clauses=OTHERS)) for year in (2010, 2012)],
    _at(2004, "/terms.html", _policy(5)),
]


@pytest.fixture
def warc(write_warc: Callable[..., Path], tmp_path: Path) -> Path:
    """Write a site that moved its policy twice and replaced it once."""
    return write_warc(tmp_path / "brook.warc.gz", SITE_PAGES)


@pytest.fixture
def server(warc: Path) -> Iterator[str]:
    """Serve it as a Wayback Machine."""
    with serve([warc]) as simulator:
        yield simulator.url


def _named(found: Discovery) -> dict[str, list[str]]:
    return {
        f"{policy.kind}:{policy.label}": [url.removeprefix(SITE) for url, _ in policy.urls] for policy in found.policies
    }


FOUND = {
    "privacy:": ["/priv.htm", "/privacy.html", "/legal/privacy"],
    "privacy:agreement": ["/agreement"],
    "terms:": ["/terms.html"],
}


def test_a_site_is_followed_through_its_addresses(warc: Path) -> None:
    """Frames, a hub, a redirect and a shared text; what shares nothing is another policy."""
    found = discover(WarcArchive(warc, Settings()), "brook.example")

    assert _named(found) == FOUND
    assert [seam.evidence for seam in found.policies[0].seams] == ["redirect", "similar text"]
    assert found.pages == 13
    assert not found.trouble


def test_an_archive_over_http_gives_the_same(server: str, warc: Path) -> None:
    """Only exact addresses are asked for, and few of them."""
    archive = open_archive(server, Settings())
    found = discover(archive, "brook.example")
    archive.close()

    assert _named(found) == FOUND
    assert found.policies[0].why(f"{SITE}/priv.htm") == (f"linked from {SITE}/ as “Privacy”, 2000-04 to 2001-04")


def test_a_host_is_harvested_from_a_live_archive(server: str, tmp_path: Path) -> None:
    """`run HOST` discovers, records the evidence, and harvests; the next run asks for nothing twice."""
    with Store.open(tmp_path / "a.db") as store:
        archive = open_archive(server, Settings())
        report = pipeline.run(store, archive, ["brook.example"], kind="privacy")
        archive.close()

        assert report.ok, report
        assert [policy.name for policy in report.policies] == [
            "brook.example/privacy",
            "brook.example/privacy:agreement",
        ]
        assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (4,)
        why = {item.url.removeprefix(SITE): item.why for item in known_addresses(store.conn, "brook.example")}
        assert why["/privacy.html"].endswith("redirected to http://www.brook.example/privacy.html, captured 2003-04-01")
        assert "share 100% of their text" in why["/legal/privacy"]


def test_a_site_that_leads_to_nothing_is_refused_clearly(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """The message says what was read and asks for a URL."""
    path = write_warc(
        tmp_path / "bare.warc.gz", _homes(range(2001, 2004), '<a href="/news/privacy-law">New privacy law</a>')
    )
    with serve([path]) as simulator, Store.open(tmp_path / "a.db") as store:
        archive = open_archive(simulator.url, Settings())
        report = pipeline.run(store, archive, ["brook.example"])
        archive.close()

    assert (
        "the 3 archived home pages of brook.example that were read (2001 to 2003) lead to no policy" in report.errors[0]
    )


def test_what_could_not_be_asked_is_not_nothing(warc: Path) -> None:
    """A home page whose listing is refused raises; it never looks like a site without a policy."""

    class Refusing(WarcArchive):
        def list_captures(self, url: str, **bounds: Any) -> Listing:
            """Refuse."""
            from datetime import UTC, datetime

            return Listing(self.name, url, datetime.now(UTC), "failed", message="status 503")

    with pytest.raises(ArchiveError, match="status 503"):
        discover(Refusing(warc, Settings()), "brook.example")


def test_usual_addresses_are_tried_last(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """Where no home page leads anywhere, exact addresses at which policies usually live are listed."""
    pages = [*_homes(range(2001, 2003), ""), _at(2002, "/privacy.html", _policy(1, 2))]
    found = discover(WarcArchive(write_warc(tmp_path / "u.warc.gz", pages), Settings()), "brook.example")

    assert _named(found) == {"privacy:": ["/privacy.html"]}
    assert found.policies[0].why(f"{SITE}/privacy.html").startswith("no home page leads to it")


def test_a_home_page_by_another_name_will_do(write_warc: Callable[..., Path], tmp_path: Path) -> None:
    """Some sites were only ever captured at index.html."""
    pages = [_at(2001, "/index.html", _home('<a href="pp.html">Privacy</a>')), _at(2001, "/pp.html", _policy(1))]
    found = discover(WarcArchive(write_warc(tmp_path / "i.warc.gz", pages), Settings()), "brook.example")

    assert _named(found) == {"privacy:": ["/pp.html"]}


@pytest.fixture
def harvest(tmp_path: Path) -> Callable[..., Result]:
    """Return a function that runs a command on a corpus of its own."""
    return lambda *arguments: CliRunner().invoke(main, [*arguments, "-d", str(tmp_path / "corpus.db")])


def test_discoveries_are_printed_saved_and_reviewed(harvest: Callable[..., Result], warc: Path) -> None:
    """A table for people, JSON for machines; `--save` records, `--review` asks nothing."""
    shown = harvest("discover", "www.brook.example", "--archive", str(warc))
    told = json.loads(harvest("discover", "brook.example", "--archive", str(warc), "--json", "--save").stdout)
    review = harvest("discover", "brook.example", "--review")

    assert "brook.example/privacy" in shown.stdout
    assert "redirected to" in shown.stdout
    assert told["policies"][0]["name"] == "brook.example/privacy"
    assert told["policies"][0]["urls"][0]["evidence"][0]["words"] == "Privacy"
    assert review.exit_code == 0
    assert "share 100% of their text" in review.stdout
    assert harvest("discover", "nowhere.example", "--archive", str(warc)).exit_code == 1
    assert harvest("discover", "brook").exit_code == 2
