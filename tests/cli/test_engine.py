"""Mapping pure stages over items: lazy, in order, the same by one process or several."""

from __future__ import annotations

import itertools
from operator import neg

import pytest

from harvest.engine import Processes, Serial, open_engine


@pytest.mark.parametrize("count", [0, 5, 24, 25, 120], ids=str)
def test_processes_give_what_serial_gives(count: int) -> None:
    """Results come in the order of the items, however many processes there are."""
    expected = list(Serial().map(neg, range(count)))

    assert list(Processes(2).map(neg, range(count))) == expected


def test_serial_is_lazy() -> None:
    """Items are taken one at a time, so that a stream may be endless."""
    assert list(itertools.islice(Serial().map(neg, itertools.count()), 3)) == [0, -1, -2]


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
