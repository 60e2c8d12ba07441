"""Geometry of the pictures: a timeline and presence bars, as numbers a template draws. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from harvest.corpus.queries_model import Absence, Bounds, CaptureMark
from harvest.corpus.queries_timeline import LinePoint, Outline, StepPoint

WIDTH = 960.0
_LEFT, _RIGHT = 12.0, 12.0
Mark = TypeVar("Mark")


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of time on a line of pixels."""

    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        """Where a moment stands, in pixels, rounded: digits beyond one only make pages longer."""
        if moment <= self.start:
            return _LEFT
        if moment >= self.end:
            return WIDTH - _RIGHT
        return round(_LEFT + (moment - self.start) / (self.end - self.start) * (WIDTH - _LEFT - _RIGHT), 1)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """First days of years, thinned so that labels keep apart; of quarters or halves where those are few."""
        years = range(self.start.year, self.end.year + 1)
        if len(years) <= 3:
            firsts = [
                datetime(year, month, 1, tzinfo=UTC)
                for year in years
                for month in ((1, 7) if years[2:] else (1, 4, 7, 10))
            ]
            within = [mark for mark in firsts if self.start <= mark <= self.end]
            return tuple((self.x(mark), str(mark.year) if mark.month == 1 else f"{mark:%b %Y}") for mark in within)
        step = next(step for step in (1, 2, 5, 10, 20, 100) if len(years) / step <= 14)
        marks = ((datetime(year, 1, 1, tzinfo=UTC), str(year)) for year in years if year % step == 0)
        return tuple((self.x(mark), label) for mark, label in marks if self.start <= mark <= self.end)


