"""SQL functions over texts and captures, for Datasette, sqlite-utils and any other connection."""

from __future__ import annotations

import json
import sqlite3

from harvest.model import Diff
from harvest.urls import memento_url

# Anonymous visitors may run SQL of their own. Two texts of this size, wholly different, are compared in about half
# a second; the longest policy in 2,600 versions has 170,000 characters.
MAX_TEXT = 400_000
MAX_FOLD = 1_000_000


def register(conn: sqlite3.Connection) -> None:
    """Add our functions to a connection. All are deterministic and touch nothing but their arguments.

    - ``policy_diff_html(before, after)``: two Markdown texts → the diff as escaped HTML, noise included
    - ``policy_diff_json(before, after)``: the same as JSON, in the shape that ``harvest diff --json`` prints
    - ``fold(text)``: the comparison form: without case, typography and numbering
    - ``wayback_url(timestamp, url)``: the address at which people see a capture in the Wayback Machine

    NULL in gives NULL out. Texts of more than 400,000 characters (one million for ``fold``) are refused with an
    error (``string or blob too big``: SQLite passes no message of ours).
    """
    for name, arity, function in (
        ("policy_diff_html", 2, _diff_html),
        ("policy_diff_json", 2, _diff_json),
        ("fold", 1, _fold),
        ("wayback_url", 2, _wayback_url),
    ):
        conn.create_function(name, arity, function, deterministic=True)


def _diff_html(before: object, after: object) -> str | None:
    from harvest.compare.render_html import to_html

    texts = _texts(before, after)
    return None if texts is None else to_html(_compare(*texts))


def _diff_json(before: object, after: object) -> str | None:
    from harvest.compare.render import to_json

    texts = _texts(before, after)
    return None if texts is None else json.dumps(to_json(_compare(*texts)), ensure_ascii=False)


def _texts(before: object, after: object) -> tuple[str, str] | None:
    if before is None or after is None:
        return None
    texts = _text(before), _text(after)
    if max(map(len, texts)) > MAX_TEXT:
        raise OverflowError(f"text of more than {MAX_TEXT} characters")
    return texts


def _compare(before: str, after: str) -> Diff:
    from harvest.compare.texts import compare_texts

    return compare_texts(before, after)


def _fold(text: object) -> str | None:
    from harvest.text.fold import fold

    if text is None:
        return None
    value = _text(text)
    if len(value) > MAX_FOLD:
        raise OverflowError(f"text of more than {MAX_FOLD} characters")
    return fold(value)


def _wayback_url(timestamp: object, url: object) -> str | None:
    if timestamp is None or url is None:
        return None
    return memento_url("https://web.archive.org", _text(timestamp), _text(url), modifier="")


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
