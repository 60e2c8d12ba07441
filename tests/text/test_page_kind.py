"""What a page is, and why."""

from __future__ import annotations

import pytest

from harvest.model import PageKind
from harvest.text.extract import extract
from harvest.text.quality import count_words, judge_page

POLICY = "<h1>Privacy Policy</h1>" + "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "We collect personal information such as your name and your e-mail address when you register with us.",
        "Cookies help us to recognise you; you may refuse them, but some pages will then ask for your password again.",
        "We disclose data to third parties only with your consent or where the law obliges us to do so.",
        "If you contact us because access was denied or a page was not found, we keep your message for a year.",
        "You may opt out of our newsletter at any time by writing to the address at the bottom of this policy.",
    )
)
CASES = {
    "policy": (POLICY, None, PageKind.POLICY),
    "one-sentence policy": (
        "<title>Privacy</title><center>Acme Toys only collects personal information from visitors who choose to give "
        "it. We do not sell, rent or disclose it to third parties, and we ask parents for consent first.</center>",
        None,
        PageKind.POLICY,
    ),
    "archived 404": ("<h1>Not Found</h1><p>The requested URL was not found on this server.</p>", 404, PageKind.ERROR),
    "policy under an error status": (POLICY, 500, PageKind.ERROR),
    "soft 404": (
        "<title>Acme - Page not found</title><h1>Oops!</h1><p>The page you are looking for could not be found. It may "
        "have been moved or removed.</p><ul><li><a href=/>Home</a></ul>",
        200,
        PageKind.SOFT_404,
    ),
    "soft 404 in French": (
        "<title>Page introuvable</title><p>Erreur 404 : revenez à l'accueil.</p>",
        200,
        PageKind.SOFT_404,
    ),
    "soft 404 in German": ("<h1>Seite nicht gefunden</h1><p>Bitte prüfen Sie die Adresse.</p>", 200, PageKind.SOFT_404),
    "server error": (
        "<title>Error</title><h2>Service Unavailable</h2><p>The server is temporarily unable to serve your request.",
        200,
        PageKind.ERROR,
    ),
    "challenge": (
        "<title>Just a moment...</title><h2>Checking your browser before accessing acme.example.</h2><p>This process "
        "is automatic.</p>",
        200,
        PageKind.CHALLENGE,
    ),
    "challenge with status": (
        "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>",
        403,
        PageKind.CHALLENGE,
    ),
    "blocked": (
        "<title>Access Denied</title><h1>Access Denied</h1><p>You don't have permission to access this page on this "
        "server.<p>Reference #18.abc",
        200,
        PageKind.BLOCKED,
    ),
    "blocked with status": ("<h1>403</h1><p>Your IP address has been blocked.</p>", 403, PageKind.BLOCKED),
    "parked": (
        "<title>acme.example</title><h1>acme.example</h1><p>This domain is for sale. Buy this domain now!</p>",
        200,
        PageKind.PARKED,
    ),
    "default page": (
        "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>It works.</p>",
        200,
        PageKind.PARKED,
    ),
    "meta refresh": (
        "<meta http-equiv=refresh content='0; url=https://acme.example/legal'><p>You will be redirected.</p>",
        200,
        PageKind.STUB,
    ),
    "moved by hand": (
        "<p>This page has moved. <a href=/new>Click here</a> if you are not redirected.</p>",
        200,
        PageKind.STUB,
    ),
    "text in a frame": ("<h2>Privacy</h2><iframe src=privacy_text.htm></iframe>", 200, PageKind.STUB),
    "frameset": ("<frameset><frame src=top.htm><frame src=main.htm></frameset>", 200, PageKind.STUB),
    "script shell": ("<div id=root></div><script src=app.js></script>", 200, PageKind.SHELL),
    "script shell that says so": (
        "<div id=app></div><noscript>Please enable JavaScript to use this site.</noscript><p>Loading ...</p>",
        200,
        PageKind.SHELL,
    ),
    "cookie wall": (
        "<div class=cookie-wall>"
        + "<p>We and our partners store and read cookies on your device to show you what you like, as you allow.</p>"
        * 6
        + "<button>Accept all</button></div><div id=root></div>",
        200,
        PageKind.COOKIE_WALL,
    ),
    "home page": (
        "<title>Acme</title><h1>Widgets for everyone</h1>"
        + "<p>Our new widgets are rounder, quieter and cheaper than anything that rolled off our lines before.</p>"
        * 20,
        200,
        PageKind.OTHER,
    ),
    "overview": (
        "<h1>Privacy at a glance</h1>"
        + "".join(f"<h3>{word}</h3>" for word in ("What we collect", "Your name", "Your orders", "Your choices")) * 8
        + "<p>Read our full policy</p>",
        200,
        PageKind.OTHER,
    ),
    "nothing": ("", 200, PageKind.SHELL),
}


@pytest.mark.parametrize("name", CASES)
def test_page_kinds(name):
    """Each kind of page is recognised, with a reason unless it is a policy."""
    html, status, expected = CASES[name]

    kind, reason = judge_page(extract(html), status=status)

    assert kind is expected, reason
    assert bool(reason) is (kind is not PageKind.POLICY)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "tr",
            "Gizlilik politikamız, kişisel bilgilerinizi nasıl topladığımızı ve üçüncü kişilerle paylaştığımızı "
            "açıklar. ",
        ),
        (
            "fi",
            "Tietosuojaselosteemme kertoo, miten keräämme ja käsittelemme henkilötietoja ja evästeitä "
            "suostumuksellasi. ",
        ),
        (
            "zh",
            "我们重视您的隐私，未经您的同意，我们不会向第三方提供您的个人信息，法律另有规定的除外。用户权利受到保护。",
        ),
        ("is", "Við virðum friðhelgi þína og söfnum aðeins þeim upplýsingum sem þú gefur okkur sjálf eða sjálfur. "),
    ],
)
def test_policies_in_other_languages_are_policies(language, text):
    """A language without a vocabulary of ours is never judged by ours."""
    kind, reason = judge_page(extract(f"<html lang={language}>" + f"<p>{text}</p>" * 15))

    assert kind is PageKind.POLICY, reason


def test_words_of_dense_scripts_are_estimated():
    """Chinese text has no spaces, and is not taken for a page without words."""
    assert count_words("个人信息保护政策" * 50) > 150
    assert count_words("two words — and – 3") == 4
