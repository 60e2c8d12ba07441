"""Asking too fast: what the archive does about it, played through by a clock in which waiting takes no time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import requests

from harvest.archive.session import ArchiveSession
from harvest.clock import SharedClock
from harvest.config import Settings
from harvest.simulator import serve
from harvest.simulator.limits import Limits

INDEX = "/cdx/search/cdx?url=a.example"
PAGE = "/web/2001id_/http://a.example/"


class Seconds:
    """A clock for one test."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("path", "allowed"), [(INDEX, 30), (PAGE, 600), ("/web/timemap/json?url=a", 30)])
def test_a_minute_holds_so_many(path: str, allowed: int) -> None:
    """The index answers 30 times a minute, playback 600 times; then 429 until the minute has passed."""
    clock = Seconds()
    limits = Limits(clock)
    verdicts = Counter(limits.judge(path) for _ in range(allowed + 5))
    clock.now = 61.0

    assert verdicts == {"ok": allowed, "429": 5}
    assert limits.judge(path) == "ok"


def test_index_and_playback_are_counted_apart() -> None:
    """Who has used up the index may still read pages."""
    limits = Limits(Seconds())
    for _ in range(40):
        limits.judge(INDEX)

    assert limits.judge(PAGE) == "ok"


def test_who_goes_on_is_blocked_for_an_hour_then_for_two() -> None:
    """More than a minute of asking on after a 429 ends all answers; the next time it takes twice as long."""
    clock = Seconds()
    limits = Limits(clock)
    blocked_for = []
    for _ in range(2):
        while limits.judge(INDEX) != "blocked":
            clock.now += 1.0
        start = clock.now
        while limits.judge(PAGE) == "blocked":
            clock.now += 10.0
        blocked_for.append(clock.now - start)

    assert blocked_for == [3600.0, 7200.0]


def test_the_harvesters_session_is_never_refused(small_archive: Path, tmp_path: Path) -> None:
    """Two hundred listings at the default rate meet no 429, and take eight minutes by the shared clock."""
    clock = SharedClock(tmp_path / "clock")
    with serve([small_archive], faults=["limits"], clock=SharedClock(tmp_path / "clock")) as simulator:
        session = ArchiveSession(Settings(clock=clock))
        for number in range(200):
            session.get(f"{simulator.url}{INDEX}{number}", endpoint="listing")
        session.close()
        statuses = Counter(status for _, status in simulator.requests)

    assert statuses == {200: 200}
    assert 7 * 60 <= clock.now() - SharedClock.START <= 9 * 60


def test_an_impatient_client_is_cut_off(small_archive: Path, tmp_path: Path) -> None:
    """Without a limit of its own a client meets 429, then closed connections, for an hour of the shared clock."""
    clock = SharedClock(tmp_path / "clock")
    with serve([small_archive], faults=["limits"], clock=clock, fault_log=tmp_path / "log") as simulator:
        seen = []
        for _ in range(130):
            try:
                seen.append(requests.get(simulator.url + INDEX, timeout=10).status_code)
            except requests.ConnectionError:
                seen.append(0)
            clock.sleep(1.0)
        clock.sleep(3600.0)
        afterwards = requests.get(simulator.url + INDEX, timeout=10).status_code

    assert seen[:30] == [200] * 30
    assert seen[30] == 429
    assert seen[-1] == 0
    assert afterwards == 200
    assert len((tmp_path / "log").read_text().splitlines()) == 100


def test_a_shared_clock_is_one_clock(tmp_path: Path) -> None:
    """Two holders of the file see the same time; negative waits move nothing."""
    mine, yours = SharedClock(tmp_path / "clock"), SharedClock(tmp_path / "clock")
    mine.sleep(1.5)
    yours.sleep(2.0)
    yours.sleep(-5.0)

    assert mine.now() == yours.now() == SharedClock.START + 3.5
