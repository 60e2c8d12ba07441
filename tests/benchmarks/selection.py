"""Say how many pages each way of selecting captures asks for, and which changes of the text it does not see.

    python tests/benchmarks/selection.py FOLDER [--gaps 90,180,365] [--documents]

FOLDER is ``web`` of the evaluation data: ``all-captures.cdx.gz`` lists all captures of some documents, the WARC files
hold a few of them, with a pair around each change that a daily observer saw. What those show is what this program
reads in them. A capture that cannot be played is taken to show what the last one before it showed that can: so changes
taken back between two that can be played are unknown here, and each strategy is measured against the others, not
against the truth of the web.

A change is *seen* where a strategy has fetched the text before it and the text after it, and nothing else between
them; *exact* where it has fetched the two captures on either side of it, so that the dates of the change are as near
as the listing allows. A change *lasts* where neither of its two texts is seen on the other side of it within half a
year: the others are pages that take turns, and changes taken back.
"""

from __future__ import annotations

import argparse
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from harvest.archive.selection import select
from harvest.archive.selection_changes import GAP_DAYS, next_round
from harvest.archive.warc import WarcArchive
from harvest.config import Settings
from harvest.model import Capture
from harvest.text import read_html
from harvest.text.identity import text_sha
from harvest.timestamps import parse_stamp


@dataclass(frozen=True, slots=True)
class Document:
    """One address: its captures, oldest first, and what each shows ('' for no text)."""

    url: str
    captures: Sequence[Capture]
    texts: Sequence[str]

    def lasts(self, before: int, after: int) -> bool:
        """True where neither text of a change is seen on the other side of it within `GAP_DAYS`."""
        at = self.captures[after].captured_at
        for place, text in enumerate(self.texts):
            if abs((self.captures[place].captured_at - at).days) <= GAP_DAYS:
                wrong = self.texts[before] if place >= after else self.texts[after]
                if text == wrong:
                    return False
        return True

    @property
    def changes(self) -> list[tuple[int, int]]:
        """Places of the neighbours between which the text changed; pages without text do not count."""
        showing = [place for place, text in enumerate(self.texts) if text]
        return [(one, other) for one, other in pairwise(showing) if self.texts[one] != self.texts[other]]


