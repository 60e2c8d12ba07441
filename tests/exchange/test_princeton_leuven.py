"""Files of the Princeton–Leuven corpus, in and out. The texts are ours, the form is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.corpus.store import Store
from harvest.errors import NotAPolicy
from harvest.exchange.princeton_leuven import export_tree, iter_files, read_file, write_header
from harvest.text.identity import clause_sha, text_sha
from harvest.text.markdown import read_sections
from harvest.text.markdown_header import read_comment_header, read_header
from harvest.text.markdown_writer import write_markdown

HEADER = write_header("shop.example", "20030401113213", "http://www.shop.example/privacy.htm", "Shop Privacy")
TEXT = "We keep your letters for a year.\n\nCOOKIES\n\nWe use one cookie, and it holds nothing but a number.\n"
HTML = """<!--The following is the downloaded HTML source of the shop.example privacy policy that was archived on 2003-04-01.
 Please check the original snapshot on the Wayback Machine (https://web.archive.org/web/20030401113213id_/http%3A//www.shop.example/privacy.htm) for the most accurate reproduction.-->

<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">
<title>Shop Privacy</title></head><body><h1>Privacy</h1><p>We keep your letters – and cards – for a year, in a café.</p>
<p>Read <a href="https://web.archive.org/terms">our terms</a> before you write to us for the first time.</p></body></html>
"""  # noqa: E501 - the comment of the corpus is one line


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["shop.example.md", "shop.txt", "123movies.md.md", "no-suffix"])
def test_markdown_file(tmp_path: Path, name: str) -> None:
    """Site, URL and time come from the header whatever the file is called; the H1 is title and no section."""
    found = read_file(write(tmp_path, name, HEADER + TEXT))

    assert found.host == "shop.example"
    assert found.title == found.document.title == "Shop Privacy"
    assert [section.heading for section in found.document.sections] == ["", "COOKIES"]
    assert found.capture.url == "http://www.shop.example/privacy.htm"
    assert found.capture.timestamp == "20030401113213"
    assert found.capture.captured_at.isoformat() == "2003-04-01T11:32:13+00:00"
    assert (found.capture.archive, found.capture.form) == ("princeton-leuven", "derived")
    assert found.body == (HEADER + TEXT).encode()


def test_html_file(tmp_path: Path) -> None:
    """The page form is UTF-8 whatever its meta tag says, and its links are freed from the archive."""
    found = read_file(write(tmp_path, "shop.example.html", HTML))

    text = " ".join(c.markdown for s in found.document.sections for c in s.clauses)
    assert "letters – and cards – for a year, in a café" in text
    assert "[our terms](http://www.shop.example/terms)" in text
    assert (found.host, found.capture.timestamp, found.capture.mimetype) == (
        "shop.example",
        "20030401113213",
        "text/html",
    )


URLS = {
    "query": ("http%3A//a.example/p.asp%3Fa%3Dftr%26b%3D1%2C2", "http://a.example/p.asp?a=ftr&b=1,2"),
    "escapes of its own": ("http%3A//a.example/a%2520b%253F", "http://a.example/a%20b%3F"),
    "port and https": ("https%3A//a.example%3A8443/x", "https://a.example:8443/x"),
    "not quoted": ("http://a.example/a%20b", "http://a.example/a%20b"),
}


@pytest.mark.parametrize(("quoted", "url"), URLS.values(), ids=URLS.keys())
def test_url_is_decoded_exactly_once(quoted: str, url: str) -> None:
    """The crawler quoted each URL once more; an escape that was in it stays an escape."""
    link = f"https://web.archive.org/web/20110203040506id_/{quoted}"

    header = read_header(
        HEADER.replace("https://web.archive.org/web/20030401113213id_/http%3A//www.shop.example/privacy.htm", link)
    )
    assert header is not None
    assert (header.url, header.timestamp) == (url, "20110203040506")


def test_time_is_that_of_the_link() -> None:
    """The day in the sentence is only said; the link knows the second."""
    header = read_header(HEADER.replace("archived on 2003-04-01", "archived on 2003-04-02"))

    assert header is not None
    assert (header.timestamp, header.day) == ("20030401113213", "2003-04-02")


@pytest.mark.parametrize("title", ["", "Shop – Privacy", "a | b", "C:\\x"], ids=["empty", "dash", "pipe", "backslash"])
def test_titles(title: str) -> None:
    """An empty or odd title does not take the first line of the text."""
    header = read_header(write_header("a.example", "20030401113213", "http://a.example/", title) + TEXT)

    assert header is not None
    assert header.title == title


def test_misread_characters_are_repaired(tmp_path: Path) -> None:
    """Text that was decoded wrongly before it was published reads right, in title and clauses."""
    found = read_file(
        write(
            tmp_path,
            "a.md",
            HEADER.replace("Shop Privacy", "Shop Â© Privacy") + "The userâ€™s letters are kept here.\n",
        )
    )

    assert found.title == "Shop © Privacy"
    assert found.document.sections[0].clauses[0].text == "The user’s letters are kept here."


BAD = {
    "no header": "We keep your letters.\n",
    "empty": "",
    "header alone": HEADER,
    "no page": HEADER.replace("http%3A//www.shop.example/privacy.htm", "https%3A//web.archive.org/") + TEXT,
    "no date": HEADER.replace("/20030401113213id_/", "/00id_/") + TEXT,
    "table": "file,site\na.md,a.example\n",
    "page without comment": "<html><body><p>We keep your letters.</p></body></html>",
    "bytes": "\x00\x01\ufffd" * 50,
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_files_that_are_no_policy(tmp_path: Path, text: str) -> None:
    """A file without provenance or without words is refused, and the message names it and says why."""
    path = write(tmp_path, "odd.md", text)

    with pytest.raises(NotAPolicy, match=r"odd\.md: .{20}"):
        read_file(path)


def test_trees_are_walked_in_order(tmp_path: Path) -> None:
    """A folder gives its texts sorted, whatever lies beside them; a file is taken as given."""
    for name in ("b/b.md", "a/a.html", "a/index.csv", ".git/x.md", "a/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path, name, TEXT)

    found = [path.relative_to(tmp_path).as_posix() for path in iter_files([tmp_path, tmp_path / "a/index.csv"])]
    assert found == ["a/a.html", "a/a.txt", "b/b.md", "a/index.csv"]


def test_same_words_on_two_sites_are_one_clause(tmp_path: Path) -> None:
    """A clause that two sites share has one identity, however each of them marks it up."""
    shared = "We ask for your name because it helps us to find your letters again when you come back for them."
    one = read_file(write(tmp_path, "a.md", HEADER + f"Why do we ask?\n\n{shared}\n"))
    other = read_file(write(tmp_path, "b.md", HEADER + f"## Names\n\n{shared.replace('name', '**name**')}  \n"))

    shas = [{clause_sha(c.markdown) for s in found.document.sections for c in s.clauses} for found in (one, other)]
    assert shas[0] & shas[1] == {clause_sha(shared)}


@given(st.text(max_size=400))
def test_headers_never_raise(text: str) -> None:
    """Any text is looked at for a header without error."""
    assert read_header(text) is None
    assert read_comment_header("<!--" + text) is None


def test_written_sections_read_back() -> None:
    """What the writer writes, the reader reads as the same text: headings, lists, rows, links and signs."""
    text = (
        "## 1. Orders & Letters\n\nUse 2 * 3 [boxes](http://a.example/b) \\[now\\] and a_b.\n\n  * one\n    * two\n\n"
        "| a | b |\n\n1\\. no list\n\n\\# no heading\n\n### What for?\n\n"
        "**Acme** is a name that stays in its sentence.\n"
    )
    sections = read_sections(text)

    assert text_sha(read_sections(write_markdown(sections))) == text_sha(sections)


def test_corpus_goes_out_and_comes_back(tmp_path: Path) -> None:
    """An exported tree imports as the same captures with the same texts."""
    source = read_file(write(tmp_path, "a.md", HEADER + TEXT))
    with Store.open(tmp_path / "a.db") as store:
        store.record_imports([source])
        written = export_tree(store.conn, tmp_path / "out")

    paths = list(iter_files([tmp_path / "out"]))
    assert [path.relative_to(tmp_path / "out").as_posix() for path in paths] == ["shop.example/20030401113213.md"]
    again = read_file(paths[0])
    assert written == 1
    assert (again.capture.url, again.capture.timestamp) == (source.capture.url, source.capture.timestamp)
    assert text_sha(again.document.sections) == text_sha(source.document.sections)
