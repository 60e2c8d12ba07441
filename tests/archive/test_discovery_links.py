"""What home pages lead to: invented pages of each era and in many languages, and what they must give."""

from __future__ import annotations

import sys
from collections import Counter
from importlib import util
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.archive.discovery_links import HomePage, read_home
from harvest.archive.discovery_words import meaning, plain


def _load() -> Any:
    spec = util.spec_from_file_location("home_pages", Path(__file__).with_name("home_pages.py"))
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


home_pages = _load()


def _read(page: Any) -> HomePage:
    return read_home(page.body, page.headers, page.url)


def _expected(page: Any) -> set[tuple[str, str]]:
    return {(kind, urljoin(page.url, url)) for kind in ("privacy", "terms", "cookies") for url in getattr(page, kind)}


@pytest.mark.parametrize("page", home_pages.PAGES, ids=lambda page: page.name)
def test_a_page_leads_to_its_policies(page: Any) -> None:
    """No more and no fewer, with frames, hubs and where the page sends its readers."""
    found = _read(page)

    assert {(link.kind, link.url.replace(":80/", "/")) for link in found.policies} == _expected(page)
    assert found.frames == tuple(urljoin(page.url, url) for url in page.frames)
    assert found.sends_to == (urljoin(page.url, page.sends_to) if page.sends_to else "")
    if page.hubs:
        assert {link.url for link in found.hubs} == {urljoin(page.url, url) for url in page.hubs}


def test_every_find_says_why() -> None:
    """Each link has words or an address that names the policy, a score, and the rule it was believed by."""
    found = [link for page in home_pages.PAGES for link in _read(page).policies]

    assert all(link.evidence and 0.5 <= link.score <= 1 for link in found)
    assert Counter(link.kind for link in found)["privacy"] > 50


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(body: bytes) -> None:
    """Nothing raises, and nothing is made up of noise."""
    found = read_home(b"<a href='/privacy'>" + body, {}, "http://alder.example/")

    assert len(found.policies) <= 3


@given(st.text(max_size=60))
def test_any_words_have_a_meaning(text: str) -> None:
    """Plain words stay plain, and case and accents do not matter."""
    assert plain(plain(text)) == plain(text)
    assert meaning(plain(text)) == meaning(text)
