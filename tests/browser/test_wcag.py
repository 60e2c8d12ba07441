"""What WCAG 2.2 asks and axe does not measure: sizes of targets, focus in sight, text spacing, 400 % zoom, colours."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser

PAGES = {
    "overview": "",
    "timeline": "/searchlark.example",
    "version": "/searchlark.example/2012",
    "diff": "/lanternfeed.example/2006..2024?noise=1",
    "side": "/lanternfeed.example/2006..2024?view=side",
    "words": "/searchlark.example/blame/2020?words=1",
    "section": "/searchlark.example/section/the-cookie",
    "added": "/search?q=cookie&in=added&site=searchlark.example",
    "phrase": "/phrase?q=cookie",
    "trends": "/trends?q=cookie&q=web+beacon&q=GDPR",
    "changes": "/changes?tier=typography",
    "refused": "/nowhere.example",
}

#: 2.5.8: 24 by 24 pixels; or a circle of 24 pixels around it meets no other target; or it stands in a sentence.
SMALL_TARGETS = """() => {
  const targets = [...document.querySelectorAll('main, .pe-bar, header')].flatMap(part =>
    [...part.querySelectorAll('a[href], button, input, select, summary')])
    .filter(node => node.checkVisibility({ contentVisibilityAuto: true }) && !node.closest('svg'));
  const boxes = targets.map(node => ({ node, box: node.getBoundingClientRect() })).filter(({ box }) => box.width);
  const middle = box => [box.x + box.width / 2, box.y + box.height / 2];
  const far = ([x, y], box) => Math.hypot(Math.max(box.left - x, 0, x - box.right),
                                          Math.max(box.top - y, 0, y - box.bottom));
  const inSentence = node => {
    const line = node.closest('p, li, th, td, dd, h1, h2, h3, figcaption, div, sup');
    const links = [...line.querySelectorAll('a, button, summary')].map(each => each.textContent).join('');
    return line.textContent.replace(/\\s/g, '').length > links.replace(/\\s/g, '').length + 2;
  };
  return boxes.filter(({ node, box }) => {
    if (box.width >= 24 && box.height >= 24) return false;
    if (node.localName === 'a' && inSentence(node)) return false;
    return boxes.some(other => other.node !== node && !other.node.contains(node) && !node.contains(other.node)
      && (far(middle(box), other.box) < 12
          || (Math.min(other.box.width, other.box.height) < 24
              && Math.hypot(middle(box)[0] - middle(other.box)[0], middle(box)[1] - middle(other.box)[1]) < 24)));
  }).map(({ node, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${node.outerHTML.slice(0, 90)}`);
}"""

#: What is cut off: text in a box that hides what does not fit.
CUT = """() => [...document.querySelectorAll('main *, .pe-bar *')].filter(node => {
  const style = getComputedStyle(node);
  return node.checkVisibility() && !node.closest('svg, .vh') && style.overflowX === 'hidden'
    && style.textOverflow !== 'ellipsis' && node.scrollWidth > node.clientWidth + 1;
}).map(node => node.outerHTML.slice(0, 120))"""

#: Places that scroll sideways of their own accord must be pictures or tables (1.4.10 excepts both), and say so.
SIDEWAYS = """() => [...document.querySelectorAll('main *')].filter(node =>
  node.checkVisibility() && node.scrollWidth > node.clientWidth + 1
  && /auto|scroll/.test(getComputedStyle(node).overflowX)
  && !(node.getAttribute('role') === 'region' && node.querySelector('svg, table'))
).map(node => node.outerHTML.slice(0, 120))"""

#: 1.4.12, as the criterion gives it.
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""


#: Letters of pictures as they are shown: their size times the scale at which the picture is drawn.
LETTERS = """() => Math.min(...[...document.querySelectorAll('main svg text')].filter(node => node.checkVisibility())
  .map(node => parseFloat(getComputedStyle(node).fontSize) * node.getScreenCTM().a))"""


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("path", ["/searchlark.example", "/trends?q=cookie&q=GDPR", "/phrase?q=cookie"])
async def test_pictures_can_be_read_at_every_width(demo: str, chromium: Browser, path: str, width: int) -> None:
    """No letter of a picture is smaller than ten pixels, and no label is cut at its edge."""
    page = await chromium.new_page(viewport={"width": width, "height": 800})
    await page.goto(f"{demo}/-/policies{path}")
    cut = await page.evaluate(
        "() => [...document.querySelectorAll('main svg text')].filter(node => node.checkVisibility()).filter(node => {"
        " const box = node.getBoundingClientRect(), svg = node.ownerSVGElement.getBoundingClientRect();"
        " return getComputedStyle(node.ownerSVGElement).overflow === 'hidden'"
        " && (box.left < svg.left - 1 || box.right > svg.right + 1 || box.top < svg.top - 2) })"
        ".map(node => node.textContent)"
    )

    assert await page.evaluate(LETTERS) >= 10
    assert cut == []


@pytest.mark.parametrize("width", [360, 1280])
async def test_targets_are_large_or_apart(demo: str, chromium: Browser, width: int) -> None:
    """Links, buttons and folds can be hit with a thumb (2.5.8)."""
    page = await chromium.new_page(viewport={"width": width, "height": 800})
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        await page.goto(f"{demo}/-/policies{path}")
        if small := await page.evaluate(SMALL_TARGETS):
            found[name] = small[:6]

    assert found == {}


async def test_pages_reflow_at_400_percent(demo: str, chromium: Browser) -> None:
    """At 320 pixels, which is 1280 at 400 %, nothing scrolls in two directions but pictures and tables (1.4.10)."""
    page = await chromium.new_page(viewport={"width": 320, "height": 256})
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        await page.goto(f"{demo}/-/policies{path}")
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wrong := [*([wide] if wide > 320 else []), *await page.evaluate(CUT), *await page.evaluate(SIDEWAYS)]:
            found[name] = wrong

    assert found == {}


async def test_no_width_is_too_narrow(demo: str, chromium: Browser) -> None:
    """Between a phone and a wide screen as at both: nothing is wider than the window, with every fold open."""
    page = await chromium.new_page()
    found: dict[str, list[int]] = {}
    for name, path in PAGES.items():
        await page.goto(f"{demo}/-/policies{path}")
        await page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
        for width in (320, 430, 560, 641, 700, 760, 833, 920, 993, 1100):
            await page.set_viewport_size({"width": width, "height": 800})
            if await page.evaluate("document.documentElement.scrollWidth") > width:
                found.setdefault(name, []).append(width)

    assert found == {}


async def test_months_of_the_calendar_can_be_hit(demo: str, chromium: Browser) -> None:
    """Unfolded on a phone its cells are targets of 24 pixels or apart."""
    page = await chromium.new_page(viewport={"width": 360, "height": 800})
    await page.goto(f"{demo}/-/policies/searchlark.example")
    await page.locator(".calendar summary").click()

    assert await page.locator(".calendar td a").count() > 3
    assert await page.evaluate(SMALL_TARGETS) == []


async def test_readers_may_space_the_text(demo: str, chromium: Browser) -> None:
    """With the spacing of 1.4.12 nothing is cut off and no page grows wider than its window."""
    context = await chromium.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True)
    page = await context.new_page()
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        await page.goto(f"{demo}/-/policies{path}")
        await page.add_style_tag(content=SPACING)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wrong := [*([wide] if wide > 360 else []), *await page.evaluate(CUT)]:
            found[name] = wrong

    assert found == {}


async def test_the_focus_is_never_under_the_heading_that_stays(demo: str, chromium: Browser) -> None:
    """Tab by tab, forwards and back, through a long diff in a low window: each stop can be seen (2.4.11)."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 420}, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies/lanternfeed.example/2006..2024?noise=1")
    await page.locator(".change .anchor").first.focus()
    hidden = []
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 60:
        await page.keyboard.press(key)
        seen = await page.evaluate(
            "() => { const node = document.activeElement, box = node.getBoundingClientRect();"
            " if (!node.closest('.diff')) return true;"
            " const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
            " return node.contains(top) || top?.contains(node) && !top.matches('h2') || node.outerHTML }"
        )
        if seen is not True:
            hidden.append((key, str(seen)[:100]))

    assert hidden == []


async def test_a_change_that_is_linked_to_is_not_covered(demo: str, chromium: Browser) -> None:
    """The head of every change stands below the heading of its section when its address is opened."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 500}, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies/lanternfeed.example/2006..2024?noise=1")
    anchors = await page.evaluate("[...document.querySelectorAll('.change[id]')].map(node => node.id)")
    covered = []
    for anchor in anchors:
        await page.evaluate("anchor => { location.hash = anchor }", anchor)
        if not await page.evaluate(
            "anchor => { const head = document.querySelector(`#${anchor} .anchor`), box = head.getBoundingClientRect();"
            " return box.top >= 0 && head.contains(document.elementFromPoint(box.x + 2, box.y + box.height / 2)) }",
            anchor,
        ):
            covered.append(anchor)

    assert len(anchors) > 12 and covered == []


async def test_nothing_is_lost_in_forced_colours(demo: str, chromium: Browser) -> None:
    """Insertions, deletions, the chosen view and the keys of a picture are told apart where the system sets colours."""
    context = await chromium.new_context(forced_colors="active")
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies/searchlark.example/2018..2019")
    line = "node => getComputedStyle(node).textDecorationLine"
    ground = "node => getComputedStyle(node).backgroundColor"
    chosen = await page.locator(".switch strong").evaluate(ground)
    decorated = [await page.locator(name).first.evaluate(line) for name in ("ins", "del")]
    await page.goto(f"{demo}/-/policies/searchlark.example")
    keys = [await page.locator(f".key-{name}").first.evaluate(ground) for name in ("edit", "revision", "rewrite")]

    assert decorated == ["underline", "line-through"]
    assert chosen != await page.locator("body").evaluate(ground)
    assert len(set(keys)) == 3


async def test_copying_works_without_the_clipboard(demo: str, chromium: Browser) -> None:
    """Where the page may not use the clipboard, the older way is tried; where that fails too, the button says so."""
    page = await chromium.new_page()
    await page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'));"
        "document.execCommand = name => { window.taken = String(document.activeElement.value); return window.may }"
    )
    await page.goto(f"{demo}/-/policies/searchlark.example/2018..2019")
    button = page.locator("[data-copy=redline]")
    for may, said in ((True, "Copied"), (False, "Could not copy")):
        await page.evaluate("may => { window.may = may }", may)
        await button.click()
        await page.get_by_role("status").get_by_text(said).wait_for()

        assert "- Before:" in await page.evaluate("window.taken")
        assert await button.evaluate("node => node === document.activeElement")


@pytest.mark.parametrize(
    "path", ["/lanternfeed.example/2006..2024", "/lanternfeed.example/2006..2024?view=side&noise=1"]
)
async def test_the_tools_of_a_difference_are_one_line_of_a_phone(demo: str, chromium: Browser, path: str) -> None:
    """The rest of them unfolds; hints about keys stay away where there is no mouse."""
    context = await chromium.new_context(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies{path}")
    tools = page.locator(".diff-tools")
    folded = await tools.evaluate("node => node.getBoundingClientRect().height")
    await tools.locator("summary").click()

    assert folded < 56
    assert await tools.get_by_role("link", name="Cite").is_visible()
    assert not await tools.locator("[data-keys]").is_visible()


async def test_numbers_beside_one_another_keep_their_order_from_right_to_left(demo: str, chromium: Browser) -> None:
    """A year that went and the day that came after it do not run together; from left to right nothing is put in."""
    page = await chromium.new_page()
    await page.goto(f"{demo}/-/policies/lanternfeed.example/2006..2024")
    between = """text => {
      const line = document.createElement("div");
      line.dir = "auto";
      line.innerHTML = `${text} <del>2012</del><ins>2 3</ins>`;
      document.querySelector("main").append(line);
      return getComputedStyle(line.querySelector("ins"), "::before").content;
    }"""

    assert await page.evaluate(between, "\u05e2\u05d5\u05d3\u05db\u05df") == '"\u200f"'
    assert await page.evaluate(between, "updated") == "none"


async def test_the_years_of_a_policy_stand_beside_its_name_on_a_phone(demo: str, chromium: Browser) -> None:
    """Below it they would have a line of their own wherever counts are long."""
    page = await chromium.new_page(viewport={"width": 320, "height": 800})
    await page.goto(f"{demo}/-/policies")
    beside = """row => {
      const [name, years] = [row.querySelector("th a"), row.querySelector(".seen-years")];
      row.querySelector(".num").textContent = "1,234,567 +1,234";
      const range = document.createRange();
      range.selectNodeContents(years);
      const [left, right] = [name.getBoundingClientRect(), range.getBoundingClientRect()];
      return left.right < right.left && left.top < right.bottom && right.top < left.bottom;
    }"""

    rows = await page.locator("main table.list tbody tr").all()
    assert rows and all([await row.evaluate(beside) for row in rows])
