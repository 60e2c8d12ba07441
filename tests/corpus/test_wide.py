"""The diff of the first and the last text is kept where they are long, and follows the history."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harvest.compare import compare
from harvest.compare.packed import unpacked
from harvest.corpus import queries, store_wide
from harvest.corpus.derived_rows import by_policy, derived_rows, replace_derived
from harvest.corpus.dump import DERIVED_TABLES, differences, logical_dump
from harvest.corpus.static_copy import publish
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.timestamps import end_of
from harvest.web import difference
from harvest.web.difference_arranged import arrange

Make = Callable[..., Any]
_WORDS = (
    "No longer than a month.",
    "Ask us for it in writing.",
    "The law of Denmark applies.",
    "We have no shop there.",
)


@pytest.fixture
def shots(page: Make, shot: Make, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Captures of five wordings, two of them on the first day; short ones count as long."""
    monkeypatch.setattr(store_wide, "LEAST_WORDS", 50)
    pages = [page(), page(Use=_WORDS[0]), page(Use=_WORDS[1]), page(without=["Sharing"]), page(Contact=_WORDS[2])]
    return [shot(day, body) for day, body in zip((0, 0.3, 100, 200, 300), pages, strict=True)]


def _dump(store: Store) -> list[tuple[object, ...]]:
    return logical_dump(store.conn, tables=["wide_diffs"])["wide_diffs"]


def _pair(store: Store, before: str, after: str) -> Any:
    policy = queries.resolve_policy(store.conn, "alder.example")
    return queries.text_pair(store.conn, policy, before=end_of(before), after=end_of(after))


def test_first_and_last_text_are_told_without_being_compared(store: Store, shots: list[Any], record: Make) -> None:
    """Asked by days, the diff that is kept is the one that comparing gives; other dates have none."""
    record(store, shots)
    far, near = _pair(store, "2010-01-01", "2020"), _pair(store, "2010-01-01", "2010-05-01")
    sides = far.before.sections, far.after.sections

    assert far.before.version.number == 2 and far.told and not near.told
    assert unpacked(far.told, *sides) == compare(*sides) == difference.diff_of(far)


def test_it_follows_the_newest_text(store: Store, shots: list[Any], record: Make, shot: Make, page: Make) -> None:
    """Another last text puts another diff in its place; where the first text comes back there is none."""
    policy_id = record(store, shots)
    (before,) = _dump(store)
    record(store, [shot(400, page(Sharing=_WORDS[3]))])
    (after,) = _dump(store)
    assert before[:2] == after[:2] and before[2:] != after[2:]

    record(store, [shot(500, page(Use=_WORDS[0]))])

    assert _dump(store) == []
    assert policy_id == 1 and verify(store.conn).problems == ()


def test_texts_that_are_short_are_compared_when_asked(store: Store, page: Make, shot: Make, record: Make) -> None:
    """Of two short texts nothing is kept."""
    record(store, [shot(0, page()), shot(100, page(Use=_WORDS[0]))])

    assert _dump(store) == [] and not _pair(store, "2010-01-01", "2020").told


@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_arrival_and_no_rebuild_changes_it(
    seed: int, shots: list[Any], record: Make, memory_store: Make
) -> None:
    """One by one in any order, at once, or derived again through an engine: the same rows."""
    mixed = random.Random(seed).sample(shots, len(shots))
    at_once, one_by_one = memory_store(), memory_store()
    record(at_once, shots)
    for each in mixed:
        record(one_by_one, [each])
    one_by_one.rebuild()

    assert len(_dump(at_once)) == 1
    assert differences(*(logical_dump(each.conn, tables=DERIVED_TABLES) for each in (at_once, one_by_one))) == []


