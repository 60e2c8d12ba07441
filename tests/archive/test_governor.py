"""How fast an archive is asked: exact limits, shared by processes, and a breaker that outlives them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.archive.breaker import breakers_of
from harvest.archive.governor import Governor
from harvest.archive.governor_state import StateFile, state_folder
from harvest.clock import SharedClock
from harvest.config import Rate
from harvest.errors import RateLimited, StateUnusable, Unreachable

ARCHIVE = "archive.example"
START = 1_767_225_600.0
RATES = {"listing": Rate(24), "memento": Rate(480)}


class Hand:
    """A clock that is moved by hand, and by sleeping."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def hold(self) -> None:
        """Nobody else is there."""

    def release(self) -> None:
        """Nobody else is there."""


@pytest.fixture
def hand() -> Hand:
    """Return a clock that stands still."""
    return Hand()


@pytest.fixture
def govern(tmp_path: Path, hand: Hand) -> Callable[..., Governor]:
    """Return a function that makes another process's governor over the same state."""

    def make(**options: Any) -> Governor:
        rates = options.pop("rates", RATES)
        return Governor(StateFile.in_folder(tmp_path / "state"), ARCHIVE, rates, clock=hand, **options)

    return make


# --- limits --------------------------------------------------------------------------------------------------


def _most_in_a_minute(sent: list[float]) -> int:
    """Count the fullest sixty seconds, both ends included."""
    sent = sorted(sent)
    most, first = 0, 0
    for last, moment in enumerate(sent):
        while moment - sent[first] > 60:
            first += 1
        most = max(most, last - first + 1)
    return most


@given(st.integers(1, 30), st.lists(st.tuples(st.floats(0, 90), st.integers(0, 2)), max_size=90))
def test_no_sixty_seconds_hold_more_than_the_limit(limit: int, asked: list[tuple[float, int]]) -> None:
    """Whenever and in whichever of three processes one asks, no minute holds more, both its ends counted in."""
    clock, state = Hand(), StateFile(None)
    processes = [Governor(state, ARCHIVE, {"listing": Rate(limit)}, clock=clock) for _ in range(3)]
    sent = []
    for pause, who in asked:
        clock.time += pause
        sent.append(processes[who].wait("listing"))

    assert _most_in_a_minute(sent) <= limit


def test_a_restart_forgets_nothing(govern: Callable[..., Governor], hand: Hand) -> None:
    """What another process, now gone, has asked counts."""
    first = govern()
    for _ in range(24):
        first.wait("listing")
    first.close()
    began = hand.time

    assert govern().wait("listing") >= START + 60
    assert began < START + 20


def test_endpoints_are_counted_apart(govern: Callable[..., Governor], hand: Hand) -> None:
    """Who has used up the index may still read pages."""
    governor = govern()
    for _ in range(24):
        governor.wait("listing")
    used_up = hand.time
    governor.wait("memento")

    assert hand.time == used_up


def test_a_minute_is_not_spent_in_one_burst(govern: Callable[..., Governor], hand: Hand) -> None:
    """At no instant is asked more than four times as fast as on average."""
    governor = govern()
    for _ in range(121):
        governor.wait("memento")

    assert 3.5 <= hand.time - START <= 4


def test_two_processes_use_all_of_the_limit_and_no_more(tmp_path: Path) -> None:
    """Twenty threads of two processes on one simulated clock: full minutes, and never a fuller one."""
    sent: list[float] = []
    clocks = [SharedClock(tmp_path / "clock") for _ in range(2)]
    governors = [Governor(StateFile.in_folder(tmp_path), ARCHIVE, {"memento": Rate(60)}, clock=one) for one in clocks]

    def ask(governor: Governor, clock: SharedClock) -> None:
        for _ in range(15):
            sent.append(governor.wait("memento"))
            clock.sleep(7.3)
        clock.release()

    threads = []
    for number in range(20):
        clocks[number % 2].hold()
        threads.append(threading.Thread(target=ask, args=(governors[number % 2], clocks[number % 2])))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    whole = [moment for moment in sent if moment < SharedClock.START + 240]
    assert _most_in_a_minute(sent) <= 60
    assert len(whole) >= 0.95 * 240