@dataclass(frozen=True, slots=True)
class Bar:
    """A run of time. *version* is what it stands for."""

    x: float
    width: float
    version: LinePoint


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch in which a change happened, and how much it matters (*height* grows with the tier)."""

    x: float
    width: float
    height: float
    step: StepPoint


@dataclass(frozen=True, slots=True)
class Tick:
    """A capture: *good* if it showed the policy."""

    x: float
    good: bool


@dataclass(frozen=True, slots=True)
class TimelineChart:
    """The picture of a policy's history. *sizes*: points of the word-count curve, its highest value *most*.

    *gone*: where the first captures stand that show no policy where one had been, and the words for it.
    """

    axis: Axis
    bars: tuple[Bar, ...]
    windows: tuple[Window, ...]
    ticks: tuple[Tick, ...]
    gaps: tuple[tuple[float, float, int], ...]
    sizes: str
    most: int
    gone: tuple[tuple[float, Absence], ...] = ()


@dataclass(frozen=True, slots=True)
class PresenceChart:
    """Bars of presence, one line for each policy."""

    axis: Axis
    lines: tuple[tuple[tuple[float, float, float, Bounds], ...], ...]


SIZE_HEIGHT = 64.0


def timeline_chart(history: Outline) -> TimelineChart | None:
    """Lay out a timeline; None where there is no version. Neighbours closer than a pixel are drawn once."""
    line, last = history.line, history.last
    if last is None:
        return None
    moments = [mark.captured_at for mark in history.marks]
    axis = padded(min([*moments, line[0].first_seen]), max([*moments, line[-1].last_seen]))
    most = history.most or 1
    return TimelineChart(
        axis,
        tuple(_bars(axis, line)),
        tuple(_windows(axis, history.steps)),
        tuple(_ticks(axis, history.marks)),
        tuple((axis.x(gap.start), round(axis.x(gap.end) - axis.x(gap.start), 1), gap.days) for gap in history.gaps),
        _sizes(axis, line, most),
        most,
        tuple(_apart((axis.x(absence.gone_by), absence) for absence in _absences(history, last.number, last.bounds))),
    )


def presence_chart(presences: Sequence[Sequence[Bounds]]) -> PresenceChart | None:
    """Lay out presence intervals on one axis; None where there are none."""
    every = [bounds for intervals in presences for bounds in intervals]
    if not every:
        return None
    axis = padded(min(b.not_before or b.first_seen for b in every), max(b.gone_by or b.last_seen for b in every))
    return PresenceChart(axis, tuple(tuple(_presence(axis, bounds) for bounds in each) for each in presences))


def padded(start: datetime, end: datetime) -> Axis:
    """An axis from the first to the last moment; half a year each way where they are (nearly) one."""
    if (end - start).days < 180:
        return Axis(datetime(start.year, 1, 1, tzinfo=UTC), datetime(end.year + 1, 1, 1, tzinfo=UTC))
    return Axis(start, end)


def _grain(count: int) -> int:
    """How many pixels apart marks are drawn: 2,000 versions must not make a page of half a megabyte."""
    return 1 if count <= 100 else 6 if count <= 200 else 12


def _bars(axis: Axis, line: Sequence[LinePoint]) -> Iterable[Bar]:
    last, grain = -10.0, _grain(len(line))
    for version in line:
        end = axis.x(version.last_seen)
        if end + 2.0 < last + grain:  # however it is drawn, it ends before the next mark
            continue
        x = axis.x(version.first_seen)
        width = round(max(2.0, end - x), 1)
        if x + width >= last + grain:
            last = x + width
            yield Bar(x, width, version)


def _windows(axis: Axis, steps: Sequence[StepPoint]) -> Iterable[Window]:
    """The step of highest rank, the first of them, of each few pixels."""
    grain = _grain(len(steps))
    for some in _together(steps, lambda step: int(axis.x(step.first_seen)) // grain):
        step = max(some, key=_rank)
        x = axis.x(step.not_before)
        width = round(max(3.0, axis.x(step.first_seen) - x), 1)
        yield Window(min(x, WIDTH - _RIGHT - 3.0), width, 8.0 + 3.0 * _rank(step), step)


def _together(marks: Sequence[Mark], place: Callable[[Mark], int]) -> Iterator[Sequence[Mark]]:
    """Yield runs of marks, by time, that stand in one place. Most are not asked for theirs: of 9,600 a tenth."""
    at = 0
    while at < len(marks):
        end = bisect_right(marks, place(marks[at]), at, key=place)
        yield marks[at:end]
        at = end


def _absences(history: Outline, number: int, bounds: Bounds) -> Sequence[Absence]:
    """Those known, and the end of the last version where a single capture without it is all that tells."""
    ended = any(absence.back_by is None for absence in history.absences)
    if ended or bounds.gone_by is None:
        return history.absences
    end = Absence(bounds.last_seen, bounds.gone_by, bounds.gone_by, None, 1, (), number, None)
    return (*history.absences, end)


def _apart(marks: Iterable[tuple[float, Absence]]) -> Iterable[tuple[float, Absence]]:
    last = -100.0
    for x, absence in marks:
        if x >= last + 8:
            last = x
            yield x, absence


def _rank(step: StepPoint) -> int:
    return step.tier.rank if step.tier else 0


def _ticks(axis: Axis, marks: Sequence[CaptureMark]) -> Iterable[Tick]:
    """The first capture that shows the policy, and the first that does not, of each few pixels."""
    grain = _grain(len(marks) // 2)
    told = [mark for mark in marks if mark.outcome not in ("listed", "skipped")]
    for some in _together(told, lambda mark: int(axis.x(mark.captured_at)) // grain):
        firsts = {mark.version is not None: mark for mark in reversed(some)}
        for good, mark in sorted(firsts.items(), key=lambda item: item[1].captured_at):
            yield Tick(axis.x(mark.captured_at), good)


def _sizes(axis: Axis, line: Sequence[LinePoint], most: int) -> str:
    points: list[str] = []
    for version in line[:: max(1, len(line) // 400)]:
        y = round(SIZE_HEIGHT - SIZE_HEIGHT * version.words / most, 1)
        points += [f"{axis.x(version.first_seen)},{y}", f"{axis.x(version.last_seen)},{y}"]
    return " ".join(dict.fromkeys(points))


def _presence(axis: Axis, bounds: Bounds) -> tuple[float, float, float, Bounds]:
    x = axis.x(bounds.first_seen)
    lead = axis.x(bounds.not_before) if bounds.not_before else x
    # 6 of 960: seen on a phone too, where a third is left of it
    return lead, x, round(max(6.0, axis.x(bounds.last_seen) - x), 1), bounds


__all__ = ["Axis", "PresenceChart", "TimelineChart", "padded", "presence_chart", "timeline_chart"]
