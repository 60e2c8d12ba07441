"""The sample archive: what it promises to show, and that it is the same every time."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path

import pytest

from harvest.simulator import sample
from harvest.simulator.holdings import Holding, open_holdings
from harvest.simulator.sample import history, markup, specials
from harvest.simulator.sample.captures import Record, records
from harvest.simulator.sample.eras import ERAS
from harvest.simulator.sample.model import Company, Wording
from harvest.simulator.sample.writing import read_chapters, read_parts
from harvest.targets import read_targets

COMPANIES = sample.bundled_companies()


@pytest.fixture(scope="module")
def everything() -> dict[str, list[Record]]:
    """Return every capture of the bundled sample, by host."""
    found: dict[str, list[Record]] = {}
    for company in COMPANIES:
        found.setdefault(company.host, []).extend(records(company))
    return found


@pytest.fixture(scope="module")
def rows(bundled_sample: list[Path]) -> tuple[Holding, ...]:
    """Return the index rows of the bundled sample."""
    return open_holdings(bundled_sample).rows


def test_it_is_large_and_varied_enough(rows: tuple[Holding, ...]) -> None:
    """At least eight companies under ``.example``, sixty captures, and every era from 1998 to 2024."""
    years = {int(row.timestamp[:4]) for row in rows}

    assert len({company.host for company in COMPANIES}) >= 8
    assert all(company.host.endswith(".example") for company in COMPANIES)
    assert len(rows) >= 60
    assert years >= set(range(1998, 2025))
    assert {look.era for company in COMPANIES for look in company.looks} == set(ERAS)


def test_it_holds_every_kind_of_capture_without_a_policy(everything: dict[str, list[Record]]) -> None:
    """Errors, walls, shells, redirects, framesets, parked domains and revisits all occur."""
    kinds = {record.kind for found in everything.values() for record in found if record.wording is None}

    assert kinds == set(specials.KINDS)
    assert any(record.repeats for found in everything.values() for record in found)


def test_bytes_always_differ_where_texts_do_not(everything: dict[str, list[Record]]) -> None:
    """Two captures of one wording never have one digest: advertisements, counters and ids change."""
    for found in everything.values():
        bodies = [record.body for record in found if record.wording is not None and record.repeats is None]
        assert len(set(bodies)) == len(bodies)


def _steps(company: Company) -> list[tuple[Wording, Wording]]:
    days = [edit.when for edit in company.edits]
    states = [company.first, *(history.wording_at(company, _noon(day)) for day in days)]
    return list(pairwise(states))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _keys(wording: Wording) -> list[str]:
    return [chapter.key for chapter in wording.chapters]


FEATURES = {
    "a silent change": lambda a, b: a.chapters != b.chapters and a.stated == b.stated is not None,
    "a new date alone": lambda a, b: a.chapters == b.chapters and a.stated != b.stated,
    "a moved section": lambda a, b: sorted(_keys(a)) == sorted(_keys(b)) and _keys(a) != _keys(b),
    "a renamed section": lambda a, b: any(
        x.heading != y.heading for x in a.chapters for y in b.chapters if x.key == y.key
    ),
    "renumbering": lambda a, b: bool(a.numbering) and _numbers(a) != _numbers(b),
    "the GDPR arriving": lambda a, b: "General Data Protection" in str(b) and "General Data Protection" not in str(a),
    "the CCPA arriving": lambda a, b: "CCPA" in str(b) and "CCPA" not in str(a),
    "a promise dropped": lambda a, b: "will not sell" in str(a) and "will not sell" not in str(b),
    "another telephone number": lambda a, b: "555-01" in str(b) and a != b and _without_digits(a) == _without_digits(b),
}


def _numbers(wording: Wording) -> dict[str, str]:
    keyed = [chapter.key for chapter in wording.chapters if chapter.heading]
    return dict(zip(keyed, [label for label in markup.headings(wording) if label], strict=True))


def _without_digits(wording: Wording) -> str:
    text = str([(chapter.heading, chapter.parts) for chapter in wording.chapters])
    return "".join(char for char in text if not char.isdigit())


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_occurs(feature: str) -> None:
    """What the explorer is to show happens to at least one company."""
    shows = [
        company.host for company in COMPANIES for before, after in _steps(company) if FEATURES[feature](before, after)
    ]

    assert shows


def test_a_clause_is_shared_between_companies() -> None:
    """The words on web beacons stand in more than one policy."""
    says = [company.host for company in COMPANIES if "picture one dot wide" in str(company.edits)]

    assert len(says) >= 3


def test_there_is_a_gap_of_years(everything: dict[str, list[Record]]) -> None:
    """One company was not captured for five years."""
    times = [record.when for record in everything["zephyrnordic.example"]]

    assert max((after - before).days for before, after in pairwise(times)) > 5 * 365


def test_encodings_are_of_their_time(everything: dict[str, list[Record]]) -> None:
    """Bytes of windows-1252 without a word about it, bytes under a wrong name, UTF-8 encoded twice."""
    brindle = everything["brindlesoft.example"][0].body
    later = next(record for record in everything["brindlesoft.example"] if b"iso-8859-1" in record.body)
    zephyr = next(record for record in everything["zephyrnordic.example"] if record.when.year == 2013)

    assert b"don\x92t" in brindle and b"charset" not in brindle.lower()
    assert b"don\x92t" in later.body
    assert "Ã…lesund".encode() in zephyr.body


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Files are equal byte for byte, for the bundled sample and for others; another seed gives other companies."""
    assert _digests(sample.write_bundled(tmp_path / "a")) == _digests(sample.write_bundled(tmp_path / "b"))
    assert _digests(sample.write_sample(tmp_path / "c", seed=5)) == _digests(
        sample.write_sample(tmp_path / "d", seed=5)
    )
    assert not {company.host for company in sample.invent(5, 3)} & {company.host for company in sample.invent(6, 3)}


