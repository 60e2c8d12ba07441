"""Odd states of a corpus: every page still says something useful."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store
from harvest.model import Capture, Listing, Outcome, RawPage, Selected
from harvest.text.markdown import read_markdown
from harvest.timestamps import format_stamp
from harvest.urls import urlkey

Get = Callable[..., Any]
ROOT = "/-/policies"
DAY = datetime(2012, 3, 4, 12, tzinfo=UTC)

ENGLISH = "# Ferry privacy notice\n\nThis notice says what the ferry does with the names of its passengers.\n"
HEBREW = (
    "# מדיניות פרטיות\n\nאנו אוספים את שמכם ואת כתובתכם כאשר אתם נרשמים לאתר שלנו, ושומרים אותם במשך תשעים יום.\n\n"
    "## עוגיות\n\nהאתר שלנו משתמש בעוגייה אחת בלבד כדי לזכור את השפה שבחרתם באתר.\n"
)
ARABIC = (
    "# سياسة الخصوصية\n\nنجمع اسمك وعنوانك عندما تسجل في موقعنا ونحتفظ بهما لمدة تسعين يوما ثم نحذفهما.\n\n"
    "## ملفات الارتباط\n\nيستخدم موقعنا ملف ارتباط واحدا فقط ليتذكر اللغة التي اخترتها.\n"
)
CHINESE = (
    "# 隐私政策\n\n我们在您注册时收集您的姓名和地址,并将其保存九十天,然后予以删除。本政策说明我们如何处理这些信息。\n\n"
    "## Cookie\n\n本网站只使用一个 Cookie 来记住您所选择的语言。\n"
)


def record(store: Store, host: str, pages: list[tuple[datetime, str | Outcome]], **other: str) -> int:
    """Record captures of a policy: a text, or what became of it instead."""
    archive, url = other.get("archive", "wayback"), other.get("url", f"http://{host}/privacy")
    policy = store.ensure_policy(host=host, url=f"http://{host}/privacy")
    captures = [Capture(archive, url, urlkey(url), format_stamp(day), day, statuscode="200") for day, _ in pages]
    outcome = other.get("listing", "ok")
    store.record_listing(policy, Listing(archive, url, DAY, outcome, tuple(captures), message=other.get("message", "")))
    store.record_selection(policy, [Selected(capture, True, "all") for capture in captures])
    done = []
    for (number, capture), (_, text) in zip(store.pending(policy), pages, strict=True):
        if isinstance(text, Outcome):
            done.append((number, RawPage(capture, text, f"it was {text.value}"), None))
        else:
            page = RawPage(capture, Outcome.FETCHED, body=text.encode(), status=200)
            done.append((number, page, read_markdown(text, page_url=url)))
    store.record_pages(policy, done)
    return policy


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One corpus of oddities."""
    path = tmp_path_factory.mktemp("odd") / "corpus.db"
    write_oddities(path)
    return path


def write_oddities(path: Path) -> None:
    """Make a corpus of oddities, each at a site of its own; ``docs/gallery.py`` takes its pictures too."""
    later = DAY + timedelta(400)
    with Store.open(path) as store, store.transaction():
        record(store, "one.example", [(DAY, ENGLISH)])
        record(store, "same.example", [(DAY, ENGLISH), (later, ENGLISH)])
        record(store, "excluded.example", [], listing="excluded", message="the site asked not to be archived")
        record(store, "never.example", [], listing="empty")
        record(store, "failures.example", [(DAY, Outcome.ERROR_PAGE), (later, Outcome.BLOCKED_PAGE)])
        gone: list[tuple[datetime, str | Outcome]] = [(DAY, ENGLISH), (later, Outcome.ERROR_PAGE)]
        record(store, "gone.example", [*gone, (later + timedelta(30), Outcome.ERROR_PAGE)])
        record(store, "hebrew.example", [(DAY, HEBREW), (later, HEBREW.replace("תשעים", "שלושים"))])
        record(store, "arabic.example", [(DAY, ARABIC), (later, ARABIC.replace("تسعين", "ثلاثين"))])
        record(store, "chinese.example", [(DAY, CHINESE), (later, CHINESE.replace("九十", "三十"))])
        record(
            store, "imported.example", [(DAY, ENGLISH), (later, ENGLISH + "\nIt is kept for a year.\n")],
            archive="git:ferries", url="git:ferry/privacy.md",
        )  # fmt: skip


async def words(get: Get, serve: Get, path: Path, page: str) -> str:
    """The text a reader sees in the main part of a page that answers 200."""
    response = await get(ROOT + page, datasette=serve(path))
    assert response.status_code == 200, page
    main = LexborHTMLParser(response.text.replace("<wbr>", "")).css_first("main")
    return " ".join(main.text(separator=" ").split())


