"""Two corpora into one: nothing lost, nothing twice, whichever is joined into which."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.corpus.audit import audit
from harvest.corpus.dump import Dump, differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.errors import CorpusError
from harvest.model import Listing, Selected

Make = Callable[..., Any]
OLD, NEW, OTHER = "http://alder.example/privacy", "http://alder.example/legal/data", "http://birch.example/privacy"
NOW = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


def _add(store: Store, shot: Any) -> None:
    url = shot.capture.url
    host, label = url.split("/")[2], "legal-data" if url == NEW else ""
    policy_id = store.ensure_policy(host=host, kind="privacy", label=label, url=url)
    store.record_listing(policy_id, Listing("wayback", url, NOW, "ok", (shot.capture,)))
    store.record_selection(policy_id, [Selected(shot.capture, True, "every capture")])
    pending = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
    if shot.capture in pending:
        store.record_pages(policy_id, [(pending[shot.capture], *shot.handled)])


@pytest.fixture
def shots(page: Make, shot: Make) -> list[Any]:
    """Six captures: two addresses of one site, one of another; neighbours show different texts."""
    uses = [f"We use them in the way number {number}, and in no other way that we can think of." for number in range(6)]
    urls = (OLD, OLD, NEW, NEW, OTHER, OTHER)
    return [shot(number * 100, page(Use=use), url=urls[number]) for number, use in enumerate(uses)]


def _build(path: Path, shots: list[Any], parts: list[int], words: list[str]) -> None:
    clock = [NOW]
    with Store.open(path, clock=lambda: clock[0]) as store:
        for number in parts:
            _add(store, shots[number])
        for number, word in enumerate(words, start=1):
            clock[0] = NOW + timedelta(days=number)
            old = store.ensure_policy(host="alder.example", kind="privacy")
            capture = shots[1].capture
            if word == "off":
                place = {"archive": capture.archive, "url": capture.url, "timestamp": capture.timestamp}
                store.judge(old, "off-topic", **place, by="Ada", why="a shop")
            elif word == "join":
                store.judge(old, "one-policy", url=NEW, by="Ada", why="the footer")
            elif word == "forget" and store.conn.execute("SELECT 1 FROM captures WHERE url = ?", (OTHER,)).fetchone():
                store.forget("site", "birch.example", by="Ada", why="asked")


def _merged(folder: Path, one: Path, other: Path, *, twice: bool = False) -> Dump:
    path = folder / f"{one.stem}-{other.stem}-{twice}.db"
    shutil.copy(one, path)
    with Store.open(path, clock=lambda: NOW) as store:
        store.merge(other)
        if twice:
            store.merge(other)
        assert audit(store.conn).findings == ()
        assert verify(store.conn).problems == ()
        dump = logical_dump(store.conn)
    dump["listings"] = []  # which of two equal listings counts a row as added is nobody's business
    return dump


PARTS = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)
WORDS = st.lists(st.sampled_from(["off", "join", "forget"]), max_size=2, unique=True)


@given(PARTS, PARTS, WORDS, WORDS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_joining_knows_no_sides(
    shots: list[Any], some: list[int], others: list[int], said: list[str], told: list[str]
) -> None:
    """A into B gives what B into A gives, and again changes nothing; words and take-downs of both hold."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        one, other = folder / "one.db", folder / "other.db"
        _build(one, shots, some, said)
        _build(other, shots, others, told)
        joined = _merged(folder, one, other)

        assert differences(joined, _merged(folder, other, one)) == []
        assert differences(joined, _merged(folder, one, other, twice=True)) == []


def test_joining_the_parts_gives_the_whole(tmp_path: Path, shots: list[Any]) -> None:
    """Two halves of a harvest, joined, are the harvest: bodies and derived rows as well."""
    for name, parts in (("one", [0, 2, 4]), ("other", [1, 3, 5, 0]), ("whole", [0, 1, 2, 3, 4, 5])):
        _build(tmp_path / f"{name}.db", shots, parts, [])

    joined = _merged(tmp_path, tmp_path / "one.db", tmp_path / "other.db")
    with Store.open(tmp_path / "whole.db") as whole:
        wanted = {**logical_dump(whole.conn), "listings": []}

    assert differences(wanted, joined) == []


def test_only_what_something_came_to_is_derived_again(tmp_path: Path, shots: list[Any]) -> None:
    """What both hold costs no reading: a policy is touched by a new capture or a person's word on one, else not."""
    for name, parts, words in (("one", [0, 2, 4], []), ("more", [0, 2, 4, 5], []), ("said", [0, 2, 4, 1], ["off"])):
        _build(tmp_path / f"{name}.db", shots, parts, words)
    with Store.open(tmp_path / "one.db", clock=lambda: NOW) as store:
        hosts = "SELECT p.id, host FROM policies p JOIN sites s ON s.id = p.site_id"
        names = {int(row[0]): str(row[1]) for row in store.conn.execute(hosts)}

        def touched(name: str) -> list[str]:
            return [names[policy_id] for policy_id in store.merge(tmp_path / f"{name}.db").touched]

        shutil.copy(tmp_path / "one.db", tmp_path / "copy.db")
        assert touched("copy") == []
        assert touched("more") == ["birch.example"]
        assert touched("more") == []
        assert touched("said") == ["alder.example"]
        store.undo_judgement(store.conn.execute("SELECT id FROM judgements").fetchone()[0], by="Ada")
        assert touched("said") == []
        store.conn.execute("DELETE FROM judgements")
        assert touched("said") == ["alder.example"]


def test_a_take_down_holds_in_both(tmp_path: Path, shots: list[Any]) -> None:
    """What one corpus has forgotten goes from the other, and does not come over."""
    _build(tmp_path / "one.db", shots, [0, 4, 5], [])
    _build(tmp_path / "other.db", shots, [0, 4], ["forget"])

    for one, other in (("one", "other"), ("other", "one")):
        joined = _merged(tmp_path, tmp_path / f"{one}.db", tmp_path / f"{other}.db")
        assert {row[0] for row in joined["captures"]} == {"alder.example/privacy:"}


def test_a_corpus_is_not_joined_with_itself(tmp_path: Path, shots: list[Any]) -> None:
    """Nor with something that is no corpus."""
    _build(tmp_path / "one.db", shots, [0], [])
    (tmp_path / "text.db").write_text("no corpus")
    with Store.open(tmp_path / "one.db") as store:
        with pytest.raises(CorpusError, match="this very corpus"):
            store.merge(tmp_path / "one.db")
        with pytest.raises(CorpusError, match="no SQLite"):
            store.merge(tmp_path / "text.db")
