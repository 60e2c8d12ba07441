"""History follows what a run records: now and then as a policy grows, always at the end, after a kill as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harvest import pipeline_recording
from harvest.corpus import store_history
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.store_bulk import unsettled
from harvest.errors import ArchiveError
from harvest.model import Listing, Selected
from harvest.pipeline_steps import Handled

Make = Callable[..., Any]
PAGES = 48


@pytest.fixture
def shots(page: Make, shot: Make) -> list[Any]:
    """Captures of one policy, each with another sentence."""
    said = (f"We keep the orders of {number} seasons and not a single one more than that." for number in range(PAGES))
    return [shot(day * 10, page(Use=sentence)) for day, sentence in enumerate(said)]


def _listed(store: Store, shots: list[Any]) -> tuple[int, list[Handled]]:
    """List and choose captures; return their policy, and them with what came back."""
    captures = tuple(shot.capture for shot in shots)
    url, asked_at = captures[0].url, captures[0].captured_at
    policy_id = store.ensure_policy(host="alder.example", kind="privacy", url=url)
    store.record_listing(policy_id, Listing("wayback", url, asked_at, "ok", captures))
    store.record_selection(policy_id, [Selected(capture, True, "every capture") for capture in captures])
    ids = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
    return policy_id, [(ids[shot.capture], *shot.handled) for shot in shots]


def test_history_is_derived_seldom_and_ends_as_if_at_once(
    tmp_path: Path, shots: list[Any], record: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """48 batches of one page are followed nine times: whenever half as much again is there, and at the end."""
    derived: list[int] = []
    follow = store_history.recompute
    monkeypatch.setattr(pipeline_recording, "_BATCH_PAGES", 1)
    with Store.open(tmp_path / "grown.db") as store:
        policy_id, handled = _listed(store, shots)

        def counted(*args: Any, **more: Any) -> None:
            follow(*args, **more)
            derived.append(store.conn.execute("SELECT count(*) FROM versions").fetchone()[0])

        monkeypatch.setattr(store_history, "recompute", counted)
        pipeline_recording.record(store, policy_id, iter(handled))
        grown = logical_dump(store.conn)
    monkeypatch.undo()
    with Store.open(tmp_path / "whole.db") as store:
        record(store, shots)
        whole = logical_dump(store.conn)

    assert derived == [1, 2, 4, 7, 11, 17, 26, 40, 48]
    assert differences(whole, grown) == []


@pytest.mark.parametrize("trouble", [ArchiveError("the archive is gone"), KeyboardInterrupt()])
def test_what_came_before_trouble_is_followed(tmp_path: Path, shots: list[Any], trouble: BaseException) -> None:
    """An archive that stops answering, or Ctrl-C: nothing that came is left without its history."""

    def pages() -> Iterator[Handled]:
        yield from handled[:30]
        raise trouble

    with Store.open(tmp_path / "a.db") as store:
        policy_id, handled = _listed(store, shots)
        with pytest.raises(type(trouble)):
            pipeline_recording.record(store, policy_id, pages())

        assert unsettled(store.conn) == []
        assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (30,)


def test_what_a_killed_run_left_is_followed_by_the_next(tmp_path: Path, shots: list[Any]) -> None:
    """Captures without their history are noted as such, and followed even where nothing is left to be recorded."""
    with Store.open(tmp_path / "a.db") as store:
        policy_id, handled = _listed(store, shots)
        store.record_pages(policy_id, handled[:20])
        store.record_pages(policy_id, handled[20:], follow=False)
        assert unsettled(store.conn) == [policy_id]
        assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (20,)

    with Store.open(tmp_path / "a.db") as store:
        pipeline_recording.record(store, policy_id, iter(()))

        assert unsettled(store.conn) == []
        assert store.conn.execute("SELECT count(*) FROM versions").fetchone() == (PAGES,)
