"""What all eras share when they turn a wording into HTML: numbers, quotes, links, groups of items."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from harvest.simulator.sample.history import date_words
from harvest.simulator.sample.model import Page, Part, Wording

_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|\[(?P<label>[^]]*)\]\((?P<href>[^)\s]*)\)")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI")


@dataclass(frozen=True, slots=True)
class Group:
    """A heading, a paragraph, or a run of items or rows; *texts* are HTML."""

    kind: str
    texts: tuple[str, ...]
    level: int = 1
    key: str = ""


def groups(page: Page, *, bold: str = "b") -> Iterator[Group]:
    """The content of a page in reading order, the stated date at its place. *bold* is the element for bold."""
    write = writer(page, bold=bold)
    stated = _stated(page, write)
    if page.company.stated_at == "top":
        yield from stated
    labels = headings(page.wording)
    for chapter, label in zip(page.wording.chapters, labels, strict=True):
        if label:
            yield Group("heading", (write(label),), chapter.level, chapter.key)
        for kind, run in groupby(chapter.parts, key=lambda part: part.kind):
            yield from _group(kind, list(run), write)
    if page.company.stated_at == "bottom":
        yield from stated


def _group(kind: str, parts: list[Part], write: Callable[[str], str]) -> Iterator[Group]:
    texts = tuple(write(part.text) for part in parts)
    if kind == "paragraph":
        yield from (Group("paragraph", (text,)) for text in texts)
    else:
        yield Group(kind, texts)


def _stated(page: Page, write: Callable[[str], str]) -> list[Group]:
    if page.wording.stated is None:
        return []
    return [Group("paragraph", (write(date_words(page.company.stated_form, page.wording.stated)),), key="stated")]


def headings(wording: Wording) -> list[str]:
    """Headings with their numbers, in order; '' for a section without one. Level 2 counts within level 1."""
    labels: list[str] = []
    main = sub = 0
    for chapter in wording.chapters:
        if not chapter.heading:
            labels.append("")
            continue
        main, sub = (main + 1, 0) if chapter.level == 1 else (main, sub + 1)
        labels.append(_numbered(wording.numbering, main, sub, chapter.heading))
    return labels


def _numbered(style: str, main: int, sub: int, heading: str) -> str:
    if not style:
        return heading
    letter = chr(ord("A") + main - 1)
    first = {"A": letter, "I": _ROMAN[main - 1]}.get(style[0], str(main))
    if style.startswith("Section"):
        return f"Section {main}: {heading}" if not sub else heading
    return f"{first}{style[1:]} {heading}" if not sub else f"{first}.{sub} {heading}"


def writer(page: Page, *, bold: str = "b") -> Callable[[str], str]:
    """A function from source text to HTML in the page's typography."""
    curly = page.look.typography == "curly"

    def write(text: str) -> str:
        out: list[str] = []
        end = 0
        for match in _INLINE.finditer(text):
            out.append(plain(text[end : match.start()]))
            if match["bold"] is not None:
                out.append(f"<{bold}>{plain(match['bold'])}</{bold}>")
            else:
                out.append(f'<a href="{html.escape(match["href"], quote=True)}">{plain(match["label"])}</a>')
            end = match.end()
        return "".join(out) + plain(text[end:])

    def plain(text: str) -> str:
        return html.escape(_curly(text) if curly else text, quote=False)

    return write


def _curly(text: str) -> str:
    text = re.sub(r'(^|[\s(\[])"', "\\1\u201c", text).replace('"', "\u201d")
    return re.sub(r"(^|[\s(\[])'", "\\1\u2018", text).replace("'", "\u2019").replace(" - ", " \u2013 ")


def cells(row: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in row.split("|")]
