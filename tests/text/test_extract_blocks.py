"""Elements to blocks: paragraphs, headings, items, rows, spans."""

from __future__ import annotations

import pytest

from harvest.text.extract import extract

PAGE = "https://acme.example/legal/privacy.html"


def shape(html):
    return [(block.kind, block.text) for block in extract(html, page_url=PAGE).blocks]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>One.<p>Two.", [("paragraph", "One."), ("paragraph", "Two.")], id="unclosed-paragraphs"),
        pytest.param("One.<br><br>Two.", [("paragraph", "One."), ("paragraph", "Two.")], id="two-breaks"),
        pytest.param("One.<br> &nbsp;<br>Two.", [("paragraph", "One."), ("paragraph", "Two.")], id="padded-breaks"),
        pytest.param("One<br>Two.", [("paragraph", "One\nTwo.")], id="one-break"),
        pytest.param(
            "<p>A &nbsp; b\n\t c</p><div>d</div>", [("paragraph", "A b c"), ("paragraph", "d")], id="white-space"
        ),
        pytest.param(
            "<font size=2>One.<p>Two.</font><p>Three.",
            [("paragraph", "One."), ("paragraph", "Two."), ("paragraph", "Three.")],
            id="crossed-font",
        ),
        pytest.param("<h2>T<br>U</h2>x", [("heading", "T\nU"), ("paragraph", "x")], id="heading-with-break"),
        pytest.param("<div role=heading aria-level=3>T</div>x", [("heading", "T"), ("paragraph", "x")], id="aria"),
        pytest.param(
            "<dl><dt>Term<dd>Meaning.</dl>", [("paragraph", "Term"), ("paragraph", "Meaning.")], id="definition-list"
        ),
        pytest.param("<h2><ol>Text.", [("paragraph", "Text.")], id="list-in-heading"),
        pytest.param("<p>a</p><hr><p>b</p>", [("paragraph", "a"), ("rule", ""), ("paragraph", "b")], id="rule"),
        pytest.param("<pre>a\n\nb\nc</pre>", [("paragraph", "a"), ("paragraph", "b\nc")], id="preformatted"),
        pytest.param(
            "<p>a</p><script>var x='<p>no</p>'</script><style>p{}</style><!-- no -->b",
            [("paragraph", "a"), ("paragraph", "b")],
            id="scripts",
        ),
    ],
)
def test_blocks(html, expected):
    """Each way of writing a block gives the block a reader sees."""
    assert shape(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>a<li>b</ul>", [("item", 1, "*", "a"), ("item", 1, "*", "b")]),
        ("<ol><li>a<li>b</ol>", [("item", 1, "1.", "a"), ("item", 1, "2.", "b")]),
        ("<ol type=a start=3><li>a<li value=7>b</ol>", [("item", 1, "c.", "a"), ("item", 1, "g.", "b")]),
        ("<ol type=I start=3><li>a<li>b</ol>", [("item", 1, "III.", "a"), ("item", 1, "IV.", "b")]),
        ("<ol style='list-style: none'><li>a</ol>", [("item", 1, "*", "a")]),
        ("<ol style='list-style-type:lower-alpha'><li>a</ol>", [("item", 1, "a.", "a")]),
        ("<ol style='list-style: UPPER-ALPHA inside'><li value=27>a</ol>", [("item", 1, "AA.", "a")]),
        ("<ol reversed><li>a<li>b</ol>", [("item", 1, "2.", "a"), ("item", 1, "1.", "b")]),
        ("<ol><li type=i>a<li style='list-style:disc'>b</ol>", [("item", 1, "i.", "a"), ("item", 1, "*", "b")]),
        ("<ul><li>a<ul><li>b</ul></ul>", [("item", 1, "*", "a"), ("item", 2, "*", "b")]),
        ("<ul><li>a</li><ul><li>b</ul></ul>", [("item", 1, "*", "a"), ("item", 2, "*", "b")]),
        ("<ul><li><p>a</p><p>b</p></ul>", [("item", 1, "*", "a"), ("paragraph", 1, "", "b")]),
        ("<ul><li><div><p>a</p><p>b</p></div></ul>", [("item", 1, "*", "a"), ("paragraph", 1, "", "b")]),
        ("<ol><li><h2>T</h2><p>b</p></ol>", [("heading", 1, "1.", "T"), ("paragraph", 1, "", "b")]),
        ("<li>a<li>b", [("item", 1, "*", "a"), ("item", 1, "*", "b")]),
    ],
    ids="ul ol letters roman no-marker css-letters far-letters reversed of-an-item nested "
    "nested-wrongly paragraphs wrapped heading no-list".split(),
)
def test_lists(html, expected):
    """Items carry their depth and the marker a browser shows; what follows in an item is a paragraph at its depth."""
    blocks = extract(html + "<p>This closing sentence keeps the list from being the last thing.").blocks[:-1]

    assert [(block.kind, block.depth, block.marker, block.text) for block in blocks] == expected


def test_a_data_table_gives_rows():
    """Cells of a row are joined, their inner blocks by line breaks."""
    html = (
        "<table><caption>Uses</caption><tr><th>Data<th>Purpose<tr><td>Name<td><p>Orders</p><p>Support</p>"
        "<tr><td>E-mail<td>News</table>"
    )

    assert shape(html) == [
        ("paragraph", "Uses"),
        ("row", "Data | Purpose"),
        ("row", "Name | Orders\nSupport"),
        ("row", "E-mail | News"),
    ]