@dataclass(frozen=True, slots=True)
class Score:
    """What a strategy cost and found, summed over documents."""

    pages: int = 0
    changes: int = 0
    seen: int = 0
    exact: int = 0
    lasting: int = 0
    lasting_seen: int = 0
    days: float = 0.0  # between the two captures that bound a change that was seen

    def __add__(self, other: Score) -> Score:
        return Score(
            self.pages + other.pages,
            self.changes + other.changes,
            self.seen + other.seen,
            self.exact + other.exact,
            self.lasting + other.lasting,
            self.lasting_seen + other.lasting_seen,
            self.days + other.days,
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gaps", default=f"90,{GAP_DAYS},365", help="for the search for changes, in days")
    parser.add_argument("--documents", action="store_true", help="one line a document, for the default search")
    args = parser.parse_args()
    documents = read_documents(args.folder)
    for line in report(documents, [int(gap) for gap in args.gaps.split(",")]):
        print(line)
    if args.documents:
        for document in documents:
            score = measure(document, searched(document, GAP_DAYS))
            found = f"{score.pages:5d} pages, {score.seen} of {score.changes} changes seen, {score.exact} exactly"
            print(f"{len(document.captures):5d} captures: {found}: {document.url}")


def report(documents: Sequence[Document], gaps: Sequence[int]) -> Iterator[str]:
    """Yield the table as Markdown."""
    listed = sum(len(document.captures) for document in documents)
    yield f"{len(documents)} addresses, {listed:,} captures"
    yield ""
    yield "| strategy | pages | share | changes seen | exactly | lasting ones seen | mean days between the bounds |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, chosen in _strategies(gaps):
        score = sum((measure(document, chosen(document)) for document in documents), Score())
        days = f"{score.days / score.seen:.1f}" if score.seen else ""
        found = f"{score.seen} of {score.changes} | {score.exact} | {score.lasting_seen} of {score.lasting}"
        yield f"| {name} | {score.pages:,} | {score.pages / listed:.1%} | {found} | {days} |"


def _strategies(gaps: Sequence[int]) -> Iterator[tuple[str, Callable[[Document], set[int]]]]:
    yield "all", lambda document: set(range(len(document.captures)))
    yield "digest changes", _by_digest
    for every in ("1m", "6m", "1y"):
        yield every, partial(_at_once, every=every)
    for gap in gaps:
        yield f"change, gaps of {gap} days", partial(searched, gap_days=gap)


def measure(document: Document, chosen: set[int]) -> Score:
    """Hold what was chosen (places) against what changed."""
    kept = sorted(place for place in chosen if document.texts[place])
    seen = exact = lasting = lasting_seen = 0
    days = 0.0
    for before, after in document.changes:
        lasts = document.lasts(before, after)
        lasting += lasts
        old = max((place for place in kept if place <= before), default=None)
        new = min((place for place in kept if place >= after), default=None)
        if old is None or new is None:
            continue
        if document.texts[old] == document.texts[before] and document.texts[new] == document.texts[after]:
            seen += 1
            lasting_seen += lasts
            exact += (old, new) == (before, after)
            span = document.captures[new].captured_at - document.captures[old].captured_at
            days += span.total_seconds() / 86_400
    return Score(len(chosen), len(document.changes), seen, exact, lasting, lasting_seen, days)


def searched(document: Document, gap_days: int) -> set[int]:
    """Play the rounds of a search for changes; return the places that were looked at."""
    places = {capture: place for place, capture in enumerate(document.captures)}
    shown: dict[Capture, str | None] = {}
    for place in (0, len(places) - 1):
        shown[document.captures[place]] = document.texts[place]
    while wanted := next_round(document.captures, shown, gap_days=gap_days).wanted:
        shown.update({capture: document.texts[places[capture]] for capture in wanted})
    return {places[capture] for capture in shown}


def _at_once(document: Document, every: str) -> set[int]:
    places = {capture: place for place, capture in enumerate(document.captures)}
    return {places[item.capture] for item in select(document.captures, every=every) if item.fetch}


def _by_digest(document: Document) -> set[int]:
    return {
        place
        for place, capture in enumerate(document.captures)
        if not place or capture.digest != document.captures[place - 1].digest
    }


def read_documents(folder: Path) -> list[Document]:
    """Read the listing, and the texts of what can be played."""
    known = _texts(folder)
    listed: dict[str, list[Capture]] = defaultdict(list)
    with gzip.open(folder / "all-captures.cdx.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            key, stamp, url, mimetype, status, digest, _length = line.split()
            moment, approximate = parse_stamp(stamp)
            listed[key].append(Capture("x", url, key, stamp, moment, approximate, mimetype, status, digest))
    documents = []
    for captures in listed.values():
        captures.sort(key=lambda capture: capture.captured_at)
        documents.append(Document(captures[0].url, captures, list(_carried(captures, known))))
    return sorted(documents, key=lambda document: document.url)


def _carried(captures: Sequence[Capture], known: Mapping[tuple[str, str], str]) -> Iterator[str]:
    text = next((known[key] for capture in captures if (key := (capture.urlkey, capture.timestamp)) in known), "")
    for capture in captures:
        text = known.get((capture.urlkey, capture.timestamp), text)
        yield text


def _texts(folder: Path) -> dict[tuple[str, str], str]:
    """Map (URL key, timestamp) of what can be played to the sha256 of its text, '' for a page without."""
    archive = WarcArchive(folder, Settings())
    texts: dict[tuple[str, str], str] = {}
    for policy in archive.find_policies(None):
        for url, _ in policy.urls:
            for capture in archive.list_captures(url).captures:
                page = archive.fetch(capture)
                document = read_html(page.body or b"", page.headers, page_url=capture.url, status=page.status)
                is_text = document.page_kind == "policy" and document.sections
                texts[capture.urlkey, capture.timestamp] = text_sha(document.sections) if is_text else ""
    return texts


if __name__ == "__main__":
    main()
