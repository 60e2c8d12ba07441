"""The engine for more than one machine: the same functions, on a Dask cluster.

``pip install 'policy-harvest[cluster]'`` here and on the workers, which must have the same versions: what is sent are
our own functions and values.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TypeVar

from harvest.engine import Engine
from harvest.errors import HarvestError

Item = TypeVar("Item")
Result = TypeVar("Result")

_UNDER_WAY_PER_THREAD = 3  # enough that none waits for the writer; results gather in the workers, not here
_CONNECT_S = "20s"


class DaskEngine:
    """Maps over a Dask cluster. Results come back in order, at most a few for each worker under way."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def map(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Yield ``function(item)`` for each item, in order. A task whose worker died is given to another one."""
        source = iter(items)
        under_way: deque[Any] = deque()
        window = max(1, sum(self._client.nthreads().values())) * _UNDER_WAY_PER_THREAD
        for item in itertools.islice(source, window):
            under_way.append(self._submit(function, item))
        while under_way:
            yield under_way.popleft().result()
            under_way.extend(self._submit(function, item) for item in itertools.islice(source, 1))

    def _submit(self, function: Callable[[Item], Result], item: Item) -> Any:
        # pure=False: equal items are pages of their own, and hashing megabytes to find out costs more than it saves
        return self._client.submit(function, item, pure=False)


@contextmanager
def open_dask(scheduler: str = "", *, workers: int | None = None) -> Iterator[Engine]:
    """Give an engine on the cluster at *scheduler* (``tcp://host:8786``), or on one started on this computer.

    Raises HarvestError where Dask is not installed or the scheduler does not answer.
    """
    try:
        distributed: Any = import_module("distributed")  # half typed: its calls would not pass as typed
    except ImportError as error:
        raise HarvestError("a cluster needs Dask: pip install 'policy-harvest[cluster]'") from error
    if not scheduler:
        with (
            distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield DaskEngine(client)
        return
    try:
        client = distributed.Client(scheduler, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        raise HarvestError(f"no Dask scheduler answers at {scheduler}: start one with `dask scheduler`") from error
    with client:
        yield DaskEngine(client)