# --- being told off ------------------------------------------------------------------------------------------


def test_a_429_holds_everybody_up_and_lowers_the_limit(govern: Callable[..., Governor], hand: Hand) -> None:
    """One process is told off; the other waits as well, and both ask more slowly from then on."""
    mine, yours = govern(), govern()
    mine.told_off(mine.wait("listing"), endpoint="listing", asked_s=None)
    resumed = yours.wait("listing")
    sent = [yours.wait("listing") for _ in range(60)]

    assert resumed >= START + 60
    assert _most_in_a_minute(sent) == 19


def test_429s_to_requests_under_way_count_once(govern: Callable[..., Governor]) -> None:
    """Sixteen pages that were asked for together are refused together: one telling-off."""
    governor = govern()
    sent = [governor.wait("memento") for _ in range(16)]
    for moment in sent:
        governor.told_off(moment, endpoint="memento", asked_s=None)

    assert breakers_of(governor._state)[0].strikes == 1


@pytest.mark.parametrize(("asked_s", "pauses"), [(None, [60, 120, 240, 480]), (5.0, [5, 10, 20, 40])])
def test_each_further_429_doubles_the_wait(
    govern: Callable[..., Governor], hand: Hand, asked_s: float | None, pauses: list[float]
) -> None:
    """Retry-After is honoured, and not believed twice."""
    governor = govern()
    waited = []
    for _ in pauses:
        sent_at = governor.wait("listing")
        governor.told_off(sent_at, endpoint="listing", asked_s=asked_s)
        before = hand.time
        governor.wait("listing")
        waited.append(round(hand.time - before))

    assert waited == pauses


def test_what_is_longer_than_a_run_waits_ends_it_and_is_kept(govern: Callable[..., Governor], hand: Hand) -> None:
    """The error says until when; a process started later is told the same at once; afterwards all is well."""
    governor = govern()
    governor.told_off(governor.wait("listing"), endpoint="listing", asked_s=3600)
    governor.close()

    for _ in range(2):
        with pytest.raises(RateLimited, match="until 2026-01-01 01:00 UTC") as caught:
            govern().wait("memento")
        assert caught.value.until == datetime(2026, 1, 1, 1, tzinfo=UTC)
    hand.time += 3601
    assert govern().wait("memento") == hand.time


def test_a_limit_that_fell_rises_slowly(govern: Callable[..., Governor], hand: Hand) -> None:
    """After a quarter of an hour a little of it is back, after hours all."""
    governor = govern()
    governor.told_off(governor.wait("memento"), endpoint="memento", asked_s=1)
    per_minute = []
    for pause in (2, 900, 5 * 900):
        hand.time += pause
        began = hand.time
        for _ in range(900):
            governor.wait("memento")
        per_minute.append(round(900 / ((hand.time - began) / 60)))

    assert per_minute[0] < per_minute[1] < per_minute[2] <= 900


def test_a_refused_connection_is_remembered_and_doubles(govern: Callable[..., Governor], hand: Hand) -> None:
    """An hour without a request, then two; an answer ends the row."""
    blocked = []
    for _ in range(2):
        governor = govern()
        breaker = governor.refused(governor.wait("memento"), "connection refused")
        assert breaker is not None
        blocked.append(breaker.until.timestamp() - hand.time)
        with pytest.raises(Unreachable, match="connection refused"):
            govern().wait("listing")
        hand.time += blocked[-1] + 1
    governor = govern()
    governor.wait("memento")
    governor.answered()

    assert blocked == [3600, 7200]
    assert breakers_of(governor._state) == ()


