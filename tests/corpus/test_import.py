"""Imported files: which policy they belong to, and how they live beside captures harvested later."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from harvest.corpus.audit import audit
from harvest.corpus.dump import differences, logical_dump
from harvest.corpus.store import Store
from harvest.corpus.verify import verify
from harvest.model import Capture, Clause, Document, Section
from harvest.text.derived import read_derived
from harvest.urls import urlkey

Make = Callable[..., Any]

MARKDOWN = b"""# Privacy

## Collection

We collect the name and the postal address that you enter when you order from our nursery, and nothing more.

## Use

We use these details to send your order, to answer your questions and to keep the books the law asks for.
"""


@dataclass(frozen=True)
class FiledPage:
    """What an importer hands over."""

    capture: Capture
    host: str
    document: Document
    body: bytes
    kind: str = "privacy"


@pytest.fixture
def filed(shot: Make) -> Callable[..., FiledPage]:
    """Return a maker of imported files: the site they are filed under, their URL, their day."""

    def make(host: str, url: str, *, day: float = 0, body: bytes = MARKDOWN) -> FiledPage:
        capture = shot(day, body, url=url, form="derived", archive="princeton-leuven").capture
        return FiledPage(replace(capture, urlkey=urlkey(url)), host, read_derived(body, page_url=url), body)

    return make


def policies_of(store: Store) -> list[tuple[str, str, int]]:
    return store.conn.execute(
        "SELECT s.host, p.label, (SELECT count(*) FROM captures c WHERE c.policy_id = p.id) FROM policies p"
        " JOIN sites s ON s.id = p.site_id ORDER BY 1, 2"
    ).fetchall()


def test_a_site_s_own_policy_is_one_wherever_it_moved(store: Store, filed: Make) -> None:
    """URLs on the site, its subdomains and its parent domain are one policy over the years."""
    store.record_imports(
        [
            filed("alder.example", "http://alder.example/privacy"),
            filed("alder.example", "https://legal.alder.example/privacy.html", day=400),
            filed("shop.alder.example", "http://alder.example/p", day=800),
        ]
    )

    assert policies_of(store) == [("alder.example", "", 3)]
    urls = "SELECT url, substr(valid_to, 1, 10) FROM policy_urls ORDER BY valid_to IS NULL, valid_to"
    assert store.conn.execute(urls).fetchall() == [
        ("http://alder.example/privacy", "2010-01-01"),
        ("https://legal.alder.example/privacy.html", "2011-02-05"),
        ("http://alder.example/p", None),
    ]
    assert store.conn.execute("SELECT s.host FROM site_policies sp JOIN sites s ON s.id = sp.site_id").fetchall() == [
        ("shop.alder.example",)
    ]


def test_pages_of_a_hosting_service_stay_apart(store: Store, filed: Make) -> None:
    """Two sites whose policies a third one hosts have two policies, however alike the addresses."""
    store.record_imports(
        [
            filed("birch.example", "https://policies.example/p/101"),
            filed("cedar.example", "https://policies.example/p/202"),
            filed("cedar2.example", "https://policies.example/p/202", day=1),
        ]
    )

    assert policies_of(store) == [("policies.example", "p/101", 1), ("policies.example", "p/202", 2)]


def test_whose_policy_it_is_does_not_depend_on_the_order_of_files(memory_store: Make, filed: Make) -> None:
    """A parent company's page found by way of its daughters becomes its own as soon as it is filed itself."""
    files = [
        filed("daughter.example", "http://parent.example/privacy", day=1),
        filed("parent.example", "http://parent.example/privacy", day=2),
        filed("parent.example", "http://parent.example/old", day=0),
    ]
    dumps = []

    for order in itertools.permutations(files):
        for together in (True, False):
            store = memory_store()
            for batch in [list(order)] if together else [[one] for one in order]:
                store.record_imports(batch)
            dumps.append(logical_dump(store.conn))
            assert policies_of(store) == [("parent.example", "", 3)]
            assert audit(store.conn).findings == ()
            assert verify(store.conn).problems == ()

    assert all(differences(dumps[0], dump) == [] for dump in dumps)


def test_importing_the_same_file_twice_is_importing_it_once(store: Store, filed: Make) -> None:
    """An import is safe to repeat."""
    store.record_imports([filed("alder.example", "http://alder.example/privacy")])
    before = logical_dump(store.conn)

    store.record_imports([filed("alder.example", "http://alder.example/privacy")])

    assert logical_dump(store.conn) == before


def test_the_same_capture_harvested_later_is_no_change(
    store: Store, filed: Make, page: Make, shot: Make, record: Make
) -> None:
    """The raw page takes the place of the extraction; later raw pages continue its version."""
    store.record_imports([filed("alder.example", "http://alder.example/privacy")])

    record(store, [shot(0, page(without=["Sharing", "Contact"])), shot(5, page(without=["Sharing", "Contact"]))])

    assert store.conn.execute("SELECT number, last_seen FROM versions").fetchall() == [(1, "2010-01-06T00:00:00Z")]
    assert store.conn.execute("SELECT count(*) FROM captures WHERE version_id IS NULL").fetchone() == (0,)
    assert store.conn.execute("SELECT count(*) FROM transitions").fetchone() == (0,)
    assert verify(store.conn).problems == ()


def test_text_that_utf_8_cannot_hold_does_not_stop_an_import(store: Store, filed: Make) -> None:
    """Lone surrogates become replacement characters before anything is hashed or stored."""
    clause = Clause("paragraph", 0, "word \ud800 word", "word \ud800 word")
    document = Document(title="t\udfff", sections=(Section(1, "", "h\ud800", "h1", 1.0, (clause,)),))

    store.record_imports([replace(filed("alder.example", "http://alder.example/p"), document=document)])

    assert store.conn.execute("SELECT text FROM clauses").fetchall() == [("word \ufffd word",)]
