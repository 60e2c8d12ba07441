"""URLs: one spelling, the archive's keys, and links freed from the archive."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harvest.urls import canonical_url, clean_link, host_of, memento_url, urlkey

# Text that looks like URLs often enough to reach every branch.
_PIECES = """
    http: https: // / www. a.example A.Example :80 :443 :x [ ] ? & = # web.archive.org /web/2003id_/
    web/20030401113213/ %3A .. privacy.htm mailto: javascript: é ü☃.example @ \\
""".split()
URLISH = st.lists(st.sampled_from([*_PIECES, " "]), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        pytest.param("HTTP://WWW.A.Example:80", "http://www.a.example/", id="case-port-slash"),
        pytest.param("https://a.example:443/P?Q#frag", "https://a.example/P?Q", id="fragment"),
        pytest.param("http://a.example:8080/x", "http://a.example:8080/x", id="other-port-kept"),
        pytest.param("http://a.example./x", "http://a.example/x", id="trailing-dot"),
        pytest.param("http://a.example:port/x", "http://a.example:port/x", id="no-port"),
        pytest.param("https://www.Bücher.example/ö", "https://www.xn--bcher-kva.example/ö", id="international"),
        pytest.param("http://a_.ü☃.example:8080/", "http://a_.ü☃.example:8080/", id="no-valid-name"),
    ],
)
def test_urls_are_spelt_one_way(url: str, canonical: str) -> None:
    """What does not change the page does not change the spelling."""
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("http://www.softperfect.com:80/privacy.htm", "com,softperfect)/privacy.htm", id="www-port"),
        pytest.param("https://softperfect.com/Privacy.htm/", "com,softperfect)/privacy.htm", id="scheme-case-slash"),
        pytest.param("http://a.example", "example,a)/", id="root"),
        pytest.param("http://a.example/p?b=2&a=1#top", "example,a)/p?a=1&b=2", id="query-sorted"),
        pytest.param("http://a.example:8080/p", "example,a:8080)/p", id="port"),
        pytest.param("https://bücher.example/p", "example,xn--bcher-kva)/p", id="international"),
        pytest.param("https://xn--bcher-kva.example/p", "example,xn--bcher-kva)/p", id="international-as-listed"),
    ],
)
def test_urlkeys_are_those_of_listings(url: str, key: str) -> None:
    """Spellings that the archive counts as one address have one key."""
    assert urlkey(url) == key


@pytest.mark.parametrize(
    ("href", "page", "link"),
    [
        pytest.param("https://web.archive.org/web/20030401/http://a.example/t", "", "http://a.example/t", id="prefix"),
        pytest.param("/web/20030401113213/http://a.example/t", "http://b.example/", "http://a.example/t", id="rooted"),
        pytest.param("//web.archive.org/web/2003im_/http://a.example/t", "", "http://a.example/t", id="no-scheme"),
        pytest.param("https://web.archive.org/terms", "http://b.example/p", "http://b.example/terms", id="lost-host"),
        pytest.param("../terms", "http://b.example/a/b", "http://b.example/terms", id="relative"),
        pytest.param(
            "/web/2003/https://web.archive.org/web/2004/http://a.example/", "", "http://a.example/", id="twice"
        ),
        pytest.param("/web/2003/http%3A//a.example/", "", "http://a.example/", id="encoded-colon"),
        pytest.param("#top", "http://b.example/p", "", id="inside-the-page"),
        pytest.param("javascript:void(0)", "http://b.example/p", "", id="script"),
        pytest.param("mailto:x@a.example", "http://b.example/p", "mailto:x@a.example", id="mail"),
    ],
)
def test_links_point_where_the_site_pointed(href: str, page: str, link: str) -> None:
    """The archive's prefixes come off, and hosts that were lost to it come back."""
    assert clean_link(href, page) == link


@given(URLISH | st.text(max_size=60))
@example("http://[")
@example("http://a:99999/")
@example("http://a:-1/")
def test_any_text_has_a_spelling_a_host_and_a_key(text: str) -> None:
    """Nothing raises, and spelling a URL twice changes nothing."""
    once = canonical_url(text)

    assert canonical_url(once) == once
    assert urlkey(once) == urlkey(text)
    assert host_of(text) == host_of(text).lower()


@given(URLISH | st.text(max_size=60), st.sampled_from(["", "http://b.example/a/p.htm", "https://www.b.example:8443/"]))
def test_cleaning_a_link_twice_changes_nothing(href: str, page: str) -> None:
    """Links are cleaned wherever they come from; a clean one stays."""
    once = clean_link(href, page)

    assert clean_link(once, page) == once


def test_a_memento_asks_for_the_bytes_as_archived() -> None:
    """Without ``id_`` the archive answers with its toolbar and rewritten links."""
    assert memento_url("http://127.0.0.1:8080/", "2003", "http://a.example/?q=1") == (
        "http://127.0.0.1:8080/web/2003id_/http://a.example/?q=1"
    )