def test_a_corpus_without_it_is_sound_and_a_wrong_one_is_noticed(store: Store, shots: list[Any], record: Make) -> None:
    """One made before there was any verifies, and gets it when it is built; one of other texts does not."""
    record(store, shots)
    (right,) = _dump(store)
    store.conn.execute("DELETE FROM wide_diffs")
    assert verify(store.conn).problems == ()
    store.rebuild()
    assert _dump(store) == [right]

    store_wide.write_wide(store.conn, 1, (2, 5), '{"form":1}')

    assert any("wide_diffs" in problem for problem in verify(store.conn).problems)


def test_it_travels_and_is_published_and_is_taken_down(
    store: Store, shots: list[Any], record: Make, tmp_path: Path
) -> None:
    """Rows of another machine bring it, a copy without bodies has it, and with the policy it goes."""
    record(store, shots)
    (right,) = _dump(store)
    (parts,) = by_policy(derived_rows(store.conn)).items()
    with store.transaction() as conn:
        conn.execute("DELETE FROM wide_diffs")
        replace_derived(conn, *parts)
    assert _dump(store) == [right]

    publish(store.conn, tmp_path / "copy.db", [1])
    publish(store.conn, tmp_path / "empty.db", [])
    store.conn.execute("PRAGMA query_only = OFF")
    store.forget("site", "alder.example")

    assert [_count(tmp_path / name) for name in ("copy.db", "empty.db")] == [1, 0]
    assert _count(tmp_path / "corpus.db") == 0


def _count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as conn:
        return int(conn.execute("SELECT count(*) FROM wide_diffs").fetchone()[0])


def test_diffs_are_remembered_up_to_so_many_words(
    store: Store, shots: list[Any], record: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again a diff is the same object, until others of more words than are kept were asked for since."""
    record(store, shots)
    one, other = _pair(store, "2010-01-01", "2010-05-01"), _pair(store, "2010-05-01", "2020")
    difference._cache.clear()
    first = difference.diff_of(one)
    assert difference.diff_of(one) is first

    monkeypatch.setattr(difference, "_KEEP_WORDS", 1)
    difference.diff_of(other)

    assert len(difference._cache) == 1
    again = difference.diff_of(one)
    assert again == first and again is not first


def test_a_diff_that_is_remembered_needs_no_clauses(store: Store, shots: list[Any], record: Make) -> None:
    """It is arranged as with them, and once while it is asked for in the same way and its headings stand alike."""
    record(store, shots)
    difference._cache.clear()
    whole = _pair(store, "2010-01-01", "2020")
    bare = queries.bare_pair(store.conn, whole.policy, before=end_of("2010-01-01"), after=end_of("2020"))
    heads = queries.with_texts(store.conn, bare, heads_only=True)
    assert difference.known(bare) is None and not (bare.before.sections or bare.after.sections)
    diff = difference.diff_of(whole)
    assert difference.known(bare) is diff and queries.with_texts(store.conn, bare) == whole

    page = difference.page_of(heads, diff, noise=False, everything=False)
    assert page == arrange(diff, whole.before.sections, whole.after.sections)
    assert difference.page_of(whole, diff, noise=False, everything=False) is page
    loud = difference.page_of(heads, diff, noise=True, everything=False)
    assert loud == arrange(diff, whole.before.sections, whole.after.sections, noise=True)
    assert loud is not page
    lower = replace(heads.after, sections=tuple(replace(each, level=each.level + 1) for each in heads.after.sections))
    lowered = replace(heads, after=lower)
    assert difference.page_of(lowered, diff, noise=True, everything=False) is not loud


def test_an_arrangement_is_of_the_diff_it_was_made_of(store: Store, shots: list[Any], record: Make) -> None:
    """A page whose diff was put out of memory in between, and compared anew by another, is arranged all the same."""
    record(store, shots)
    difference._cache.clear()
    pair = _pair(store, "2010-01-01", "2020")
    ours = difference.diff_of(pair)
    difference._cache.clear()
    first = difference.page_of(pair, ours, noise=False, everything=False)
    theirs = difference.diff_of(pair)

    assert difference.page_of(pair, theirs, noise=False, everything=False) == first
    assert difference._cache[next(iter(difference._cache))].diff is theirs is not ours
