"""Where on the page the document is: furniture of four eras around one and the same text."""

from __future__ import annotations

import pytest

from harvest.text.extract import extract

TEXT = [
    "Acme Widgets respects your privacy and explains in this statement what it does with what you tell it.",
    "What we collect",
    "When you place an order we ask for your name, your postal address and an e-mail address we can write to.",
    "Our servers also log the address of your computer, and we look at those logs when something has gone wrong.",
    "Whom we tell",
    "We give your address to the carrier who brings the parcel, and to nobody else without asking you first.",
    "Children",
    "The shop is meant for adults; we do not knowingly sell to anybody who is younger than thirteen years.",
    "Questions",
    "Write to our office at 1 Factory Lane, Springfield, if you want to know or to correct what we hold on you.",
]
HEADINGS = {"What we collect", "Whom we tell", "Children", "Questions"}
BODY = "".join(f"<h2>{line}</h2>" if line in HEADINGS else f"<p>{line}</p>" for line in TEXT)
LINKS = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ("Home", "Shop", "News", "About", "Jobs"))
COOKIES = (
    "<h3>We value your peace of mind</h3><p>This shop uses cookies to remember your basket and, if you let us, to "
    "count visits.</p><button>Accept all</button><button>Reject all</button><a href=/cookies>Cookie settings</a>"
)

