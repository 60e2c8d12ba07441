"""Every page answers as a person, a script and a feed reader would expect."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvest.corpus.store import Store

ROOT = "/-/policies"
DOCUMENTATION = Path(__file__).resolve().parents[2] / "docs" / "json.md"
DIFF = f"{ROOT}/alpha.example/2003-09-01..2004-02-11"
PAGES = {
    "overview": ROOT,
    "timeline": f"{ROOT}/alpha.example",
    "kind": f"{ROOT}/alpha.example/terms",
    "version": f"{ROOT}/alpha.example/2004",
    "diff": DIFF,
    "blame": f"{ROOT}/alpha.example/blame/2009-08-17",
    "blame-words": f"{ROOT}/alpha.example/blame/2009-08-17?words=1",
    "section": f"{ROOT}/alpha.example/section/cookies",
    "search-text": f"{ROOT}/search?q=lighthouse",
    "search-added": f"{ROOT}/search?q=beacon&in=added",
    "search-removed": f"{ROOT}/search?q=burn&in=removed",
    "phrase": f"{ROOT}/phrase?q=web+beacons",
    "trends": f"{ROOT}/trends?q=cookie&q=web+beacon",
    "changes": f"{ROOT}/changes",
}
FEEDS = [
    ROOT,
    f"{ROOT}/alpha.example",
    f"{ROOT}/alpha.example/terms",
    f"{ROOT}/changes",
    f"{ROOT}/search?q=beacon&in=added",
]
Get = Callable[..., Any]


def with_extension(path: str, extension: str) -> str:
    head, mark, query = path.partition("?")
    return head + extension + mark + query


def tree(response: Any) -> LexborHTMLParser:
    return LexborHTMLParser(response.text)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_pages_answer_as_html(get: Get, path: str) -> None:
    """200, one h1, a language, a main landmark that the skip link leads to, and a policy without unsafe-inline."""
    response = await get(path)
    page = tree(response)

    assert response.status_code == 200
    assert len(page.css("h1")) == 1
    assert page.css_first("html").attributes["lang"] == "en"
    assert page.css_first("a.skip-link").attributes["href"] == "#main" and page.css_first("main#main")
    assert "unsafe" not in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_pages_answer_as_json(get: Get, path: str) -> None:
    """The same address with .json gives an object with ok, and no row id anywhere."""
    response = await get(with_extension(path, ".json"))
    body = response.json()

    assert response.status_code == 200 and body["ok"] is True and body["database"] == "corpus"
    assert '"id"' not in json.dumps(body)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
async def test_every_key_of_the_json_is_documented(get: Get, path: str) -> None:
    """docs/json.md names each key that any page of the small corpus answers with."""
    documented = set(re.findall(r"[a-z_0-9]+", DOCUMENTATION.read_text(encoding="utf-8")))
    body = (await get(with_extension(path, ".json"))).json()

    assert keys_of(body) - documented == set()


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in keys_of(each)}
    return {key for each in value for key in keys_of(each)} if isinstance(value, list) else set()


@pytest.mark.parametrize("path", FEEDS)
async def test_lists_answer_as_atom(get: Get, path: str) -> None:
    """Feeds are well-formed Atom with an id, a time and unique entries, each with a link."""
    response = await get(with_extension(path, ".atom"))
    feed = ElementTree.fromstring(response.text)
    atom = "{http://www.w3.org/2005/Atom}"
    ids = [entry.findtext(f"{atom}id") for entry in feed.findall(f"{atom}entry")]

    assert response.headers["content-type"].startswith("application/atom+xml")
    assert feed.findtext(f"{atom}id") and feed.findtext(f"{atom}updated")
    assert len(ids) == len(set(ids))
    assert all(entry.find(f"{atom}link").attrib["href"].startswith("http") for entry in feed.findall(f"{atom}entry"))


async def test_a_diff_reads_as_it_happened(get: Get) -> None:
    """Deleted and inserted words stand in del and ins, in the order of reading, with both bounds in the heading."""
    page = tree(await get(DIFF))
    change = page.css_first(".change .inline")

    assert [node.text() for node in change.css("del")] == ["ninety days"]
    assert [node.text() for node in change.css("ins")] == ["two years"]
    assert " ".join(page.css_first("h1").text().split()) == "What changed after 1 Sep 2003, not later than 11 Feb 2004"


async def test_words_carry_the_year_in_which_they_came(get: Get) -> None:
    """Words younger than their clause are underlined and followed by their year, which leads to their version."""
    page = tree(await get(f"{ROOT}/alpha.example/blame/2005?words=1"))
    runs = {run.text(): run.next.css_first("a") for run in page.css(".run")}

    assert set(runs) == {"two years", "and one web beacon."}
    assert runs["two years"].text() == "2004"
    assert runs["two years"].attributes["href"] == f"{ROOT}/alpha.example/2004-02-11"
    clause = next(p for p in page.css("p.clause") if "burn the paper" in p.text())
    assert " ".join(clause.text().replace("2004", "").split()) == (
        "We keep these for two years and then we burn the paper in the yard behind the sorting office."
    )


async def test_side_by_side_shows_each_side_whole(get: Get) -> None:
    """The left column reads as the old clause, the right one as the new."""
    page = tree(await get(DIFF + "?view=side"))
    left, right = page.css_first(".left"), page.css_first(".right")

    assert "ninety days" in left.text() and "two years" not in left.text()
    assert "two years" in right.text() and "ninety days" not in right.text()


async def test_a_diff_can_be_taken_along_as_markdown(get: Get) -> None:
    """Bounds, both captures in the archive, the page itself, and the redline; linked from the page."""
    page = tree(await get(DIFF))
    response = await get(page.css_first("a[data-markdown]").attributes["href"])

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "~~ninety days~~**two years**" in response.text.replace("~~ ", "~~")
    for stamp in ("20030901120000", "20040211120000"):
        assert f"<https://web.archive.org/web/{stamp}/http://www.alpha.example/privacy.html>" in response.text
    assert f"<http://localhost{DIFF}>" in response.text


async def test_a_citation_names_both_captures(get: Get) -> None:
    """As a sentence and as Markdown."""
    page = tree(await get(DIFF))

    for node in ("#citation", "#citation-markdown"):
        said = page.css_first(node).text()
        assert "/web/20030901120000/" in said and "/web/20040211120000/" in said
        assert "after 1 Sep 2003, not later than 11 Feb 2004" in said


async def test_the_map_has_every_section_in_order(get: Get) -> None:
    """Sections with changes lead to them with a bar as long as what changed; the others are counted."""
    page = tree(await get(f"{ROOT}/alpha.example/2003..2010"))
    lines = [" ".join(line.text().split()) for line in page.css(".map li")]
    widths = [float(bar.attributes["width"]) for bar in page.css(".map rect")]

    assert lines[-1].startswith("4 Your rights +28") and any("unchanged" in line for line in lines)
    assert max(a + b for a, b in zip(widths[::2], widths[1::2], strict=True)) == 100


async def test_noise_is_one_click_away(get: Get) -> None:
    """A change of dates alone is set aside with its count; the link brings it."""
    path = f"{ROOT}/alpha.example/2004-02-11..2006-07-01"
    quiet = tree(await get(path))
    loud = tree(await get(quiet.css_first("a.noise").attributes["href"]))

    assert not quiet.css(".change") and "small change" in quiet.css_first("a.noise").text()
    assert loud.css(".change")


async def test_anchors_on_the_page_exist(get: Get) -> None:
    """Every link into the page leads somewhere."""
    page = tree(await get(f"{ROOT}/alpha.example/2003..2010?noise=1"))
    ids = {node.attributes["id"] for node in page.css("[id]")}
    targets = {node.attributes["href"][1:] for node in page.css('a[href^="#"]')}

    assert targets <= ids and len(targets) > 4


async def test_every_link_of_ours_leads_to_a_page(get: Get, serve: Get) -> None:
    """Walking the links from the overview meets no refusal."""
    datasette = serve()
    seen: set[str] = set()
    queue = [ROOT]
    while queue:
        path = queue.pop(0)
        if path in seen or len(seen) > 120:
            continue
        seen.add(path)
        response = await get(path, datasette=datasette)
        assert response.status_code == 200, path
        if "html" in response.headers["content-type"]:
            links = [node.attributes["href"].partition("#")[0] for node in tree(response).css("a[href]")]
            queue += [link for link in links if link.startswith(ROOT)]

    assert len(seen) > 40


async def test_both_bounds_stand_with_every_change(get: Get) -> None:
    """The timeline never says a change happened on a day."""
    page = tree(await get(f"{ROOT}/alpha.example?noise=1"))
    said = [" ".join(node.text().split()) for node in page.css(".step-when")]

    assert said[:3] == [
        "after 1 Jul 2006, not later than 17 Aug 2009",
        "after 11 Feb 2004, not later than 1 Jul 2006",
        "after 1 Sep 2003, not later than 11 Feb 2004",
    ]


@pytest.mark.parametrize(
    "page", ["search?q=lighthouse", "phrase?q=lighthouse", "trends?q=lighthouse", "changes?tier=typography"]
)
async def test_what_a_list_is_narrowed_to_stays_in_its_form(get: Get, page: str) -> None:
    """Asking again keeps site and kind, and so do the links to JSON."""
    found = tree(await get(f"{ROOT}/{page}&site=alpha.example&kind=terms"))
    form = found.css_first("main form")
    machine = found.css_first(".machine a")

    assert form.css_first("select[name=kind] option[selected]").text() == "terms"
    assert form.css_first("input[name=site]").attributes["value"] == "alpha.example"
    assert machine is None or "kind=terms" in machine.attributes["href"]


async def test_archive_links_carry_no_referrer(get: Get) -> None:
    """Links that leave the site say noreferrer and noopener."""
    page = tree(await get(f"{ROOT}/alpha.example"))
    outside = [node for node in page.css('main a[href^="http"]')]

    assert outside
    assert all(node.attributes["rel"] == "noreferrer noopener" for node in outside)


@pytest.mark.parametrize(
    ("path", "status", "offered"),
    [
        pytest.param(f"{ROOT}/nowhere.example", 404, "alpha.example", id="unknown-site"),
        pytest.param(f"{ROOT}/alpha.example/cookies", 404, "alpha.example/terms", id="unknown-kind"),
        pytest.param(f"{ROOT}/alpha.example/1999", 404, "1 Apr 2003", id="too-early"),
        pytest.param(f"{ROOT}/alpha.example/2009-99", 400, "YYYY-MM-DD", id="no-date"),
        pytest.param(f"{ROOT}/alpha.example/section/nothing", 404, "cookies", id="unknown-section"),
        pytest.param(f"{ROOT}/text/000000000000", 404, "first 12 digits", id="unknown-text"),
        pytest.param(f"{ROOT}/clause/000000000000", 404, "12 digits", id="unknown-clause"),
        pytest.param(f"{ROOT}/search?q=%2B%2B", 400, "at least one word", id="no-word"),
        pytest.param(f"{ROOT}/search?q=a&from=soon", 400, "YYYY", id="no-year"),
        pytest.param(f"{ROOT}/changes?tier=huge", 400, "huge", id="no-tier"),
        pytest.param(f"{ROOT}?offset=-1", 400, "no number", id="no-offset"),
        pytest.param(f"{ROOT}/nonsense", 404, "a site has a dot", id="no-page"),
        pytest.param(f"{ROOT}/clause/000000000000.txt", 404, "a site has a dot", id="no-form"),
    ],
)
async def test_refusals_say_what_exists(get: Get, path: str, status: int, offered: str) -> None:
    """Unknown things are 404, malformed ones 400, as page and as JSON, with help in both."""
    page = await get(path)
    data = await get(with_extension(path, ".json"))

    assert page.status_code == data.status_code == status
    assert offered in " ".join(tree(page).css_first("main").text().split())
    assert data.json()["ok"] is False and data.json()["error"]


async def test_what_there_is_instead_is_listed_once(get: Get) -> None:
    """As links, not in the words of the refusal as well; JSON, which has no links, names them."""
    path = f"{ROOT}/nowhere.example"
    page = tree(await get(path))

    assert "alpha.example" not in page.css_first(".lead").text()
    assert [link.text() for link in page.css(".cols a")].count("alpha.example") == 1
    assert "alpha.example" in (await get(f"{path}.json")).json()["error"]


@pytest.mark.parametrize("path", ["", "/changes", "/alpha.example"])
async def test_the_words_for_changes_are_explained(get: Get, path: str) -> None:
    """Where tiers and flags stand, a newcomer finds what they mean without a pointer to hold over them."""
    page = tree(await get(ROOT + path))
    explained = {" ".join(term.text().split()) for term in page.css(".glossary dt")}

    assert {"edit", "revision", "rewrite", "silent", "return", "after …, not later than …"} <= explained


async def test_what_is_no_change_of_the_policy_is_counted(get: Get, serve: Get) -> None:
    """Versions that differ in the page around the policy alone stand in no list of changes; the timeline says so."""
    sample = serve(Path(__file__).parents[2] / "corpus.db")
    page = tree(await get(f"{ROOT}/searchlark.example", datasette=sample))
    said = " ".join(page.css_first("main").text().split())

    assert "1 difference between versions is no change of the policy" in said
    assert page.css_first("table#versions")


async def test_two_dates_in_the_form_lead_to_the_diff(get: Get) -> None:
    """The form works without scripts: a plain query is sent on to the address of the diff."""
    response = await get(f"{ROOT}/alpha.example?before=2003-04-01&after=2009-08-17")

    assert response.status_code == 302
    assert response.headers["location"] == f"{ROOT}/alpha.example/2003-04-01..2009-08-17"


async def test_an_empty_corpus_says_how_to_fill_it(get: Get, serve: Get, empty_path: Path) -> None:
    """No policy is no error."""
    response = await get(ROOT, datasette=serve(empty_path))

    assert response.status_code == 200
    assert "harvest run" in tree(response).css_first("main").text()


async def test_a_policy_without_text_still_has_a_page(get: Get, serve: Get, tmp_path: Path) -> None:
    """Only failures: the ledger is what there is to say."""
    with Store.open(tmp_path / "bare.db") as store:
        store.ensure_policy(host="bare.example", url="http://bare.example/privacy")

    response = await get(f"{ROOT}/bare.example", datasette=serve(tmp_path / "bare.db"))

    assert response.status_code == 200
    assert "No text yet" in response.text


async def test_a_timeline_says_where_a_policy_ended(get: Get, serve: Get, fill: Get, tmp_path: Path) -> None:
    """Later captures without it: the list begins with its end, both bounds, and the picture has a mark for it."""
    text = "# Kept\n\n" + "We keep the parcels of our customers in the cellar until somebody asks us for them. " * 9
    days = [datetime(2005 + n, 3, 1, 12, tzinfo=UTC) for n in range(3)]
    with Store.open(tmp_path / "ended.db") as store:
        fill(store, {("ended.example", "privacy"): [(days[0], text), (days[1], text), (days[2], None)]})

    page = tree(await get(f"{ROOT}/ended.example", datasette=serve(tmp_path / "ended.db")))
    end = page.css_first(".step.rank-gone")

    assert "Gone" in end.text() and "after 1 Mar 2006, not later than 1 Mar 2007" in " ".join(end.text().split())
    assert "gone after 1 Mar 2006" in page.css_first("svg.timeline .gone title").text()
    assert page.css_first("svg.timeline > title").text() and page.css_first("svg.timeline > desc").text()


async def test_reading_levels_stand_with_words(get: Get, serve: Get, fill: Get, tmp_path: Path) -> None:
    """On the page of a version and in the table of all versions."""
    text = "# Kept\n\n" + "We keep the parcels of our customers in the cellar until somebody asks us for them. " * 9
    with Store.open(tmp_path / "read.db") as store:
        fill(store, {("read.example", "privacy"): [(datetime(2005, 3, 1, 12, tzinfo=UTC), text)]})
    datasette = serve(tmp_path / "read.db")

    facts = tree(await get(f"{ROOT}/read.example/2005", datasette=datasette)).css_first(".facts").text()
    table = tree(await get(f"{ROOT}/read.example", datasette=datasette)).css_first("details.more table").text()

    grade = re.search(r"grade (\d+\.\d)", facts)
    assert grade and grade[1] in table


@pytest.mark.parametrize("label", ["eu", "/a/b.html", "100 % ours?", "50%2Foff", "données", "x#y;z"])
async def test_labelled_policies_have_addresses_of_their_own(get: Get, serve: Get, tmp_path: Path, label: str) -> None:
    """Whatever a label holds, the overview's link leads to its policy."""
    with Store.open(tmp_path / "labels.db") as store:
        store.ensure_policy(host="many.example", url="http://many.example/privacy")
        store.ensure_policy(host="many.example", label=label, url="http://many.example/other")
    datasette = serve(tmp_path / "labels.db")

    links = tree(await get(ROOT, datasette=datasette)).css("table.list th a")
    pages = [await get(link.attributes["href"], datasette=datasette) for link in links]

    assert [page.status_code for page in pages] == [200, 200]
    assert label in tree(pages[1]).css_first("h1").text()


