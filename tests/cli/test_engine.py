"""Mapping pure stages over items: lazy, in order, the same by one process or several."""

from __future__ import annotations

import io
import itertools
import os
import pickle
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from operator import neg
from pathlib import Path

import pytest

from harvest.engine import Processes, Serial, open_engine
from harvest.engine_forked import _take, _Worker


@pytest.fixture
def others_do_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process do nothing while the others begin."""
    monkeypatch.setattr("harvest.engine._alone", lambda *given: iter(()))


@pytest.mark.parametrize("count", [0, 1, 8, 9, 120], ids=str)
@pytest.mark.usefixtures("others_do_all")
def test_processes_give_what_serial_gives(count: int) -> None:
    """Results come in the order of the items, however many processes there are."""
    expected = list(Serial().map(neg, range(count)))

    assert list(Processes(2).map(neg, range(count))) == expected


_WHO = "({}, __import__('os').getpid())"  # for `eval`, a function that other processes know without this file


def test_short_inputs_stay_in_this_process() -> None:
    """Starting another one takes longer than most commands do."""
    found = list(Processes(2).map(eval, [_WHO.format(item) for item in range(30)]))

    assert found == [(item, os.getpid()) for item in range(30)]


def test_this_process_works_until_the_others_have_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits while processes start; what comes afterwards is theirs, and no result is lost or doubled."""
    monkeypatch.setattr("harvest.engine._ALONE_S", 0.0)
    found = []
    for item, pid in Processes(2).map(eval, map(_WHO.format, itertools.count())):
        found.append((item, pid == os.getpid()))
        if not found[-1][1]:
            break

    assert found == [(item, item < len(found) - 1) for item in range(len(found))]
    assert len(found) > 1


@pytest.mark.usefixtures("others_do_all")
def test_workers_are_started_anew_after_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history of any length is read by processes that live for a part of it, and comes in its order."""
    monkeypatch.setattr("harvest.engine._ITEMS_OF_A_CREW", 4)

    found = list(Processes(2).map(eval, map(_WHO.format, range(10))))

    assert [item for item, _ in found] == list(range(10))
    crews = [{pid for _, pid in found[start : start + 4]} for start in (0, 4, 8)]
    assert not crews[0] & crews[1] and not crews[1] & crews[2]


@pytest.mark.usefixtures("others_do_all")
def test_workers_have_ended_when_the_last_result_is_taken() -> None:
    """A run counts the processor time of its workers as its own, and leaves none behind."""
    pids = set(Processes(2).map(eval, ["__import__('os').getpid()"] * 30))

    assert os.getpid() not in pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.usefixtures("others_do_all")
def test_workers_leave_an_interrupt_to_the_process_that_started_them() -> None:
    """A terminal sends Ctrl-C to all of them: each would print a traceback of its own."""
    interrupted = "(__import__('os').kill(__import__('os').getpid(), __import__('signal').SIGINT), 7)[1]"

    assert list(Processes(2).map(eval, [interrupted] * 6)) == [7] * 6


@pytest.mark.skipif(sys.platform != "linux", reason="asks glibc, which is on Linux")
def test_freed_memory_is_kept_for_the_next_page() -> None:
    """Some megabytes that were freed are not given back to the system, which would clear them each time."""
    script = (
        "import resource; from harvest.engine import collect_rarely; collect_rarely()\n"
        "faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "work = lambda: [b'x' * size for size in range(3_000_000, 3_000_008)]\n"
        "work(); before = faults()\n"
        "for _ in range(9): work()\n"
        "print(faults() - before)"
    )
    faults = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert int(faults) < 5_000  # 53,000 where all is given back: nine times 24 MB in pages of 4 kB


def test_serial_is_lazy() -> None:
    """Items are taken one at a time, so that a stream may be endless."""
    assert list(itertools.islice(Serial().map(neg, itertools.count()), 3)) == [0, -1, -2]


@pytest.mark.usefixtures("others_do_all")
def test_errors_of_a_worker_arrive() -> None:
    """An exception of the function is raised where the result would have been."""
    with pytest.raises(ValueError, match="many"):
        list(Processes(2).map(int, [*range(30), "many"]))


def test_one_worker_is_serial() -> None:
    """No processes are started for one worker."""
    with open_engine(1) as engine:
        assert isinstance(engine, Serial)


def test_forked_processes_give_what_serial_gives() -> None:
    """Copies of this process give the same results in the same order, and errors where they belong."""
    assert list(Processes(2, forked=True).map(neg, range(50))) == [neg(n) for n in range(50)]

    with pytest.raises(ValueError, match="many"):
        list(Processes(2, forked=True).map(int, [*range(30), "many"]))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to look at other processes")
def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """A killed import leaves no processes behind."""
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys\n"
        "from harvest.engine import Processes\n"
        "def pid_of(item):\n"
        "    return os.getpid()\n"
        "if __name__ == '__main__':\n"
        "    pids = Processes(2, forked=True).map(pid_of, range(10**9))\n"
        "    print(next(pids), next(pids), flush=True)\n"
        "    sys.stdin.read()\n",
        encoding="utf-8",
    )
    started = subprocess.Popen([sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdin is not None and started.stdout is not None
    workers = {int(pid) for pid in started.stdout.readline().split()}

    started.kill()
    started.communicate()

    assert _all_end(workers)


def _all_end(pids: set[int]) -> bool:
    """Wait for processes that are not ours to wait for: their folders in /proc go, or they are zombies."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if not any(_runs(pid) for pid in pids):
            return True
        os.sched_yield()
    return False


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_dead_copy_is_named() -> None:
    """A forked worker that dies, for want of memory say, raises an error instead of being waited for."""
    # in a process of its own: where threads are left over from other tests nothing is forked, and the exit is ours
    script = "import os, harvest.engine as e; list(e.Processes(2, forked=True).map(os._exit, range(1, 40)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert "BrokenProcessPool: A worker ended before its answer, perhaps for want of memory." in done.stderr


@pytest.mark.parametrize("sent", [0, 5, 60])
def test_half_an_answer_is_none(sent: int) -> None:
    """A copy killed while it answers is a dead one, wherever its answer breaks off."""
    answer = pickle.dumps((True, "a policy of a hundred words " * 10))[:sent]

    with pytest.raises(BrokenProcessPool, match="memory"):
        _take(_Worker(0, io.BytesIO(), io.BytesIO(answer)))


def test_forked_processes_take_items_as_results_are_taken() -> None:
    """An endless stream of items is read a few ahead, and left when nobody asks for more."""
    taken = Processes(2, forked=True).map(neg, itertools.count())

    assert list(itertools.islice(taken, 30)) == [-n for n in range(30)]