def test_layout_tables_are_unwrapped():
    """A table that holds the page together is no data, however deep it nests."""
    text = "We collect only what you tell us, and we keep it to ourselves."
    html = (
        "<table><tr><td><a href=/>Home</a><br><a href=/shop>Shop</a><br><a href=/help>Help</a></td><td>"
        f"<table><tr><td><h1>Privacy</h1></td></tr><tr><td>{text}</td></tr></table></td></tr></table>"
    )

    assert shape(html) == [("heading", "Privacy"), ("paragraph", text)]


def test_lists_drawn_as_tables_are_lists():
    """A bullet or number in one cell and the text in the next is an item, not data."""
    html = (
        "<p>We use what you tell us to<table><tr><td>&#8226;</td><td>send you what you ordered,</td></tr><tr><td>"
        "&#8226;</td><td>answer when you write to us.</td></tr></table><p>And for nothing else, ever, whoever asks.</p>"
    )

    assert [(block.kind, block.depth, block.marker) for block in extract(html).blocks] == [
        ("paragraph", 0, ""),
        ("item", 1, "•"),
        ("item", 1, "•"),
        ("paragraph", 0, ""),
    ]


def test_spans_keep_the_look_of_text():
    """Bold, italic, underlined, bigger and linked text can be told apart."""
    html = (
        "<style>.big { font-weight: bold; font-size: 18pt }</style>"
        "<p>a <b>b</b> <i>c</i> <u>d</u> <font size=+2>e</font> <span class=big>f</span> "
        "<span style='font-weight:700'>g</span> <a href='../x?y=1#z'>h</a>"
    )

    spans = {span.text.strip(): span for block in extract(html, page_url=PAGE).blocks for span in block.spans}

    assert spans["b"].bold and spans["c"].italic and spans["d"].underline
    assert spans["e"].size == 2
    assert spans["f"].bold and spans["f"].size == 2
    assert spans["g"].bold
    assert spans["h"].href == "https://acme.example/x?y=1#z"
    assert not spans["a"].bold


def test_links_are_freed_of_the_archive():
    """Links of an archived page lead to where they led then; those inside the page are none."""
    html = (
        '<p>See <a href="https://web.archive.org/web/20040101000000/http://acme.example/terms">terms</a>, '
        '<a href="/contact">contact</a>, <a href="#s2">below</a>, <a href="mailto:a@acme.example">mail</a>.'
    )

    hrefs = [span.href for span in extract(html, page_url=PAGE).blocks[0].spans if span.href]

    assert hrefs == ["http://acme.example/terms", "https://acme.example/contact", "mailto:a@acme.example"]


def test_white_space_behind_a_link_is_no_part_of_it():
    """Link texts have no space at their ends."""
    spans = extract("<p>Our <a href=http://b.example/>notice</a> applies.").blocks[0].spans

    assert [span.text for span in spans] == ["Our ", "notice", " applies."]


def test_anchors_are_kept_for_the_next_block():
    """A block knows the name that links within the page use."""
    blocks = extract("<a name=s1></a><h2>One</h2><p id=s2>Text.").blocks

    assert [block.anchor for block in blocks] == ["s1", "s2"]


@pytest.mark.parametrize(
    ("href", "steady"),
    [
        ("https://go.example/l.php?u=https%3A%2F%2Fb.example%2Fc&h=AT1ICRv8s4waMx0Q-zz", "https://b.example/c"),
        (
            "https://go.example/l?u=https%3A%2F%2Fb.example%2Fc&lang=en",
            "https://go.example/l?u=https%3A%2F%2Fb.example%2Fc&lang=en",
        ),
        ("/film.mp4?sig=AT1ICRv8s4waMx0Q-zz&ends=67b8efb5", "https://acme.example/film.mp4"),
        ("/film.mp4?lang=en", "https://acme.example/film.mp4?lang=en"),
        (
            "/play?src=https%3A%2F%2Fcdn.example%2Ff%2Ffilm.mp4%3Fsig%3DAT1ICRv8s4waMx0Q-zz%26ends%3D67b8efb5&id=1",
            "https://cdn.example/f/film.mp4",
        ),
        (
            "/play?src=https%3A%2F%2Fcdn.example%2Ff%2Ffilm.mp4%3Flang%3Den&id=1",
            "https://acme.example/play?src=https%3A%2F%2Fcdn.example%2Ff%2Ffilm.mp4%3Flang%3Den&id=1",
        ),
        ("/list?id=PLa8s4waMx0Qzz19AB", "https://acme.example/list?id=PLa8s4waMx0Qzz19AB"),
        ("/terms;jsessionid=A1B2C3?x=1", "https://acme.example/terms?x=1"),
        ("/terms?PHPSESSID=0123456789abcdef&x=1", "https://acme.example/terms?x=1"),
        ("/terms?x=1&sessionid=77", "https://acme.example/terms?x=1&"),
        ("/cdn-cgi/l/email-protection#a1b2c3", "https://acme.example/cdn-cgi/l/email-protection"),
        ("/sessions?id=5", "https://acme.example/sessions?id=5"),
    ],
)
def test_links_do_not_change_from_visit_to_visit(href, steady):
    """Session numbers and keys of obfuscated addresses would make every capture a change of links."""
    assert extract(f"<p>Our <a href='{href}'>terms</a> apply.", page_url=PAGE).blocks[0].spans[1].href == steady
