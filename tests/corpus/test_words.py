"""What a person says of captures and addresses: recorded, followed, taken back, and never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.corpus.audit import audit
from harvest.corpus.dump import Dump, differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.store_opening import open_memory
from harvest.corpus.verify import verify
from harvest.errors import HarvestError
from harvest.model import Listing, Selected

Make = Callable[..., Any]
OLD, NEW = "http://alder.example/privacy", "http://alder.example/legal/data"
NOW = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


@dataclass
class Ticking:
    """A clock that a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def words(clock: Ticking) -> Store:
    """An empty corpus in memory."""
    return Store(open_memory(), clock=clock)


def _add(store: Store, shot: Any) -> int:
    """List, select and record one capture, as a run over its address does."""
    url = shot.capture.url
    label = "" if url == OLD else "legal-data"
    policy_id = store.ensure_policy(host="alder.example", kind="privacy", label=label, url=url)
    store.record_listing(policy_id, Listing("wayback", url, NOW, "ok", (shot.capture,)))
    store.record_selection(policy_id, [Selected(shot.capture, True, "every capture")])
    pending = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
    if shot.capture in pending:
        store.record_pages(policy_id, [(pending[shot.capture], *shot.handled)])
    return policy_id


def _is_sound(store: Store) -> None:
    assert audit(store.conn).findings == ()
    assert verify(store.conn).problems == ()


def _history(store: Store) -> list[tuple[str, int]]:
    rows = store.conn.execute(
        "SELECT p.label, count(*) FROM policies p JOIN versions v ON v.policy_id = p.id GROUP BY p.id ORDER BY p.label"
    )
    return [(row[0], row[1]) for row in rows]


def _judgements(store: Store) -> list[int]:
    return [row[0] for row in store.conn.execute("SELECT id FROM judgements ORDER BY id")]


@pytest.fixture
def shots(page: Make, shot: Make) -> list[Any]:
    """Four captures of two addresses; each shows a text of its own."""
    uses = [f"We use them in the way number {number}, and in no other way that we can think of." for number in range(4)]
    urls = (OLD, OLD, NEW, NEW)
    return [shot(number * 100, page(Use=use), url=urls[number]) for number, use in enumerate(uses)]


def test_an_address_joined_by_a_person_is_given_back(words: Store, shots: list[Any]) -> None:
    """Two policies become one history, and two again when the word is taken back; both ways all rows are sound."""
    for shot in shots:
        policy_id = _add(words, shot)
    old = words.ensure_policy(host="alder.example", kind="privacy", label="")
    apart = logical_dump(words.conn, tables=["captures", "versions", "policies", "listings", "texts"])

    words.judge(old, "one-policy", url=NEW, by="Ada", why="the footer says so")

    assert _history(words) == [("", 4)]
    (evidence,) = words.conn.execute("SELECT evidence, why FROM policy_urls WHERE url = ?", (NEW,))
    assert evidence == ("judged", "judged: the footer says so")
    _is_sound(words)

    words.undo_judgement(*_judgements(words), by="Ada")

    assert _history(words) == [("", 2), ("legal-data", 2)]
    now = logical_dump(words.conn, tables=["captures", "versions", "policies", "listings", "texts"])
    assert differences(apart, now) == []
    assert policy_id
    _is_sound(words)


def test_words_on_captures_go_where_the_captures_go(words: Store, shots: list[Any]) -> None:
    """A capture judged in one policy stays judged in another."""
    for shot in shots:
        _add(words, shot)
    old = words.ensure_policy(host="alder.example", kind="privacy", label="")
    new = words.ensure_policy(host="alder.example", kind="privacy", label="legal-data")
    capture = shots[3].capture
    words.judge(new, "off-topic", archive=capture.archive, url=capture.url, timestamp=capture.timestamp, why="a shop")

    words.judge(old, "one-policy", url=NEW)
    assert _history(words) == [("", 3)]
    words.undo_judgement(_judgements(words)[-1])
    assert _history(words) == [("", 2), ("legal-data", 1)]
    words.undo_judgement(_judgements(words)[0])
    assert _history(words) == [("", 2), ("legal-data", 2)]
    _is_sound(words)


def test_a_word_taken_back_leaves_the_one_before_it(words: Store, shots: list[Any]) -> None:
    """Off-topic, on-topic, and back: what was said first stands again."""
    policy_id = _add(words, shots[0])
    capture = shots[0].capture
    for verdict in ("off-topic", "on-topic"):
        words.judge(policy_id, verdict, archive=capture.archive, url=capture.url, timestamp=capture.timestamp)
    assert _history(words) == [("", 1)]

    words.undo_judgement(_judgements(words)[-1])
    assert _history(words) == []
    words.rebuild()
    assert _history(words) == []
    words.undo_judgement(_judgements(words)[0])
    assert _history(words) == [("", 1)]

    with pytest.raises(HarvestError, match="already"):
        words.undo_judgement(_judgements(words)[0])
    with pytest.raises(HarvestError, match="no judgement 99"):
        words.undo_judgement(99)


def test_a_note_changes_nothing(words: Store, shots: list[Any]) -> None:
    """It is kept with its subject, and that is all."""
    policy_id = _add(words, shots[0])
    before = logical_dump(words.conn, tables=["captures", "versions"])
    words.judge(policy_id, "note", url=OLD, by="Ada", why="compare with the printed leaflet of 2010")

    assert logical_dump(words.conn, tables=["captures", "versions"]) == before
    _is_sound(words)


_STEPS = ("old-1", "old-2", "new-1", "new-2", "off", "join")


def _play(order: tuple[str, ...], shots: list[Any], *, undo: tuple[str, ...] = ()) -> Dump:
    """Take the steps in an order; words are spoken at moments of their own, whenever they are written down."""
    clock = Ticking()
    store = Store(open_memory(), clock=clock)
    said: dict[str, int] = {}
    for step in (*order, *(f"undo-{name}" for name in undo)):
        old = store.ensure_policy(host="alder.example", kind="privacy", label="")
        if step in _STEPS[:4]:
            _add(store, shots[_STEPS.index(step)])
        elif step == "off":
            clock.now = NOW + timedelta(days=1)
            capture = shots[1].capture
            subject = {"archive": capture.archive, "url": capture.url, "timestamp": capture.timestamp}
            store.judge(old, "off-topic", **subject, why="x")
            said[step] = _judgements(store)[-1]
        elif step == "join":
            clock.now = NOW + timedelta(days=2)
            store.judge(old, "one-policy", url=NEW, why="y")
            said[step] = _judgements(store)[-1]
        else:
            clock.now = NOW + timedelta(days=3)
            store.undo_judgement(said[step.removeprefix("undo-")])
    _is_sound(store)
    dump = logical_dump(store.conn)
    dump["policies"] = [row for row in dump["policies"] if row[0] in {capture[0] for capture in dump["captures"]}]
    for table in ("bodies", "site_policies"):
        dump.pop(table, None)
    return dump


@given(st.permutations(_STEPS), st.sampled_from([(), ("off",), ("join",), ("join", "off")]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_words_and_captures_gives_the_same_rows(
    shots: list[Any], order: tuple[str, ...], undo: tuple[str, ...]
) -> None:
    """A word may be spoken before or after what it is about is there, and taken back."""
    assert differences(_play(_STEPS, shots, undo=undo), _play(tuple(order), shots, undo=undo)) == []
