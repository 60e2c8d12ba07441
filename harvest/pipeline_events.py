"""What a run tells while it works, and what it says when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something a progress display or a log may show. *name* is one of `EVENTS`."""

    name: str
    policy: str = ""
    message: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


EVENTS = (
    "run",
    "policy",
    "listed",
    "selected",
    "pending",
    "page",
    "seam",
    "waiting",
    "warning",
    "error",
    "policy-done",
    "stopped",
    "done",
)
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """What a run did for one policy: outcomes of the captures handled in this run, and refusals.

    *policy_id* is None where nothing was found that a policy could be made of.
    """

    policy_id: int | None
    name: str
    listed: int = 0
    added: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did. *ok* is False when anything was refused or failed: exit status 1.

    *stopped*: why the run had to end early; *stopped_until*: when the archive may be asked again, if that is known.
    """

    policies: tuple[PolicyReport, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    stopped: str = ""
    stopped_until: datetime | None = None

    @property
    def ok(self) -> bool:
        """True when every target was answered and the archive itself was whole."""
        return not self.trouble

    @property
    def outcomes(self) -> Counter[str]:
        """Captures handled in this run, by outcome."""
        return sum((Counter(policy.outcomes) for policy in self.policies), Counter())

    @property
    def trouble(self) -> tuple[str, ...]:
        """Every message of what was refused or failed, of the archive, targets and policies; empty where *ok*."""
        of_policies = tuple(line for policy in self.policies for line in policy.errors)
        return (*self.warnings, *self.errors, *of_policies, *((self.stopped,) if self.stopped else ()))

    @classmethod
    def of(cls, reports: Sequence[RunReport]) -> RunReport:
        """Join the reports of several runs."""
        return cls(
            tuple(policy for report in reports for policy in report.policies),
            tuple(line for report in reports for line in report.warnings),
            tuple(line for report in reports for line in report.errors),
            "; ".join(report.stopped for report in reports if report.stopped),
            max((report.stopped_until for report in reports if report.stopped_until), default=None),
        )


def telling_waits(tell: OnEvent) -> Callable[[float, str], None]:
    """Return what an archive's *on_wait* takes, so that its waits show up among the events of a run."""

    def on_wait(seconds: float, why: str) -> None:
        # trouble with the shared state comes this way as well, and is nothing to wait for
        tell(
            Event("waiting", message=why, data={"seconds": round(seconds)})
            if seconds
            else Event("warning", message=why)
        )

    return on_wait