def _digests(paths: list[Path]) -> list[str]:
    return [f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths]


@pytest.mark.parametrize("seed", range(12))
def test_any_seed_makes_whole_companies(seed: int) -> None:
    """Every edit fits, every capture renders, and there are enough of both."""
    for company in sample.invent(seed, 2):
        found = records(company, seed=str(seed))

        assert len(company.edits) >= 4
        assert sum(record.wording is not None for record in found) >= 10
        assert found == sorted(found, key=lambda record: (record.when, record.url))


def test_targets_name_every_address(tmp_path: Path) -> None:
    """The targets file has one target a policy, with all addresses it lived at."""
    sample.write_bundled(tmp_path)
    targets = read_targets(tmp_path / "targets.toml").targets

    assert len(targets) == len(COMPANIES)
    for company, target in zip(COMPANIES, targets, strict=True):
        assert {target.text, *target.urls} == {url for _, url in company.addresses}


def test_notation() -> None:
    """Headings carry a key; paragraphs go on over lines; items and rows are a line each."""
    chapters = read_chapters("Hello\nthere.\n\n## a | First\n\n* one\n* two\n| x | y |\n### b | Below\n\nEnd.")

    assert [(chapter.key, chapter.heading, chapter.level) for chapter in chapters] == [
        ("opening", "", 1),
        ("a", "First", 1),
        ("b", "Below", 2),
    ]
    assert [(part.kind, part.text) for part in chapters[1].parts] == [
        ("item", "one"),
        ("item", "two"),
        ("row", "x | y"),
    ]
    assert read_parts("Hello\nthere.") == chapters[0].parts


@pytest.mark.parametrize(
    "operation",
    [("replace", "nowhere", "x"), ("drop", "nowhere"), ("move", "a", "nowhere"), ("remove", "nowhere")],
    ids=str,
)
def test_an_edit_that_does_not_fit_is_an_error(operation: tuple[str, ...]) -> None:
    """A slip in the sources is found when the sample is made, not years later in a diff."""
    wording = Wording("T", read_chapters("## a | First\n\nOne.\n"))

    with pytest.raises(history.BadEdit):
        history.apply(wording, [operation])
