"""What identity leaves out (levels, kinds, dates, titles) must not depend on the order of arrival either."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.corpus.audit import audit
from harvest.corpus.dump import differences, logical_dump
from harvest.model import Clause, Document, Listing, Outcome, RawPage, Section, Selected, StatedDate
from harvest.timestamps import from_iso

Make = Callable[..., Any]
EPOCH = from_iso("2010-01-01T00:00:00Z")
SENTENCES = ["We keep your name.", "We keep your address.", "We share nothing."]

clauses = st.builds(
    lambda kind, depth, text: Clause(kind, depth, text, text),
    st.sampled_from(["paragraph", "item"]),
    st.integers(0, 1),
    st.sampled_from(SENTENCES),
)
sections = st.builds(
    Section,
    level=st.integers(1, 2),
    number=st.sampled_from(["", "1"]),
    heading=st.sampled_from(["Keeping", "Sharing"]),
    heading_kind=st.sampled_from(["h2", "bold"]),
    confidence=st.sampled_from([0.5, 1.0]),
    clauses=st.lists(clauses, min_size=1, max_size=2).map(tuple),
)
documents = st.builds(
    Document,
    title=st.sampled_from(["P", "Q"]),
    sections=st.lists(sections, min_size=1, max_size=2).map(tuple),
    language=st.sampled_from(["en", "de", ""]),
    stated_date=st.sampled_from([None, StatedDate(date(2010, 1, 1), "updated", "as of 2010")]),
    confidence=st.sampled_from([0.7, 0.9]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(read=st.lists(documents, min_size=1, max_size=8), seed=st.integers(0, 99), batch=st.integers(1, 4))
def test_the_best_structure_wins_whenever_it_comes(
    read: list[Document], seed: int, batch: int, memory_store: Make, shot: Make
) -> None:
    """Documents that share texts or sections but not their structure end in the same rows in any order."""
    pages = []
    for place, document in enumerate(read):
        form = "derived" if place % 3 == 2 else "raw"
        one = shot(place * 100, f"body {place}".encode(), form=form)
        pages.append((one.capture, RawPage(one.capture, Outcome.FETCHED, body=one.body, status=200), document))
    dumps = []

    for order, size in ((pages, len(pages)), (random.Random(seed).sample(pages, len(pages)), batch)):
        store = memory_store()
        policy_id = store.ensure_policy(host="a.example")
        store.record_listing(policy_id, Listing("wayback", "u", EPOCH, "ok", tuple(capture for capture, _, _ in pages)))
        store.record_selection(policy_id, [Selected(capture, True, "all") for capture, _, _ in pages])
        ids = {capture: capture_id for capture_id, capture in store.pending(policy_id)}
        for start in range(0, len(order), size):
            batch_pages = order[start : start + size]
            store.record_pages(policy_id, [(ids[capture], page, document) for capture, page, document in batch_pages])
        dumps.append(logical_dump(store.conn))
        assert audit(store.conn).findings == ()

    assert differences(*dumps) == []
