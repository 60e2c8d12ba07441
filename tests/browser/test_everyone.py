"""Pages for everyone: no violation axe-core can find, in both schemes and at both widths; print; calm; no jumps."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

PAGES = {
    "overview": "",
    "timeline": "/searchlark.example",
    "version": "/searchlark.example/2012",
    "diff": "/lanternfeed.example/2006..2024?noise=1",
    "side": "/lanternfeed.example/2006..2024?view=side",
    "moves": "/zephyrnordic.example/2004..2005?view=side",
    "blame": "/searchlark.example/blame/2012",
    "words": "/searchlark.example/blame/2020?words=1",
    "section": "/searchlark.example/section/the-cookie",
    "search": "/search?q=cookie",
    "added": "/search?q=cookie&in=added",
    "empty search": "/search",
    "no hit": "/search?q=zanzibar",
    "phrase": "/phrase?q=cookie",
    "trends": "/trends?q=cookie&q=web+beacon&q=GDPR",
    "changes": "/changes?tier=typography",
    "refused": "/nowhere.example",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(
    ("scheme", "width"),
    [
        pytest.param("light", 1280, id="light-desk"),
        pytest.param("dark", 1280, id="dark-desk"),
        pytest.param("light", 360, id="light-phone"),
        pytest.param("dark", 360, id="dark-phone"),
    ],
)
async def test_pages_pass_axe(demo: str, chromium: Browser, scheme: Any, width: int) -> None:
    """No violation of WCAG 2.2 A or AA, and nothing wider than the window."""
    axe = Axe()
    context = await chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page = await context.new_page()
    found: dict[str, Any] = {}
    first = await clause_address(demo, page)
    for name, path in {**PAGES, "clause": first}.items():
        await page.goto(f"{demo}/-/policies{path}")
        # a scheme changes colours alone, a width the rest as well
        options = {"runOnly": RULES if scheme == "light" else ["color-contrast"]}
        for violation in (await axe.run(page, options=options)).response["violations"]:
            found[f"{name}: {violation['id']}"] = [node["html"][:160] for node in violation["nodes"][:3]]
        if await page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"{name}: wide"] = path

    assert found == {}


async def clause_address(demo: str, page: Any) -> str:
    """The path of the page of some clause."""
    await page.goto(f"{demo}/-/policies/search?q=cookie")
    href = str(await page.locator("a[href*='/clause/']").first.get_attribute("href"))
    return href.partition("/-/policies")[2]


SHIFTS = """() => new Promise(done => {
  let sum = 0;
  const seen = new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value; });
  seen.observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => {
    for (const each of seen.takeRecords()) sum += each.value;
    done(sum);
  }));
})"""


@pytest.mark.parametrize("width", [360, 1280])
async def test_nothing_jumps_while_a_page_loads(demo: str, chromium: Browser, width: int) -> None:
    """The cumulative layout shift of every page is nought, with its script and style sheet loaded."""
    page = await chromium.new_page(viewport={"width": width, "height": 800})
    shifts = {}
    for name, path in PAGES.items():
        for _ in range(3):
            await page.goto(f"{demo}/-/policies{path}", wait_until="load")
            shifts[name] = await page.evaluate(SHIFTS)
            # a jump of ours comes each time; with twenty processes for two cores Chromium saw one of 0.00007 once in
            # a hundred loads (2026-11-21), and none of ours was ever below 0.006
            if not shifts[name]:
                break

    assert {name: shift for name, shift in shifts.items() if shift} == {}


async def test_the_measure_sees_a_jump(chromium: Browser) -> None:
    """A line put above the text after the first frame counts."""
    page = await chromium.new_page()
    await page.set_content("<main><h1>Down I go</h1><p>And I.</p></main>")
    await page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {"
        " document.body.insertAdjacentHTML('afterbegin', '<div style=height:300px>x</div>');"
        " requestAnimationFrame(() => requestAnimationFrame(done)) })))"
    )

    assert await page.evaluate(SHIFTS) > 0


async def test_print_leaves_the_text_and_its_source(demo: str, chromium: Browser) -> None:
    """On paper: no menus, forms or buttons; insertions and deletions still differ; nothing runs over the edge."""
    page = await chromium.new_page(viewport={"width": 700, "height": 900})
    await page.goto(f"{demo}/-/policies/searchlark.example/2018..2019")
    await page.emulate_media(media="print")

    for gone in ("header:not(.head)", ".pe-bar", ".diff-tools", ".map", ".steps-nav", "[data-copy]"):
        assert not await page.locator(gone).first.is_visible(), gone
    assert await page.locator("h1").is_visible()
    assert await page.locator("#citation").evaluate("node => node.checkVisibility({contentVisibilityAuto: true})")
    line = "node => getComputedStyle(node).textDecorationLine"
    assert await page.locator("ins").first.evaluate(line) == "underline"
    assert await page.locator("del").first.evaluate(line) == "line-through"
    assert await page.evaluate("document.documentElement.scrollWidth") <= 700
    for path in ("/searchlark.example", "/searchlark.example/2012", "/trends?q=cookie&q=GDPR", "/phrase?q=cookie"):
        await page.goto(f"{demo}/-/policies{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 700, path


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
async def test_nothing_moves(demo: str, chromium: Browser, motion: Any) -> None:
    """No smooth scrolling or animation: a link followed while a page still scrolled ended beside its place."""
    context = await chromium.new_context(reduced_motion=motion)
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies/searchlark.example/2018..2019")

    behaviour = await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    moving = await page.evaluate(
        "[...document.querySelectorAll('main *')].filter(node => { const style = getComputedStyle(node);"
        " return style.animationName !== 'none' || style.transitionDuration !== '0s' }).length"
    )
    assert behaviour == "auto"
    assert moving == 0


@pytest.mark.parametrize("path", ["/searchlark.example/2018..2019", "/trends?q=cookie", "/search?q=cookie"])
async def test_every_stop_of_the_keyboard_is_seen(demo: str, chromium: Browser, path: str) -> None:
    """Tab by tab through a page: each stop has an outline, lies in the window and is reached once."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = await context.new_page()  # scrolled at once, not while the next key is pressed
    await page.goto(f"{demo}/-/policies{path}")
    stops = await page.evaluate("[...document.querySelectorAll('main a[href], main button, main input')].length")
    unseen = []
    for _ in range(min(40, stops + 12)):
        await page.keyboard.press("Tab")
        seen = await page.evaluate(
            "() => { const node = document.activeElement, box = node.getBoundingClientRect(),"
            " style = getComputedStyle(node); return node === document.body || (style.outlineStyle !== 'none'"
            " && parseFloat(style.outlineWidth) >= 1 && box.bottom > 0 && box.top < innerHeight) || node.outerHTML }"
        )
        if seen is not True:
            unseen.append(str(seen)[:120])

    assert unseen == []