def test_an_outage_of_minutes_is_waited_for_by_all(govern: Callable[..., Governor], hand: Hand) -> None:
    """Silence is met with a minute of silence, then two; the run ends only when it goes on for half an hour."""
    governor, other = govern(), govern()
    pauses = []
    with pytest.raises(Unreachable, match="is left alone until"):
        for _ in range(9):
            governor.silent(governor.wait("memento"))
            before = hand.time
            other.wait("memento")
            pauses.append(round(hand.time - before))

    assert pauses == [60, 120, 240, 480]


# --- a state that is in trouble ------------------------------------------------------------------------------


def test_a_clock_set_back_locks_nobody_out(govern: Callable[..., Governor], hand: Hand) -> None:
    """A day back: the last minute still counts, and no more than that is waited for."""
    governor = govern()
    for _ in range(24):
        governor.wait("listing")
    hand.time -= 86_400
    began = hand.time
    governor.wait("listing")

    assert 30 <= hand.time - began <= 61


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + b"\xff" * 4_000], ids=repr)
def test_a_damaged_state_is_moved_aside_and_said(
    govern: Callable[..., Governor], tmp_path: Path, hand: Hand, content: bytes
) -> None:
    """Nobody knows what was asked in the last minute: it counts as used up."""
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "governor.sqlite").write_bytes(content)
    said: list[str] = []
    governor = govern(on_wait=lambda seconds, why: said.append(why))
    governor.wait("listing")

    assert (folder / "governor.sqlite.damaged-1").read_bytes() == content
    assert "damaged" in said[0]
    assert hand.time >= START + 60


def test_damage_meanwhile_is_survived(govern: Callable[..., Governor], tmp_path: Path) -> None:
    """The file is overwritten while the process runs."""
    governor = govern()
    governor.wait("listing")
    path = tmp_path / "state" / "governor.sqlite"
    path.write_bytes(b"rubbish" * (path.stat().st_size // 7 + 1))
    governor.wait("listing")

    assert (tmp_path / "state" / "governor.sqlite.damaged-1").exists()


def test_who_is_late_damages_nothing(govern: Callable[..., Governor], tmp_path: Path) -> None:
    """A thread that wakes after the end of the run asks nothing, and leaves the state alone."""
    governor = govern()
    governor.wait("listing")
    governor.close()
    with pytest.raises(StateUnusable):
        governor.wait("listing")

    assert [path.name for path in (tmp_path / "state").glob("*damaged*")] == []


def test_a_state_locked_for_good_stops_the_run(govern: Callable[..., Governor], tmp_path: Path) -> None:
    """Nothing is asked without the limits; the message names the file."""
    governor = govern()
    governor.close()
    holder = sqlite3.connect(tmp_path / "state" / "governor.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StateUnusable, match="locked by another process"):
        StateFile(tmp_path / "state" / "governor.sqlite", busy_s=0.05)
    holder.close()


def test_a_folder_that_cannot_be_made_leaves_limits_of_ones_own(tmp_path: Path, hand: Hand) -> None:
    """Cron without a home: the limits hold for this process, and that is said."""
    (tmp_path / "file").write_text("not a folder")
    said: list[str] = []
    state = StateFile.in_folder(tmp_path / "file" / "state")
    governor = Governor(state, ARCHIVE, RATES, clock=hand, on_wait=lambda seconds, why: said.append(why))
    sent = [governor.wait("listing") for _ in range(30)]

    assert _most_in_a_minute(sent) == 24
    assert "not shared with other processes" in said[0]


def test_the_state_has_a_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is given, else HARVEST_STATE, else the user's folder of states."""
    monkeypatch.setenv("HARVEST_STATE", str(tmp_path))

    assert state_folder("/given") == Path("/given")
    assert state_folder() == tmp_path
    monkeypatch.delenv("HARVEST_STATE")
    assert state_folder().name == "policy-harvest"
