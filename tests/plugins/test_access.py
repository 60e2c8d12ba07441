"""Who may see the pages, under which address, over which databases; what a page allows a browser to run."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette import hookimpl
from datasette.plugins import pm
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store
from harvest.web import rendering
from harvest.web.csp import script_hashes

ROOT = "/-/policies"
Get = Callable[..., Any]


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        pytest.param({"allow": {"id": "root"}}, 403, id="instance-denied"),
        pytest.param({"databases": {"corpus": {"allow": False}}}, 403, id="database-denied"),
        pytest.param({"databases": {"corpus": {"allow": True}}}, 200, id="database-allowed"),
        pytest.param({"databases": {"corpus": {"tables": {"clauses": {"allow": False}}}}}, 403, id="table-denied"),
        pytest.param({"databases": {"corpus": {"tables": {"bodies": {"allow": False}}}}}, 200, id="bodies-denied"),
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        ROOT,
        f"{ROOT}/alpha.example.json",
        f"{ROOT}/changes.atom",
        f"{ROOT}/nowhere.example",
        f"{ROOT}/row/policies/1",
        f"{ROOT}/search?q=lighthouse",
        f"{ROOT}/search.atom?q=beacon&in=added",
        f"{ROOT}/phrase.json?q=lighthouse",
        f"{ROOT}/alpha.example.atom",
        f"{ROOT}/trends.csv?q=cookie",
    ],
)
async def test_permission_of_the_database_holds_for_every_page(
    get: Get, serve: Get, rule: dict[str, Any], status: int, path: str
) -> None:
    """Whoever may not view the database learns nothing, not even what exists."""
    response = await get(path, datasette=serve(metadata=rule))

    allowed = 404 if "nowhere" in path else 302 if "/row/" in path else 200
    assert response.status_code == (allowed if status == 200 else status)
    assert status == 200 or "alpha.example" not in response.text.replace(path, "")


@pytest.mark.parametrize("rule", [{"allow": False}, {"tables": {"texts": {"allow": False}}}], ids=["database", "table"])
async def test_the_menu_is_silent_to_those_who_may_not_look(get: Get, serve: Get, rule: dict[str, Any]) -> None:
    """No link to pages one may not open."""
    datasette = serve(metadata={"databases": {"corpus": rule}})
    response = await get("/-/versions", datasette=datasette)
    page = await get("/", datasette=datasette)

    assert response.status_code == 200
    assert ROOT not in page.text


EVERY_PAGE = [
    ROOT,
    f"{ROOT}/alpha.example",
    f"{ROOT}/alpha.example/2004",
    f"{ROOT}/alpha.example/2003..2010?noise=1",
    f"{ROOT}/alpha.example/blame/2009?words=1",
    f"{ROOT}/alpha.example/section/cookies",
    f"{ROOT}/search?q=lighthouse",
    f"{ROOT}/search?q=beacon&in=added",
    f"{ROOT}/phrase?q=web+beacons",
    f"{ROOT}/trends?q=cookie&q=web+beacon",
    f"{ROOT}/changes",
    f"{ROOT}/nowhere.example",
    "/corpus",
    "/corpus/history",
    "/corpus/versions",
]


async def test_every_page_has_a_title_of_its_own(get: Get, serve: Get) -> None:
    """Tabs and histories of browsers tell the pages apart, refusals too, and each page has one first heading."""
    datasette = serve()
    others = ["/beta.example", "/alpha.example/terms", "/alpha.example/2010", "/alpha.example/blame/2009", "/nothing"]
    others += ["/search", "/phrase", "/trends", "/changes?tier=huge"]
    titles = {}
    for path in [path for path in EVERY_PAGE if path.startswith(ROOT)] + [ROOT + path for path in others]:
        page = LexborHTMLParser((await get(path, datasette=datasette)).text)
        titles[path] = page.css_first("title").text().strip()

        assert len(page.css("h1")) == 1, path
        assert page.css_first("a.skip-link").attributes["href"] == "#main" and page.css_first("main#main"), path

    assert "" not in titles.values()
    assert len(set(titles.values())) == len(titles), titles


@pytest.mark.parametrize("path", EVERY_PAGE)
async def test_base_url_stands_before_every_link(get: Get, serve: Get, path: str) -> None:
    """Behind a proxy under /data/ all links, forms and style sheets of every page carry it."""
    response = await get(path, datasette=serve(settings={"base_url": "/data/"}))
    page = LexborHTMLParser(response.text)
    addresses = [
        node.attributes.get("href") or node.attributes.get("action") or node.attributes.get("src") or ""
        for node in page.css("[href], form[action], script[src]")
    ]

    inside = [address for address in addresses if address.startswith("/")]
    assert inside and [address for address in inside if not address.startswith("/data/")] == []


async def test_base_url_stands_in_feeds_and_redirects(get: Get, serve: Get) -> None:
    """What leaves the page as an address carries it too."""
    datasette = serve(settings={"base_url": "/data/"})
    feed = (await get(f"{ROOT}/changes.atom", datasette=datasette)).text
    row = await get(f"{ROOT}/row/versions/1", datasette=datasette)
    dates = await get(f"{ROOT}/alpha.example?before=2003&after=2009", datasette=datasette)

    assert all(href.startswith("http://localhost/data/") for href in re.findall(r'href="([^"]+)"', feed))
    assert row.headers["location"].startswith(f"/data{ROOT}/alpha.example")
    assert dates.headers["location"].startswith(f"/data{ROOT}/alpha.example")


@pytest.mark.parametrize("path", [path for path in EVERY_PAGE if path.startswith(ROOT)])
async def test_every_link_stays_with_the_corpus_picked(
    get: Get, serve: Get, corpus_path: Path, tmp_path: Path, path: str
) -> None:
    """Two corpora and a stranger: no link of a page about one leads to the other."""
    shutil.copy(corpus_path, tmp_path / "other.db")
    sqlite3.connect(tmp_path / "plain.db").execute("CREATE TABLE t (a)")
    datasette = serve(tmp_path / "plain.db", corpus_path, tmp_path / "other.db")

    response = await get(f"{path}{'&' if '?' in path else '?'}db=other", datasette=datasette)
    page = LexborHTMLParser(response.text)
    picker = {node.attributes["href"] for node in page.css(".pe-dbs a")}
    links = {node.attributes["href"] for node in page.css("main a[href], .pe-bar a[href], link[href]")}
    forms = page.css("main form, .pe-bar form")

    ours = [link for link in links - picker if link.startswith(ROOT)]
    assert ours and all("db=other" in link for link in ours)
    assert all(form.css_first('input[name="db"]').attributes["value"] == "other" for form in forms)
    assert len(picker) == 1


async def test_several_corpora_are_kept_apart(get: Get, serve: Get, corpus_path: Path, tmp_path: Path) -> None:
    """The first is shown, ?db= picks another, and every link stays with the one picked."""
    other = tmp_path / "other.db"
    with Store.open(other) as store:
        store.ensure_policy(host="gamma.example", url="http://gamma.example/p")
    sqlite3.connect(tmp_path / "plain.db").execute("CREATE TABLE t (a)")
    datasette = serve(tmp_path / "plain.db", corpus_path, other)

    first = await get(ROOT, datasette=datasette)
    second = await get(f"{ROOT}?db=other", datasette=datasette)
    links = [n.attributes["href"] for n in LexborHTMLParser(second.text).css("main a[href]")]

    assert "alpha.example" in first.text and "gamma.example" not in first.text
    assert "gamma.example" in second.text and "alpha.example" not in second.text
    assert all("db=other" in link for link in links if link.startswith(ROOT))
    assert (await get(f"{ROOT}?db=plain", datasette=datasette)).status_code == 404


async def test_an_old_corpus_is_said_and_not_crashed(get: Get, serve: Get, corpus_path: Path, tmp_path: Path) -> None:
    """A corpus of an older shape is refused with what to do, and never chosen before a newer one."""
    old = tmp_path / "corpus.before-20240101000000.db"
    shutil.copy(corpus_path, old)
    with sqlite3.connect(old) as conn:
        conn.execute("DROP VIEW history")
        conn.execute("DROP VIEW texts")
        conn.execute("CREATE VIEW texts AS SELECT 1 AS id, 1 AS policy_id")
        conn.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    datasette = serve(old, corpus_path)

    first = await get(f"{ROOT}/alpha.example", datasette=datasette)
    picked = await get(f"{ROOT}/alpha.example?db=corpus.before-20240101000000", datasette=datasette)
    data = await get(f"{ROOT}/alpha.example.json?db=corpus.before-20240101000000", datasette=datasette)

    assert first.status_code == 200
    assert picked.status_code == data.status_code == 503
    assert "harvest migrate" in picked.text and "harvest migrate" in data.json()["error"]


async def test_no_corpus_is_said_and_not_crashed(get: Get, serve: Get, tmp_path: Path) -> None:
    """Over somebody else's database the pages say what they miss."""
    sqlite3.connect(tmp_path / "plain.db").execute("CREATE TABLE t (a)")

    response = await get(ROOT, datasette=serve(tmp_path / "plain.db"))

    assert response.status_code == 404
    assert "No database served here holds a corpus" in response.text


