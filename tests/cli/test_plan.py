"""`harvest plan`: what a run would ask for; nothing is fetched or stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from harvest.archive import open_archive
from harvest.corpus.store_opening import open_memory
from harvest.plan import plan
from harvest.simulator import Simulator, serve

Cli = Callable[..., Result]
URL = "http://www.orchard-press.example/privacy.html"


@pytest.fixture
def server(orchard_warc: Path) -> Iterator[Simulator]:
    """Serve the orchard as a Wayback Machine."""
    with serve([orchard_warc]) as simulator:
        yield simulator


def test_plan_counts_and_stores_nothing(cli: Cli, server: Simulator, tmp_path: Path) -> None:
    """One index query, five captures, four of them pages; no file is made."""
    db = tmp_path / "none.db"
    found = json.loads(cli("plan", URL, "--archive", server.url, "-d", db, "--json").stdout)

    assert (found["listings"], found["to_fetch"]) == (1, 4)
    assert found["policies"][0]["captures"] == 5
    assert not db.exists()


def test_time_follows_the_allowed_rate(server: Simulator) -> None:
    """24 index queries and 480 pages a minute; servers on this computer have no limit, so the plan says no time."""
    with closing(open_archive(server.url)) as here, closing(open_memory()) as conn:
        free = plan(conn, here, [URL])
        here.name = "wayback"  # the same server, taken for the real one
        limited = plan(conn, here, [URL])

    assert free.seconds == 0
    assert limited.seconds == pytest.approx(60 / 24 + 4 * 60 / 480)


def test_what_the_corpus_has_is_not_asked_again(cli: Cli, orchard_warc: Path, orchard: Path) -> None:
    """A harvested archive leaves nothing to fetch."""
    found = json.loads(cli("plan", "--archive", orchard_warc, "-d", orchard, "--json").stdout)

    assert found["to_fetch"] == 0
    assert found["policies"][0]["settled"] == 5


def test_refusals_are_status_1(cli: Cli, server: Simulator, tmp_path: Path) -> None:
    """A host that needs an address is refused with what to write."""
    result = cli("plan", "nobody.example", "--archive", server.url, "-d", tmp_path / "n.db", expect=1)

    assert "URL" in result.stderr
