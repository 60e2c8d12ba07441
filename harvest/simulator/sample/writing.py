"""The notation of the sample's sources: headings, paragraphs, items and rows in plain text.

::

    ## key | Heading shown          a section; ### for one below it

    A paragraph, with a [link](/help) and **bold** words.
    It goes on until a blank line.

    * an item
    | a cell | another |
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from harvest.simulator.sample.model import Chapter, Company, Edit, Look, Part, Special, Variant, Wording


def read_chapters(source: str) -> tuple[Chapter, ...]:
    """Read sections; what stands before the first heading becomes a section ``opening`` without heading."""
    chapters: list[Chapter] = []
    key, heading, level, lines = "opening", "", 1, list[str]()
    for line in source.strip().splitlines():
        if line.startswith("## ") or line.startswith("### "):
            chapters += _chapter(key, heading, level, lines)
            marks, _, rest = line.partition(" ")
            key, _, heading = (part.strip() for part in rest.partition("|"))
            level, lines = len(marks) - 1, []
        else:
            lines.append(line)
    return (*chapters, *_chapter(key, heading, level, lines))


def _chapter(key: str, heading: str, level: int, lines: list[str]) -> Iterator[Chapter]:
    parts = read_parts("\n".join(lines))
    if parts or heading:
        yield Chapter(key, heading, parts, level)


def read_parts(source: str) -> tuple[Part, ...]:
    """Read clauses: items and rows are one line each, paragraphs end at a blank line."""
    parts: list[Part] = []
    open_paragraph = False
    for line in (line.strip() for line in source.strip().splitlines()):
        kind, text = _kind(line)
        if kind == "paragraph" and text and open_paragraph:
            parts[-1] = Part(kind, f"{parts[-1].text} {text}")
        elif text:
            parts.append(Part(kind, text))
        open_paragraph = kind == "paragraph" and bool(text)
    return tuple(parts)


def _kind(line: str) -> tuple[str, str]:
    if line.startswith("* "):
        return "item", line[2:].strip()
    if line.startswith("|"):
        return "row", line.strip("| ")
    return "paragraph", line


def read_company(source: str) -> Company:
    """Read one company's TOML source (see any file in ``companies/``)."""
    table = tomllib.loads(source)
    first = Wording(
        title=table["title"],
        chapters=read_chapters(table["text"]),
        stated=table.get("stated"),
        numbering=table.get("numbering", ""),
    )
    plain = {"name", "host", "line", "kind", "language", "stated_form", "stated_at", "label"}
    return Company(
        **{key: value for key, value in table.items() if key in plain},
        first=first,
        menu=tuple(table.get("menu", ("Home", "Products", "About us", "Contact"))),
        edits=tuple(_edit(row) for row in table.get("edit", ())),
        looks=tuple(_look(row) for row in table["look"]),
        addresses=tuple((row["since"], row["url"]) for row in table["address"]),
        crawls=tuple((row["since"], row["until"], float(row["months"])) for row in table["crawl"]),
        variants=tuple(Variant(row["since"], row["until"], _operations(row["do"])) for row in table.get("variant", ())),
        specials=tuple(_special(row) for row in table.get("special", ())),
    )


def _edit(row: Mapping[str, Any]) -> Edit:
    return Edit(row["when"], _operations(row.get("do", ())), row.get("stated"))


def _operations(rows: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _look(row: Mapping[str, Any]) -> Look:
    known = {item.name for item in fields(Look)} - {"options"}
    return Look(
        **{key: value for key, value in row.items() if key in known},
        options={key: value for key, value in row.items() if key not in known},
    )


def _special(row: Mapping[str, Any]) -> Special:
    when: date = row["when"]
    moment = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day, 12, 30, 7)
    return Special(moment.replace(tzinfo=UTC), row["kind"], row.get("url", ""), row.get("to", ""))
