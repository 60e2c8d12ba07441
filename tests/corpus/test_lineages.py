"""Sections through the years: one lineage, one address, whatever the order in which texts came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harvest.corpus.store import Store
from harvest.corpus.store_lineages import slugify

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        pytest.param("Cookies & Similar Technologies", "cookies-similar-technologies", id="marks"),
        pytest.param("Änderungen der Erklärung", "anderungen-der-erklarung", id="accents"),
        pytest.param("クッキーについて", "クッキーについて", id="other scripts"),
        pytest.param("", "opening", id="what stands before the first heading"),
        pytest.param("***", "opening", id="no letters"),
        pytest.param("x" * 100, "x" * 60, id="long"),
    ],
)
def test_a_heading_becomes_part_of_an_address(heading: str, slug: str) -> None:
    """Letters and digits of any script, joined by hyphens."""
    assert slugify(heading) == slug


def test_a_renamed_section_keeps_its_address_and_shows_its_newest_heading(
    store: Store, page: Make, shot: Make, record: Make
) -> None:
    """The slug is that of the first heading, the heading that of the last version."""
    sharing = "We hand your address to the carrier who brings the parcel to your door, and to nobody else at all."
    renamed = page(without=["Sharing"], **{"Who else sees it": sharing})

    record(store, [shot(0, page()), shot(30, renamed)])

    rows = store.conn.execute("SELECT slug, heading FROM lineages ORDER BY id").fetchall()
    assert ("sharing", "Who else sees it") in rows


def test_sections_of_one_heading_have_addresses_of_their_own(store: Store, shot: Make, record: Make) -> None:
    """Two lineages never share a slug, not even with a heading that looks like a numbered one."""
    words = "We keep what you tell us for as long as the law of the land demands it of us and not a day longer. "
    parts = "".join(
        f"<h2>{heading}</h2><p>{number} {words * 2}</p>" for number, heading in enumerate(["Data", "Data 2", "Data"])
    )

    record(store, [shot(0, f"<html><title>T</title><body><main><h1>Privacy</h1>{parts}</main></body></html>".encode())])

    slugs = [row[0] for row in store.conn.execute("SELECT slug FROM lineages")]
    assert len(slugs) == len(set(slugs))
    assert {"data", "data-2", "data-3"} <= set(slugs)


def test_texts_in_no_version_have_no_lineages(store: Store, page: Make, shot: Make, record: Make) -> None:
    """An extraction that gave way to the raw page stays on record, off the history."""
    derived = shot(0, page(without=["Use"]), form="derived", archive="princeton-leuven")

    record(store, [derived, shot(0, page())])

    rows = store.conn.execute(
        "SELECT t.id, count(ts.lineage_id) FROM texts t JOIN text_sections ts ON ts.text_id = t.id"
        " GROUP BY t.id ORDER BY t.id"
    ).fetchall()
    assert sorted(count > 0 for _, count in rows) == [False, True]
