"""Which file of a history is which policy, and what its commits say beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvest.errors import UnknownTarget
from harvest.exchange.git_layouts import (
    OpenTermsArchive,
    PrincetonLeuven,
    ToSBack,
    read_commit,
    recognise,
    remark,
    source_url,
)
from harvest.exchange.git_map import read_map


@pytest.mark.parametrize(
    ("layout", "path", "expected"),
    [
        (OpenTermsArchive(), "Alder/Privacy Policy.md", ("alder.ota", "privacy", "", "derived")),
        (OpenTermsArchive(), "Alder & Elm/Terms of Service.html", ("alder-elm.ota", "terms", "", "raw")),
        (OpenTermsArchive(), "alder.example/Trackers Policy.pdf", ("alder.example", "cookies", "", "raw")),
        (
            OpenTermsArchive({"Alder": "alder.example"}),
            "Alder/Live Policy.md",
            ("alder.example", "other", "live-policy"),
        ),
        (OpenTermsArchive(), "Alder/Terms of Service #app.md", ("alder.ota", "terms", "terms-of-service-app")),
        (OpenTermsArchive(), "README.md", None),
        (OpenTermsArchive(), "Alder/deep/Privacy Policy.md", None),
        (ToSBack(), "crawl/Alder.example/Privacy Policy.txt", ("alder.example", "privacy", "", "derived")),
        (ToSBack(), "crawl_reviewed/alder.example/Terms of Use.txt", ("alder.example", "terms", "terms-of-use")),
        (ToSBack(), "rules/alder.example.xml", None),
        (PrincetonLeuven(), "a/al/ald/alder.example.md", ("alder.example", "privacy", "")),
        (PrincetonLeuven(), "1/12/123/123alders.md.md", ("123alders.md", "privacy", "")),
        (PrincetonLeuven(), "b/al/ald/alder.example.md", None),
    ],
)
def test_paths_name_policies(layout, path, expected) -> None:
    """Site, kind, label and form follow from the path alone."""
    place = layout.place(path)

    found = place and (place.host, place.kind, place.label, place.form)
    assert found == expected if expected is None or len(expected) == 4 else found[:3] == expected


@pytest.mark.parametrize(
    ("paths", "archive"),
    [
        (["README.md", "Alder/Privacy Policy.md", "Elm/Terms of Service.md"], "open-terms-archive"),
        (["LICENSE", "Alder/Privacy Policy.html"], "open-terms-archive"),
        (["crawl/alder.example/Privacy Policy.txt", "crawl/elm.example/Terms.txt"], "tosback2"),
        (["README.md", "a/al/ald/alder.example.md", "e/el/elm/elm.example.html"], "princeton-leuven"),
    ],
    ids=["versions", "snapshots", "tosback2", "princeton-leuven"],
)
def test_layouts_are_recognised(paths: list[str], archive: str) -> None:
    """Most files decide; read-mes and licences lie about anywhere."""
    assert recognise(paths).archive == archive


def test_an_unknown_layout_asks_for_a_map() -> None:
    """Nothing is guessed where no layout fits."""
    with pytest.raises(UnknownTarget, match="--map"):
        recognise(["src/main.py", "src/deep/er/file.txt", "notes/a.md"])


@pytest.mark.parametrize(
    ("message", "upgrade"),
    [
        ("First record of Alder Privacy Policy", False),
        ("Record new changes of Alder Privacy Policy\n\nThis version was recorded after extracting", False),
        ("Apply technical or declaration upgrade on Alder Privacy Policy", True),
        ("Refilter Alder Privacy Policy", True),
        ("Update Alder Privacy Policy following engine upgrade", True),
        ("Update Alder Privacy Policy", False),
        ("Start tracking Alder Privacy Policy", False),
    ],
)
def test_upgrades_are_told_from_changes(message: str, upgrade: bool) -> None:
    """A commit that only extracted anew says so in its subject, in old words or new ones."""
    assert remark(message).startswith("extracted anew") is upgrade


@pytest.mark.parametrize(
    ("message", "url"),
    [
        ("Record\n\nSource: https://alder.example/privacy.", "https://alder.example/privacy"),
        ("Record\n\nsnapshot https://github.com/elm/snapshots/commit/123abc", ""),
        ("Record new changes of Alder Privacy Policy", ""),
    ],
    ids=["source", "snapshot", "none"],
)
def test_the_source_is_read_from_messages(message: str, url: str) -> None:
    """The address of the page, never that of another commit."""
    assert source_url(message) == url


def test_commit_json_need_not_be_strict() -> None:
    """Bare NaN and hashes wider than 64 bits signed are read as Python reads them."""
    found = read_commit('alder.example (archived on 2011-05-05)\n\n{"smog": NaN, "simhash": 18446744073709551615}')

    assert found["simhash"] == 2**64 - 1
    assert found["smog"] != found["smog"]
    assert read_commit("no JSON {here") == {}


def test_a_map_says_what_is_what(tmp_path: Path) -> None:
    """Patterns with names, regular expressions, kinds, formats and addresses."""
    file = tmp_path / "map.toml"
    file.write_text(
        """
        name = "letters"
        date = "author"
        [services]
        Alder = "alder.example"
        [[files]]
        path = "policies/{site}/{name}.html"
        site = "{site}"
        url = "https://{site}/{name}"
        [[files]]
        regex = '(?P<year>\\d{4})/(?P<host>[^/]+)\\.txt'
        site = "{host}"
        kind = "terms"
        label = "year {year}"
        name = "The {host}"
        """,
        encoding="utf-8",
    )

    read = read_map(file)

    assert read.layout is not None and read.date == "author" and read.hosts == {"Alder": "alder.example"}
    assert read.layout.archive == "git:letters"
    page, text = read.layout.place("policies/Elm.example/cookie-policy.html"), read.layout.place("2011/elm.example.txt")
    assert page and (page.host, page.kind, page.form, page.url) == (
        "elm.example",
        "cookies",
        "raw",
        "https://Elm.example/cookie-policy",
    )
    assert text and (text.host, text.kind, text.label, text.name) == (
        "elm.example",
        "terms",
        "year-2011",
        "The elm.example",
    )
    assert read.layout.place("policies/elm.example/deep/file.html") is None


def test_what_a_map_catches_becomes_sites_and_kinds_that_can_be(tmp_path: Path) -> None:
    """Whatever folders are called, the address of a page can name its site; a file that begins with a mark is read."""
    file = tmp_path / "map.toml"
    entry = "[[files]]\npath = '{company}/{document}.txt'\nsite = '{company}'\nkind = '{document}'\n"
    file.write_text("\ufeff" + entry, encoding="utf-8")

    layout = read_map(file).layout

    assert layout is not None
    places = [
        layout.place(f"{name}.txt")
        for name in ("Alder & Sons/privacy", "elm.example/Cookies Policy", "Bücher.example/a")
    ]
    assert [(place.host, place.kind) for place in places if place] == [
        ("alder-sons.ota", "privacy"),
        ("elm.example", "cookies"),
        ("xn--bcher-kva.example", "other"),
    ]


def test_what_a_map_catches_nothing_for_is_left_out(tmp_path: Path) -> None:
    """A file without a site is no policy of all that have none; a label that is empty is none."""
    file = tmp_path / "map.toml"
    pattern = "(?P<site>[^/]*)/(?P<part>b2b)?.*"
    file.write_text(f"[[files]]\nregex = '{pattern}'\nsite = '{{site}}'\nlabel = '{{part}}'\n", encoding="utf-8")

    layout = read_map(file).layout

    assert layout is not None
    assert layout.place("/privacy.txt") is None
    places = [layout.place(path) for path in ("elm.example/privacy.txt", "elm.example/b2b.txt")]
    assert [place.label for place in places if place] == ["", "b2b"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[files]]\npath = 'a'", "needs 'site'"),
        ("[[files]]\npath = 'a'\nregex = 'b'\nsite = 'c'", "needs 'site'"),
        ("[[files]]\npath = 'a'\nsite = 'b'\nsort = 'c'", "unknown: sort"),
        ("[[files]]\nregex = '('\nsite = 'b'", "no pattern"),
        ("[[files]]\npath = 'a'\nsite = 'b'\nformat = 'doc'", "format is 'doc'"),
        ("date = 'today'", "committer"),
        ("= 1", "no TOML"),
        ("", "says nothing of any file"),
        ("file = 1", "unknown: file; it may have name, date, services, files"),
        ("services = 5", r"begin a table with \[services\]"),
        ("[services]\nAlder = 5", "Alder of services is 5; it must be a text in quotes"),
        ("files = 5", r"begin each entry with \[\[files\]\]"),
        ("[files]\npath = 'a'\nsite = 'b.example'", r"begin each entry with \[\[files\]\]"),
        ("files = ['a']", r"begin each entry with \[\[files\]\]"),
        ("[[files]]\npath = 5\nsite = 'b.example'", "path of an entry of files is 5"),
        ("[[files]]\npath = 'a'\nsite = 'b.example'\nlabel = ['c']", "label of an entry of files"),
        ("[[files]]\npath = 'a'\nsite = ''", "needs 'site'"),
        ("[[files]]\npath = 'a'\nsite = 'b.example'\nkind = 'privcy'", "kind is 'privcy'; it may be privacy, terms"),
        ("[[files]]\npath = '{site}/a'\nsite = '{company}'", "is named company"),
        ("[services]\nAlder = 'https://alder.example/x'", "Alder of services is .*must be a host such as"),
        ("[services]\nAlder = 'alder'", "must be a host such as"),
        ("[[files]]\npath = '{the-site}/*.md'\nsite = 'b.example'", "{the-site} is no name"),
        ("[[files]]\npath = '*'\nsite = 'b.example'\nurl = 'b.example/x'", "must be the address of a page"),
        ("name = 5\n[[files]]\npath = 'a'\nsite = 'b.example'", "name of a map is 5"),
    ],
)
def test_mistakes_in_a_map_are_named(tmp_path: Path, text: str, message: str) -> None:
    """A map that cannot be used says where and why."""
    file = tmp_path / "map.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UnknownTarget, match=message):
        read_map(file)
