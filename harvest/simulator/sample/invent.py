"""Other companies than the bundled ones, from a seed: names, chapters, edits, eras and addresses vary with it."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from harvest.simulator.sample.history import BadEdit, apply
from harvest.simulator.sample.model import Company, Edit, Look, Special, Variant, Wording
from harvest.simulator.sample.writing import read_chapters

_HEADS = (
    "Al",
    "Bor",
    "Cas",
    "Del",
    "Fen",
    "Gar",
    "Hol",
    "Ister",
    "Jor",
    "Lun",
    "Mar",
    "Nor",
    "Ol",
    "Per",
    "Tor",
    "Val",
)
_TAILS = ("bury", "dale", "field", "mere", "stead", "wick", "ford", "holm", "ley", "mont")
_TRADES = ("Books", "Travel", "Radio", "Games", "Insurance", "Bicycles", "Mail", "Garden", "Music", "Energy")
# (first year, era, encodings with the charset the page declares): a site moves through some of these in order.
_ERAS = (
    (1998, "font1998", (("windows-1252", ""), ("iso-8859-1", "iso-8859-1"))),
    (2000, "plain1999", (("windows-1252", "iso-8859-1"),)),
    (2001, "frames2000", (("windows-1252", "windows-1252"),)),
    (2003, "breaks2003", (("windows-1252", ""), ("utf-8", "utf-8"))),
    (2006, "xhtml2006", (("utf-8", "utf-8"), ("iso-8859-1", "iso-8859-1"))),
    (2010, "cms2010", (("utf-8", "utf-8"),)),
    (2014, "html5", (("utf-8", "utf-8"),)),
    (2019, "generated2020", (("utf-8", "utf-8"),)),
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is fixed of a company before its text is written."""

    name: str
    host: str
    first: date
    last: date


def invent(seed: int, companies: int) -> list[Company]:
    """Make companies up; one seed always gives the same ones, and more of them begin with the same."""
    return [_company(random.Random(f"company {seed} {number}")) for number in range(companies)]


def _company(rng: random.Random) -> Company:
    place, trade = rng.choice(_HEADS) + rng.choice(_TAILS), rng.choice(_TRADES)
    first = date(rng.randrange(1998, 2011), rng.randrange(1, 13), rng.randrange(1, 28))
    last = date(rng.randrange(2021, 2025), rng.randrange(1, 13), rng.randrange(1, 28))
    frame = _Frame(f"{place} {trade}", f"{place.lower()}{trade.lower()}.example", first, last)
    wording, hoped = _text(frame, rng)
    edits = _edits(frame, wording, hoped, rng)
    addresses = _addresses(frame, rng)
    return Company(
        name=frame.name,
        host=frame.host,
        line=f"{trade} from {place}",
        kind="privacy",
        language="en",
        first=wording,
        edits=tuple(edits),
        looks=tuple(_looks(frame, rng)),
        addresses=addresses,
        crawls=((first, last, rng.uniform(9, 14)),),
        variants=tuple(_variants(frame, rng)),
        specials=tuple(_specials(frame, addresses, rng)),
        stated_form=rng.choice(("Last updated: {B} {d}, {Y}", "Effective {d} {B} {Y}", "Version of {Y}-{m}-{dd}")),
        stated_at=rng.choice(("top", "bottom")),
    )


@cache
def _bank() -> Mapping[str, Any]:
    return tomllib.loads((resources.files(__package__) / "bank.toml").read_text(encoding="utf-8"))


def _text(frame: _Frame, rng: random.Random) -> tuple[Wording, list[tuple[str, ...]]]:
    """The first wording, and the edits that its clauses hope for."""
    opening, *others = _bank()["chapter"]
    chosen = rng.sample(others, rng.randrange(7, len(others) + 1))
    source, hoped = "", list[tuple[str, ...]]()
    for chapter in [opening, *chosen]:
        fill = _Fill(frame, rng)
        clauses = [fill(line) for line in rng.choice(chapter["clauses"])]
        heading = rng.choice(chapter["headings"])
        source += f"## {chapter['key']} | {heading}\n" + "\n\n".join(clauses) + "\n\n"
        hoped += [
            tuple(fill(word).replace("KEY", clauses[-1][:40].lstrip("* ")) for word in e) for e in chapter["edits"]
        ]
    wording = Wording("Privacy Policy", read_chapters(source), frame.first, rng.choice(("", "", "1.", "A.")))
    return wording, hoped