async def test_datasette_leads_to_our_pages(get: Get) -> None:
    """The menu of Datasette's own pages offers the explorer."""
    page = tree(await get("/"))
    menu = {node.attributes["href"] for node in page.css(".nav-menu-inner a")}

    assert ROOT in menu


async def test_sql_functions_are_there(get: Get) -> None:
    """People who write SQL can compare two texts."""
    response = await get(
        "/corpus.json?sql=select+policy_diff_html('a+b','a+c')+as+d&_shape=array", follow_redirects=True
    )

    assert "<ins>" in response.json()[0]["d"]


@pytest.mark.parametrize("path", ["/alpha.example", "/alpha.example/2004", "/search", "/phrase", "/changes", "/trends"])
async def test_a_slash_at_the_end_is_no_other_page(get: Get, path: str) -> None:
    """People and other programs put one there."""
    plain, slashed = await get(ROOT + path), await get(f"{ROOT}{path}/")

    assert plain.status_code == slashed.status_code == 200
    assert tree(plain).css_first("h1").text() == tree(slashed).css_first("h1").text()


@pytest.mark.parametrize(
    "path", ["", "/alpha.example/2003..2010", "/changes.atom", "/alpha.example.json", "/trends.csv?q=cookie"]
)
async def test_what_a_reader_has_is_not_sent_again(get: Get, serve: Get, path: str) -> None:
    """A browser or feed reader that comes back with the tag it was given gets 304 and no body."""
    datasette = serve()
    first = await get(ROOT + path, datasette=datasette)
    tag = first.headers["etag"]
    again = await get(ROOT + path, datasette=datasette, headers={"if-none-match": f'"other", {tag}'})
    other = await get(ROOT + path, datasette=datasette, headers={"if-none-match": '"other"'})
    actor = datasette.sign({"a": {"id": "root"}}, "actor")
    mine = await get(ROOT + path, datasette=datasette, headers={"cookie": f"ds_actor={actor}"})

    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)
    assert again.headers["etag"] == tag and first.headers["cache-control"] == "no-cache"
    assert mine.headers["cache-control"].startswith("private")  # Datasette 0.65.5 makes it no-store
    assert (
        await get(f"{ROOT}/nowhere.example", datasette=datasette, headers={"if-none-match": tag})
    ).status_code == 404


async def test_a_difference_can_be_unfolded_whole(get: Get) -> None:
    """For paper and for reading through: nothing of the text stays folded, and one click folds it again."""
    folded = tree(await get(DIFF))
    link = next(a for a in folded.css(".more-tools a") if "Unfold all" in a.text()).attributes["href"]
    page = tree(await get(link))
    folds = page.css("article.diff details")

    assert folds and all("open" in fold.attributes for fold in folds)
    assert not any("open" in fold.attributes for fold in folded.css("article.diff details"))
    back = next(a for a in page.css(".more-tools a") if "Fold what is unchanged again" in a.text()).attributes["href"]
    assert back == DIFF


async def test_texts_that_datasette_reads_may_be_damaged_before_and_after_our_pages(serve: Any, get: Any) -> None:
    """Ours are read without a call of Python for each text; the connection goes back as it came."""
    datasette = serve()
    database = next(each for name, each in datasette.databases.items() if not name.startswith("_"))
    await get(ROOT, datasette=datasette)
    await get(f"{ROOT}/nobody.example", datasette=datasette)
    found = await database.execute_fn(lambda conn: conn.execute("SELECT CAST(x'61ff' AS TEXT)").fetchone()[0])
    assert found == "a\ufffd"
