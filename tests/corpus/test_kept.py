"""Building again after a change of how pages are read: what reads as before is neither compared nor written again."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import harvest
from harvest.cli.build import build_shards
from harvest.compare.tokens import count_words
from harvest.corpus import comparing, store_diffs, store_upkeep
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.normaliser import NORMALISER
from harvest.corpus.rules import rule_files
from harvest.corpus.store import Store
from harvest.corpus.store_bulk import note_unsettled
from harvest.corpus.verify import verify
from harvest.engine import Serial
from harvest.model import Document
from harvest.text import reading

Make = Callable[..., Any]
NEXT = f"{NORMALISER}a"
PACKAGE = Path(harvest.__file__).parent
#: What SQL and scripts compare with; no history is made by it.
NOT_FOLLOWED = {"harvest.compare.sql", "harvest.compare.texts"}


@pytest.fixture
def corpus(tmp_path: Path, page: Make, shot: Make, record: Make) -> Path:
    """Four versions; the first two differ in ‘Use’, the others in what follows it."""
    path = tmp_path / "corpus.db"
    with Store.open(path) as store:
        record(
            store,
            [
                shot(0, page()),
                shot(30, page(Use="We use these details for nothing else than your order and our answer to you.")),
                shot(60, b"gone", status=404),
                shot(90, page(without=["Use", "Contact"])),
                shot(400, page(without=["Use"], date="May 5, 2010")),
            ],
        )
    return path


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was compared: one entry a pair of texts."""
    pairs: list[object] = []

    def counted(before: Any, after: Any, compare: Any = comparing.compare_rows) -> Any:
        pairs.append((before, after))
        return compare(before, after)

    for module in (comparing, store_diffs):
        monkeypatch.setattr(module, "compare_rows", counted)
    return pairs


