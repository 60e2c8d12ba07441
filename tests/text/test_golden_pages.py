"""Whole pages of many eras, written here in the style of real ones, against what a person reads on them.

``tests/golden/pages/NAME.html`` is a page with its bytes, ``NAME.json`` what it says. A page without that file gets
one, and the test fails until somebody has compared it with the page in a browser and committed it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harvest.text.reading import read_html

PAGES = sorted((Path(__file__).parent.parent / "golden" / "pages").glob("*.html"))


def what_it_says(body: bytes) -> dict[str, Any]:
    """All that a reader takes from a page."""
    read = read_html(body, page_url="http://www.example.com/privacy.html")
    stated = read.stated_date
    return {
        "kind": read.page_kind.value,
        "reason": read.reason,
        "encoding": read.encoding,
        "language": read.language,
        "title": read.title,
        "stated": [stated.day.isoformat(), stated.kind] if stated else None,
        "sections": [
            {
                "heading": f"{'#' * section.level} {section.number} {section.heading}".replace("  ", " "),
                "clauses": [
                    f"{'' if clause.kind == 'paragraph' else clause.kind + ': '}{clause.markdown}"
                    for clause in section.clauses
                ],
            }
            for section in read.sections
        ],
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_read_as_people_read_them(page):
    """Kind, encoding, language, title, date, headings and every clause, in order, and nothing of the furniture."""
    said = what_it_says(page.read_bytes())
    wanted = page.with_suffix(".json")
    if not wanted.exists():
        wanted.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{wanted.name} is new: compare it with the page, then commit it")

    assert said == json.loads(wanted.read_text(encoding="utf-8"))
