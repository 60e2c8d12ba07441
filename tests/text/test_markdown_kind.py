"""Errors and shells that somebody extracted as Markdown are told from policies."""

from __future__ import annotations

import pytest

from harvest.model import PageKind
from harvest.text.markdown import read_markdown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# Oh dear\n\nRefresh this page or try again later. The gardener is mending it.\n\ngo back\n", PageKind.ERROR),
        ("Da ist wohl etwas schiefgegangen.\n\nVersuche es später nochmal.\n", PageKind.ERROR),
        ("This page isn't available\n\nIt may have been moved to another shelf.\n", PageKind.SOFT_404),
        ("[About](http://a.example/a)[Help](http://a.example/h)[Terms](http://a.example/t)\n", PageKind.SHELL),
        ("", PageKind.STUB),
        ("We keep your letters for a year.\n\nAfter that the porter burns them.\n", PageKind.POLICY),
        ("# Cats\n\n" + "The house cat sleeps on the warm stove for most of the day. " * 12, PageKind.POLICY),
    ],
    ids=["error", "error in German", "not found", "a menu alone", "nothing", "a short policy", "filed as a policy"],
)
def test_kind_of_a_markdown_text(text: str, kind: PageKind) -> None:
    """The words of a page decide, as in HTML; what somebody filed as a policy is one, whatever its subject."""
    assert read_markdown(text).page_kind is kind
