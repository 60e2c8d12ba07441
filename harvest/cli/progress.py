"""What a running harvest shows on stderr: rich progress bars, or one JSON object a line."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

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


class JsonDisplay(AbstractContextManager["JsonDisplay"]):
    """One JSON object a line on stdout: ``{"event", "policy", "message", …}``."""

    def tell(self, event: Event) -> None:
        """Print the event."""
        line = {"event": event.name, "policy": event.policy, "message": event.message, **event.data}
        print(json.dumps(line, ensure_ascii=False), flush=True)

    def __exit__(self, *error: object) -> None:
        """Nothing to put back."""


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
            TimeRemainingColumn(),
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
            self._bars.reset(self._captures, total=event.data["pending"], note="")

    def _on_page(self, event: Event) -> None:
        outcome = event.data["outcome"]
        self._counts[outcome] = self._counts.get(outcome, 0) + 1
        if self._captures is not None:
            self._bars.advance(self._captures)

    def _on_waiting(self, event: Event) -> None:
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
