"""A diff as a page of its own, for reading and printing without a server, and as a citation."""

from __future__ import annotations

import html

from harvest.corpus.queries_model import CaptureRef, TextPair, Version
from harvest.timestamps import to_iso

# Archived text is hostile: the page may run nothing and fetch nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 16px/1.55 Georgia, serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #111 }
html { background: #fff }
h1 { font-size: 1.4em } h2, h3 { font-size: 1.1em }
ins { background: #d7f5dc; color: #0b4a1a; text-decoration: underline }
del { background: #fbdcdc; color: #7a1010; text-decoration: line-through }
pre { white-space: pre-wrap; font: inherit; background: #f4f4f4; padding: .7em }
@media print { body { margin: 0; font-size: 11pt } ins, del { background: none } }
"""


def citation(pair: TextPair) -> str:
    """Return the change in words for a footnote: what, both bounds, both captures, both texts by their hash."""
    policy, before, after = pair.policy, pair.before.version, pair.after.version
    lines = [
        f"{policy.name or policy.host}, {policy.kind} policy ({policy.url or policy.host}).",
        f"Changed after {to_iso(before.bounds.last_seen)} and not later than {to_iso(after.bounds.first_seen)}.",
        f"Before: {_place(before, before.last_capture)}",
        f"After: {_place(after, after.first_capture)}",
    ]
    if pair.passed:
        between = "1 version lies" if pair.passed == 1 else f"{pair.passed} versions lie"
        lines.insert(2, f"{between} between the two that are compared.")
    return "\n".join(lines) + "\n"


def _place(version: Version, capture: CaptureRef) -> str:
    where = capture.archive_url or f"{capture.url} in {capture.archive}, {capture.timestamp}"
    first, last = to_iso(version.bounds.first_seen), to_iso(version.bounds.last_seen)
    return f"seen {first} to {last}, {where}, text {version.text.sha}"


def printable(address: str, diff_html: str, cited: str) -> str:
    """Return a whole HTML page with the diff, which is HTML already, and its citation. *address*: of the policy."""
    title = html.escape(f"{address}: what changed")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n<pre>{html.escape(cited)}</pre>\n{diff_html}\n</body></html>\n"
    )
