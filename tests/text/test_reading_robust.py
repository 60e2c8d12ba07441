"""Hostile input: any bytes are read, in time linear in their number."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvest.model import Document
from harvest.text.decode import decode
from harvest.text.extract import extract
from harvest.text.extract_parse import MAX_DEPTH, parse
from harvest.text.quality import judge_page
from harvest.text.reading import read_html
from harvest.text.stated_date import stated_date

TAGS = (
    "<p> </p> <div> </div> <div|hidden> <b> </b> <font|size=9> </font> <table> <tr> <td> </table> <ul> <ol|type=i> "
    "<li> </ul> <dl> <dt> <dd> <h1> "
    "</h1> <h2|id=x> <a|href=//[> <a|href=#top> </a> <br> <br> <hr> <pre> <script> </script> <style> <!-- --> "
    "<select> <option> <iframe> <noscript> "
    "</noscript> <svg> <math> <template> <frameset> <frame|src=x> <noframes> <button> </button> <details> "
    "<summary> <nav> <footer> <main> </main> "
    "<form> <input> <q> <body|class=modal> </body> </html> <base|href=//[::> <meta|charset=utf-7> <meta|"
    "http-equiv=refresh|content=0;url=x> <title> "
    "</title> <p|style=font-size:1e999px> <ol|start=-99999999999> <td|colspan=9e9> <div|class=cookie-banner> "
    "&nbsp; &#0; &#x110000; \x00 \ufffd"
).replace("|", " ")
fragments = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}" if not tag.startswith("&") else tag for tag in TAGS.split("<") if tag.strip()]),
        st.sampled_from(
            [
                "privacy ",
                "Last updated: 3/4/2010 ",
                "Accept all",
                "© 2004 Acme",
                "a > b > c",
                "1.",
                "\n",
                "隐私政策更新日期：2011年3月4日",
            ]
        ),
        st.text(max_size=20),
    ),
    max_size=80,
).map("".join)


@given(fragments)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_soup_of_tags_is_read(html):
    """Tags in any order give a document, and the same one each time."""
    body = html.encode("utf-8", "replace")

    document = read_html(body, {}, page_url="http://acme.example/privacy")

    assert isinstance(document, Document)
    assert read_html(body, {}, page_url="http://acme.example/privacy") == document


@given(st.binary(max_size=2000), st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=3))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read(body, headers):
    """Bytes that are no page at all still give a document."""
    assert isinstance(read_html(body, headers, status=200), Document)


@given(fragments)
@settings(max_examples=100, deadline=None)
def test_blocks_are_well_formed(html):
    """Blocks have text, spans without loose white space at their ends, and sane levels."""
    for block in extract(html).blocks:
        assert block.kind in ("heading", "paragraph", "item", "row", "rule")
        assert (block.kind == "rule") == (not block.spans)
        assert block.text == block.text.strip() or block.kind in ("row", "rule")
        assert (1 <= block.level <= 6) == (block.kind == "heading")


HOSTILE = {
    "deep divs": "<div>" * 80_000,
    "deep divs with paragraphs": "<div><p>word " * 30_000,
    "unclosed fonts": "".join(f"<font id={n}><p>word" for n in range(20_000)),
    "unclosed bold": "<b>x<p>" * 40_000,
    "nested tables": "<table><tr><td>" * 25_000,
    "nested lists": "<ul><li>x" * 40_000,
    "definition lists": "<dl><dt>" * 40_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">",
    "angle brackets": "<" * 400_000,
    "comments": "<!--" * 100_000,
    "noscripts": "<noscript>" * 40_000,
    "breaks": "x<br>" * 80_000,
    "lines of code": "<pre>" + "x\n" * 190_000,
    "one long word": "x" * 400_000,
    "spaces": "&nbsp;" * 66_000,
    "misread": "Ã©â€™" * 80_000,
    "dates": "updated March 3, 2010 " * 18_000,
    "buttons": "<div>cookie <button>accept</button>" * 12_000,
    "boxes drawn often": (
        "<div>" + "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do.</p>" * 10 + "</div>"
    )
    * 500,
    "crumbs": "a > " * 100_000,
    "upside down": "</div>" * 20_000 + "<div>" * 20_000 + "</p>" * 30_000,
    "custom elements": "".join(f"<x{n}>t" for n in range(40_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_linear_time(name):
    """400,000 characters of the worst take seconds at most, where a browser's own rules would take minutes."""
    started = time.process_time()

    extracted = extract(decode(HOSTILE[name].encode(), {}).text)
    judge_page(extracted)
    stated_date(extracted.blocks, "en")

    assert time.process_time() - started < 6  # seen: 0.02 to 2 s on a slow core; quadratic behaviour takes 8 to 100


def test_deep_trees_are_flattened_and_lose_no_text():
    """Beyond the depth that is followed, text goes to the ancestor."""
    tree = parse("<section>" * 1000 + "deepest" + "</section>" * 1000)

    depth = 0
    node = tree.order[-1]
    while node.parent is not None:
        depth, node = depth + 1, node.parent
    assert depth <= MAX_DEPTH
    assert "deepest" in extract("<section>" * 1000 + "deepest").blocks[0].text
