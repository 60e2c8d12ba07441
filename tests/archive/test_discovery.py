"""Discovery in an archive: kinds by the words of addresses and titles, and which addresses are one policy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.archive.discovery import PageSeen, group_policies
from harvest.archive.discovery_addresses import guess_kind, is_of_host, label_of, may_follow
from harvest.targets import KINDS


@pytest.mark.parametrize(
    ("url", "title", "kind"),
    [
        ("http://a.example/privacy.html", "", "privacy"),
        ("http://a.example/legal/privacy-and-cookies", "", "privacy"),
        ("http://a.example/legal/cookies", "Privacy of Cookies", "cookies"),
        ("http://a.example/datenschutzerklaerung/", "", "privacy"),
        ("http://a.example/charte-vie-privee", "", "privacy"),
        ("http://a.example/politica-de-privacidad", "", "privacy"),
        ("http://a.example/隐私政策", "", "privacy"),
        ("http://a.example/agb.html", "", "terms"),
        ("http://a.example/cgu", "", "terms"),
        ("http://a.example/en/terms", "", "terms"),
        ("http://a.example/tos", "", "terms"),
        ("http://a.example/signup/aup/", "", "terms"),
        ("http://a.example/stores", "", "other"),
        ("http://a.example/photos", "", "other"),
        ("http://a.example/doc?id=7", "Cookie-Richtlinie", "cookies"),
        ("http://a.example/doc?page=privacy", "", "privacy"),
        ("http://a.example/privacy/", "", "privacy"),
        ("http://a.example/", "Welcome", "other"),
        ("http://[", "", "other"),
    ],
)
def test_kinds_are_guessed_from_words(url: str, title: str, kind: str) -> None:
    """The last name of the path speaks first, then the title, then the rest."""
    assert guess_kind(url, title) == kind


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_address_has_a_kind_and_a_label(url: str, title: str) -> None:
    """Nothing raises; labels are fit for an address of ours."""
    assert guess_kind(url, title) in KINDS
    assert 0 < len(label_of(url)) <= 60
    assert not {"/", ":", "?", "#", " "} & set(label_of(url))


def _seen(url: str, first: str, last: str = "", captures: int = 1, to: str = "", title: str = "") -> PageSeen:
    return PageSeen(url, captures, first, last or first, title, (to,) if to else ())


def _policies(*pages: PageSeen) -> dict[tuple[str, str], list[str]]:
    return {
        (policy.kind, policy.label): [url.partition(".example")[2] for url, _ in policy.urls]
        for policy in group_policies(pages)
    }


def test_one_page_of_a_kind_has_no_label() -> None:
    """Most sites have one policy of a kind; it needs no further name."""
    assert _policies(_seen("http://a.example/privacy", "2003"), _seen("http://a.example/terms", "2003")) == {
        ("privacy", ""): ["/privacy"],
        ("terms", ""): ["/terms"],
    }


def test_several_of_a_kind_are_labelled_by_their_path() -> None:
    """The one captured most often stays without a label."""
    pages = (
        _seen("http://a.example/kids/privacy.htm", "2003", "2009", 4),
        _seen("http://a.example/privacy.htm", "2003", "2009", 9),
        _seen("http://a.example/", "2003", "2009", 90),
    )
    assert _policies(*pages) == {
        ("privacy", ""): ["/privacy.htm"],
        ("privacy", "kids-privacy"): ["/kids/privacy.htm"],
        ("other", "home"): ["/"],
    }


def test_spellings_of_one_address_are_one_page() -> None:
    """Scheme, www and a trailing slash make no second policy."""
    pages = (_seen("http://www.a.example/privacy", "2003", "2005"), _seen("https://a.example/privacy/", "2005", "2009"))

    assert _policies(*pages) == {("privacy", ""): ["/privacy/"]}


def test_an_archived_redirect_joins_two_addresses() -> None:
    """The page moved; the older address comes first, and the newer is there by the redirect's evidence."""
    (policy,) = group_policies(
        [
            _seen("http://a.example/privacy.html", "2003", "2010", 9, to="http://a.example/legal/data"),
            _seen("http://a.example/legal/data", "2009", "2020", 5),
        ]
    )

    assert policy.kind == "privacy"
    assert [evidence for _, evidence in policy.urls] == ["discovered", "redirect"]


def test_a_redirect_to_the_home_page_joins_nothing() -> None:
    """A page that was dropped sends its visitors home; the home page is no policy."""
    found = _policies(
        _seen("http://a.example/privacy.html", "2003", "2010", to="http://a.example/"),
        _seen("http://a.example/", "2003"),
    )

    assert found == {("privacy", ""): ["/privacy.html"], ("other", "home"): ["/"]}


@pytest.mark.parametrize(
    ("pages", "policies"),
    [
        pytest.param([("/privacy-policy", "2020", "2023"), ("/en/privacy-policy", "2024", "2026")], 1, id="moved"),
        pytest.param([("/privacy-policy", "2020", "2024"), ("/en/privacy-policy", "2023", "2026")], 2, id="both-lived"),
        pytest.param([("/fr/privacy", "2020", "2021"), ("/es/privacy", "2022", "2023")], 2, id="two-languages"),
        pytest.param([("/privacy", "2020", "2021"), ("/data-privacy", "2022", "2023")], 2, id="other-name"),
        pytest.param([("/old/page", "2020", "2021"), ("/new/page", "2022", "2023")], 2, id="no-policies"),
    ],
)
def test_a_page_that_goes_where_another_comes_has_moved(pages: list[tuple[str, str, str]], policies: int) -> None:
    """The same name under another folder, one after the other; anything less is two policies."""
    assert len(_policies(*(_seen(f"http://a.example{path}", first, last) for path, first, last in pages))) == policies


@pytest.mark.parametrize(
    ("target", "why_not"),
    [
        pytest.param("http://www.a.example/legal/data", "", id="same-site"),
        pytest.param("https://policies.a.example/p", "", id="subdomain"),
        pytest.param("https://b.example/privacy", "", id="other-site-that-says-so"),
        pytest.param("https://b.example/about", "another site", id="other-site"),
        pytest.param("http://a.example/", "home page", id="home"),
        pytest.param("http://a.example/login?next=/privacy", "log-in", id="log-in"),
        pytest.param("http://a.example/errors/404.html", "error", id="error-page"),
        pytest.param("mailto:x@a.example", "no web page", id="mail"),
    ],
)
def test_redirects_are_followed_with_care(target: str, why_not: str) -> None:
    """A redirect is evidence of a move only where it leads to something like a policy."""
    assert why_not in may_follow("http://a.example/privacy.html", target, "privacy")
    assert bool(why_not) == bool(may_follow("http://a.example/privacy.html", target, "privacy"))


def test_subdomains_belong_to_a_host() -> None:
    """And hosts that only end in the same letters do not."""
    assert is_of_host("https://docs.a.example/x", "a.example")
    assert is_of_host("http://www.a.example/x", "a.example")
    assert not is_of_host("http://nota.example/x", "a.example")
