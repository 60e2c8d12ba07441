"""What a running harvest shows on stderr: rich progress bars, or one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from harvest.clock import Clock, moment
from harvest.pipeline import Event


class Display(Protocol):
    """Something that is told the events of a run while it is entered."""

    def tell(self, event: Event) -> None:
        """Show one event."""
        ...

    def __enter__(self) -> Display: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def display_for(*, as_json: bool, quiet: bool) -> Display:
    """Return JSON lines on stdout, bars on stderr, or (quiet) warnings and errors alone on stderr."""
    if as_json:
        return JsonDisplay()
    return BarDisplay(quiet=quiet)


@contextmanager
def telling(display: Display, log_file: Path | None, *, clock: Clock) -> Iterator[Callable[[Event], None]]:
    """Give a function that shows and logs an event, whichever thread it comes from."""
    lock = Lock()
    with ExitStack() as stack:
        log = stack.enter_context(EventLog(log_file, clock=clock)) if log_file else None

        def tell(event: Event) -> None:
            with lock:
                display.tell(event)
                if log is not None and (trouble := log.tell(event)):
                    display.tell(Event("warning", message=trouble))

        yield tell


class EventLog(AbstractContextManager["EventLog"]):
    """A file of JSON lines: ``{"time", "event", "policy", "message", …}``, each written through at once."""

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self._file: IO[str] | None = path.open("a", encoding="utf-8")
        self._clock = clock

    def tell(self, event: Event) -> str:
        """Write an event; return what went wrong, once: a full disk ends the log, not the harvest."""
        if self._file is None:
            return ""
        line = {"time": moment(self._clock).isoformat(timespec="milliseconds"), **as_line(event)}
        try:
            print(json.dumps(line, ensure_ascii=False), file=self._file, flush=True)
        except OSError as error:
            name = self._file.name
            with suppress(OSError):  # closing writes what is left, and fails again
                self._file.close()
            self._file = None
            return f"{name}: {error.strerror}: the log ends here, the harvest goes on"
        return ""

    def __exit__(self, *error: object) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def as_line(event: Event) -> dict[str, Any]:
    """Return an event as an object of JSON."""
    return {"event": event.name, "policy": event.policy, "message": event.message, **event.data}


class JsonDisplay(AbstractContextManager["JsonDisplay"]):
    """One JSON object a line on stdout: ``{"event", "policy", "message", …}``."""

    def tell(self, event: Event) -> None:
        """Print the event."""
        print(json.dumps(as_line(event), ensure_ascii=False), flush=True)

    def __exit__(self, *error: object) -> None:
        """Nothing to put back."""


class _Remaining(ProgressColumn):
    """How long it will take: as fast as it goes, and no faster than the archive allows, which the first pages hide."""

    def render(self, task: Task) -> Text:
        if task.total is None or not task.remaining:
            return Text("")
        at_most = 60 * task.remaining / task.fields["per_minute"] if task.fields.get("per_minute") else 0.0
        seconds = max(task.time_remaining or 0.0, at_most)
        return Text(f"{timedelta(seconds=round(seconds))} left" if seconds else "", style="progress.remaining")


class BarDisplay(AbstractContextManager["BarDisplay"]):
    """A bar over the policies and one over the captures of the policy at hand, on stderr.

    Where stderr is no terminal (cron, a pipe) bars would be noise: one line a policy instead.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._quiet = quiet
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            _Remaining(),
            TextColumn("{task.fields[note]}", markup=False),
            console=self._console,
            transient=True,
            disable=quiet or not sys.stderr.isatty(),
        )
        self._policies: TaskID | None = None
        self._captures: TaskID | None = None
        self._counts: dict[str, int] = {}

    def __enter__(self) -> BarDisplay:
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.stop()

    def tell(self, event: Event) -> None:
        """Move the bars; print warnings, errors, seams and a line for each policy that is done."""
        step = getattr(self, "_on_" + event.name.replace("-", "_"), None)
        if step is not None:
            step(event)

    def _on_run(self, event: Event) -> None:
        self._policies = self._bars.add_task("policies", total=event.data["policies"], note=event.message)

    def _on_policy(self, event: Event) -> None:
        self._counts = {}
        if self._captures is not None:
            self._bars.remove_task(self._captures)
        self._captures = self._bars.add_task(event.policy, total=None, note="listing")

    def _on_pending(self, event: Event) -> None:
        if self._captures is not None:
            rate = event.data.get("per_minute")
            self._bars.reset(self._captures, total=event.data["pending"], note="", per_minute=rate)

    def _on_page(self, event: Event) -> None:
        outcome = event.data["outcome"]
        self._counts[outcome] = self._counts.get(outcome, 0) + 1
        if self._captures is not None:
            self._bars.advance(self._captures)

    def _on_waiting(self, event: Event) -> None:
        if event.message.startswith("the limit"):  # as every minute of a long run: no news
            if self._captures is not None:
                self._bars.update(self._captures, note="at the limit")
            return
        self._say(f"waiting {event.data['seconds']} s: {event.message}")

    def _on_seam(self, event: Event) -> None:
        self._say(f"{event.policy}: moved {event.message}")

    def _on_warning(self, event: Event) -> None:
        self._say(f"{event.policy}: {event.message}" if event.policy else event.message, style="yellow", always=True)

    def _on_error(self, event: Event) -> None:
        self._say(f"{event.policy}: {event.message}" if event.policy else event.message, style="red", always=True)

    def _on_stopped(self, event: Event) -> None:
        self._say(f"stopped: {event.message}", style="red", always=True)

    def _on_policy_done(self, event: Event) -> None:
        if self._policies is not None:
            self._bars.advance(self._policies)
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(event.data["outcomes"].items()))
        self._say(f"{event.policy}: {counts or 'nothing new'}")

    def _say(self, line: str, *, style: str = "", always: bool = False) -> None:
        if always or not self._quiet:
            self._console.print(line, style=style, markup=False, soft_wrap=True)