PAGES = {
    "bare": BODY,
    "tables of 1999": (
        "<table width=760><tr><td colspan=2><img src=logo.gif alt=Acme> <a href=/>Home</a> | <a href=/shop>Shop</a> | "
        "<a href=/map>Map</a></td></tr><tr><td bgcolor=#cccccc width=120><font size=1><a href=/>Home</a><br>"
        "<a href=/a>Widgets</a><br><a href=/b>Gadgets</a><p>Summer offer: buy two widgets and pay for only one of "
        f"them!</p></font></td><td><font face=Arial>{BODY}</font></td></tr><tr><td colspan=2><font size=1>Copyright "
        "&copy; 1999 Acme Widgets. All rights reserved.</font></td></tr></table>"
    ),
    "divs of 2008": (
        f"<div id=header><div class=logo>Acme</div><ul id=nav>{LINKS}</ul></div><div id=breadcrumbs>Home &gt; Legal "
        f"&gt; Privacy</div><div id=content>{BODY}<p><a href=#top>Back to top</a></p></div><div class=sidebar><h3>Hot "
        f"offers</h3><p>The widget of the month costs less than ever before, only here and only now!</p></div>"
        f"<div id=footer><ul>{LINKS}</ul><p>&copy; 2008 Acme</p></div>"
    ),
    "semantic page of 2020": (
        f"<a class=skip-link href=#main>Skip to content</a><header><nav><ul>{LINKS}</ul></nav></header>"
        f"<div id=cookie-banner>{COOKIES}</div><main id=main><article>{BODY}</article><aside><h3>Related</h3>"
        f"<ul>{LINKS}</ul></aside></main><footer><p>Acme ships its widgets to forty countries and has done so for "
        f"a century.</p>"
        f"<ul>{LINKS}</ul></footer>"
    ),
    "hashed classes of 2024": (
        f"<div class=sc-1x><div class=sc-2y>{LINKS}</div></div><div class=sc-9q>{COOKIES}</div>"
        f"<div class=sc-3z><div class=sc-4w>{BODY}</div></div><div class=sc-5v><a href=/a>Terms</a> "
        "<a href=/b>Help</a> <a href=/c>Imprint</a> <a href=/d>Press</a></div>"
    ),
    "dialog longer than the policy": (
        f"<div class='cmp-consent-modal'>{COOKIES}{'<p>This cookie counts the pages you look at in a month.</p>' * 60}"
        f"</div><div id=root><div>{BODY}</div></div>"
    ),
    "closed accordions": "<main>"
    + BODY.replace("<h2>", "</div><h3><button aria-expanded=false>").replace(
        "</h2>", "</button></h3><div class=accordion-panel hidden>"
    )
    + "</main>",
    "tabs": "<div role=tablist><button role=tab>Policy</button></div>"
    f"<div role=tabpanel style='display:none'>{BODY}</div>",
    "two copies for two screens": f"<div class=desktop>{BODY}</div><div class=mobile>{BODY}</div>",
    "details": BODY.replace("<h2>", "</details><details><summary>").replace("</h2>", "</summary>"),
    "unclosed iframe in noscript": f"<body><noscript><iframe src=x.html></noscript>{BODY}",
    "unclosed iframe": f"<body><iframe src=x.html height=0>{BODY}",
    "form around it all": f"<form action=/search><input name=q>{BODY}</form>",
    "text in noscript": f"<div id=app></div><noscript>{BODY}</noscript>",
    "frames": f"<frameset><frame src=menu.htm><noframes><body>{BODY}</body></noframes></frameset>",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_document_is_found_whole_and_alone(name):
    """Every line of the policy is there once and in order, and nothing else is."""
    found = extract(f"<html><head><title>Privacy - Acme</title></head>{PAGES[name]}")

    assert [block.text for block in found.blocks if block.kind != "rule"] == TEXT


@pytest.mark.parametrize(
    "name", ["newsletter", "comments", "share", "sidebar-note", "social-media", "cookies", "copyright", "search-terms"]
)
def test_sections_named_like_furniture_are_kept(name):
    """A section about newsletters is called ``newsletter`` and is no box to sign up."""
    section = "<h2>About this</h2><p>We write to you once a month if you asked us to, and never otherwise.</p>"
    html = BODY.replace("<h2>Children", f"<div id='{name}' class='{name}'>{section}</div><h2>Children")

    texts = [block.text for block in extract(html).blocks]

    assert "About this" in texts and "We write to you once a month if you asked us to, and never otherwise." in texts


def test_a_title_and_date_before_the_main_element_belong_to_it():
    """A masthead outside ``main`` is read with it; a logo is none."""
    html = (
        f"<nav><ul>{LINKS}</ul></nav><header class=hero><h1>Privacy Notice</h1><p>Effective March 4, 2021</p></header>"
        f"<main>{BODY}</main>"
    )

    found = extract(html)

    assert [block.text for block in found.blocks] == ["Privacy Notice", "Effective March 4, 2021", *TEXT]
    assert found.title == "Privacy Notice"


def test_contents_lists_stay():
    """Links to parts of the page are part of the document."""
    contents = "<ul><li><a href=#a>What we collect</a><li><a href=#b>Whom we tell</a><li><a href=#c>Children</a></ul>"

    blocks = extract(f"<h1>Privacy</h1>{contents}{BODY}").blocks

    assert [block.text for block in blocks[1:4]] == ["What we collect", "Whom we tell", "Children"]


def test_the_date_under_the_title_stays():
    """Short lines before the text go, except those that hold a date."""
    html = f"<p>Welcome</p><p>Last updated: May 2004</p><h1>Privacy</h1>{BODY}"

    assert [block.text for block in extract(html).blocks][:2] == ["Last updated: May 2004", "Privacy"]


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (f"<title>Acme</title><h1>Privacy Notice</h1>{BODY}", "Privacy Notice"),
        (f"<title>Privacy Policy | Acme</title>{BODY.replace('h2', 'b')}", "Privacy Policy"),
        (f"<title>Acme – Datenschutzerklärung</title>{BODY.replace('h2', 'b')}", "Datenschutzerklärung"),
        (f"<title> Acme \n Privacy </title>{BODY.replace('h2', 'b')}", "Acme Privacy"),
    ],
    ids=["heading", "title", "title-german", "plain"],
)
def test_titles(html, title):
    """The title is the first big heading, else the page's own without the name of the site."""
    assert extract(html).title == title


def test_the_page_says_where_else_to_look():
    """Refreshes, frames and the declared language are reported."""
    found = extract(
        "<html lang=de-AT><head><meta http-equiv=refresh content='0; URL=/neu.html'></head>"
        "<frameset><frame src=a.htm><frame src=b.htm></frameset>"
    )

    assert (found.language, found.refresh, found.frames) == ("de-AT", "/neu.html", ("a.htm", "b.htm"))
    assert found.blocks == ()


def test_a_page_that_is_only_a_cookie_dialog_says_so():
    """The dialog is given as text, and named as what it is."""
    found = extract(f"<div id=root></div><div class=cookie-consent>{COOKIES * 3}</div>")

    assert found.reason == "only a cookie dialog"
    assert any("uses cookies" in block.text for block in found.blocks)
