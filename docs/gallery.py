"""Look at every kind of page: ``python docs/gallery.py FOLDER CORPUS.db…`` (``make gallery`` takes the sample).

Serves each corpus, finds the pages worth a look in it (the longest history, the longest text, right-to-left, nothing
but failures, …) and writes their pictures at three widths in both schemes, and on paper, into FOLDER, with an
``index.html`` of all and ``notes.txt``: what is wider than its window, cut, too small to hit, or said by the console.
``--only WORD`` takes the pages whose name has WORD in it; ``--odd`` adds the odd states of the tests; ``--each`` takes
every policy of a small corpus in place of what is worth a look; ``--whole`` takes pages to their end.
"""

from __future__ import annotations

import argparse
import importlib.util
import sqlite3
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pictures import HERE, browsing, serving
from playwright.sync_api import Browser, Error

WIDTHS = (360, 800, 1400)
SCHEMES = ("light", "dark")
#: Pictures end here: a timeline of a thousand versions looks the same further down.
MOST = {360: 3200, 800: 2600, 1400: 2400}
#: What Chromium draws in one piece.
LONGEST = 16_000

#: What the eye may miss in a small picture. WCAG 2.2 asks 24 pixels of a target that does not stand in a sentence.
INSPECT = r"""width => {
  const found = [], say = (what, node) => found.push(`${what}: ${node.outerHTML.slice(0, 110).replace(/\s+/g, ' ')}`);
  if (document.documentElement.scrollWidth > width) found.push(`wide: ${document.documentElement.scrollWidth}`);
  for (const node of document.querySelectorAll('main *, .pe-bar *')) {
    if (!node.checkVisibility() || node.closest('svg, .vh')) continue;
    const style = getComputedStyle(node);
    if (node.scrollWidth > node.clientWidth + 1 && style.overflowX === 'hidden') say('cut', node);
    if (parseFloat(style.fontSize) < 11 && node.childNodes.length && node.textContent.trim()) say('small print', node);
  }
  return [...new Set(found)].slice(0, 12);
}"""

Page = tuple[str, str]


