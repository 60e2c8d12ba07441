"""Mapping pure stages over items: lazy, in order, the same by one process or several."""

from __future__ import annotations

import itertools

import pytest

from harvest.engine import Processes, Serial, open_engine


def double(item: int) -> int:
    if item < 0:
        raise ValueError(f"negative: {item}")
    return item * 2


@pytest.mark.parametrize("count", [0, 5, 24, 25, 120], ids=str)
def test_processes_give_what_serial_gives(count: int) -> None:
    """Results come in the order of the items, however many processes there are."""
    expected = list(Serial().map(double, range(count)))

    assert list(Processes(2).map(double, range(count))) == expected


def test_serial_is_lazy() -> None:
    """Items are taken one at a time, so that a stream may be endless."""
    assert list(itertools.islice(Serial().map(double, itertools.count()), 3)) == [0, 2, 4]


def test_errors_of_a_worker_arrive() -> None:
    """An exception of the function is raised where the result would have been."""
    with pytest.raises(ValueError, match="negative: -1"):
        list(Processes(2).map(double, [*range(30), -1]))


def test_one_worker_is_serial() -> None:
    """No processes are started for one worker."""
    with open_engine(1) as engine:
        assert isinstance(engine, Serial)
