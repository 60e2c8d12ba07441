"""A new user's way through the demo, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect


async def words(page: Page, selector: str) -> list[str]:
    """The visible text of the elements, white space collapsed."""
    return [" ".join(text.split()) for text in await page.locator(selector).all_inner_texts()]


async def test_a_reader_finds_what_changed_and_when(demo: str, chromium: Browser, watch: Callable[..., Any]) -> None:
    """Overview, company, timeline, diff: the words that went and came are visible, with both bounds; then a phrase."""
    page = await chromium.new_page()
    trouble = watch(page)
    await page.goto(f"{demo}/")
    await page.get_by_role("link", name="Pick a company").click()
    await page.get_by_role("link", name="lanternfeed.example", exact=True).first.click()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("lanternfeed.example")
    assert (await words(page, ".step-when"))[0].startswith("after ")
    await page.locator(".step-link").first.click()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("What changed after")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("not later than")
    await expect(page.locator("ins").first).to_be_visible()
    added = " ".join(await words(page, ".change ins"))
    assert added

    await page.get_by_role("searchbox").fill(f'"{" ".join(added.split()[1:4])}"'.replace(",", ""))
    await page.get_by_role("combobox", name="Search in").select_option("added")
    await page.get_by_role("button", name="Search").first.click()
    await expect(page.locator(".hit mark").first).to_be_visible()
    assert "lanternfeed.example" in " ".join(await words(page, ".hit-head"))
    assert trouble == []


async def test_insertions_and_deletions_differ_by_more_than_colour(demo: str, chromium: Browser) -> None:
    """Underline and strike-through carry the difference for those who cannot tell the colours."""
    page = await chromium.new_page()
    await page.goto(f"{demo}/-/policies/lanternfeed.example")
    await page.locator(".step-link").first.click()
    line = "node => getComputedStyle(node).textDecorationLine"

    assert await page.locator("ins").first.evaluate(line) == "underline"
    assert await page.locator("del").first.evaluate(line) == "line-through"


async def test_the_keyboard_alone_is_enough(demo: str, chromium: Browser) -> None:
    """The first Tab offers the skip link; n walks through the changes of a diff and puts the focus on them."""
    page = await chromium.new_page()
    await page.goto(f"{demo}/-/policies/searchlark.example/2004..2020")
    await page.keyboard.press("Tab")
    focused = page.locator(":focus")
    await expect(focused).to_have_text("Skip to the content")
    assert (await focused.bounding_box() or {"y": -1})["y"] >= 0

    await page.keyboard.press("n")
    await page.keyboard.press("n")
    assert await page.evaluate("location.hash.startsWith('#c-')")
    await expect(page.locator(".change:target .anchor")).to_be_focused()


async def test_the_focus_is_framed_on_fields_and_not_around_the_page(demo: str, chromium: Browser) -> None:
    """The skip link leads to the content, which needs no frame; a date, whose parts have the focus, has one."""
    page = await chromium.new_page()
    await page.goto(f"{demo}/-/policies/searchlark.example")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    frame = "node => getComputedStyle(node).outlineStyle"
    await expect(page.locator("main")).to_be_focused()
    assert await page.locator("main").evaluate(frame) == "none"

    for _ in range(3):  # the calendar's link, the picture, which can be scrolled, the first part of the first date
        await page.keyboard.press("Tab")
    assert await page.locator("#r-day").evaluate(frame) == "solid"


async def test_everything_works_without_scripts(demo: str, chromium: Browser) -> None:
    """Two dates compared, noise shown, side by side, unchanged text unfolded: all without JavaScript."""
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies/tallowandpine.example")
    await page.get_by_role("button", name="Show the difference").click()
    await page.get_by_role("link", name="Side by side").click()
    await expect(page.locator(".pair").first).to_be_visible()

    await page.locator("summary", has_text="unchanged").first.click()
    await expect(page.locator(".fold p").first).to_be_visible()
    assert await page.locator("[data-keys]").is_hidden()


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("view", ["", "?view=side"], ids=["inline", "side"])
async def test_a_move_is_followed_both_ways_without_scripts(
    demo: str, chromium: Browser, width: int, view: str
) -> None:
    """From the place where something stood, by keyboard, to where it stands, and back; on paper both ends are there."""
    context = await chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies/zephyrnordic.example/2004..2005{view}")
    await page.locator(".stood a").focus()
    await page.keyboard.press("Enter")
    target = page.locator(".change:target")
    await expect(target).to_be_in_viewport()

    await target.locator("a[href*='#l-']").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".stood:target")).to_be_in_viewport()
    await page.emulate_media(media="print")
    await expect(page.locator(".stood")).to_contain_text("stood here: moved")


@pytest.mark.parametrize("path", ["/searchlark.example/2018..2019", "/searchlark.example/2012"])
async def test_the_source_is_a_click_away_without_scripts(demo: str, chromium: Browser, path: str) -> None:
    """A link at the top unfolds the citation at the foot of a long page, which names the captures and the page."""
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies{path}")
    await page.get_by_role("link", name="Cite").click()

    await expect(page.locator("#citation")).to_be_in_viewport()
    assert "searchlark.example, privacy policy" in await page.locator("#citation").inner_text()


async def test_the_menu_of_datasette_still_works(demo: str, chromium: Browser, watch: Callable[..., Any]) -> None:
    """Its inline script runs under our policy: a click elsewhere closes the menu."""
    page = await chromium.new_page()
    trouble = watch(page)
    await page.goto(f"{demo}/-/policies")
    menu = page.locator("details.nav-menu")
    await menu.locator("summary").click()
    await expect(menu.get_by_role("link", name="Policy changes")).to_be_visible()

    await page.locator("h1").click()
    await expect(menu.get_by_role("link", name="Policy changes")).to_be_hidden()
    assert trouble == []


async def test_what_is_unfolded_stays_unfolded(demo: str, chromium: Browser) -> None:
    """A click elsewhere closes the menu alone, not the text that a reader unfolded; a click on its line does."""
    page = await chromium.new_page()
    await page.goto(f"{demo}/-/policies/searchlark.example/2018..2019")
    folds = page.locator("details.fold")
    for place in (0, 1):
        await folds.nth(place).locator("summary").click()
    await page.locator("details.nav-menu summary").click()
    await page.locator("h1").click()

    assert [await folds.nth(place).get_attribute("open") for place in (0, 1)] == ["", ""]
    await expect(page.locator("details.nav-menu a").first).to_be_hidden()
    await folds.nth(0).locator("summary").click()
    assert [await folds.nth(place).get_attribute("open") for place in (0, 1)] == [None, ""]


async def test_shortcuts_can_be_switched_off(demo: str, chromium: Browser) -> None:
    """Single letters do nothing any more, on the next page either (WCAG 2.1.4)."""
    page = await chromium.new_page()
    await page.goto(f"{demo}/-/policies/searchlark.example/2004..2020")
    await page.get_by_role("button", name="Keys").click()
    await page.locator("h1").click()
    await page.keyboard.press("n")
    assert await page.evaluate("location.hash") == ""

    await page.reload()
    await expect(page.get_by_role("button", name="Keys")).to_have_attribute("aria-pressed", "false")


async def test_a_redline_and_a_citation_can_be_copied(demo: str, chromium: Browser) -> None:
    """Buttons put the whole difference as Markdown, and its source, on the clipboard."""
    context = await chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    await page.goto(f"{demo}/-/policies/searchlark.example/2018..2019")
    await page.locator("[data-copy=redline]").click()
    await expect(page.locator("[data-copy=redline]")).to_have_text("Copied")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert "**We no longer" in copied and "- Before:" in copied

    await page.get_by_text("Cite this difference").click()
    await page.locator("[data-copy=citation]").click()
    await expect(page.locator("[data-copy=citation]")).to_have_text("Copied")
    assert "Compared at" in await page.evaluate("navigator.clipboard.readText()")