@pytest.mark.parametrize(
    ("page", "said"),
    [
        pytest.param(
            "/one.example", ["1 version", "first text known", "1 capture", "No change known"], id="one-capture"
        ),
        pytest.param("/one.example/2015", ["names of its passengers"], id="one-version-read"),
        pytest.param("/one.example/blame/2015", ["not later than 4 Mar 2012"], id="one-version-blamed"),
        pytest.param("/same.example", ["1 version between 4 Mar 2012 and 8 Apr 2013", "2 captures"], id="one-version"),
        pytest.param("/same.example/2012..2014", ["The same version on both dates"], id="nothing-differs"),
        pytest.param(
            "/excluded.example", ["No text yet", "does not show this site", "asked not to be archived"], id="excluded"
        ),
        pytest.param(
            "/never.example", ["No text yet", "holds no capture of these addresses", "0 rows"], id="never-archived"
        ),
        pytest.param(
            "/failures.example",
            ["Looked for at", "None of the 2 captures", "error-page", "blocked-page", "it was"],
            id="only-failures",
        ),
        pytest.param("/gone.example", ["Gone", "no longer show the policy", "error-page"], id="taken-down"),
        pytest.param("/gone.example/2016", ["names of its passengers", "not later than 8 Apr 2013"], id="gone-read"),
        pytest.param("/hebrew.example/2012..2014", ["תשעים", "שלושים"], id="hebrew"),
        pytest.param("/arabic.example/2012..2014", ["تسعين", "ثلاثين"], id="arabic"),
        pytest.param(
            "/chinese.example/2012..2014",
            ["九 三 十天", "1 clause edited", "1 unchanged section, 19 words"],
            id="chinese",
        ),
        pytest.param("/chinese.example", ["69 words", "Both versions as a table"], id="chinese-words"),
        pytest.param("/imported.example", ["in the git history “ferries”"], id="imported"),
        pytest.param("/imported.example/2012..2014", ["kept for a year", "Cite this difference"], id="imported-diff"),
        pytest.param("", ["10 sites", "no text yet"], id="overview"),
        pytest.param("/search?q=九十", ["九十"], id="search-chinese"),
        pytest.param("/phrase?q=תשעים", ["hebrew.example"], id="phrase-hebrew"),
        pytest.param("/trends?q=zanzibar", ["zanzibar", "0 of"], id="trend-of-nothing"),
    ],
)
async def test_odd_states_say_something_useful(get: Get, serve: Get, odd: Path, page: str, said: list[str]) -> None:
    """What there is, why there is no more, and both bounds."""
    text = await words(get, serve, odd, page)

    assert [each for each in said if each.lower() not in text.lower()] == [], text[:1500]


@pytest.mark.parametrize("host", ["hebrew.example", "arabic.example"])
async def test_right_to_left_texts_run_right_to_left(get: Get, serve: Get, odd: Path, host: str) -> None:
    """Clauses and changes let their first strong letter decide; headings stand on the side of their text."""
    for page in (f"/{host}/2012", f"/{host}/2012..2014", f"/{host}/2012..2014?view=side", f"/{host}/blame/2014"):
        found = LexborHTMLParser((await get(ROOT + page, datasette=serve(odd))).text)
        held = found.css("main [dir=auto], main [dir=rtl]")
        # what we say before a side must not be the first strong letters of it
        assert {node.attributes.get("dir") for node in found.css("[dir=auto] > .vh")} == (
            {"ltr"} if "side" in page else set()
        )

        assert any(any("\u0590" < letter < "\u06ff" for letter in node.text()) for node in held), page
        assert {node.attributes.get("dir") for node in found.css(".group > h2")} == ({"rtl"} if ".." in page else set())


async def test_imported_captures_have_no_dead_links(get: Get, serve: Get, odd: Path) -> None:
    """An address inside a repository is said, and no link."""
    for page in ("/imported.example", "/imported.example/2014", "/imported.example/2012..2014"):
        found = LexborHTMLParser((await get(ROOT + page, datasette=serve(odd))).text)

        assert not [a for a in found.css("main a") if "git:" in (a.attributes["href"] or "")]
        assert not found.css("main a.archive")


@pytest.mark.parametrize(
    "page", ["/excluded.example/2015", "/never.example/2012..2014", "/failures.example/blame/2015"]
)
async def test_a_policy_without_a_text_is_refused_with_help(get: Get, serve: Get, odd: Path, page: str) -> None:
    """404, and why: no text is known."""
    response = await get(ROOT + page, datasette=serve(odd))
    said = LexborHTMLParser(response.text).css_first("main").text()

    assert response.status_code == 404
    assert "No text yet." in said
    assert LexborHTMLParser(response.text).css("main a")


@pytest.mark.parametrize("page", ["", "/search?q=a", "/search?q=a&in=added", "/phrase?q=a", "/trends?q=a", "/changes"])
async def test_an_empty_corpus_says_how_to_fill_it_or_that_it_is_empty(
    get: Get, serve: Get, empty_path: Path, page: str
) -> None:
    """Never a blank page, and the feeds are valid though empty."""
    text = await words(get, serve, empty_path, page)

    assert any(word in text.lower() for word in ("no ", "nothing", "not ")), text[:300]


def test_a_corpus_of_oddities_has_no_trouble(odd: Path) -> None:
    """The corpus itself is sound."""
    conn = sqlite3.connect(odd)

    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    conn.close()
