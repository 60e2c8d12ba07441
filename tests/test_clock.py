"""A clock that processes share through a file: who works, who sleeps, and when time moves."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from harvest.clock import SharedClock, held


def test_time_waits_for_who_works(tmp_path: Path) -> None:
    """A sleeper wakes at his time, in the order of times, and not before who works lets go."""
    clock = SharedClock(tmp_path / "clock")
    woken: list[tuple[str, float]] = []

    def sleep(name: str, seconds: float) -> None:
        with held(clock):
            clock.sleep(seconds)
            woken.append((name, clock.now() - SharedClock.START))

    with held(clock):
        threads = [threading.Thread(target=sleep, args=pair) for pair in (("late", 3600.0), ("soon", 60.0))]
        for thread in threads:
            thread.start()
        while len(json.loads((tmp_path / "clock").read_text())["sleepers"]) < 2:
            threading.Event().wait(0.001)
        assert woken == []
    for thread in threads:
        thread.join()

    assert woken == [("soon", 60.0), ("late", 3600.0)]


def test_a_server_lets_its_client_wait(tmp_path: Path) -> None:
    """The client holds the clock for its request; the server, which does not, sleeps all the same."""
    client, server = SharedClock(tmp_path / "clock"), SharedClock(tmp_path / "clock")
    with held(client):
        server.sleep(30)

    assert client.now() == SharedClock.START + 30


def test_the_dead_hold_nothing(tmp_path: Path) -> None:
    """A process that was killed while it held the clock does not stop it."""
    (tmp_path / "clock").write_text('{"now": 100.0, "holds": {"999999999:1": 3}, "sleepers": {}, "stirred": 9e12}')
    clock = SharedClock(tmp_path / "clock")
    clock.sleep(5)

    assert clock.now() == 105
