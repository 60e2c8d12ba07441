"""The text room: hostile bytes and strings to documents. Pure functions that never raise and say what they decided.

Parts are loaded when first used, so that a command that needs only ``fold`` does not wait for an HTML parser.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harvest.text.decode import decode as decode
    from harvest.text.extract import extract as extract
    from harvest.text.fold import fold as fold
    from harvest.text.language import detect_language as detect_language
    from harvest.text.markdown import read_markdown as read_markdown
    from harvest.text.quality import judge_page as judge_page
    from harvest.text.reading import read_html as read_html
    from harvest.text.sections import sectionise as sectionise
    from harvest.text.stated_date import stated_date as stated_date

_HOME = {
    "decode": "decode",
    "detect_language": "language",
    "extract": "extract",
    "fold": "fold",
    "judge_page": "quality",
    "read_html": "reading",
    "read_markdown": "markdown",
    "sectionise": "sections",
    "stated_date": "stated_date",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
