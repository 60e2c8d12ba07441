"""What looks like furniture and belongs to the document, and what looks like text and does not."""

from __future__ import annotations

import pytest

from harvest.model import PageKind
from harvest.text.extract import extract
from harvest.text.reading import read_html

SENTENCES = [
    "Acme Widgets tells you in this policy which personal data it collects and what it uses them for.",
    "When you order something we ask for your name, your postal address and the number of your card.",
    "We share these data with the carrier and with the bank, and with nobody else unless the law says so.",
    "You may object at any time, and you may ask us to correct or erase whatever we hold about you.",
    "Cookies remember what is in your basket; without them the shop forgets it as soon as you look away.",
    "We keep invoices for ten years, as the tax office demands, and everything else for no more than one.",
]
BEGIN = "<h1>Privacy Policy</h1>" + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
DATA = "Your name, your address, your orders, the pages you looked at, the searches you made, the device you used. " * 6
CELLS = "".join(
    f"<tr><td>To {purpose} what you have asked us to do for you</td><td>{DATA}</td></tr>"
    for purpose in ("deliver", "improve", "secure", "explain")
)
KEPT = {
    "the same cell in several rows": (f"<table>{CELLS}</table>{BEGIN}", "Your name, your address", 24),
    "browsers announced by a sentence": (
        f"{BEGIN}<p>Each browser has a page of its own that tells how cookies are refused, here are three of them:</p>"
        "<ul><li><a href=//a.example>Lynx</a><li><a href=//b.example>Mosaic</a><li><a href=//c.example>Amaya</a></ul>"
        f"{BEGIN.replace('Acme', 'Umbra')}",
        "Mosaic",
        1,
    ),
    "contacts in a block one navigates to": (
        f"{BEGIN * 2}<div class=navigation-block id=contact><p>If you have a question or a complaint about all this, "
        "please get in touch with us.</p><p>Our representative in the Union is reached under privacy@acme.example, or "
        "by a letter to 1 Factory Lane in Springfield.</p></div>",
        "privacy@acme.example",
        1,
    ),
    "the only title over a picture": (
        "<section><div class=hero-overlay><h1>Privacy at Acme</h1><p>Welcome! You are about to read what becomes of "
        f"the data that you entrust to us.</p></div></section>{BEGIN.replace('h1', 'h2')}",
        "Privacy at Acme",
        1,
    ),
}
DROPPED = {
    "a time the server took": "Page generated in 0.113 seconds",
    "a counter": "Visitors since March 2001: 14,223",
    "a visitor's number": "You are visitor number 3,071,552",
    "figures under a copyright": "&copy; 1998-2001 Acme, answering 4,282 questions per second (5 min average)",
    "a build": "Version 1.257.0-323",
    "a label whose links are gone": "<p>More links:</p><ul><li><a href=/a>Jobs</a><li><a href=/b>Press</a></ul>",
    "a way back": "<a href=/>&larr; Go back</a>",
    "a time that goes by": "Updated over 3 weeks ago",
    "other articles": "<h3>Related articles</h3><ul><li><a href=/a>How do I fold a kite so that it fits</a></ul>",
    "a question": "<p>Ces informations vous ont-elles &eacute;t&eacute; utiles ?</p><button>Oui</button>",
}


@pytest.mark.parametrize(("html", "words", "times"), KEPT.values(), ids=KEPT.keys())
def test_parts_of_the_document_stay(html, words, times):
    """Names, repetition and links drop nothing that a reader would miss."""
    text = "\n".join(block.text for block in extract(html).blocks)

    assert text.count(words) == times


@pytest.mark.parametrize("line", DROPPED.values(), ids=DROPPED.keys())
def test_lines_that_differ_at_every_visit_are_dropped(line):
    """What a server or a counter writes under a page makes no new text."""
    assert extract(f"{BEGIN}<center>{line}</center>").blocks == extract(BEGIN).blocks


def test_a_form_behind_the_document_is_dropped_with_its_answers():
    """Title, note and messages of a form that sells something stand in one box with it."""
    form = (
        "<section><h2>Talk to us</h2><p>Fill in the form and our sales people will call you back today.</p><form>"
        "<input name=mail></form><div>Thank you! We have got it.</div></section>"
    )
    text = "".join(f"<p>{sentence} (part {part})</p>" for part in range(6) for sentence in SENTENCES)

    assert extract(f"<h1>Privacy</h1>{text}{form}").blocks == extract(f"<h1>Privacy</h1>{text}").blocks


def test_a_notice_that_is_called_like_a_dialog_is_a_document():
    """A policy about cookies in an element called ``cookie-notice`` is neither dropped nor a wall."""
    body = "".join(f"<p>{sentence} (part {part})</p>" for part in range(6) for sentence in SENTENCES)
    read = read_html(f"<div class=cookie-notice><h1>Cookie Policy</h1>{body}</div>".encode())

    assert read.page_kind is PageKind.POLICY and len(read.sections[-1].clauses) == 36


def test_a_dialog_that_never_ends_hides_no_page():
    """Where the end tag of a cookie dialog is missing, its own parts are dropped and the page in it is read."""
    dialog = (
        "<div id=CybotCookiebotDialog role=dialog><div id=CybotCookiebotDialogBody><p>This shop uses cookies to "
        "remember your basket.</p><button>Allow all</button><button>Deny</button></div>"
    )
    body = "".join(f"<p>{sentence} (part {part})</p>" for part in range(6) for sentence in SENTENCES)
    read = read_html(f"{dialog}<div class=container><h1>Privacy Policy</h1>{body}</div>".encode())

    assert read.page_kind is PageKind.POLICY and "Allow" not in str(read.sections)


RAISED = {
    "a footnote": ("we share them<sup>1</sup>", "we share them 1"),
    "a badge": ("Cookies<sup>NEW</sup>", "Cookies NEW"),
    "an ordinal": ("the 1<sup>st</sup> part", "the 1st part"),
    "an exponent": ("40 m<sup>2</sup>", "40 m2"),
    "a sign": ("Acme<sup>TM</sup> tools<sup>*</sup>", "AcmeTM tools*"),
}


@pytest.mark.parametrize(("html", "text"), RAISED.values(), ids=RAISED.keys())
def test_raised_words_are_no_part_of_the_word_before(html, text):
    """A raised number or badge is a word of its own; ordinals, exponents and signs are not."""
    assert extract(f"{BEGIN}<p>{html}</p><p>{SENTENCES[0]}</p>").blocks[-2].text == text


def test_the_time_in_a_link_is_no_part_of_it():
    """A link that only carries the time of the visit is the same link in every capture."""
    links = [
        span.href
        for block in extract(f"{BEGIN}<p>Print <a href='/p.pdf?1653379842366'>this policy</a> if you like.</p>").blocks
        for span in block.spans
        if span.href
    ]

    assert [link.rpartition("/")[2] for link in links] == ["p.pdf"]