class _Fill:
    """Fills placeholders; the two numbers stay the same within a chapter, so that edits find what they replace."""

    def __init__(self, frame: _Frame, rng: random.Random) -> None:
        n = rng.randrange(12, 60)
        self._values = {"{name}": frame.name, "{host}": frame.host, "{n}": str(n), "{m}": str(n + rng.randrange(1, 30))}

    def __call__(self, text: str) -> str:
        for mark, value in self._values.items():
            text = text.replace(mark, value)
        return text


def _edits(frame: _Frame, wording: Wording, hoped: list[tuple[str, ...]], rng: random.Random) -> Iterator[Edit]:
    rng.shuffle(hoped)
    keys = [chapter.key for chapter in wording.chapters if chapter.heading]
    hoped = [*hoped, ("move", keys[-1], keys[0]), ("rename", keys[1], "More about this")]
    rng.shuffle(hoped)
    times = sorted(_days(frame, len(hoped), rng))
    plan = [(day, operation) for day, operation in zip(times, hoped, strict=True)]
    for arrival in _bank()["arrival"]:
        source = arrival["source"].replace("{name}", frame.name)
        plan.append((date(arrival["year"], 5, 20), ("section", keys[0], source)))
    for day, operation in sorted(plan):
        try:
            wording = apply(wording, [operation])
        except BadEdit:  # its clause was not chosen, or is gone
            continue
        yield Edit(day, (operation,), day if rng.random() < 0.7 else None)


def _days(frame: _Frame, count: int, rng: random.Random) -> set[date]:
    days: set[date] = set()
    while len(days) < count:
        days.add(frame.first + timedelta(days=rng.randrange(90, (frame.last - frame.first).days)))
    return days


def _looks(frame: _Frame, rng: random.Random) -> Iterator[Look]:
    fitting = [era for era in _ERAS if era[0] <= frame.last.year]
    before = [era for era in fitting if era[0] <= frame.first.year][-1:]
    later = [era for era in fitting if era[0] > frame.first.year]
    kept = sorted(rng.sample(later, min(len(later), 3)))
    for position, (year, era, encodings) in enumerate([*before, *kept]):
        encoding, declared = rng.choice(encodings)
        since = frame.first if position == 0 else date(year, rng.randrange(1, 13), 1)
        typography = rng.choice(("plain", "curly"))
        options = _options(rng) if era in ("html5", "generated2020") else {}
        yield Look(since, era, encoding, declared, rng.choice(("", declared)), typography, options)


def _options(rng: random.Random) -> dict[str, Any]:
    return {
        "banner": rng.choice(("", "We use cookies. By using this site you agree to that.", "Choose your cookies.")),
        "accordion": rng.random() < 0.3,
        "contents": rng.random() < 0.3,
    }


def _addresses(frame: _Frame, rng: random.Random) -> tuple[tuple[date, str], ...]:
    old = f"http://www.{frame.host}/{rng.choice(('privacy.html', 'privacy.htm', 'info/privacy'))}"
    moved = date(rng.randrange(2013, 2019), rng.randrange(1, 13), 1)
    return ((frame.first, old), (moved, f"https://www.{frame.host}/{rng.choice(('privacy', 'legal/privacy'))}"))


def _variants(frame: _Frame, rng: random.Random) -> Iterator[Variant]:
    if rng.random() < 0.5:
        start = date(rng.randrange(2012, 2017), 1, 1)
        shown = _bank()["variant"].replace("{name}", frame.name)
        yield Variant(start, start + timedelta(days=700), (("whole", shown),))


def _specials(frame: _Frame, addresses: Sequence[tuple[date, str]], rng: random.Random) -> Iterator[Special]:
    (_, old), (moved, new) = addresses
    yield Special(_noon(moved + timedelta(days=rng.randrange(20, 200))), "redirect", old, new)
    for kind in rng.sample(("404", "503", "soft-404", "blocked", "challenge", "shell", "revisit"), 3):
        day = frame.first + timedelta(days=rng.randrange(800, (frame.last - frame.first).days))
        yield Special(_noon(day), kind)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, 1, tzinfo=UTC)