def raise_normaliser(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("scratch", "store", "store_upkeep", "verify"):
        monkeypatch.setattr(f"harvest.corpus.{module}.NORMALISER", NEXT)


def say_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each clause read with another plain text, one that sorts after the one it had, of the same Markdown."""
    read = reading.read_html

    def longer(body: bytes, *rest: Any, **named: Any) -> Document:
        document = read(body, *rest, **named)
        clauses = [tuple(replace(c, text=f"{c.text} Indeed.") for c in s.clauses) for s in document.sections]
        sections = tuple(replace(s, clauses=some) for s, some in zip(document.sections, clauses, strict=True))
        return Document(**{**{n: getattr(document, n) for n in Document.__slots__}, "sections": sections})

    monkeypatch.setattr(reading, "read_html", longer)


def rows_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables as they are, packed ones and ids included."""
    names = [row[0] for row in store.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = {name: store.conn.execute(f'SELECT * FROM "{name}"').fetchall() for name in names if name[:6] != "sqlite"}
    return {name: sorted(rows, key=repr) for name, rows in tables.items() if "_fts" not in name}


def test_what_reads_as_before_is_not_compared_again(
    corpus: Path, compared: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new normaliser that reads these pages as the old one did leaves every row but its own stamps."""
    with Store.open(corpus) as store:
        before = rows_of(store)
        raise_normaliser(monkeypatch)

        store.rebuild()

        after = rows_of(store)
        assert compared == []
        assert {name for name in before if before[name] != after[name]} == {"meta", "text_rows"}
        assert {row[0] for row in store.conn.execute("SELECT normaliser FROM texts")} == {NEXT}
        assert store.get_meta("normaliser") == NEXT


def test_what_reads_otherwise_is_derived_as_if_it_were_new(
    corpus: Path, compared: list[object], monkeypatch: pytest.MonkeyPatch, read_otherwise: Callable[[], None]
) -> None:
    """Texts that changed are compared again, others are not; the corpus ends as a build that keeps nothing makes it."""
    with Store.open(corpus) as store:
        raise_normaliser(monkeypatch)
        read_otherwise()

        store.rebuild()

        kept = logical_dump(store.conn)
        assert 0 < len(compared) < 3
        store.conn.execute("UPDATE meta SET value = '' WHERE key = 'rules'")
        store.conn.execute("UPDATE meta SET value = '0' WHERE key = 'normaliser'")
        store.rebuild()
        assert differences(kept, logical_dump(store.conn)) == []
        assert verify(store.conn).problems == ()


@pytest.mark.parametrize("shards", [False, True], ids=["here", "in shards"])
def test_plain_text_and_word_counts_of_clauses_follow_from_the_rules_of_today(
    corpus: Path, tmp_path: Path, shards: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same Markdown may be read as another plain text: no clause keeps what older rules made of it."""
    raise_normaliser(monkeypatch)
    say_otherwise(monkeypatch)
    with Store.open(corpus) as store:
        before = dict(store.conn.execute("SELECT sha256, text FROM clauses"))
        store.conn.execute("UPDATE clause_rows SET words = 99 WHERE id % 2")

        if shards:
            build_shards(store, Serial(), tmp_path / "shards", merge=True, on_policies=lambda count: None)
        else:
            store.rebuild()

        after = store.conn.execute("SELECT sha256, text, words FROM clauses").fetchall()
        assert [text for _, text, _ in after] == [f"{before[sha]} Indeed." for sha, _, _ in after]
        assert [words for _, _, words in after] == [count_words(text) for _, text, _ in after]
        assert verify(store.conn).problems == ()


def test_rules_that_were_changed_since_compare_everything_again(
    corpus: Path, compared: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept where histories may follow by other rules, and the corpus is of the new rules then."""
    with Store.open(corpus) as store:
        raise_normaliser(monkeypatch)
        monkeypatch.setattr(store_upkeep, "rules_digest", lambda: "other")

        store.rebuild()

        assert len(compared) == 3
        assert store.get_meta("rules") == f"{NEXT} other"


def test_a_rebuild_by_the_same_rules_makes_all_anew_with_the_same_rows(corpus: Path, compared: list[object]) -> None:
    """Whoever asks for it without a reason has one: damage is mended. What was right stays, row by row."""
    with Store.open(corpus) as store:
        before = rows_of(store)
        store.conn.execute("UPDATE change_rows SET words_added = 99")
        store.conn.execute("UPDATE section_rows SET words = 99")
        store.conn.execute("UPDATE text_rows SET title = 'damaged'")
        store.conn.execute("UPDATE clause_runs SET form = 99")

        store.rebuild()

        after = rows_of(store)
        assert len(compared) == 3
        assert verify(store.conn).problems == ()
        packed = {"clause_runs", "section_parts", "section_runs", "text_parts"}  # were damaged, and are numbered anew
        assert {name for name in before if before[name] != after[name]} <= packed


def test_packed_rows_stay_as_they_are(corpus: Path) -> None:
    """A rebuild that changes nothing numbers no run anew."""
    with Store.open(corpus) as store:
        before = rows_of(store)

        store.rebuild()

        assert rows_of(store) == before


def test_a_corpus_of_several_rules_says_so(
    corpus: Path, page: Make, shot: Make, record: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program with other rules that records into a corpus takes the stamp away: its diffs stand beside others."""
    monkeypatch.setattr(store_upkeep, "rules_digest", lambda: "other")
    with Store.open(corpus) as store:
        assert store.get_meta("rules") != ""

        record(store, [shot(500, page(without=["Contact"]))])

        assert store.get_meta("rules") == ""


def test_histories_that_other_rules_settle_are_of_several_rules(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed import left is settled by the program that comes next, and the corpus says so at once."""
    monkeypatch.setattr(store_upkeep, "rules_digest", lambda: "other")
    with Store.open(corpus) as store:
        note_unsettled(store.conn, 1)

        store.settle()

        assert store.get_meta("rules") == ""


def test_a_rebuild_killed_between_reading_and_comparing_is_carried_on(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, read_otherwise: Callable[[], None]
) -> None:
    """What was read anew and does not follow yet follows with the next one."""
    with Store.open(corpus) as store:
        raise_normaliser(monkeypatch)
        read_otherwise()
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(store, "settle", _killed)
            store.rebuild()
        assert store.get_meta("normaliser") == NORMALISER

        store.rebuild()

        assert store.get_meta("normaliser") == NEXT
        assert verify(store.conn).problems == ()


def _killed(**named: object) -> None:
    raise KeyboardInterrupt


def test_all_rules_are_looked_at() -> None:
    """Whatever module a history depends on is among the files whose change has everything compared again."""
    watched = {path.relative_to(PACKAGE).as_posix() for path in rule_files()}
    needed = {path for path in _followed("harvest.corpus.store_settle") if "/" in path or path[:-3] not in _APART}

    assert needed - watched - _PLUMBING == set()


_APART = {"engine", "engine_crew", "engine_forked"}
_PLUMBING = {"corpus/__init__.py", "text/__init__.py"}


def _followed(root: str) -> set[str]:
    """Return the files of the package that a module imports, and what these import."""
    found: dict[str, str] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        path = next((p for p in _paths(name) if p.exists()), None)
        if path is None or name in found or name in NOT_FOLLOWED:
            continue
        found[name] = path.relative_to(PACKAGE).as_posix()
        if name not in ("harvest.text", "harvest"):
            waiting.extend(_imports(path))
    return set(found.values()) - {"__init__.py"}


def _paths(name: str) -> Iterator[Path]:
    place = PACKAGE.joinpath(*name.split(".")[1:])
    yield from (place.with_suffix(".py"), place / "__init__.py")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("harvest"):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