def pages_of(corpus: Path) -> Iterator[Page]:
    """Name and address of each page worth a look."""
    conn = sqlite3.connect(f"file:{corpus}?mode=ro", uri=True)

    def one(sql: str, *values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = conn.execute(sql, values).fetchone()
        return found

    policy = "s.host || CASE WHEN p.kind = 'privacy' AND p.label = '' THEN '' ELSE '/' || p.kind END"
    versions = "versions v JOIN policies p ON p.id = v.policy_id JOIN sites s ON s.id = p.site_id"
    root = "/-/policies"
    yield "overview", root
    yield "overview-narrowed", f"{root}?q=o&order=versions"
    yield "overview-nothing", f"{root}?q=zanzibar"
    yield from [(f"words-{name}", root + path) for name, path in WORDS]
    named = {
        "long": f"SELECT {policy}, min(v.first_seen), max(v.last_seen), count(*) FROM {versions} WHERE p.label = ''"
        " GROUP BY p.id ORDER BY 4 DESC",
        "usual": f"SELECT {policy}, min(v.first_seen), max(v.last_seen), count(*) FROM {versions} WHERE p.label = ''"
        " GROUP BY p.id ORDER BY abs(count(*) - 11), 1",
        "single": f"SELECT {policy}, v.first_seen, v.last_seen, count(*) FROM {versions} WHERE p.label = ''"
        " GROUP BY p.id HAVING count(*) = 1",
        "wordy": f"SELECT {policy}, min(v.first_seen), max(v.last_seen) FROM {versions}"
        " JOIN texts t ON t.id = v.text_id WHERE p.label = '' GROUP BY p.id ORDER BY max(t.words) DESC",
        "rtl": f"SELECT {policy}, min(v.first_seen), max(v.last_seen) FROM {versions} JOIN texts t ON t.id = v.text_id"
        " WHERE p.label = '' AND t.language IN ('he', 'ar', 'fa', 'ur') GROUP BY p.id ORDER BY count(*) DESC",
        "chinese": f"SELECT {policy}, min(v.first_seen), max(v.last_seen) FROM {versions}"
        " JOIN texts t ON t.id = v.text_id WHERE p.label = '' AND t.language LIKE 'zh%' GROUP BY p.id"
        " ORDER BY count(*) DESC",
        "variants": f"SELECT {policy}, min(v.first_seen), max(v.last_seen) FROM {versions}"
        " WHERE p.label = '' GROUP BY p.id HAVING count(v.variant_of) ORDER BY count(*)",
    }
    for name, sql in named.items():
        found = one(f"{sql} LIMIT 1")
        if not found:
            continue
        at, first, last = f"{root}/{found[0]}", found[1][:10], found[2][:10]
        yield f"{name}-timeline", at
        yield f"{name}-version", f"{at}/{last}"
        yield f"{name}-blame", f"{at}/blame/{last}"
        yield f"{name}-blame-words", f"{at}/blame/{last}?words=1"
        yield f"{name}-diff-all", f"{at}/{first}..{last}"
    yield from ((f"empty-{host}", f"{root}/{host}") for (host,) in conn.execute(
        "SELECT s.host FROM policies p JOIN sites s ON s.id = p.site_id WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.policy_id = p.id) LIMIT 3"))  # fmt: skip
    yield from _diffs(conn, root, policy)
    states = one(
        f"SELECT {policy}, l.slug, count(DISTINCT ts.section_id) FROM lineages l JOIN text_sections ts"
        " ON ts.lineage_id = l.id JOIN policies p ON p.id = l.policy_id JOIN sites s ON s.id = p.site_id"
        " WHERE p.label = '' GROUP BY l.id ORDER BY 3 DESC LIMIT 1"
    )
    if states:
        yield "section", f"{root}/{states[0]}/section/{quote(states[1], safe='')}"
    shared = one(
        "SELECT c.sha256 FROM clauses c JOIN section_clauses sc ON sc.clause_id = c.id WHERE c.words > 12"
        " GROUP BY c.id ORDER BY count(*) DESC LIMIT 1"
    )
    edited = one(
        "SELECT c.sha256 FROM clauses c JOIN change_clauses cc ON cc.clause_id = c.id WHERE c.words > 20 LIMIT 1"
    )
    text = one("SELECT sha256 FROM texts ORDER BY words DESC LIMIT 1")
    for name, row in (("shared", shared), ("edited", edited)):
        if row:
            yield f"clause-{name}", f"{root}/clause/{row[0][:12]}"
    if text:
        yield "text", f"{root}/text/{text[0][:12]}"
    yield "refused-site", f"{root}/nowhere.example"
    yield "refused-date", f"{root}/searchlark.example/1066"
    yield "refused-word", f"{root}/nothing"
    yield "refused-malformed", f"{root}/changes?tier=huge"
    name = corpus.stem
    yield "datasette-home", "/"
    yield "datasette-database", f"/{name}"
    for table in ("history", "change_log", "versions", "clause_presence"):
        yield f"datasette-{table}", f"/{name}/{table}?_size=20"
    yield "datasette-row", f"/{name}/versions/1"
    conn.close()


def pages_of_each(corpus: Path) -> Iterator[Page]:
    """The pages of every policy that has no label, and the words looked for."""
    conn = sqlite3.connect(f"file:{corpus}?mode=ro", uri=True)
    root = "/-/policies"
    yield "overview", root
    yield from [(f"words-{name}", root + path) for name, path in WORDS]
    for host, first, last in conn.execute(
        "SELECT s.host, min(v.first_seen), max(v.last_seen) FROM policies p JOIN sites s ON s.id = p.site_id"
        " LEFT JOIN versions v ON v.policy_id = p.id WHERE p.label = '' GROUP BY p.id ORDER BY s.host"
    ):
        at, name = f"{root}/{host}", host[:40]
        yield f"{name}-timeline", at
        if first is None:
            yield f"{name}-refused", f"{at}/2015"
            continue
        yield f"{name}-version", f"{at}/{last[:10]}"
        yield f"{name}-blame", f"{at}/blame/{last[:10]}"
        yield f"{name}-blame-words", f"{at}/blame/{last[:10]}?words=1"
        yield f"{name}-diff", f"{at}/{first[:10]}..{last[:10]}"
        yield f"{name}-diff-side", f"{at}/{first[:10]}..{last[:10]}?view=side&noise=1"
    conn.close()


WORDS = (
    ("search", "/search?q=cookie"),
    ("search-added", "/search?q=cookie&in=added"),
    ("search-removed", "/search?q=information&in=removed&whole=1"),
    ("search-empty", "/search"),
    ("search-nothing", "/search?q=zanzibar"),
    ("phrase", "/phrase?q=cookies"),
    ("phrase-empty", "/phrase"),
    ("phrase-nothing", "/phrase?q=zanzibar"),
    ("trends", "/trends?q=cookie&q=web+beacon&q=GDPR"),
    ("trends-empty", "/trends"),
    ("trends-nothing", "/trends?q=zanzibar"),
    ("changes", "/changes"),
    ("changes-nothing", "/changes?site=nobody.example"),
)


def _diffs(conn: sqlite3.Connection, root: str, policy: str) -> Iterator[Page]:
    """Differences of several natures: of few words, of much noise, with moves, rewritten."""
    wanted = {
        "few-words": "d.tier = 'edit' AND d.words_added BETWEEN 4 AND 30",
        "noise": "d.tier IN ('dates', 'links', 'contacts', 'typography', 'numbering')",
        "moves": "EXISTS (SELECT 1 FROM changes c WHERE c.diff_id = d.id AND c.kind LIKE '%moved%')",
        "rewrite": "d.tier = 'rewrite' AND d.words_removed > 100",
        "most-changes": "d.id = (SELECT diff_id FROM changes GROUP BY diff_id ORDER BY count(*) DESC LIMIT 1)",
    }
    for name, where in wanted.items():
        found = conn.execute(
            f"SELECT {policy}, b.last_seen, a.first_seen FROM transitions t JOIN diffs d ON d.id = t.diff_id"
            " JOIN versions b ON b.id = t.before_version_id JOIN versions a ON a.id = t.after_version_id"
            " JOIN policies p ON p.id = t.policy_id JOIN sites s ON s.id = p.site_id"
            f" WHERE p.label = '' AND t.kind = 'change' AND b.variant_of IS NULL AND a.variant_of IS NULL AND {where}"
            " ORDER BY abs(d.words_added - 60), t.id LIMIT 1"
        ).fetchone()
        if found:
            at = f"{root}/{found[0]}/{found[1]}..{found[2]}"
            yield f"diff-{name}", at
            yield f"diff-{name}-side", f"{at}?view=side&noise=1"


def shoot(browser: Browser, address: str, pages: list[Page], folder: Path, *, whole: bool = False) -> list[str]:
    """Take each page at each width in each scheme, and once on paper; return what was noticed."""
    noticed: list[str] = []
    for scheme in SCHEMES:
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda line, said=said: said.append(line.text) if line.type == "error" else None)
            for name, path in pages:
                said.clear()
                page.goto(address + path)
                most = LONGEST if whole else MOST[width]
                height = min(most, int(page.evaluate("document.documentElement.scrollHeight")))
                page.set_viewport_size({"width": width, "height": max(900, height)})
                page.screenshot(path=folder / f"{name}.{width}.{scheme}.png")
                page.set_viewport_size({"width": width, "height": 900})
                if scheme == "light":
                    notes = [*said, *page.evaluate(INSPECT, width)]
                    noticed += [f"{name} {width}: {note}" for note in notes if "status of 40" not in note]
            context.close()
    page = browser.new_page(viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    for name, path in pages:
        page.goto(address + path)
        page.screenshot(path=folder / f"{name}.print.png", clip={"x": 0, "y": 0, "width": 720, "height": 1000})
    return noticed


def main() -> None:
    """Serve, look, write down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--only", default="")
    for name in ("--odd", "--each", "--whole"):
        parser.add_argument(name, action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    corpora = [*options.corpora, *(_odd(options.folder) if options.odd else [])]
    for corpus in corpora:
        folder = options.folder / corpus.stem
        folder.mkdir(exist_ok=True)
        offered = pages_of_each(corpus) if options.each else pages_of(corpus)
        pages = [page for page in offered if options.only in page[0]]
        with serving(str(corpus.resolve())) as address, browsing() as browser:
            noticed = shoot(browser, address, pages, folder, whole=options.whole)
        (folder / "notes.txt").write_text("\n".join(noticed))
        (folder / "index.html").write_text(_sheet(pages))
        print(f"{folder}: {len(pages)} pages, {len(noticed)} notes")


def _odd(folder: Path) -> list[Path]:
    """The corpora of the tests with an odd state at each site, and with nothing at all."""
    spec = importlib.util.spec_from_file_location("odd", HERE.parent / "tests/plugins/test_odd_states.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = [folder / "odd.db", folder / "nothing.db"]
    for path in made:
        path.unlink(missing_ok=True)
    module.write_oddities(made[0])
    module.Store.open(made[1]).close()
    return made


def _sheet(pages: list[Page]) -> str:
    """All pictures of a corpus on one page."""
    rows = "".join(
        f"<h2>{escape(name)}</h2><p>{escape(path)}</p><div>"
        + "".join(f'<img src="{name}.{width}.{scheme}.png">' for scheme in SCHEMES for width in WIDTHS)
        + f'<img src="{name}.print.png"></div>'
        for name, path in pages
    )
    return (
        f"<!DOCTYPE html><style>img{{height:60rem;margin:4px;border:1px solid #999;vertical-align:top}}</style>{rows}"
    )


if __name__ == "__main__":
    try:
        main()
    except Error as error:
        raise SystemExit(f"the browser: {error}") from error
