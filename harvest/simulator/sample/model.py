"""The values of the sample: what a company says and when, and one page to be rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One clause as written: *kind* paragraph, item or row; *text* with ``[label](url)`` and ``**bold**``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section as written. *key* names it in edits and never shows; *level* 1 is a main heading."""

    key: str
    heading: str
    parts: tuple[Part, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Wording:
    """The whole policy at one time. *stated* is the date it states of itself, None if none."""

    title: str
    chapters: tuple[Chapter, ...]
    stated: date | None = None
    numbering: str = ""  # '', '1.', '1)', 'A.', 'I.' or 'Section 1:'


@dataclass(frozen=True, slots=True)
class Edit:
    """A dated change. *stated* None leaves the stated date as it was: a silent change."""

    when: date
    operations: tuple[tuple[str, ...], ...]
    stated: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How pages looked from *since* on: the era's renderer and its options, encoding included."""

    since: date
    era: str
    encoding: str = "utf-8"
    declared: str = ""  # charset in the page
    header: str = ""  # charset in Content-Type
    typography: str = "plain"  # or 'curly'
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """Between two days, every second capture shows another text: the result of *operations*."""

    since: date
    until: date
    operations: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Special:
    """A capture that shows no policy. *kind* is a key of `specials.KINDS`."""

    when: datetime
    kind: str
    url: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """One policy of a company with its whole history."""

    name: str
    host: str
    line: str  # what it does, for headers and menus
    kind: str
    language: str
    first: Wording
    edits: tuple[Edit, ...]
    looks: tuple[Look, ...]
    addresses: tuple[tuple[date, str], ...]
    crawls: tuple[tuple[date, date, float], ...]  # from, to, months between captures
    variants: tuple[Variant, ...] = ()
    specials: tuple[Special, ...] = ()
    stated_form: str = "Last updated: {B} {d}, {Y}"
    stated_at: str = "top"
    menu: tuple[str, ...] = ("Home", "Products", "About us", "Contact")
    label: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a renderer needs for one capture. *noise* is text that differs with every capture."""

    company: Company
    wording: Wording
    look: Look
    url: str
    when: datetime
    noise: tuple[str, ...]