async def test_only_datasettes_own_inline_scripts_may_run(get: Get) -> None:
    """Every inline script on a page of ours is named by its hash in the policy, and there is one: the menu's."""
    response = await get(f"{ROOT}/alpha.example")
    policy = response.headers["content-security-policy"]

    hashes = script_hashes(response.text)
    assert hashes and all(each in policy for each in hashes)
    assert "'unsafe" not in policy and "style-src 'self';" in policy


async def test_pages_hold_no_inline_styles_or_handlers(get: Get) -> None:
    """Nothing the policy would have to forbid is on the pages in the first place."""
    for path in (ROOT, f"{ROOT}/alpha.example", f"{ROOT}/alpha.example/2003..2010", f"{ROOT}/search?q=lighthouse"):
        page = LexborHTMLParser((await get(path)).text)

        assert not page.css("[style], style, main script")
        assert not [node for node in page.css("*") if any(name.startswith("on") for name in node.attributes)]


async def test_scripts_around_a_page_may_run_and_what_stands_in_it_may_not(
    get: Get, serve: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another plugin's script for a database is named in the policy; one that came past all escaping is not."""

    class Other:
        @hookimpl
        def extra_body_script(self, database: str) -> str:
            return f"let shown = '{database}'"

    smuggled = {name: Markup(f"<script>smuggled in {name}</script>") for name in rendering.PIECES}
    monkeypatch.setattr(rendering, "fill", lambda *given: smuggled)
    datasette = serve()
    pm.register(Other(), name="other")
    try:
        response = await get(ROOT, datasette=datasette)
    finally:
        pm.unregister(name="other")

    policy = response.headers["content-security-policy"]
    inside = [str(piece) for piece in smuggled.values()]
    assert all(piece in response.text for piece in inside)
    assert script_hashes("<script>let shown = 'corpus'</script>")[0] in policy
    assert not [each for each in script_hashes("".join(inside)) if each in policy]


def test_hashes_are_those_browsers_compute() -> None:
    """sha256 over the exact characters between the tags, base64; scripts with a source have none."""
    script = "\nalert('x');\n"
    expected = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert script_hashes(f'<script src="a.js"></script><script type="module">{script}</script>') == (
        f"'sha256-{expected}'",
    )


@pytest.mark.parametrize("name", ["policy.css", "policy.js"])
async def test_our_files_are_served(get: Get, name: str) -> None:
    """Style sheet and script come from our own folder, and nothing else does."""
    found = await get(f"/-/policy-static/{name}")
    outside = await get("/-/policy-static/..%2fpolicy_setup.py")

    assert found.status_code == 200
    assert outside.status_code != 200 and "hookimpl" not in outside.text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"), ("ink", "card"), ("ink", "faint"), ("muted", "paper"), ("muted", "card"), ("muted", "faint"),
        ("accent", "paper"), ("accent", "card"), ("accent", "faint"), ("paper", "accent"),
        ("ins-ink", "ins-bg"), ("del-ink", "del-bg"),
        ("ins-ink", "paper"), ("del-ink", "paper"), ("mark-ink", "mark-bg"), ("silent-ink", "silent-bg"),
    ],
)  # fmt: skip
def test_text_stands_out_from_its_ground(dark: bool, ink: str, ground: str) -> None:
    """Contrast is at least 4.5 (WCAG 2.2 AA) in both schemes."""
    css = (Path(__file__).resolve().parents[2] / "plugins/static/policy.css").read_text()
    light, dark_part = css.split("@media screen and (prefers-color-scheme: dark)", 1)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    if dark:
        colours |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark_part.split("body.policy-explorer", 1)[0]))

    assert contrast(colours[ink], colours[ground]) >= 4.5


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
