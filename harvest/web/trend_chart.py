"""Geometry of the picture of trends: one line a term, as numbers a template draws. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from harvest.corpus.trends import FEW, HalfYear, TermTrend, Trends, share

WIDTH, HEIGHT = 960.0, 380.0
#: Room for the scale, for the names of the lines, for the years.
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 190.0, 16.0, 34.0
#: Names of lines keep this far apart; letters are 12 pixels high.
_APART = 17.0
_LONGEST_NAME = 26
#: Marks, by the place of their line: told apart without colour. As paths around 0,0.
MARKS = (
    "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z",
    "M-3.4 -3.4h6.8v6.8h-6.8z",
    "M0 -4.4l4.3 7.6h-8.6z",
    "M0 -4.8l4.4 4.8l-4.4 4.8l-4.4 -4.8z",
    "M0 4.4l4.3 -7.6h-8.6z",
    "M-4 -1.5h2.5v-2.5h3v2.5h2.5v3h-2.5v2.5h-3v-2.5h-2.5z",
)


@dataclass(frozen=True, slots=True)
class Point:
    """One term in one half-year. *few*: out of too few policies to say much."""

    x: float
    y: float
    count: int
    of: int
    share: float
    half: HalfYear
    few: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One term. *strokes* are the points between half-years without any policy; *y* is where its name stands."""

    index: int
    name: str
    query: str
    strokes: tuple[str, ...]
    points: tuple[Point, ...]
    y: float

    @property
    def mark(self) -> str:
        """The path of its marks."""
        return MARKS[self.index]

    @property
    def end(self) -> Point | None:
        """Its last point."""
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True)
class TrendChart:
    """The picture. *years* and *scale*: where their lines stand and what they say; *right*: where names begin."""

    lines: tuple[Line, ...]
    years: tuple[tuple[float, str], ...]
    scale: tuple[tuple[float, str], ...]
    few: bool
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    top: float = _TOP
    bottom: float = HEIGHT - _BOTTOM


def trend_chart(found: Trends, *, count: str) -> TrendChart | None:
    """Lay out trends, counting ``policies`` or ``texts``; None where no half-year holds any."""
    if not any(half.policies for half in found.halves):
        return None
    shares = [
        share(getattr(counted, count), getattr(half, count)) or 0.0
        for term in found.terms
        for half, counted in zip(found.halves, term.counts, strict=True)
    ]
    most = _rounded(max(shares))
    drawn = [_points(found.halves, term, count, most) for term in found.terms]
    ends = _spread([points[-1].y if points else _y(0, most) for points in drawn])
    lines = (
        Line(index, _short(term.query), term.query, tuple(_strokes(found.halves, points)), points, y)
        for index, (term, points, y) in enumerate(zip(found.terms, drawn, ends, strict=True))
    )
    return TrendChart(
        tuple(lines),
        tuple(_years(found.halves)),
        tuple((_y(most * step / 4, most), f"{most * step / 4:.3g}".rstrip(".") + " %") for step in range(5)),
        any(0 < half.policies < FEW for half in found.halves),
    )


def _points(halves: Sequence[HalfYear], term: TermTrend, count: str, most: float) -> tuple[Point, ...]:
    points = []
    for place, (half, counted) in enumerate(zip(halves, term.counts, strict=True)):
        number, of = getattr(counted, count), getattr(half, count)
        part = share(number, of)
        if part is not None:
            x, y = _x(place, len(halves)), _y(part * 100, most)
            points.append(Point(x, y, number, of, part, half, half.policies < FEW))
    return tuple(points)


def _strokes(halves: Sequence[HalfYear], points: Sequence[Point]) -> Iterable[str]:
    """A line breaks where no policy is known: there is nothing to draw a line over."""
    first = halves[0].index if halves else 0
    for _, run in groupby(enumerate(points), key=lambda item: item[1].half.index - first - item[0]):
        yield " ".join(f"{point.x},{point.y}" for _, point in run)


def _x(place: int, places: int) -> float:
    return round(_LEFT + 8 + (WIDTH - _LEFT - _RIGHT - 16) * (place / max(1, places - 1) if places > 1 else 0.5), 1)


def _y(percent: float, most: float) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * percent / most, 1)


def _rounded(part: float) -> float:
    """The top of the scale in percent: a number whose quarters are easily read."""
    return next((float(top) for top in (4, 8, 20, 40, 60, 80) if part * 100 <= top), 100.0)


def _years(halves: Sequence[HalfYear]) -> Iterable[tuple[float, str]]:
    firsts = [(place, half.index // 2) for place, half in enumerate(halves) if half.index % 2 == 0]
    firsts = firsts or [(0, halves[0].index // 2)]
    step = next(step for step in (1, 2, 5, 10, 20, 100) if len(firsts) / step <= 12)
    return [(_x(place, len(halves)), str(year)) for place, year in firsts if year % step == 0 or len(firsts) == 1]


def _spread(ends: Sequence[float]) -> list[float]:
    """Move names apart, downwards in their order, then back up where they fall off the picture."""
    order = sorted(range(len(ends)), key=lambda index: ends[index])
    placed: dict[int, float] = {}
    last = _TOP - _APART
    for index in order:
        last = placed[index] = max(ends[index], last + _APART)
    limit = HEIGHT - _BOTTOM
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - _APART
    return [round(placed[index], 1) for index in range(len(ends))]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
