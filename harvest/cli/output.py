"""What commands print for people: tables, days, tiers. For machines see `harvest.exchange.shapes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from harvest.cli.terminal import Painted, paint, plain
from harvest.corpus.queries_model import Transition, Version
from harvest.model import Tier

_COLOURS = {Tier.ORDER: "cyan", Tier.EDIT: "yellow", Tier.REVISION: "red", Tier.REWRITE: "magenta"}


def table(headers: Sequence[str], lines: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> Painted:
    """Return lines as columns under headers; *right* lists the columns of numbers. The last column may run on."""
    cells = [[plain(cell) for cell in line] for line in (headers, *lines)]
    widths = [max(len(click.unstyle(line[index])) for line in cells) for index in range(len(headers))]
    return Painted("\n".join(_row(line, widths, right) for line in cells))


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    padded = []
    for index, cell in enumerate(cells):
        blank = " " * (widths[index] - len(click.unstyle(cell)))
        padded.append(blank + cell if index in right else cell + blank)
    return "  ".join(padded).rstrip()


def day(moment: datetime | None, *, none: str = "") -> str:
    """Return a moment as people write it: the day, UTC."""
    return f"{moment:%Y-%m-%d}" if moment else none


def after_until(after: datetime | None, until: datetime | None) -> str:
    """Return both bounds of a change: ``2003-04-01 … 2004-02-11``, with ``…`` alone where one is not known."""
    return f"{day(after)} … {day(until)}".strip()


def tier_label(tier: Tier | None) -> Painted:
    """Return the name of a tier, coloured as the pages colour it; equal texts have none."""
    return Painted() if tier is None else paint(tier.value, fg=_COLOURS.get(tier, "bright_black"))


def how_label(transition: Transition) -> Painted:
    """Return what happened, in a word: the tier, or that a part was added or removed and nothing else."""
    return paint(transition.part, fg="cyan") if transition.part else tier_label(transition.tier)


def flags_of(version: Version, transition: Transition | None) -> str:
    """Return what is odd about a version: variant, return, silent or redated change, technical."""
    flags = []
    if version.variant_of is not None:
        flags.append(f"variant of {version.variant_of}")
    if version.same_as is not None:
        flags.append(f"same as {version.same_as}")
    if transition is not None:
        flags += ["technical"] if transition.kind == "technical" else []
        flags += ["silent"] if transition.silent else []
        flags += ["redated"] if transition.redated else []
    return ", ".join(flags)
