"""History of one policy as a pure function: ordered sightings → versions and transitions.

Nothing here knows SQLite. `derive_versions` decides which captures make which version; `derive_transitions` says what
lies between them once the texts have been compared. The rules for what leaves the main line (alternating texts, other
languages, variant URLs) are in `derive_lines` and `derive_turns`, those for what only comes and goes in
`derive_passing`.

Order of captures: the moment that was really seen (landed time, else the listed one), then archive, then URL; equal
ones by the rest of their listing row, so that the order never depends on arrival.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harvest.compare.speech import SPOKEN
from harvest.corpus.derive_kinds import dating, is_later, is_shown, kind_of, why_technical
from harvest.corpus.derive_lines import MAIN, Line, assign_lines, texts_asked_about
from harvest.corpus.derive_model import DiffFacts, Sighting, TextFacts, Transition, Version, Versions
from harvest.corpus.derive_passing import passing_transitions
from harvest.corpus.derive_wordings import Wordings


def derive_versions(
    sightings: Iterable[Sighting], texts: Mapping[str, TextFacts], wordings: Wordings | None = None
) -> Versions:
    """Return the versions of a policy in order of their first capture, numbered from 1, and who belongs to which.

    *sightings* in any order; those that tell nothing (listed, failed, redirects) may be left out. *texts*: what is
    known of each text, by sha256; *wordings*: what they say (without them, texts are the same or not). A derived
    capture gives way to the raw one of the same second and URL key: it belongs to that one's version and moves no
    bound.
    """
    ordered, gave_way = _without_doubles(sorted(sightings, key=_order))
    lines = assign_lines(ordered, texts, wordings or Wordings())
    drafts = sorted(_runs(ordered, lines), key=lambda run: run[1][0])
    versions = _bounded(ordered, lines, drafts)
    of_capture = {ordered[at].capture_id: v.number for v, (_, run) in zip(versions, drafts, strict=True) for at in run}
    for derived, raw in gave_way:
        of_capture[derived.capture_id] = of_capture[raw.capture_id]
    same_by_form = frozenset((derived.text, raw.text) for derived, raw in gave_way if derived.text != raw.text)
    return Versions(versions, of_capture, same_by_form)


def texts_in_order(sightings: Iterable[Sighting], texts: Mapping[str, TextFacts]) -> list[str]:
    """Return the texts (sha256) of which `derive_versions` will ask what came and went from each to the next."""
    return texts_asked_about(_without_doubles(sorted(sightings, key=_order))[0], texts)


def derive_transitions(
    history: Versions,
    texts: Mapping[str, TextFacts],
    diffs: Mapping[tuple[str, str], DiffFacts],
    wordings: Wordings | None = None,
) -> tuple[Transition, ...]:
    """Return what lies between the consecutive versions of the main line. *diffs* by sha256 of both texts."""
    line = history.main_line
    classes = _form_classes(history.same_by_form)
    pairs = list(itertools.pairwise(line))
    loud = {place for place, (a, b) in enumerate(pairs) if is_shown(diffs[a.text, b.text])}
    announced = {place for place in loud if is_later(*(texts[version.text] for version in pairs[place]))}
    foreign = {place for place in loud if not {texts[version.text].language for version in pairs[place]} <= SPOKEN}
    passing = (
        passing_transitions(line, wordings, loud, announced=announced, foreign=foreign) if wordings and loud else {}
    )
    seen: set[str] = set()
    transitions = []
    for place, (before, after) in enumerate(pairs):
        seen.add(before.text)
        facts = texts[before.text], texts[after.text]
        diff = diffs[before.text, after.text]
        kind, reason = kind_of(before, after, diff, returning=after.text in seen, classes=classes)
        if kind != "technical" and place in loud:
            said = passing.get(place) or (why_technical(before, after, facts, diff, wordings) if wordings else "")
            kind, reason = ("technical", said) if said else (kind, reason)
        silent, redated = (None, 0) if kind == "technical" else dating(before, *facts, diff)
        transitions.append(Transition(before.number, after.number, kind, silent, redated, reason))
    return tuple(transitions)


def _order(sighting: Sighting) -> tuple[str, ...]:
    return (sighting.at, sighting.archive, sighting.url, *sighting.row)


def _without_doubles(ordered: Sequence[Sighting]) -> tuple[list[Sighting], list[tuple[Sighting, Sighting]]]:
    """Leave out derived captures that have a raw twin, and absences at a second where the text was seen."""
    shown: dict[tuple[str, str], Sighting] = {}
    for sighting in ordered:
        if sighting.text:
            held = shown.get((sighting.at, sighting.urlkey))
            if held is None or (held.form == "derived" and sighting.form == "raw"):
                shown[sighting.at, sighting.urlkey] = sighting
    kept, gave_way = [], []
    for sighting in ordered:
        twin = shown.get((sighting.at, sighting.urlkey))
        if twin is None or twin is sighting or (sighting.text and sighting.form == "raw"):
            kept.append(sighting)
        elif sighting.text and twin.form == "raw":
            gave_way.append((sighting, twin))
        elif sighting.text:
            kept.append(sighting)
    return kept, gave_way


def _runs(ordered: Sequence[Sighting], lines: Sequence[Line | None]) -> list[tuple[Line, list[int]]]:
    """Group the indices of sightings into runs of one text, line by line."""
    runs: list[tuple[Line, list[int]]] = []
    current: dict[Line, list[int]] = {}
    for at, (sighting, line) in enumerate(zip(ordered, lines, strict=True)):
        if line is None or not sighting.text:
            continue
        run = current.get(line)
        if run is None or ordered[run[-1]].text != sighting.text:
            run = current[line] = []
            runs.append((line, run))
        run.append(at)
    return runs


def _bounded(
    ordered: Sequence[Sighting], lines: Sequence[Line | None], drafts: Sequence[tuple[Line, list[int]]]
) -> tuple[Version, ...]:
    scopes = {line: _scope(ordered, lines, line) for line in {line for line, _ in drafts}}
    versions: list[Version] = []
    place, main = 0, 0
    for number, (line, run) in enumerate(drafts, start=1):
        first, last = ordered[run[0]], ordered[run[-1]]
        before, after = scopes[line].around(run[0], run[-1])
        version = Version(
            number=number,
            place=None,
            text=first.text,
            first_capture_id=first.capture_id,
            last_capture_id=last.capture_id,
            not_before=ordered[before].at if before is not None else None,
            first_seen=first.at,
            last_seen=last.at,
            gone_by=ordered[after].at if after is not None else None,
            variant_of=None,
            forms=frozenset(ordered[at].form for at in run),
            redone=first.redone,
            filtered=first.filtered,
            joined=first.joined,
        )
        if line == MAIN:
            place, main = place + 1, number
            versions.append(replace(version, place=place))
        else:
            versions.append(replace(version, variant_of=main or -1))
    first_main = next(v.number for v in versions if v.place == 1) if versions else 0
    return tuple(replace(v, variant_of=first_main) if v.variant_of == -1 else v for v in versions)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Indices of the captures that could have shown a text of one line: with a text, and of any kind."""

    texts: Sequence[int]
    all: Sequence[int]

    def around(self, first: int, last: int) -> tuple[int | None, int | None]:
        """Return the last text before *first* and the first capture of any kind after *last*."""
        before = bisect_left(self.texts, first)
        after = bisect_right(self.all, last)
        return (self.texts[before - 1] if before else None, self.all[after] if after < len(self.all) else None)


def _scope(ordered: Sequence[Sighting], lines: Sequence[Line | None], line: Line) -> _Scope:
    """Which captures bound the versions of a line.

    The main line is bounded by itself and by absences; alternates and other languages by every capture of the main
    URLs, since any of these could have shown them; a variant URL by its own captures.
    """
    indices = []
    for at, (sighting, its_line) in enumerate(zip(ordered, lines, strict=True)):
        if line.kind == "url":
            inside = its_line == line or (sighting.gone and sighting.variant_url and sighting.urlkey == line.name)
        else:
            other = its_line is not None and its_line.kind == "url"
            absent = sighting.gone and not sighting.variant_url
            inside = absent or (its_line == MAIN if line == MAIN else its_line is not None and not other)
        if inside:
            indices.append(at)
    return _Scope([at for at in indices if ordered[at].text], indices)


def _form_classes(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Texts that are one text in two forms, as somebody's derived capture and our raw one of the same second show."""
    leader: dict[str, str] = {}

    def find(text: str) -> str:
        while leader.setdefault(text, text) != text:
            text = leader[text]
        return text

    for derived, raw in sorted(pairs):
        first, second = sorted((find(derived), find(raw)))
        leader[second] = first
    return {text: find(text) for text in leader}
