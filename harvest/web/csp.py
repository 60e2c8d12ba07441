"""The Content-Security-Policy of our pages: no inline script or style but Datasette's own, named by its hash."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc\s*=)[^>]*>(.*?)</script>", re.S | re.I)


def script_hashes(html: str) -> tuple[str, ...]:
    """Return the CSP hashes of the inline scripts of a page, in order and without repeats.

    Give it a page that holds nothing archived: Datasette's base template around marks. What stands inline there
    (the menu's script, scripts of other plugins) may run on our pages; what anybody smuggles into a policy may not.
    """
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(html))
    return tuple(dict.fromkeys(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests))


def policy(hashes: Iterable[str]) -> str:
    """Return the header's value: everything from here, nothing inline but *hashes*, framed by nobody."""
    scripts = " ".join(("'self'", *hashes))
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
